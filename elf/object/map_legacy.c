/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Legacy (pre-BTF) map definitions: section `maps` contains a struct per map, named by its symbol.
 *
 *     type, key_size, value_size, max_entries, map_flags       u32 each: common to all loaders
 *     ... id, pinning, inner_id, inner_idx                     u32 each: iproute2
 *
 * Rules. All structs of a section have the same size. Words after the known ones must be zero. The
 * map whose id is the inner_id of another map defines the inner maps of that one; if it has an
 * inner_idx, it is also the initial element at that index. pinning: 0 none, 1 and 2 by name. A program
 * in section "ID/INDEX" is an element of the program array with that id, and only called through it.
 *
 * The structs contain no types. If the type of the variable has parameters (Rust: "HashMap<u32,
 * Stat>", "Array<Stat>"), these name the key and value types, provided that BTF has a type with
 * that name and the right size.
 */
#include "object.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/number.h"

enum { COMMON = 20, IPROUTE = 36 };
enum { ID = 20, PINNING = 24, INNER_ID = 28, INNER_IDX = 32, NO_INDEX = -1 };

/* "maps", or "maps/NAME" with one map each (early Rust loaders). */
static bool is_maps(const char *section)
{
	static const char name[] = "maps";
	size_t n = sizeof name - 1;
	return !strncmp(section, name, n) && (!section[n] || section[n] == '/');
}

/* The size of a definition: that of the section divided by the number of its symbols. */
static uint64_t definition_size(const struct object *o, uint32_t section, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < o->elf.n_symbols; i++) {
		const struct elf_symbol *s = &o->elf.symbols[i];
		*n += s->section == section && s->type != ELF_SECTION;
	}
	uint64_t size = o->elf.sections[section].size;
	return *n && !(size % *n) ? size / *n : 0;
}

static bool read_definition(
	struct object *o, const struct elf_symbol *sym, struct span def, size_t *cap, struct err *e)
{
	for (uint64_t at = def.n > COMMON ? IPROUTE : COMMON; at + 4 <= def.n; at += 4)
		if (span_u32(def, at))
			return err_set(e, "map '%s': unknown field at byte %llu of its definition",
				sym->name, (unsigned long long)at);
	struct obj_map *m = object_add_map(o, cap);
	if (!m)
		return err_nomem(e);
	*m = (struct obj_map){.name = sym->name,
		.kind = OBJ_MAP_DECLARED,
		.section = sym->section,
		.off = sym->value,
		.size = def.n,
		.map_type = span_u32(def, 0),
		.key_size = span_u32(def, 4),
		.value_size = span_u32(def, 8),
		.max_entries = span_u32(def, 12),
		.map_flags = span_u32(def, 16),
		.pinned = span_u32(def, PINNING) != 0};
	return m->map_type || err_set(e, "map '%s': its type is 0", sym->name);
}

static struct span definition(const struct object *o, const struct obj_map *m)
{
	return span_sub(o->elf.sections[m->section].data, m->off, m->size);
}

/* Resolves inner_id and inner_idx. first: index of the first legacy map. */
static bool resolve_inner(struct object *o, size_t first, struct err *e)
{
	for (size_t i = first; i < o->n_maps; i++) {
		struct obj_map *outer = &o->maps[i];
		uint32_t wanted = span_u32(definition(o, outer), INNER_ID);
		for (size_t k = first; k < o->n_maps && wanted; k++) {
			struct obj_map *inner = &o->maps[k];
			struct span def = definition(o, inner);
			if (span_u32(def, ID) != wanted || k == i)
				continue;
			if (!outer->inner) {
				outer->inner = arena_copy(o->arena, inner, sizeof *inner);
				if (!outer->inner)
					return err_nomem(e);
			}
			if (span_s32(def, INNER_IDX) == NO_INDEX)
				continue;
			struct obj_slot slot = {
				.index = span_u32(def, INNER_IDX), .map = (uint32_t)k};
			if (!object_add_slot(o, outer, slot, e))
				return false;
		}
		if (wanted && !outer->inner)
			return err_set(e, "map '%s': there is no map with its inner_id %u",
				outer->name, wanted);
	}
	return true;
}

/* "ID/INDEX" */
static bool parse_element(const char *section, unsigned long *id, unsigned long *index)
{
	char *end;
	if (*section < '0' || *section > '9')
		return false;
	*id = text_ulong(section, &end, 0);
	if (*end != '/' || end[1] < '0' || end[1] > '9')
		return false;
	*index = text_ulong(end + 1, &end, 0);
	return !*end && *index <= UINT32_MAX;
}

static bool add_programs(struct object *o, size_t first, struct err *e)
{
	unsigned long id, index;
	for (size_t i = 0; i < o->n_funcs; i++) {
		struct obj_func *f = &o->funcs[i];
		for (size_t k = first; k < o->n_maps && f->entry; k++) {
			struct obj_map *m = &o->maps[k];
			if (m->map_type != BPF_MAP_TYPE_PROG_ARRAY ||
				!parse_element(f->sec, &id, &index) ||
				span_u32(definition(o, m), ID) != id)
				continue;
			f->no_autoload = true;
			struct obj_slot slot = {.index = (uint32_t)index, .func = f};
			if (!object_add_slot(o, m, slot, e))
				return false;
		}
	}
	return true;
}

static bool read_section(struct object *o, uint32_t section, size_t *cap, struct err *e)
{
	const struct elf_section *s = &o->elf.sections[section];
	size_t n = 0;
	uint64_t size = definition_size(o, section, &n);
	if (size < COMMON || size % 4)
		return err_set(e, "section '%s': %llu bytes are not %zu map definitions", s->name,
			(unsigned long long)s->size, n);
	for (size_t i = 0; i < o->elf.n_symbols; i++) {
		const struct elf_symbol *sym = &o->elf.symbols[i];
		if (sym->section != section || sym->type == ELF_SECTION)
			continue;
		struct span def = span_sub(s->data, sym->value, size);
		if (!def.n || sym->value % size)
			return err_set(e, "section '%s': '%s' is not at the start of a definition",
				s->name, sym->name);
		if (!read_definition(o, sym, def, cap, e))
			return false;
	}
	return true;
}

/* ---- types ---- */

/* The next parameter of a list, up to the following comma or bracket; false at the end. */
static bool next_parameter(const char **list, const char **name, size_t *n)
{
	const char *p = *list + strspn(*list, ", ");
	int depth = 0;
	*name = p;
	for (; *p && (depth || (*p != ',' && *p != '>')); p++) {
		if (p[0] == '-' && p[1] == '>')
			p++;
		else if (strchr("<([", *p))
			depth++;
		else if (strchr(">)]", *p))
			depth--;
	}
	*list = p;
	*n = (size_t)(p - *name);
	return *n != 0;
}

/* BTF names lack the module path ("crate::module::Stat"). */
static uint32_t type_named(const struct btf *b, const char *name, size_t n, uint32_t size)
{
	for (size_t i = 0; i + 1 < n && name[i] != '<'; i++)
		if (name[i] == ':' && name[i + 1] == ':') {
			name += i + 2;
			n -= i + 2;
			i = 0;
		}
	for (struct btf_type t = {0}; btf_next_in(b, &t, BTF_VALUES);)
		if (t.size == size && !strncmp(btf_name(&t), name, n) && !btf_name(&t)[n])
			return t.id;
	return 0;
}

static const char *type_of_variable(const struct object *o, const char *variable)
{
	struct btf_type t;
	uint32_t id = btf_find(&o->btf, BTF_VAR, variable);
	btf_type(&o->btf, id, &t);
	btf_skip(&o->btf, t.type, &t);
	return id ? btf_name(&t) : "";
}

static void find_types(const struct object *o, struct obj_map *m)
{
	const char *type = type_of_variable(o, m->name), *name[2];
	const char *list = type + strcspn(type, "<");
	size_t n[2];
	if (!*list++ || !next_parameter(&list, &name[0], &n[0]))
		return;
	if (next_parameter(&list, &name[1], &n[1])) {
		m->key_type = type_named(&o->btf, name[0], n[0], m->key_size);
		m->value_type = type_named(&o->btf, name[1], n[1], m->value_size);
	} else if (m->map_type == BPF_MAP_TYPE_ARRAY || m->map_type == BPF_MAP_TYPE_PERCPU_ARRAY) {
		m->value_type = type_named(&o->btf, name[0], n[0], m->value_size);
	}
}

bool object_read_legacy_maps(struct object *o, size_t *cap, struct err *e)
{
	size_t first = o->n_maps;
	for (uint32_t i = 1; i < o->elf.n_sections; i++) {
		const struct elf_section *s = &o->elf.sections[i];
		if (is_maps(s->name) && s->size && s->type == ELF_PROGBITS &&
			!(s->flags & ELF_EXEC) && !read_section(o, i, cap, e))
			return false;
	}
	for (size_t i = first; i < o->n_maps && o->has_btf; i++)
		find_types(o, &o->maps[i]);
	return resolve_inner(o, first, e) && add_programs(o, first, e);
}
