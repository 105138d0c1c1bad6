/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * netkit (6.7): a pair of interfaces that is driven by BPF programs. Both kinds are attached
 * through the primary interface: what it sends, and what its peer sends.
 */
#include "iface.h"

#include "loader/plan/abi.h"

#include <errno.h>

static void attach(struct planner *b, const struct hook_use *use)
{
	struct iface i;
	if (!iface_open(b, use, &i))
		return;
	if (*i.suffix) {
		hook_fail(b, NULL, "'%s' is more than the name of an interface", use->arg);
		return;
	}
	int16_t link = plan_add_step(b, STEP_BPF, BPF_LINK_CREATE, use->link_slot, &use->like);
	attr_slot(b, link, "link_create.prog_fd", use->prog_slot);
	iface_set(b, link, "link_create.target_ifindex", &i);
	attr_set(b, link, "link_create.attach_type", use->hook->attach_type);
	plan_add_hint(b, link, ENXIO, "the interface is not of type netkit");
	plan_add_hint(b, link, EACCES,
		"it is the peer of a netkit pair: programs of both are attached to the primary");
}

#define NETKIT(name, type, text)                                                                   \
	{                                                                                          \
		.sec = name, .target = TARGET_NONE, .prog_type = BPF_PROG_TYPE_SCHED_CLS,          \
		.attach_type = type, .since = ABI_VERSION(6, 7), .arg_syntax = "INTERFACE",        \
		.what = text, .needs = "a netkit interface", .methods = hook_methods_link,         \
		.attach = attach                                                                   \
	}

static const struct hook hooks[] = {
	NETKIT("netkit/primary", BPF_NETKIT_PRIMARY, "a packet that a netkit interface sends"),
	NETKIT("netkit/peer", BPF_NETKIT_PEER,
		"a packet that the peer of a netkit interface sends"),
};

const struct hook_family netkit_family = {"netkit", hooks, sizeof hooks / sizeof *hooks};
