/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An error is one line, where and what, and an optional hint. The function that detects it states
 * what is wrong, each caller prepends its context, and cmd/ prints the result once. Nothing below
 * cmd/ prints errors.
 *
 *     hello.bpf.o: program 'hello' (tp/x/y): attach: ENOENT: no such tracepoint
 *     hint: list them with: ls /sys/kernel/tracing/events
 */
#ifndef SONDE_ERR_H
#define SONDE_ERR_H

#include "texts.h"

#include <stdbool.h>

struct err {
	int no;          /* errno of the failed system call, 0 if there was none */
	bool set;        /* the first error is kept: later ones do not overwrite it */
	char text[1024]; /* truncated if longer */
	char hint[512];  /* how to fix it, may be empty */
};

/* Records an error. Returns false, so that a parser can `return err_set(...)`. */
__attribute__((format(printf, 2, 3))) bool err_set(struct err *e, const char *fmt, ...);

/* The same for a failed system call: appends ": ENAME: description" and stores no in e->no. */
__attribute__((format(printf, 3, 4))) bool err_sys(struct err *e, int no, const char *fmt, ...);

/* err_sys(), but appends "; ..." to an error that is already set. Returns false. */
__attribute__((format(printf, 3, 4))) bool err_also(struct err *e, int no, const char *fmt, ...);

/* Prepends "where: ". Does nothing if no error is set. Returns false. */
__attribute__((format(printf, 2, 3))) bool err_where(struct err *e, const char *fmt, ...);

/* Sets the hint unless one is set already. Returns false. */
__attribute__((format(printf, 2, 3))) bool err_hint(struct err *e, const char *fmt, ...);

/* The texts of errors are deflated. */
#ifdef TEXTS_PACKED
#define err_set(e, ...)      (err_set)(e, PACKED_FIRST(__VA_ARGS__))
#define err_sys(e, no, ...)  (err_sys)(e, no, PACKED_FIRST(__VA_ARGS__))
#define err_also(e, no, ...) (err_also)(e, no, PACKED_FIRST(__VA_ARGS__))
#define err_where(e, ...)    (err_where)(e, PACKED_FIRST(__VA_ARGS__))
#define err_hint(e, ...)     (err_hint)(e, PACKED_FIRST(__VA_ARGS__))
#endif

/* "out of memory": reports every failed allocation. Returns false. */
bool err_nomem(struct err *e);

enum {
	ERRNO_MAX = 4095,      /* results of system calls below -ERRNO_MAX are addresses */
	ENOTSUPP_KERNEL = 524, /* ENOTSUPP, which user space headers do not define */
};

/* The symbolic name of a Linux errno ("ENOENT"; "ENOTSUPP" for ENOTSUPP_KERNEL), from a static
 * table; "errno N" in buf for unknown numbers. */
const char *errno_name(int no, char buf[static 16]);

/* Its description: "No such file or directory". */
const char *errno_text(int no);

#endif
