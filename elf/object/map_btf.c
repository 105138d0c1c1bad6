/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * BTF-defined maps. A variable of section .maps defines a map by its type; its value is unused.
 * Each member of the struct is an attribute:
 *
 *     int (*max_entries)[1024]     a number: pointer to an array of that many elements
 *     struct event *value          a type: pointer to it, which also defines the size
 *     enum { map_extra = 1UL<<40 } a number beyond 32 bits: the value of an enumerator
 *
 * Unknown attributes are errors, so that misspelled ones are not ignored.
 *
 * Rust defines such structs with a name and parameters: struct HashMap<u32, Event, 1024, 0>. Members
 * of size 0 (PhantomData, a marker) are not attributes, and a struct whose only member is another
 * struct (UnsafeCell) is equivalent to that one.
 */
#include "object.h"

enum { PIN_NONE, PIN_BY_NAME };

/* An attribute with a number, and the member of struct obj_map that receives it. */
struct number_attr {
	const char *name;
	size_t at;
	size_t size;
};

#define NUMBER(attr, field)                                                                        \
	{                                                                                          \
		attr, offsetof(struct obj_map, field), sizeof((struct obj_map *)0)->field          \
	}

static const struct number_attr numbers[] = {
	NUMBER("type", map_type),
	NUMBER("max_entries", max_entries),
	NUMBER("map_flags", map_flags),
	NUMBER("numa_node", numa_node),
	NUMBER("key_size", key_size),
	NUMBER("value_size", value_size),
	NUMBER("map_extra", map_extra),
};

/* The number encoded in the type of a member. */
static bool number_of(const struct btf *b, uint32_t type, uint64_t *value)
{
	struct btf_type t;
	btf_skip(b, type, &t);
	if (btf_is_enum(&t)) {
		*value = (uint64_t)btf_enumerator(&t, 0).value;
		return t.vlen == 1;
	}
	if (t.kind != BTF_PTR)
		return false;
	btf_skip(b, t.type, &t);
	*value = btf_array_len(&t);
	return t.kind == BTF_ARRAY;
}

/* key_size and value_size must agree with the size of the type, if both are given. */
static bool size_agrees(
	const struct obj_map *m, const struct number_attr *attr, uint64_t value, struct err *e)
{
	bool key = attr->at == offsetof(struct obj_map, key_size);
	bool of_type = key ? m->key_type
	                   : attr->at == offsetof(struct obj_map, value_size) && m->value_type;
	uint32_t size = key ? m->key_size : m->value_size;
	return !of_type || size == value ||
	       err_set(e, "attribute '%s' is %llu, but the type of '%s' has %u bytes", attr->name,
		       (unsigned long long)value, key ? "key" : "value", size);
}

static bool store_number(
	struct obj_map *m, const struct number_attr *attr, uint64_t value, struct err *e)
{
	if (!size_agrees(m, attr, value, e))
		return false;
	if (attr->size == 4 && value > UINT32_MAX)
		return err_set(e, "attribute '%s': %llu does not fit into 32 bits", attr->name,
			(unsigned long long)value);
	uint32_t narrow = (uint32_t)value;
	memcpy((char *)m + attr->at, attr->size == 4 ? (void *)&narrow : (void *)&value,
		attr->size);
	return true;
}

/* `key` and `value`: pointers to a type. Its size must agree with key_size or value_size. */
static bool read_type_attr(const struct btf *b, const char *name, uint32_t type, uint32_t *id,
	uint32_t *size, struct err *e)
{
	struct btf_type t;
	btf_skip(b, type, &t);
	if (t.kind != BTF_PTR)
		return err_set(e, "attribute '%s' is not a pointer to a type", name);
	int64_t n = btf_size(b, t.type);
	if (n < 0)
		return err_set(e, "attribute '%s': its type has no size", name);
	if (*size && *size != (uint64_t)n)
		return err_set(e, "attribute '%s' has %lld bytes, but %s_size is %u", name,
			(long long)n, name, *size);
	*id = n ? t.type : 0; /* Rust's (), of a map without keys */
	*size = (uint32_t)n;
	return true;
}

static bool read_number(const struct btf *b, const struct btf_member *member,
	const struct number_attr *attr, struct obj_map *m, struct err *e)
{
	struct btf_type t;
	uint64_t value;
	btf_skip(b, member->type, &t);
	/* A plain ENUM of 8 bytes: clang before 15 has no ENUM64 and truncates the value. */
	if (t.kind == BTF_ENUM && t.size > 4) {
		err_set(e, "attribute '%s': the compiler truncated its value to 32 bits",
			attr->name);
		return err_hint(e, "compile with clang 15 or later");
	}
	if (!number_of(b, member->type, &value))
		return err_set(e, "attribute '%s' is not a number (use __uint)", attr->name);
	return store_number(m, attr, value, e);
}

static bool is_empty(const struct btf *b, const struct btf_member *member)
{
	struct btf_type t;
	btf_skip(b, member->type, &t);
	return t.kind == BTF_STRUCT && !t.size;
}

static bool read_attrs(const struct btf *b, const struct btf_type *def, struct obj_map *m,
	struct arena *a, struct err *e);

/*
 * values: an array of pointers, either to a struct that defines the inner maps
 * (__array(values, struct x)) or to functions, the programs of a program array.
 */
static bool read_values(const struct btf *b, const struct btf_member *member, struct obj_map *m,
	struct arena *a, struct err *e)
{
	struct btf_type array, ptr, def;
	if (!m->section) /* m is an inner map; its type may even refer to itself */
		return err_set(e, "attribute 'values': inner maps cannot contain maps");
	btf_skip(b, member->type, &array);
	btf_skip(b, array.type, &ptr);
	btf_skip(b, ptr.type, &def);
	if (array.kind != BTF_ARRAY || ptr.kind != BTF_PTR)
		return err_set(e, "attribute 'values' is not an array of pointers (use __array)");
	m->values_off = member->bit_off / 8;
	if (!m->value_size)
		m->value_size = 4; /* a file descriptor */
	if (def.kind != BTF_STRUCT)
		return def.kind == BTF_FUNC_PROTO ||
		       err_set(e, "attribute 'values' is neither an array of maps nor of programs");
	m->inner = arena_alloc(a, sizeof *m->inner);
	if (!m->inner)
		return err_nomem(e);
	m->inner->name = m->name;
	return read_attrs(b, &def, m->inner, a, e) || err_where(e, "inner map");
}

static bool read_attr(const struct btf *b, const struct btf_member *member, struct obj_map *m,
	struct arena *a, struct err *e)
{
	const char *name = member->name;
	uint64_t value = 0;
	if (!strcmp(name, "key"))
		return read_type_attr(b, name, member->type, &m->key_type, &m->key_size, e);
	if (!strcmp(name, "value"))
		return read_type_attr(b, name, member->type, &m->value_type, &m->value_size, e);
	if (!strcmp(name, "values"))
		return read_values(b, member, m, a, e);
	if (!strcmp(name, "pinning")) {
		if (!number_of(b, member->type, &value) || value > PIN_BY_NAME)
			return err_set(e, "attribute 'pinning': unknown value %llu",
				(unsigned long long)value);
		m->pinned = value == PIN_BY_NAME;
		return true;
	}
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!strcmp(name, numbers[i].name))
			return read_number(b, member, &numbers[i], m, e);
	err_set(e, "unknown map attribute '%s'", name);
	return err_hint(e, "known attributes: type, key, value, key_size, value_size, max_entries, "
			   "map_flags, numa_node, map_extra, pinning, values");
}

static bool read_attrs(const struct btf *b, const struct btf_type *def, struct obj_map *m,
	struct arena *a, struct err *e)
{
	for (uint32_t i = 0; i < def->vlen; i++) {
		struct btf_member member = btf_member(def, i);
		if (!is_empty(b, &member) && !read_attr(b, &member, m, a, e))
			return false;
	}
	return m->map_type || err_set(e, "attribute 'type' is missing");
}

/* Replaces a struct whose only member is another struct by that one. */
static void unwrap(const struct btf *b, struct btf_type *def)
{
	for (int depth = 0; depth < BTF_DEPTH; depth++) {
		struct btf_type inner = {0};
		uint32_t n = 0;
		for (uint32_t i = 0; i < def->vlen && n < 2; i++) {
			struct btf_member member = btf_member(def, i);
			if (!is_empty(b, &member) && !n++)
				btf_skip(b, member.type, &inner);
		}
		if (n != 1 || inner.kind != BTF_STRUCT)
			return;
		*def = inner;
	}
}

static const char maps_section[] = ".maps";

/* The position of a variable comes from its symbol: clang leaves the offsets in BTF at 0. Rust emits
 * two sections .maps, one for maps in cells (UnsafeCell) and one for others. */
static const struct elf_symbol *symbol_of(const struct elf *elf, const char *name)
{
	for (uint32_t s = 0; (s = elf_find_after(elf, maps_section, s));) {
		const struct elf_symbol *sym = elf_symbol_named(elf, s, name);
		if (sym && sym->type == ELF_OBJECT)
			return sym;
	}
	return NULL;
}

static bool read_map(struct object *o, uint32_t var_id, struct obj_map *m, struct err *e)
{
	struct btf_type var, def;
	btf_type(&o->btf, var_id, &var);
	m->name = btf_name(&var);
	m->kind = OBJ_MAP_DECLARED;
	const struct elf_symbol *sym = symbol_of(&o->elf, m->name);
	if (var.kind != BTF_VAR || !sym)
		return err_set(e, "map '%s': has BTF but no symbol", m->name);
	m->section = sym->section;
	m->off = sym->value;
	m->size = sym->size;
	btf_skip(&o->btf, var.type, &def);
	if (def.kind != BTF_STRUCT)
		return err_set(e, "map '%s': its definition is not a struct", m->name);
	unwrap(&o->btf, &def);
	return read_attrs(&o->btf, &def, m, o->arena, e) || err_where(e, "map '%s'", m->name);
}

bool object_read_maps(struct object *o, size_t *cap, struct err *e)
{
	uint32_t section = elf_find(&o->elf, maps_section);
	if (!section || !o->elf.sections[section].size)
		return true;
	uint32_t id = o->has_btf ? btf_find(&o->btf, BTF_DATASEC, maps_section) : 0;
	if (!id) {
		err_set(e, "section '.maps': the object has no BTF, which defines its maps");
		return err_hint(
			e, "compile with -g; to strip, use llvm-strip -g, which keeps .BTF");
	}
	struct btf_type sec;
	btf_type(&o->btf, id, &sec);
	for (uint32_t i = 0; i < sec.vlen; i++) {
		struct obj_map *m = object_add_map(o, cap);
		if (!m)
			return err_nomem(e);
		if (!read_map(o, btf_secinfo(&sec, i).type, m, e))
			return false;
	}
	return true;
}

/* ---- initial elements ---- */

/* A relocation in .maps: the symbol is element (offset from `values`) / 8. */
static bool read_slot(struct object *o, uint32_t section, const struct elf_rel *rel, struct err *e)
{
	const struct elf_symbol *sym = &o->elf.symbols[rel->symbol];
	struct obj_map *m = object_map_of(o, OBJ_MAP_DECLARED, section, rel->off);
	if (!m || rel->off - m->off < m->values_off || (rel->off - m->off - m->values_off) % 8)
		return err_set(e, "section '.maps': the relocation at byte %llu is not in 'values'",
			(unsigned long long)rel->off);
	struct obj_slot slot = {.index = (uint32_t)((rel->off - m->off - m->values_off) / 8)};
	uint64_t addend = span_u64(o->elf.sections[section].data, rel->off);
	const struct obj_map *inner = object_map_at(o, sym->section, sym->value + addend);
	slot.func = object_func_at(o, sym->section, sym->value + addend);
	if (!slot.func && (!inner || inner->kind != OBJ_MAP_DECLARED))
		return err_set(e, "map '%s': element %u is '%s', neither a map nor a program",
			m->name, slot.index, sym->name);
	slot.map = slot.func ? 0 : (uint32_t)(inner - o->maps);
	return object_add_slot(o, m, slot, e);
}

bool object_read_map_slots(struct object *o, struct err *e)
{
	for (size_t i = 1; i < o->elf.n_sections; i++) {
		const struct elf_section *s = &o->elf.sections[i];
		struct elf_rel rel;
		if ((s->type != ELF_REL && s->type != ELF_RELA) || s->info >= o->elf.n_sections ||
			strcmp(o->elf.sections[s->info].name, maps_section))
			continue;
		for (size_t k = 0; elf_rel(&o->elf, s, k, &rel); k++)
			if (!read_slot(o, s->info, &rel, e))
				return false;
	}
	return true;
}
