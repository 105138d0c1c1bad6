/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Calls of other processes, as text or JSON. */
#include "plan_text_impl.h"

#include "elf/base/format.h"
#include "loader/show/print.h"

#include "kernel_error.h"
#include "elf/base/text.h"
#include "loader/trace/seen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { INDENT = 4 };

char *duration_text(uint64_t ns, char buf[static 24])
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = {{1000000000, "s"}, {1000000, "ms"}, {0, "us"}};
	size_t i = 0;
	while (ns < units[i].ns)
		i++;
	uint64_t tenths = ns / (units[i].ns / 10 + (units[i].ns ? 0 : 100));
	if (units[i].ns)
		text_print(buf, 24, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10,
			units[i].unit);
	else
		text_print(buf, 24, "%" PRIu64 " us", ns / 1000);
	return buf;
}

/* Text, wrapped on terminals. */
static void put(const struct seen_style *style, size_t col, const char *text, FILE *out)
{
	struct paragraph g = {out, col, INDENT};
	if (style->wrap)
		paragraph_add(&g, text);
	else
		fputs(text, out);
}

/* Whether a line may end before the blank at p: after a field, before the result and the time. */
static bool may_break(const char *p)
{
	return *p == ' ' && (p[-1] == ',' || p[1] == '=' || !strncmp(p, "  #", 3));
}

/* A call, wrapped between its fields. */
static void put_call(const char *text, FILE *out)
{
	size_t col = 0;
	for (const char *p = text; *p;) {
		size_t n = 1;
		while (p[n] && !may_break(p + n))
			n++;
		size_t skip = 0;
		if (col && col + n > TERMINAL_WIDTH) {
			skip = strspn(p, " ");
			col = (size_t)print(out, "\n%*s", INDENT, "") - 1;
		}
		col += (size_t)print(out, "%.*s", (int)(n - skip), p + skip);
		p += n;
	}
}

/* " = 5", " = -1 EPERM (Operation not permitted)", " = ?" */
static void add_result(const struct seen *s, char *buf, size_t size)
{
	char name[16];
	if (!s->returned)
		text_add(buf, size, " = ? (the thread ended)");
	else if (s->result < 0 && s->result >= -ERRNO_MAX)
		text_add(buf, size, " = -1 %s (%s)", errno_name((int)-s->result, name),
			strerror((int)-s->result));
	else
		text_add(buf, size, " = %ld", s->result);
}

static void print_reason(const struct err *e, const struct seen_style *style, FILE *out)
{
	char text[sizeof e->hint + 8];
	if (*e->text) {
		print(out, "%*s", INDENT, "");
		put(style, INDENT, e->text, out);
		fputc('\n', out);
	}
	if (*e->hint) {
		text_print(text, sizeof text, "hint: %s", e->hint);
		print(out, "%*s", INDENT, "");
		put(style, INDENT, text, out);
		fputc('\n', out);
	}
}

static void print_line(const struct seen *s, const struct seen_style *style, FILE *out)
{
	const struct slot_style slots = {&s->exec, true};
	char call[CALL_MAX], text[CALL_MAX + 256], took[24];
	text[0] = 0;
	whole_call(&s->plan, &s->plan.steps[0], &slots, call);
	if (style->pids)
		text_add(text, sizeof text, "[%d] ", (int)s->tid);
	text_add(text, sizeof text, "%s", call);
	add_result(s, text, sizeof text);
	text_add(text, sizeof text, "  # %s", duration_text(s->took_ns, took));
	if (style->wrap)
		put_call(text, out);
	else
		fputs(text, out);
	fputc('\n', out);
}

/* The next field that is set in the structure that the kernel has returned, and its value as text. */
static bool next_info(
	const struct seen *s, struct abi_walk *w, struct abi_field *f, char value[static VALUE_MAX])
{
	const uint8_t *p = s->info.p;
	unsigned n = (unsigned)s->info.n;
	while (n && abi_next_field(w, f)) {
		bool bytes = f->kind == ABI_NAME || f->kind == ABI_BYTES;
		bool used = bytes ? f->offset < n && p[f->offset] : abi_get(f, p, n) != 0;
		if (used && abi_applies(w->layout, f, p, n)) {
			abi_show(f, p, n, value, VALUE_MAX);
			return true;
		}
	}
	return false;
}

static void print_info(const struct seen *s, FILE *out)
{
	struct abi_walk w = {.layout = s->info_layout};
	char value[VALUE_MAX];
	for (struct abi_field f; next_info(s, &w, &f, value);)
		print(out, "      %-*s %s\n", NAME_WIDTH - 2, f.name, one_line(value));
}

static void json_info(struct json *j, const struct seen *s)
{
	struct abi_walk w = {.layout = s->info_layout};
	char value[VALUE_MAX];
	json_key(j, "info");
	json_open(j, '{');
	for (struct abi_field f; next_info(s, &w, &f, value);)
		if (is_number(&f))
			json_member_uint(j, f.name, abi_get(&f, s->info.p, (unsigned)s->info.n));
		else
			json_member_str(j, f.name, value);
	json_close(j);
}

static void print_details(const struct seen *s, const struct seen_style *style, FILE *out)
{
	const struct slot_style slots = {&s->exec, true};
	const struct plan_step *step = &s->plan.steps[0];
	bool color = style->print.color;
	char text[64] = "", took[24];
	print(out, "\n%s%zu. ", color ? "\033[1m" : "", style->number);
	if (style->pids)
		print(out, "[%d] ", (int)s->tid);
	print(out, "%s%s\n", step->doing, color ? "\033[0m" : "");
	print_call(&s->plan, step, &slots, out);
	print_fields(&s->plan, step, &slots, &style->print, out);
	print_info(s, out);
	add_result(s, text, sizeof text);
	print(out, " %s  # %s\n", text, duration_text(s->took_ns, took));
}

/* The objects that fields refer to, by name. */
static void json_names(struct json *j, const struct seen *s)
{
	const struct plan *p = &s->plan;
	char text[VALUE_MAX];
	json_key(j, "names");
	json_open(j, '{');
	for (size_t i = 0; i < p->n_slots; i++) {
		char fd[16];
		text_print(fd, sizeof fd, "%d", (int)s->exec.slots[i].value);
		slot_text(p, (int)i, text, sizeof text);
		json_member_str(j, fd, text + strlen("fd of "));
	}
	json_close(j);
}

static void print_seen_json(const struct seen *s, const struct err *e, FILE *out)
{
	const struct slot_style slots = {&s->exec, false};
	const struct plan_step *step = &s->plan.steps[0];
	char text[CALL_MAX], name[48];
	struct json j = json_start(out);
	json_open(&j, '{');
	json_member_uint(&j, "pid", (uint64_t)s->pid);
	json_member_uint(&j, "tid", (uint64_t)s->tid);
	call_command(&s->plan, step, name);
	json_member_str(&j, "command", name);
	call_text(&s->plan, step, "attr", &slots, text, sizeof text);
	json_member_str(&j, "call", text);
	if (step->attr != PLAN_NONE)
		json_fields(&j, &s->plan, step, &slots);
	if (s->info.n)
		json_info(&j, s);
	if (s->plan.n_slots)
		json_names(&j, s);
	if (s->returned) {
		json_key(&j, "result");
		json_int(&j, s->result < 0 ? -1 : s->result);
	}
	if (s->result < 0)
		json_member_str(&j, "errno", errno_name((int)-s->result, name));
	if (*e->text)
		json_member_str(&j, "reason", e->text);
	if (*e->hint)
		json_member_str(&j, "hint", e->hint);
	json_member_uint(&j, "ns", s->took_ns);
	json_close(&j);
	json_line(&j);
}

void plan_print_seen(struct seen *s, const struct seen_style *style, FILE *out)
{
	struct err e = {0};
	if (s->outcome)
		kernel_error_reason(&s->exec, 0, s->log, &e);
	if (style->print.json) {
		print_seen_json(s, &e, out);
		return;
	}
	if (style->print.code)
		print_details(s, style, out);
	else
		print_line(s, style, out);
	print_reason(&e, style, out);
}
