/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Running a plan without attaching anything. The executor calls the kernel through a table (exec_calls.h):
 * here, what only looks or loads is passed on, so that the verifier decides about programs; and what would
 * attach, pin, or write into other people's maps is answered from facts, with the errno that the kernel has
 * for it. Fallbacks and messages are those of the real run.
 *
 * Programs that make the kernel log a message when they are loaded are not loaded.
 */
#ifndef SONDE_REHEARSAL_H
#define SONDE_REHEARSAL_H

#include "offer.h"

#include "loader/kernel/exec_calls.h"

enum { REHEARSAL_MAPS = 64, REHEARSAL_PROGS = 128 };

/* Its watch and its calls are what exec_run() gets. It must not move. */
struct rehearsal {
	struct sys_watch watch;
	struct exec_calls calls;
	const struct offer *offer;
	uint32_t foreign[REHEARSAL_MAPS]; /* ids of maps that others have pinned */
	unsigned n_foreign;
	struct rehearsal_prog {
		int fd;
		uint32_t type, attach_type, btf_id;
	} progs[REHEARSAL_PROGS]; /* as loaded, newest last: descriptors are used again */
	unsigned n_progs;
	const char *
		not_loaded; /* set: the helper because of which programs were not loaded, or NULL */
};

/* before: the caller's watch. o: borrowed. */
void rehearsal_open(struct rehearsal *r, const struct offer *o, const struct sys_watch *before);

#endif
