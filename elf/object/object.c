/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "object.h"

#include "elf/base/bpf_abi.h"
#include "elf/btf/btf_sanitise.h"
#include "elf/base/insn.h"

#include <stdlib.h>

bool license_is_gpl(const char *license)
{
	static const char *const compatible[] = {"GPL", "GPL v2", "GPL and additional rights",
		"Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"};
	for (size_t i = 0; i < sizeof compatible / sizeof *compatible; i++)
		if (!strcmp(license, compatible[i]))
			return true;
	return false;
}

/* "dir/opensnoop.bpf.o" -> "opensnoop" */
static const char *stem(const char *path, struct arena *a)
{
	const char *base = strrchr(path, '/');
	base = base ? base + 1 : path;
	size_t n = strlen(base);
	static const char *const endings[] = {".o", ".bpf"};
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t m = strlen(endings[i]);
		if (n > m && !strncmp(base + n - m, endings[i], m))
			n -= m;
	}
	return arena_strndup(a, base, n);
}

static bool is_code(const struct elf_section *s)
{
	return s->type == ELF_PROGBITS && s->flags & ELF_EXEC && s->size;
}

/* NAME itself or NAME.anything. */
static bool is_family(const char *section, const char *name)
{
	size_t n = strlen(name);
	return !strncmp(section, name, n) && (!section[n] || section[n] == '.');
}

static bool add_func(struct object *o, const struct elf_symbol *sym, size_t *cap, struct err *e)
{
	const struct elf_section *s = &o->elf.sections[sym->section];
	if (sym->value % INSN_SIZE || sym->size % INSN_SIZE || !sym->size ||
		!span_has(s->data, sym->value, sym->size))
		return err_set(e,
			"section '%s': function '%s' is not a whole number of instructions within "
			"the section (offset %llu, %llu bytes)",
			s->name, sym->name, (unsigned long long)sym->value,
			(unsigned long long)sym->size);
	struct obj_func *f = arena_grow(o->arena, o->funcs, o->n_funcs, cap, sizeof *f);
	if (!f)
		return err_nomem(e);
	o->funcs = f;
	f += o->n_funcs++;
	*f = (struct obj_func){
		.name = sym->name,
		.section = sym->section,
		.off = sym->value,
		.size = sym->size,
		.global = sym->bind != ELF_LOCAL && sym->visibility == ELF_DEFAULT,
		.no_autoload = s->name[0] == '?',
		.sec = s->name + (s->name[0] == '?'),
		.entry = !is_family(s->name, ".text"), /* .text.NAME: -ffunction-sections */
	};
	f->is_static = f->entry && sym->bind == ELF_LOCAL;
	return true;
}

static bool read_funcs(struct object *o, struct err *e)
{
	size_t cap = 0;
	for (size_t i = 0; i < o->elf.n_symbols; i++) {
		const struct elf_symbol *sym = &o->elf.symbols[i];
		if (sym->type == ELF_FUNC && sym->section < o->elf.n_sections &&
			is_code(&o->elf.sections[sym->section]) && !add_func(o, sym, &cap, e))
			return false;
	}
	return true;
}

struct obj_map *object_add_map(struct object *o, size_t *cap)
{
	struct obj_map *m = arena_grow(o->arena, o->maps, o->n_maps, cap, sizeof *m);
	if (!m)
		return NULL;
	o->maps = m;
	m += o->n_maps++;
	*m = (struct obj_map){0};
	return m;
}

bool object_add_slot(struct object *o, struct obj_map *m, struct obj_slot slot, struct err *e)
{
	struct obj_slot *slots =
		arena_grow(o->arena, m->slots, m->n_slots, &m->slots_room, sizeof *slots);
	if (!slots)
		return err_nomem(e);
	m->slots = slots;
	slots[m->n_slots++] = slot;
	return true;
}

static bool is_hidden(const struct elf *elf, uint32_t section, const char *name)
{
	const struct elf_symbol *s = elf_symbol_named(elf, section, name);
	return s && elf_symbol_hidden(s);
}

struct obj_map *object_add_data_map(
	struct object *o, size_t *cap, const char *section, uint32_t size, bool read_only)
{
	struct obj_map *m = object_add_map(o, cap);
	if (!m)
		return NULL;
	m->name = section;
	m->kind = OBJ_MAP_DATA;
	m->size = size;
	m->map_type = BPF_MAP_TYPE_ARRAY;
	m->key_size = 4;
	m->value_size = size;
	m->max_entries = 1;
	m->map_flags = read_only ? BPF_F_RDONLY_PROG : 0;
	m->read_only = read_only;
	if (o->has_btf)
		m->value_type = btf_find(&o->btf, BTF_DATASEC, section);
	return m;
}

const struct obj_map *object_config_map(const struct object *o)
{
	return o->config_map ? &o->maps[o->config_map - 1] : NULL;
}

/* Static and hidden variables are not accessible by name from outside: a section that has no others
 * need not be mmapable. */
static bool has_global_variable(const struct object *o, uint32_t section, uint32_t datasec)
{
	struct btf_type t, var;
	btf_type(&o->btf, datasec, &t);
	for (uint32_t i = 0; i < t.vlen; i++)
		if (btf_type(&o->btf, btf_secinfo(&t, i).type, &var) &&
			btf_var_linkage(&var) != BTF_STATIC &&
			!is_hidden(&o->elf, section, btf_name(&var)))
			return true;
	return false;
}

/* The name of the variable at an offset in a section, "" if it has none. */
static const char *variable_at(const struct elf *elf, uint32_t section, uint64_t off)
{
	for (size_t i = 0; i < elf->n_symbols; i++) {
		const struct elf_symbol *s = &elf->symbols[i];
		if (s->section == section && s->type == ELF_OBJECT && off >= s->value &&
			off - s->value < s->size)
			return s->name;
	}
	return "";
}

static const char *find_address(const struct elf *elf, uint32_t section)
{
	struct elf_rel rel;
	for (size_t i = 0; i < elf->n_sections; i++) {
		const struct elf_section *s = &elf->sections[i];
		if ((s->type == ELF_REL || s->type == ELF_RELA) && s->info == section &&
			elf_rel(elf, s, 0, &rel))
			return variable_at(elf, section, rel.off);
	}
	return NULL;
}

static bool add_data_section(struct object *o, uint32_t index, size_t *cap, struct err *e)
{
	const struct elf_section *s = &o->elf.sections[index];
	if (s->size > UINT32_MAX)
		return err_set(e, "section '%s': %llu bytes are too large for a map", s->name,
			(unsigned long long)s->size);
	struct obj_map *m = object_add_data_map(
		o, cap, s->name, (uint32_t)s->size, is_family(s->name, ".rodata"));
	if (!m)
		return err_nomem(e);
	m->section = index;
	m->init = s->data;
	m->address_in = find_address(&o->elf, index);
	if (m->value_type && has_global_variable(o, index, m->value_type))
		m->map_flags |= BPF_F_MMAPABLE;
	return true;
}

/* Variables in address space 1 belong to the arena; there must be exactly one. */
static bool read_arena_globals(struct object *o, struct err *e)
{
	uint32_t section = elf_find(&o->elf, ".addr_space.1");
	const struct elf_section *s = &o->elf.sections[section];
	struct obj_map *arena = NULL;
	if (!section || !s->size)
		return true;
	for (size_t i = 0; i < o->n_maps; i++) {
		if (o->maps[i].map_type != BPF_MAP_TYPE_ARENA)
			continue;
		if (arena)
			return err_set(e, "section '.addr_space.1': the object has several arenas, "
					  "variables require exactly one");
		arena = &o->maps[i];
	}
	if (!arena) {
		err_set(e, "section '.addr_space.1': its variables require an arena");
		return err_hint(e, "declare a map of type BPF_MAP_TYPE_ARENA in .maps");
	}
	if (s->size > UINT32_MAX)
		return err_set(e, "section '.addr_space.1' is too large");
	arena->globals_section = section;
	arena->globals_size = (uint32_t)s->size;
	arena->init = s->data;
	return true;
}

static bool read_data_sections(struct object *o, size_t *cap, struct err *e)
{
	for (uint32_t i = 1; i < o->elf.n_sections; i++) {
		const struct elf_section *s = &o->elf.sections[i];
		bool data = s->type == ELF_PROGBITS &&
		            (is_family(s->name, ".data") || is_family(s->name, ".rodata"));
		bool bss = s->type == ELF_NOBITS && is_family(s->name, ".bss");
		if ((data || bss) && s->size && !add_data_section(o, i, cap, e))
			return false;
	}
	return true;
}

/*
 * The kernel has no use for the type of ring and perf buffer records. Some loaders take the type of
 * the map's value for it. By a convention of ours, a variable __event_MAP in section .events points to
 * it (see bpf/sonde_event.h).
 */
static void find_event_types(struct object *o)
{
	static const char prefix[] = "__event_";
	struct btf_type t = {0}, ptr, value;
	for (size_t i = 0; i < o->n_maps && o->has_btf; i++) {
		struct obj_map *m = &o->maps[i];
		if ((m->map_type == BPF_MAP_TYPE_RINGBUF ||
			    m->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY) &&
			m->value_type && btf_skip(&o->btf, m->value_type, &value) &&
			value.kind == BTF_STRUCT)
			m->event_type = m->value_type;
	}
	while (o->has_btf && btf_next_in(&o->btf, &t, 1u << BTF_VAR)) {
		const char *name = btf_name(&t);
		if (strncmp(name, prefix, sizeof prefix - 1))
			continue;
		if (!btf_skip(&o->btf, t.type, &ptr) || ptr.kind != BTF_PTR)
			continue;
		for (size_t i = 0; i < o->n_maps; i++)
			if (!strcmp(o->maps[i].name, name + sizeof prefix - 1))
				o->maps[i].event_type = ptr.type;
	}
}

/* ---- places ---- */

static int by_place(const void *a, const void *b)
{
	const struct obj_place *x = a, *y = b;
	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* For object_func_at() and object_map_at(). */
static bool find_places(struct object *o, struct err *e)
{
	struct obj_place *funcs = arena_array(o->arena, o->n_funcs, sizeof *funcs);
	struct obj_place *maps = arena_array(o->arena, o->n_maps, sizeof *maps);
	bool overlap = false;
	if (!funcs || !maps)
		return err_nomem(e);
	for (uint32_t i = 0; i < o->n_funcs; i++)
		funcs[i] = (struct obj_place){o->funcs[i].section, i, o->funcs[i].off};
	for (uint32_t i = 0; i < o->n_maps; i++)
		maps[i] = (struct obj_place){o->maps[i].section, i, o->maps[i].off};
	qsort(funcs, o->n_funcs, sizeof *funcs, by_place);
	qsort(maps, o->n_maps, sizeof *maps, by_place);
	for (size_t i = 1; i < o->n_maps; i++)
		overlap |= maps[i].section == maps[i - 1].section &&
		           maps[i].off - maps[i - 1].off < o->maps[maps[i - 1].index].size;
	for (uint32_t i = 0; i < o->n_maps; i++)
		if (o->maps[i].globals_section)
			o->arena_map = i + 1;
	o->func_places = funcs;
	o->map_places = overlap ? NULL : maps;
	return true;
}

/* The number of places before byte off of a section; with equal, also those at it. */
static size_t places_before(
	const struct obj_place *list, size_t n, uint32_t section, uint64_t off, bool equal)
{
	const struct obj_place key = {section, equal ? UINT32_MAX : 0, off};
	size_t low = 0;
	while (low < n) {
		size_t middle = low + (n - low) / 2;
		if (by_place(&list[middle], &key) < 0)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

const struct obj_func *object_func_at(const struct object *o, uint32_t section, uint64_t off)
{
	size_t i =
		places_before(o->func_places, o->func_places ? o->n_funcs : 0, section, off, false);
	const struct obj_func *f =
		o->func_places && i < o->n_funcs ? &o->funcs[o->func_places[i].index] : NULL;
	return f && f->section == section && f->off == off ? f : NULL;
}

static bool covers(const struct obj_map *m, uint32_t section, uint64_t off)
{
	return (m->section == section && off >= m->off && off - m->off < m->size) ||
	       (m->globals_section == section && section && off < m->globals_size);
}

const struct obj_map *object_map_at(const struct object *o, uint32_t section, uint64_t off)
{
	const struct obj_map *arena = o->arena_map ? &o->maps[o->arena_map - 1] : NULL;
	size_t i = 0;
	if (!o->map_places) {
		while (i < o->n_maps && !covers(&o->maps[i], section, off))
			i++;
		return i < o->n_maps ? &o->maps[i] : NULL;
	}
	i = places_before(o->map_places, o->n_maps, section, off, true);
	while (i && !o->maps[o->map_places[i - 1].index].size) /* covers nothing */
		i--;
	const struct obj_map *m = i ? &o->maps[o->map_places[i - 1].index] : NULL;
	if (m && covers(m, section, off))
		return m;
	return arena && covers(arena, section, off) ? arena : NULL;
}

struct obj_map *object_map_of(
	struct object *o, enum obj_map_kind kind, uint32_t section, uint64_t off)
{
	const struct obj_map *m = object_map_at(o, section, off);
	return m && m->kind == kind ? &o->maps[m - o->maps] : NULL;
}

static bool read_license(struct object *o, struct err *e)
{
	o->license = "";
	uint32_t i = elf_find(&o->elf, "license");
	if (i && o->elf.sections[i].data.n) {
		struct span s = o->elf.sections[i].data;
		o->license = arena_strndup(o->arena, (const char *)s.p, s.n);
		if (!o->license)
			return err_nomem(e);
	}
	i = elf_find(&o->elf, "version");
	if (i)
		o->version = span_u32(o->elf.sections[i].data, 0);
	return true;
}

static bool read_types(struct object *o, struct err *e)
{
	uint32_t i = elf_find(&o->elf, ".BTF");
	if (!i)
		return true;
	if (!btf_open(&o->btf, o->elf.sections[i].data, NULL, o->arena, e))
		return err_where(e, "section '.BTF'");
	o->has_btf = true;
	i = elf_find(&o->elf, ".BTF.ext");
	if (!i)
		return true;
	if (!btf_ext_open(&o->ext, o->elf.sections[i].data, e))
		return err_where(e, "section '.BTF.ext'");
	o->has_ext = true;
	return true;
}

/* Without symbols, functions cannot be told apart. */
static bool check_symbols(const struct object *o, struct err *e)
{
	if (o->elf.n_symbols)
		return true;
	err_set(e, "no symbol table: the file was stripped");
	return err_hint(e, "strip only the debug sections: llvm-strip -g FILE");
}

static bool read_all(struct object *o, struct span bytes, struct err *e)
{
	size_t cap = 0;
	if (!elf_open(&o->elf, bytes, o->arena, e) || !check_symbols(o, e) || !read_types(o, e) ||
		!read_license(o, e) || !read_funcs(o, e) || !object_read_maps(o, &cap, e) ||
		!object_read_legacy_maps(o, &cap, e) || !read_arena_globals(o, e) ||
		!read_data_sections(o, &cap, e) || !object_read_externs(o, &cap, e) ||
		!object_read_struct_ops(o, &cap, e) || !find_places(o, e) ||
		!object_read_map_slots(o, e) || !object_read_struct_ops_funcs(o, e))
		return false;
	find_event_types(o);
	return true;
}

bool object_open(
	struct object *o, const char *path, struct span bytes, struct arena *a, struct err *e)
{
	*o = (struct object){.arena = a, .path = path, .name = stem(path, a)};
	bool ok = o->name ? read_all(o, bytes, e) : err_nomem(e);
	return ok || err_where(e, "%s", path);
}

bool object_needs_kernel_btf(const struct object *o)
{
	for (size_t i = 0; i < o->n_externs; i++)
		if (o->externs[i].kind == EXTERN_VARIABLE || o->externs[i].kind == EXTERN_KFUNC)
			return true;
	if (o->has_ext && o->ext.rec_size[BTF_EXT_CORE] && o->ext.list[BTF_EXT_CORE].n)
		return true;
	return o->has_btf && btf_has_arg_tags(&o->btf);
}
