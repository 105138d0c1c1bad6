/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_why.h"

#include "plan_text_impl.h"

#include "elf/base/format.h"
#include "elf/base/text.h"
#include "loader/show/print.h"
#include "source_line.h"
#include "step_purpose.h"

#include <inttypes.h>
#include <string.h>

enum { LABEL_WIDTH = 13, TEXT_MAX = 768, REFERENCES_MAX = 8, LISTED_MAX = 512 };

/* "label      text", wrapped. */
static void say(const char *label, const char *text, FILE *out)
{
	char line[TEXT_MAX];
	struct paragraph g = {out, (size_t)print(out, "%-*s", LABEL_WIDTH, label), LABEL_WIDTH};
	text_print(line, sizeof line, "%s", text);
	paragraph_add(&g, one_line(line));
	fputc('\n', out);
}

/* ---- the part of the object ---- */

/* The source line of an instruction, if the plan has it. */
static void say_line(const struct plan *p, int16_t prog, uint32_t insn, FILE *out)
{
	char line[TEXT_MAX];
	if (source_line(p, prog, insn, line, sizeof line))
		say("", line, out);
}

/* The instructions that refer to the result of the step. */
static void say_references(const struct plan *p, const struct plan_step *s, FILE *out)
{
	char code[160], text[TEXT_MAX];
	size_t n = 0;
	for (struct slot_reference r = {.prog = -1}; slot_next_reference(p, s->slot, &r); n++) {
		const struct plan_prog *prog = &p->progs[r.prog];
		if (n >= REFERENCES_MAX)
			continue;
		insn_text(p, &p->blobs[prog->insns], r.insn, code, sizeof code);
		text_print(text, sizeof text, "program '%s', instruction %" PRIu32 ": %s",
			prog->name, r.insn, code);
		say(n ? "" : "used by", text, out);
		say_line(p, (int16_t)r.prog, r.insn, out);
	}
	if (n > REFERENCES_MAX) {
		text_print(text, sizeof text, "and %zu more instructions", n - REFERENCES_MAX);
		say("", text, out);
	}
}

static void say_origin(const struct plan *p, const struct plan_step *s, FILE *out)
{
	const struct plan_map *m = step_map(p, s);
	char text[TEXT_MAX];
	bool btf = s->slot != PLAN_NONE && p->slots[s->slot].kind == SLOT_BTF;
	if (s->prog != PLAN_NONE) {
		const struct plan_prog *prog = &p->progs[s->prog];
		text_print(text, sizeof text, "program '%s', SEC(\"%s\")", prog->name, prog->sec);
		say("asked by", text, out);
		say_line(p, s->prog, 0, out);
	} else if (m && m->data) {
		text_print(text, sizeof text, "section %s: %" PRIu32 " bytes of variables", m->name,
			m->value_size);
		say("asked by", text, out);
	} else if (m) {
		text_print(text, sizeof text, "the definition of map '%s'", m->name);
		say("asked by", text, out);
	} else if (btf && !strcmp(s->who, "types")) {
		say("asked by", "section .BTF", out);
	} else {
		say("asked by", s->who, out);
	}
	if (s->slot != PLAN_NONE)
		say_references(p, s, out);
}

/* ---- other steps ---- */

static void add_number(char *buf, size_t size, size_t i)
{
	if (strlen(buf) + 16 < size)
		text_list(buf, size, "%zu", i + 1);
}

/* What its arguments come from, and what takes its result. */
static void say_neighbours(const struct plan *p, size_t i, FILE *out)
{
	const struct plan_step *s = &p->steps[i];
	char before[LISTED_MAX] = "", after[LISTED_MAX] = "", text[LISTED_MAX + 16];
	for (size_t k = 0; k < p->n_steps; k++) {
		const struct plan_step *other = &p->steps[k];
		if (is_fallback(p, other) && !is_fallback(p, s))
			continue;
		if (k < i && other->slot != PLAN_NONE && other->slot != s->slot &&
			step_takes(p, s, other->slot))
			add_number(before, sizeof before, k);
		if (k > i && s->slot != PLAN_NONE && step_takes(p, other, s->slot))
			add_number(after, sizeof after, k);
	}
	text_print(text, sizeof text, "step%s %s", strchr(before, ',') ? "s" : "", before);
	if (*before)
		say("needs", text, out);
	text_print(text, sizeof text, "step%s %s", strchr(after, ',') ? "s" : "", after);
	if (*after)
		say("needed by", text, out);
}

static void say_condition(const struct plan_step *s, FILE *out)
{
	char errs[VALUE_MAX], text[TEXT_MAX];
	errs_text(s, errs, sizeof errs);
	if (s->fallback_for != PLAN_NONE) {
		text_print(text, sizeof text, "only if step %d fails or is skipped (%s)",
			s->fallback_for + 1, errs);
		say("runs", text, out);
	}
	if (s->undoes != PLAN_NONE) {
		text_print(text, sizeof text, "%s, to undo step %d",
			s->flags & STEP_ON_FAILURE ? "if a step fails" : "at the end",
			s->undoes + 1);
		say("runs", text, out);
	}
}

static void say_fallbacks(const struct plan *p, size_t i, FILE *out)
{
	char errs[VALUE_MAX], text[TEXT_MAX];
	const char *label = "if it fails";
	for (size_t k = i + 1; k < p->n_steps; k++) {
		const struct plan_step *s = &p->steps[k];
		if (s->fallback_for != (int)i)
			continue;
		errs_text(s, errs, sizeof errs);
		text_print(text, sizeof text, "%s: step %zu%s%s", errs, k + 1, *s->note ? ", " : "",
			s->note);
		say(label, text, out);
		label = "";
	}
}

static void say_outcome(const struct plan_step *s, FILE *out)
{
	char text[VALUE_MAX] = "";
	char name[16];
	for (int i = 0; i < PLAN_ERRS && s->tolerated[i]; i++)
		text_list(text, sizeof text, "%s",
			s->tolerated[i] == ERRS_ANY ? "any errno"
						    : errno_name(s->tolerated[i], name));
	if (*text)
		say("may fail", text, out);
}

void plan_print_why(const struct plan *p, size_t i, bool color, FILE *out)
{
	const struct plan_step *s = &p->steps[i];
	char text[TEXT_MAX], version[8];
	const char *why;
	uint16_t since = step_since(p, s, &why);
	text_print(text, sizeof text, "step %zu: %s: %s", i + 1, s->who, s->doing);
	print(out, "%s%s%s\n", color ? "\033[1m" : "", one_line(text), color ? "\033[0m" : "");
	call_text(p, s, "attr", &slots_by_name, text, sizeof text);
	say("call", text, out);
	say("what for", step_purpose(p, s, text, sizeof text), out);
	say_condition(s, out);
	say_origin(p, s, out);
	say_neighbours(p, i, out);
	if (since) {
		text_print(text, sizeof text, "Linux %s%s%s", abi_version(since, version),
			why ? ", for " : "", why ? why : "");
		say("since", text, out);
	}
	say_fallbacks(p, i, out);
	say_outcome(s, out);
}
