/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Sections of code: relocations, and the records of .BTF.ext. All are read in one pass and sorted by
 * instruction once, so that those of a function are found by bisection however many there are.
 */
#include "link_impl.h"

#include <stdlib.h>

/* ---- relocations ---- */

static int by_insn(const void *a, const void *b)
{
	const struct code_rel *x = a, *y = b;
	if (x->insn != y->insn)
		return x->insn < y->insn ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Appends the relocations of section s to those of its target. */
static bool read_relocations(struct linker *l, const struct elf_section *s, struct code *code)
{
	size_t n = (size_t)(code->section->size / INSN_SIZE);
	struct elf_rel rel;
	for (size_t k = 0; elf_rel(&l->o->elf, s, k, &rel); k++) {
		if (rel.off % INSN_SIZE || rel.off / INSN_SIZE >= n)
			return err_set(l->e,
				"section '%s': relocation %zu at byte %llu is not an "
				"instruction of '%s'",
				s->name, k, (unsigned long long)rel.off, code->section->name);
		struct code_rel *list = arena_grow(
			l->o->arena, code->rel, code->n_rel, &code->rel_room, sizeof *list);
		if (!list)
			return err_nomem(l->e);
		code->rel = list;
		list[code->n_rel] = (struct code_rel){(uint32_t)(rel.off / INSN_SIZE), rel.symbol,
			rel.type, (uint32_t)code->n_rel};
		code->n_rel++;
	}
	return true;
}

/* Sorts the relocations; of several for one instruction, the last remains. */
static void sort_relocations(struct code *code)
{
	size_t n = 0, sorted = 1;
	while (sorted < code->n_rel && code->rel[sorted - 1].insn < code->rel[sorted].insn)
		sorted++;
	if (sorted >= code->n_rel)
		return;
	qsort(code->rel, code->n_rel, sizeof *code->rel, by_insn);
	for (size_t i = 0; i < code->n_rel; i++) {
		n -= n && code->rel[n - 1].insn == code->rel[i].insn;
		code->rel[n++] = code->rel[i];
	}
	code->n_rel = n;
}

static size_t relocations_before(const struct code *code, uint64_t insn)
{
	size_t low = 0, high = code->n_rel;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (code->rel[middle].insn < insn)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct code_rel *link_relocation(const struct code *code, const struct obj_func *f)
{
	return code->n_rel ? code->rel + relocations_before(code, f->off / INSN_SIZE) : NULL;
}

/* ---- .BTF.ext ---- */

struct record {
	uint32_t off, order;
};

static int by_off(const void *a, const void *b)
{
	const struct record *x = a, *y = b;
	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The records in the order of instructions: themselves, or a copy. */
static bool sort_records(struct linker *l, struct span *list, uint32_t size)
{
	uint32_t n = (uint32_t)(list->n / size), sorted = 1;
	while (sorted < n && span_u32(*list, (uint64_t)(sorted - 1) * size) <=
				     span_u32(*list, (uint64_t)sorted * size))
		sorted++;
	if (sorted >= n)
		return true;
	struct record *order = arena_array(l->o->arena, n, sizeof *order);
	uint8_t *copy = arena_array(l->o->arena, n, size);
	if (!order || !copy)
		return err_nomem(l->e);
	for (uint32_t i = 0; i < n; i++)
		order[i] = (struct record){span_u32(*list, (uint64_t)i * size), i};
	qsort(order, n, sizeof *order, by_off);
	for (size_t i = 0; i < n; i++)
		memcpy(copy + i * size, list->p + (size_t)order[i].order * size, size);
	list->p = copy;
	return true;
}

/* Assigns the records of a list to all sections of code. Those listed first count. */
static bool read_list(struct linker *l, enum btf_ext_what what)
{
	const struct object *o = l->o;
	struct span records;
	uint64_t pos = 0;
	for (uint32_t name; btf_ext_next(&o->ext, what, &pos, &name, &records);) {
		const char *section = btf_str(&o->btf, name);
		for (uint32_t i = 0; (i = elf_find_after(&o->elf, section, i));) {
			struct code *code = &l->code[i];
			if (!code->section || code->list[what].n)
				continue;
			code->list[what] = records;
			if (records.n && !sort_records(l, &code->list[what], o->ext.rec_size[what]))
				return false;
		}
	}
	for (size_t i = 0; i < o->elf.n_sections; i++)
		l->code[i].rec_size[what] = l->code[i].section ? o->ext.rec_size[what] : 0;
	return true;
}

size_t link_records(
	const struct code *code, enum btf_ext_what what, const struct obj_func *f, size_t *n)
{
	const struct span list = code->list[what];
	const uint32_t size = code->rec_size[what];
	const size_t all = size ? list.n / size : 0;
	size_t first = 0, high = all, end;
	while (first < high) {
		size_t middle = first + (high - first) / 2;
		if (bytes_get32(list.p + middle * size, list.big) < f->off)
			first = middle + 1;
		else
			high = middle;
	}
	for (end = first; end < all; end++)
		if (bytes_get32(list.p + end * size, list.big) - f->off >= f->size)
			break;
	*n = end - first;
	return first;
}

/* ---- tags ---- */

static int by_func(const void *a, const void *b)
{
	const struct code_tag *x = a, *y = b;
	int order = strcmp(x->func, y->func);
	return order ? order : x->order < y->order ? -1 : x->order > y->order;
}

static bool read_tags(struct linker *l)
{
	static const char prefix[] = "exception_callback:";
	const struct btf *b = &l->o->btf;
	struct btf_type func;
	size_t room = 0;
	for (struct btf_type t = {0}; l->o->has_btf && btf_next_in(b, &t, 1u << BTF_DECL_TAG);) {
		const char *name = btf_name(&t);
		if (strncmp(name, prefix, sizeof prefix - 1) || btf_decl_tag_component(&t) != -1 ||
			!btf_type(b, t.type, &func) || func.kind != BTF_FUNC)
			continue;
		struct code_tag *tags =
			arena_grow(l->o->arena, l->tags, l->n_tags, &room, sizeof *tags);
		if (!tags)
			return err_nomem(l->e);
		l->tags = tags;
		tags[l->n_tags] = (struct code_tag){
			btf_name(&func), name + sizeof prefix - 1, (uint32_t)l->n_tags};
		l->n_tags++;
	}
	if (l->n_tags)
		qsort(l->tags, l->n_tags, sizeof *l->tags, by_func);
	return true;
}

const char *link_callback(const struct linker *l, const struct obj_func *f)
{
	const struct code_tag key = {f->name, NULL, 0};
	size_t low = 0, high = l->n_tags;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_func(&l->tags[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->n_tags && !strcmp(l->tags[low].func, f->name) ? l->tags[low].callback
	                                                              : NULL;
}

bool link_load_code(struct linker *l)
{
	const struct elf *elf = &l->o->elf;
	l->code = arena_array(l->o->arena, elf->n_sections, sizeof *l->code);
	if (!l->code)
		return err_nomem(l->e);
	for (size_t i = 0; i < l->o->n_funcs; i++) {
		uint32_t section = l->o->funcs[i].section;
		l->code[section].section = &elf->sections[section];
	}
	for (size_t i = 1; i < elf->n_sections; i++) {
		const struct elf_section *s = &elf->sections[i];
		bool rel = s->type == ELF_REL || s->type == ELF_RELA;
		struct code *code = rel && s->info < elf->n_sections ? &l->code[s->info] : NULL;
		if (code && code->section && !read_relocations(l, s, code))
			return false;
	}
	for (size_t i = 0; i < elf->n_sections; i++)
		sort_relocations(&l->code[i]);
	for (int what = 0; what < BTF_EXT_LISTS && l->o->has_ext; what++)
		if (!read_list(l, (enum btf_ext_what)what))
			return false;
	return read_tags(l);
}
