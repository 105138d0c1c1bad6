/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement symbols.h. */
#ifndef SONDE_SYMBOLS_IMPL_H
#define SONDE_SYMBOLS_IMPL_H

#include "symbols.h"

/* The first section of a type; NULL if there is none. */
const struct elf_section *symbols_section(const struct elf *elf, uint32_t type);

/* Does the value of a symbol of this file mark Thumb code (32-bit ARM)? */
bool symbols_is_thumb(const struct symbols *s, uint64_t value);

/* True if only exported functions have names, here and in the debug file. */
bool symbols_is_stripped(const struct symbols *s);

/* A position in the symbol tables of a file and its debug file. Starts as {.elf = &s->elf}. */
struct symbols_walk {
	const struct elf *elf;
	size_t table, next; /* section, and the index in it of the symbol after this one */
	struct elf_symbol sym;
	/* set by symbols_find_version() */
	const char *version; /* "GLIBC_2.14", "" without */
	bool hidden;         /* a version kept for old programs only */
};

/* Moves to the next symbol; false after the last one. */
bool symbols_next(const struct symbols *s, struct symbols_walk *w);

void symbols_find_version(struct symbols_walk *w);

/* The file offset of the current symbol; false if that is not code. */
bool symbols_code_offset(const struct symbols *s, const struct symbols_walk *w, uint64_t *offset);

/* Can the current symbol be probed, or be mistaken for one that can? */
bool symbols_is_function(const struct symbols *s, const struct symbols_walk *w);

enum { SUGGESTIONS_MAX = 5 };

struct symbols_suggestion {
	const char *name;
	unsigned score; /* the lowest is best */
};

/* Inserts a name into a list of SUGGESTIONS_MAX sorted by score, unless it is already in the list
 * or all entries are better. Empty entries have the score UINT_MAX. */
void symbols_suggestion_add(struct symbols_suggestion *list, const char *name, unsigned score);

/* Names of functions similar to `wanted`, separated by commas; false if there are none. */
bool symbols_suggest(const struct symbols *s, const char *wanted, char *buf, size_t size);

#endif
