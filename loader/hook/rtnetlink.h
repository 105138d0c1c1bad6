/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Builds rtnetlink messages of a plan, for hooks where the kernel has no BPF links. */
#ifndef SONDE_HOOK_RTNETLINK_H
#define SONDE_HOOK_RTNETLINK_H

#include "iface.h"

#include "elf/base/netlink_abi.h"

/* A message under construction. A failure fails the planner; further calls do no harm. */
struct rtnl_message {
	struct plan_builder *b;
	uint8_t bytes[224];
	size_t n;
	struct plan_patch patches[4];
	size_t n_patches;
};

/* Starts a message with its header; the fixed structure of its type follows field by field. */
void rtnl_start(struct rtnl_message *m, struct plan_builder *b, uint16_t type, uint16_t flags);
void rtnl_bytes(struct rtnl_message *m, const void *bytes, size_t n);
void rtnl_u32(struct rtnl_message *m, uint32_t value);
void rtnl_slot(
	struct rtnl_message *m, int16_t slot); /* 32 bits, filled from the slot at run time */
void rtnl_iface(struct rtnl_message *m, const struct iface *i); /* 32 bits: its index */

/* Attributes. rtnl_open() starts one that contains others and returns its position for
 * rtnl_close(). */
void rtnl_attr_u32(struct rtnl_message *m, uint16_t type, uint32_t value);
void rtnl_attr_slot(struct rtnl_message *m, uint16_t type, int16_t slot);
void rtnl_attr(struct rtnl_message *m, uint16_t type, const void *bytes, size_t n);
void rtnl_attr_text(struct rtnl_message *m, uint16_t type, const char *text);
void rtnl_attr_prog_name(struct rtnl_message *m, uint16_t type, const struct hook_use *use);
size_t rtnl_open(struct rtnl_message *m, uint16_t type);
void rtnl_close(struct rtnl_message *m, size_t start);

/* Completes the message and makes it that of a STEP_NETLINK. what: its name in a plan that is shown,
 * "RTM_NEWQDISC clsact". */
void rtnl_send(struct rtnl_message *m, int16_t step, const char *what);

#endif
