/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Lines of bpf_printk(): whose they can be, and trace_pipe, which shows them together with all
 * trace events that are switched on. What trace_pipe shows to one reader is gone for the others;
 * printk_capture.h sees the lines of bpf_printk() without taking them from anybody, since Linux 5.9.
 *
 * No way to watch them: a perf event on the tracepoint bpf_trace:bpf_trace_printk. While perf runs
 * a program (those of tracepoints and system calls) it takes no other event in the same context, so
 * that the program's lines are lost, and not even counted.
 */
#ifndef SONDE_PRINTK_H
#define SONDE_PRINTK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/err.h"
#include "kfs.h"

struct printk_line {
	uint64_t
		time_ns; /* tap: CLOCK_MONOTONIC; trace_pipe: what trace_clock says, 0 if no time */
	uint32_t pid;    /* trace_pipe: as tid, unless the option record-tgid is on */
	uint32_t tid;    /* thread in whose context it was written; 0 the idle one */
	uint32_t cpu;
	char comm[17];    /* its name; "<...>" if the kernel has forgotten it */
	const char *text; /* not terminated, without newlines at its end, untrusted */
	size_t len;       /* of text; the kernel cuts it at 1023 */
};

/* Takes a line, which is there during the call only. False stops after this one. */
typedef bool (*printk_fn)(void *ctx, const struct printk_line *line);

/*
 * Can this text have come from bpf_printk() with this format? Conversions are those of
 * bpf_trace_printk() and bpf_trace_vprintk(): %d %i %u %x %X with l and ll, %s %c %p %pK %px %pB
 * %ps %pS %pks %pus %pi4 %pI4 %pi6 %pI6 %%, flags 0 + - space # and widths. In doubt true: for
 * conversions that are not known here, for the end of a text that the kernel cut, and for one line
 * of a format with newlines inside. Takes time in proportion to format times text, whatever they
 * hold; both are untrusted.
 */
bool printk_match(const char *format, const char *text, size_t len);

/*
 * Takes a line of trace_pipe apart: "  bash-812  [001] d..21  1234.567890: bpf_trace_printk: text".
 * False when it is another event's, or nothing of the kind.
 */
bool printk_parse(const char *line, size_t len, struct printk_line *out);

/* "CPU:1 [LOST 23 EVENTS]", as trace_pipe tells it: 23; any other line: 0. */
uint64_t printk_parse_lost(const char *line, size_t len);

/* ---- everything that trace_pipe shows */

struct tracepipe {
	int fd;            /* polls readable */
	bool switched_off; /* tracing_on is 0: nothing will come */
	size_t used;       /* bytes of buf with the start of a line */
	char buf[8192];    /* longer lines come in pieces */
};

/* Opens trace_pipe where kfs finds tracefs. Since Linux 6.6 (and in later releases of 5.10 and 6.1)
 * only one reader may have it open: EBUSY. */
bool tracepipe_open(struct tracepipe *t, struct kfs *k, struct err *e);
void tracepipe_close(struct tracepipe *t);

/* Takes a line, without its newline and not terminated. False stops after this line. */
typedef bool (*tracepipe_fn)(void *ctx, const char *line, size_t len);

/* Delivers the lines that are there, without waiting; drops blank ones. Returns how many, or -errno
 * when reading failed. */
long tracepipe_drain(struct tracepipe *t, tracepipe_fn fn, void *ctx);

#endif
