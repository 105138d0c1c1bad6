/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Hooks whose target is a file descriptor: a cgroup directory, a network namespace, a socket map, a
 * device.
 */
#ifndef SONDE_HOOK_PLACE_H
#define SONDE_HOOK_PLACE_H

#include "hook.h"

/* Adds the step that opens a file or directory: path is used as it is (file_system KFS_COUNT), or
 * relative to the root of a kernel file system. what: "cgroup", for messages. Returns the slot. */
int16_t place_open(struct plan_builder *b, const struct hook_use *use, uint32_t file_system,
	const char *path, int flags, const char *what, const char *hint);

/* Adds BPF_LINK_CREATE with the descriptor in slot `target`. Returns the step. */
int16_t place_link(
	struct plan_builder *b, const struct hook_use *use, int16_t target, uint32_t attach_type);

/*
 * Adds BPF_PROG_ATTACH (4.10), to be tried after step `fallback_for` failed with EINVAL (PLAN_NONE:
 * always). target: slot, or PLAN_NONE for hooks that have a single target. Returns the step.
 */
int16_t place_attach(struct plan_builder *b, const struct hook_use *use, int16_t target,
	uint32_t attach_type, uint32_t flags, int16_t fallback_for);

/* Adds BPF_PROG_DETACH to undo such a step, because the attachment outlives its descriptor. note:
 * what happens if sonde is killed before. */
void place_detach(struct plan_builder *b, const struct hook_use *use, int16_t target,
	uint32_t attach_type, int16_t step, const char *note);

/* Hints for targets that cannot be opened, shared with loader/detach. */
extern const char place_cgroup_missing[], place_cgroup_other[], place_receiver_missing[];

/* Our own network namespace, relative to /proc. */
#define PLACE_OWN_NETNS "self/ns/net"

/* Adds the step that opens a pinned program or map, and returns the slot. what: for messages. */
int16_t place_pin(struct plan_builder *b, const struct hook_use *use, const char *path,
	enum slot_kind kind, const char *what);

#endif
