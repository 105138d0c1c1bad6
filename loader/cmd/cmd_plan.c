/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "loader/explain/plan_text.h"
#include "loader/kernel/file.h"
#include "loader/plan/save.h"
#include "loader/show/clean.h"

#include <getopt.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde plan [options] FILE\n"
	"\n"
	"Shows every system call that loads and attaches an object, in order and field by\n"
	"field, with the fallbacks for older kernels. Requires no privileges and nothing\n"
	"from the kernel except its types. FILE is an object (.bpf.o) or a saved plan.\n"
	"\n"
	"  -o, --output FILE    save the plan; `sonde run FILE` then needs no object and\n"
	"                       adapts to the machine's CPUs and page size\n"
	"  -t, --target DIR     plan for another kernel: a directory with the files\n"
	"                       release (uname -r), machine (uname -m) and, if needed,\n"
	"                       btf (/sys/kernel/btf/vmlinux), config, possible_cpus\n"
	"                       (default 1) and page_size (4096)\n"
	"      --on PROG=TARGET where to attach a program whose section does not say\n"
	"                       (repeatable)\n" CMD_OBJECT_USAGE CMD_RECORD_USAGE CMD_KERNEL_USAGE
	"  -v                   instructions and bytes, too\n"
	"  -j, --json           one JSON object per line\n";

struct plan_args {
	struct cmd_object object;
	const char *output, *target;
	struct print_style style;
};

static int make(const char *path, const struct plan_args *a)
{
	struct session s;
	struct plan plan;
	struct machine m;
	struct err e = {0};
	const struct plan_options opt = {.show = !a->output};
	bool ok = session_open(&s, a->target, &e);
	ok = ok && cmd_object_plan(&s, &plan, path, &a->object, opt, &e);
	if (ok && a->output) {
		struct span bytes = plan_save(&plan, &s.arena, &e);
		ok = bytes.n && file_write(a->output, bytes, &e);
	} else if (ok && target_machine(&s.target, &m, &e) && plan_fit(&plan, &m, &e)) {
		FILE *out = a->style.json ? stdout : clean_open(stdout, a->style.color);
		if (out)
			plan_print(&plan, &a->style, out);
		else
			err_nomem(&e);
		clean_close(out, stdout);
	}
	session_close(&s);
	ok = ok && !e.set;
	return ok ? cmd_finish() : cmd_fail(&e);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS, CMD_RECORD_OPTIONS,
		{"output", required_argument, NULL, 'o'}, {"target", required_argument, NULL, 't'},
		{"json", no_argument, NULL, 'j'}, {"verbose", no_argument, NULL, 'v'}, CMD_HELP,
		{0}};
	struct plan_args a = {.style.color = isatty(STDOUT_FILENO)};
	int status;
	for (int c; (c = cmd_option(argc, argv, "o:t:p:s:vjh", options)) != -1;)
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
	if (a.output && (a.style.json || a.style.code))
		return cmd_usage(v, "%s has no effect with --output, which shows nothing",
			a.style.json ? "--json" : "-v");
	return make(argv[optind], &a);
}

const struct verb verb_plan = {
	"plan", "show every system call that loads an object, field by field", usage, run};
