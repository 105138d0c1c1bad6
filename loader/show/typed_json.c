/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed_impl.h"

#include "elf/base/format.h"

#include <stdlib.h>
#include <string.h>

enum { JSON_NODES = 65536 }; /* plus 16 for each byte of the record */

static void json_value(struct typed_walk *w, struct typed_field f, unsigned depth);

static void json_members(
	struct typed_walk *w, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	const char *name;
	struct typed_field part;
	for (uint32_t i = 0; typed_part(s, f, i, &name, &part) && typed_spend(w); i++) {
		struct typed_shape m = typed_field_shape(w->b, part);
		bool whole = m.kind == TYPED_STRUCT || m.kind == TYPED_UNION;
		if (m.kind == TYPED_KERNEL || (!*name && !whole))
			continue;
		if (*name) {
			json_key(w->j, name);
			json_value(w, part, depth + 1);
		} else if (depth < BTF_DEPTH) {
			json_members(w, &m, part, depth + 1);
		}
	}
}

static void json_array(
	struct typed_walk *w, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	struct typed_shape element = typed_shape(w->b, s->t.type);
	uint64_t size = element.size, count = typed_array_len(w, s, f, size);
	json_open(w->j, '[');
	for (uint64_t i = 0; size && i < count; i++) {
		struct typed_field at = {.type = s->t.type, .bit_off = f.bit_off + i * size * 8};
		if (!span_has(w->rec, at.bit_off / 8, 1) || !typed_spend(w))
			break;
		json_value(w, at, depth + 1);
	}
	json_close(w->j);
}

static void json_hex(struct json *j, struct span bytes)
{
	/* In one buffer: the writer requires a whole string. */
	size_t n = bytes.n;
	char *text = malloc(n * 3 + 1);
	if (!text) {
		json_null(j);
		return;
	}
	for (size_t i = 0; i < n; i++)
		text_print(text + i * 3, 4, "%02x ", bytes.p[i]);
	json_bytes(j, text, n ? n * 3 - 1 : 0);
	free(text);
}

/* Writes the names of addresses and stacks; false if they are unknown. */
static bool json_named(struct typed_walk *w, const struct typed_shape *s, struct typed_field f)
{
	char symbol[TYPED_SYMBOL];
	uint64_t v;
	const char *name;
	if (!typed_needs_names(s->kind) || !typed_names_of(w->b))
		return false;
	if (s->kind == TYPED_KADDR || s->kind == TYPED_UADDR) {
		if (!typed_read_number(s, f, w->rec, &v) ||
			!typed_address_name(w, s, v, symbol, sizeof symbol))
			return false;
		json_str(w->j, symbol);
		return true;
	}
	if (!typed_is_trace(w, s) &&
		(!typed_names_of(w->b)->frame || !typed_read_number(s, f, w->rec, &v)))
		return false;
	json_open(w->j, '[');
	for (size_t i = 0; (name = typed_frame(w, s, f, i)); i++)
		json_str(w->j, name);
	json_close(w->j);
	return true;
}

static void json_scalar(struct typed_walk *w, const struct typed_shape *s, struct typed_field f)
{
	char buf[64], flags[TYPED_FLAGS];
	uint64_t v;
	const char *name;
	if (json_named(w, s, f))
		return;
	if (s->kind == TYPED_FLOAT) {
		json_raw(w->j, typed_float_text(s, f, w->rec, buf) ? buf : "null");
		return;
	}
	if (!typed_scalar_text(s, f, w->rec, buf)) {
		json_null(w->j);
		return;
	}
	if (s->kind == TYPED_ENUM && typed_read_number(s, f, w->rec, &v) &&
		(name = typed_enum_name(s, v)))
		json_str(w->j, name);
	else if (s->kind == TYPED_ENUM && typed_read_number(s, f, w->rec, &v) &&
		 typed_flags_text(s, v, flags, sizeof flags))
		json_str(w->j, flags);
	else if (s->kind == TYPED_PTR || s->kind == TYPED_IP4 || s->kind == TYPED_HEX ||
		 s->kind == TYPED_DEV || s->kind == TYPED_KADDR || s->kind == TYPED_UADDR ||
		 s->size > 8)
		json_str(w->j, buf);
	else
		json_raw(w->j, buf);
}

static void json_shaped(
	struct typed_walk *w, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	bool missing;
	struct span text;
	if (depth >= BTF_DEPTH) {
		json_null(w->j);
		return;
	}
	switch (s->kind) {
	case TYPED_NONE:
		json_hex(w->j, span_from(w->rec, f.bit_off / 8));
		break;
	case TYPED_STRING:
		text = typed_string(w, s, f, &missing);
		if (missing)
			json_null(w->j);
		else
			json_bytes(w->j, text.p, text.n);
		break;
	case TYPED_KTRACE:
	case TYPED_UTRACE:
		if (json_named(w, s, f))
			break;
		/* fall through */
	case TYPED_BYTES:
	case TYPED_ARRAY:
	case TYPED_LOG2:
		json_array(w, s, f, depth);
		break;
	case TYPED_STRUCT:
	case TYPED_UNION:
	case TYPED_SECTION:
	case TYPED_KERNEL:
		json_open(w->j, '{');
		if (s->kind != TYPED_KERNEL)
			json_members(w, s, f, depth);
		json_close(w->j);
		break;
	default:
		json_scalar(w, s, f);
	}
}

static void json_value(struct typed_walk *w, struct typed_field f, unsigned depth)
{
	struct typed_shape s = typed_field_shape(w->b, f);
	json_shaped(w, &s, f, depth);
}

uint64_t typed_json_nodes(struct span record)
{
	return JSON_NODES + UINT64_C(16) * record.n;
}

void typed_json_shaped(struct json *j, const struct btf *b, const struct typed_shape *s,
	struct typed_field f, struct span record, uint64_t *nodes)
{
	struct typed_walk w = {.b = b, .rec = record, .j = j, .nodes = *nodes};
	json_shaped(&w, s, f, 0);
	*nodes = w.nodes;
}

static struct typed_walk json_walk(struct json *j, const struct btf *b, struct span record)
{
	return (struct typed_walk){
		.b = b, .rec = record, .j = j, .nodes = typed_json_nodes(record)};
}

void typed_json(struct json *j, const struct btf *b, struct typed_field f, struct span record)
{
	struct typed_walk w = json_walk(j, b, record);
	json_value(&w, f, 0);
}

void typed_json_into(struct json *j, const struct btf *b, struct typed_field f, struct span record,
	const char *name)
{
	struct typed_walk w = json_walk(j, b, record);
	struct typed_shape s = typed_field_shape(b, f);
	if (s.kind == TYPED_STRUCT || s.kind == TYPED_UNION || s.kind == TYPED_SECTION) {
		json_members(&w, &s, f, 0);
		return;
	}
	json_key(j, name);
	json_value(&w, f, 0);
}
