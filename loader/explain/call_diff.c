/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "call_diff.h"

#include "loader/show/print.h"

#include "plan_text_impl.h"

#include "elf/base/insn.h"
#include "elf/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* fields: "name=value\n" for each. */
struct listed_call {
	char command[48];
	const char *fields, *name;
	int error; /* errno, 0 if it succeeded */
};

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

bool call_list_add(struct call_list *l, const struct plan *p, const struct plan_step *s, int error)
{
	char fields[FIELDS_MAX] = "";
	struct shown_field f;
	if (l->n == CALL_LIST_MAX)
		return true;
	struct listed_call *calls =
		arena_grow(&l->arena, l->calls, l->n, &l->room, sizeof *l->calls);
	if (!calls)
		return false;
	l->calls = calls;
	struct listed_call *c = &calls[l->n++];
	*c = (struct listed_call){.name = "", .error = error};
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
	if (strcmp(a->command, b->command))
		return 0;
	return SAME_COMMAND + (strcmp(a->name, b->name) ? 0u : SAME_NAME) +
	       (a->error || b->error ? 0u : SUCCESS);
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

/* Fields of a that b has not, or with another value. */
static void print_others(const char *a, const char *b, char sign, FILE *out)
{
	for (size_t n; *a; a += n + 1) {
		n = strcspn(a, "\n");
		const char *other = find_line(b, a);
		bool open = other && (is_open(a) || is_open(other));
		if (!open && (!other || strncmp(other, a, n + 1)))
			print(out, "%c     %.*s\n", sign, (int)n, a);
	}
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
	uint16_t *best = align(planned, made);
	size_t width = made->n + 1, both = 0;
	if (!best)
		return false;
	for (size_t i = 0, j = 0; i < planned->n || j < made->n;) {
		const struct listed_call *a = planned->calls + i, *b = made->calls + j;
		const uint16_t *at = best + i * width + j;
		unsigned like = i < planned->n && j < made->n ? likeness(a, b) : 0;
		if (like && *at == like + at[width + 1]) {
			print_call_of(b, ' ', out);
			print_others(a->fields, b->fields, '-', out);
			print_others(b->fields, a->fields, '+', out);
			i++, j++, both++;
		} else if (i < planned->n && (j == made->n || *at == at[width])) {
			print_call_of(a, '-', out);
			i++;
		} else {
			print_call_of(b, '+', out);
			j++;
		}
	}
	free(best);
	print(out, "\n%zu in both, %zu only planned, %zu only made\n", both, planned->n - both,
		made->n - both);
	return true;
}
