/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Hooks: where programs attach. One file a family; each is a table of the section names that it
 * answers to and a function that adds the steps which attach a program. Families don't know each
 * other; hook.c alone knows them all.
 */
#ifndef SONDE_HOOK_H
#define SONDE_HOOK_H

#include "loader/plan/builder.h"
#include "loader/kernel/target.h"

/* What the planner hands to a hook. */
struct hook_use {
	const struct hook *hook;
	const char *target;    /* what stands behind the first '/' of the section, "" if nothing */
	const char *arg;       /* the target argument: value of --on for this program, or NULL */
	struct target *kernel; /* facts about the kernel that the plan is for */
	bool show;             /* the plan is to be looked at, not run: nothing may take rights */
	int16_t prog_slot;     /* takes the program's descriptor */
	int16_t link_slot;     /* is to take what keeps it attached */
	struct plan_step like; /* who and prog for new steps; doing is "attach" */
	struct {
		uint32_t id;             /* BTF id of what a program is loaded for, 0 none */
		int16_t number;          /* slot that will have it, or PLAN_NONE */
		int16_t program, module; /* slots with descriptors of what has it, PLAN_NONE */
	} attach_btf; /* set by attach_btf_prepare(), used by attach_btf_load() */
};

enum hook_target {
	TARGET_NONE,     /* SEC("x") alone */
	TARGET_OPTIONAL, /* SEC("x") loads without attaching, SEC("x/target") attaches */
	TARGET_REQUIRED,
};

/* A way to attach, and the first kernel that has it (0: the hook's own first one). */
struct hook_method {
	uint16_t since;
	const char *how; /* the call, as the kernel names it; NULL ends a ladder */
};

/* One section name. Every fact of a hook stands here, once. */
struct hook {
	const char *sec; /* "tracepoint" */
	uint8_t target;  /* enum hook_target */
	uint32_t prog_type, attach_type;
	uint32_t prog_flags;       /* of BPF_PROG_LOAD */
	uint16_t since;            /* ABI_VERSION of the first kernel */
	const char *target_syntax; /* of the target, for people: "CATEGORY/NAME"; or NULL */
	const char *arg_syntax;    /* grammar of what --on may say: "INTERFACE"; or NULL */
	const char *needs; /* what --on has to give before it can attach: "an interface"; or NULL */
	const char *what;  /* one sentence */
	/* How it is attached: the newest way first, an older one after the kernel's refusal. NULL:
	 * it is loaded only. Of a hook without attach(): how that is done which attaches it. */
	const struct hook_method *methods;
	/* Adds steps that have to come before BPF_PROG_LOAD; NULL: there are none. */
	void (*prepare)(struct planner *b, struct hook_use *use);
	/* Adds to the attr of BPF_PROG_LOAD (step) what depends on the target; NULL: nothing does.
	 */
	void (*load)(struct planner *b, const struct hook_use *use, int16_t step);
	/* Adds the steps that attach; reports what is wrong with the target through b->e and
	 * b->failed. NULL: the family is loaded but not attached by itself. */
	void (*attach)(struct planner *b, const struct hook_use *use);
};

/* Reports through the planner that a target is wrong: a sentence, and a hint or NULL. */
__attribute__((format(printf, 3, 4))) void hook_fail(
	struct planner *b, const char *hint, const char *fmt, ...);

struct hook_family {
	const char *name;
	const struct hook *hooks;
	size_t n;
};

/* Of hooks that have always been links. */
extern const struct hook_method hook_methods_link[];

/* The next rung that there is a kernel for: NULL to begin with; NULL behind the last. What an older
 * rung stands in for has come with the hook or before it: then it is never needed. */
const struct hook_method *hook_method_next(const struct hook *h, const struct hook_method *r);
/* The first kernel on which that rung of that hook is there. */
uint16_t hook_method_since(const struct hook *h, const struct hook_method *r);

/* Every family, in the order in which section names are matched. */
extern const struct hook_family *const hook_families[];
extern const size_t hook_family_count;
extern const struct hook_family cgroup_family;

/* The hook of a section name (without a leading '?'); *target is what stands behind its '/'.
 * NULL with e set, the hint naming the nearest section names. */
const struct hook *hook_find(const char *sec, const char **target, struct err *e);

#endif
