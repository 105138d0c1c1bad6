/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Layouts as BTF. */
#include "layout.h"

/* Types by their usual names, so that the viewer shows process ids, addresses and stacks as such. */
static const struct {
	uint8_t kind, size;       /* enum layout_kind; bytes */
	uint8_t encoding;         /* of the integer */
	const char *name, *alias; /* of the integer; of a typedef, or NULL */
} types[] = {
	{LAYOUT_INT, 1, 0, "unsigned char", NULL}, {LAYOUT_INT, 2, 0, "unsigned short", NULL},
	{LAYOUT_INT, 4, 0, "unsigned int", NULL}, {LAYOUT_INT, 8, 0, "unsigned long long", NULL},
	{LAYOUT_SIGNED, 1, BTF_INT_SIGNED, "signed char", NULL},
	{LAYOUT_SIGNED, 2, BTF_INT_SIGNED, "short", NULL},
	{LAYOUT_SIGNED, 4, BTF_INT_SIGNED, "int", NULL},
	{LAYOUT_SIGNED, 8, BTF_INT_SIGNED, "long long", NULL},
	{LAYOUT_PID, 4, BTF_INT_SIGNED, "int", "pid_t"},
	{LAYOUT_UID, 4, 0, "unsigned int", "uid_t"}, {LAYOUT_GID, 4, 0, "unsigned int", "gid_t"},
	{LAYOUT_KERNEL_ADDRESS, 8, 0, "unsigned long long", "kernel_addr_t"},
	{LAYOUT_KERNEL_STACK, 4, BTF_INT_SIGNED, "int", "kernel_stack_t"},
	{LAYOUT_USER_STACK, 4, BTF_INT_SIGNED, "int", "user_stack_t"},
	/* Arrays: the size is that of an element. */
	{LAYOUT_TEXT, 1, BTF_INT_SIGNED, "char", NULL},
	{LAYOUT_WORDS, 8, 0, "unsigned long long", NULL},
	{LAYOUT_KERNEL_TRACE, 8, 0, "unsigned long long", "kernel_addr_t"},
	{LAYOUT_USER_TRACE, 8, 0, "unsigned long long", "user_addr_t"},
	{LAYOUT_BYTES, 1, 0, "unsigned char", NULL}, /* last: for everything else */
};

enum { TYPES = sizeof types / sizeof *types };

static bool is_array(uint8_t kind)
{
	return kind == LAYOUT_TEXT || kind == LAYOUT_WORDS || kind == LAYOUT_BYTES ||
	       kind == LAYOUT_KERNEL_TRACE || kind == LAYOUT_USER_TRACE;
}

static uint32_t element_type(unsigned i, uint32_t made[TYPES], struct btf_append *out)
{
	if (made[i])
		return made[i];
	uint32_t id = btf_append_find(out, BTF_INT, types[i].name, types[i].size);
	if (!id)
		id = btf_append_int(out, types[i].name, types[i].size, types[i].encoding);
	if (types[i].alias)
		id = btf_append_type(out, BTF_TYPEDEF, types[i].alias, 0, false, id);
	made[i] = id;
	return id;
}

static uint32_t field_type(
	const struct layout_field *f, uint32_t made[TYPES], struct btf_append *out)
{
	unsigned i = 0;
	if (f->kind == LAYOUT_TYPE)
		return f->type;
	while (i < TYPES - 1 &&
		!(types[i].kind == f->kind && (is_array(f->kind) ? f->size % types[i].size == 0
								 : f->size == types[i].size)))
		i++;
	uint32_t id = element_type(i, made, out);
	return is_array(types[i].kind) ? btf_append_array(out, id, f->size / types[i].size) : id;
}

uint32_t layout_to_btf(const struct layout *l, const char *name, struct btf_append *out)
{
	uint32_t made[TYPES] = {0}, *ids = arena_array(out->arena, l->n, sizeof *ids);
	if (!ids)
		return 0;
	for (size_t i = 0; i < l->n; i++)
		ids[i] = field_type(&l->fields[i], made, out);
	uint32_t id = btf_append_type(out, BTF_STRUCT, name, (uint32_t)l->n, false, l->size);
	for (size_t i = 0; i < l->n; i++)
		btf_append_member(out, l->fields[i].name, ids[i], l->fields[i].off * 8);
	return id;
}

bool layout_fits(const struct layout *l, const struct btf *b, uint32_t type)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct layout_field *f = &l->fields[i];
		if (f->sure && !flow_type_at(b, type, f->off, f->size))
			return false;
	}
	return true;
}

/* Whether a struct has a member with this name and place. */
static bool has_named(const struct btf *b, uint32_t type, const struct layout_field *f,
	uint64_t off, unsigned depth)
{
	enum { DEPTH = 4 };
	struct btf_type t;
	btf_skip(b, type, &t);
	for (uint32_t i = 0; depth < DEPTH && btf_is_composite(&t) && i < t.vlen; i++) {
		struct btf_member m = btf_member(&t, i);
		uint64_t at = off + m.bit_off / 8;
		int64_t size = btf_size(b, m.type);
		if (m.bit_size || size < 0 || at > f->off || at + (uint64_t)size < f->off + f->size)
			continue;
		bool same = at == f->off && (uint64_t)size == f->size;
		if ((same && !strcmp(m.name, f->name)) || has_named(b, m.type, f, at, depth + 1))
			return true;
	}
	return false;
}

bool layout_is(const struct layout *l, const struct btf *b, uint32_t type)
{
	enum { ENOUGH = 3 };
	size_t named = 0;
	for (size_t i = 0; i < l->n; i++) {
		const struct layout_field *f = &l->fields[i];
		bool name = f->sure && f->named;
		if (name && !has_named(b, type, f, 0, 0))
			return false;
		named += name;
	}
	return named >= ENOUGH && layout_fits(l, b, type);
}
