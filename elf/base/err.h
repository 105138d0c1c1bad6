/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An error is a sentence that says where, what and what now. The code that finds it writes what is
 * wrong; each caller on the way up puts its "where: " in front; cmd/ prints it once. Nothing below
 * cmd/ prints.
 *
 *     hello.bpf.o: program 'hello' (tp/x/y): attach: ENOENT: no such tracepoint
 *     hint: list them with: ls /sys/kernel/tracing/events
 */
#ifndef SONDE_ERR_H
#define SONDE_ERR_H

#include <stdbool.h>

struct err {
	int no;          /* errno of the cause, 0 where no system call failed */
	bool set;        /* the first error wins: later ones do not overwrite it */
	char text[1024]; /* cut at the end when longer */
	char hint[512];  /* what to do now; empty when nobody knows */
};

/* Records an error and returns false, so that a parser can `return err_set(...)`. */
__attribute__((format(printf, 2, 3))) bool err_set(struct err *e, const char *fmt, ...);

/* The same for a failed system call: appends ": ENAME: text of errno", keeps no in e->no. */
__attribute__((format(printf, 3, 4))) bool err_sys(struct err *e, int no, const char *fmt, ...);

/* Puts "where: " in front of the sentence. Returns false. Does nothing when no error is set. */
__attribute__((format(printf, 2, 3))) bool err_where(struct err *e, const char *fmt, ...);

/* Sets the hint unless a more specific one is there. Returns false. */
__attribute__((format(printf, 2, 3))) bool err_hint(struct err *e, const char *fmt, ...);

/* "out of memory"; every NULL of an arena ends here. Returns false. */
bool err_nomem(struct err *e);

/* The symbolic name of an errno of Linux ("ENOENT"; "ENOTSUPP" for the kernel's own 524), or
 * "errno N" from a static table or the given buffer. */
const char *errno_name(int no, char buf[static 16]);

#endif
