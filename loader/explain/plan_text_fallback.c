/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_text_impl.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/show/print.h"

#include <stdio.h>
#include <string.h>

/* Finds the field of a call by name. */
static bool find_field(
	const struct plan *p, const struct plan_step *s, const char *name, struct shown_field *f)
{
	for (struct abi_walk w = fields_of(s); next_field(p, s, &w, false, f);)
		if (!strcmp(f->field.name, name))
			return true;
	return false;
}

/* How a fallback differs from the step that it replaces. */
static void print_difference(struct paragraph *g, const struct plan *p, const struct plan_step *old,
	const struct plan_step *s)
{
	struct shown_field f, other;
	char text[VALUE_MAX * 2];
	const char *word = "without";
	for (struct abi_walk w = fields_of(old); next_field(p, old, &w, false, &f);)
		if (!find_field(p, s, f.field.name, &other)) {
			text_print(text, sizeof text, "%s %s", word, f.field.name);
			paragraph_add(g, text);
			word = "and";
		}
	word = *word == 'a' ? "and with" : "with";
	for (struct abi_walk w = fields_of(s); next_field(p, s, &w, false, &f);) {
		bool had = find_field(p, old, f.field.name, &other);
		bool other_blob =
			had && f.patch && other.patch && f.patch->index != other.patch->index;
		if (had && !other_blob && !strcmp(other.value, f.value))
			continue;
		text_print(text, sizeof text, "%s %s = %s%s", word, f.field.name,
			other_blob ? "other " : "", f.value);
		paragraph_add(g, text);
		word = "and";
	}
}

bool is_fallback(const struct plan *p, const struct plan_step *s)
{
	while (s->fallback_for == PLAN_NONE && s->undoes != PLAN_NONE)
		s = &p->steps[s->undoes];
	return s->fallback_for != PLAN_NONE;
}

/* "if 7 fails (EINVAL):" */
static void print_condition(struct paragraph *g, const struct plan_step *s)
{
	char errs[VALUE_MAX], text[VALUE_MAX + 64];
	errs_text(s, errs, sizeof errs);
	if (s->undoes != PLAN_NONE)
		text_print(text, sizeof text, "undoes %d %s:", s->undoes + 1,
			s->flags & STEP_ON_FAILURE ? "if a step fails" : "at the end");
	else if (s->errs[0] == ERRS_SKIPPED && !s->errs[1])
		text_print(text, sizeof text, "if %d is skipped:", s->fallback_for + 1);
	else
		text_print(text, sizeof text, "if %d fails (%s):", s->fallback_for + 1, errs);
	paragraph_add(g, text);
}

void print_fallback(const struct plan *p, size_t i, FILE *out)
{
	const struct plan_step *s = &p->steps[i];
	const struct plan_step *old =
		s->fallback_for == PLAN_NONE ? NULL : &p->steps[s->fallback_for];
	char call[512], text[VALUE_MAX * 2];
	struct paragraph g = {out, 0, 6};
	g.col = (size_t)print(out, "  %3zu. ", i + 1);
	g.indent = g.col;
	print_condition(&g, s);
	if (old && s->op == old->op && s->cmd == old->cmd && s->op != STEP_APPEND) {
		paragraph_add(&g, "the same");
		if (s->attr != PLAN_NONE)
			print_difference(&g, p, old, s);
	} else {
		call_text(p, s, "attr", NULL, call, sizeof call);
		paragraph_add(&g, call);
	}
	if (*s->note) {
		text_print(text, sizeof text, "(%s)", s->note);
		paragraph_add(&g, text);
	}
	fputc('\n', out);
}
