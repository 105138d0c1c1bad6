/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "loader/explain/hook_list.h"

#include <getopt.h>

static const char usage[] =
	"usage: sonde hooks [options] [NAME]\n"
	"\n"
	"Lists the hooks that programs attach to: the section name SEC(\"...\") that says\n"
	"so, what stands behind it, the first kernel, and what --on has to say.\n"
	"NAME: only those of a family, or whose section begins so.\n"
	"\n"
	"  -v, --verbose        also the types of the program and of the attachment, and\n"
	"                       how it is made: the newest way first, with its first\n"
	"                       kernel; the next one is taken where that is refused\n"
	"  -j, --json           all of it, one object a line\n"
	"\n"
	"example:\n"
	"  sonde hooks -v xdp\n";

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
		{"verbose", no_argument, NULL, 'v'}, CMD_HELP, {0}};
	enum hooks_how how = HOOKS_TEXT;
	for (int c; (c = getopt_long(argc, argv, "jvh", options, NULL)) != -1;)
		switch (c) {
		case 'j':
			how = HOOKS_JSON;
			break;
		case 'v':
			how = how == HOOKS_JSON ? how : HOOKS_FACTS;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	if (argc - optind > 1)
		return cmd_usage(v, "more than one name: '%s'", argv[optind + 1]);
	if (hooks_print(argv[optind], how, stdout))
		return cmd_finish();
	struct err e = {0};
	err_set(&e, "no hook is called '%s'", argv[optind]);
	err_hint(&e, "`sonde hooks` lists them all");
	return cmd_fail(&e);
}

const struct verb verb_hooks = {"hooks", "list the hooks and their section names", usage, run};
