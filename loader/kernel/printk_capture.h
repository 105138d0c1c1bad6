/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Capturing lines of bpf_printk() as they are written, without consuming them.
 *
 * Each bpf_printk() fires the tracepoint bpf_trace_printk (Linux 5.9). A small raw tracepoint
 * program attached to it copies the text, the time and the identity of the writer into a ring
 * buffer. Nothing is taken from trace_pipe, lines stay in order across CPUs, no tracefs is
 * required, and everything is released when this process ends. (trace_pipe.h says why a perf event
 * on that tracepoint would lose lines.)
 *
 * The capture is a plan like any other, built here and run by exec.h.
 */
#ifndef SONDE_PRINTK_CAPTURE_H
#define SONDE_PRINTK_CAPTURE_H

#include "exec.h"
#include "trace_pipe.h"
#include "ring.h"

struct printk_capture {
	struct plan plan;
	struct exec live;
	struct ring ring;
	uint64_t *lost; /* a page of the kernel's; NULL: not open */
	int16_t ring_slot, lost_slot;
};

enum { PRINTK_RING_SIZE = 1 << 18 }; /* about 2500 lines */

/* Makes the plan alone, for a kernel with this byte order. Memory from a. False if it is exhausted. */
bool printk_capture_plan(struct printk_capture *t, bool big, struct arena *a, struct err *e);

/*
 * Loads and attaches the program. Memory from a, which must outlive it. False with e set if the
 * kernel has no such tracepoint (e->no is ENOENT: before 5.9) or no ring buffers (before 5.8), or
 * rejects it.
 */
bool printk_capture_open(struct printk_capture *t, struct arena *a, struct kfs *k,
	const struct sys_watch *watch, struct err *e);

/* Polls readable when lines have arrived. */
int printk_capture_fd(const struct printk_capture *t);

/* Delivers all available lines except blank ones, until fn returns false. Returns the number of
 * records consumed, or -errno. */
long printk_capture_drain(struct printk_capture *t, printk_fn fn, void *ctx);

/* The number of lines, of any program, for which there was no room since it was opened. */
uint64_t printk_capture_lost(const struct printk_capture *t);

void printk_capture_close(struct printk_capture *t);

#endif
