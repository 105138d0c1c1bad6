/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Externs: symbols that the kernel provides.
 *
 *     extern int LINUX_KERNEL_VERSION __kconfig;           a configuration value
 *     extern enum libbpf_tristate CONFIG_BPF __kconfig;
 *     extern const struct rq runqueues __ksym;             a variable, by vmlinux BTF
 *     extern const void bpf_link_fops __ksym;              an address, by /proc/kallsyms
 *     extern void bpf_rcu_read_lock(void) __ksym;          a kfunc, by BTF of vmlinux or modules
 *
 * Rules. Variables of .kconfig are stored in one read-only map, ordered by decreasing alignment, then
 * by increasing size, then by name. Types of variables and functions must be compatible
 * (core_compatible()). The flavor of a name ("name___old") is ignored. A kfunc may stand for one that
 * differs in an implicit argument (implicit.h). Weak externs that are not found are 0; for others it
 * is an error if a program uses them.
 */
#ifndef SONDE_EXTERN_H
#define SONDE_EXTERN_H

#include "core.h"
#include "elf/object/object.h"

/* The result for one extern. */
struct extern_result {
	bool found;
	uint32_t id;     /* EXTERN_VARIABLE, EXTERN_KFUNC: BTF id */
	uint32_t target; /* index in kernel_types.list */
	const char *why; /* if not found: "this kernel has no function with this name" */
};

/*
 * Resolves all externs of an object. results: one for each. config: the contents of map .kconfig.
 * A name that is not found is not a failure: see extern_result.why. Fails if the object or the files
 * of the kernel are invalid. All memory comes from o->arena.
 */
bool externs_resolve(const struct object *o, struct kernel_types *types,
	const struct kernel_facts *facts, struct extern_result *results, struct span *config,
	struct err *e);

/* The index of the extern with this symbol, -1 if there is none. */
int extern_of_symbol(const struct object *o, uint32_t symbol);

#endif
