/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "type_list.h"

#include "elf/base/format.h"
#include "elf/base/suggest.h"
#include "json.h"
#include "print.h"
#include "terminal.h"
#include "elf/base/glob.h"

enum { SPELLED = 256 };

/* As in lists: "struct", "ptr", "func". */
static const char *kind_name(unsigned kind)
{
	return kind < BTF_KINDS ? btf_kinds[kind].token : "unknown";
}

uint32_t type_list_kinds(const char *word)
{
	uint32_t set = 0;
	for (unsigned k = BTF_INT; k < BTF_KINDS; k++)
		if (!strcmp(word, btf_kinds[k].token) || !strcmp(word, btf_kinds[k].name))
			set |= 1u << k;
	return set;
}

/* ---- lines ---- */

/* What a type refers to or consists of. */
static void describe(const struct btf_type *t, char *buf, size_t size)
{
	static const char *const parts[BTF_KINDS] = {[BTF_STRUCT] = "member",
		[BTF_UNION] = "member",
		[BTF_ENUM] = "value",
		[BTF_ENUM64] = "value",
		[BTF_DATASEC] = "variable"};
	buf[0] = 0;
	switch (t->kind) {
	case BTF_INT:
		text_print(buf, size, "%s",
			btf_int_encoding(t) & BTF_INT_BOOL     ? "bool"
			: btf_int_encoding(t) & BTF_INT_SIGNED ? "signed"
							       : "");
		break;
	case BTF_FWD:
		text_print(buf, size, "%s", t->kflag ? "union" : "struct");
		break;
	case BTF_TYPEDEF:
	case BTF_FUNC:
	case BTF_VAR:
	case BTF_DECL_TAG:
		btf_spell(t->btf, t->type, buf, size);
		break;
	default:
		if (t->kind < BTF_KINDS && parts[t->kind])
			text_print(buf, size, "%u %s%s", t->vlen, parts[t->kind],
				t->vlen == 1 ? "" : "s");
		else if (t->kind < BTF_KINDS && t->kind != BTF_FLOAT)
			btf_spell(t->btf, t->id, buf, size);
	}
}

static bool has_size(const struct btf_type *t, int64_t *size)
{
	bool own = btf_kind_in(t->kind, BTF_SIZED);
	*size = own ? t->size : btf_size(t->btf, t->id);
	return *size >= 0 && t->kind != BTF_DECL_TAG;
}

/* The description is cut to the width of a terminal, the name never. */
static void print_line(const struct btf_type *t, FILE *out)
{
	char what[SPELLED], size[24] = "";
	int64_t bytes;
	if (has_size(t, &bytes))
		text_print(size, sizeof size, "%lld", (long long)bytes);
	describe(t, what, sizeof what);
	const char *name = btf_name(t);
	int used = print(out, "%7u  %-10s  %7s  ", t->id, kind_name(t->kind), size);
	used += *name ? print(out, "%s%s", name, *what ? "  " : "") : 0;
	int room = TERMINAL_WIDTH - used, n = (int)strlen(what);
	if (n > room)
		print(out, "%.*s...\n", room > 3 ? room - 3 : 0, what);
	else
		print(out, "%s\n", what);
}

/* ---- JSON ---- */

/* A member, parameter or variable. */
static void json_part(struct json *j, const struct btf_type *t, uint32_t i)
{
	struct btf_member m = btf_member(t, i);
	struct btf_param p = btf_param(t, i);
	struct btf_secinfo s = btf_secinfo(t, i);
	json_open(j, '{');
	if (btf_is_composite(t)) {
		json_member_str(j, "name", m.name);
		json_member_uint(j, "type", m.type);
		json_member_uint(j, "bit", m.bit_off);
		if (m.bit_size)
			json_member_uint(j, "bits", m.bit_size);
	} else if (t->kind == BTF_FUNC_PROTO) {
		json_member_str(j, "name", p.name);
		json_member_uint(j, "type", p.type);
	} else {
		json_member_uint(j, "type", s.type);
		json_member_uint(j, "offset", s.offset);
		json_member_uint(j, "size", s.size);
	}
	json_close(j);
}

static void json_parts(struct json *j, const struct btf_type *t, const char *what)
{
	json_key(j, what);
	json_open(j, '[');
	for (uint32_t i = 0; i < t->vlen; i++)
		json_part(j, t, i);
	json_close(j);
}

static void json_values(struct json *j, const struct btf_type *t)
{
	json_key(j, "values");
	json_open(j, '{');
	for (uint32_t i = 0; i < t->vlen; i++) {
		struct btf_enumerator v = btf_enumerator(t, i);
		json_key(j, v.name);
		if (t->kflag)
			json_int(j, v.value);
		else
			json_uint(j, (uint64_t)v.value);
	}
	json_close(j);
}

/* The members of the object for a type. */
static void json_type(struct json *j, const struct btf_type *t)
{
	int64_t size;
	char what[SPELLED];
	json_member_uint(j, "id", t->id);
	json_member_str(j, "kind", kind_name(t->kind));
	if (*btf_name(t))
		json_member_str(j, "name", btf_name(t));
	if (has_size(t, &size))
		json_member_uint(j, "size", (uint64_t)size);
	if (t->type || t->kind == BTF_PTR || t->kind == BTF_FUNC_PROTO)
		json_member_uint(j, "type", t->type);
	if (t->kind == BTF_ARRAY)
		json_member_uint(j, "elements", btf_array_len(t));
	describe(t, what, sizeof what);
	if (*what)
		json_member_str(j, "refers", what);
	if (btf_is_enum(t))
		json_values(j, t);
	else if (btf_is_composite(t))
		json_parts(j, t, "members");
	else if (t->kind == BTF_FUNC_PROTO)
		json_parts(j, t, "params");
	else if (t->kind == BTF_DATASEC)
		json_parts(j, t, "variables");
}

void type_list_json_one(const struct btf_type *t, FILE *out)
{
	struct json j = json_start(out);
	json_open(&j, '{');
	json_type(&j, t);
	json_close(&j);
	json_line(&j);
}

/* ---- which ---- */

static bool passes(const struct btf_type *t, const struct type_list_filter *f)
{
	return !f->name || (*btf_name(t) && glob_match(f->name, btf_name(t)));
}

size_t type_list_print(const struct btf *b, const struct type_list_filter *f, FILE *out)
{
	struct btf_type t = {0};
	size_t n = 0;
	while (btf_next_in(b, &t, f->kinds ? f->kinds : UINT32_MAX)) {
		if (!passes(&t, f))
			continue;
		if (!n++)
			print(out, "%7s  %-10s  %7s  %s\n", "ID", "KIND", "SIZE",
				"NAME AND DETAILS");
		print_line(&t, out);
	}
	return n;
}

size_t type_list_json(const struct btf *b, const struct type_list_filter *f, FILE *out)
{
	struct btf_type t = {0};
	size_t n = 0;
	while (btf_next_in(b, &t, f->kinds ? f->kinds : UINT32_MAX))
		if (passes(&t, f)) {
			type_list_json_one(&t, out);
			n++;
		}
	return n;
}

/* The blob that contains t, in the chain of bases of b; NULL at the start of an iteration. */
static const struct btf *blob_of(const struct btf *b, const struct btf_type *t)
{
	while (t->id && b && t->id < b->first)
		b = b->base;
	return t->id ? b : NULL;
}

/* The blob after `done` in the chain, from the lowest base to b. */
static const struct btf *blob_after(const struct btf *b, const struct btf *done)
{
	while (b && b->base != done)
		b = b->base;
	return b;
}

bool type_list_named(const struct btf *b, const char *name, uint32_t set, struct btf_type *t)
{
	const struct btf *at = blob_of(b, t);
	if (!at)
		at = blob_after(b, NULL);
	for (; at; at = blob_after(b, at)) {
		while (btf_next_in(at, t, set ? set : UINT32_MAX))
			if (!strcmp(btf_name(t), name))
				return true;
		*t = (struct btf_type){0};
		if (at == b)
			break;
	}
	return false;
}

const char *type_list_suggest(
	const struct btf *b, const char *name, uint32_t set, char *buf, size_t size)
{
	struct suggestion s = suggest_for(name);
	for (; b; b = b->base) {
		struct btf_type t = {0};
		while (btf_next_in(b, &t, set ? set : UINT32_MAX))
			suggest_consider(&s, btf_name(&t));
	}
	return suggest_text(&s, buf, size);
}
