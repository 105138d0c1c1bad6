/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */

/*
 * Programs that are attached but never run. The kernel counts runs only on request
 * (BPF_ENABLE_STATS, Linux 5.8, CAP_SYS_ADMIN), which costs every BPF program of the machine some
 * nanoseconds per run: counting begins after a second and lasts for ten. Without it, only the
 * absence of output can be reported.
 */
#ifndef SONDE_IDLE_CHECK_H
#define SONDE_IDLE_CHECK_H

#include "diagnostics.h"

struct idle_check {
	const struct exec *x;
	diagnostic_fn fn;
	void *ctx;
	int stats_fd; /* -1: not counting */
	uint64_t since_ns;
	bool waited, started, over;
};

struct idle_check idle_check_start(const struct exec *x, diagnostic_fn fn, void *ctx);

/* Returns the milliseconds until the next call, 0 for none. Call it at the start, at these times
 * and at the end. events: records and lines so far. */
uint32_t idle_check_tick(struct idle_check *c, uint64_t events, bool end);

#endif
