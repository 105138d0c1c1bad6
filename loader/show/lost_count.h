/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records that a program could not write because its buffer was full: only the program can count them. */
#ifndef SONDE_LOST_COUNT_H
#define SONDE_LOST_COUNT_H

#include "elf/btf/btf.h"
#include "loader/kernel/exec.h"

#include <stdio.h>

/* The map that counts them, by convention (progs/README.md). */
#define LOST_MAP "lost"

/* Their number according to that map; 0 if there is none. b: the types of the plan, or NULL. cpus: those possible,
 * whose counters are added. */
uint64_t lost_count(const struct exec *x, const struct btf *b, unsigned cpus);

enum { LOST_UNKNOWN = 0 };

/* Prints {"lost": n, "of": name}, with null for a number that is not known, and for name NULL. */
void lost_json(FILE *out, const char *name, uint64_t n);

#endif
