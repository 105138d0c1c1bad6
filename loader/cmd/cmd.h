/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the verbs share. Each verb is a file: usage text, options, function. */
#ifndef SONDE_CMD_H
#define SONDE_CMD_H

#include "session.h"
#include "elf/base/duration.h"
#include "elf/base/texts.h"

#include "loader/kernel/exec.h"
#include "loader/planner/planner.h"

#include <stdio.h>

enum { EXIT_OK = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

struct verb {
	const char *name;
	const char *summary; /* one line for `sonde --help` */
	const char *usage;   /* the manual: everything about the verb */
	/* argv[0] is the verb. Returns the exit status. */
	int (*run)(const struct verb *v, int argc, char **argv);
};

#define VERB(name) extern const struct verb verb_##name;
#include "verbs.def"
#undef VERB

/* The program (main.c), called by main() (start.c). Returns the exit status. */
int cmd_main(int argc, char **argv);

/* The getopt_long() option that every verb has: -h. */
#define CMD_HELP                                                                                   \
	{                                                                                          \
		"help", no_argument, NULL, 'h'                                                     \
	}

/* ---- messages (cmd.c) ---- */

/* Prints a verb's usage to stdout and returns EXIT_OK. */
int cmd_help(const struct verb *v);

/* Reports a usage error; fmt NULL: cmd_option() has printed it already. Returns EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int cmd_usage(const struct verb *v, const char *fmt, ...);

/* Prints "label: text" to stderr in one line, with '?' for control characters and bytes that are not
 * UTF-8; on a terminal, wrapped between words. */
void cmd_say(const char *label, const char *text);

/* Prints an error and its hint to stderr. Returns EXIT_REFUSED. */
int cmd_fail(const struct err *e);

/* Prints the last lines of a kernel log (all of them if whole), indented, to stderr. NULL: none. */
void cmd_log(const char *log, bool whole);

/* Prints what a failed exec_run() leaves to say about the kernel's log: all of it with -v, its end unless
 * the error contains what matters. file: also writes it there, whole; NULL: nowhere. */
void cmd_rejected(const struct exec *x, const char *log, bool verbose, const char *file);

/* Callbacks of struct exec_report and sys_watch: print each step with -v (ctx: a struct cmd_steps),
 * each bpf(2) call with -vv. */
struct cmd_steps {
	int verbose;
	struct progress *progress; /* NULL: it is not shown */
};
void cmd_report_step(void *ctx, const struct exec *x, size_t step, long result);
void cmd_report_call(void *ctx, int cmd, const void *attr, unsigned size, long result);

/* Flushes stdout. A closed pipe is not a failure. Returns EXIT_OK or EXIT_REFUSED. */
int cmd_finish(void);

/* Raises the limit of open files to the hard one: a probe takes three descriptors, and the usual soft
 * limit is 1024. */
void cmd_raise_descriptor_limit(void);

/* Whether two paths lead to the same file: writing one of them would destroy the other. */
bool cmd_same_file(const char *a, const char *b);

/* The same: tells the progress of loading; false once a signal has asked the process to end (stop.h). */
bool cmd_go_on(void *ctx, const struct plan *p, size_t step);

/* Reads a number of bytes: 500K, 10M, 1G; false if malformed or 0. */
bool cmd_size(const char *text, uint64_t *bytes);

/* The values of a repeatable option. */
enum { CMD_LIST_MAX = 64 };
struct cmd_list {
	const char *items[CMD_LIST_MAX];
	size_t n;
};
/* False if the list is full. */
bool cmd_list_add(struct cmd_list *l, const char *item);

/* ---- options (option.c) ---- */

/* As getopt_long(): the next option, -1 after the last one. '?' if it is wrong, which has been
 * reported. */
struct option;
int cmd_option(int argc, char **argv, const char *shorts, const struct option *longs);

/* Refuses options that an action of a verb does not have. extra: a bit for each of them, names: by bit.
 * Returns OPTION_TAKEN, else the exit status. */
enum { OPTION_TAKEN = -1 };
int cmd_check_options(
	const struct verb *v, const char *action, unsigned extra, const char *const *names);

/* ---- options about an object (object_args.c) ---- */

enum {
	CMD_OPT_ON = 512,
	CMD_OPT_EVENT,
	CMD_OPT_BTF,
	CMD_OPT_KCONFIG,
	CMD_OPT_TOKEN,
	CMD_OPT_ENTRIES,
	CMD_OPT_SKIP,
	CMD_OPT_TYPE,
	CMD_OPT_ARG,
	CMD_OPT_TYPES,
	CMD_OPT_DEBUG
};

/* Options about the types of records, see record_args.h. */
struct cmd_records {
	struct cmd_list events;
	const char *types, *debug; /* files */
};

#define CMD_RECORD_OPTIONS                                                                         \
	{"event", required_argument, NULL, CMD_OPT_EVENT},                                         \
		{"types", required_argument, NULL, CMD_OPT_TYPES},                                 \
	{                                                                                          \
		"debug", required_argument, NULL, CMD_OPT_DEBUG                                    \
	}

/* Whether c is one of these options; *full: --event was repeated too often. */
bool cmd_record_option(struct cmd_records *a, int c, const char *value, bool *full);

/* Refuses a list that is full, and an option that can have no effect without another one. Returns
 * OPTION_TAKEN, else the exit status. */
int cmd_record_check(const struct verb *v, const struct cmd_records *a, bool full);

struct cmd_object {
	struct cmd_list only, skip, on, set, entries, types, args;
	struct cmd_records records;
	const char *btf, *kconfig, *token;
	bool full;    /* an option was repeated too often */
	bool explain; /* -v: say where layouts of types are from, see layouts.h */
};

/* For the table of getopt_long(); 'p' and 's' are the short forms. */
#define CMD_OBJECT_OPTIONS                                                                         \
	{"only", required_argument, NULL, 'p'}, {"set", required_argument, NULL, 's'},             \
		{"on", required_argument, NULL, CMD_OPT_ON},                                       \
		{"skip", required_argument, NULL, CMD_OPT_SKIP},                                   \
		{"type", required_argument, NULL, CMD_OPT_TYPE},                                   \
		{"arg", required_argument, NULL, CMD_OPT_ARG},                                     \
		{"btf", required_argument, NULL, CMD_OPT_BTF},                                     \
		{"kconfig", required_argument, NULL, CMD_OPT_KCONFIG},                             \
		{"entries", required_argument, NULL, CMD_OPT_ENTRIES},                             \
	{                                                                                          \
		"token", required_argument, NULL, CMD_OPT_TOKEN                                    \
	}

/* In usage texts, for their descriptions, which cmd_help() inserts; --on differs in its short form. */
#define CMD_OBJECT_USAGE "\1"
#define CMD_KERNEL_USAGE "\2"
#define CMD_RECORD_USAGE "\3"

/* Handles an option that is not the verb's own: stores it, prints the help, or reports an error.
 * Returns OPTION_TAKEN, else the exit status. */
int cmd_object_option(const struct verb *v, struct cmd_object *a, int c, const char *value);

/* Checks that exactly one file follows the options. Returns as above. */
int cmd_object_file(const struct verb *v, const struct cmd_object *a, int files);

/* Plans the object according to the options; the rest of opt is the verb's. */
bool cmd_object_plan(struct session *s, struct plan *plan, const char *path,
	const struct cmd_object *a, struct plan_options opt, struct err *e);

#endif
