/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "loader/live/pin_list.h"
#include "loader/show/clean.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde list [options] [DIR]\n"
	"\n"
	"Lists what is pinned in DIR, or in all bpf file systems, with kind, id and name,\n"
	"by whom and since when (UTC). Directories that sonde load --pin has made tell\n"
	"object, user and process; for other pins, user and time are those of the file.\n"
	"What this user cannot open has no kind.\n"
	"\n"
	"  -j, --json           one JSON object per line\n"
	"\n"
	"examples:\n"
	"  sonde list\n"
	"  sonde list /sys/fs/bpf/execcount --json\n";

static int list(const char *dir, bool json)
{
	struct session s;
	struct live l;
	struct err e = {0};
	size_t n = 0;
	FILE *out = json ? stdout : clean_open(stdout, false);
	bool ok = session_open(&s, NULL, &e) && (out || err_nomem(&e));
	if (ok) {
		live_open(&l, &s.target, json, out);
		ok = pins_list(&l, dir, &n, &e);
	}
	clean_close(out, stdout);
	if (ok && !n)
		cmd_say("note", "nothing is pinned there, or it is not readable");
	int status = ok ? cmd_finish() : cmd_fail(&e);
	session_close(&s);
	return status;
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, CMD_HELP, {0}};
	bool json = false;
	for (int c; (c = cmd_option(argc, argv, "jh", options)) != -1;) {
		if (c != 'j')
			return c == 'h' ? cmd_help(v) : cmd_usage(v, NULL);
		json = true;
	}
	if (argc - optind > 1)
		return cmd_usage(v, "more than one directory given");
	return list(argv[optind], json);
}

const struct verb verb_list = {"list", "list what is pinned, by whom and since when", usage, run};
