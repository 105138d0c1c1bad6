/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The lines of bpf_printk(), seen without disturbing anybody. Reading trace_pipe would take them
 * away from whoever else waits for them; but since Linux 5.9 each line is also a tracepoint,
 * bpf_trace:bpf_trace_printk, which every process may watch with perf events of its own: one ring a
 * CPU, merged by time, nothing left behind after kill -9. tracefs is only needed to look up the
 * tracepoint. The kernel sends a line there once a program that uses the helper was loaded.
 *
 * Before 5.9 (or in a kernel without CONFIG_BPF_EVENTS) trace_pipe is read after all; from_pipe
 * says so: the lines are then gone for other readers.
 *
 * Every line on the machine arrives, whoever's program wrote it: printk_match() tells whose it can
 * be. A program that watches what the reader itself does (opening, writing) makes a line for each
 * line shown: look for one's own pid.
 */
#ifndef SONDE_PRINTK_H
#define SONDE_PRINTK_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../elf/err.h"
#include "kfs.h"
#include "perfring.h"

/* ---- lines, without a system call */

struct printk_line {
	uint64_t time_ns; /* CLOCK_MONOTONIC, as bpf_ktime_get_ns(); from_pipe: the trace clock */
	uint32_t pid; /* process and thread in whose context it was written, numbers of our pid */
	uint32_t tid; /* namespace, 0 the idle one; from_pipe: pid is tid unless told */
	uint32_t cpu;
	char comm[16];    /* name of the thread, or "" if unknown */
	const char *text; /* not terminated; no newlines at the end; may have some inside */
	size_t len;       /* of text; the kernel cuts it at 1023 */
};

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

/* Where the text stands in the tracepoint's record; from its format file, as it is a matter of the
 * kernel's version. */
struct printk_layout {
	uint32_t offset; /* of a u32: low half where the text is, high half its length */
};
bool printk_layout_parse(const char *format_file, struct printk_layout *out);

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

/* ---- bpf_printk */

enum { PRINTK_COMM = 1 }; /* flags: look the thread's name up (opens /proc/TID/comm) */

struct printk {
	int fd;         /* polls readable; see printk_drain() */
	bool from_pipe; /* no tracepoint: lines are taken out of trace_pipe */
	int timer;      /* in fd's set; wakes for lines that were held back; -1: none are */
	bool timer_set;
	unsigned flags;
	struct kfs *kfs;         /* borrowed */
	struct printk_cpu *cpus; /* owned; those online at the start */
	unsigned count;
	struct printk_layout layout;
	struct tracepipe *pipe;     /* owned; only with from_pipe */
	struct printk_names *names; /* owned; only with PRINTK_COMM */
	uint64_t lost_told;         /* by the pipe; records that made no sense */
};

/*
 * Opens the rings. k is used until printk_close(). ring_bytes: for each CPU, 0 for the usual 32 KiB
 * (about 300 lines; less when there are more than 64 CPUs, so that all of them together take 2 MiB
 * at most). CPUs that come online later are not watched. Needs CAP_PERFMON (before 5.8
 * CAP_SYS_ADMIN) and what kfs needs for tracefs. False with *e set on failure; p is then closed.
 */
bool printk_open(struct printk *p, struct kfs *k, unsigned flags, size_t ring_bytes, struct err *e);
void printk_close(struct printk *p);

/* False stops after this line. line and its text are valid during the call only. */
typedef bool (*printk_fn)(void *ctx, const struct printk_line *line);

/*
 * Delivers lines, oldest first, without waiting. Those of the last 10 ms are held back, so that an
 * older one from another CPU can still come before them; the descriptor polls readable when it is
 * their time. Blank ones are dropped (a format that ends in a newline makes them on new kernels).
 * Returns how many were delivered, or -errno when reading failed.
 *
 * The descriptor polls readable once for new lines, not for as long as some are there: drain after
 * each poll, also when it timed out, and once after adding it to an epoll set.
 */
long printk_drain(struct printk *p, printk_fn fn, void *ctx);

/* The same with nothing held back: before printk_close(). */
long printk_flush(struct printk *p, printk_fn fn, void *ctx);

/* How many lines were lost because a ring was full. */
uint64_t printk_lost(const struct printk *p);

/*
 * Waits until fd is readable, for timeout_ms at most (negative: for ever). unblocked: the signals
 * mask while waiting, so that a signal that is blocked everywhere else can only arrive here and
 * never between a check and the wait; NULL: leave the mask. 1 readable, 0 time is up, -EINTR.
 */
int printk_wait(int fd, int timeout_ms, const sigset_t *unblocked);

#endif
