/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Least rights while a run is shown: what the process prints from then on was written by strangers.
 *
 * It keeps the capabilities that its needs name, sets no_new_privs, and installs a seccomp filter that
 * allows their system calls only (docs/security.md).
 */
#ifndef SONDE_SANDBOX_H
#define SONDE_SANDBOX_H

#include "needs.h"

#include "loader/kernel/exec.h"

/* What ending a run, and following the CPUs it runs on, will need. */
unsigned sandbox_needs_of(const struct exec *x);

/* Receives a line about what was kept and why. */
typedef void (*sandbox_line_fn)(void *ctx, const char *text);

/*
 * Gives up everything but what the needs (enum sandbox_need) require, for good. k: file systems that they
 * read are opened in it. watch: may be NULL. Never fails: a kernel without seccomp, or one that does not permit a part of this,
 * is reported to say. What has been denied from then on is reported by SIGSYS (si_code SYS_SECCOMP).
 */
void sandbox_enter(unsigned needs, struct kfs *k, const struct sys_watch *watch,
	sandbox_line_fn say, void *ctx);

#endif
