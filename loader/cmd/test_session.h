/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* An object that is loaded for test runs: its programs, and its maps afterwards. */
#ifndef SONDE_TEST_SESSION_H
#define SONDE_TEST_SESSION_H

#include "cmd.h"

#include "loader/trial/trial.h"

struct test_session {
	bool open; /* {0}: it is not */
	struct session s;
	struct plan plan;
	struct exec x;
};

/* Loads the object; sets: values of variables besides those of a. s must not move. False with e set; it is to be
 * closed in any case. */
bool test_session_open(struct test_session *s, const char *path, const struct cmd_object *a,
	const char *const *sets, size_t n, struct err *e);
void test_session_close(struct test_session *s);

/* The program from number *i on that can be run, or the one with that name (NULL: any). False at the end, with e
 * set if there is none at all. */
bool test_session_next(
	struct test_session *s, const char *name, size_t *i, struct trial *t, struct err *e);

/* The only one. False with e set if there are several. */
bool test_session_only(
	struct test_session *s, const char *name, size_t *i, struct trial *t, struct err *e);

/* Writes an entry of a map. */
struct case_entry;
bool test_session_put(struct test_session *s, const struct case_entry *entry, struct err *e);

/* Whether a map has the entry, as far as its value is given. False with the reason in why; e is set if it cannot
 * be told. */
bool test_session_has(struct test_session *s, const struct case_entry *entry, char *why,
	size_t size, struct err *e);

/* Prints the maps that are not empty. */
bool test_session_maps(struct test_session *s, bool json, FILE *out, struct err *e);

#endif
