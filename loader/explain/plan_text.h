/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Plans as text or JSON (`sonde plan`), and calls as they happen (-v, -vv). */
#ifndef SONDE_PLAN_TEXT_H
#define SONDE_PLAN_TEXT_H

#include "loader/kernel/exec.h"
#include "loader/plan/plan.h"

#include <stdio.h>

struct print_style {
	bool json;  /* one object per line */
	bool full;  /* each field and each fallback, instead of two lines per step */
	bool code;  /* with them: instructions and bytes, too */
	bool color; /* out is a terminal */
	bool brief; /* long data that is no code: only its size */
};

/* Prints the plan, step by step. */
void plan_print(const struct plan *p, const struct print_style *style, FILE *out);

/*
 * Prints a step that was just run on one line, in the style of strace: the call, the result, the
 * owner. result: as in struct exec_report.
 */
void plan_print_call(const struct exec *x, size_t step, long result, FILE *out);

/* Prints any bpf(2) call as seen by the kernel, with pointers as addresses. */
void print_bpf_call(int cmd, const void *attr, unsigned size, long result, FILE *out);

/* The result of a step that was just run, if it has one for people: "program 'x' (syscall): it
 * returned 7". False if not. */
bool plan_step_result(const struct exec *x, size_t step, char *buf, size_t size);

struct seen;
struct seen_style {
	struct print_style print; /* code: field by field */
	bool wrap;                /* out is a terminal */
	bool pids;                /* there are several processes or threads */
	size_t number;            /* of the call, from 1 */
};

/*
 * Prints a call of another process as plan_print_call() does those of this one: with names for descriptors, the
 * errno in words, how long it took, and below it why the kernel refused it, as far as its log or the version of
 * this kernel tell.
 */
void plan_print_seen(struct seen *s, const struct seen_style *style, FILE *out);

/* "35 us", "1.2 ms", "12.0 s". Returns buf. */
char *duration_text(uint64_t ns, char buf[static 24]);

#endif
