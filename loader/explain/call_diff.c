/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "call_diff_impl.h"

#include "loader/show/print.h"

#include "plan_text_impl.h"

#include "elf/base/insn.h"
#include "elf/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What makes two calls alike. A call that failed may be a probe. */
enum { FIELDS_MAX = 4096, SAME_COMMAND = 2, SAME_NAME = 4, SUCCESS = 1 };

/* ---- lists ---- */

static void field_text(const struct plan *p, const struct shown_field *f, char *buf, size_t size)
{
	static const char *const kinds[SLOT_KINDS] = {
		"types", "a map", "a program", "a link", "a perf event", "a file", "a number"};
	const struct plan_patch *patch = f->patch;
	const struct plan_blob *b =
		patch && patch->what == PATCH_BLOB ? &p->blobs[patch->index] : NULL;
	bool text = b && blob_is_text(b);
	text_add(buf, size, "%s=", f->field.name);
	if (patch && patch->what != PATCH_BLOB)
		text_add(buf, size, "%s\n", kinds[p->slots[patch->index].kind]);
	else if (b && f->field.kind == ABI_INSNS)
		text_add(buf, size, "%" PRIu32 " instructions\n", b->size / INSN_SIZE);
	else if (b && !text)
		text_add(buf, size, "%" PRIu32 " bytes\n", b->size);
	else
		text_add(buf, size, "%s\n", f->value);
}

struct listed_call *call_list_grow(struct call_list *l)
{
	struct listed_call *calls =
		arena_grow(&l->arena, l->calls, l->n, &l->room, sizeof *l->calls);
	if (!calls)
		return NULL;
	l->calls = calls;
	calls[l->n] = (struct listed_call){.name = ""};
	return &calls[l->n++];
}

bool call_list_add(struct call_list *l, const struct plan *p, const struct plan_step *s, int error)
{
	char fields[FIELDS_MAX] = "";
	struct shown_field f;
	if (l->n == CALL_LIST_MAX)
		return true;
	struct listed_call *c = call_list_grow(l);
	if (!c)
		return false;
	c->error = error;
	call_command(p, s, c->command);
	for (struct abi_walk w = fields_of(s); next_field(p, s, &w, &slots_by_name, &f);) {
		one_line(f.value);
		field_text(p, &f, fields, sizeof fields);
		if (f.field.kind == ABI_NAME)
			c->name = arena_strdup(&l->arena, f.value);
	}
	c->fields = arena_strdup(&l->arena, fields);
	return c->fields && c->name;
}

bool call_list_add_plan(struct call_list *l, const struct plan *p)
{
	static const bool is_call[STEP_OPS] = {
		[STEP_BPF] = true,
		[STEP_PERF_OPEN] = true,
		[STEP_IOCTL] = true,
		[STEP_NETLINK] = true,
		[STEP_SOCKOPT] = true,
		[STEP_APPEND] = true,
	};
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		bool wanted = is_call[s->op] && !is_fallback(p, s) && s->undoes == PLAN_NONE;
		if (wanted && !call_list_add(l, p, s, 0))
			return false;
	}
	return true;
}

/* ---- alignment ---- */

static unsigned likeness(const struct listed_call *a, const struct listed_call *b)
{
	bool named = !strcmp(a->name, b->name);
	if (strcmp(a->command, b->command) || (a->step && !named))
		return 0;
	return SAME_COMMAND + (named ? SAME_NAME : 0u) + (a->error || b->error ? 0u : SUCCESS);
}

/* The most that can be aligned of what begins at a[i] and b[j], for all i and j: the longest common
 * subsequence, with weights. One row and column more than calls. */
static uint16_t *align(const struct call_list *a, const struct call_list *b)
{
	size_t width = b->n + 1;
	uint16_t *best = calloc((a->n + 1) * width, sizeof *best);
	for (size_t i = a->n; best && i--;)
		for (size_t j = b->n; j--;) {
			unsigned like = likeness(&a->calls[i], &b->calls[j]);
			unsigned both = like ? like + best[(i + 1) * width + j + 1] : 0;
			unsigned down = best[(i + 1) * width + j], right = best[i * width + j + 1];
			unsigned more = down > right ? down : right;
			best[i * width + j] = (uint16_t)(both > more ? both : more);
		}
	return best;
}

bool call_walk_start(struct call_walk *w, const struct call_list *a, const struct call_list *b)
{
	*w = (struct call_walk){.a = a, .b = b, .best = align(a, b)};
	return w->best;
}

bool call_walk_next(struct call_walk *w, const struct listed_call **a, const struct listed_call **b)
{
	size_t width = w->b->n + 1;
	const uint16_t *at = w->best + w->i * width + w->j;
	*a = w->i < w->a->n ? &w->a->calls[w->i] : NULL;
	*b = w->j < w->b->n ? &w->b->calls[w->j] : NULL;
	unsigned like = *a && *b ? likeness(*a, *b) : 0;
	if (!*a && !*b) {
		free(w->best);
		return false;
	}
	if (like && *at == like + at[width + 1]) {
		w->i++, w->j++;
	} else if (*a && (!*b || *at == at[width])) {
		*b = NULL;
		w->i++;
	} else {
		*a = NULL;
		w->j++;
	}
	return true;
}

/* ---- text ---- */

/* The line of a field ("name=") in a list of them, or NULL. */
static const char *find_line(const char *fields, const char *line)
{
	size_t n = strcspn(line, "=") + 1;
	while (*fields && strncmp(fields, line, n))
		fields += strcspn(fields, "\n") + 1;
	return *fields ? fields : NULL;
}

/* Whether a value is known only when the plan runs. */
static bool is_open(const char *field)
{
	static const char open[] = "=a number\n";
	return field && !strncmp(strchr(field, '='), open, strlen(open));
}

bool print_others(const char *a, const char *b, char sign, FILE *out)
{
	bool any = false;
	for (size_t n; *a; a += n + 1) {
		n = strcspn(a, "\n");
		const char *other = find_line(b, a);
		bool open = other && (is_open(a) || is_open(other));
		bool differs = !open && (!other || strncmp(other, a, n + 1));
		if (differs && out)
			print(out, "%c     %.*s\n", sign, (int)n, a);
		any |= differs;
	}
	return any;
}

static void print_call_of(const struct listed_call *c, char sign, FILE *out)
{
	char error[16];
	print(out, "%c %s%s%s", sign, c->command, *c->name ? " " : "", c->name);
	if (c->error)
		print(out, " (%s)", errno_name(c->error, error));
	fputc('\n', out);
	if (sign != ' ')
		print_others(c->fields, "", sign, out);
}

bool call_lists_print(const struct call_list *planned, const struct call_list *made, FILE *out)
{
	struct call_walk w;
	const struct listed_call *a, *b;
	size_t both = 0;
	if (!call_walk_start(&w, planned, made))
		return false;
	while (call_walk_next(&w, &a, &b))
		if (a && b) {
			print_call_of(b, ' ', out);
			print_others(a->fields, b->fields, '-', out);
			print_others(b->fields, a->fields, '+', out);
			both++;
		} else {
			print_call_of(a ? a : b, a ? '-' : '+', out);
		}
	print(out, "\n%zu in both, %zu only planned, %zu only made\n", both, planned->n - both,
		made->n - both);
	return true;
}
