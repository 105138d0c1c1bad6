/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A plan as text, straight from the ABI table: what `sonde plan` and `-v` show. Nothing here knows
 * any command by itself.
 */
#ifndef SONDE_PRINT_H
#define SONDE_PRINT_H

#include "loader/kernel/exec.h"
#include "loader/plan/plan.h"

#include <stdio.h>

struct print_style {
	bool json;  /* one object a line */
	bool code;  /* instructions and bytes too */
	bool color; /* out is a terminal */
};

/* The whole plan, step by step, field by field. */
void plan_print(const struct plan *p, const struct print_style *style, FILE *out);

/*
 * One step that was just made, on one line as strace would: the call, what it said, whose it is.
 * result: as of struct exec_report.
 */
void plan_print_call(const struct exec *x, size_t step, long result, FILE *out);

/* Any call of bpf(2), for -vv: as the kernel saw it, pointers as addresses. */
void print_bpf_call(int cmd, const void *attr, unsigned size, long result, FILE *out);

/* What a step that has just been done tells people: "program 'x' (syscall): it returned 7". False
 * when it tells nothing. */
bool plan_step_answer(const struct exec *x, size_t step, char *buf, size_t size);

#endif
