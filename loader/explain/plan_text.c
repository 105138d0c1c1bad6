/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_text_impl.h"

#include "elf/base/format.h"
#include "elf/base/text.h"
#include "loader/show/print.h"

#include "code.h"
#include "loader/show/paragraph.h"
#include "loader/plan/abi.h"

#include <inttypes.h>
#include <stdio.h>

enum { MEANING_AT = 48, BRIEF_MAX = 64 };

struct code_names {
	const struct plan *plan;
	const struct plan_blob *insns;
};

/* Shows a constant that comes from a slot by the name of the slot. */
static bool name_operand(
	void *ctx, size_t slot, struct insn i, struct insn next, char *buf, size_t n)
{
	const struct code_names *c = ctx;
	const struct plan_patch *patch = patch_at(c->insns, (uint32_t)slot * INSN_SIZE + 4);
	if (!patch || patch->what != PATCH_SLOT || !insn_is_wide(i))
		return false;
	const struct plan_slot *s = &c->plan->slots[patch->index];
	if (i.src == BPF_PSEUDO_MAP_VALUE)
		text_print(buf, n, "map[%s]+%" PRId32, s->name, next.imm);
	else
		text_print(buf, n, "map[%s]", s->name);
	return true;
}

unsigned insn_text(
	const struct plan *p, const struct plan_blob *insns, uint32_t at, char *buf, size_t size)
{
	struct code_names c = {p, insns};
	const struct disasm_names names = {name_operand, &c};
	return code_line(insns->bytes, at, insns->size / INSN_SIZE, p->big, &names, buf, size);
}

static void print_code(const struct plan *p, const struct plan_blob *b, FILE *out)
{
	struct code_names c = {p, b};
	const struct disasm_names names = {name_operand, &c};
	code_print(b->bytes, b->size / INSN_SIZE, p->big, &names, "      ", out);
}

static void print_hex(const struct plan_blob *b, FILE *out)
{
	for (uint32_t i = 0; i < b->size; i++)
		print(out, "%s%02x%s", i % 16 ? " " : "      ", b->bytes[i],
			i % 16 == 15 || i + 1 == b->size ? "\n" : "");
}

static void print_field(
	const struct plan *p, struct shown_field *f, const struct print_style *style, FILE *out)
{
	const char *dim = style->color ? "\033[2m" : "", *plain = style->color ? "\033[0m" : "";
	const char *what = f->field.what;
	int n = print(out, "    %-*s %s", NAME_WIDTH, f->field.name, one_line(f->value));
	int gap = n < MEANING_AT ? MEANING_AT - n : 2;
	if (n > 0 && *what && (size_t)(n + gap) + strlen(what) <= TERMINAL_WIDTH)
		print(out, "%*s%s%s%s", gap, "", dim, what, plain);
	fputc('\n', out);
	const struct plan_blob *b =
		f->patch && f->patch->what == PATCH_BLOB ? &p->blobs[f->patch->index] : NULL;
	if (!style->code || !b || !b->bytes || blob_is_text(b))
		return;
	if (f->field.kind == ABI_INSNS)
		print_code(p, b, out);
	else if (b->size > 8 && (!style->brief || b->size <= BRIEF_MAX))
		print_hex(b, out);
}

void print_fields(const struct plan *p, const struct plan_step *s, const struct slot_style *slots,
	const struct print_style *style, FILE *out)
{
	struct shown_field f;
	for (struct abi_walk w = fields_of(s); next_field(p, s, &w, slots, &f);)
		print_field(p, &f, style, out);
}

void print_call(
	const struct plan *p, const struct plan_step *s, const struct slot_style *slots, FILE *out)
{
	char call[512], version[8];
	const char *why;
	uint16_t since = step_since(p, s, &why);
	call_text(p, s, "attr", slots, call, sizeof call);
	if (strlen(call) + 2 <= TERMINAL_WIDTH) {
		print(out, "  %s", call);
	} else {
		struct paragraph g = {out, (size_t)print(out, "  "), 4};
		paragraph_add(&g, call);
	}
	if (since && why && strncmp(why, "BPF_", 4))
		print(out, "   since Linux %s for %s", abi_version(since, version), why);
	else if (since)
		print(out, "   since Linux %s", abi_version(since, version));
	fputc('\n', out);
}

static void print_step(const struct plan *p, size_t i, const struct print_style *style, FILE *out)
{
	const struct plan_step *s = &p->steps[i];
	const char *bold = style->color ? "\033[1m" : "", *plain = style->color ? "\033[0m" : "";
	char call[512], text[VALUE_MAX];

	print(out, "\n%s", bold);
	size_t n = (size_t)print(out, "%zu. ", i + 1);
	struct paragraph title = {out, n, n};
	text_print(call, sizeof call, "%s: %s", s->who, s->doing);
	paragraph_add(&title, call);
	print(out, "%s\n", plain);
	if (*s->note) {
		struct paragraph g = {out, (size_t)print(out, "  ("), 3};
		paragraph_add(&g, s->note);
		fputs(")\n", out);
	}
	if (s->undoes != PLAN_NONE)
		print(out, "  (%s: undoes step %d)\n",
			s->flags & STEP_ON_FAILURE ? "only if a step fails" : "at the end",
			s->undoes + 1);
	print_call(p, s, &slots_by_name, out);
	print_fields(p, s, &slots_by_name, style, out);
	if (plan_step_has_result(p, s)) {
		slot_text(p, s->slot, text, sizeof text);
		print(out, "  = %s\n", text);
	}
}

static size_t count_first(const struct plan *p)
{
	size_t n = 0;
	for (size_t i = 0; i < p->n_steps; i++)
		n += !is_fallback(p, &p->steps[i]);
	return n;
}

static void print_unattached(const struct plan_prog *p, FILE *out)
{
	char text[VALUE_MAX * 3];
	struct paragraph g = {out, 0, 2};
	text_print(text, sizeof text, "program '%s' (%s) is loaded but not attached%s%s", p->name,
		p->sec, p->why ? ": " : "", p->why ? p->why : "");
	paragraph_add(&g, text);
	fputc('\n', out);
}

static void print_text(const struct plan *p, const struct print_style *style, FILE *out)
{
	size_t first = count_first(p);
	char head[VALUE_MAX * 2];
	struct paragraph g = {out, 0, 2};
	int n = text_print(head, sizeof head, "%s: %zu program%s, %zu map%s; %zu step%s", p->name,
		p->n_progs, p->n_progs == 1 ? "" : "s", p->n_maps, p->n_maps == 1 ? "" : "s", first,
		first == 1 ? "" : "s");
	if (first < p->n_steps && n > 0 && (size_t)n < sizeof head)
		text_print(head + n, sizeof head - (size_t)n, ", %zu fallback%s",
			p->n_steps - first, p->n_steps - first == 1 ? "" : "s");
	if (!style->full && first < p->n_steps)
		text_add(head, sizeof head, " (-v shows them)");
	paragraph_add(&g, head);
	fputc('\n', out);
	if (*p->release)
		print(out, "linked against the types of Linux %s (%s)\n", p->release, p->machine);
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].link == PLAN_NONE)
			print_unattached(&p->progs[i], out);
	if (!style->full) {
		fputc('\n', out);
		print_folded(p, style, out);
	}
	for (size_t i = 0; i < p->n_steps && style->full; i++)
		if (is_fallback(p, &p->steps[i]))
			print_fallback(p, i, out);
		else
			print_step(p, i, style, out);
}

void plan_print(const struct plan *p, const struct print_style *style, FILE *out)
{
	if (style->json)
		print_json(p, out);
	else
		print_text(p, style, out);
}
