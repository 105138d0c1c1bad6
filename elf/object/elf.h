/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ELF container, in either byte order. Nothing is trusted: a section that points outside of the
 * file is an error, a name that does is "". Knows nothing of BPF but its machine number.
 *
 * elf_open() takes BPF objects: 64-bit, relocatable, all symbols at hand. elf_open_any() takes
 * whatever an ELF kernel runs or a linker makes, of 32 bits too; their symbols may be many and are
 * read one by one.
 */
#ifndef SONDE_ELF_H
#define SONDE_ELF_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "elf/base/span.h"

enum { ELF_MACHINE_BPF = 247 };

enum elf_section_type {
	ELF_PROGBITS = 1,
	ELF_SYMTAB = 2,
	ELF_STRTAB = 3,
	ELF_RELA = 4,
	ELF_DYNAMIC = 6,
	ELF_NOTE = 7,
	ELF_NOBITS = 8,
	ELF_REL = 9,
	ELF_DYNSYM = 11,
	ELF_GNU_VERDEF = 0x6ffffffd, /* the versions of its symbols, by number */
	ELF_GNU_VERSYM = 0x6fffffff  /* a number for each symbol of DYNSYM */
};
enum elf_type { ELF_TYPE_REL = 1, ELF_TYPE_EXEC, ELF_TYPE_DYN };
enum elf_segment_type { ELF_LOAD = 1 };
enum { ELF_WRITE = 1, ELF_ALLOC = 2, ELF_EXEC = 4 }; /* section flags */
enum { ELF_SEGMENT_X = 1 };                          /* segment flags */
enum elf_symbol_type {
	ELF_NOTYPE,
	ELF_OBJECT,
	ELF_FUNC,
	ELF_SECTION,
	ELF_FILE,
	ELF_IFUNC = 10 /* GNU: a function that chooses the one that is meant */
};
enum { ELF_LOCAL, ELF_GLOBAL, ELF_WEAK };                      /* symbol bindings */
enum { ELF_DEFAULT, ELF_INTERNAL, ELF_HIDDEN, ELF_PROTECTED }; /* symbol visibility */
/* Where a symbol is that is in no section. Numbers of 16 bits in the file, but a file may have so
 * many sections that some have these numbers: here they are beyond what any file can have. */
#define ELF_UNDEF  0u
#define ELF_ABS    0xfffffff1u
#define ELF_COMMON 0xfffffff2u

struct elf_section {
	const char *name; /* never NULL */
	uint32_t type, link, info;
	uint64_t flags, address, file_off, size, entry_size;
	struct span data; /* empty for NOBITS */
};

/* What becomes of a part of the file when it runs: bytes from file_off on are at address. */
struct elf_segment {
	uint32_t type, flags;
	uint64_t file_off, address, file_size, memory_size;
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
	bool wide;                    /* 64 bits */
	uint16_t type, machine;       /* enum elf_type; e_machine, see arch_of_elf() */
	struct elf_section *sections; /* [0] is the empty one */
	size_t n_sections;
	struct elf_segment *segments; /* of elf_open_any() only */
	size_t n_segments;
	struct elf_symbol *symbols; /* [0] is the empty one; none at all: n_symbols == 0 */
	size_t n_symbols;
};

/* bytes: the file, borrowed for as long as *elf is used; its byte order is set from the header.
 * Fails with one sentence on whatever is not an ELF64 relocatable BPF object. */
bool elf_open(struct elf *elf, struct span bytes, struct arena *a, struct err *e);

/*
 * Any ELF file: sections (there may be none, then n_sections is 0) and segments, no symbols. What
 * it says of itself is in elf->wide, type and machine. Same failures: damaged files only.
 */
bool elf_open_any(struct elf *elf, struct span bytes, struct arena *a, struct err *e);

/* The i-th symbol of a SYMTAB or DYNSYM section; false past the last one. A section number that
 * is not in the file becomes ELF_UNDEF, a name outside of its string section "". */
bool elf_symbol_at(
	const struct elf *elf, const struct elf_section *table, size_t i, struct elf_symbol *out);

/* The symbol of that name in a section, NULL when there is none; of elf_open() only. */
const struct elf_symbol *elf_symbol_named(
	const struct elf *elf, uint32_t section, const char *name);

/* Is it invisible outside of its object? */
static inline bool elf_symbol_hidden(const struct elf_symbol *s)
{
	return s->visibility == ELF_HIDDEN || s->visibility == ELF_INTERNAL;
}

/* A number of the width of the file's addresses: 8 bytes at off64, or 4 at off32. */
uint64_t elf_word(const struct elf *elf, struct span s, uint64_t off64, uint64_t off32);

/* Index of the first section of that name, 0 when there is none. */
uint32_t elf_find(const struct elf *elf, const char *name);
/* The next one behind section i, 0 for no more: compilers make another one where flags differ. */
uint32_t elf_find_after(const struct elf *elf, const char *name, uint32_t i);

/* The i-th record of a relocation section, either SHT_REL or SHT_RELA (whose addend BPF never
 * uses); false past the last one. */
bool elf_rel(const struct elf *elf, const struct elf_section *rel, size_t i, struct elf_rel *out);

#endif
