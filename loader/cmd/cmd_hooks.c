/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "loader/doctor/points.h"
#include "loader/doctor/offer.h"
#include "loader/explain/hook_list.h"
#include "loader/show/clean.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde hooks [options] [NAME]\n"
	"       sonde hooks [options] HOOK PATTERN\n"
	"       sonde hooks [options] HOOK PATH [PATTERN]\n"
	"\n"
	"Lists all supported SEC() names: target syntax, minimum kernel version and --on\n"
	"argument. NAME selects a family, or the sections that begin with it. With a\n"
	"pattern (* and ?), lists what programs of that hook can attach to here:\n"
	"functions (kprobe, fentry), events (tp, raw_tp), LSM hooks, iterators, members\n"
	"of struct_ops, interfaces (xdp, tc), cgroups (cgroup_skb/ingress); in the\n"
	"program or library PATH: functions (uprobe), probes (usdt).\n"
	"\n"
	"      --here           only the hooks that this kernel has\n"
	"  -v, --verbose        program type, attach type, and how each attaches, by\n"
	"                       kernel version: the modern call, then its fallbacks\n"
	"  -j, --json           all of it, one JSON object per line\n"
	"\n"
	"examples:\n"
	"  sonde hooks -v xdp\n"
	"  sonde hooks --here\n"
	"  sonde hooks kprobe 'tcp_*'\n"
	"  sonde hooks tp 'sched/*'\n"
	"  sonde hooks uprobe libc.so.6 'mem*'\n";

enum { OPT_HERE = 256 };

struct hooks_args {
	enum hooks_how how;
	bool here;
	const char *name, *file, *pattern;
};

static bool is_here(const void *ctx, const struct hook *h)
{
	return offer_hook(ctx, h).state == OFFER_THERE;
}

/* The hook of exactly that section name, or NULL. */
static const struct hook *hook_named(const char *name)
{
	const char *target;
	struct err ignored = {0};
	const struct hook *h = hook_find(name, &target, &ignored);
	return h && !*target ? h : NULL;
}

static bool unknown(const char *name, struct err *e)
{
	err_set(e, "unknown hook '%s'", name);
	return err_hint(e, "`sonde hooks` lists all of them");
}

static bool list_points(struct session *s, const struct hooks_args *a, struct err *e)
{
	const struct hook *h = hook_named(a->name);
	struct points p = {.kernel = &s->target, .pattern = a->pattern};
	if (!points_find(&p, h, a->file, e))
		return false;
	if (p.unsure)
		cmd_say("note", "the kernel does not list traceable functions: not all of these "
				"can be traced");
	FILE *out = a->how == HOOKS_JSON ? stdout : clean_open(stdout, false);
	if (out)
		points_print(&p, h, a->how == HOOKS_JSON, out);
	clean_close(out, stdout);
	return out || err_nomem(e);
}

static bool list_here(struct session *s, const struct hooks_args *a, struct err *e)
{
	struct offer o;
	offer_open(&o, &s->target);
	if (hooks_print(a->name, a->how, is_here, &o, stdout))
		return true;
	err_set(e, "this kernel has no hook '%s'", a->name ? a->name : "");
	return err_hint(e, "`sonde hooks` lists all that there are, with the first kernel of each");
}

static int list(const struct hooks_args *a)
{
	struct err e = {0};
	struct session s;
	bool ok;
	if (!a->here && !a->pattern && !a->file) {
		ok = hooks_print(a->name, a->how, NULL, NULL, stdout) || unknown(a->name, &e);
		return ok ? cmd_finish() : cmd_fail(&e);
	}
	ok = session_open(&s, NULL, &e) &&
	     (a->here ? list_here(&s, a, &e) : list_points(&s, a, &e));
	session_close(&s);
	return ok ? cmd_finish() : cmd_fail(&e);
}

/* HOOK PATTERN, or HOOK PATH [PATTERN]. Returns OPTION_TAKEN, else the exit status. */
static int take_words(const struct verb *v, struct hooks_args *a, char **words, int n)
{
	a->name = words[0];
	if (n < 2)
		return OPTION_TAKEN;
	const struct hook *h = hook_named(a->name);
	int most = h && points_of_file(h) ? 3 : 2;
	if (n > most)
		return cmd_usage(v, "unexpected argument '%s'", words[most]);
	if (a->here)
		return cmd_usage(v, "--here has no effect with a pattern: it is matched here");
	if (!h) {
		struct err e = {0};
		unknown(a->name, &e);
		return cmd_fail(&e);
	}
	a->file = most == 3 ? words[1] : NULL;
	a->pattern = most == 3 ? (n == 3 ? words[2] : NULL) : words[1];
	return OPTION_TAKEN;
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
		{"verbose", no_argument, NULL, 'v'}, {"here", no_argument, NULL, OPT_HERE},
		CMD_HELP, {0}};
	struct hooks_args a = {.how = HOOKS_TEXT};
	for (int c; (c = cmd_option(argc, argv, "jvh", options)) != -1;)
		switch (c) {
		case 'j':
			a.how = HOOKS_JSON;
			break;
		case 'v':
			a.how = a.how == HOOKS_JSON ? a.how : HOOKS_FACTS;
			break;
		case OPT_HERE:
			a.here = true;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	int status = take_words(v, &a, argv + optind, argc - optind);
	return status == OPTION_TAKEN ? list(&a) : status;
}

const struct verb verb_hooks = {
	"hooks", "list supported SEC() names, and what each can attach to here", usage, run};
