/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Network interfaces as targets of hooks. */
#ifndef SONDE_HOOK_IFACE_H
#define SONDE_HOOK_IFACE_H

#include "hook.h"

/*
 * An interface as a target argument names it, "[NETNS:]INTERFACE[:SUFFIX]": "eth0", "3",
 * "eth0:egress", "blue:eth0". INTERFACE is a name, an alternative name or an index; NETNS the name
 * of a network namespace in /run/netns, a path, or the pid of a process in it.
 */
struct iface {
	const char *name;
	const char *suffix;  /* "" if none */
	const char *place;   /* for `sonde detach`: the argument without the suffix */
	int16_t slot;        /* receives the interface index */
	int16_t netns, left; /* slots: the network namespace, and our own; PLAN_NONE: it is ours */
};

/*
 * Parses use->arg (untrusted) and adds the steps that enter the network namespace and look up the
 * interface index. suffixes: the words that may follow the name, terminated by NULL; NULL: none. An
 * invalid argument fails the planner: returns false. Strings are in the plan's arena.
 */
bool iface_open(struct plan_builder *b, const struct hook_use *use, const char *const *suffixes,
	struct iface *i);

/* Adds the step that returns to our own network namespace, after all others for this interface. */
void iface_close(struct plan_builder *b, const struct hook_use *use, const struct iface *i);

/* Adds a step that asks for confirmation if the interface carries the default route: a program that
 * drops packets there may cut off the user. */
void iface_warn(struct plan_builder *b, const struct hook_use *use, const struct iface *i);

/* Sets argument `arg` of a step to the interface index. */
void iface_arg(struct plan_builder *b, int16_t step, int arg, const struct iface *i);

/* Sets a field of a step's attr to the interface index. */
void iface_set(
	struct plan_builder *b, int16_t step, struct attr_field field, const struct iface *i);

#endif
