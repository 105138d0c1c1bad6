/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The position of a program in a list of programs (tcx and netkit: 6.6; cgroups: 6.17), as the end of
 * a target argument says: "first", "last", "before=PROG" or "after=PROG". PROG is a program of
 * the object that precedes it, the id of a loaded program, or the path of its pin.
 */
#ifndef SONDE_HOOK_ORDER_H
#define SONDE_HOOK_ORDER_H

#include "hook.h"

struct order {
	bool given;
	uint32_t flags, id; /* id 0: none, or `slot` */
	int16_t slot;       /* descriptor of the other program, or PLAN_NONE */
};

/* Words for iface_open(). */
#define ORDER_WORDS "first", "last", "before=", "after="

/* Removes the words of an order from a list of words separated by ':' (untrusted), and adds the steps
 * that they require. Returns the rest; fails the planner for an invalid order. */
const char *order_parse(
	struct plan_builder *b, const struct hook_use *use, const char *words, struct order *o);

/* The fields of a BPF_LINK_CREATE for an order: ORDER_FIELDS(tcx). */
struct order_fields {
	struct attr_field fd, id, revision;
};
#define ORDER_FIELDS(group)                                                                        \
	((struct order_fields){ATTR(link_create.group.relative_fd),                                \
		ATTR(link_create.group.relative_id), ATTR(link_create.group.expected_revision)})

/* Completes a BPF_LINK_CREATE. since: the first kernel that has the fields. */
void order_set(struct plan_builder *b, int16_t step, struct order_fields f, const char *since,
	const struct order *o);

#endif
