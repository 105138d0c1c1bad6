/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Externs: what an object wants from the kernel that it is loaded into.
 *
 *     extern int LINUX_KERNEL_VERSION __kconfig;           a line of the kernel's configuration
 *     extern enum libbpf_tristate CONFIG_BPF __kconfig;
 *     extern const struct rq runqueues __ksym;             a variable, by the kernel's BTF
 *     extern const void bpf_link_fops __ksym;              an address, by /proc/kallsyms
 *     extern void bpf_rcu_read_lock(void) __ksym;          a kfunc, by the BTF of kernel or modules
 *
 * Rules. Variables of .kconfig are laid out in one read-only map, those that want the most
 * alignment first, then the smaller ones, then by name. Variables and functions have to be alike in
 * type (core_compatible()), and a name's flavour ("name___old") is not part of it. A weak extern
 * that is not found is 0; another one is an error as soon as a program uses it.
 */
#ifndef SONDE_EXTERN_H
#define SONDE_EXTERN_H

#include "core.h"
#include "elf/object/object.h"

/* What became of one extern. */
struct extern_result {
	bool found;
	uint32_t id;     /* EXTERN_VARIABLE, EXTERN_KFUNC: BTF id */
	uint32_t target; /* in which of the kernel's types */
	const char *why; /* when not found: "the kernel has no function of that name" */
};

/*
 * Looks for all externs of an object. answers: one for each. config: the bytes of the map .kconfig.
 * Only what is wrong with the object or the kernel's files is a failure; that a name isn't found
 * is said in its answer. All memory from o->arena.
 */
bool externs_resolve(const struct object *o, struct kernel_types *types,
	const struct kernel_facts *facts, struct extern_result *answers, struct span *config,
	struct err *e);

/* Index of the extern that a symbol names, -1 if none. */
int extern_of_symbol(const struct object *o, uint32_t symbol);

#endif
