/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Blobs as C: texts as literals, records word by word, variables one per line. */
#include "emit_c_impl.h"

#include "elf/base/format.h"
#include "loader/value/typed_shape.h"
#include "plan_text_impl.h"
#include "source_line.h"
#include "step_purpose.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_INFO = 16, FUNC_INFO = 8, ROW = 12 };

static bool is(const struct plan_blob *b, const char *what)
{
	return !strcmp(b->what, what);
}

/* A text that is never written to: a literal where it is used. */
static bool is_literal(const struct plan_blob *b)
{
	return blob_is_text(b) && !b->n_patches;
}

static bool is_single(const struct plan_blob *b)
{
	return b->bytes && (b->size == 4 || b->size == 8);
}

static const char *emit_text(const char *text)
{
	return text ? text : "";
}

/* Only one step at a time fills it. */
static bool is_log(const struct plan_blob *b)
{
	return !b->bytes && is(b, "log");
}

static const char *literal(struct emit *w, const struct plan_blob *b)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	if (!f)
		return "";
	emit_string(b->bytes, b->size - 1, "\t\t\t", f);
	const char *copy = fclose(f) ? NULL : arena_strdup(w->arena, text);
	free(text);
	return copy ? copy : "";
}

const char *emit_blob_name(struct emit *w, int blob)
{
	const struct plan_blob *b = &w->p->blobs[blob];
	char number[16];
	if (is_literal(b))
		return literal(w, b);
	if (is_log(b))
		return "verifier_log";
	text_print(number, sizeof number, "_%d", blob);
	if (is(b, "BTF"))
		return emit_text(arena_printf(w->arena, "&btf%s", number));
	return emit_name(w, b->what, number);
}

/* ---- definitions ---- */

static void put_line_info(struct emit *w, const struct plan_blob *b, int16_t prog)
{
	struct span s = {b->bytes, b->size, w->p->big};
	char line[512];
	for (size_t at = 0; at < s.n; at += LINE_INFO) {
		uint32_t insn = span_u32(s, at);
		put_text(w->data,
			"\t%" PRIu32 ", %" PRIu32 ", %" PRIu32 ", %" PRIu32 " << 10 | %" PRIu32 ",",
			insn, span_u32(s, at + 4), span_u32(s, at + 8), span_u32(s, at + 12) >> 10,
			span_u32(s, at + 12) & 1023);
		if (prog != PLAN_NONE && source_line(w->p, prog, insn, line, sizeof line)) {
			put_text(w->data, " /* ");
			emit_comment(line, w->data);
			put_text(w->data, " */");
		}
		fputc('\n', w->data);
	}
}

static void put_info(struct emit *w, int blob, const struct plan_step *s)
{
	const struct plan_blob *b = &w->p->blobs[blob];
	struct span words = {b->bytes, b->size, w->p->big};
	bool lines = is(b, "line_info");
	put_text(w->data, "\n/* %s: for each %s: %s */\nstatic uint32_t %s[] = {\n",
		lines ? "lines" : "functions", lines ? "source line" : "function",
		lines ? "instruction, file and text in the strings of types, line << 10 | column"
		      : "first instruction, its type",
		emit_blob_name(w, blob));
	if (lines)
		put_line_info(w, b, s->prog);
	for (size_t at = 0; !lines && at < words.n; at += FUNC_INFO)
		put_text(w->data, "\t%" PRIu32 ", %" PRIu32 ",\n", span_u32(words, at),
			span_u32(words, at + 4));
	put_text(w->data, "};\n");
}

static void put_bytes(const uint8_t *p, uint64_t n, FILE *out)
{
	for (uint64_t i = 0; i < n; i++)
		put_text(out, "%s%u,%s", i % ROW ? " " : "\t", p[i],
			i % ROW == ROW - 1 || i + 1 == n ? "\n" : "");
}

/* The map whose variables the blob holds, or NULL. */
static const struct plan_map *variables_of(const struct emit *w, int blob)
{
	for (size_t i = 0; i < w->p->n_maps; i++)
		if (w->p->maps[i].init == blob && w->p->maps[i].data)
			return &w->p->maps[i];
	return NULL;
}

/* Variables, and the bytes between them. */
static void put_variables(struct emit *w, const struct plan_blob *b, const struct plan_map *m)
{
	struct typed_shape s = typed_shape(w->has_btf ? &w->btf : NULL, m->value_type);
	struct typed_field part;
	const char *name;
	uint64_t done = 0;
	for (uint32_t i = 0;
		s.kind == TYPED_SECTION && typed_part(&s, (struct typed_field){0}, i, &name, &part);
		i++) {
		uint64_t at = part.bit_off / 8, size = typed_field_shape(&w->btf, part).size;
		if (at < done || at > b->size || size > b->size - at)
			continue;
		put_bytes(b->bytes + done, at - done, w->data);
		put_text(w->data, "\t/* ");
		emit_comment(name, w->data);
		if (size > 1 && !b->bytes[at + size - 1] &&
			blob_is_text(&(struct plan_blob){
				.bytes = b->bytes + at, .size = (uint32_t)size})) {
			put_text(w->data, ": ");
			emit_comment((const char *)b->bytes + at, w->data);
		}
		put_text(w->data, " */\n");
		put_bytes(b->bytes + at, size, w->data);
		done = at + size;
	}
	put_bytes(b->bytes + done, b->size - done, w->data);
}

static void put_plain(struct emit *w, int blob)
{
	const struct plan_blob *b = &w->p->blobs[blob];
	const struct plan_map *m = variables_of(w, blob);
	const char *name = emit_blob_name(w, blob);
	if (is_single(b)) {
		put_text(w->data, "\nstatic uint%u_t %s[] = {%" PRIu64 "};\n", b->size * 8, name,
			bytes_get(b->bytes, b->size, w->p->big));
		return;
	}
	if (blob_is_text(b)) {
		put_text(w->data, "\nstatic char %s[] = ", name);
		emit_string(b->bytes, b->size - 1, "\t", w->data);
		put_text(w->data, ";\n");
		return;
	}
	put_text(w->data, "\n/* ");
	emit_comment(m ? m->name : b->what, w->data);
	put_text(w->data, " */\nstatic unsigned char %s[] = {\n", name);
	if (m)
		put_variables(w, b, m);
	else
		put_bytes(b->bytes, b->size, w->data);
	put_text(w->data, "};\n");
}

bool emit_blob(struct emit *w, int blob, const struct plan_step *s)
{
	const struct plan_blob *b = &w->p->blobs[blob];
	if (w->written[blob] || is_literal(b) || is(b, "BTF"))
		return true;
	w->written[blob] = true;
	for (size_t i = 0; i < b->n_patches; i++)
		if (b->patches[i].what == PATCH_BLOB && !emit_blob(w, b->patches[i].index, s))
			return false;
	for (size_t i = 0; is_log(b) && i < w->p->n_blobs; i++)
		w->written[i] |= is_log(&w->p->blobs[i]);
	if (!b->bytes)
		put_text(w->data, "\nstatic char %s[%" PRIu32 "];\n", emit_blob_name(w, blob),
			b->size);
	else if (!b->size)
		return emit_refuse(w, "%s: an empty argument", s->who);
	else if (is(b, "insns"))
		return emit_code(w, blob, s);
	else if ((is(b, "line_info") && b->size % LINE_INFO == 0) ||
		 (is(b, "func_info") && b->size % FUNC_INFO == 0))
		put_info(w, blob, s);
	else
		put_plain(w, blob);
	return true;
}

/* ---- patches ---- */

static void put_patch(struct emit *w, int blob, const struct plan_patch *patch, const char *indent)
{
	const struct plan_blob *b = &w->p->blobs[blob];
	const char *name = emit_blob_name(w, blob);
	FILE *out = w->steps;
	if (patch->what == PATCH_BLOB) {
		emit_use(w, PART_PUT);
		put_text(out, "%sput(%s, %" PRIu32 ", 8, ptr(%s) + %" PRIu32 ");\n", indent, name,
			patch->at, emit_blob_name(w, patch->index), patch->add);
	} else if (is(b, "insns") && patch->at % 8 == 4 && patch->size == 4) {
		put_text(out, "%s%s[%" PRIu32 "].imm = (int)%s%s%s;\n", indent, name, patch->at / 8,
			patch->what == PATCH_HIGH ? "(" : "", w->slots[patch->index],
			patch->what == PATCH_HIGH ? " >> 32)" : "");
	} else if (patch->what == PATCH_HEX) {
		emit_use(w, PART_PUT_HEX);
		put_text(out, "%sput_hex(%s + %" PRIu32 ", %u, (unsigned long long)%s);\n", indent,
			name, patch->at, patch->size, w->slots[patch->index]);
	} else {
		emit_use(w, PART_PUT);
		put_text(out, "%sput(%s, %" PRIu32 ", %u, (unsigned long long)%s%s);\n", indent,
			name, patch->at, patch->size, w->slots[patch->index],
			patch->what == PATCH_HIGH ? " >> 32" : "");
	}
}

void emit_blob_patches(struct emit *w, int blob, const char *indent)
{
	const struct plan_blob *b = &w->p->blobs[blob];
	for (size_t i = 0; i < b->n_patches; i++) {
		if (b->patches[i].what == PATCH_BLOB)
			emit_blob_patches(w, b->patches[i].index, indent);
		put_patch(w, blob, &b->patches[i], indent);
	}
}
