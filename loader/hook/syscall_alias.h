/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* System calls that are known by one name and made by another: empty screens come from these. */
#ifndef SONDE_SYSCALLS_H
#define SONDE_SYSCALLS_H

/* What programs call today where they once called `name` ("open"): "openat", NULL: nothing else.
 * *why: a sentence about who does, without the full stop. */
const char *syscall_alias(const char *name, const char **why);

#endif
