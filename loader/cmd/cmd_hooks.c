/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "loader/explain/hook_list.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde hooks [options] [NAME]\n"
	"\n"
	"Lists all supported SEC() names: target syntax, minimum kernel version and --on\n"
	"argument. NAME selects a family, or the sections that begin with it.\n"
	"\n"
	"  -v, --verbose        program type, attach type, and how each attaches, by\n"
	"                       kernel version: the modern call, then its fallbacks\n"
	"  -j, --json           all of it, one JSON object per line\n"
	"\n"
	"example:\n"
	"  sonde hooks -v xdp\n";

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
		{"verbose", no_argument, NULL, 'v'}, CMD_HELP, {0}};
	enum hooks_how how = HOOKS_TEXT;
	for (int c; (c = cmd_option(argc, argv, "jvh", options)) != -1;)
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
		return cmd_usage(v, "unexpected argument '%s'", argv[optind + 1]);
	if (hooks_print(argv[optind], how, stdout))
		return cmd_finish();
	struct err e = {0};
	err_set(&e, "unknown hook '%s'", argv[optind]);
	err_hint(&e, "`sonde hooks` lists all of them");
	return cmd_fail(&e);
}

const struct verb verb_hooks = {
	"hooks", "list supported SEC() names and how each attaches", usage, run};
