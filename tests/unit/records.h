/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For tests of record types: objects from various compilers with debug info, and the record types
 * found in them.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "elf/records/dwarf.h"
#include "elf/records/records.h"
#include "elf/records/writes.h"

/* Compilers that may be installed, terminated by NULL. The first one builds everything else. */
extern const char *const records_compilers[];

/* Skips the test with a reason if the program is not installed. */
void records_need(const char *program);

/*
 * Compiles a BPF program with -O2 -g and flags: a path, or the text of a program of several lines.
 * free() its p; exactly as long as the object, so that a sanitizer detects reads past its end.
 */
struct span records_compile(const char *compiler, const char *source, bool big, const char *flags);

/* An object and the record types found in it. */
struct records {
	struct span bytes;
	struct arena arena;
	struct object o;
	struct btf loaded, shown; /* the types as loaded and as shown */
	struct record_result *results;
	struct err e;
	bool ok;
};

/* Takes ownership of the bytes. The test fails if the object itself cannot be read. */
void records_open(struct records *r, struct span bytes, const struct record_choice *choices,
	size_t n_choices);
/* The same for bytes that may be broken: returns false, with nothing to free, if they are not an
 * object. */
bool records_try(struct records *r, struct span bytes, const struct record_choice *choices,
	size_t n_choices);
/* The same with files that have types, which must last as long as r. */
bool records_try_from(struct records *r, struct span bytes, const struct record_sources *from);
void records_free(struct records *r);

/* Of a map or an iterator. */
const struct record_result *records_of(const struct records *r, const char *map);

/* Finds the calls that send records (wanted: as for calls_visitor()), and what all functions write. NULL
 * if memory is exhausted. */
struct writes *records_calls(
	const struct object *o, const bool *wanted, struct arena *a, struct record_calls *calls);

/* A type of the shown BTF as text: "struct event 32 {pid@0 u32, comm@64 char[16], flag@192:3 u8}".
 * Offsets and sizes of bit-fields in bits. free() it. */
char *records_spell(const struct records *r, uint32_t type);

/* A copy of an object without one of its sections (whose size becomes 0), or truncated after n
 * bytes. free() its p. */
struct span records_cut(struct span bytes, const char *section, uint64_t n);

#endif
