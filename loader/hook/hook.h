/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Hooks: where programs attach. One file a family; each is a table of the section names that it
 * answers to and a function that adds the steps which attach a program. Families don't know each
 * other; hook.c alone knows them all.
 */
#ifndef SONDE_HOOK_H
#define SONDE_HOOK_H

#include "../plan.h"

/* What the planner hands to a hook. */
struct hook_use {
	const struct hook *hook;
	const char *target;    /* what stands behind the first '/' of the section, "" if nothing */
	int16_t prog_slot;     /* takes the program's descriptor */
	int16_t link_slot;     /* is to take what keeps it attached */
	struct plan_step like; /* who and prog for new steps; doing is "attach" */
};

enum hook_target {
	TARGET_NONE,     /* SEC("x") alone */
	TARGET_OPTIONAL, /* SEC("x") loads without attaching, SEC("x/target") attaches */
	TARGET_REQUIRED,
};

/* One section name. Every fact of a hook stands here, once. */
struct hook {
	const char *sec; /* "tracepoint" */
	uint8_t target;  /* enum hook_target */
	uint32_t prog_type, attach_type;
	uint32_t prog_flags; /* of BPF_PROG_LOAD */
	uint16_t since;      /* ABI_VERSION of the first kernel */
	const char *grammar; /* of the target, for people: "CATEGORY/NAME" */
	const char *what;    /* one sentence */
	/* Adds the steps that attach; reports what is wrong with the target through b->e and
	 * b->failed. NULL: the family is loaded but not attached by itself. */
	void (*attach)(struct planner *b, const struct hook_use *use);
};

struct hook_family {
	const char *name;
	const struct hook *hooks;
	size_t n;
};

/* Every family, in the order in which section names are matched. */
extern const struct hook_family *const hook_families[];
extern const size_t hook_family_count;

/* The hook of a section name (without a leading '?'); *target is what stands behind its '/'.
 * NULL with e set, the hint naming the nearest section names. */
const struct hook *hook_find(const char *sec, const char **target, struct err *e);

#endif
