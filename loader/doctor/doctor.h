/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What this kernel and user may do with BPF, and what an object needs of that. Facts come first: files of
 * /proc and /sys, types, the configuration. What only the kernel can tell, whether the verifier accepts a
 * program, is tried by a rehearsal (rehearsal.h), which attaches nothing.
 */
#ifndef SONDE_DOCTOR_H
#define SONDE_DOCTOR_H

#include "finding.h"
#include "offer.h"

#include "loader/kernel/exec.h"

struct doctor {
	struct offer offer;
	struct kfs *kfs;
	struct findings found;
};

/* t: the running kernel; borrowed, as its arena and its file systems. */
void doctor_open(struct doctor *d, struct target *t);

/* The kernel: configuration, types, symbols, JIT compiler, security; and its file systems. */
void doctor_kernel(struct doctor *d);

/* This process: capabilities, limits, namespaces, and sysctls that decide for it. */
void doctor_user(struct doctor *d);

/* Program types, map types, helpers and hooks that this kernel has, and those that it lacks. */
void doctor_types(struct doctor *d);

/* What the plan of an object uses. What is missing there is a FINDING_MISSING: whether it is needed, the
 * rehearsal shows. */
void doctor_needs(struct doctor *d, const struct plan *p);

/*
 * Runs the plan without attaching, and adds what failed, with its hint as the cure, and which fallbacks were
 * taken. report: of the caller, for confirm and interrupted; its calls are replaced. p is modified.
 */
void doctor_rehearse(struct doctor *d, struct plan *p, const struct exec_report *report);

/* Adds the error that ended everything. name: of what was done, "plan". */
void doctor_error(struct doctor *d, const char *name, const struct err *e);

#endif
