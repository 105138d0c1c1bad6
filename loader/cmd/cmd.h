/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the verbs share. Each verb is a file: its usage text, its options, its function. */
#ifndef SONDE_CMD_H
#define SONDE_CMD_H

#include "session.h"

#include "loader/kernel/exec.h"
#include "loader/planner/planner.h"

#include <stdio.h>

enum { EXIT_OK = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

struct verb {
	const char *name;
	const char *summary; /* for `sonde --help` */
	const char *usage;   /* the manual: everything about the verb */
	int (*run)(
		const struct verb *v, int argc, char **argv); /* argv[0]: the verb; exit status */
};

extern const struct verb verb_run, verb_load, verb_map, verb_btf, verb_detach, verb_plan,
	verb_inspect, verb_trace, verb_hooks;

/* Options of getopt_long() that every verb has: -h. */
#define CMD_HELP                                                                                   \
	{                                                                                          \
		"help", no_argument, NULL, 'h'                                                     \
	}

/* Prints a verb's usage to stdout and returns EXIT_OK. */
int cmd_help(const struct verb *v);

/* Says what is wrong with the command line; getopt has already spoken when fmt is NULL. Returns
 * EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int cmd_usage(const struct verb *v, const char *fmt, ...);

/* A line for people, "label: text", to stderr. A terminal gets it broken between words. */
void cmd_say(const char *label, const char *text);

/* Prints an error with its hint to stderr, once. Returns EXIT_REFUSED. */
int cmd_fail(const struct err *e);

/* The end of a log of the kernel, indented, to stderr; all of it when whole. NULL: nothing. */
void cmd_log(const char *log, bool whole);

/* For struct exec_report and sys_watch: what -v shows of each step (ctx: a struct cmd_steps), and
 * -vv of each bpf(2) call. */
struct cmd_steps {
	int verbose;
};
void cmd_report_step(void *ctx, const struct exec *x, size_t step, long result);
void cmd_report_call(void *ctx, int cmd, const void *attr, unsigned size, long result);

/* Flushes stdout; a reader that has gone is no failure of ours. EXIT_OK or EXIT_REFUSED. */
int cmd_finish(void);

/*
 * From here on SIGINT, SIGTERM and SIGHUP wait in the descriptor that is returned, so that the end
 * is an orderly one. The process may still be killed at any time: all that it has made ends with
 * its descriptors.
 */
int cmd_catch_signals(void);

/* "10", "1.5s", "200ms", "2m", "1h" in milliseconds; false when it is nothing like that or 0. */
bool cmd_duration(const char *text, uint32_t *ms);

/* A list of strings given by a repeated option. */
enum { CMD_LIST_MAX = 64 };
struct cmd_list {
	const char *items[CMD_LIST_MAX];
	size_t n;
};
bool cmd_list_add(struct cmd_list *l, const char *item);

/* ---- what is said about an object (object.c) ---- */

enum {
	CMD_OPT_ON = 512,
	CMD_OPT_EVENT,
	CMD_OPT_BTF,
	CMD_OPT_KCONFIG,
	CMD_OPT_TOKEN,
	CMD_OPT_ENTRIES
};

struct cmd_object {
	struct cmd_list only, on, set, events, entries;
	const char *btf, *kconfig, *token;
	bool full; /* some option was given too often */
};

/* For the table of getopt_long(). 'p' and 's' are the short ones. */
#define CMD_OBJECT_OPTIONS                                                                         \
	{"only", required_argument, NULL, 'p'}, {"set", required_argument, NULL, 's'},             \
		{"on", required_argument, NULL, CMD_OPT_ON},                                       \
		{"event", required_argument, NULL, CMD_OPT_EVENT},                                 \
		{"btf", required_argument, NULL, CMD_OPT_BTF},                                     \
		{"kconfig", required_argument, NULL, CMD_OPT_KCONFIG},                             \
		{"entries", required_argument, NULL, CMD_OPT_ENTRIES},                             \
	{                                                                                          \
		"token", required_argument, NULL, CMD_OPT_TOKEN                                    \
	}

/* What the verb does with an option that is not its own: takes it, prints the help, or says what is
 * wrong. OPTION_TAKEN, else the exit status. */
enum { OPTION_TAKEN = -1 };
int cmd_object_option(const struct verb *v, struct cmd_object *a, int c, const char *value);

/* The same for the end of the options: there has to be one file. */
int cmd_object_file(const struct verb *v, const struct cmd_object *a, int files);

/* Plans the object as the options say; the rest of opt is the verb's. */
bool cmd_object_plan(struct session *s, struct plan *plan, const char *path,
	const struct cmd_object *a, struct plan_options opt, struct err *e);

#endif
