/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* System calls that C libraries no longer make under their own name: probes on them stay silent. */
#ifndef SONDE_SYSCALL_ALIAS_H
#define SONDE_SYSCALL_ALIAS_H

/* The system call that is made today in place of `name`: "openat" for "open"; NULL if there is none.
 * *why: the reason, without a full stop, or NULL if `name` is not in the table. */
const char *syscall_alias(const char *name, const char **why);

#endif
