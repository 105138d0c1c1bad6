/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Pins: the walk over a bpf file system, and what each is of. */
#ifndef SONDE_PIN_WALK_H
#define SONDE_PIN_WALK_H

#include "kfs.h"
#include "live_ref.h"

#include <sys/stat.h>

/* Calls fn for every file and directory below a folder, whose descriptor is closed; those that this user can't
 * read have no entries. where: its path. Names are not trusted. */
void pin_walk(int folder, const char *where,
	void (*fn)(void *ctx, const char *path, const struct stat *st), void *ctx);

/* What is pinned at a path, as /proc tells about an open descriptor: false if it can't be opened, or is neither
 * a program, a map nor a link. */
bool pin_identify(struct kfs *k, const struct sys_watch *watch, const char *path,
	enum live_kind *kind, uint32_t *id);

/* What a descriptor is, as the text of its fdinfo tells. False: no object of ours. */
bool pin_identified(const char *fdinfo, enum live_kind *kind, uint32_t *id);

#endif
