/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Functions of a kernel struct that the object implements (5.6). They are attached with the map that
 * holds the struct (planner_struct_ops.c): with a link (6.4), or by updating the map's entry. In that
 * case the kernel keeps the map until the entry is deleted.
 */
#include "hook.h"

#include "loader/plan/abi.h"

/* Methods of attaching the map, not the function. */
static const struct hook_method map_methods[] = {
	{ABI_VERSION(6, 4), "BPF_LINK_CREATE"}, {0, "BPF_MAP_UPDATE_ELEM"}, {0}};

#define OPS(name, flags, major, minor, text)                                                       \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = BPF_PROG_TYPE_STRUCT_OPS,     \
		.prog_flags = flags, .since = ABI_VERSION(major, minor), .target_syntax = "NAME",  \
		.what = text, .methods = map_methods                                               \
	}

static const struct hook hooks[] = {
	OPS("struct_ops", 0, 5, 6, "operation of a kernel struct that the object implements"),
	OPS("struct_ops.s", BPF_F_SLEEPABLE, 6, 0,
		"operation of a kernel struct that the object implements, sleepable"),
};

HOOK_NEEDS(struct_ops_are_planned); /* the maps that attach them: planner_struct_ops.c */

const struct hook_family struct_ops_family = {"struct_ops", hooks, sizeof hooks / sizeof *hooks};
