/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The tap: bpf_printk lines as they are written, for one more reader.
 *
 * Each bpf_printk() passes through the tracepoint bpf_trace_printk (Linux 5.9). A small raw
 * tracepoint program there copies the text, who wrote it and when into a ring buffer of its own.
 * So nothing is taken from trace_pipe, the order of lines is kept over all CPUs, no tracefs is
 * needed, and everything ends with this process. (A perf event on that tracepoint would not do:
 * perf does not nest, and the program that prints is often run by a perf event itself.)
 *
 * The tap is a plan like any other, made here and executed by exec.h.
 */
#ifndef SONDE_TAP_H
#define SONDE_TAP_H

#include "exec.h"
#include "trace_pipe.h"
#include "ring.h"

struct tap {
	struct plan plan;
	struct exec live;
	struct ring ring;
	int16_t ring_slot;
};

/*
 * Opens the tap. Memory from a, which must outlive it. False with e set when this kernel has no
 * such tracepoint (e->no is ENOENT: before 5.9) or no ring buffers (before 5.8), or refuses.
 */
bool tap_open(struct tap *t, struct arena *a, struct kfs *k, const struct sys_watch *watch,
	struct err *e);

/* What polls readable when lines have come. */
int tap_fd(const struct tap *t);

/* Delivers what is there, blank lines left out; a callback that returns false ends it. The number
 * of records taken, or -errno. */
long tap_drain(struct tap *t, printk_fn fn, void *ctx);

void tap_close(struct tap *t);

#endif
