/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Remarks: what is worth knowing about a plan that runs, although nothing has failed. They keep
 * people from looking at an empty screen, or at numbers that are wrong.
 */
#ifndef SONDE_REMARKS_H
#define SONDE_REMARKS_H

#include "loader/kernel/exec.h"

/* Takes a remark: a sentence without the full stop, which is there during the call only. */
typedef void (*remark_fn)(void *ctx, const char *text);

/* All that can be said once everything is attached: maps that stay empty, tail calls, formats,
 * records that are laid out in another way than the program was compiled for. */
void remarks_make(const struct exec *x, remark_fn fn, void *ctx);

/* What can be said at the end, while all is still attached: runs that the kernel left out, because
 * the program was in the middle of another one (recursion_misses). */
void remarks_end(const struct exec *x, remark_fn fn, void *ctx);

/*
 * Programs that are attached and never run. The kernel counts runs only while somebody asks for it
 * (BPF_ENABLE_STATS, Linux 5.8, CAP_SYS_ADMIN), which costs every program some nanoseconds a run:
 * so not in the first second, and then for ten. Where it doesn't count, only that nothing has come
 * can be said.
 */
struct silence {
	const struct exec *x;
	remark_fn fn;
	void *ctx;
	int stats_fd; /* -1: not counting */
	uint64_t since_ns;
	bool waited, started, over;
};
struct silence silence_begin(const struct exec *x, remark_fn fn, void *ctx);

/* Called at the start, after the milliseconds that it has answered (0: never again), and at the
 * end; events: how many records and lines have come. */
uint32_t silence_tick(struct silence *s, uint64_t events, bool end);

#endif
