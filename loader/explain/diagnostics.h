/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Diagnostics: what is worth knowing about a running plan although nothing has failed, so that
 * nobody has to wonder about an empty screen or wrong numbers.
 */
#ifndef SONDE_DIAGNOSTICS_H
#define SONDE_DIAGNOSTICS_H

#include "loader/kernel/exec.h"

/* Receives a diagnostic: a sentence without a full stop, valid during the call only. */
typedef void (*diagnostic_fn)(void *ctx, const char *text);

/* Reports diagnostics once everything is attached: maps that stay empty, tail calls, formats of
 * bpf_printk, pids of another namespace, tracepoint records with another layout than the program was
 * compiled for. */
void diagnose_attached(const struct exec *x, diagnostic_fn fn, void *ctx);

/* Reports runs that the kernel skipped because the program was already running on that CPU
 * (recursion_misses, Linux 5.12). Call it before anything is detached. */
void diagnose_misses(const struct exec *x, diagnostic_fn fn, void *ctx);

/*
 * Programs that are attached but never run. The kernel counts runs only on request
 * (BPF_ENABLE_STATS, Linux 5.8, CAP_SYS_ADMIN), which costs every BPF program of the machine some
 * nanoseconds per run: counting begins with idle_check_start(), since afterwards the capability is
 * gone (loader/sandbox), and lasts for eleven seconds. Without it, only the absence of output can be reported.
 */
struct idle_check {
	const struct exec *x;
	diagnostic_fn fn;
	void *ctx;
	int stats_fd; /* -1: not counting */
	uint64_t since_ns;
	uint64_t *before; /* by program: its runs at since_ns */
	bool waited, over;
};

struct idle_check idle_check_start(const struct exec *x, diagnostic_fn fn, void *ctx);

/* Returns the milliseconds until the next call, 0 for none. Call it at the start, at these times
 * and at the end. events: records and lines so far. */
uint32_t idle_check_tick(struct idle_check *c, uint64_t events, bool end);

/*
 * Attachments that the kernel has removed by itself, because their interface, cgroup or network
 * namespace is gone, or because it ejected a scheduler (sched_ext). Links show this since they exist
 * for the hook; other attachments do not.
 */
struct detach_check {
	const struct exec *x;
	diagnostic_fn fn;
	void *ctx;
	bool *attached; /* by step: it has attached what can be detached, and is not */
	bool any, schedules;
};

struct detach_check detach_check_start(const struct exec *x, diagnostic_fn fn, void *ctx);

/* Reports what has been detached since the last call. Returns the milliseconds until the next one, 0
 * for none. */
uint32_t detach_check_tick(struct detach_check *c);

#endif
