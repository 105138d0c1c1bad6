/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* sonde net and sonde cgroup: what is attached, by place. */
#include "live_args.h"

#include "loader/live/attached_view.h"

static const char net_usage[] PACKED_SECTION =
	"usage: sonde net [list] [options]\n"
	"\n"
	"Lists the programs of network interfaces (XDP, tc filters and actions, tcx,\n"
	"netkit), of netfilter, and of network namespaces, with or without links.\n"
	"Interfaces are those of this network namespace.\n"
	"\n"
	"  -j, --json           one JSON object per line, as sonde ps\n"
	"\n"
	"examples:\n"
	"  sonde net\n"
	"  nsenter -t 1234 -n sonde net --json\n";

static const char cgroup_usage[] PACKED_SECTION =
	"usage: sonde cgroup [tree] [options]\n"
	"\n"
	"Lists the programs of all cgroups, with or without links, by the path below the\n"
	"root of cgroup2.\n"
	"\n"
	"  -j, --json           one JSON object per line, as sonde ps\n"
	"\n"
	"example:\n"
	"  sonde cgroup tree\n";

static bool places(struct live_args *a, enum attached_scope scope, struct err *e)
{
	struct holders h;
	struct attached_list list;
	holders_find(&h, &a->s.kfs, &a->s.watch, &a->s.arena);
	if (!attached_find(&list, &a->l, &h, scope, e))
		return false;
	attached_print_places(&list);
	return true;
}

static bool net(struct live_args *a, struct err *e)
{
	return places(a, ATTACHED_NET, e);
}

static bool cgroups(struct live_args *a, struct err *e)
{
	return places(a, ATTACHED_CGROUPS, e);
}

static const struct live_action net_actions[] = {
	{"list", net, .json = true}, {"show", net, .json = true}, {0}};
static const struct live_action cgroup_actions[] = {
	{"tree", cgroups, .json = true}, {"list", cgroups, .json = true}, {0}};

static int run(const struct verb *v, int argc, char **argv)
{
	return live_args_run(v, v == &verb_net ? net_actions : cgroup_actions, argc, argv);
}

const struct verb verb_net = {
	"net", "list programs of network interfaces and netfilter", net_usage, run};
const struct verb verb_cgroup = {"cgroup", "list programs of cgroups", cgroup_usage, run};
