/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* All families. Programs that embed libsonde.a may have an own list instead (SONDE_HOOKS), so this file
 * contains nothing else: the linker then leaves it out, and with it the families that are not listed. */
#include "hook.h"

extern const struct hook_family uprobe_family, usdt_family;
extern const struct hook_family tracepoint_family, kprobe_family, trace_family, iter_family,
	xdp_family, tc_family, netkit_family, netfilter_family, socket_family, sockmap_family,
	sampling_family, route_family, struct_ops_family, misc_family;

const struct hook_family *const hook_families[] = {&tracepoint_family, &kprobe_family,
	&trace_family, &iter_family, &uprobe_family, &usdt_family, &xdp_family, &tc_family,
	&cgroup_family, &netkit_family, &netfilter_family, &socket_family, &sockmap_family,
	&sampling_family, &route_family, &struct_ops_family, &misc_family};
const size_t hook_family_count = sizeof hook_families / sizeof *hook_families;
