/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What hooks have in common whose place is a descriptor: a cgroup's folder, a network namespace, a
 * map of sockets, a device.
 */
#ifndef SONDE_HOOK_TARGET_H
#define SONDE_HOOK_TARGET_H

#include "hook.h"

/* Adds the step that opens a file or folder: a path as it stands (file_system KFS_COUNT), or one
 * below the root of a file system. what: for people, "cgroup". Returns the slot. */
int16_t place_open(struct planner *b, const struct hook_use *use, uint32_t file_system,
	const char *path, int flags, const char *what, const char *hint);

/* Adds the link from the program to what is in the slot. Returns the step. */
int16_t place_link(
	struct planner *b, const struct hook_use *use, int16_t target, uint32_t attach_type);

/*
 * Adds PROG_ATTACH (4.10) after EINVAL of the step `instead` (PLAN_NONE: always). target: slot, or
 * PLAN_NONE for hooks that have just one place. Returns the step.
 */
int16_t place_attach(struct planner *b, const struct hook_use *use, int16_t target,
	uint32_t attach_type, uint32_t flags, int16_t instead);

/* Such an attachment stays until it is taken off: adds that at the end, and the note that tells
 * what happens if there is no end. */
void place_detach(struct planner *b, const struct hook_use *use, int16_t target,
	uint32_t attach_type, int16_t step, const char *note);

/* Hints for places that can't be opened, shared with loader/detach. */
extern const char place_cgroup_missing[], place_cgroup_other[], place_receiver_missing[];

/* Our own network namespace, below /proc. */
#define PLACE_OWN_NETNS "self/ns/net"

#endif
