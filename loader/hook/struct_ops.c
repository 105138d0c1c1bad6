/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Functions of a struct that the object implements for the kernel (5.6). They are attached with the
 * map that holds the struct (planner_struct_ops.c): by a link (6.4), or by being written, and then
 * the kernel holds the map until its entry is deleted.
 */
#include "hook.h"

#include "loader/plan/abi.h"

/* Attached with the struct that points to it, which is a map. */
static const struct hook_method with_struct[] = {
	{ABI_VERSION(6, 4), "BPF_LINK_CREATE"}, {0, "BPF_MAP_UPDATE_ELEM"}, {0}};

#define OPS(name, flags, major, minor, text)                                                       \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = BPF_PROG_TYPE_STRUCT_OPS,     \
		.prog_flags = flags, .since = ABI_VERSION(major, minor), .target_syntax = "NAME",  \
		.what = text, .methods = with_struct                                               \
	}

static const struct hook hooks[] = {
	OPS("struct_ops", 0, 5, 6,
		"a function of the kernel's that the object's struct implements"),
	OPS("struct_ops.s", BPF_F_SLEEPABLE, 6, 0,
		"a function of the kernel's that the object's struct implements, may sleep"),
};

const struct hook_family struct_ops_family = {"struct_ops", hooks, sizeof hooks / sizeof *hooks};
