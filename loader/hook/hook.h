/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Hooks: where programs attach. Each family is one file: a table of section names, and functions
 * that add the steps which attach a program. Families do not know each other; only hook_families.c
 * knows all of them.
 */
#ifndef SONDE_HOOK_H
#define SONDE_HOOK_H

#include "loader/plan/builder.h"
#include "loader/kernel/target.h"

/* One program that a hook attaches: the planner's input to the functions of struct hook. */
struct hook_use {
	const struct hook *hook;
	const char *target;    /* the section name after its first '/', "" if none; untrusted */
	const char *arg;       /* target argument, the program's value of --on; or NULL */
	struct target *kernel; /* facts about the kernel that the plan is for */
	bool show;             /* the plan is only shown: planning must not require privileges */
	int16_t prog_slot;     /* descriptor of the program */
	int16_t link_slot;     /* receives the descriptor that keeps the program attached */
	int16_t context;       /* blob: arguments of a program that is called, or PLAN_NONE */
	struct plan_step like; /* who and prog for new steps; doing is "attach" */
	/* Pins of the link and the program that this one replaces, if they exist; NULL: it replaces none. */
	const char *old_link, *old_prog;
	/* The interface whose driver the program is loaded for, if it calls kfuncs of drivers. */
	struct {
		bool wanted;
		int16_t slot; /* its index, or PLAN_NONE */
	} device;
	/* Set by attach_btf_prepare(), read by attach_btf_load(). */
	struct {
		uint32_t id;    /* BTF id of the type the program is loaded for, 0: unknown */
		int16_t number; /* slot that receives this id at run time, or PLAN_NONE */
		int16_t program; /* slot: descriptor of the program that has the type, or PLAN_NONE */
		int16_t module; /* slot: descriptor of the module's BTF, or PLAN_NONE */
	} attach_btf;
};

enum hook_target {
	TARGET_NONE,     /* SEC("x") only */
	TARGET_OPTIONAL, /* SEC("x/target") attaches, SEC("x") only loads without --on */
	TARGET_REQUIRED,
};

/* A call that attaches, and the first kernel that has it for this hook. */
struct hook_method {
	uint16_t since;  /* ABI_VERSION; 0: as old as the hook */
	const char *how; /* the kernel's name of the call; NULL ends a list */
};

/* One section name: all facts about a hook. */
struct hook {
	const char *sec; /* "tracepoint" */
	uint8_t target;  /* enum hook_target */
	uint32_t prog_type, attach_type;
	uint32_t prog_flags;       /* of BPF_PROG_LOAD */
	uint16_t since;            /* ABI_VERSION of the first kernel */
	const char *target_syntax; /* of the target in the section name: "CATEGORY/NAME"; or NULL */
	const char *arg_syntax;    /* of the target argument: "INTERFACE"; or NULL */
	const char *needs;         /* what attaching requires from --on: "an interface"; or NULL */
	const char *what;          /* when or on what the program runs, a noun phrase */
	/* How it is attached, newest method first; the others are fallbacks. NULL: the hook is
	 * loaded only. Without attach(): how the owner of the program attaches it. */
	const struct hook_method *methods;
	/* Adds the steps that BPF_PROG_LOAD depends on; NULL: there are none. */
	void (*prepare)(struct plan_builder *b, struct hook_use *use);
	/* Completes the attr of BPF_PROG_LOAD (step) with fields that depend on the target; NULL:
	 * there are none. */
	void (*load)(struct plan_builder *b, const struct hook_use *use, int16_t step);
	/* Adds the steps that attach. An invalid target or argument fails the planner. NULL: sonde
	 * does not attach programs of this hook by themselves. */
	void (*attach)(struct plan_builder *b, const struct hook_use *use);
};

/* Fails the planner because of an invalid target or argument. hint: may be NULL. */
__attribute__((format(printf, 3, 4))) void hook_fail(
	struct plan_builder *b, const char *hint, const char *fmt, ...);
#ifdef TEXTS_PACKED
#define hook_fail(b, hint, ...) (hook_fail)(b, hint, PACKED_FIRST(__VA_ARGS__))
#endif

/* Fails the planner if a path (untrusted) leaves its kernel file system; KFS_COUNT: none. */
void hook_check_path(struct plan_builder *b, uint32_t file_system, const char *path);

/* The target of a hook without arg_syntax: --on overrides the section name. "" if there is none. */
const char *hook_target(const struct hook_use *use);

/*
 * Adds BPF_LINK_CREATE with the program and the attach type, and returns the step. The caller adds the
 * target. link_slot receives the link: if use->old_link attaches in the same place, and its program can be
 * exchanged, that one.
 */
int16_t hook_add_link(struct plan_builder *b, const struct hook_use *use, int16_t link_slot,
	uint32_t attach_type);

/* Adds the step that opens a pin, if it exists, and returns it. slot receives the descriptor. */
int16_t hook_old_pin(
	struct plan_builder *b, const struct plan_step *like, const char *path, int16_t slot);

/* Adds the step that makes an old link in link_slot refer to another program or map (field), and the one that
 * takes that back if the plan fails: slots of the new and the old one. Skipped if link_slot is empty. */
void hook_exchange(struct plan_builder *b, const struct plan_step *like, int16_t link_slot,
	struct attr_field field, int16_t with, int16_t before);

struct hook_family {
	const char *name;
	const struct hook *hooks;
	size_t n;
};

/*
 * Code that steps of a family require, in files that nothing else refers to by a symbol that is not weak,
 * so that programs on libsonde.a link it with the family: a constant of that file.
 */
#define HOOK_NEEDS(constant)                                                                       \
	extern const char constant;                                                                \
	__attribute__((used)) static const char *const needs_##constant = &constant

/* Methods of hooks that have been BPF links from the start. */
extern const struct hook_method hook_methods_link[];

/* The method after m (NULL: the first one), or NULL after the last that is needed: a method as old
 * as the hook needs no fallback. */
const struct hook_method *hook_method_next(const struct hook *h, const struct hook_method *m);
/* The first kernel that has the method for this hook, as ABI_VERSION. */
uint16_t hook_method_since(const struct hook *h, const struct hook_method *m);

/* All families, in the order in which section names are matched. */
extern const struct hook_family *const hook_families[];
extern const size_t hook_family_count;
extern const struct hook_family cgroup_family;

/* The hook of a section name (untrusted, without a leading '?'); *target points into it, after the
 * '/', or to its end. NULL with e set for an unknown name; the hint suggests a similar one. */
const struct hook *hook_find(const char *sec, const char **target, struct err *e);

#endif
