/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * XDP: packets received by a network interface, before the kernel's network stack. An interface has
 * one program, attached with a link (5.9), else by netlink (4.8), which lasts until it is removed.
 */
#include "removal.h"
#include "rtnetlink.h"

#include "loader/plan/abi.h"

#include <errno.h>

static const struct mode {
	const char *word;
	uint32_t flag;
} modes[] = {
	{"", 0}, /* native if the driver supports it, else generic */
	{"generic", XDP_FLAGS_SKB_MODE},
	{"skb", XDP_FLAGS_SKB_MODE}, /* as xdp-loader calls it */
	{"driver", XDP_FLAGS_DRV_MODE},
	{"native", XDP_FLAGS_DRV_MODE},
};
static const char *const mode_words[] = {"generic", "skb", "driver", "native", NULL};

static const struct mode *mode_of(struct plan_builder *b, const char *word)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (!strcmp(modes[i].word, word))
			return &modes[i];
	hook_fail(b, PACKED("INTERFACE:generic or INTERFACE:native; by default the kernel chooses"),
		"XDP has no mode '%s'", word);
	return NULL;
}

static void hints(struct plan_builder *b, int16_t step, const struct iface *i)
{
	struct arena *a = b->plan->arena;
	const char *busy = plan_text(
		b, arena_printf(a,
			   "%s has another XDP program (ip link show dev %s), which sonde does not "
			   "replace; if a killed sonde has left it: sonde detach %s",
			   i->name, i->name, i->place));
	plan_add_hint(b, step, EBUSY, busy);
	plan_add_hint(b, step, EEXIST, busy);
	plan_add_hint(b, step, EOPNOTSUPP,
		plan_text(b,
			arena_printf(a,
				"the driver of %s does not support XDP with its current settings: "
				"try --on PROG=%s:generic",
				i->name, i->name)));
	plan_add_hint(b, step, ERANGE,
		plan_text(
			b, arena_printf(a,
				   "the MTU of %s or its peer is too large: use SEC(\"xdp.frags\") "
				   "(5.18), a smaller MTU or --on PROG=%s:generic",
				   i->name, i->name)));
}

/* RTM_SETLINK: header, struct ifinfomsg and the program in slot `prog`, PLAN_NONE to remove it. */
static void set_program(struct plan_builder *b, int16_t step, const struct iface *i, uint32_t flags,
	int16_t prog, const char *what)
{
	struct rtnl_message m;
	rtnl_start(&m, b, RTM_SETLINK, 0);
	rtnl_u32(&m, 0); /* family, type */
	rtnl_iface(&m, i);
	rtnl_u32(&m, 0); /* ifi_flags */
	rtnl_u32(&m, 0); /* ifi_change: none of the flags */
	size_t xdp = rtnl_open(&m, IFLA_XDP | NLA_F_NESTED);
	if (prog == PLAN_NONE)
		rtnl_attr_u32(&m, IFLA_XDP_FD, UINT32_MAX);
	else
		rtnl_attr_slot(&m, IFLA_XDP_FD, prog);
	if (flags)
		rtnl_attr_u32(&m, IFLA_XDP_FLAGS, flags);
	rtnl_close(&m, xdp);
	rtnl_send(&m, step, what);
}

static void attach_by_netlink(struct plan_builder *b, const struct hook_use *use,
	const struct iface *i, const struct mode *mode, int16_t link)
{
	int16_t step = plan_add_step(b, STEP_NETLINK, 0, use->link_slot, &use->like);
	set_program(b, step, i, mode->flag | XDP_FLAGS_UPDATE_IF_NOEXIST, use->prog_slot,
		"RTM_SETLINK xdp");
	const char *note = plan_text(b,
		arena_printf(b->plan->arena,
			"kernels before 5.9 have no XDP links: if sonde is killed by SIGKILL, the "
			"program stays (sonde detach %s lists and removes it)",
			i->place));
	struct plan_step *s = plan_step_at(b, step);
	s->fallback_for = link;
	s->errs[0] = EINVAL;
	s->flags |= STEP_NOTICE;
	s->note = note;
	hints(b, step, i);
	int16_t undo = plan_add_undo(b, STEP_XDP_OFF, 0, step);
	set_program(b, undo, i, mode->flag, PLAN_NONE, "RTM_SETLINK xdp off");
	iface_arg(b, undo, 1, i);
	s = plan_step_at(b, undo);
	s->args[2].slot = use->prog_slot;
}

/* The kernel chooses generic mode if the driver has no XDP. */
static void report_generic(
	struct plan_builder *b, const struct hook_use *use, const struct iface *i)
{
	struct plan_step like = use->like;
	like.doing = "look up the XDP mode";
	const char *note = plan_text(
		b, arena_printf(b->plan->arena,
			   "generic mode: the driver of %s has no XDP; it is slower", i->name));
	int16_t step = plan_add_step(b, STEP_XDP_GENERIC, 0, PLAN_NONE, &like);
	plan_tolerate(b, step, (uint16_t[PLAN_ERRS]){ENOENT, EPERM, EACCES, EBADMSG});
	iface_arg(b, step, 0, i);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_NOTICE;
	s->note = note;
}

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	struct iface i;
	const struct mode *mode;
	if (!iface_open(b, use, mode_words, &i) || !(mode = mode_of(b, i.suffix)))
		return;
	iface_warn(b, use, &i);
	int16_t link = hook_add_link(b, use, use->link_slot, BPF_XDP);
	iface_set(b, link, ATTR(link_create.target_ifindex), &i);
	if (mode->flag)
		attr_set(b, link, ATTR(link_create.flags), mode->flag);
	hints(b, link, &i);
	attach_by_netlink(b, use, &i, mode, link);
	if (!mode->flag)
		report_generic(b, use, &i);
	iface_close(b, use, &i);
}

/* ---- programs for one driver ---- */

/* Kfuncs that read metadata of a packet are implemented by drivers: the program is loaded for one
 * interface (6.3). */
static void prepare(struct plan_builder *b, struct hook_use *use)
{
	struct iface i;
	use->device.slot = PLAN_NONE;
	if (!use->device.wanted || (!use->arg && use->show))
		return;
	if (!use->arg) {
		hook_fail(b, PACKED("name it with --on PROG=INTERFACE"),
			"it calls kfuncs of drivers, and requires an interface at load time");
		return;
	}
	if (!iface_open(b, use, mode_words, &i))
		return;
	if (i.netns != PLAN_NONE)
		hook_fail(b, PACKED("run sonde in that namespace: ip netns exec"),
			"it calls kfuncs of drivers, and must be loaded in the network namespace");
	use->device.slot = i.slot;
}

static void load(struct plan_builder *b, const struct hook_use *use, int16_t step)
{
	if (use->device.slot == PLAN_NONE)
		return;
	attr_slot(b, step, ATTR(prog_ifindex), use->device.slot);
	attr_set(b, step, ATTR(prog_flags), use->hook->prog_flags | BPF_F_XDP_DEV_BOUND_ONLY);
	plan_add_hint(b, step, EOPNOTSUPP, "the driver of this interface provides no XDP metadata");
	plan_add_hint(b, step, EINVAL, "kfuncs of drivers require Linux 6.3");
}

void removal_xdp(struct plan_builder *b, const struct hook_use *use, uint32_t flag)
{
	struct iface i;
	if (!iface_open(b, use, NULL, &i))
		return;
	int16_t step = plan_add_step(b, STEP_NETLINK, 0, PLAN_NONE, &use->like);
	set_program(b, step, &i, flag, PLAN_NONE, "RTM_SETLINK xdp off");
	iface_close(b, use, &i);
}

static const char what[] = "packet received by an interface, before the network stack";
static const char devmap_what[] = "packet redirected by a devmap, whose entry has the program";
static const char cpumap_what[] = "packet redirected by a cpumap, whose entry has the program";

#define XDP(name, type, flags, major, minor, text)                                                 \
	{                                                                                          \
		.sec = name, .target = TARGET_NONE, .prog_type = BPF_PROG_TYPE_XDP,                \
		.attach_type = type, .prog_flags = flags, .since = ABI_VERSION(major, minor),      \
		.what = text                                                                       \
	}

static const struct hook_method methods[] = {
	{ABI_VERSION(5, 9), "BPF_LINK_CREATE"}, {0, "RTM_SETLINK"}, {0}};

#define ON_INTERFACE(name, flags, major, minor)                                                    \
	{                                                                                          \
		.sec = name, .target = TARGET_NONE, .prog_type = BPF_PROG_TYPE_XDP,                \
		.attach_type = BPF_XDP, .prog_flags = flags, .since = ABI_VERSION(major, minor),   \
		.arg_syntax = "INTERFACE[:generic|native]", .what = what, .needs = "an interface", \
		.prepare = prepare, .load = load, .methods = methods, .attach = attach             \
	}

static const struct hook hooks[] = {
	XDP("xdp.frags/devmap", BPF_XDP_DEVMAP, BPF_F_XDP_HAS_FRAGS, 5, 18, devmap_what),
	XDP("xdp/devmap", BPF_XDP_DEVMAP, 0, 5, 8, devmap_what),
	XDP("xdp.frags/cpumap", BPF_XDP_CPUMAP, BPF_F_XDP_HAS_FRAGS, 5, 18, cpumap_what),
	XDP("xdp/cpumap", BPF_XDP_CPUMAP, 0, 5, 9, cpumap_what),
	ON_INTERFACE("xdp.frags", BPF_F_XDP_HAS_FRAGS, 5, 18),
	ON_INTERFACE("xdp", 0, 4, 8),
};

const struct hook_family xdp_family = {"xdp", hooks, sizeof hooks / sizeof *hooks};
