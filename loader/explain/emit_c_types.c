/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* BTF as C: its words, with the types that they describe beside them. */
#include "emit_c_impl.h"

#include "elf/base/format.h"

#include <inttypes.h>
#include <string.h>

enum { HEADER_WORDS = 6, HEADER = 4 * HEADER_WORDS, TYPE_WORDS = 3 };

struct layout {
	struct span data;
	uint32_t types,
		strings; /* their sizes in bytes; types follow the header, strings the types */
};

/* BTF in the order in which compilers write it. */
static bool get_layout(const struct emit *w, int blob, struct layout *l)
{
	const struct plan_blob *b = &w->p->blobs[blob];
	l->data = (struct span){b->bytes, b->size, w->p->big};
	l->types = span_u32(l->data, 12);
	l->strings = span_u32(l->data, 20);
	return span_u32(l->data, 4) == HEADER && !span_u32(l->data, 8) && l->types % 4 == 0 &&
	       span_u32(l->data, 16) == l->types && l->strings &&
	       (uint64_t)HEADER + l->types + l->strings == b->size && !b->bytes[b->size - 1];
}

/* "[12] struct open_event: 40 bytes" */
static void type_text(const struct btf *btf, uint32_t id, char *buf, size_t size)
{
	struct btf_type t;
	char spelled[128];
	if (!btf_type(btf, id, &t)) {
		text_print(buf, size, "[%" PRIu32 "]", id);
		return;
	}
	btf_spell(btf, id, spelled, sizeof spelled);
	bool declares = t.kind == BTF_FUNC || t.kind == BTF_VAR || t.kind == BTF_DATASEC ||
	                t.kind == BTF_DECL_TAG;
	if (declares)
		text_print(
			buf, size, "[%" PRIu32 "] %s %s", id, btf_kind_name(t.kind), btf_name(&t));
	else if (t.kind == BTF_TYPEDEF) {
		char to[128];
		btf_spell(btf, t.type, to, sizeof to);
		text_print(buf, size, "[%" PRIu32 "] typedef %s %s", id, to, spelled);
	} else
		text_print(buf, size, "[%" PRIu32 "] %s", id, spelled);
}

/* Part i of a type: a member, an enumerator, a parameter, a variable of a section. */
static void part_text(
	const struct btf *btf, const struct btf_type *t, uint32_t i, char *buf, size_t size)
{
	char spelled[128];
	struct btf_type var;
	buf[0] = 0;
	if (btf_kind_in(t->kind, BTF_COMPOSITES)) {
		struct btf_member m = btf_member(t, i);
		btf_spell(btf, m.type, spelled, sizeof spelled);
		text_print(buf, size, "%s %s, bit %" PRIu32, spelled, m.name, m.bit_off);
	} else if (t->kind == BTF_ENUM || t->kind == BTF_ENUM64) {
		text_print(buf, size, "%s", btf_enumerator(t, i).name);
	} else if (t->kind == BTF_FUNC_PROTO) {
		struct btf_param p = btf_param(t, i);
		btf_spell(btf, p.type, spelled, sizeof spelled);
		text_print(buf, size, "%s %s", spelled, p.name);
	} else if (t->kind == BTF_DATASEC && btf_type(btf, btf_secinfo(t, i).type, &var)) {
		text_print(buf, size, "%s", btf_name(&var));
	}
}

static void put_words(struct span s, size_t at, size_t n, const char *comment, FILE *out)
{
	int col = put_text(out, "\t\t");
	for (size_t i = 0; i < n; i++)
		col += put_text(out, "0x%" PRIx32 ", ", span_u32(s, at + 4 * i));
	if (*comment) {
		put_text(out, "%*s/* ", col < 44 ? 44 - col : 0, "");
		emit_comment(comment, out);
		put_text(out, " */");
	}
	fputc('\n', out);
}

static void put_types(const struct btf *btf, const struct layout *l, FILE *out)
{
	struct span s = span_sub(l->data, HEADER, l->types);
	struct btf_type t;
	char text[320];
	uint32_t id = 1;
	for (size_t at = 0; at < s.n && btf_type(btf, id, &t); id++) {
		size_t fixed = TYPE_WORDS + btf_kinds[t.kind].fixed / 4,
		       each = btf_kinds[t.kind].each / 4;
		type_text(btf, id, text, sizeof text);
		put_words(s, at, fixed, text, out);
		at += 4 * fixed;
		for (uint32_t i = 0; each && i < t.vlen; i++, at += 4 * each) {
			part_text(btf, &t, i, text, sizeof text);
			put_words(s, at, each, text, out);
		}
	}
}

static void put_strings(const struct layout *l, FILE *out)
{
	const char *at = (const char *)l->data.p + HEADER + l->types, *end = at + l->strings;
	while (at < end) {
		size_t n = strlen(at) + 1;
		fputs("\t\t", out);
		/* The literal ends with a NUL of its own. */
		emit_string(at, at + n == end ? n - 1 : n, "\t\t", out);
		fputc('\n', out);
		at += n;
	}
}

/* The words and characters that differ from those of the array so far. */
static void put_changes(struct emit *w, const struct layout *l, const char *indent)
{
	const uint8_t *old = w->types + HEADER, *new = l->data.p + HEADER;
	for (uint32_t i = 0; i < l->types; i += 4)
		if (memcmp(old + i, new + i, 4))
			put_text(w->steps, "%sbtf_%d.types[%" PRIu32 "] = 0x%" PRIx32 ";\n", indent,
				w->types_blob, i / 4, span_u32(l->data, HEADER + i));
	for (uint32_t i = l->types; i < l->types + l->strings; i++)
		if (old[i] != new[i])
			put_text(w->steps, "%sbtf_%d.strings[%" PRIu32 "] = %u;\n", indent,
				w->types_blob, i - l->types, new[i]);
	w->types = l->data.p;
}

bool emit_types_fit(const struct emit *w, int blob)
{
	const struct plan_blob *b = &w->p->blobs[blob];
	return w->types && b->size >= HEADER && !memcmp(w->types, b->bytes, HEADER);
}

bool emit_types(struct emit *w, int blob, const char *indent)
{
	struct layout l;
	struct btf btf;
	if (!get_layout(w, blob, &l))
		return emit_refuse(w, "its types have parts that kernels before 7.0 do not know");
	if (emit_types_fit(w, blob)) {
		put_changes(w, &l, indent);
		return true;
	}
	if (!btf_open(&btf, l.data, NULL, w->arena, w->e))
		return false;
	put_text(w->data,
		"\n/* The object's types: each begins with its name in strings, its kind and "
		"number of "
		"parts, and its\n * size or another type. */\nstatic struct {\n"
		"\tuint32_t header[%d]; /* magic and version, its size, offset and size of types, "
		"of "
		"strings */\n\tuint32_t types[%" PRIu32 "];\n\tchar strings[%" PRIu32
		"];\n} btf_%d = {\n"
		"\t{\n",
		HEADER_WORDS, l.types / 4, l.strings, blob);
	put_words(l.data, 0, HEADER_WORDS, "", w->data);
	put_text(w->data, "\t},\n\t{\n");
	put_types(&btf, &l, w->data);
	put_text(w->data, "\t},\n\t/* strings */\n");
	put_strings(&l, w->data);
	put_text(w->data, "};\n");
	w->types = l.data.p;
	w->types_blob = blob;
	return true;
}
