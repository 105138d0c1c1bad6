/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading trace_pipe: lines of bpf_printk() and of all enabled trace events. A line read by one
 * reader is consumed for all others; printk_capture.h gets the lines of bpf_printk() without
 * consuming them (Linux 5.9).
 *
 * A perf event on the tracepoint bpf_trace:bpf_trace_printk is not an alternative: while perf runs
 * a program (those of tracepoints and system calls), it drops further events in the same context,
 * so the program's own lines would be lost without being counted.
 */
#ifndef SONDE_TRACE_PIPE_H
#define SONDE_TRACE_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/err.h"
#include "kfs.h"

/* A line of bpf_printk(), from trace_pipe or captured. */
struct printk_line {
	uint64_t time_ns; /* captured: CLOCK_MONOTONIC; trace_pipe: trace_clock, 0 if not a time */
	uint32_t pid;     /* trace_pipe: same as tid unless the option record-tgid is set */
	uint32_t tid;     /* the thread that ran the program; 0 is the idle thread */
	uint32_t cpu;
	char comm[17];    /* the thread's name; "<...>" if the kernel no longer knows it */
	const char *text; /* not terminated, no trailing newlines, untrusted */
	size_t len;       /* of text; the kernel truncates it to 1023 */
};

/* Receives a line, valid during the call only. Returns false to stop after this line. */
typedef bool (*printk_fn)(void *ctx, const struct printk_line *line);

/*
 * Parses a line of trace_pipe: "  bash-812  [001] d..21  1234.567890: bpf_trace_printk: text".
 * False if it belongs to another event or is malformed.
 */
bool printk_parse(const char *line, size_t len, struct printk_line *out);

/* Parses "CPU:1 [LOST 23 EVENTS]" and returns 23; 0 for any other line. */
uint64_t printk_parse_lost(const char *line, size_t len);

struct trace_pipe {
	int fd;            /* polls readable */
	bool switched_off; /* tracing_on is 0: no lines will arrive */
	size_t used;       /* bytes in buf: the start of an incomplete line */
	char buf[8192];    /* longer lines are delivered in pieces */
};

/* Opens trace_pipe of the tracefs that kfs finds. False with e set: EBUSY if it has a reader, as
 * only one is allowed since Linux 6.6 (backported to 5.10 and 6.1). */
bool trace_pipe_open(struct trace_pipe *t, struct kfs *k, struct err *e);
void trace_pipe_close(struct trace_pipe *t);

/* Receives a line without its newline, not terminated. Returns false to stop after this line. */
typedef bool (*trace_pipe_fn)(void *ctx, const char *line, size_t len);

/* Delivers all available lines except blank ones, without waiting. Returns the number of lines, or
 * -errno if reading failed. */
long trace_pipe_drain(struct trace_pipe *t, trace_pipe_fn fn, void *ctx);

#endif
