/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "stop.h"

#include "elf/base/number.h"
#include "loader/explain/kernel_error.h"
#include "loader/explain/map_shapes.h"
#include "loader/explain/replaced.h"
#include "loader/kernel/users.h"
#include "loader/show/clean.h"
#include "loader/show/print.h"
#include "loader/sonde.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde load [options] FILE\n"
	"\n"
	"Loads an object (.bpf.o) or a saved plan without attaching it, to check whether\n"
	"its programs pass the verifier of this kernel. Everything is unloaded on exit\n"
	"unless --pin is given; with --attach, it stays attached until sonde unload.\n"
	"\n"
	"  -P, --pin DIR        pin maps as DIR/map/NAME and programs as DIR/prog/NAME in\n"
	"                       a bpffs directory, which appears when all is done (and\n"
	"                       /sys/fs/bpf is mounted if it is not)\n"
	"  -a, --attach         attach, and pin links as DIR/link/NAME; requires --pin\n"
	"  -r, --replace        upgrade what DIR keeps. Links get the new program; where\n"
	"                       the kernel can't exchange it, a new link precedes the end\n"
	"                       of the old one: no event is missed, both may see some.\n"
	"                       Maps of the same shape keep their contents, except for\n"
	"                       variables and arrays of programs\n"
	"      --empty MAP      with --replace: MAP starts empty (repeatable)\n"
	"      --mode MODE      permissions of the pins, such as 0640 (directories can be\n"
	"                       entered by whom it lets read); default 0600\n"
	"      --owner USER[:GROUP]\n"
	"                       whose the pins are: names or numbers\n"
	"  -o, --on PROG=TARGET what a program is for, if its section does not say\n"
	"                       (repeatable)\n" CMD_OBJECT_USAGE
	"      --log FILE       keep the verifier's log, whole, if it rejects a program\n"
	"  -v                   each step as it happens; -vv: each bpf(2) call\n" CMD_KERNEL_USAGE
	"\n"
	"examples:\n"
	"  sonde load hello.bpf.o\n"
	"  sonde load execcount.bpf.o --pin /sys/fs/bpf/execcount\n"
	"  sonde load execcount.bpf.o --attach --pin /sys/fs/bpf/execcount\n"
	"  sonde load new/execcount.bpf.o --attach --replace --pin /sys/fs/bpf/execcount\n"
	"  sonde load gate.bpf.o -a -P /sys/fs/bpf/gate --mode 0640 --owner root:adm\n"
	"  sonde map dump /sys/fs/bpf/execcount/map/exec_count\n"
	"  sonde list\n"
	"  sonde unload /sys/fs/bpf/execcount\n";

struct load_args {
	struct cmd_object object;
	struct cmd_list empty;
	const char *pin, *log;
	bool attach, replace, access;
	int mode, uid, gid; /* -1: not given */
	int verbose;
};

enum { OPT_EMPTY = 'E', OPT_MODE = 'M', OPT_OWNER = 'O', OPT_LOG = 'L' };

static void tell(void *ctx, const char *text)
{
	cmd_say(ctx, text);
}

static void report(const struct exec *x, const struct load_args *a)
{
	size_t p = x->plan->n_progs, m = x->plan->n_maps;
	print(stderr, "%s: %zu program%s and %zu map%s loaded%s%s%s\n", x->plan->name, p,
		p == 1 ? "" : "s", m, m == 1 ? "" : "s", a->attach ? ", attached" : "",
		a->pin ? ", pinned in " : "; unloaded again (--pin DIR keeps them)",
		a->pin ? a->pin : "");
	replaced_tell(x, tell, (void *)(uintptr_t)x->plan->name);
}

/* After a table of both maps, if they differ. */
static bool explain_shapes(struct exec *x, size_t step, const char *log, struct err *e)
{
	FILE *err = clean_open(stderr, false);
	if (err)
		map_shapes_print(x, step, err);
	clean_close(err, stderr);
	return kernel_error_explain(x, step, log, e);
}

static int load(const char *path, const struct load_args *a)
{
	struct session s;
	struct plan plan;
	struct exec live = {0};
	struct err e = {0};
	const char *log = NULL;
	const struct plan_options opt = {.load_only = !a->attach,
		.leave = a->attach,
		.at_once = true,
		.pin = a->pin,
		.replace = a->replace,
		.maker = "sonde " SONDE_VERSION,
		.empty = a->empty.items,
		.n_empty = a->empty.n,
		.access = a->access,
		.mode = a->mode,
		.uid = a->uid,
		.gid = a->gid};
	struct cmd_steps steps = {a->verbose, &s.progress};
	const struct exec_report to = {.ctx = &steps,
		.step = cmd_report_step,
		.go_on = cmd_go_on,
		.explain = a->replace ? explain_shapes : kernel_error_explain};
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
	ok = ok && exec_run(&live, &plan, &s.arena, &s.kfs, &s.watch, &to, &log, &e);
	progress_end(&s.progress);
	if (!ok)
		cmd_rejected(&live, log, a->verbose, a->log);
	if (ok)
		report(&live, a);
	ok = exec_close(&live, &e) && ok;
	int status = ok ? cmd_finish() : cmd_fail(&e);
	session_close(&s);
	return stop_finish(status);
}

/* Options that need another one. Returns OPTION_TAKEN, else the exit status. */
static int check(const struct verb *v, const struct load_args *a)
{
	if (a->attach && !a->pin)
		return cmd_usage(
			v, "--attach requires --pin DIR; sonde run attaches while it runs");
	if (!a->pin && (a->replace || a->access))
		return cmd_usage(v, "--%s requires --pin DIR",
			a->replace     ? "replace"
			: a->mode >= 0 ? "mode"
				       : "owner");
	if (a->empty.n && !a->replace)
		return cmd_usage(v, "--empty has no effect without --replace: new maps are empty");
	return OPTION_TAKEN;
}

static bool parse_mode(const char *text, int *mode)
{
	char *end;
	uint64_t n = text_u64(text, &end, 8);
	*mode = (int)n;
	return end != text && !*end && n <= 0666 && !(n & 0111);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS,
		{"pin", required_argument, NULL, 'P'}, {"attach", no_argument, NULL, 'a'},
		{"replace", no_argument, NULL, 'r'}, {"empty", required_argument, NULL, OPT_EMPTY},
		{"mode", required_argument, NULL, OPT_MODE},
		{"owner", required_argument, NULL, OPT_OWNER},
		{"log", required_argument, NULL, OPT_LOG}, {"verbose", no_argument, NULL, 'v'},
		CMD_HELP, {0}};
	struct load_args a = {.mode = -1, .uid = -1, .gid = -1};
	struct err e = {0};
	int status;
	for (int c; (c = cmd_option(argc, argv, "P:arp:o:s:vh", options)) != -1;)
		switch (c) {
		case 'P':
			a.pin = optarg;
			break;
		case 'a':
			a.attach = true;
			break;
		case 'r':
			a.replace = true;
			break;
		case OPT_EMPTY:
			a.object.full |= !cmd_list_add(&a.empty, optarg);
			break;
		case OPT_MODE:
			a.access = true;
			if (!parse_mode(optarg, &a.mode))
				return cmd_usage(v,
					"--mode expects permissions to read and write, such as "
					"0640, got '%s'",
					optarg);
			break;
		case OPT_OWNER:
			a.access = true;
			if (!users_parse(optarg, &a.uid, &a.gid, &e))
				return cmd_usage(v, "--owner: %s", e.text);
			break;
		case OPT_LOG:
			a.log = optarg;
			break;
		case 'v':
			a.object.explain = true;
			a.verbose++;
			break;
		default:
			status = cmd_object_option(v, &a.object, c == 'o' ? CMD_OPT_ON : c, optarg);
			if (status != OPTION_TAKEN)
				return status;
		}
	status = cmd_object_file(v, &a.object, argc - optind);
	if (status == OPTION_TAKEN)
		status = check(v, &a);
	return status == OPTION_TAKEN ? load(argv[optind], &a) : status;
}

const struct verb verb_load = {
	"load", "load without attaching; --pin keeps it, --attach attached", usage, run};
