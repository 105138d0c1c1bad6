/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A simulated kernel below the executor (exec_calls.h), in which chosen calls fail. It remembers what is
 * open, attached, pinned and mounted: the test fails if something is closed or removed that does not
 * exist.
 */
#ifndef SIMULATED_H
#define SIMULATED_H

#include "loader/kernel/exec_calls.h"

extern const struct exec_calls simulated_calls;

enum { SIMULATED_PATHS = 64 };

struct simulated {
	/* Chosen by the test. Calls are counted from 0; of those, `times` fail with errno `error`, from
	 * number `at`. Calls that cannot fail (now_ns, getpid, close, munmap) do not count. */
	unsigned at, times;
	int error;
	bool old; /* a kernel without BPF links */

	/* Observed. */
	unsigned calls, created; /* created: BPF_MAP_CREATE */
	int open, attached;      /* descriptors; attachments that are not links */
	bool foreign_qdisc;
	unsigned n_paths; /* pins, folders and probes */
	char paths[SIMULATED_PATHS][128];
};

extern struct simulated simulated;

/* The initial state, without anything. Paths that existed before are added with
 * simulated_add_path(). */
void simulated_reset(void);
void simulated_add_path(const char *path);

/* Whether nothing is left. paths: how many there should be. */
bool simulated_is_clean(unsigned paths);

#endif
