/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Uprobes: entry or return of a function in a program or library, in every process that runs it or
 * in one. The kernel takes a file and a byte in it, through the perf event source `uprobe` (4.17);
 * which byte a function's name means is found out when the plan is made (see symbols.h).
 *
 *     uprobe//usr/bin/bash:readline    uretprobe/libc.so.6:malloc    uprobe/./a.out:f+4
 *     uprobe  with --on PROG=libc.so.6:malloc@1234
 */
#include "user.h"

#include "../abi.h"

#include <stdio.h>

/* "malloc@@GLIBC_2.2.5 in /usr/lib/libc.so.6" */
static char *describe(
	struct arena *a, const struct user_target *t, const struct symbols_place *place)
{
	char number[40] = "";
	if (!*place->name)
		snprintf(number, sizeof number, "byte 0x%llx", (unsigned long long)place->offset);
	else if (place->plus)
		snprintf(number, sizeof number, "+0x%llx", (unsigned long long)place->plus);
	return arena_printf(a, "%s%s in %s%s%s%s", place->name, number, t->path,
		t->found ? " (" : "", t->found ? t->found : "", t->found ? ")" : "");
}

static void attach_to(struct planner *b, const struct hook_use *use, bool is_return)
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
		hook_fail(b, NULL, "'%s': a function returns as a whole, leave out the offset",
			t.what);
		return;
	}
	char *note = describe(b->plan->arena, &t, &place);
	if (!note) {
		b->failed = true;
		err_nomem(b->e);
		return;
	}
	int16_t step, type = user_probe_type(b, use);
	int16_t event = user_probe(b, use, &t, type,
		&(struct user_place){.offset = place.offset, .is_return = is_return}, note, &step);
	hook_perf_attach(b, use, event);
}

static void attach_entry(struct planner *b, const struct hook_use *use)
{
	attach_to(b, use, false);
}

static void attach_return(struct planner *b, const struct hook_use *use)
{
	attach_to(b, use, true);
}

#define UPROBE(name, flags, major, minor, grammar_, text, attach_)                                 \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = BPF_PROG_TYPE_KPROBE,         \
		.prog_flags = flags, .since = ABI_VERSION(major, minor), .grammar = grammar_,      \
		.what = text, .attach = attach_                                                    \
	}

static const char entry_grammar[] = "FILE:FUNCTION[+OFFSET]";
static const char return_grammar[] = "FILE:FUNCTION";

static const struct hook hooks[] = {
	UPROBE("uprobe", 0, 4, 17, entry_grammar, "entry of a function of a program or library",
		attach_entry),
	UPROBE("uretprobe", 0, 4, 17, return_grammar,
		"return of a function of a program or library", attach_return),
	UPROBE("uprobe.s", BPF_F_SLEEPABLE, 6, 0, entry_grammar,
		"entry of a function of a program or library, may sleep", attach_entry),
	UPROBE("uretprobe.s", BPF_F_SLEEPABLE, 6, 0, return_grammar,
		"return of a function of a program or library, may sleep", attach_return),
};

const struct hook_family uprobe_family = {"uprobe", hooks, sizeof hooks / sizeof *hooks};
