/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Packed files (`sonde pack`): the payload (loader/plan/packed_form.h), and the executable around it.
 *
 * The runner can do less than sonde. What it cannot do is found here, while packing: pack_plan() returns
 * a reason then, in words that complete "the runner ...".
 */
#ifndef SONDE_PACK_H
#define SONDE_PACK_H

#include "flat.h"

#include "elf/base/err.h"
#include "loader/plan/plan.h"

enum { PACK_REASON = 256 };

/* A payload of plans under construction. */
struct pack {
	struct flat out;
	struct flat plans;   /* struct packed_plan[] */
	struct flat formats; /* patterns of bpf_printk() lines */
	uint16_t n_plans;
	bool prints, all_errnos, records;
	const char *machine;      /* uname -m of the first plan */
	char reason[PACK_REASON]; /* what the runner cannot do; "" if nothing */
};

/* Begins a payload for a machine with this byte order. Memory from a. */
void pack_begin(struct pack *w, bool big, struct arena *a);

/*
 * Adds a plan that has passed plan_check() and has not been fitted. False if memory is exhausted, or, with
 * w->reason set and without e set, if the runner cannot execute it or show what it reports.
 */
bool pack_plan(struct pack *w, const struct plan *p, struct err *e);

/* What is the same for all plans. All strings are copied. */
struct pack_about {
	const char *name; /* of the object */
	const char *help;
	uint32_t for_ms;
};

/* The finished payload; empty with e set if memory is exhausted. */
struct span pack_end(struct pack *w, const struct pack_about *about, struct err *e);

/* A payload with an object, for sonde itself. n_args arguments, of which those from first_run on are only
 * for the verb run. */
struct pack_object {
	const char *name;
	struct span bytes;
	const char *const *args;
	size_t n_args, first_run;
	struct span btf; /* what --btf=FILE among args names, else empty */
	const char *help;
};
struct span pack_object(const struct pack_object *o, bool big, struct arena *a, struct err *e);

/* ---- executables (pack_elf.c) ---- */

/* An executable from the runner of an architecture, which is a linked ELF file and untrusted, and the payload
 * that pack_end() has returned. */
struct span pack_runner_file(struct span runner, const struct pack *w, struct span payload,
	struct arena *a, struct err *e);

/* The same from sonde, which must have been linked with room for it. path: for messages. */
struct span pack_sonde_file(
	const char *path, struct span sonde, struct span payload, struct arena *a, struct err *e);

/* A copy of an object without the contents of its DWARF sections. */
struct span pack_strip(struct span object, struct arena *a, struct err *e);

/* The runner for this machine that is part of sonde: a linked ELF file. Empty with e set if there is
 * none. */
struct span pack_own_runner(struct arena *a, struct err *e);

#endif
