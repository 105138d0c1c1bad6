/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The short form of a plan: two lines for each step, and how many fallbacks it has. */
#include "plan_text_impl.h"

#include "elf/base/format.h"
#include "elf/base/text.h"
#include "loader/show/print.h"
#include "step_purpose.h"

#include <string.h>

enum { INDENT = 5 };

/* Fields that only tell the size of what another field points to: a bit for each 4 bytes. */
static uint64_t size_fields(unsigned layout)
{
	uint64_t found = 0;
	struct abi_field f;
	for (struct abi_walk w = {.layout = layout, .plain = true}; abi_next_field(&w, &f);) {
		bool pointer = f.kind >= ABI_PTR && f.kind <= ABI_FDS;
		if (pointer && f.len_at != ABI_ONE)
			found |= UINT64_C(1) << f.len_at / 4;
		if (pointer && f.unit & ABI_UNIT_RECORD && f.unit < ABI_UNIT_KEY)
			found |= UINT64_C(1) << (f.unit & ~ABI_UNIT_RECORD);
	}
	return found;
}

/* The fields of the attr that fit into room characters: "{map_type=BPF_MAP_TYPE_HASH, ...}". */
static void short_attr(
	const struct plan *p, const struct plan_step *s, size_t room, char *buf, size_t size)
{
	struct shown_field f;
	char text[VALUE_MAX + 64];
	const char *between = "";
	uint64_t sizes = size_fields(plan_step_layout(s));
	text_print(buf, size, "{");
	for (struct abi_walk w = fields_of(s); next_field(p, s, &w, &slots_by_name, &f);) {
		if (sizes >> f.field.offset / 4 & 1 && f.field.size == 4)
			continue;
		const char *dot = strrchr(f.field.name, '.');
		text_print(text, sizeof text, "%s%s=%s", between, dot ? dot + 1 : f.field.name,
			one_line(f.value));
		if (strlen(buf) + strlen(text) > room) {
			text_add(buf, size, "%s...", between);
			break;
		}
		text_add(buf, size, "%s", text);
		between = ", ";
	}
	text_add(buf, size, "}");
}

static size_t count_fallbacks(const struct plan *p, size_t step)
{
	size_t n = 0;
	for (size_t i = step + 1; i < p->n_steps; i++)
		n += is_fallback(p, &p->steps[i]) && step_root(p, i) == step;
	return n;
}

/* "+2 fallbacks", "" if there are none. */
static void fallbacks_text(const struct plan *p, size_t i, char *buf, size_t size)
{
	size_t n = count_fallbacks(p, i);
	buf[0] = 0;
	if (n)
		text_print(buf, size, "  +%zu fallback%s", n, n == 1 ? "" : "s");
}

/* Ends a line with a text at its right. */
static void put_right(struct paragraph *g, const char *text)
{
	if (g->col + strlen(text) > TERMINAL_WIDTH)
		g->col = (size_t)print(g->out, "\n") - 1;
	print(g->out, "%*s\n", *text ? (int)(TERMINAL_WIDTH - g->col) : 0, text);
}

static void print_first_line(const struct plan *p, size_t i, const char *right, FILE *out)
{
	const struct plan_step *s = &p->steps[i];
	char call[512], attr[VALUE_MAX];
	call_text(p, s, "{, ...}", &slots_by_name, call, sizeof call);
	size_t used = INDENT + strlen(call) + strlen(right);
	if (s->attr != PLAN_NONE) {
		short_attr(
			p, s, used < TERMINAL_WIDTH ? TERMINAL_WIDTH - used : 0, attr, sizeof attr);
		call_text(p, s, attr, &slots_by_name, call, sizeof call);
	}
	struct paragraph g = {out, (size_t)print(out, "%3zu. ", i + 1), INDENT};
	paragraph_add(&g, one_line(call));
	put_right(&g, right);
}

static void reason_text(const struct plan *p, const struct plan_step *s, char *buf, size_t size)
{
	char purpose[512];
	text_print(buf, size, "%s: ", s->doing);
	if (s->undoes != PLAN_NONE)
		text_add(buf, size, "%s, undoes step %d; ",
			s->flags & STEP_ON_FAILURE ? "if a step fails" : "at the end",
			s->undoes + 1);
	text_add(buf, size, "%s", step_purpose(p, s, purpose, sizeof purpose));
}

/* The number of fallbacks is where there is room for it. */
static void print_short(const struct plan *p, size_t i, FILE *out)
{
	char reason[1024], right[32];
	reason_text(p, &p->steps[i], reason, sizeof reason);
	fallbacks_text(p, i, right, sizeof right);
	bool above = INDENT + strlen(reason) + strlen(right) > TERMINAL_WIDTH;
	print_first_line(p, i, above ? right : "", out);
	struct paragraph g = {out, (size_t)print(out, "%*s", INDENT, ""), INDENT};
	paragraph_add(&g, one_line(reason));
	put_right(&g, above ? "" : right);
}

void print_folded(const struct plan *p, const struct print_style *style, FILE *out)
{
	const char *bold = style->color ? "\033[1m" : "", *plain = style->color ? "\033[0m" : "";
	const char *who = "";
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		if (is_fallback(p, s))
			continue;
		if (strcmp(who, s->who)) {
			struct paragraph g = {out, (size_t)print(out, "%s", bold), 2};
			g.col = 0;
			paragraph_add(&g, s->who);
			print(out, "%s\n", plain);
		}
		who = s->who;
		print_short(p, i, out);
	}
}
