/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What hooks on network interfaces have in common: the interface that the user names, and messages
 * of route netlink for kernels that have no links there.
 */
#ifndef SONDE_HOOK_IFACE_H
#define SONDE_HOOK_IFACE_H

#include "hook.h"

/* An interface as --on names it: "eth0", "3", "eth0:egress". */
struct iface {
	const char *name;
	const char *word; /* behind the ':', "" if nothing */
	int16_t slot;     /* takes its number; PLAN_NONE when the user has given that */
	uint32_t number;
};

/*
 * Reads use->arg and adds the step that asks for the interface's number. False with the planner
 * failed when it is no name of an interface.
 */
bool iface_open(struct planner *b, const struct hook_use *use, struct iface *i);

/* Adds a step that says so if the machine's default route leads through the interface: a program
 * that drops packets there may cut off whoever has started it. */
void iface_warn(struct planner *b, const struct hook_use *use, const struct iface *i);

/* Sets a field of the attr of a step to the interface's number. */
void iface_set(struct planner *b, int16_t step, const char *field, const struct iface *i);

/* A message of route netlink in the making. */
struct route_message {
	struct planner *b;
	uint8_t bytes[224];
	size_t n;
	struct plan_patch patches[4];
	size_t n_patches;
};

enum {
	NETLINK_ROUTE = 0,
	RTM_GETLINK = 18, /* message types; the structure that follows the header */
	RTM_SETLINK = 19,
	RTM_NEWQDISC = 36,
	RTM_DELQDISC = 37,
	RTM_NEWTFILTER = 44,
	RTM_DELTFILTER = 45,
	NLM_F_EXCL = 0x200,
	NLM_F_CREATE = 0x400,
	NLA_F_NESTED = 0x8000, /* or'ed into the type of an attribute that holds others */
};

void route_start(struct route_message *m, struct planner *b, uint16_t type, uint16_t flags);
void route_bytes(struct route_message *m, const void *bytes, size_t n);
void route_u32(struct route_message *m, uint32_t value);
void route_slot(struct route_message *m, int16_t slot); /* what will be in it, 32 bits */
void route_iface(struct route_message *m, const struct iface *i);

/* Attributes. One that holds others: its start is given to route_close(). */
void route_attr_u32(struct route_message *m, uint16_t type, uint32_t value);
void route_attr_slot(struct route_message *m, uint16_t type, int16_t slot);
void route_attr(struct route_message *m, uint16_t type, const void *bytes, size_t n);
void route_attr_text(struct route_message *m, uint16_t type, const char *text);
size_t route_open(struct route_message *m, uint16_t type);
void route_close(struct route_message *m, size_t start);

/* Makes the message that of a STEP_NETLINK. what: for people, "RTM_NEWQDISC clsact". */
void route_send(struct route_message *m, int16_t step, const char *what);

#endif
