/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a process of ours that was killed has left in the kernel, where that has no links: found by
 * the word that names its place, and removed.
 *
 * Rule: what bears a mark of ours (the priority of a tc filter, the protocol of a route) is removed.
 * A program that is attached to a cgroup, a device or as XDP bears none: the kernel knows its name
 * and id, but not who has attached it. Such programs are listed, and the user says which by its id.
 * Those that a link holds are neither listed nor removed: they end by themselves.
 */
#ifndef SONDE_LEFTOVERS_H
#define SONDE_LEFTOVERS_H

#include "loader/kernel/exec.h"
#include "loader/show/listing.h"
#include "loader/kernel/target.h"

struct hook_use;

struct leftovers {
	const char *target;    /* the place, as the user has named it */
	uint32_t id;           /* of the program that is to go; 0: the user has not said */
	struct target *kernel; /* this one */
	struct arena *arena;
	struct kfs *kfs;
	const struct sys_watch *watch;
	const struct exec_report *report; /* told of every step; may be NULL */
	FILE *out;                        /* a line for each thing that is removed, and the list */
	unsigned removed;
	struct listing programs;
};

/* Finds the kind of place that l->target names, and does all that the rule above says. A list is
 * printed: *listed. */
bool leftovers_remove(struct leftovers *l, bool *listed, struct err *e);

/* ---- for the families of hooks ---- */

/* Plans whose steps remove something: each is optional (none of it there: fine), and its note says
 * what it has removed. Between the two, steps are added to b. */
void leftovers_plan(struct leftovers *l, struct plan *p, struct planner *b, struct hook_use *use,
	const char *who, struct err *e);
/* Makes a step such a one; note: of the arena. */
void leftovers_step(struct planner *b, int16_t step, const char *note);
bool leftovers_run(struct leftovers *l, struct planner *b);

/* A program that is attached somewhere. */
struct leftover {
	uint32_t id, attach_type;
	const char *hook; /* for people: "cgroup_skb/egress" */
	const char *at;   /* where the info of a link says where it is: "cgroup.cgroup_id" */
	const char *as;   /* and to which attach_type; NULL: there is one only */
	uint32_t link_type;
	bool map;       /* not a program: a map that holds some */
	uint64_t place; /* what the link says then */
};

/* Takes note of a program that was found: lists it, unless a link holds it. When it is the one that
 * is to go: its descriptor, for the caller to detach and close. Else -1, with e set after a failure.
 */
int leftovers_found(struct leftovers *l, const struct leftover *f, struct err *e);

/* Says that the program is gone. */
void leftovers_gone(struct leftovers *l, const struct leftover *f);

/*
 * Finds the programs of one hook (f: all but id) of what fd stands for, and removes the one that is
 * to go. detach_fd: what BPF_PROG_DETACH wants as the place, 0 for nothing. A hook that this kernel
 * has not got has none.
 */
bool leftovers_query(struct leftovers *l, int fd, int detach_fd, struct leftover f, struct err *e);

#endif
