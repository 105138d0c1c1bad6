/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include <getopt.h>

static const char usage[] =
	"usage: sonde hooks [options]\n"
	"\n"
	"Lists the hooks that programs attach to: the section name SEC(\"...\") that says\n"
	"so, what stands behind it, the first kernel, and what --on has to say.\n"
	"\n"
	"  -j, --json           one object a line\n";

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, CMD_HELP, {0}};
	bool json = false;
	for (int c; (c = getopt_long(argc, argv, "jh", options, NULL)) != -1;)
		switch (c) {
		case 'j':
			json = true;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	if (optind != argc)
		return cmd_usage(v, "it takes no file: '%s'", argv[optind]);
	hooks_print(json, stdout);
	return cmd_finish();
}

const struct verb verb_hooks = {"hooks", "list the hooks and their section names", usage, run};
