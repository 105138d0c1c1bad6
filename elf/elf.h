/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ELF container: sections, symbols and relocation records of a 64-bit relocatable file in
 * either byte order. Nothing is trusted: a section that points outside of the file is an error, a
 * name that does is "". Knows nothing of BPF but its machine number.
 */
#ifndef SONDE_ELF_H
#define SONDE_ELF_H

#include "arena.h"
#include "err.h"
#include "span.h"

enum { ELF_MACHINE_BPF = 247 };

enum elf_section_type {
	ELF_PROGBITS = 1,
	ELF_SYMTAB = 2,
	ELF_STRTAB = 3,
	ELF_RELA = 4,
	ELF_NOBITS = 8,
	ELF_REL = 9
};
enum { ELF_WRITE = 1, ELF_ALLOC = 2, ELF_EXEC = 4 };              /* section flags */
enum { ELF_NOTYPE, ELF_OBJECT, ELF_FUNC, ELF_SECTION, ELF_FILE }; /* symbol types */
enum { ELF_LOCAL, ELF_GLOBAL, ELF_WEAK };                         /* symbol bindings */
enum { ELF_DEFAULT, ELF_INTERNAL, ELF_HIDDEN, ELF_PROTECTED };    /* symbol visibility */
/* Where a symbol is that is in no section. Numbers of 16 bits in the file, but a file may have so
 * many sections that some have these numbers: here they are beyond what any file can have. */
#define ELF_UNDEF  0u
#define ELF_ABS    0xfffffff1u
#define ELF_COMMON 0xfffffff2u

struct elf_section {
	const char *name; /* never NULL */
	uint32_t type, link, info;
	uint64_t flags, file_off, size, entry_size;
	struct span data; /* empty for NOBITS */
};

struct elf_symbol {
	const char *name; /* never NULL; a section symbol has its section's name */
	uint64_t value, size;
	uint32_t section; /* index, or one of ELF_UNDEF, ELF_ABS, ELF_COMMON */
	uint8_t type, bind, visibility;
};

struct elf_rel {
	uint64_t off; /* where in the section */
	uint32_t symbol, type;
};

struct elf {
	struct span file;
	struct elf_section *sections; /* [0] is the empty one */
	size_t n_sections;
	struct elf_symbol *symbols; /* [0] is the empty one; none at all: n_symbols == 0 */
	size_t n_symbols;
};

/* bytes: the file, borrowed for as long as *elf is used; its byte order is set from the header.
 * Fails with one sentence on whatever is not an ELF64 relocatable BPF object. */
bool elf_open(struct elf *elf, struct span bytes, struct arena *a, struct err *e);

/* Index of the first section of that name, 0 when there is none. */
uint32_t elf_find(const struct elf *elf, const char *name);

/* The i-th record of a relocation section, either SHT_REL or SHT_RELA (whose addend BPF never
 * uses); false past the last one. */
bool elf_rel(const struct elf *elf, const struct elf_section *rel, size_t i, struct elf_rel *out);

/* Name of a machine number for messages ("x86-64"), or NULL. */
const char *elf_machine_name(unsigned machine);

#endif
