/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What linking needs to know about the kernel that the object is loaded into. */
#ifndef SONDE_KERNEL_TYPES_H
#define SONDE_KERNEL_TYPES_H

#include "btf.h"

/*
 * The BTF of one kernel: vmlinux first, followed by the split BTF of its modules. Module BTF is
 * loaded only if a lookup in vmlinux fails: kernel_types_all() calls more() once, which may extend
 * the list. more is NULL after that call, and from the start if there is nothing to load.
 */
struct kernel_types {
	const struct btf *const *list; /* n 0: a kernel without BTF */
	size_t n;
	bool (*more)(struct kernel_types *k, struct err *e);
	void *ctx; /* for more() */
	/*
	 * NULL: these are the types of the kernel. Else it has none, and the list has what is known of some
	 * without them (layouts.h). complete() tells whether a type of a name, of len bytes, that is not in
	 * the list is not in the kernel either; why not, if there is a reason, is in unread.
	 */
	bool (*complete)(const struct kernel_types *k, const char *name, size_t len);
	const char *unread;
	bool extends_sign; /* a 32-bit kernel that has loads with sign extension (6.6), for its long */
};

/* Calls more() unless it has been called before. */
bool kernel_types_all(struct kernel_types *k, struct err *e);

/* Properties of a kernel that its BTF does not contain. The callbacks may be NULL. */
struct kernel_facts {
	/* The kernel configuration, lines of "CONFIG_X=y"; false with e set if it is not
	 * available. The text must stay valid until linking is complete. */
	bool (*config)(void *ctx, struct span *text, struct err *e);
	/* The value of an extern named LINUX_..., which no configuration contains: false if the
	 * name is unknown. */
	bool (*number)(void *ctx, const char *name, uint64_t *value);
	/* The format file of a tracepoint (event_format.h), valid as long as the configuration, and its path
	 * for messages. group NULL: the first one that has such an event. False if there is no such event,
	 * or with e set if that cannot be known. */
	bool (*event_format)(void *ctx, const char *group, const char *event, struct span *text,
		const char **path, struct err *e);
	const char *machine; /* uname -m; NULL: not known */
	bool extends_sign;   /* as in struct kernel_types */
	void *ctx;
};

#endif
