/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "elf/base/number.h"

#include "loader/explain/plan_diff.h"
#include "loader/explain/plan_graph.h"
#include "loader/explain/plan_kernels.h"
#include "loader/explain/plan_text.h"
#include "loader/explain/plan_why.h"
#include "loader/kernel/file.h"
#include "loader/plan/abi.h"
#include "loader/plan/save.h"
#include "loader/show/clean.h"
#include "loader/show/terminal.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde plan [options] FILE\n"
	"       sonde plan --diff [options] FILE FILE\n"
	"\n"
	"Shows the system calls that load and attach an object, in order, what each is\n"
	"for, and how many fallbacks for older kernels it has. Requires no privileges and\n"
	"nothing from the kernel except its types. FILE is an object (.bpf.o) or a saved\n"
	"plan.\n"
	"\n"
	"  -v                   field by field, with each fallback; -vv: instructions and\n"
	"                       bytes, too\n"
	"  -w, --why N          which part of the object asked for step N, and what for\n"
	"      --for KERNEL     which fallbacks a kernel takes: its version (5.10), or\n"
	"                       a directory as for --target (repeatable)\n"
	"  -d, --diff           what differs between two plans: '-' before what only the\n"
	"                       first has, '+' before what only the second has\n"
	"      --dot            programs, maps and hooks as a graph for graphviz\n"
	"  -j, --json           one JSON object per line\n"
	"  -o, --output FILE    save the plan; `sonde run FILE` then needs no object and\n"
	"                       adapts to the machine's CPUs and page size\n"
	"  -t, --target DIR     plan for another kernel: a directory with the files\n"
	"                       release (uname -r), machine (uname -m) and, if needed,\n"
	"                       btf (/sys/kernel/btf/vmlinux) or events/*/*/format (of\n"
	"                       tracefs), config, possible_cpus (default 1) and\n"
	"                       page_size (4096); several: as --for\n"
	"      --on PROG=TARGET where to attach a program whose section does not say\n"
	"                       (repeatable)\n" CMD_OBJECT_USAGE CMD_RECORD_USAGE CMD_KERNEL_USAGE
	"\n"
	"examples:\n"
	"  sonde plan hello.bpf.o\n"
	"  sonde plan -v --target /srv/kernels/6.1 opensnoop.bpf.o\n"
	"  sonde plan --why 5 hello.bpf.o\n"
	"  sonde plan --for 4.19 --for 5.10 --for 6.12 hello.bpf.o\n"
	"  sonde plan --diff hello.bpf.o hello-new.bpf.o\n"
	"  sonde plan --dot opensnoop.bpf.o | dot -Tsvg >opensnoop.svg\n";

enum { OPT_FOR = 256, OPT_DOT };

struct plan_args {
	struct cmd_object object;
	struct cmd_list kernels, targets;
	const char *output, *why;
	bool diff, dot;
	struct print_style style;
};

/* A plan with all that it needs. */
struct made {
	struct session s;
	struct plan plan;
};

/* Plans a file for the running kernel, or the one that a directory describes. release: instead of that
 * kernel's; NULL: its own. */
static bool make(struct made *m, const char *path, const char *target, const char *release,
	const struct plan_args *a, struct err *e)
{
	struct machine machine;
	const struct plan_options opt = {.show = !a->output};
	if (!session_open(&m->s, target, e))
		return false;
	if (release)
		m->s.target.release = release;
	return cmd_object_plan(&m->s, &m->plan, path, &a->object, opt, e) &&
	       (a->output || (target_machine(&m->s.target, &machine, e) &&
				     plan_fit(&m->plan, &machine, e)));
}

/* ---- several plans ---- */

static bool compare(
	struct made *m, const struct plan_args *a, char **paths, FILE *out, struct err *e)
{
	const char *target = a->targets.n ? a->targets.items[0] : NULL;
	bool same;
	for (int i = 0; i < 2; i++) {
		if (!make(&m[i], paths[i], target, NULL, a, e))
			return false;
		if (m[i].plan.n_steps > PLAN_DIFF_MAX)
			return err_set(e, "%s: %zu steps; plans of up to %d are compared", paths[i],
				m[i].plan.n_steps, PLAN_DIFF_MAX);
	}
	return plan_print_diff(&m[0].plan, &m[1].plan, &same, out) || err_nomem(e);
}

/* A plan for each --for, and for each of several --target. */
static bool show_kernels(struct made *m, size_t n, const struct plan_args *a, const char *path,
	FILE *out, struct err *e)
{
	struct kernel_column columns[KERNELS_MAX] = {0};
	bool several = a->targets.n > 1;
	const char *base = a->targets.n == 1 ? a->targets.items[0] : NULL;
	for (size_t i = 0; i < n; i++) {
		size_t k = i - (several ? a->targets.n : 0);
		bool listed = several && i < a->targets.n;
		const char *kernel = listed ? a->targets.items[i] : a->kernels.items[k];
		bool number = !listed && !strchr(kernel, '/') && abi_parse_version(kernel);
		if (!make(&m[i], path, number ? base : kernel, number ? kernel : NULL, a, e))
			return false;
		const char *release = m[i].s.target.release;
		columns[i] =
			(struct kernel_column){release, abi_parse_version(release), &m[i].plan};
	}
	return plan_print_kernels(columns, n, &m[0].s.arena, out) || err_nomem(e);
}

/* ---- one plan ---- */

static bool show_step(const struct plan *p, const struct plan_args *a, FILE *out, struct err *e)
{
	char *end;
	uint64_t n = text_u64(a->why, &end, 10);
	if (*end || end == a->why || !n || n > p->n_steps)
		return err_set(e, "%s: --why expects the number of a step, 1 to %zu, got '%s'",
			p->path, p->n_steps, a->why);
	plan_print_why(p, (size_t)n - 1, a->style.color, out);
	return true;
}

static bool save(struct made *m, const struct plan_args *a, struct err *e)
{
	struct span bytes = plan_save(&m->plan, &m->s.arena, e);
	return bytes.n && file_write(a->output, bytes, e);
}

static bool show_one(
	struct made *m, const struct plan_args *a, const char *path, FILE *out, struct err *e)
{
	if (!make(m, path, a->targets.n ? a->targets.items[0] : NULL, NULL, a, e))
		return false;
	if (a->output)
		return save(m, a, e);
	if (a->why)
		return show_step(&m->plan, a, out, e);
	if (a->dot)
		plan_print_graph(&m->plan, out);
	else
		plan_print(&m->plan, &a->style, out);
	return true;
}

static int plan(const struct plan_args *a, char **paths)
{
	struct err e = {0};
	size_t kernels = a->kernels.n + (a->targets.n > 1 ? a->targets.n : 0);
	size_t n = a->diff ? 2 : kernels ? kernels : 1;
	struct made *m = calloc(n, sizeof *m);
	FILE *out = a->style.json ? stdout : clean_open(stdout, a->style.color);
	bool ok = (m && out) || err_nomem(&e);
	ok = ok && (a->diff          ? compare(m, a, paths, out, &e)
			   : kernels ? show_kernels(m, n, a, *paths, out, &e)
				     : show_one(m, a, *paths, out, &e));
	if (!a->style.json)
		clean_close(out, stdout);
	for (size_t i = 0; m && i < n; i++)
		session_close(&m[i].s);
	free(m);
	return ok ? cmd_finish() : cmd_fail(&e);
}

/* ---- the command line ---- */

/* At most one of the options that decide what is shown. */
static int check_forms(const struct verb *v, const struct plan_args *a)
{
	const struct {
		const char *name;
		bool given;
	} forms[] = {
		{"--output", a->output},
		{"--why", a->why},
		{"--for", a->kernels.n || a->targets.n > 1},
		{"--diff", a->diff},
		{"--dot", a->dot},
		{"--json", a->style.json},
		{"-v", a->style.full},
	};
	const char *first = NULL;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (first && forms[i].given)
			return cmd_usage(v, "%s has no effect with %s, which %s", forms[i].name,
				first, i && a->output ? "shows nothing" : "has a form of its own");
		first = forms[i].given ? forms[i].name : first;
	}
	if (a->kernels.n + a->targets.n > KERNELS_MAX)
		return cmd_usage(v, "at most %d kernels fit side by side", KERNELS_MAX);
	return OPTION_TAKEN;
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS, CMD_RECORD_OPTIONS,
		{"output", required_argument, NULL, 'o'}, {"target", required_argument, NULL, 't'},
		{"why", required_argument, NULL, 'w'}, {"for", required_argument, NULL, OPT_FOR},
		{"diff", no_argument, NULL, 'd'}, {"dot", no_argument, NULL, OPT_DOT},
		{"json", no_argument, NULL, 'j'}, {"verbose", no_argument, NULL, 'v'}, CMD_HELP,
		{0}};
	struct plan_args a = {.style.color = terminal_colors(stdout)};
	int status;
	for (int c; (c = cmd_option(argc, argv, "o:t:p:s:w:dvjh", options)) != -1;)
		switch (c) {
		case 'o':
			a.output = optarg;
			break;
		case 't':
			a.object.full |= !cmd_list_add(&a.targets, optarg);
			break;
		case OPT_FOR:
			a.object.full |= !cmd_list_add(&a.kernels, optarg);
			break;
		case 'w':
			a.why = optarg;
			break;
		case 'd':
			a.diff = true;
			break;
		case OPT_DOT:
			a.dot = true;
			break;
		case 'v':
			a.style.code = a.style.full;
			a.object.explain = true;
			a.style.full = true;
			break;
		case 'j':
			a.style.json = true;
			break;
		default:
			status = cmd_object_option(v, &a.object, c, optarg);
			if (status != OPTION_TAKEN)
				return status;
		}
	if (a.diff && argc - optind != 2)
		return cmd_usage(v, "--diff expects two files");
	status = cmd_object_file(v, &a.object, argc - optind - a.diff);
	if (status == OPTION_TAKEN)
		status = check_forms(v, &a);
	return status == OPTION_TAKEN ? plan(&a, argv + optind) : status;
}

const struct verb verb_plan = {
	"plan", "show every system call that loads an object, and what it is for", usage, run};
