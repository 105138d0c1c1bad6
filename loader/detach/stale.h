/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Stale attachments: what a killed sonde left in the kernel where that has no BPF links. They are
 * found by the place the user names, and removed.
 *
 * Rule: what bears a mark of ours (the priority of a tc filter, the protocol of a route) is removed.
 * A program attached to a cgroup, a device or as XDP bears none: the kernel knows its name and id,
 * but not who attached it. Such programs are listed, and the user picks one by its id. Programs held
 * by a link are neither listed nor removed: they are detached with their link.
 */
#ifndef SONDE_STALE_H
#define SONDE_STALE_H

#include "loader/kernel/exec.h"
#include "loader/kernel/target.h"
#include "loader/show/listing.h"

struct stale {
	const char *place;     /* as the user named it: an interface, a cgroup directory, ... */
	uint32_t id;           /* of the program to remove; 0: none named */
	struct target *kernel; /* the running one */
	struct arena *arena;
	const struct sys_watch *watch;
	const struct exec_report *report; /* callbacks for each step; may be NULL */
	FILE *out;                        /* one line per removed attachment, and the list */
	unsigned removed;
	struct listing programs; /* set by stale_remove() */
};

/* Applies the rule above to l->place. *listed: some programs were listed instead of removed. */
bool stale_remove(struct stale *l, bool *listed, struct err *e);

#endif
