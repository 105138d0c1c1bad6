/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What lasts for one verb: memory, kernel file systems, the kernel that plans are made for. */
#ifndef SONDE_SESSION_H
#define SONDE_SESSION_H

#include "progress.h"

#include "loader/kernel/target.h"

enum { SESSION_ROOM = 24 << 10 };

struct session {
	struct arena arena;
	_Alignas(16) unsigned char room[SESSION_ROOM]; /* its beginning: small plans need no more */
	struct kfs kfs;
	struct target target;
	struct sys_watch watch; /* set by the caller, at any time */
	struct progress progress;
};

/* target_dir: NULL for the running kernel, else a directory (see target.h). s must not move. */
bool session_open(struct session *s, const char *target_dir, struct err *e);
void session_close(struct session *s);

#endif
