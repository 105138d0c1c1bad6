/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "stop.h"

#include "elf/base/format.h"
#include "loader/doctor/doctor.h"
#include "loader/show/clean.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde doctor [options] [FILE ...]\n"
	"\n"
	"Tells what this kernel and user may do with BPF: configuration, types, rights,\n"
	"program types, map types, helpers and hooks. With objects (.bpf.o) or saved\n"
	"plans, only what these need, and whether `sonde run` would succeed: status 1 if\n"
	"not. Facts come first; then programs are loaded, which only the verifier can\n"
	"judge, and unloaded again. Nothing is attached, and the kernel logs nothing.\n"
	"\n"
	"  -o, --on PROG=TARGET where to attach a program whose section does not say\n"
	"                       (repeatable)\n" CMD_OBJECT_USAGE
	"      --yes            as for sonde run: accept the default-route interface\n"
	"  -j, --json           one JSON object per line\n" CMD_KERNEL_USAGE "\n"
	"What is missing comes last, with the first kernel that has it, the option of the\n"
	"kernel's configuration that is missing, and a cure.\n"
	"\n"
	"examples:\n"
	"  sonde doctor\n"
	"  sonde doctor opensnoop.bpf.o\n"
	"  sonde doctor --on xdpgate=veth0 xdpgate.bpf.o\n"
	"  sonde doctor --json | jq -r 'select(.option) | .option'\n";

enum { OPT_YES = 256 };

/* steps comes first, for cmd_go_on(). */
struct doctor_args {
	struct cmd_steps steps;
	struct cmd_object object;
	bool json, yes;
	FILE *out;
};

static bool confirm(void *ctx, const struct exec *x, size_t step)
{
	(void)x;
	(void)step;
	return ((const struct doctor_args *)ctx)->yes;
}

/* Adds what a file needs to the findings. The planner frees the types that it has read: facts have a session
 * of their own. */
static void examine(struct doctor *d, const char *path, struct doctor_args *a)
{
	struct session s;
	struct plan plan;
	struct err e = {0};
	const struct exec_report report = {.ctx = a, .go_on = cmd_go_on, .confirm = confirm};
	a->steps = (struct cmd_steps){0, &s.progress};
	if (!session_open(&s, NULL, &e) || !cmd_object_plan(&s, &plan, path, &a->object,
						   (struct plan_options){.at_once = true}, &e)) {
		doctor_error(d, "plan", &e);
	} else {
		doctor_needs(d, &plan);
		doctor_rehearse(d, &plan, &report);
	}
	progress_end(&s.progress);
	a->steps.progress = NULL;
	/* The findings refer to texts of the plan. */
	findings_print(&d->found, path, a->json, a->out);
	session_close(&s);
}

/* One file, or none: the kernel and the user. Returns whether nothing fails. */
static bool doctor(const char *path, struct doctor_args *a, struct err *e)
{
	struct session s;
	struct doctor d;
	bool well = false;
	if (session_open(&s, NULL, e)) {
		doctor_open(&d, &s.target);
		if (path) {
			examine(&d, path, a);
		} else {
			doctor_kernel(&d);
			doctor_user(&d);
			doctor_types(&d);
			findings_print(&d.found, NULL, a->json, a->out);
		}
		if (d.found.full)
			err_nomem(e);
		well = findings_worst(&d.found) < FINDING_FAILS;
	}
	session_close(&s);
	return well && !e->set;
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS,
		{"json", no_argument, NULL, 'j'}, {"yes", no_argument, NULL, OPT_YES}, CMD_HELP,
		{0}};
	struct doctor_args a = {0};
	struct err e = {0};
	int status;
	for (int c; (c = cmd_option(argc, argv, "p:s:o:jh", options)) != -1;)
		switch (c) {
		case 'j':
			a.json = true;
			break;
		case OPT_YES:
			a.yes = true;
			break;
		default:
			status = cmd_object_option(v, &a.object, c == 'o' ? CMD_OPT_ON : c, optarg);
			if (status != OPTION_TAKEN)
				return status;
		}
	if (a.object.full)
		return cmd_usage(v, "more than %d times the same option", CMD_LIST_MAX);
	stop_catch();
	cmd_raise_descriptor_limit();
	a.out = a.json ? stdout : clean_open(stdout, false);
	bool well = a.out || err_nomem(&e);
	int i = optind;
	do
		well = a.out && doctor(argv[i], &a, &e) && well;
	while (argv[i] && argv[++i] && !stop_requested());
	clean_close(a.out, stdout);
	status = e.set ? cmd_fail(&e) : cmd_finish();
	return stop_finish(status ? status : well ? EXIT_OK : EXIT_REFUSED);
}

const struct verb verb_doctor = {
	"doctor", "tell what this kernel and user may do, or an object lacks", usage, run};
