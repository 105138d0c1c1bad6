/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Makes a plan from an image: types, maps and their contents, programs, attachments, in this order.
 * Fallback steps (see plan.h) support older kernels.
 */
#ifndef SONDE_PLANNER_H
#define SONDE_PLANNER_H

#include "elf/link/link.h"
#include "loader/plan/plan.h"
#include "loader/kernel/target.h"

struct record_finder;
struct record_sources;

/* Options given by the user. All memory is borrowed. */
struct plan_options {
	/* "PROG=TARGET" or "TARGET": an interface, a cgroup, ... (see hook.h). A program with several
	 * is attached to each. */
	const char *const *target_args;
	size_t n_target_args;
	/* Names of the programs to load; n_only 0: all except those with autoload off ("?"). */
	const char *const *only;
	size_t n_only;
	const char *const *skip; /* names of programs not to load */
	size_t n_skip;
	const char *const *types; /* "PROG=SEC", or "SEC" for all whose section name says nothing */
	size_t n_types;
	const char *const *args; /* "PROG=VALUE": arguments of a program that user space calls */
	size_t n_args;
	const char *const *entries; /* "MAP=NUMBER": overrides max_entries */
	size_t n_entries;
	bool show;      /* a plan for display only: target arguments may be missing */
	bool load_only; /* do not attach programs */
	bool at_once;   /* for this kernel and no other: no steps that only older ones need */
	/* A directory in a bpf file system, which is made, to pin all maps and programs, as map/NAME and
	 * prog/NAME; NULL: pin nothing. */
	const char *pin;
	bool leave;               /* with pin: the links, too, as link/NAME: they stay attached */
	bool replace;             /* with pin: the directory may exist; what it keeps is replaced */
	const char *maker;        /* with pin: for the record, "sonde 0.1.0" */
	const char *const *empty; /* with replace: names of maps that do not keep their contents */
	size_t n_empty;
	/* With pin: of the pins. access false: those of the directory that is replaced, or 0600 and the user. */
	bool access;
	int mode, uid, gid; /* -1: as without access */
	const char
		*token; /* mount point of a bpf file system that delegates rights (6.9), or NULL */
	/* Finds the types of records, for display (elf/records/records.h); NULL: do not look for
	 * them. from: the user's choices, and files with types; may be NULL. */
	const struct record_finder *records;
	const struct record_sources *from;
	struct link_watch watch;
};

/*
 * Opens, links and plans an object, whose bytes are untrusted. path: for messages. Fails if only or
 * target_args names a program that the object does not have.
 */
bool plan_object(struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct target *t, struct arena *a, struct err *e);

/*
 * Checks that no two of the n values of an option ("NAME=VALUE", or "VALUE" for all) are for the same
 * name: only one could take effect. all: what a value without a name is for, in messages.
 */
bool planner_check_once(
	const char *option, const char *const *list, size_t n, const char *all, struct err *e);

#endif
