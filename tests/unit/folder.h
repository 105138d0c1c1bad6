/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A temporary folder for the tests of one program. */
#ifndef FOLDER_H
#define FOLDER_H

extern char folder[]; /* its path, after folder_make() */

int folder_make(void **state); /* cmocka's group setup and teardown */
int folder_remove(void **state);

/* Runs a command in it; returns the result of system(). */
__attribute__((format(printf, 1, 2))) int shell(const char *fmt, ...);
#define must_shell(...) assert_int_equal(shell(__VA_ARGS__), 0)

/* The path of a file in it, in a buffer that is reused after a few calls. */
const char *in_folder(const char *name);

#endif
