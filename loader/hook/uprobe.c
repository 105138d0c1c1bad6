/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Uprobes: entry or return of a function in a program or library, in all processes or in one. The
 * kernel expects a file and an offset in it (see probe.h for the two methods); function names are
 * resolved when the plan is made (see symbols.h).
 *
 *     uprobe//usr/bin/bash:readline    uretprobe/libc.so.6:malloc    uprobe/./a.out:f+4
 *     uprobe  with --on PROG=libc.so.6:malloc@1234
 *
 * uprobe.multi attaches to all functions that match a pattern, with one link (6.6, 64-bit kernels).
 * The fallback is a perf event for each function, up to SINGLE_MAX. A session (6.13) runs one program
 * at entry and return, and may skip the return: it has no fallback.
 */
#include "user_place.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <stdio.h>

enum { MULTI_MAX = 1 << 20 /* MAX_UPROBE_MULTI_CNT of the kernel */, SINGLE_MAX = 32 };

/* "malloc@@GLIBC_2.2.5 in /usr/lib/libc.so.6" */
static const char *describe(
	struct plan_builder *b, const struct user_target *t, const struct symbols_place *place)
{
	char number[40] = "";
	if (!*place->name)
		text_print(number, sizeof number, "byte 0x%llx", (unsigned long long)place->offset);
	else if (place->plus)
		text_print(number, sizeof number, "+0x%llx", (unsigned long long)place->plus);
	return plan_text(
		b, arena_printf(b->plan->arena, "%s%s in %s%s%s%s", place->name, number, t->path,
			   t->found ? " (" : "", t->found ? t->found : "", t->found ? ")" : ""));
}

/* ---- uprobe.multi links ---- */

struct many {
	struct user_target target;
	struct symbols_place *places;
	size_t n;
	bool is_return;
};

static int16_t add_offsets(struct plan_builder *b, const struct many *m)
{
	int16_t blob = plan_add_blob(b, NULL, m->n * 8, "offsets");
	for (size_t i = 0; i < m->n && !b->failed; i++)
		bytes_put(b->plan->blobs[blob].bytes + 8 * i, 8, b->plan->big, m->places[i].offset);
	return blob;
}

static int16_t add_link(struct plan_builder *b, const struct hook_use *use, const struct many *m,
	uint32_t attach_type)
{
	const struct user_target *t = &m->target;
	int16_t step = hook_add_link(b, use, use->link_slot, attach_type);
	attr_blob(b, step, ATTR(link_create.uprobe_multi.path),
		plan_add_blob(b, t->path, strlen(t->path) + 1, "file"));
	attr_blob(b, step, ATTR(link_create.uprobe_multi.offsets), add_offsets(b, m));
	attr_set(b, step, ATTR(link_create.uprobe_multi.cnt), m->n);
	if (m->is_return)
		attr_set(b, step, ATTR(link_create.uprobe_multi.flags), BPF_F_UPROBE_MULTI_RETURN);
	if (t->pid)
		attr_set(b, step, ATTR(link_create.uprobe_multi.pid), (uint32_t)t->pid);
	struct plan_step *s = plan_step_at(b, step);
	s->note = t->found ? t->found : "";
	s->flags |= t->found ? STEP_NOTICE : 0;
	return step;
}

/* ---- one function ---- */

/* The first step that makes the bpf(2) call, or opens the perf event, whose result is in slot. */
static int16_t step_of(const struct plan_builder *b, enum step_op op, uint32_t cmd, int16_t slot)
{
	const struct plan *p = b->plan;
	for (size_t i = 0; !b->failed && i < p->n_steps; i++)
		if (p->steps[i].op == op && p->steps[i].cmd == cmd && p->steps[i].slot == slot)
			return (int16_t)i;
	return PLAN_NONE;
}

/*
 * Perf events of uprobes require CAP_SYS_ADMIN, uprobe.multi links only CAP_PERFMON (6.6). They
 * require another attach type at load time, so the program is loaded again.
 */
static void add_unprivileged(
	struct plan_builder *b, const struct hook_use *use, const struct many *m, int16_t event)
{
	static const char old[] = "requires CAP_SYS_ADMIN before Linux 6.6: run it as root";
	int16_t open = step_of(b, STEP_PERF_OPEN, 0, event);
	int16_t load = step_of(b, STEP_BPF, BPF_PROG_LOAD, use->prog_slot);
	int16_t link = step_of(b, STEP_BPF, BPF_LINK_CREATE, use->link_slot);
	if (b->failed)
		return;
	struct hook_use again = *use;
	again.prog_slot = plan_add_slot(b, SLOT_PROG, b->plan->slots[use->prog_slot].name);
	int16_t step = plan_add_fallback(b, load, "uprobe.multi requires only CAP_PERFMON",
		(uint16_t[PLAN_ERRS]){EACCES, EPERM});
	struct plan_step *s = plan_step_at(b, step);
	s->fallback_for = open;
	s->slot = again.prog_slot;
	s->doing = "load again";
	attr_set(b, step, ATTR(expected_attach_type), BPF_TRACE_UPROBE_MULTI);
	plan_add_hint(b, step, EINVAL, old);
	step = add_link(b, &again, m, BPF_TRACE_UPROBE_MULTI);
	s = plan_step_at(b, step);
	s->fallback_for = link;
	s->errs[0] = ERRS_SKIPPED;
	if (!*s->note)
		s->note = "without a perf event";
	plan_add_hint(b, step, EINVAL, old);
	plan_add_hint(
		b, step, EOPNOTSUPP, "requires CAP_SYS_ADMIN on 32-bit kernels: run it as root");
}

static void attach_to(struct plan_builder *b, const struct hook_use *use, bool is_return)
{
	struct user_target t;
	struct symbols_place place;
	if (!user_target_open(b, use, 1, &t))
		return;
	b->failed = !symbols_find(&t.file, t.what, &place, b->e);
	user_target_close(&t);
	if (b->failed)
		return;
	if (is_return && place.plus) {
		hook_fail(b, NULL, "'%s': a return probe has no offset", t.what);
		return;
	}
	const char *note = describe(b, &t, &place);
	const struct probe_source source = user_place_source(b, use, &t);
	int16_t event = user_place_probe(b, use, &t, &source,
		&(struct user_place){.offset = place.offset, .is_return = is_return}, note);
	perf_attach(b, use, event);
	add_unprivileged(b, use,
		&(struct many){.target = t, .places = &place, .n = 1, .is_return = is_return},
		event);
}

static void attach_entry(struct plan_builder *b, const struct hook_use *use)
{
	attach_to(b, use, false);
}

static void attach_return(struct plan_builder *b, const struct hook_use *use)
{
	attach_to(b, use, true);
}

/* ---- many functions ---- */

/* Without * and ? it is one function, which may have a symbol version or an offset. */
static bool find_places(struct plan_builder *b, struct many *m)
{
	const struct user_target *t = &m->target;
	if (t->what[strcspn(t->what, "*?")])
		return symbols_match(&t->file, t->what, MULTI_MAX, &m->places, &m->n, b->e);
	m->n = 1;
	m->places = arena_alloc(b->plan->arena, sizeof *m->places);
	return m->places ? symbols_find(&t->file, t->what, m->places, b->e) : err_nomem(b->e);
}

/* The fallback: a perf event for each function. The type of the event source is read only if the link
 * failed, and without it these steps are skipped. */
static void add_single(
	struct plan_builder *b, const struct hook_use *use, struct many *m, int16_t fallback_for)
{
	const struct probe_source source = user_place_source(b, use, &m->target);
	struct plan_step *s = plan_step_at(b, source.step);
	s->fallback_for = fallback_for;
	s->errs[0] = EINVAL;
	s->errs[1] = EOPNOTSUPP;
	s->note = "kernels before 6.6 and 32-bit kernels attach to one function at a time";
	for (size_t i = 0; i < m->n && !b->failed; i++) {
		struct user_place place = {
			.offset = m->places[i].offset, .is_return = m->is_return};
		const char *what = describe(b, &m->target, &m->places[i]);
		const char *note = plan_text(
			b, arena_printf(b->plan->arena, "without uprobe.multi: %s", what));
		int16_t event = user_place_probe(b, use, &m->target, &source, &place, note);
		perf_set_bpf(b, use, event, i ? PLAN_NONE : use->link_slot, PLAN_NONE);
		perf_enable(b, use, event);
	}
}

static void attach_many(struct plan_builder *b, const struct hook_use *use)
{
	struct many m = {.is_return = !strncmp(use->hook->sec, "uret", 4)};
	if (!user_target_open(b, use, 1, &m.target))
		return;
	b->failed = !find_places(b, &m);
	user_target_close(&m.target);
	if (b->failed)
		return;
	int16_t link = add_link(b, use, &m, use->hook->attach_type);
	if (m.n <= SINGLE_MAX && use->hook->attach_type == BPF_TRACE_UPROBE_MULTI)
		add_single(b, use, &m, link);
}

/* ---- the hooks ---- */

static const struct hook_method multi_methods[] = {{ABI_VERSION(6, 6), "BPF_LINK_CREATE"},
	{ABI_VERSION(4, 17), "PERF_EVENT_IOC_SET_BPF"}, {0, "a line in uprobe_events"}, {0}};

#define UPROBE(name, attach_type_, flags, major, minor, syntax_, text, methods_, attach_)          \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = BPF_PROG_TYPE_KPROBE,         \
		.attach_type = attach_type_, .prog_flags = flags,                                  \
		.since = ABI_VERSION(major, minor), .target_syntax = syntax_, .what = text,        \
		.methods = methods_, .attach = attach_                                             \
	}

/* A hook and its sleepable variant, ".s". */
#define BOTH(name, attach_type_, major, minor, s_major, s_minor, syntax_, text, methods_, attach_) \
	UPROBE(name, attach_type_, 0, major, minor, syntax_, text, methods_, attach_),             \
		UPROBE(name ".s", attach_type_, BPF_F_SLEEPABLE, s_major, s_minor, syntax_,        \
			text ", sleepable", methods_, attach_)

static const char entry_syntax[] = "FILE:FUNCTION[+OFFSET]";
static const char return_syntax[] = "FILE:FUNCTION";
static const char multi_syntax[] = "FILE:PATTERN";

static const struct hook hooks[] = {
	BOTH("uprobe", 0, 4, 3, 6, 0, entry_syntax, "entry of a function in a program or library",
		user_place_methods, attach_entry),
	BOTH("uretprobe", 0, 4, 3, 6, 0, return_syntax,
		"return of a function in a program or library", user_place_methods, attach_return),
	BOTH("uprobe.multi", BPF_TRACE_UPROBE_MULTI, 4, 3, 6, 0, multi_syntax,
		"entry of all functions in a program or library that match a pattern",
		multi_methods, attach_many),
	BOTH("uretprobe.multi", BPF_TRACE_UPROBE_MULTI, 4, 3, 6, 0, multi_syntax,
		"return of all functions in a program or library that match a pattern",
		multi_methods, attach_many),
	BOTH("uprobe.session", BPF_TRACE_UPROBE_SESSION, 6, 13, 6, 13, multi_syntax,
		"entry and return of all matching functions, in one program", hook_methods_link,
		attach_many),
};

const struct hook_family uprobe_family = {"uprobe", hooks, sizeof hooks / sizeof *hooks};
