/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ELF container, in either byte order. The file is not trusted: a section that points outside
 * the file is an error, a name that does is "". Independent of BPF except for its machine number.
 *
 * elf_open() accepts BPF objects (64-bit, relocatable) and reads all symbols. elf_open_any() accepts
 * executables and shared libraries too, 32-bit and 64-bit. These may have many symbols, which are
 * read one at a time.
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
	ELF_GNU_VERDEF = 0x6ffffffd, /* version definitions, by index */
	ELF_GNU_VERSYM = 0x6fffffff  /* the version index of each symbol of DYNSYM */
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
	ELF_IFUNC = 10 /* GNU: a resolver that selects the function at run time */
};
enum { ELF_LOCAL, ELF_GLOBAL, ELF_WEAK };                      /* symbol bindings */
enum { ELF_DEFAULT, ELF_INTERNAL, ELF_HIDDEN, ELF_PROTECTED }; /* symbol visibility */
/* Sections of symbols that are in no section. The file has 16-bit numbers for them, which can be
 * valid indices in a file with many sections; these are larger than any index. */
#define ELF_UNDEF  0u
#define ELF_ABS    0xfffffff1u
#define ELF_COMMON 0xfffffff2u

struct elf_section {
	const char *name; /* never NULL */
	uint32_t type, link, info;
	uint64_t flags, address, file_off, size, entry_size;
	struct span data; /* empty for NOBITS */
};

/* A program header: bytes of the file from file_off are loaded at address. */
struct elf_segment {
	uint32_t type, flags;
	uint64_t file_off, address, file_size, memory_size;
};

struct elf_symbol {
	const char *name; /* never NULL; for a section symbol the name of the section */
	uint64_t value, size;
	uint32_t section; /* index, or one of ELF_UNDEF, ELF_ABS, ELF_COMMON */
	uint8_t type, bind, visibility;
};

struct elf_rel {
	uint64_t off; /* in the section */
	uint32_t symbol, type;
};

/* Finds names in an array. Opaque; empty for a small one, which is searched in order. */
struct elf_index {
	uint32_t *bucket, *next; /* the first index of a hash value, the next one; 0: none */
	uint32_t mask;
};

struct elf {
	struct span file;
	bool wide;                    /* 64 bits */
	uint16_t type, machine;       /* enum elf_type; e_machine, see arch_of_elf() */
	struct elf_section *sections; /* [0] is the null section */
	size_t n_sections;
	struct elf_segment *segments; /* elf_open_any() only */
	size_t n_segments;
	struct elf_symbol *symbols; /* elf_open() only; [0] is the null symbol */
	size_t n_symbols;
	struct elf_index section_names, symbol_names; /* elf_open() only */
};

/* bytes: the file, which must outlive *elf; its byte order is taken from the header. Fails unless it
 * is a well-formed ELF64 relocatable BPF object. */
bool elf_open(struct elf *elf, struct span bytes, struct arena *a, struct err *e);

/*
 * Any ELF file: sections (n_sections may be 0) and segments, but no symbols; the kind of file is in
 * elf->wide, type and machine. Fails on malformed files only.
 */
bool elf_open_any(struct elf *elf, struct span bytes, struct arena *a, struct err *e);

/* The i-th symbol of a SYMTAB or DYNSYM section; false past the last one. An invalid section number
 * becomes ELF_UNDEF, a name outside the string section "". */
bool elf_symbol_at(
	const struct elf *elf, const struct elf_section *table, size_t i, struct elf_symbol *out);

/* Index of the first symbol with this name after symbol i, 0 if there is none. elf_open() only. */
uint32_t elf_symbol_after(const struct elf *elf, const char *name, uint32_t i);

/* The symbol with this name in a section, NULL if there is none. elf_open() only. */
const struct elf_symbol *elf_symbol_named(
	const struct elf *elf, uint32_t section, const char *name);

/* Whether the symbol is invisible outside its object. */
static inline bool elf_symbol_hidden(const struct elf_symbol *s)
{
	return s->visibility == ELF_HIDDEN || s->visibility == ELF_INTERNAL;
}

/* An address-sized number: 8 bytes at off64 in a 64-bit file, else 4 bytes at off32. */
uint64_t elf_word(const struct elf *elf, struct span s, uint64_t off64, uint64_t off32);

/* Index of the first section with this name, 0 if there is none. */
uint32_t elf_find(const struct elf *elf, const char *name);
/* The next one after section i, 0 if there is none. Compilers emit several sections with one name if
 * their flags differ. */
uint32_t elf_find_after(const struct elf *elf, const char *name, uint32_t i);

/* The i-th record of a relocation section, SHT_REL or SHT_RELA (BPF does not use the addend); false
 * past the last one. */
bool elf_rel(const struct elf *elf, const struct elf_section *rel, size_t i, struct elf_rel *out);

#endif
