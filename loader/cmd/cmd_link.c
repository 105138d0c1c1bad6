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
	"       sonde link update LINK PROG       replace its program (Linux 5.7)\n"
	"\n"
	"LINK is an id or a pinned path, or one of\n"
	"\n"
	"  id N, pinned PATH\n"
	"\n"
	"PROG also a name, name NAME, or tag TAG. Programs of network, cgroup, iterator\n"
	"and netfilter links can be replaced, in one step, by others of the same type.\n"
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
	"  sonde link detach pinned /sys/fs/bpf/gate\n"
	"  sonde link update pinned /sys/fs/bpf/gate name gate_v2\n";

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

static bool replace(struct live_args *a, int link, int prog, struct err *e)
{
	long r = live_link_update(link, prog, a->l.kernel->watch);
	if (r >= 0)
		return true;
	err_sys(e, (int)-r, "link %s: update to program %s", a->ref.text, a->program.text);
	if (r == -EINVAL)
		return err_hint(e, "the types of both programs must be the same; links of "
				   "tracepoints, probes and perf events keep theirs");
	return false;
}

static bool update(struct live_args *a, struct err *e)
{
	struct live_link link;
	struct live_prog prog;
	if (!live_link_open(&link, &a->ref, a->l.kernel->watch, a->l.kernel->arena, e))
		return false;
	bool ok = live_prog_open(&prog, &a->program, &a->l.types, e);
	if (ok) {
		ok = replace(a, link.fd, prog.fd, e);
		close(prog.fd);
	}
	close(link.fd);
	return ok;
}

static const struct live_action actions[] = {
	{"list", list, .json = true},
	{"show", show, .object = LIVE_ARG_OPTIONAL, .json = true},
	{"detach", detach, .object = LIVE_ARG_REQUIRED},
	{"pin", pin, .object = LIVE_ARG_REQUIRED, .path = true},
	{"update", update, .object = LIVE_ARG_REQUIRED, .program = true},
	{0},
};

static int run(const struct verb *v, int argc, char **argv)
{
	return live_args_run(v, actions, argc, argv);
}

const struct verb verb_link = {"link", "list, show, detach, pin and update BPF links", usage, run};
