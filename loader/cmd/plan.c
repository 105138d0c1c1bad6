/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include <getopt.h>
#include <unistd.h>

#include "../file.h"

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
	"                       (its /sys/kernel/btf/vmlinux)\n"
	"      --event MAP=STRUCT  the type of a map's records, where it is not found\n"
	"      --btf FILE       types of that kernel from this file\n"
	"  -p, --only PROG      only this program (repeat for more)\n"
	"      --on PROG=TARGET where a program attaches whose section does not say it\n"
	"  -s, --set VAR=VALUE  the initial value of a global variable (repeat for more)\n"
	"  -v                   instructions and bytes too\n"
	"  -j, --json           one object a line\n";

enum { OPT_BTF = 256, OPT_ON, OPT_EVENT };

struct plan_args {
	struct cmd_list only, set, events, on;
	const char *output, *target, *btf;
	struct print_style style;
};

static int make(const char *path, const struct plan_args *a)
{
	struct sonde s;
	struct plan plan;
	struct err e = {0};
	struct plan_options opt = {.show = !a->output,
		.only = a->only.items,
		.n_only = a->only.n,
		.on = a->on.items,
		.n_on = a->on.n,
		.events = a->events.items,
		.n_events = a->events.n};
	bool ok = sonde_open(&s, a->target, &e);
	s.target.btf_file = a->btf;
	ok = ok && sonde_plan(&s, &plan, path, &opt, &e);
	for (size_t i = 0; ok && i < a->set.n; i++)
		ok = plan_set(&plan, a->set.items[i], &e);
	if (ok && a->output) {
		struct span bytes = plan_save(&plan, &s.arena, &e);
		ok = bytes.n && file_write(a->output, bytes, &e);
	} else if (ok) {
		FILE *out = a->style.json ? stdout : clean_open(stdout, a->style.color);
		plan_print(&plan, &a->style, out);
		clean_close(out, stdout);
	}
	sonde_close(&s);
	return ok ? cmd_finish() : cmd_fail(&e);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"output", required_argument, NULL, 'o'},
		{"target", required_argument, NULL, 't'}, {"only", required_argument, NULL, 'p'},
		{"set", required_argument, NULL, 's'}, {"on", required_argument, NULL, OPT_ON},
		{"json", no_argument, NULL, 'j'}, {"verbose", no_argument, NULL, 'v'},
		{"btf", required_argument, NULL, OPT_BTF},
		{"event", required_argument, NULL, OPT_EVENT}, CMD_HELP, {0}};
	struct plan_args a = {.style.color = isatty(STDOUT_FILENO)};
	bool fits = true;
	for (int c; (c = getopt_long(argc, argv, "o:t:p:s:vjh", options, NULL)) != -1;)
		switch (c) {
		case 'o':
			a.output = optarg;
			break;
		case 't':
			a.target = optarg;
			break;
		case 'p':
			fits = fits && cmd_list_add(&a.only, optarg);
			break;
		case OPT_ON:
			fits = fits && cmd_list_add(&a.on, optarg);
			break;
		case 's':
			if (!strchr(optarg, '='))
				return cmd_usage(v, "--set: '%s' is not VAR=VALUE", optarg);
			fits = fits && cmd_list_add(&a.set, optarg);
			break;
		case 'v':
			a.style.code = true;
			break;
		case 'j':
			a.style.json = true;
			break;
		case OPT_EVENT:
			fits = fits && cmd_list_add(&a.events, optarg);
			break;
		case OPT_BTF:
			a.btf = optarg;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	if (!fits)
		return cmd_usage(v, "more than %d of --only, --on or --set", CMD_LIST_MAX);
	if (argc - optind != 1)
		return cmd_usage(v, argc == optind ? "which file?" : "one file at a time");
	return make(argv[optind], &a);
}

const struct verb verb_plan = {
	"plan", "show what would be asked of the kernel, call by call", usage, run};
