/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_args.h"

#include "loader/live/link_list.h"

#include <errno.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde link [list]                 list all BPF links\n"
	"       sonde link show [LINK]            print all facts about links\n"
	"       sonde link detach LINK            detach what it attaches\n"
	"       sonde link pin LINK PATH          pin in a bpf file system\n"
	"\n"
	"LINK is an id or a pinned path, or one of\n"
	"\n"
	"  id N, pinned PATH\n"
	"\n"
	"A link attaches a program while it is open or pinned (Linux 5.7; listed since\n"
	"5.8). `sonde ps` also lists what is attached without a link. Detaching requires\n"
	"Linux 5.9 and works for network, cgroup, netfilter and struct_ops links; others\n"
	"end when they are closed and unpinned.\n"
	"\n"
	"  -j, --json           one JSON object per line\n"
	"\n"
	"examples:\n"
	"  sonde link\n"
	"  sonde link show id 3\n"
	"  sonde link detach pinned /sys/fs/bpf/gate\n";

static bool list(struct live_args *a, struct err *e)
{
	return links_list(&a->l, e);
}

static bool show(struct live_args *a, struct err *e)
{
	return a->named ? link_show(&a->l, &a->ref, e) : links_list(&a->l, e);
}

static bool detach(struct live_args *a, struct err *e)
{
	struct live_link link;
	if (!live_link_open(&link, &a->ref, a->l.kernel->watch, a->l.kernel->arena, e))
		return false;
	long r = live_link_detach(link.fd, a->l.kernel->watch);
	close(link.fd);
	if (r >= 0)
		return true;
	err_sys(e, (int)-r, "link %s: detach", a->ref.text);
	return r == -EOPNOTSUPP
	               ? err_hint(e, "links of its type end when they are closed and unpinned")
	               : false;
}

static bool pin(struct live_args *a, struct err *e)
{
	struct live_link link;
	if (!live_link_open(&link, &a->ref, a->l.kernel->watch, a->l.kernel->arena, e))
		return false;
	bool ok = live_pin(LIVE_LINK, link.fd, a->path, a->l.kernel->watch, e);
	close(link.fd);
	return ok;
}

static const struct live_action actions[] = {
	{"list", list, .json = true},
	{"show", show, .object = LIVE_ARG_OPTIONAL, .json = true},
	{"detach", detach, .object = LIVE_ARG_REQUIRED},
	{"pin", pin, .object = LIVE_ARG_REQUIRED, .path = true},
	{0},
};

static int run(const struct verb *v, int argc, char **argv)
{
	return live_args_run(v, actions, argc, argv);
}

const struct verb verb_link = {"link", "list, show, detach and pin BPF links", usage, run};
