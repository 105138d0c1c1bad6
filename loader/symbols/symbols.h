/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Functions of programs and libraries: from a name to the byte of the file that a uprobe goes to.
 *
 * A uprobe belongs to a byte of a file, not to an address: the kernel puts it into every process
 * that maps this byte as code. A symbol has an address, as do the lists of nm and objdump; the
 * segments (PT_LOAD) say which byte of the file that is.
 *
 * Names come from .symtab, from .dynsym (all that is left of a stripped library), and from the
 * separate file of names that distributions offer for a stripped file, found by its build id. The
 * files are not trusted.
 */
#ifndef SONDE_SYMBOLS_H
#define SONDE_SYMBOLS_H

#include "elf/object/elf.h"

/* An open file. Lives until symbols_close(), which what is handed out survives. */
struct symbols {
	const char *path; /* borrowed */
	struct elf elf;   /* its bytes are mapped */
	struct elf debug; /* the file of names; no sections when there is none */
	struct arena *arena;
};

/* A place in the code. */
struct symbols_place {
	const char *name; /* as found, "memcpy@@GLIBC_2.14"; "" if it was given as a number */
	uint64_t offset;  /* in the file, in bytes */
	uint64_t size;    /* of the function, 0 unknown */
	uint64_t plus;    /* bytes behind its start */
};

/* Maps a file; messages begin with its path. Everything handed out is of the arena. */
bool symbols_open(struct symbols *s, const char *path, struct arena *a, struct err *e);
void symbols_close(struct symbols *s);

/* Fails when a kernel of this machine (uname -m) can't run the file. An unknown machine passes. */
bool symbols_check_machine(const struct symbols *s, const char *machine, struct err *e);

/*
 * Finds the place that `spec` names:
 *
 *     malloc  malloc+0x10  memcpy@GLIBC_2.2.5  memcpy@@GLIBC_2.14  0x1139 (a byte of the file)
 *
 * Without a version the one that programs are linked with today is meant. C++ and Rust names are
 * given as the file has them (mangled). Fails with the reason and near names as hint: not there,
 * not defined here, not a function, chosen at run time (IFUNC), several of that name, outside of
 * the function, not code, Thumb code, byte 0.
 */
bool symbols_find(
	const struct symbols *s, const char *spec, struct symbols_place *out, struct err *e);

/*
 * All functions whose names match a pattern of *, ? and literal characters, each place once, in the
 * order of the file: at most `max`, more are an error. What is chosen at run time is left out. An
 * error as well when nothing matches.
 */
bool symbols_match(const struct symbols *s, const char *pattern, size_t max,
	struct symbols_place **out, size_t *n, struct err *e);

/*
 * All functions, also those that can't be probed, in the order of the file; of several names of one
 * place the one that people use (malloc, not __libc_malloc). For going from places to names. Memory
 * from a, also for the names; NULL (*n 0) when there are none or memory is short.
 */
struct symbols_place *symbols_functions(const struct symbols *s, struct arena *a, size_t *n);

/* The byte of the file that is at an address when it runs; false if none is. */
bool symbols_offset(const struct symbols *s, uint64_t address, uint64_t *offset);

/* True when that byte is in a segment of code. */
bool symbols_is_code(const struct symbols *s, uint64_t offset);

#endif
