/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * All rewrites preserve the size of the record: the first twelve bytes (name, info, size or type) can
 * become any kind whose tail has the same size. INT, VAR and DECL_TAG have a tail of one word;
 * members, section variables and 64-bit enumerators have three words, parameters and enumerators
 * two. The original is only read, and each type written at the same position of the copy. A few
 * types and strings may be appended to either section.
 */
#include "btf_sanitise.h"

#include "elf/base/bpf_abi.h"

#include <stdlib.h>

enum {
	INT_RECORD = BTF_RECORD + BTF_WORD, /* also of a VAR */
	MORE = 64,                          /* space for additions at the end of a section */
};

static const char placeholder[] = "enum64_placeholder";
static const char param_name[] = "param";
static const char int_name[] = "int";
static const char ksym_name[] = "extern_placeholder";

const struct btf_level_fact btf_level_facts[BTF_LEVELS] = {
	[BTF_AS_IS] = {0, 0, "nothing"},
	[BTF_BEFORE_7_1] = {7, 1, "layout section (7.1)"},
	[BTF_BEFORE_6_9] = {6, 9, "DATASEC named ?... (6.9)"},
	[BTF_BEFORE_6_0] = {6, 0, "ENUM64 and signed enums (6.0)"},
	[BTF_BEFORE_5_17] = {5, 17, "TYPE_TAG (5.17)"},
	[BTF_BEFORE_5_16] = {5, 16, "DECL_TAG (5.16)"},
	[BTF_BEFORE_5_13] = {5, 13, "FLOAT (5.13), DATASEC without variables (5.12)"},
	[BTF_BEFORE_5_6] = {5, 6, "global functions (5.6)"},
	[BTF_BEFORE_5_2] = {5, 2, "VAR and DATASEC (5.2)"},
	[BTF_BEFORE_5_0] = {5, 0, "FUNC and FUNC_PROTO (5.0)"},
};

/* The copy: space for a header, types and strings, the latter two with space for additions. */
struct copy {
	uint8_t *types, *strings;
	uint32_t n_types, n_strings; /* bytes */
	uint32_t next_id, next_string;
	bool big;
};

static bool copy_make(struct copy *c, const struct btf *b, struct arena *a, struct err *e)
{
	uint8_t *p = arena_alloc(a, BTF_HEADER + b->types.n + MORE + b->strings.n + MORE);
	if (!p)
		return err_nomem(e);
	*c = (struct copy){
		.types = p + BTF_HEADER,
		.strings = p + BTF_HEADER + b->types.n + MORE,
		.n_types = (uint32_t)b->types.n,
		.n_strings = (uint32_t)b->strings.n,
		.next_id = b->end,
		.next_string = b->first_string + (uint32_t)b->strings.n,
		.big = b->data.big,
	};
	if (b->types.n)
		memcpy(c->types, b->types.p, b->types.n);
	if (b->strings.n)
		memcpy(c->strings, b->strings.p, b->strings.n);
	return true;
}

static void put32(const struct copy *c, uint8_t *p, uint32_t v)
{
	bytes_put(p, 4, c->big, v);
}

/* The position in the copy of a byte of the original's types. */
static uint8_t *in_copy(const struct copy *c, const struct btf *b, const uint8_t *original)
{
	return c->types + (original - b->types.p);
}

/* Writes the twelve bytes of a record. */
static void put_record(const struct copy *c, uint8_t *p, uint32_t name, unsigned kind,
	uint32_t vlen, uint32_t word)
{
	put32(c, p, name);
	put32(c, p + 4, (uint32_t)kind << 24 | vlen);
	put32(c, p + 8, word);
}

static uint32_t add_string(struct copy *c, const char *s)
{
	uint32_t off = c->next_string, n = (uint32_t)strlen(s) + 1;
	memcpy(c->strings + c->n_strings, s, n);
	c->n_strings += n;
	c->next_string += n;
	return off;
}

static uint32_t add_type(
	struct copy *c, const char *name, unsigned kind, uint32_t word, uint32_t tail)
{
	uint8_t *p = c->types + c->n_types;
	put_record(c, p, add_string(c, name), kind, 0, word);
	put32(c, p + BTF_RECORD, tail);
	c->n_types += INT_RECORD;
	return c->next_id++;
}

static uint32_t add_int(struct copy *c, const char *name, uint32_t size)
{
	return add_type(c, name, BTF_INT, size, (uint32_t)BTF_INT_SIGNED << 24 | size * 8);
}

/* The resulting blob. Its header only has the fields that all kernels know. */
static struct span copy_finish(const struct copy *c, const struct btf *b)
{
	uint8_t *p = c->types - BTF_HEADER;
	memcpy(p, b->data.p, 4); /* magic, version, flags */
	put32(c, p + 4, BTF_HEADER);
	put32(c, p + 8, 0);
	put32(c, p + 12, c->n_types);
	put32(c, p + 16, c->n_types);
	put32(c, p + 20, c->n_strings);
	memmove(c->types + c->n_types, c->strings, c->n_strings);
	return (struct span){p, BTF_HEADER + (size_t)c->n_types + c->n_strings, c->big};
}

/* The level for kernels before the one that introduced a kind, BTF_LEVELS if there is none. */
static enum btf_level level_before(unsigned kind)
{
	enum btf_level level = BTF_BEFORE_7_1;
	while (level < BTF_LEVELS &&
		(kind >= BTF_KINDS ||
			btf_kinds[kind].since != ABI_VERSION(btf_level_facts[level].major,
							 btf_level_facts[level].minor)))
		level++;
	return level;
}

/* The first level that rewrites a type, BTF_LEVELS if there is none. */
static enum btf_level first_level(const struct btf_type *t)
{
	if (t->kind == BTF_DATASEC && btf_name(t)[0] == '?')
		return BTF_BEFORE_6_9;
	if (t->kind == BTF_DATASEC && !t->vlen)
		return BTF_BEFORE_5_13;
	if (t->kind == BTF_ENUM && t->kflag)
		return BTF_BEFORE_6_0;
	if (t->kind == BTF_FUNC && t->vlen)
		return BTF_BEFORE_5_6;
	return level_before(t->kind);
}

/* The kinds that rewrite() changes at some level; most types are of other kinds. */
static const uint32_t rewritten = BTF_ENUMS | 1u << BTF_DATASEC | 1u << BTF_TYPE_TAG |
                                  1u << BTF_FLOAT | 1u << BTF_DECL_TAG | 1u << BTF_VAR |
                                  1u << BTF_FUNC | 1u << BTF_FUNC_PROTO;

uint32_t btf_levels_of(const struct btf *b)
{
	uint32_t levels = b->layout.n ? 1u << BTF_BEFORE_7_1 : 0;
	for (struct btf_type t = {0}; btf_next_in(b, &t, rewritten);) {
		enum btf_level level = first_level(&t);
		if (level < BTF_LEVELS)
			levels |= 1u << level;
		if (t.kind == BTF_FUNC) /* rewritten twice: first as static, then as TYPEDEF */
			levels |= 1u << BTF_BEFORE_5_0;
		if (t.kind == BTF_DATASEC)
			levels |= 1u << (t.vlen ? BTF_BEFORE_5_2 : BTF_BEFORE_5_13);
	}
	return levels;
}

/* Replaces characters that older kernels reject in section names by '_'. */
static void plain_name(const struct copy *c, const struct btf *b, uint32_t name, bool all)
{
	if (name < b->first_string || name - b->first_string >= b->strings.n)
		return;
	for (uint8_t *p = c->strings + (name - b->first_string); *p; p++) {
		if (*p == '?' || (all && *p == '.'))
			*p = '_';
		if (!all)
			return;
	}
}

static void put_members(const struct copy *c, const struct btf_type *t)
{
	for (uint32_t i = 0; i < t->vlen; i++) {
		uint8_t *p = in_copy(c, t->btf, t->tail.p + btf_part(t, i));
		struct btf_secinfo v = btf_secinfo(t, i);
		struct btf_type var;
		btf_type(t->btf, v.type, &var);
		put32(c, p, var.name_off);
		put32(c, p + 4, v.type);
		put32(c, p + 8, v.offset * 8);
	}
}

static void rewrite_datasec(const struct copy *c, const struct btf_type *t, enum btf_level level)
{
	plain_name(c, t->btf, t->name_off, level >= BTF_BEFORE_5_2);
	if (level < (t->vlen ? BTF_BEFORE_5_2 : BTF_BEFORE_5_13))
		return;
	put_record(c, in_copy(c, t->btf, t->tail.p) - BTF_RECORD, t->vlen ? t->name_off : 0,
		BTF_STRUCT, t->vlen, t->size);
	put_members(c, t);
}

/* Kernels require the members of a union to start at 0 and to be no larger than the union. */
static void rewrite_enum64(const struct copy *c, const struct btf_type *t, uint32_t member)
{
	uint8_t *tail = in_copy(c, t->btf, t->tail.p);
	put_record(c, tail - BTF_RECORD, t->name_off, BTF_UNION, t->vlen, t->size);
	for (uint32_t i = 0; i < t->vlen; i++) {
		put32(c, tail + btf_part(t, i) + 4, member);
		put32(c, tail + btf_part(t, i) + 8, 0);
	}
}

/* One byte, which is never larger than the original. */
static void rewrite_as_int(const struct copy *c, uint8_t *p, uint32_t name)
{
	put_record(c, p, name, BTF_INT, 0, 1);
	put32(c, p + BTF_RECORD, 8);
}

/* Names unnamed parameters: kernels require names for parameters of global functions and for
 * enumerators. all: including the ... of a variadic function. */
static void name_params(const struct copy *c, const struct btf_type *proto, uint32_t name, bool all)
{
	for (uint32_t i = 0; proto->kind == BTF_FUNC_PROTO && i < proto->vlen; i++) {
		struct btf_param p = btf_param(proto, i);
		if ((p.type || all) && !*p.name)
			put32(c, in_copy(c, proto->btf, proto->tail.p + btf_part(proto, i)), name);
	}
}

/* Additions that rewritten types refer to; 0: not needed. */
struct extras {
	uint32_t enum64; /* type of the members of a former ENUM64 */
	uint32_t param;  /* name of unnamed parameters */
};

static void rewrite(
	const struct copy *c, const struct btf_type *t, enum btf_level level, struct extras extras)
{
	uint8_t *p = in_copy(c, t->btf, t->tail.p) - BTF_RECORD;
	if (level < first_level(t))
		return;
	switch (t->kind) {
	case BTF_DATASEC:
		rewrite_datasec(c, t, level);
		break;
	case BTF_ENUM:
		put_record(c, p, t->name_off, BTF_ENUM, t->vlen, t->size);
		break;
	case BTF_ENUM64:
		rewrite_enum64(c, t, extras.enum64);
		break;
	case BTF_TYPE_TAG:
		put_record(c, p, 0, BTF_CONST, 0, t->type);
		break;
	case BTF_FLOAT:
		put_record(c, p, 0, BTF_STRUCT, 0, t->size);
		break;
	case BTF_DECL_TAG:
	case BTF_VAR:
		rewrite_as_int(c, p, t->name_off);
		break;
	case BTF_FUNC:
		put_record(c, p, t->name_off, level >= BTF_BEFORE_5_0 ? BTF_TYPEDEF : BTF_FUNC, 0,
			t->type);
		break;
	case BTF_FUNC_PROTO:
		put_record(c, p, 0, BTF_ENUM, t->vlen,
			4); /* the only size that these kernels accept */
		name_params(c, t, extras.param, true);
		break;
	default:
		break;
	}
}

static bool has_kind(const struct btf *b, enum btf_kind kind)
{
	struct btf_type t = {0};
	return btf_next_in(b, &t, 1u << kind);
}

static bool has_nameless_param(const struct btf *b)
{
	for (struct btf_type t = {0}; btf_next_in(b, &t, 1u << BTF_FUNC_PROTO);)
		for (uint32_t i = 0; i < t.vlen; i++)
			if (!*btf_param(&t, i).name)
				return true;
	return false;
}

struct span btf_sanitise(const struct btf *b, enum btf_level level, struct arena *a, struct err *e)
{
	struct copy c;
	struct extras extras = {0};
	if (level == BTF_AS_IS)
		return b->data;
	if (!copy_make(&c, b, a, e))
		return (struct span){NULL, 0, b->data.big};
	if (level >= BTF_BEFORE_6_0 && has_kind(b, BTF_ENUM64))
		extras.enum64 = add_int(&c, placeholder, 1);
	if (level >= BTF_BEFORE_5_0 && has_nameless_param(b))
		extras.param = add_string(&c, param_name);
	for (struct btf_type t = {0}; btf_next_in(b, &t, rewritten);)
		rewrite(&c, &t, level, extras);
	return copy_finish(&c, b);
}

/* The state of btf_complete_datasecs(). */
struct fix {
	struct copy copy;
	const struct btf *b;
	const struct btf_symbols *symbols;
	struct arena *arena;
	struct err *e;
	/* Replacements of externs, 0 until needed: types, and the offset of a name. */
	uint32_t ksym_int, ksym_var, ksym_param;
};

struct sorted {
	struct btf_secinfo info;
	uint32_t order;
};

static int by_offset(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	if (x->info.offset != y->info.offset)
		return x->info.offset < y->info.offset ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The linkage is the tail of a VAR, but the vlen of a FUNC. */
static void put_linkage(const struct fix *f, const struct btf_type *t, uint32_t linkage)
{
	uint8_t *tail = in_copy(&f->copy, f->b, t->tail.p);
	if (t->kind == BTF_VAR)
		put32(&f->copy, tail, linkage);
	else
		put32(&f->copy, tail - BTF_RECORD + 4, (uint32_t)BTF_FUNC << 24 | linkage);
}

static bool fix_variable(struct fix *f, const struct btf_type *sec, struct btf_secinfo *info)
{
	struct btf_type var;
	bool hidden = false;
	btf_type(f->b, info->type, &var);
	uint32_t linkage = btf_var_linkage(&var);
	if (var.kind != BTF_VAR)
		return err_set(f->e, "BTF: section '%s' contains a %s, expected a variable",
			btf_name(sec), btf_kind_name(var.kind));
	if (linkage == BTF_STATIC)
		return true;
	if (!f->symbols->variable(
		    f->symbols->ctx, btf_name(sec), btf_name(&var), &info->offset, &hidden))
		return err_set(f->e,
			"BTF: variable '%s' of section '%s' is not in the symbol table",
			btf_name(&var), btf_name(sec));
	if (hidden)
		put_linkage(f, &var, BTF_STATIC);
	else if (linkage == BTF_EXTERN)
		put_linkage(f, &var, BTF_GLOBAL);
	return true;
}

/* Variable i of .ksyms, a kernel address of any type, becomes an int. */
static void fix_ksym(struct fix *f, uint32_t i, struct btf_secinfo *info)
{
	struct btf_type t, proto;
	btf_type(f->b, info->type, &t);
	info->offset = i * 4;
	info->size = 4;
	if (t.kind == BTF_VAR) {
		put_linkage(f, &t, BTF_GLOBAL);
		put32(&f->copy, in_copy(&f->copy, f->b, t.tail.p) - BTF_WORD, f->ksym_int);
	} else if (t.kind == BTF_FUNC) {
		put_linkage(f, &t, BTF_GLOBAL);
		btf_type(f->b, t.type, &proto);
		name_params(&f->copy, &proto, f->ksym_param, false);
		info->type = f->ksym_var;
	}
}

static bool fix_datasec(struct fix *f, const struct btf_type *t)
{
	const char *name = btf_name(t);
	bool ksyms = !strcmp(name, ".ksyms");
	uint32_t size = ksyms ? t->vlen * 4 : t->size;
	struct sorted *all = arena_array(f->arena, t->vlen, sizeof *all);
	if (!all)
		return err_nomem(f->e);
	if (ksyms && !f->ksym_int) {
		f->ksym_int = add_int(&f->copy, int_name, 4);
		f->ksym_param = f->copy.next_string; /* the name of ksym_var */
		f->ksym_var = add_type(&f->copy, ksym_name, BTF_VAR, f->ksym_int, BTF_GLOBAL);
	}
	bool open = !size;
	if (open && !f->symbols->section(f->symbols->ctx, name, &size))
		return err_set(f->e, "BTF: section '%s' is not in the file", name);
	for (uint32_t i = 0; i < t->vlen; i++) {
		all[i] = (struct sorted){btf_secinfo(t, i), i};
		if (ksyms)
			fix_ksym(f, i, &all[i].info);
		else if (open && !fix_variable(f, t, &all[i].info))
			return false;
	}
	qsort(all, t->vlen, sizeof *all, by_offset);
	uint8_t *tail = in_copy(&f->copy, f->b, t->tail.p);
	put32(&f->copy, tail - BTF_WORD, size);
	for (uint32_t i = 0; i < t->vlen; i++, tail += btf_kinds[BTF_DATASEC].each) {
		put32(&f->copy, tail, all[i].info.type);
		put32(&f->copy, tail + 4, all[i].info.offset);
		put32(&f->copy, tail + 8, all[i].info.size);
	}
	return true;
}

/* A tag of a parameter, such as "arg:ctx". */
static bool is_arg_tag(const struct btf_type *t)
{
	static const char prefix[] = "arg:";
	return t->kind == BTF_DECL_TAG && btf_decl_tag_component(t) >= 0 &&
	       !strncmp(btf_name(t), prefix, sizeof prefix - 1);
}

bool btf_has_arg_tags(const struct btf *b)
{
	for (struct btf_type t = {0}; btf_next_in(b, &t, 1u << BTF_DECL_TAG);)
		if (is_arg_tag(&t))
			return true;
	return false;
}

/* If t is a global function, or a tag of one, makes the function static if necessary. */
static void fix_function(const struct fix *f, const struct btf_type *t)
{
	struct btf_type func = *t;
	bool tagged = !f->symbols->arg_tags && is_arg_tag(t);
	if (tagged)
		btf_type(f->b, t->type, &func);
	if (func.kind == BTF_FUNC && func.vlen == BTF_GLOBAL &&
		(tagged || f->symbols->hidden_function(f->symbols->ctx, btf_name(&func))))
		put_linkage(f, &func, BTF_STATIC);
}

struct span btf_complete_datasecs(
	const struct btf *b, const struct btf_symbols *symbols, struct arena *a, struct err *e)
{
	struct fix f = {.b = b, .symbols = symbols, .arena = a, .e = e};
	const struct span none = {NULL, 0, b->data.big};
	if (!copy_make(&f.copy, b, a, e))
		return none;
	const uint32_t kinds = 1u << BTF_DATASEC | 1u << BTF_FUNC | 1u << BTF_DECL_TAG;
	for (struct btf_type t = {0}; btf_next_in(b, &t, kinds);) {
		if (t.kind == BTF_DATASEC && !fix_datasec(&f, &t))
			return none;
		fix_function(&f, &t);
	}
	return copy_finish(&f.copy, b);
}
