/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Everything that is attached: links, and where the kernel has none or a program is attached without,
 * tc filters and XDP programs (netlink), cgroups, network namespace and devices (BPF_PROG_QUERY), perf
 * events (BPF_TASK_FD_QUERY) and struct_ops maps. Interfaces are those of this network namespace.
 */
#ifndef SONDE_ATTACHED_H
#define SONDE_ATTACHED_H

#include "live.h"
#include "loader/kernel/holders.h"

struct attached {
	uint32_t prog, link, map; /* ids; 0: none. map: of a struct_ops, instead of prog */
	uint32_t pid;             /* the process with the perf event, if there is no link */
	const char *name;         /* of the program or map */
	const char *type, *where; /* as in where.h */
	uint64_t runs, ns;        /* of the program, while statistics are enabled */
	/* What tells whether a link attaches it. */
	uint32_t link_type, attach_type;
	uint64_t place; /* the interface, cgroup or namespace */
};

struct attached_list {
	struct live *l;
	const struct holders *holders;
	struct attached *list;
	size_t n, room;
};

/* What to look for. */
enum attached_scope { ATTACHED_ALL, ATTACHED_NET, ATTACHED_CGROUPS };

/* Fills the list, ordered by program; of a network or cgroups, by place. What cannot be queried is left out; false with e set if programs
 * can't be listed. Memory from the arena of the live kernel. */
bool attached_find(struct attached_list *a, struct live *l, const struct holders *h,
	enum attached_scope scope, struct err *e);

#endif
