/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Functions of programs and libraries: from a name to the file offset of a uprobe.
 *
 * A uprobe is set at an offset of a file, not at an address: the kernel inserts it into every
 * process that maps this byte as code. A symbol has an address, as do the listings of nm and
 * objdump; the segments (PT_LOAD) give the file offset of an address.
 *
 * Names come from .symtab, from .dynsym (all that remains in a stripped library), and from the
 * separate debug file that distributions offer for a stripped file, found by build ID. The files
 * are untrusted.
 */
#ifndef SONDE_SYMBOLS_H
#define SONDE_SYMBOLS_H

#include "elf/object/elf.h"

/* An open file. Results live in the arena and survive symbols_close(). */
struct symbols {
	const char *path; /* borrowed */
	struct elf elf;   /* mapped */
	struct elf debug; /* the debug file; no sections if there is none */
	struct arena *arena;
};

/* A location in the code. */
struct symbols_place {
	const char *name; /* "memcpy@@GLIBC_2.14"; "" if specified as a number */
	uint64_t offset;  /* in the file, in bytes */
	uint64_t size;    /* of the function, 0 if unknown */
	uint64_t plus;    /* offset from the start of the function */
};

/* Maps a file. Memory from a. False with e set; messages begin with the path. */
bool symbols_open(struct symbols *s, const char *path, struct arena *a, struct err *e);
void symbols_close(struct symbols *s);

/* False with e set if a kernel for `machine` (uname -m) cannot run the file. Accepts unknown
 * machines. */
bool symbols_check_machine(const struct symbols *s, const char *machine, struct err *e);

/*
 * Finds the location that `spec` describes:
 *
 *     malloc  malloc+0x10  memcpy@GLIBC_2.2.5  memcpy@@GLIBC_2.14  0x1139 (a file offset)
 *
 * Without a version, the default version is used. C++ and Rust names must be mangled. False with e
 * set to the reason, with similar names as a hint: not found, not defined here, not a function,
 * chosen at run time (IFUNC), ambiguous, outside of the function, not code, Thumb code, offset 0.
 */
bool symbols_find(
	const struct symbols *s, const char *spec, struct symbols_place *out, struct err *e);

/*
 * All functions whose names match a glob pattern (* and ?), without duplicates, by ascending
 * offset. IFUNCs are skipped. False with e set if nothing matches, or more than `max` functions.
 */
bool symbols_match(const struct symbols *s, const char *pattern, size_t max,
	struct symbols_place **out, size_t *n, struct err *e);

/*
 * All functions, including those that cannot be probed, by ascending offset, for finding the name
 * of a location. If several names have the same offset, the common one is used (malloc, not
 * __libc_malloc). Memory from a, for the names too; NULL (*n 0) if there are none or out of memory.
 */
struct symbols_place *symbols_functions(const struct symbols *s, struct arena *a, size_t *n);

/* The file offset of an address; false if no segment contains it. */
bool symbols_offset(const struct symbols *s, uint64_t address, uint64_t *offset);

/* True if that offset is in an executable segment. */
bool symbols_is_code(const struct symbols *s, uint64_t offset);

#endif
