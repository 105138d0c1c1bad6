/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Links in the kernel (5.7; listed since 5.8, CAP_SYS_ADMIN), with what their struct bpf_link_info refers
 * to. What an older kernel does not report reads as zero or empty.
 */
#ifndef SONDE_LIVE_LINK_H
#define SONDE_LIVE_LINK_H

#include "elf/base/arena.h"
#include "elf/base/bpf_attr.h"
#include "elf/base/span.h"
#include "live_ref.h"

enum { LIVE_TEXT_MAX = 4096 };

struct live_link {
	int fd;
	struct bpf_link_info info; /* pointers are 0 */
	uint32_t size;             /* bytes that the kernel filled in */
	/* Untrusted: the tracepoint, function, file or kind of iterator; "" if it has none. */
	const char *text;
	/* Addresses of functions or offsets in a file, 8 bytes each (kprobe_multi, uprobe_multi). */
	struct span places;
};

/* Reads an open link. Memory from a. Returns 0 or -errno. */
long live_link_read(struct live_link *l, int fd, const struct sys_watch *watch, struct arena *a);

/* Opens a link by id or pin; links have no names. The caller closes l->fd. */
bool live_link_open(struct live_link *l, const struct live_ref *r, const struct sys_watch *watch,
	struct arena *a, struct err *e);

/* Calls fn for each link until it returns false. l->fd is closed afterwards. */
bool live_link_each(const struct sys_watch *watch, struct arena *a,
	bool (*fn)(void *ctx, const struct live_link *l), void *ctx, struct err *e);

/* Detaches what a link attaches (5.9): its descriptors and pins remain, without effect. Returns 0 or
 * -errno: -EOPNOTSUPP if links of its type cannot be detached. */
long live_link_detach(int fd, const struct sys_watch *watch);

/* Replaces the program of a link (5.7), in one step: no event is missed. prog: an open program of the same
 * type; with struct_ops, an open map (6.4). Returns 0 or -errno: -EINVAL if its type, or that of the link,
 * is another. */
long live_link_update(int fd, int prog, const struct sys_watch *watch);

#endif
