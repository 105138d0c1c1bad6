/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the parts of prog_dump.h. */
#ifndef SONDE_PROG_DUMP_IMPL_H
#define SONDE_PROG_DUMP_IMPL_H

#include "prog_dump.h"
#include "elf/base/insn.h"

enum { DUMP_LINE = 512 };

struct dump {
	struct live *l;
	const struct live_prog *p;
	const struct btf *btf; /* NULL: no source lines */
	struct span parts[LIVE_PARTS];
	uint64_t call_base;     /* the address that calls of helpers are relative to; 0: hidden */
	size_t functions;       /* xlated: printed so far */
	size_t lines;           /* the next line record */
	char source[DUMP_LINE]; /* printed last */
};

/* Reads parts of the program. False with e set, also if the program has no part `first`. */
bool dump_open(struct dump *d, struct live *l, const struct live_prog *p, unsigned set,
	enum live_part first, const char *why, struct err *e);

/* Record i of the lines or functions; empty after the last one. */
struct span dump_record(const struct dump *d, enum live_part part, size_t i);

/* The name of function i, "" if unknown. */
const char *dump_function(const struct dump *d, size_t i);

/* The slots of the verified instructions; 0: the part was not asked for, or is hidden. */
static inline size_t dump_slots(const struct dump *d)
{
	return d->parts[LIVE_XLATED].n / INSN_SIZE;
}

/* Writes the instruction in a slot (< dump_slots()). Returns the slots it takes: 1 or 2. */
unsigned dump_insn(struct dump *d, size_t slot, char text[static DUMP_LINE]);

/* Prints a source line unless it is the one that was printed last. */
void dump_source(struct dump *d, const char *source);

#endif
