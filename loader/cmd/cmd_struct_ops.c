/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_args.h"

#include "loader/live/struct_ops_list.h"

static const char usage[] PACKED_SECTION =
	"usage: sonde struct_ops [list]\n"
	"\n"
	"Lists the structs of functions that programs implement for the kernel, such as\n"
	"tcp_congestion_ops or sched_ext_ops, by the map that holds each, and whether it\n"
	"is registered: by a link (Linux 6.4), or without one until its map is deleted.\n"
	"`sonde map dump` shows the members, `sonde hooks struct_ops` what can be\n"
	"implemented here.\n"
	"\n"
	"  -j, --json           one JSON object per line\n"
	"\n"
	"examples:\n"
	"  sonde struct_ops\n"
	"  sonde struct_ops list --json\n";

static bool list(struct live_args *a, struct err *e)
{
	return struct_ops_list(&a->l, e);
}

static const struct live_action actions[] = {{"list", list, .json = true}, {0}};

static int run(const struct verb *v, int argc, char **argv)
{
	return live_args_run(v, actions, argc, argv);
}

const struct verb verb_struct_ops = {
	"struct_ops", "list structs of functions that programs implement", usage, run};
