/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who keeps objects in the kernel alive: processes with a descriptor, as /proc/PID/fdinfo tells, and pins
 * in the bpf file system. Without CAP_SYS_PTRACE, only the caller's own processes are seen.
 */
#ifndef SONDE_HOLDERS_H
#define SONDE_HOLDERS_H

#include "elf/base/arena.h"
#include "kfs.h"
#include "live_ref.h"

struct holder {
	enum live_kind kind;
	uint32_t id;
	uint32_t pid;     /* 0: a pin */
	const char *name; /* comm of the process, or path of the pin; untrusted */
};

/* A perf event, to which a program may be attached without a link. */
struct holder_event {
	uint32_t pid, fd;
};

struct holders {
	struct holder *list;
	struct holder_event *events;
	size_t n, room, n_events, events_room;
};

/* Finds all holders of programs, maps and links except for this process, and all perf events. Memory
 * from a. What cannot be read is left out. */
void holders_find(struct holders *h, struct kfs *k, const struct sys_watch *watch, struct arena *a);

/* The next holder of an object after `after` (NULL: the first one); NULL after the last one. */
const struct holder *holders_next(
	const struct holders *h, enum live_kind kind, uint32_t id, const struct holder *after);

#endif
