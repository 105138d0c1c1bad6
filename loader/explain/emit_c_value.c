/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Values of BTF types as C: calls of add() and its kin, with offsets and sizes as constants. */
#include "emit_c_impl.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"

#include <inttypes.h>
#include <string.h>

/* "record + 16" */
static void place(const struct emit_value *v, char *buf, size_t size)
{
	text_print(buf, size, "%s + %" PRIu64, v->base, v->field.bit_off / 8);
}

static void number_expr(struct emit *w, const struct emit_value *v, const struct typed_shape *s,
	char *buf, size_t size)
{
	char at[96];
	place(v, at, sizeof at);
	const char *function = s->kind == TYPED_NET ? "network_number"
	                       : s->is_signed       ? "signed_number"
	                                            : "number";
	emit_use(w, s->kind == TYPED_NET ? PART_NETWORK : s->is_signed ? PART_SIGNED : PART_NUMBER);
	text_print(buf, size, "%s(%s, %" PRIu64 ")", function, at, s->size);
}

/* The array of the enumerators' names, by type. */
static void put_names(struct emit *w, const struct typed_shape *s)
{
	put_text(w->data, "\nstatic const struct name names_%" PRIu32 "[] = {\n", s->id);
	for (uint32_t i = 0; i < s->t.vlen; i++) {
		struct btf_enumerator e = btf_enumerator(&s->t, i);
		put_text(w->data, "\t{%" PRId64 ", ", e.value);
		emit_string(e.name, strlen(e.name), "\t\t", w->data);
		put_text(w->data, "},\n");
	}
	put_text(w->data, "\t{0, NULL},\n};\n");
}

static void put_enum(struct emit *w, const struct typed_shape *s, const char *number)
{
	bool flags = typed_is_flags(s);
	emit_use(w, flags ? PART_FLAGS : PART_NAME);
	if (s->id < w->n_types && !w->named[s->id]) {
		w->named[s->id] = true;
		put_names(w, s);
	}
	put_text(w->show, "\t%s(names_%" PRIu32 ", (long long)%s);\n",
		flags ? "add_flags" : "add_name", s->id, number);
}

/* Numbers. False for kinds that are something else. */
static bool put_number(struct emit *w, const struct emit_value *v, const struct typed_shape *s)
{
	char n[160];
	if (s->size > 8 || s->size & (s->size - 1) || !s->size)
		return false;
	number_expr(w, v, s, n, sizeof n);
	switch (s->kind) {
	case TYPED_INT:
	case TYPED_NET:
		print(w->show,
			s->is_signed && s->kind == TYPED_INT ? "\tadd(\"%%lld\", %s);\n"
							     : "\tadd(\"%%llu\", %s);\n",
			n);
		return true;
	case TYPED_BOOL:
		put_text(w->show, "\tadd(\"%%s\", %s ? \"true\" : \"false\");\n", n);
		return true;
	case TYPED_PTR:
	case TYPED_HEX:
		emit_use(w, PART_NUMBER);
		put_text(w->show, "\tadd(\"0x%%llx\", number(%s + %" PRIu64 ", %" PRIu64 "));\n",
			v->base, v->field.bit_off / 8, s->size);
		return true;
	case TYPED_DEV:
		put_text(w->show, "\tadd(\"%%llu:%%llu\", %s >> 20, %s & 0xfffff);\n", n, n);
		return true;
	case TYPED_CHAR:
		emit_use(w, PART_CHAR);
		put_text(w->show, "\tadd_char((long long)%s);\n", n);
		return true;
	case TYPED_ENUM:
		put_enum(w, s, n);
		return true;
	case TYPED_TIME:
		emit_use(w, PART_TIME);
		put_text(w->show, "\tadd_time((unsigned long long)%s, %d);\n", n,
			s->unit == UNIT_MS ? 2 : s->unit == UNIT_US);
		return true;
	case TYPED_ERRNO:
		emit_use(w, PART_ERRNO);
		put_text(w->show, "\tadd_result((long long)%s);\n", n);
		return true;
	default:
		return false;
	}
}

/* Addresses and text. False for other kinds. */
static bool put_bytes(struct emit *w, const struct emit_value *v, const struct typed_shape *s)
{
	char at[96];
	place(v, at, sizeof at);
	switch (s->kind) {
	case TYPED_STRING:
		emit_use(w, PART_TEXT);
		put_text(w->show, "\tadd_text(%s, %" PRIu64 ", %d);\n", at, s->size, v->quoted);
		return s->size;
	case TYPED_BYTES:
		emit_use(w, PART_BYTES);
		put_text(w->show, "\tadd_bytes(%s, %" PRIu64 ", %d);\n", at, s->size, v->quoted);
		return s->size;
	case TYPED_IP4:
	case TYPED_IP6:
		emit_use(w, PART_IP);
		put_text(w->show, "\tadd_ip(%s, %s);\n",
			s->kind == TYPED_IP4 ? "AF_INET" : "AF_INET6", at);
		return true;
	case TYPED_IP:
		emit_use(w, PART_MAPPED_IP);
		put_text(w->show, "\tadd_mapped_ip(%s);\n", at);
		return true;
	default:
		return false;
	}
}

/* "{a = 1, b = 2}" */
static bool put_struct(
	struct emit *w, const struct emit_value *v, const struct typed_shape *s, unsigned depth);

static bool put_value(
	struct emit *w, const struct emit_value *v, const struct typed_shape *s, unsigned depth)
{
	const char *meaning = typed_shape_meaning(s);
	if (s->kind == TYPED_STRUCT && depth < BTF_DEPTH)
		return put_struct(w, v, s, depth);
	if (v->field.bit_size || v->field.bit_off % 8)
		return emit_refuse(w, "%s: bit-fields can't be shown by the C program", v->name);
	if (put_number(w, v, s) || put_bytes(w, v, s))
		return true;
	return emit_refuse(w, "%s: %s can't be shown by the C program", v->name,
		meaning ? meaning : "values of this type");
}

static bool put_struct(
	struct emit *w, const struct emit_value *v, const struct typed_shape *s, unsigned depth)
{
	const char *name, *between = "{";
	struct typed_field part;
	for (uint32_t i = 0; typed_part(s, v->field, i, &name, &part); i++) {
		struct typed_shape m = typed_field_shape(&w->btf, part);
		if (m.kind == TYPED_KERNEL)
			continue;
		if (!*name)
			return emit_refuse(
				w, "%s: unnamed members can't be shown by the C program", v->name);
		put_text(w->show, "\tadd(\"%s", between);
		emit_comment(name, w->show);
		put_text(w->show, " = \");\n");
		const struct emit_value member = {v->base, name, part, true};
		if (!put_value(w, &member, &m, depth + 1))
			return false;
		between = ", ";
	}
	put_text(w->show, "\tadd(\"%s}\");\n", *between == '{' ? "{" : "");
	return true;
}

bool emit_value(struct emit *w, const struct emit_value *v, const struct typed_shape *s)
{
	emit_use(w, PART_LINE);
	return put_value(w, v, s, 0);
}
