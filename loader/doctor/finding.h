/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What was found, a line each; what is wrong comes last, with a cure. */
#ifndef SONDE_FINDING_H
#define SONDE_FINDING_H

#include "elf/base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum finding_state {
	FINDING_OK,
	FINDING_NOTE,    /* something is limited, or done in another way */
	FINDING_MISSING, /* not there, and nothing needs it for sure */
	FINDING_FAILS,   /* not there, and needed */
};

struct finding {
	enum finding_state state;
	const char *area;   /* "kernel", "helper" */
	const char *name;   /* "BTF", "bpf_loop"; untrusted */
	const char *text;   /* "" for none; untrusted */
	const char *cure;   /* what to do about it, or NULL */
	const char *option; /* the configuration option that is missing, or NULL */
	uint16_t since;     /* the first kernel that has it, or 0 */
};

struct findings {
	struct arena *arena; /* memory of texts and of the list */
	struct finding *list;
	size_t n, room;
	bool full; /* out of memory */
};

/* Adds a copy, whose strings must outlive the list (finding_text()). */
void finding_add(struct findings *f, struct finding one);

/* A string in the arena; "" if out of memory. */
__attribute__((format(printf, 2, 3))) const char *finding_text(
	struct findings *f, const char *fmt, ...);

/* The worst state; FINDING_OK if there are none. */
enum finding_state findings_worst(const struct findings *f);

/* One line each, what is missing or fails last; json: one object each, in the same order. file: what they are
 * about, NULL: this machine. */
void findings_print(const struct findings *f, const char *file, bool json, FILE *out);

#endif
