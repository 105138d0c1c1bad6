/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Builds ELF64 relocatable files for tests, in either byte order.
 *
 *     struct eb b;
 *     eb_init(&b, big);
 *     uint32_t text = eb_code(&b, "tracepoint/x/y");
 *     eb_insn(&b, text, code, dst, src, off, imm);
 *     uint32_t f = eb_symbol(&b, "f", ELF_FUNC, ELF_GLOBAL, text, 0, 8);
 *     eb_rel(&b, text, 0, f, R_BPF_64_32);
 *     struct span file = eb_done(&b);
 *     ...
 *     eb_free(&b);
 *
 * The file consists of header, contents and section table. The test's own sections are followed by
 * those with relocations, ".symtab", ".strtab" (which also has the section names), and
 * ".symtab_shndx" if a symbol needs it. The returned memory is exactly as long as the file, so that
 * a sanitizer detects reads past its end.
 */
#ifndef ELF_BUILD_H
#define ELF_BUILD_H

#include "elf/object/elf.h"

/* Offsets of header fields, for tests that damage them. */
enum {
	EH_CLASS = 4,
	EH_DATA = 5,
	EH_TYPE = 16,
	EH_MACHINE = 18,
	EH_SHOFF = 40,
	EH_SHNUM = 60,
	EH_SHSTRNDX = 62,
	EH_SIZE = 64,
	SH_NAME = 0,
	SH_TYPE = 4,
	SH_OFFSET = 24,
	SH_SECTION_SIZE = 32,
	SH_LINK = 40,
	SH_SIZE = 64,
};

struct eb_section;
struct eb_symbol;

struct eb {
	bool big;
	bool rela;       /* relocations have an (unused) addend */
	bool no_symbols; /* no symbol table at all */
	struct eb_section *sections;
	size_t n_sections;
	struct eb_symbol *symbols;
	size_t n_symbols;
	uint8_t *file; /* result of the last eb_done() */
	uint32_t symtab, strtab;
	uint64_t table; /* offset of the section table */
	size_t size;
};

void eb_init(struct eb *b, bool big);
void eb_free(struct eb *b);

/* Adds a section with a copy of these bytes; NULL: zeros (NOBITS has none). Returns its index. */
uint32_t eb_section(
	struct eb *b, const char *name, uint32_t type, uint64_t flags, const void *bytes, size_t n);
/* Appends to a section. */
void eb_bytes(struct eb *b, uint32_t section, const void *bytes, size_t n);

/* Adds an empty code section; appends an instruction. */
uint32_t eb_code(struct eb *b, const char *name);
void eb_insn(struct eb *b, uint32_t section, unsigned code, unsigned dst, unsigned src, int off,
	int32_t imm);

/* Returns the index of the symbol. section: an index, ELF_ABS or ELF_COMMON. */
uint32_t eb_symbol(struct eb *b, const char *name, unsigned type, unsigned bind, uint32_t section,
	uint64_t value, uint64_t size);
void eb_visibility(struct eb *b, uint32_t symbol, unsigned visibility);

void eb_rel(struct eb *b, uint32_t section, uint64_t off, uint32_t symbol, uint32_t type);

/* The finished file, valid until the next eb_done() or eb_free(). Building may continue. The file
 * may be changed in place: eb_poke() writes a number, eb_header() returns the offset of a section
 * header. */
struct span eb_done(struct eb *b);
void eb_poke(struct eb *b, uint64_t off, unsigned size, uint64_t value);
uint64_t eb_header(const struct eb *b, uint32_t section);

#endif
