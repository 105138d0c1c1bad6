/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Network interfaces as targets of hooks. */
#ifndef SONDE_HOOK_IFACE_H
#define SONDE_HOOK_IFACE_H

#include "hook.h"

/* An interface as a target argument names it: "eth0", "3", "eth0:egress". */
struct iface {
	const char *name;
	const char *suffix; /* after the ':', "" if none */
	int16_t slot;       /* receives the interface index; PLAN_NONE: `index` is known */
	uint32_t index;
};

/*
 * Parses use->arg (untrusted) and adds the step that looks up the interface index. An invalid name
 * fails the planner: returns false. Strings are in the plan's arena or part of use->arg.
 */
bool iface_open(struct planner *b, const struct hook_use *use, struct iface *i);

/* Adds a step that asks for confirmation if the interface carries the default route: a program that
 * drops packets there may cut off the user. */
void iface_warn(struct planner *b, const struct hook_use *use, const struct iface *i);

/* Sets a field of a step's attr to the interface index. */
void iface_set(struct planner *b, int16_t step, const char *field, const struct iface *i);

#endif
