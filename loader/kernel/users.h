/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Users and groups by name, from /etc/passwd and /etc/group alone: libc's functions may ask a network. */
#ifndef SONDE_USERS_H
#define SONDE_USERS_H

#include "elf/base/err.h"

#include <stdint.h>

enum { USER_NAME_MAX = 33 };

/* Parses "USER", "USER:GROUP" or ":GROUP", each a name or a number; *gid is -1 without a group, *uid without
 * a user. */
bool users_parse(const char *text, int *uid, int *gid, struct err *e);

/* The name of a user, or the number. Untrusted. Returns buf. */
char *user_name(uint32_t uid, char buf[static USER_NAME_MAX]);

#endif
