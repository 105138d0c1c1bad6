/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the running kernel offers, from facts alone: its types, which show what distributions have
 * backported, else its version; and its configuration, if that can be read. What is not known is taken to
 * be there.
 */
#ifndef SONDE_OFFER_H
#define SONDE_OFFER_H

#include "loader/kernel/target.h"
#include "loader/plan/abi.h"

struct offer {
	struct target *kernel;   /* borrowed */
	const struct btf *types; /* NULL: the kernel shows none */
	struct span config;      /* empty: unknown */
	uint16_t version;        /* ABI_VERSION() */
};

/* t: the running kernel. An unreadable configuration and missing types are no failure. */
void offer_open(struct offer *o, struct target *t);

enum offer_state { OFFER_THERE, OFFER_TOO_OLD, OFFER_OFF };

struct offered {
	enum offer_state state;
	uint16_t since;     /* the first kernel, ABI_VERSION(); 0: unknown */
	const char *option; /* OFFER_OFF: what its configuration lacks, "CONFIG_FPROBE" */
};

/* A member of ABI_CMDS, ABI_MAP_TYPES, ABI_PROG_TYPES or ABI_ATTACH_TYPES. */
struct offered offer_member(const struct offer *o, enum abi_set set, uint32_t number);

/* A helper function. */
struct offered offer_helper(const struct offer *o, unsigned helper);

/* A hook, with its types and what attaching requires of the configuration. */
struct hook;
struct offered offer_hook(const struct offer *o, const struct hook *h);

/* Whether programs of an attach type can run at a function: the JIT compiler of this machine has
 * trampolines, or the type needs none. since: the first kernel that has them for it, 0: none. */
struct offered offer_trampoline(const struct offer *o, uint32_t prog_type, uint32_t attach_type);

/* The value of a configuration option: 'y', 'm', '?' for another one; 'n' if it is not set, 0 if the
 * configuration is unknown. */
char offer_option(const struct offer *o, const char *name);

/* Whether a kernel module is there or can be loaded: built in, loaded, or listed in /lib/modules. */
bool offer_module(const struct offer *o, const char *option, const char *module);

#endif
