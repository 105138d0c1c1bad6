/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "stop.h"

#include "loader/explain/kernel_error.h"
#include "loader/show/print.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde load [options] FILE\n"
	"\n"
	"Loads an object (.bpf.o) or a saved plan without attaching it, to check whether\n"
	"its programs pass the verifier of this kernel. Everything is unloaded on exit\n"
	"unless --pin is given; with --attach, it stays attached until sonde unload.\n"
	"\n"
	"  -P, --pin DIR        pin maps as DIR/map/NAME and programs as DIR/prog/NAME in\n"
	"                       a bpffs directory, which is created (and /sys/fs/bpf\n"
	"                       mounted) if missing\n"
	"  -a, --attach         attach, and pin links as DIR/link/NAME; requires --pin\n"
	"  -o, --on PROG=TARGET what a program is for, if its section does not say\n"
	"                       (repeatable)\n" CMD_OBJECT_USAGE
	"  -v                   each step as it happens; -vv: each bpf(2) call\n" CMD_KERNEL_USAGE
	"\n"
	"examples:\n"
	"  sonde load hello.bpf.o\n"
	"  sonde load execcount.bpf.o --pin /sys/fs/bpf/execcount\n"
	"  sonde load execcount.bpf.o --attach --pin /sys/fs/bpf/execcount\n"
	"  sonde map dump /sys/fs/bpf/execcount/map/exec_count\n"
	"  sonde unload /sys/fs/bpf/execcount\n";

struct load_args {
	struct cmd_object object;
	const char *pin;
	bool attach;
	int verbose;
};

static int load(const char *path, const struct load_args *a)
{
	struct session s;
	struct plan plan;
	struct exec live = {0};
	struct err e = {0};
	const char *log = NULL;
	const struct plan_options opt = {
		.load_only = !a->attach, .leave = a->attach, .at_once = true, .pin = a->pin};
	struct cmd_steps steps = {a->verbose};
	const struct exec_report report = {.ctx = &steps,
		.step = cmd_report_step,
		.interrupted = cmd_interrupted,
		.explain = kernel_error_explain};
	stop_catch();
	cmd_raise_descriptor_limit();

	bool ok = session_open(&s, NULL, &e);
	if (a->verbose > 1)
		s.watch.fn = cmd_report_call;
	ok = ok && cmd_object_plan(&s, &plan, path, &a->object, opt, &e);
	if (ok && !plan.n_progs)
		cmd_say("note",
			"the object contains no program: a program is a function with a section "
			"name that specifies its hook, SEC(\"tp/...\")");
	ok = ok && exec_run(&live, &plan, &s.arena, &s.kfs, &s.watch, &report, &log, &e);
	if (!ok && (a->verbose || !live.explained))
		cmd_log(log, a->verbose);
	if (ok) {
		size_t p = plan.n_progs, m = plan.n_maps;
		print(stderr, "%s: %zu program%s and %zu map%s loaded%s%s%s\n", plan.name, p,
			p == 1 ? "" : "s", m, m == 1 ? "" : "s", a->attach ? ", attached" : "",
			a->pin ? ", pinned in " : "; unloaded again (--pin DIR keeps them)",
			a->pin ? a->pin : "");
	}
	ok = exec_close(&live, &e) && ok;
	int status = ok ? cmd_finish() : cmd_fail(&e);
	session_close(&s);
	return stop_finish(status);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS,
		{"pin", required_argument, NULL, 'P'}, {"attach", no_argument, NULL, 'a'},
		{"verbose", no_argument, NULL, 'v'}, CMD_HELP, {0}};
	struct load_args a = {0};
	int status;
	for (int c; (c = cmd_option(argc, argv, "P:ap:o:s:vh", options)) != -1;)
		switch (c) {
		case 'P':
			a.pin = optarg;
			break;
		case 'a':
			a.attach = true;
			break;
		case 'v':
			a.verbose++;
			break;
		default:
			status = cmd_object_option(v, &a.object, c == 'o' ? CMD_OPT_ON : c, optarg);
			if (status != OPTION_TAKEN)
				return status;
		}
	status = cmd_object_file(v, &a.object, argc - optind);
	if (status != OPTION_TAKEN)
		return status;
	if (a.attach && !a.pin)
		return cmd_usage(
			v, "--attach requires --pin DIR; sonde run attaches while it runs");
	return load(argv[optind], &a);
}

const struct verb verb_load = {
	"load", "load without attaching; --pin keeps it, --attach attached", usage, run};
