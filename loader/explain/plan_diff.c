/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_diff.h"

#include "call_diff_impl.h"
#include "plan_text_impl.h"

#include "elf/base/format.h"
#include "elf/base/insn.h"
#include "elf/base/text.h"
#include "loader/show/print.h"

#include <inttypes.h>
#include <string.h>

enum { FIELDS_MAX = 4096, CODE_MAX = 16 /* instructions that are listed */ };

/* ---- lists ---- */

static uint32_t hash_of(const struct plan_blob *b)
{
	uint32_t hash = TEXT_HASH;
	for (uint32_t i = 0; b->bytes && i < b->size; i++)
		hash = text_hash(hash, (char)b->bytes[i]);
	return hash;
}

static void add_field(const struct plan *p, struct shown_field *f, char *buf, size_t size)
{
	const struct plan_patch *patch = f->patch;
	const struct plan_blob *b =
		patch && patch->what == PATCH_BLOB ? &p->blobs[patch->index] : NULL;
	text_add(buf, size, "%s=%s", f->field.name, one_line(f->value));
	if (b && b->bytes && !blob_is_text(b))
		text_add(buf, size, " (hash %08" PRIx32 ")", hash_of(b));
	text_add(buf, size, "\n");
}

static bool add_step(struct call_list *l, const struct plan *p, const struct plan_step *s)
{
	char fields[FIELDS_MAX] = "", call[512], errs[VALUE_MAX];
	struct shown_field f;
	struct listed_call *c = call_list_grow(l);
	if (!c)
		return false;
	call_command(p, s, c->command);
	for (struct abi_walk w = fields_of(s); next_field(p, s, &w, &slots_by_name, &f);)
		add_field(p, &f, fields, sizeof fields);
	call_text(p, s, "attr", &slots_by_name, call, sizeof call);
	text_add(fields, sizeof fields, "call=%s\n", one_line(call));
	errs_text(s, errs, sizeof errs);
	if (*errs)
		text_add(fields, sizeof fields, "after=%s\n", errs);
	c->plan = p;
	c->step = s;
	c->fields = arena_strdup(&l->arena, fields);
	c->name = arena_printf(&l->arena, "%s: %s%s%s%s", s->who, s->doing,
		s->undoes != PLAN_NONE ? " (undo)" : "", is_fallback(p, s) ? ", fallback: " : "",
		is_fallback(p, s) ? s->note : "");
	return c->fields && c->name;
}

static bool add_plan(struct call_list *l, const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (!add_step(l, p, &p->steps[i]))
			return false;
	return true;
}

/* ---- instructions ---- */

static const struct plan_blob *code_of(const struct listed_call *c)
{
	if (c->step->op != STEP_BPF || c->step->cmd != BPF_PROG_LOAD)
		return NULL;
	const struct plan_patch *patch = patch_at(&c->plan->blobs[c->step->attr], ATTR(insns).at);
	const struct plan_blob *b =
		patch && patch->what == PATCH_BLOB ? &c->plan->blobs[patch->index] : NULL;
	return b && b->bytes ? b : NULL;
}

/* The number of slots that an instruction takes, and its text; 0 after the last one. */
static unsigned code_at(
	const struct listed_call *c, const struct plan_blob *b, uint32_t at, char text[static 160])
{
	return at < b->size / INSN_SIZE ? insn_text(c->plan, b, at, text, 160) : 0;
}

/* Instructions that differ, if the programs have the same length; else where the first one does. */
static void print_code_diff(const struct listed_call *a, const struct listed_call *b, FILE *out)
{
	const struct plan_blob *old = code_of(a), *new = code_of(b);
	char x[160], y[160];
	size_t listed = 0;
	if (!old || !new || is_fallback(a->plan, a->step))
		return;
	for (uint32_t at = 0; listed < CODE_MAX;) {
		unsigned n = code_at(a, old, at, x), m = code_at(b, new, at, y);
		if (!n || !m)
			break;
		if (n != m || strcmp(x, y)) {
			print(out, "-       %4" PRIu32 ": %s\n", at, x);
			print(out, "+       %4" PRIu32 ": %s\n", at, y);
			if (old->size != new->size || n != m)
				break;
			listed++;
		}
		at += n;
	}
}

/* ---- text ---- */

static void print_title(const struct listed_call *c, char sign, FILE *out)
{
	print(out, "%c %s: %s\n", sign, c->command, c->name);
}

static bool print_pair(const struct listed_call *a, const struct listed_call *b, FILE *out)
{
	if (!print_others(a->fields, b->fields, '-', NULL) &&
		!print_others(b->fields, a->fields, '+', NULL))
		return false;
	print_title(b, ' ', out);
	print_others(a->fields, b->fields, '-', out);
	print_others(b->fields, a->fields, '+', out);
	print_code_diff(a, b, out);
	return true;
}

static void print_walk(struct call_walk *w, bool *same, FILE *out)
{
	const struct listed_call *a, *b;
	size_t equal = 0, changed = 0, only_a = 0, only_b = 0;
	while (call_walk_next(w, &a, &b))
		if (a && b) {
			bool differs = print_pair(a, b, out);
			changed += differs;
			equal += !differs;
		} else {
			print_title(a ? a : b, a ? '-' : '+', out);
			*(a ? &only_a : &only_b) += 1;
		}
	*same = !changed && !only_a && !only_b;
	print(out, "%s%zu steps are the same, %zu differ", *same ? "" : "\n", equal, changed);
	print(out, ", %zu only in the first, %zu only in the second\n", only_a, only_b);
}

bool plan_print_diff(const struct plan *a, const struct plan *b, bool *same, FILE *out)
{
	struct call_list old = {0}, new = {0};
	struct call_walk w;
	bool ok = add_plan(&old, a) && add_plan(&new, b) && call_walk_start(&w, &old, &new);
	if (ok)
		print_walk(&w, same, out);
	arena_free(&old.arena);
	arena_free(&new.arena);
	return ok;
}
