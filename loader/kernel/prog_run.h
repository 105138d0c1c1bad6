/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Test runs of loaded programs (BPF_PROG_TEST_RUN, 4.12), which attach nothing. */
#ifndef SONDE_PROG_RUN_H
#define SONDE_PROG_RUN_H

#include "sys.h"

struct prog_run {
	/* What it is run with; n 0: none. Programs of most types take packets, others contexts only. */
	const void *data, *ctx;
	uint32_t n, ctx_n;
	uint32_t repeat; /* number of runs; 0: one, and nothing is measured */
	/* Room for what it leaves; NULL: not wanted. out_n, ctx_out_n: in its size, out that of the result. */
	void *out, *ctx_out;
	uint32_t out_n, ctx_out_n;
	/* Results. */
	uint32_t retval, duration_ns; /* average of a run */
};

/* Returns 0 or -errno: -ENOTSUPP_KERNEL (err.h) if the kernel does not run programs of this type, -ENOSPC if
 * the result was cut to its room. */
long prog_run(const struct sys_watch *w, int fd, struct prog_run *r);

#endif
