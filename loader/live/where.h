/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Where a link attaches its program, in words that --on and section names use. */
#ifndef SONDE_WHERE_H
#define SONDE_WHERE_H

#include "live.h"

enum { WHERE_MAX = 512, WHERE_TYPE = 48 };

/* The interface, function, cgroup, file and offset, tracepoint, ... "" if the kernel does not report it.
 * p: the link's program. Untrusted. Returns buf. */
char *where_text(struct live *l, const struct live_link *link, const struct live_prog *p,
	char buf[static WHERE_MAX]);

/* The hook, as section names spell it: "fentry", "cgroup_skb/egress"; else the type of the program.
 * Returns buf. */
char *where_type(
	const struct live_link *link, const struct live_prog *p, char buf[static WHERE_TYPE]);

/* The section name of hooks with this attach type for programs of this type (BPF_PROG_TYPE_UNSPEC: any),
 * NULL if there is none. */
const char *where_hook(uint32_t attach_type, uint32_t prog_type);

/* "eth0"; "ifindex 5" if there is no such interface in this network namespace. */
void where_interface(uint32_t index, char *buf, size_t size);

/* The path of a cgroup below the root of cgroup2; "cgroup 123" if unknown. */
void where_cgroup(struct live *l, uint64_t id, char *buf, size_t size);

/* The struct of the kernel that a map registers: "tcp_congestion_ops", "" if it is not known. */
void struct_ops_name(struct live *l, uint32_t map, char *buf, size_t size);

/* The same and the map: "tcp_congestion_ops, map 12". */
void where_struct_ops(struct live *l, uint32_t map, char *buf, size_t size);

#endif
