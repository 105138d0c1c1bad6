/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_kernels.h"

#include "kernel_run.h"
#include "plan_text_impl.h"

#include "elf/base/format.h"
#include "loader/show/print.h"
#include "step_purpose.h"

#include <string.h>

enum { NOTES_MAX = 26, CELL_WIDTH = 7, NUMBER_WIDTH = 5 };

/* A row: a step, as one of the kernels has it. Others have it as the nth with that subject and verb. */
struct row {
	const char *who, *doing;
	size_t nth;
	int16_t step[KERNELS_MAX]; /* by kernel; PLAN_NONE: it has no such step */
	char command[48];
};

struct table {
	const struct kernel_column *kernels;
	size_t n;
	struct arena *arena;
	struct row *rows;
	size_t n_rows, room;
	const char *notes[NOTES_MAX]; /* why a fallback is taken: a, b, ... */
	size_t n_notes;
	bool leaves_out;
	struct step_need *needs[KERNELS_MAX];
	enum step_fate *fates[KERNELS_MAX];
};

/* ---- rows ---- */

static struct row *find_row(const struct table *t, const struct plan_step *s, size_t nth)
{
	for (size_t i = 0; i < t->n_rows; i++) {
		struct row *r = &t->rows[i];
		if (r->nth == nth && !strcmp(r->who, s->who) && !strcmp(r->doing, s->doing))
			return r;
	}
	return NULL;
}

static struct row *add_row(
	struct table *t, const struct plan *p, const struct plan_step *s, size_t nth)
{
	struct row *rows = arena_grow(t->arena, t->rows, t->n_rows, &t->room, sizeof *rows);
	if (!rows)
		return NULL;
	t->rows = rows;
	struct row *r = &rows[t->n_rows++];
	*r = (struct row){.who = s->who, .doing = s->doing, .nth = nth};
	for (size_t k = 0; k < KERNELS_MAX; k++)
		r->step[k] = PLAN_NONE;
	call_command(p, s, r->command);
	return r;
}

/* The step's number among those with its subject and verb. */
static size_t nth_of(const struct plan *p, size_t step)
{
	size_t n = 0;
	for (size_t i = 0; i < step; i++) {
		const struct plan_step *s = &p->steps[i];
		n += !is_fallback(p, s) && !strcmp(s->who, p->steps[step].who) &&
		     !strcmp(s->doing, p->steps[step].doing);
	}
	return n;
}

static bool add_rows(struct table *t, size_t kernel)
{
	const struct plan *p = t->kernels[kernel].plan;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		if (is_fallback(p, s) || s->undoes != PLAN_NONE)
			continue;
		size_t nth = nth_of(p, i);
		struct row *r = find_row(t, s, nth);
		if (!r && !(r = add_row(t, p, s, nth)))
			return false;
		r->step[kernel] = (int16_t)i;
	}
	return true;
}

/* ---- cells ---- */

/* The step that runs instead of this one: the first of its fallbacks that succeeds, or itself; NULL if none. */
static const struct plan_step *taken(const struct plan *p, size_t step, const enum step_fate *fates)
{
	for (size_t i = step; i < p->n_steps; i++)
		if (fates[i] == FATE_OK && is_fallback(p, &p->steps[i]) == (i > step) &&
			step_root(p, i) == step)
			return &p->steps[i];
	return NULL;
}

/* The letter of a note. */
static char letter_of(struct table *t, const char *note)
{
	for (size_t i = 0; i < t->n_notes; i++)
		if (!strcmp(t->notes[i], note))
			return (char)('a' + i);
	if (t->n_notes == NOTES_MAX)
		return '?';
	t->notes[t->n_notes] = note;
	return (char)('a' + t->n_notes++);
}

/* The last form of a step that was tried, if the plan fails because of it; else PLAN_NONE. */
static int blocker(const struct plan *p, size_t step, const enum step_fate *fates)
{
	int found = PLAN_NONE;
	if (taken(p, step, fates))
		return PLAN_NONE;
	for (size_t i = step; i < p->n_steps; i++)
		if (fates[i] == FATE_TOO_NEW && !kernel_tolerates(&p->steps[i]) &&
			is_fallback(p, &p->steps[i]) == (i > step) && step_root(p, i) == step)
			found = (int)i;
	return found;
}

static void put_cell(struct table *t, const struct row *r, size_t kernel, FILE *out)
{
	const struct plan *p = t->kernels[kernel].plan;
	const enum step_fate *fates = t->fates[kernel];
	char text[8] = "";
	int16_t step = r->step[kernel];
	const struct plan_step *s = step == PLAN_NONE ? NULL : taken(p, (size_t)step, fates);
	if (s && s - p->steps == step)
		text_print(text, sizeof text, "ok");
	else if (s)
		text_print(text, sizeof text, "%c", letter_of(t, *s->note ? s->note : s->doing));
	else if (step != PLAN_NONE && blocker(p, (size_t)step, fates) != PLAN_NONE)
		text_print(text, sizeof text, "fails");
	else if (step != PLAN_NONE) {
		text_print(text, sizeof text, "-");
		t->leaves_out = true;
	}
	print(out, " %*s", CELL_WIDTH - 1, text);
}

/* ---- the table ---- */

static void print_cut(const char *text, size_t width, FILE *out)
{
	size_t n = strlen(text);
	print(out, "%-*.*s", (int)width, (int)(n < width ? n : width), text);
}

static void print_rows(struct table *t, FILE *out)
{
	size_t width = TERMINAL_WIDTH - CELL_WIDTH * t->n;
	char label[128];
	const char *who = "";
	print(out, "%*s", (int)width, "");
	for (size_t k = 0; k < t->n; k++)
		print(out, " %*.*s", CELL_WIDTH - 1, CELL_WIDTH - 1, t->kernels[k].name);
	fputc('\n', out);
	for (size_t i = 0; i < t->n_rows; i++) {
		const struct row *r = &t->rows[i];
		if (strcmp(who, r->who)) {
			struct paragraph g = {out, 0, 2};
			paragraph_add(&g, r->who);
			fputc('\n', out);
		}
		who = r->who;
		text_print(label, sizeof label, "  %s, %s", r->doing, r->command);
		print_cut(label, width, out);
		for (size_t k = 0; k < t->n; k++)
			put_cell(t, r, k, out);
		fputc('\n', out);
	}
}

/* What the kernel lacks of a step that fails. */
static void print_failure(const struct table *t, size_t kernel, size_t step, FILE *out)
{
	const struct plan_step *s = &t->kernels[kernel].plan->steps[step];
	const struct step_need *n = &t->needs[kernel][step];
	char text[512], version[8];
	struct paragraph g = {out, (size_t)print(out, "fails  "), 7};
	text_print(text, sizeof text, "%s: %s: %s: %s requires Linux %s", t->kernels[kernel].name,
		s->who, s->doing, n->why ? n->why : "it", abi_version(n->since, version));
	paragraph_add(&g, one_line(text));
	fputc('\n', out);
}

static void print_legend(const struct table *t, FILE *out)
{
	print(out, "\nok     the form that is tried first\n");
	for (size_t i = 0; i < t->n_notes; i++) {
		struct paragraph g = {out, (size_t)print(out, "%c      ", (int)('a' + i)), 7};
		paragraph_add(&g, t->notes[i]);
		fputc('\n', out);
	}
	if (t->leaves_out)
		print(out, "-      left out: the program runs without it\n");
	for (size_t k = 0; k < t->n; k++) {
		const struct plan *p = t->kernels[k].plan;
		for (size_t i = 0; i < p->n_steps; i++) {
			int last = is_fallback(p, &p->steps[i]) ? PLAN_NONE
			                                        : blocker(p, i, t->fates[k]);
			if (last != PLAN_NONE)
				print_failure(t, k, (size_t)last, out);
		}
	}
}

bool plan_print_kernels(const struct kernel_column *kernels, size_t n, struct arena *a, FILE *out)
{
	struct table t = {.kernels = kernels, .n = n, .arena = a};
	for (size_t k = 0; k < n; k++) {
		t.needs[k] = kernel_needs(kernels[k].plan, a);
		t.fates[k] =
			t.needs[k] ? kernel_run(kernels[k].plan, t.needs[k], kernels[k].version, a)
				   : NULL;
		if (!t.fates[k] || !add_rows(&t, k))
			return false;
	}
	print_rows(&t, out);
	print_legend(&t, out);
	return true;
}
