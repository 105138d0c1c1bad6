/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of global variables, "VAR" or, if several share that name, "SECTION+OFFSET:VAR", as in
 * "VAR.member=VALUE". Static variables of several source files may share a name; BTF does not have
 * the names of these files.
 */
#ifndef SONDE_VARIABLE_NAME_H
#define SONDE_VARIABLE_NAME_H

#include "elf/btf/btf.h"

enum { VARIABLE_NAMES = 360 };

/* A search through data sections. */
struct variable_search {
	const char *name,
		*section; /* borrowed, len and section_len characters; section may be NULL */
	size_t len, section_len;
	bool placed; /* only at this offset of the section */
	uint64_t offset;
	const char *rest; /* of the assignment, after the name: "=VALUE", ".member=VALUE" */

	unsigned n_found;
	uint32_t found_type, found_offset; /* in bytes */
	size_t found_in;                   /* the argument of variable_search_section() */
	char names[VARIABLE_NAMES];        /* of all variables, without those of compilers */
	char places[VARIABLE_NAMES];       /* of those found */
};

/* Starts a search for the variable of an assignment, which is untrusted. False with e set if it
 * has no name or no '='. */
bool variable_search_start(struct variable_search *s, const char *assignment, struct err *e);

/* Searches one data section, a type of kind DATASEC; others are ignored. */
void variable_search_section(
	struct variable_search *s, const struct btf *b, uint32_t section, size_t in);

/* Sets e, with a hint, unless exactly one was found. */
bool variable_search_end(const struct variable_search *s, struct err *e);

#endif
