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
	void *ctx;
};

#endif
