/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * netkit (6.7): a pair of interfaces controlled by BPF programs. Both hooks, packets sent by the
 * primary interface and by its peer, are attached through the primary interface.
 */
#include "iface.h"
#include "order.h"

#include "loader/plan/abi.h"

#include <errno.h>

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	struct iface i;
	static const char *const words[] = {ORDER_WORDS, NULL};
	struct order order;
	if (!iface_open(b, use, words, &i))
		return;
	const char *rest = order_parse(b, use, i.suffix, &order);
	if (*rest)
		hook_fail(b, NULL, "'%s' is not an order of programs", rest);
	iface_warn(b, use, &i);
	int16_t link = hook_add_link(b, use, use->link_slot, use->hook->attach_type);
	iface_set(b, link, ATTR(link_create.target_ifindex), &i);
	order_set(b, link, ORDER_FIELDS(netkit), "6.7", &order);
	plan_add_hint(b, link, ENXIO, "the interface is not of type netkit");
	plan_add_hint(b, link, EACCES,
		"this is the peer of a netkit pair: attach programs of both through the primary");
	iface_close(b, use, &i);
}

#define NETKIT(name, type, text)                                                                   \
	{                                                                                          \
		.sec = name, .target = TARGET_NONE, .prog_type = BPF_PROG_TYPE_SCHED_CLS,          \
		.attach_type = type, .since = ABI_VERSION(6, 7),                                   \
		.arg_syntax = "INTERFACE[:ORDER]", .what = text, .needs = "a netkit interface",    \
		.methods = hook_methods_link, .attach = attach                                     \
	}

static const struct hook hooks[] = {
	NETKIT("netkit/primary", BPF_NETKIT_PRIMARY, "packet sent by a netkit interface"),
	NETKIT("netkit/peer", BPF_NETKIT_PEER, "packet sent by the peer of a netkit interface"),
};

const struct hook_family netkit_family = {"netkit", hooks, sizeof hooks / sizeof *hooks};
