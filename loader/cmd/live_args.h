/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arguments of the verbs about objects in the kernel: ACTION [WHAT] [OBJECT] [PATH]. */
#ifndef SONDE_LIVE_ARGS_H
#define SONDE_LIVE_ARGS_H

#include "cmd.h"

#include "loader/live/live.h"

struct live_args {
	struct session s;
	struct live l;
	const char *what; /* one of action.what */
	bool named;       /* an object was given: ref */
	struct live_ref ref;
	const char *path;
	struct live_ref program;
	char **words; /* what follows the object, if the action takes words */
	int n_words;
};

struct live_action {
	const char *name;
	bool (*run)(struct live_args *a, struct err *e);
	enum { LIVE_ARG_NONE, LIVE_ARG_OPTIONAL, LIVE_ARG_REQUIRED } object;
	const char *const *what; /* words, one of which precedes the object; NULL: none */
	bool path;               /* follows the object */
	bool program;            /* another object follows it: a program */
	bool words;              /* any number of words follows the object */
	bool json;               /* has --json */
};

/* Parses the arguments and runs an action, the first one if none is named; `actions` ends with an empty
 * row. Returns the exit status. */
int live_args_run(const struct verb *v, const struct live_action *actions, int argc, char **argv);

#endif
