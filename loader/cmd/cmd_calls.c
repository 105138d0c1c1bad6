/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "elf/base/number.h"
#include "loader/show/print.h"

#include "loader/explain/call_counts.h"
#include "loader/explain/call_diff.h"
#include "loader/explain/plan_text.h"
#include "loader/show/clean.h"
#include "loader/show/terminal.h"
#include "loader/trace/seen.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde calls [options] -- COMMAND [ARGUMENT...]\n"
	"       sonde calls [options] -p PID\n"
	"\n"
	"Shows the calls by which another program loads and attaches BPF programs: bpf(2)\n"
	"with every field, perf_event_open(2) and its ioctls, socket options, netlink\n"
	"requests for XDP, tc and routes, and probes written to tracefs. Child processes\n"
	"and threads are followed. Requires Linux 5.3, and no privileges for one's own\n"
	"processes.\n"
	"\n"
	"  -p, --pid PID        follow a running process, until it ends or Ctrl-C\n"
	"  -v                   field by field, with instructions\n"
	"  -c, --count          only a table: calls, errors and time of each command\n"
	"  -d, --diff OBJ       compare with sonde's plan of an object, at the end: '-'\n"
	"                       before what only the plan has, '+' before what it has not\n"
	"  -j, --json           one JSON object per line\n"
	"\n"
	"Calls are written to stderr, since stdout belongs to COMMAND; with --pid, to\n"
	"stdout. The exit status is that of COMMAND, 128 + N if signal N ended it.\n"
	"Processes that it leaves behind are followed, too; Ctrl-C then ends them.\n"
	"\n"
	"examples:\n"
	"  sonde calls -- bpftool prog list\n"
	"  sonde calls -v -- bpftool prog load hello.bpf.o /sys/fs/bpf/hello\n"
	"  sonde calls --diff hello.bpf.o -- bpftool prog load hello.bpf.o /sys/fs/bpf/x\n"
	"  sonde calls -c -p $(pidof systemd-networkd)\n";

struct calls_args {
	pid_t pid; /* 0: a command */
	bool count;
	const char *diff; /* the object, or NULL */
	struct seen_style style;
};

/* What calls are collected in. */
struct collection {
	struct call_counts counts;
	struct call_list planned, made;
};

/* Prints, counts or lists a call. False if memory is exhausted. */
static bool take(const struct calls_args *a, struct collection *to, struct seen *seen, FILE *out)
{
	if (a->count)
		return call_counts_add(&to->counts, seen);
	if (a->diff)
		return call_list_add(&to->made, &seen->plan, &seen->plan.steps[0], seen->outcome);
	plan_print_seen(seen, &a->style, out);
	fflush(out);
	return true;
}

static bool follow(struct tracees *t, struct kfs *k, struct calls_args *a, struct collection *to,
	FILE *out, struct err *e)
{
	struct seeing seeing = {.kfs = k};
	struct tracee_call call;
	struct seen seen;
	while (!e->set && tracees_next(t, &call, e) == TRACEES_CALL) {
		if (!seen_read(&seeing, &call, &seen, e))
			continue;
		a->style.number++;
		a->style.pids |= t->seen > 1;
		if (!take(a, to, &seen, out))
			err_nomem(e);
		if (ferror(out) && a->pid) /* a command runs to its end, read or not */
			break;
	}
	if (a->count && !e->set)
		call_counts_print(&to->counts, a->style.print.json, out);
	else if (a->diff && !e->set && !call_lists_print(&to->planned, &to->made, out))
		err_nomem(e);
	seeing_close(&seeing);
	return !e->set;
}

/* The calls of the plan that a command's are compared with. */
static bool plan_first(struct session *s, const char *object, struct call_list *l, struct err *e)
{
	struct plan plan;
	struct machine m;
	const struct cmd_object none = {0};
	return cmd_object_plan(s, &plan, object, &none, (struct plan_options){.show = true}, e) &&
	       target_machine(&s->target, &m, e) && plan_fit(&plan, &m, e) &&
	       (call_list_add_plan(l, &plan) || err_nomem(e));
}

static int status_of(const struct tracees *t)
{
	if (!t->command)
		return cmd_finish();
	return WIFSIGNALED(t->status) ? 128 + WTERMSIG(t->status) : WEXITSTATUS(t->status);
}

static int calls(struct calls_args *a, char *const command[])
{
	struct session s;
	struct tracees t = {.report = -1};
	struct collection to = {0};
	struct err e = {0};
	FILE *to_file = a->pid ? stdout : stderr;
	a->style.wrap = isatty(fileno(to_file)) && !a->style.print.json;
	a->style.print.color = a->style.wrap && terminal_colors(to_file);
	FILE *out = a->style.print.json ? to_file : clean_open(to_file, a->style.print.color);
	bool ok = session_open(&s, NULL, &e) && (out || err_nomem(&e));
	ok = ok && (!a->diff || plan_first(&s, a->diff, &to.planned, &e));
	bool planned = ok;
	ok = ok && (a->pid ? tracees_attach(&t, a->pid, &s.kfs, &e)
			   : tracees_start(&t, command, &s.kfs, &e));
	if (ok && a->pid)
		print(stderr, "following process %d; Ctrl-C to stop\n", (int)a->pid);
	ok = ok && follow(&t, &s.kfs, a, &to, out, &e);
	clean_close(out, to_file);
	int status = ok ? status_of(&t) : EXIT_REFUSED;
	if (planned)
		tracees_close(&t);
	if (planned && command)
		err_where(&e, "%s", command[0]);
	arena_free(&to.planned.arena);
	arena_free(&to.made.arena);
	session_close(&s);
	return ok ? status : cmd_fail(&e);
}

static bool pid_of(const char *text, pid_t *pid)
{
	char *end;
	int64_t n = text_s64(text, &end, 10);
	*pid = (pid_t)n;
	return *text && !*end && n > 0 && n == *pid;
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"pid", required_argument, NULL, 'p'},
		{"count", no_argument, NULL, 'c'}, {"json", no_argument, NULL, 'j'},
		{"diff", required_argument, NULL, 'd'}, {"verbose", no_argument, NULL, 'v'},
		CMD_HELP, {0}};
	struct calls_args a = {.style.print.brief = true};
	/* '+': the options of the command are its own. */
	for (int c; (c = cmd_option(argc, argv, "+p:d:cjvh", options)) != -1;)
		switch (c) {
		case 'p':
			if (!pid_of(optarg, &a.pid))
				return cmd_usage(v, "--pid expects a process id, got '%s'", optarg);
			break;
		case 'd':
			a.diff = optarg;
			break;
		case 'c':
			a.count = true;
			break;
		case 'j':
			a.style.print.json = true;
			break;
		case 'v':
			a.style.print.code = true;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	if (a.pid && optind < argc)
		return cmd_usage(v, "either a command or --pid, not both");
	if (!a.pid && optind == argc)
		return cmd_usage(v, "expects a command, or --pid");
	if (a.diff && (a.count || a.style.print.json || a.style.print.code))
		return cmd_usage(v, "--diff has a form of its own: no -v, --count or --json");
	if (a.style.print.code && (a.count || a.style.print.json))
		return cmd_usage(v, "-v has no effect with %s", a.count ? "--count" : "--json");
	return calls(&a, a.pid ? NULL : argv + optind);
}

const struct verb verb_calls = {
	"calls", "show the BPF system calls of another program", usage, run};
