/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "loader/explain/plan_text.h"
#include "loader/kernel/file.h"
#include "loader/plan/save.h"
#include "loader/show/clean.h"

#include <getopt.h>
#include <unistd.h>

static const char usage[] =
	"usage: sonde plan [options] FILE\n"
	"\n"
	"Shows what would be asked of the kernel to bring an object to life: every system\n"
	"call in order, field by field, and what is done instead when an older kernel\n"
	"refuses one. Needs no privileges and asks nothing of the kernel but its types.\n"
	"FILE is an object (.bpf.o) or a saved plan.\n"
	"\n"
	"  -o, --output FILE    save the plan; `sonde run FILE` needs no object then\n"
	"  -t, --target DIR     plan for another kernel: a folder with the files release\n"
	"                       (uname -r), machine (uname -m) and, if it has types, btf\n"
	"                       (its /sys/kernel/btf/vmlinux) and config\n"
	"      --event MAP=STRUCT  the type of a map's records, where it is not found\n"
	"      --btf FILE       types of that kernel from this file\n"
	"      --entries MAP=NUMBER  max_entries of a map, whatever the object says\n"
	"      --kconfig FILE   its configuration from this file\n"
	"      --token DIR      a bpf file system that delegates rights to this container\n"
	"  -p, --only PROG      only this program (repeat for more)\n"
	"      --on PROG=TARGET where a program attaches whose section does not say it\n"
	"  -s, --set VAR=VALUE  the initial value of a global variable (repeat for more)\n"
	"  -v                   instructions and bytes too\n"
	"  -j, --json           one object a line\n";

struct plan_args {
	struct cmd_object object;
	const char *output, *target;
	struct print_style style;
};

static int make(const char *path, const struct plan_args *a)
{
	struct session s;
	struct plan plan;
	struct err e = {0};
	const struct plan_options opt = {.show = !a->output};
	bool ok = session_open(&s, a->target, &e);
	ok = ok && cmd_object_plan(&s, &plan, path, &a->object, opt, &e);
	if (ok && a->output) {
		struct span bytes = plan_save(&plan, &s.arena, &e);
		ok = bytes.n && file_write(a->output, bytes, &e);
	} else if (ok) {
		FILE *out = a->style.json ? stdout : clean_open(stdout, a->style.color);
		plan_print(&plan, &a->style, out);
		clean_close(out, stdout);
	}
	session_close(&s);
	return ok ? cmd_finish() : cmd_fail(&e);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS,
		{"output", required_argument, NULL, 'o'}, {"target", required_argument, NULL, 't'},
		{"json", no_argument, NULL, 'j'}, {"verbose", no_argument, NULL, 'v'}, CMD_HELP,
		{0}};
	struct plan_args a = {.style.color = isatty(STDOUT_FILENO)};
	int status;
	for (int c; (c = getopt_long(argc, argv, "o:t:p:s:vjh", options, NULL)) != -1;)
		switch (c) {
		case 'o':
			a.output = optarg;
			break;
		case 't':
			a.target = optarg;
			break;
		case 'v':
			a.style.code = true;
			break;
		case 'j':
			a.style.json = true;
			break;
		default:
			status = cmd_object_option(v, &a.object, c, optarg);
			if (status != OPTION_TAKEN)
				return status;
		}
	status = cmd_object_file(v, &a.object, argc - optind);
	if (status != OPTION_TAKEN)
		return status;
	return make(argv[optind], &a);
}

const struct verb verb_plan = {
	"plan", "show what would be asked of the kernel, call by call", usage, run};
