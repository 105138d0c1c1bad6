/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include <errno.h>
#include <getopt.h>

static const char usage[] =
	"usage: sonde detach [options] INTERFACE\n"
	"\n"
	"Removes what a sonde that was killed (SIGKILL) has left at a network interface:\n"
	"filters and actions of tc, which kernels before 6.6 keep. That of a sonde which\n"
	"still runs goes, too. Everything else ends with the process anyway.\n"
	"\n"
	"  -v                   each step as it happens\n"
	"\n"
	"example:\n"
	"  sonde detach eth0\n";

struct removals {
	struct cmd_steps steps; /* first, for cmd_report_step() */
	unsigned n;
	int no; /* errno of a failure that is not "there is none" */
};

static void report(void *ctx, const struct exec *x, size_t step, long result)
{
	struct removals *r = ctx;
	const struct plan_step *s = &x->plan->steps[step];
	if (r->steps.verbose)
		cmd_report_step(r, x, step, result);
	if (!(s->flags & STEP_NOTICE))
		return;
	if (result < 0) {
		r->no = result == -ENOENT || result == -EINVAL ? r->no : (int)-result;
		return;
	}
	printf("%s: %s\n", x->plan->path, s->note);
	r->n++;
}

static int detach(const char *interface, int verbose)
{
	struct sonde s;
	struct plan plan;
	struct exec live = {0};
	struct err e = {0};
	const char *log;
	struct removals removals = {.steps = {verbose}};
	const struct exec_report to = {.step = report, .ctx = &removals};
	bool ok = sonde_open(&s, NULL, &e) && sonde_leftovers(&s, &plan, interface, &e) &&
	          exec_run(&live, &plan, &s.arena, &s.kfs, &s.watch, &to, &log, &e);
	exec_close(&live);
	if (ok && removals.no) {
		ok = err_sys(&e, removals.no, "%s", interface);
		if (removals.no == EPERM)
			err_hint(&e, "to remove what is there takes CAP_NET_ADMIN (root has it)");
	}
	if (ok && !removals.n)
		printf("%s: nothing of sonde's is there\n", interface);
	int status = ok ? cmd_finish() : cmd_fail(&e);
	sonde_close(&s);
	return status;
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"verbose", no_argument, NULL, 'v'}, CMD_HELP, {0}};
	int verbose = 0;
	for (int c; (c = getopt_long(argc, argv, "vh", options, NULL)) != -1;)
		switch (c) {
		case 'v':
			verbose = 1;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	if (argc - optind != 1)
		return cmd_usage(
			v, argc == optind ? "which interface?" : "one interface at a time");
	return detach(argv[optind], verbose);
}

const struct verb verb_detach = {
	"detach", "remove what a killed sonde has left at an interface", usage, run};
