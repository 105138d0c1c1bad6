/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ELF reader: files with one defect each, files with more sections than 16 bits can count, and
 * the objects of the build, for which libelf and llvm-readelf must agree.
 */
#include <gelf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

/* The system defines them as macros. */
#undef R_BPF_64_64
#undef R_BPF_64_32
#include "elf_build.h"
#include "objects.h"
#include "sampled.h"

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* ---- errors and their texts ---- */

/* A small valid object. */
static void sound(struct eb *b, bool order)
{
	eb_init(b, order);
	uint32_t text = eb_code(b, "tp/a/b");
	eb_insn(b, text, 0x18, 1, 0, 0, 0);
	eb_insn(b, text, 0, 0, 0, 0, 0);
	eb_insn(b, text, 0x95, 0, 0, 0, 0);
	uint32_t bss = eb_section(b, ".bss", ELF_NOBITS, ELF_ALLOC | ELF_WRITE, NULL, 4096);
	eb_symbol(b, "tp/a/b", ELF_SECTION, ELF_LOCAL, text, 0, 0);
	eb_symbol(b, "prog", ELF_FUNC, ELF_GLOBAL, text, 0, 24);
	uint32_t x = eb_symbol(b, "x", ELF_OBJECT, ELF_GLOBAL, bss, 8, 4);
	eb_symbol(b, "file.c", ELF_FILE, ELF_LOCAL, ELF_ABS, 0, 0);
	eb_symbol(b, "common", ELF_OBJECT, ELF_WEAK, ELF_COMMON, 8, 16);
	eb_visibility(b, x, ELF_HIDDEN);
	eb_rel(b, text, 0, x, 1);
}

static void accepts_a_sound_file(void **state)
{
	struct eb b;
	struct elf elf;
	struct arena a = {0};
	struct err e = {0};
	sound(&b, *(bool *)*state);
	assert_true(elf_open(&elf, eb_done(&b), &a, &e));
	assert_int_equal(elf.file.big, b.big);
	assert_int_equal(elf.n_sections, 6); /* null, code, bss, rel, symtab, strtab */
	const struct elf_section *s = &elf.sections[1];
	assert_string_equal(s->name, "tp/a/b");
	assert_int_equal(s->type, ELF_PROGBITS);
	assert_int_equal(s->flags, ELF_ALLOC | ELF_EXEC);
	assert_int_equal(s->size, 24);
	assert_int_equal(s->data.n, 24);
	assert_int_equal(s->data.big, b.big);
	assert_int_equal(s->data.p[0], 0x18);
	s = &elf.sections[2];
	assert_int_equal(s->size, 4096);
	assert_int_equal(s->data.n, 0);
	assert_string_equal(elf.sections[3].name, ".reltp/a/b");
	assert_int_equal(elf.sections[3].info, 1);
	assert_int_equal(elf.sections[3].link, 4);
	assert_string_equal(elf.sections[0].name, "");
	assert_int_equal(elf_find(&elf, ".bss"), 2);
	assert_int_equal(elf_find(&elf, ".bs"), 0);
	assert_int_equal(elf_find(&elf, ""), 0);

	assert_int_equal(elf.n_symbols, 6);
	assert_string_equal(elf.symbols[0].name, "");
	assert_int_equal(elf.symbols[0].section, ELF_UNDEF);
	const struct elf_symbol *sym = &elf.symbols[2];
	assert_string_equal(sym->name, "prog");
	assert_int_equal(sym->type, ELF_FUNC);
	assert_int_equal(sym->bind, ELF_GLOBAL);
	assert_int_equal(sym->visibility, ELF_DEFAULT);
	assert_int_equal(sym->section, 1);
	assert_int_equal(sym->size, 24);
	sym = &elf.symbols[3];
	assert_int_equal(sym->visibility, ELF_HIDDEN);
	assert_int_equal(sym->value, 8);
	assert_int_equal(sym->section, 2);
	assert_int_equal(elf.symbols[4].section, ELF_ABS);
	assert_int_equal(elf.symbols[5].section, ELF_COMMON);
	assert_int_equal(elf.symbols[5].bind, ELF_WEAK);
	arena_free(&a);
	eb_free(&b);
}

/* size: that of the number written at off; 0: the file is truncated to off bytes instead. */
struct broken {
	const char *what;
	uint64_t off;
	unsigned size;
	uint64_t value;
	const char *says;
};

static void refuses(bool order, const struct broken *c)
{
	struct eb b;
	struct elf elf;
	struct arena a = {0};
	struct err e = {0};
	sound(&b, order);
	struct span file = eb_done(&b);
	if (c->size)
		eb_poke(&b, c->off, c->size, c->value);
	/* Truncated in a copy of exact size, for the sanitizer. */
	size_t n = c->size || c->off > file.n ? file.n : (size_t)c->off;
	uint8_t *p = malloc(n ? n : 1);
	memcpy(p, file.p, n);
	if (elf_open(&elf, (struct span){p, n, false}, &a, &e))
		fail_msg("%s: accepted", c->what);
	if (!strstr(e.text, c->says))
		fail_msg("%s: '%s' is not '%s'", c->what, e.text, c->says);
	free(p);
	arena_free(&a);
	eb_free(&b);
}

static void refuses_broken_files(void **state)
{
	struct eb b;
	bool order = *(bool *)*state;
	sound(&b, order);
	uint64_t n = eb_done(&b).n, code = eb_header(&b, 1), symbols = eb_header(&b, b.symtab);
	uint64_t symtab = bytes_get(b.file + symbols + SH_OFFSET, 8, order), table = b.table;
	char short_header[] = "truncated: 63 bytes, an ELF header has 64";
	char cut_table[64], cut_section[96], no_symbol_section[64];
	snprintf(cut_table, sizeof cut_table,
		"truncated: 6 section headers at byte %u, the file ends at %u", (unsigned)table,
		(unsigned)n - 1);
	snprintf(cut_section, sizeof cut_section,
		"truncated: section 1 occupies bytes 64 to %u, the file ends at %u",
		(unsigned)n + 1, (unsigned)n);
	snprintf(no_symbol_section, sizeof no_symbol_section,
		"symbol 2 ('prog') is in section 6, which does not exist");
	const struct broken cases[] = {
		{"empty", 0, 0, 0, "the file is empty"},
		{"three bytes", 3, 0, 0, "not an ELF file"},
		{"magic only", 4, 0, 0, "truncated: 4 bytes, an ELF header has 64"},
		{"short header", 63, 0, 0, short_header},
		{"header only", 64, 0, 0, "truncated: the section table at byte"},
		{"one byte missing", n - 1, 0, 0, cut_table},
		{"wrong magic", 1, 1, 'F', "not an ELF file"},
		{"byte order", EH_DATA, 1, 3, "ELF header: unknown byte order 3"},
		{"no byte order", EH_DATA, 1, 0, "ELF header: unknown byte order 0"},
		{"class", EH_CLASS, 1, 1, "32-bit ELF file, BPF objects are 64-bit"},
		{"known machine", EH_MACHINE, 2, 62,
			"not a BPF object: its machine is 62 (x86-64)"},
		{"machine", EH_MACHINE, 2, 1, "not a BPF object: its machine is 1"},
		{"executable", EH_TYPE, 2, 2, "ELF type 2, a BPF object is relocatable (type 1)"},
		{"no table", EH_SHOFF, 8, 0, "truncated: the section table at byte 0"},
		{"table far out", EH_SHOFF, 8, UINT64_MAX - 7, "truncated: the section table"},
		{"table at the end", EH_SHOFF, 8, n, "truncated: the section table"},
		{"table is too long", EH_SHNUM, 2, 7, "truncated: 7 section headers"},
		{"names", EH_SHSTRNDX, 2, 6, "section name table: there is no section 6"},
		{"section is too long", code + SH_SECTION_SIZE, 8, n - 63, cut_section},
		{"section far out", code + SH_OFFSET, 8, UINT64_MAX,
			"truncated: section 1 occupies"},
		{"size wraps", code + SH_SECTION_SIZE, 8, UINT64_MAX - 63, "truncated: section 1"},
		{"strings", symbols + SH_LINK, 4, 6, "symbol table: there is no string section 6"},
		{"symbol", symtab + 2 * 24 + 6, 2, 6, no_symbol_section},
		{"no sections", EH_SHNUM, 2, 0, "section name table: there is no section 5"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		refuses(order, &cases[i]);
	eb_free(&b);
}

/* The order of the checks: of two defects, the more informative one is reported. */
static void names_the_machine(void **state)
{
	(void)state;
	struct {
		const char *path, *says;
	} cases[] = {
		{"/proc/self/exe", "not a BPF object: its machine is"},
		{"Makefile", "not an ELF file"},
	};
	for (size_t i = 0; i < 2; i++) {
		struct arena a = {0};
		struct err e = {0};
		struct elf elf;
		struct span bytes = object_read(cases[i].path);
		assert_false(elf_open(&elf, bytes, &a, &e));
		assert_non_null(strstr(e.text, cases[i].says));
		arena_free(&a);
		free((void *)(uintptr_t)bytes.p);
	}
}

/* A name outside of the string table is not an error. */
static void names_out_of_range(void **state)
{
	struct eb b;
	struct elf elf;
	struct arena a = {0};
	struct err e = {0};
	sound(&b, *(bool *)*state);
	struct span file = eb_done(&b);
	uint64_t symtab = bytes_get(b.file + eb_header(&b, b.symtab) + SH_OFFSET, 8, b.big);
	eb_poke(&b, eb_header(&b, 1) + SH_NAME, 4, 0xffffffff);
	eb_poke(&b, symtab + 2 * 24, 4, 0xffffffff);
	/* The last string loses its terminator. */
	uint64_t strings = bytes_get(b.file + eb_header(&b, b.strtab) + SH_OFFSET, 8, b.big);
	uint64_t size = bytes_get(b.file + eb_header(&b, b.strtab) + SH_SECTION_SIZE, 8, b.big);
	eb_poke(&b, strings + size - 1, 1, 'x');
	assert_true(elf_open(&elf, file, &a, &e));
	assert_string_equal(elf.sections[1].name, "");
	assert_string_equal(elf.sections[b.strtab].name, "");
	assert_string_equal(elf.sections[2].name, ".bss");
	assert_string_equal(elf.symbols[2].name, "");
	assert_string_equal(elf.symbols[1].name, ""); /* the name of its section */
	assert_string_equal(elf.symbols[3].name, "x");
	arena_free(&a);
	eb_free(&b);
}

static void reads_both_kinds_of_relocations(void **state)
{
	for (int rela = 0; rela < 2; rela++) {
		struct eb b;
		struct elf elf;
		struct elf_rel rel;
		struct arena a = {0};
		struct err e = {0};
		sound(&b, *(bool *)*state);
		b.rela = rela;
		eb_rel(&b, 1, 16, 6, 10); /* no such symbol: there are 6 */
		assert_true(elf_open(&elf, eb_done(&b), &a, &e));
		const struct elf_section *s = &elf.sections[3];
		assert_int_equal(s->type, rela ? ELF_RELA : ELF_REL);
		assert_true(elf_rel(&elf, s, 0, &rel));
		assert_int_equal(rel.off, 0);
		assert_int_equal(rel.type, 1);
		assert_string_equal(elf.symbols[rel.symbol].name, "x");
		assert_true(elf_rel(&elf, s, 1, &rel));
		assert_int_equal(rel.off, 16);
		assert_int_equal(rel.type, 10);
		assert_int_equal(rel.symbol, 0);
		assert_false(elf_rel(&elf, s, 2, &rel));
		assert_false(elf_rel(&elf, s, SIZE_MAX, &rel));
		arena_free(&a);
		eb_free(&b);
	}
}

static void a_file_without_symbols(void **state)
{
	struct eb b;
	struct elf elf;
	struct elf_rel rel;
	struct arena a = {0};
	struct err e = {0};
	sound(&b, *(bool *)*state);
	b.no_symbols = true;
	assert_true(elf_open(&elf, eb_done(&b), &a, &e));
	assert_int_equal(elf.n_symbols, 0);
	assert_true(elf_rel(&elf, &elf.sections[3], 0, &rel));
	assert_int_equal(rel.symbol, 0);
	arena_free(&a);
	eb_free(&b);
}

/* ---- libelf agrees ---- */

static uint32_t symbol_section(Elf_Data *numbers, size_t i, const GElf_Sym *sym)
{
	uint32_t section = sym->st_shndx;
	if (section == SHN_XINDEX && numbers) {
		GElf_Sym again;
		Elf32_Word wide = 0;
		gelf_getsymshndx(numbers, numbers, (int)i, &again, &wide);
		section = ((Elf32_Word *)numbers->d_buf)[i];
	} else if (section == SHN_ABS) {
		section = ELF_ABS;
	} else if (section == SHN_COMMON) {
		section = ELF_COMMON;
	}
	return section;
}

static void compare_symbols(const struct elf *elf, Elf *oracle, Elf_Scn *table, Elf_Data *numbers)
{
	GElf_Shdr h;
	gelf_getshdr(table, &h);
	Elf_Data *data = elf_getdata(table, NULL);
	assert_int_equal(elf->n_symbols, h.sh_size / h.sh_entsize);
	for (size_t i = 0; i < elf->n_symbols; i++) {
		const struct elf_symbol *s = &elf->symbols[i];
		GElf_Sym sym;
		assert_non_null(gelf_getsym(data, (int)i, &sym));
		uint32_t section = symbol_section(numbers, i, &sym);
		assert_int_equal(s->section, section);
		assert_int_equal(s->value, sym.st_value);
		assert_int_equal(s->size, sym.st_size);
		assert_int_equal(s->type, GELF_ST_TYPE(sym.st_info));
		assert_int_equal(s->bind, GELF_ST_BIND(sym.st_info));
		assert_int_equal(s->visibility, GELF_ST_VISIBILITY(sym.st_other));
		const char *name = s->type == ELF_SECTION
		                           ? elf->sections[section].name
		                           : elf_strptr(oracle, h.sh_link, sym.st_name);
		assert_string_equal(s->name, name);
	}
}

static void compare_relocations(const struct elf *elf, const struct elf_section *s, Elf_Scn *scn)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t n = s->data.n / s->entry_size;
	struct elf_rel rel;
	for (size_t i = 0; i < n; i++) {
		GElf_Rel want;
		GElf_Rela wider;
		assert_true(elf_rel(elf, s, i, &rel));
		if (s->type == ELF_RELA) {
			gelf_getrela(data, (int)i, &wider);
			want = (GElf_Rel){wider.r_offset, wider.r_info};
		} else {
			gelf_getrel(data, (int)i, &want);
		}
		assert_int_equal(rel.off, want.r_offset);
		assert_int_equal(rel.symbol, GELF_R_SYM(want.r_info));
		assert_int_equal(rel.type, GELF_R_TYPE(want.r_info));
	}
	assert_false(elf_rel(elf, s, n, &rel));
}

/* Returns the number of relocations. */
static size_t compare(struct span file)
{
	struct elf elf;
	struct arena a = {0};
	struct err e = {0};
	size_t n, names, relocations = 0;
	if (!elf_open(&elf, file, &a, &e))
		fail_msg("%s", e.text);
	assert_int_not_equal(elf_version(EV_CURRENT), EV_NONE);
	/* In memory, libelf miscounts the sections of a large big-endian file. */
	int fd = memfd_create("object", MFD_CLOEXEC);
	assert_int_equal(write(fd, file.p, file.n), file.n);
	Elf *oracle = elf_begin(fd, ELF_C_READ, NULL);
	assert_non_null(oracle);
	assert_int_equal(elf_getshdrnum(oracle, &n), 0);
	assert_int_equal(elf_getshdrstrndx(oracle, &names), 0);
	assert_int_equal(elf.n_sections, n);
	Elf_Scn *table = NULL;
	Elf_Data *numbers = NULL;
	for (size_t i = 0; i < n; i++) {
		const struct elf_section *s = &elf.sections[i];
		Elf_Scn *scn = elf_getscn(oracle, i);
		GElf_Shdr h;
		assert_non_null(gelf_getshdr(scn, &h));
		assert_string_equal(s->name, elf_strptr(oracle, names, h.sh_name));
		assert_int_equal(s->type, h.sh_type);
		assert_int_equal(s->flags, h.sh_flags);
		assert_int_equal(s->link, h.sh_link);
		assert_int_equal(s->info, h.sh_info);
		assert_int_equal(s->file_off, h.sh_offset);
		assert_int_equal(s->size, h.sh_size);
		assert_int_equal(s->entry_size, h.sh_entsize);
		Elf_Data *raw = i ? elf_rawdata(scn, NULL) : NULL;
		if (raw && s->type != ELF_NOBITS && raw->d_size) {
			assert_int_equal(s->data.n, raw->d_size);
			assert_memory_equal(s->data.p, raw->d_buf, raw->d_size);
		} else {
			assert_int_equal(s->data.n, 0);
		}
		if (s->type == ELF_SYMTAB && !table)
			table = scn;
		if (s->type == SHT_SYMTAB_SHNDX)
			numbers = elf_getdata(scn, NULL);
		if (s->type == ELF_REL || s->type == ELF_RELA) {
			compare_relocations(&elf, s, scn);
			relocations += s->data.n / s->entry_size;
		}
	}
	assert_non_null(table);
	compare_symbols(&elf, oracle, table, numbers);
	elf_end(oracle);
	close(fd);
	arena_free(&a);
	return relocations;
}

static void libelf_agrees_on_objects(void **state)
{
	(void)state;
	char **paths = objects_built();
	size_t relocations = 0;
	for (size_t i = 0; paths[i]; i++) {
		struct span file = object_read(paths[i]);
		relocations += compare(file);
		free((void *)(uintptr_t)file.p);
	}
	objects_free(paths);
	assert_true(relocations > 100);
}

static void libelf_agrees_on_built_files(void **state)
{
	struct eb b;
	sound(&b, *(bool *)*state);
	assert_int_equal(compare(eb_done(&b)), 1);
	b.rela = true;
	assert_int_equal(compare(eb_done(&b)), 1);
	eb_free(&b);
}

/* With 0xff00 sections or more, three numbers are stored elsewhere: the count, the index of the
 * name section, and the section of each symbol. Some indices then equal SHN_ABS and the like. */
static void more_sections_than_16_bits_count(void **state)
{
	const uint32_t counts[] = {0xff00 - 4, 0xff00 - 3, 0xff00, 0xfff3, 0x10003};
	for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
		struct eb b;
		struct elf elf;
		struct arena a = {0};
		struct err e = {0};
		char name[16];
		sound(&b, *(bool *)*state);
		while (b.n_sections < counts[k]) {
			snprintf(name, sizeof name, "s%zu", b.n_sections);
			eb_section(&b, name, ELF_PROGBITS, 0, NULL, 0);
		}
		const uint32_t near[] = {0xfeff, 0xff00, 0xfff1, 0xfff2, 0xffff, 0x10000};
		for (size_t i = 0; i < 6; i++)
			if (near[i] < counts[k])
				eb_symbol(&b, "x", ELF_OBJECT, ELF_GLOBAL, near[i], i, 1);
		eb_symbol(&b, "last", ELF_OBJECT, ELF_GLOBAL, counts[k] - 1, 0, 0);
		struct span file = eb_done(&b);
		compare(file);
		assert_true(elf_open(&elf, file, &a, &e));
		assert_int_equal(elf.symbols[elf.n_symbols - 1].section, counts[k] - 1);
		assert_int_equal(elf.symbols[4].section, ELF_ABS);
		assert_int_equal(elf.symbols[5].section, ELF_COMMON);
		assert_true(ELF_ABS >= elf.n_sections && ELF_COMMON >= elf.n_sections);
		snprintf(name, sizeof name, "s%u", counts[k] - 1);
		assert_string_equal(elf.sections[counts[k] - 1].name, name);
		arena_free(&a);
		eb_free(&b);
	}
}

/* Such a file with a defect. */
static void broken_wide_numbers(void **state)
{
	struct eb b;
	struct elf elf;
	struct arena a = {0};
	struct err e = {0};
	sound(&b, *(bool *)*state);
	while (b.n_sections < 0xff10)
		eb_section(&b, "s", ELF_PROGBITS, 0, NULL, 0);
	uint32_t last = eb_symbol(&b, "last", ELF_OBJECT, ELF_GLOBAL, 0xff0f, 0, 0);
	struct span file = eb_done(&b);
	uint64_t numbers = eb_header(&b, b.symtab + 1);
	uint64_t at = bytes_get(b.file + numbers + SH_OFFSET, 8, b.big) + last * 4;

	eb_poke(&b, at, 4, 0xff20); /* the last one is 0xff13 */
	assert_false(elf_open(&elf, file, &a, &e));
	assert_string_equal(e.text, "symbol 6 ('last') is in section 65312, which does not exist");
	eb_poke(&b, at, 4, 0xff0f);

	e = (struct err){0};
	eb_poke(&b, numbers + SH_SECTION_SIZE, 8, 4); /* too short: no index for the symbol */
	assert_true(elf_open(&elf, file, &a, &e));
	assert_int_equal(elf.symbols[last].section, ELF_UNDEF);

	e = (struct err){0};
	eb_poke(&b, numbers + SH_TYPE, 4, ELF_PROGBITS); /* no index table at all */
	assert_true(elf_open(&elf, file, &a, &e));
	assert_int_equal(elf.symbols[last].section, ELF_UNDEF);

	e = (struct err){0};
	eb_poke(&b, eb_header(&b, 0) + SH_LINK, 4, 0xffffffff);
	assert_false(elf_open(&elf, file, &a, &e));
	assert_string_equal(e.text, "section name table: there is no section 4294967295");

	e = (struct err){0};
	eb_poke(&b, eb_header(&b, 0) + SH_SECTION_SIZE, 8, UINT64_MAX / 64);
	assert_false(elf_open(&elf, file, &a, &e));
	assert_non_null(strstr(e.text, "truncated: 288230376151711743 section headers"));

	e = (struct err){0};
	eb_poke(&b, eb_header(&b, 0) + SH_SECTION_SIZE, 8, 0);
	assert_false(elf_open(&elf, file, &a, &e));
	assert_non_null(strstr(e.text, "section name table: there is no section"));
	arena_free(&a);
	eb_free(&b);
}

/* ---- llvm-readelf agrees ---- */

static const char *const types[] = {"NOTYPE", "OBJECT", "FUNC", "SECTION", "FILE"};
static const char *const binds[] = {"LOCAL", "GLOBAL", "WEAK"};
static const char *const visibilities[] = {"DEFAULT", "INTERNAL", "HIDDEN", "PROTECTED"};

/* A line of its symbol table, with single spaces. */
static void symbol_line(const struct elf *elf, size_t i, char *line, size_t size)
{
	const struct elf_symbol *s = &elf->symbols[i];
	char section[16];
	snprintf(section, sizeof section, "%u", s->section);
	snprintf(line, size, "%zu: %016llx %llu %s %s %s %s %s", i, (unsigned long long)s->value,
		(unsigned long long)s->size, types[s->type], binds[s->bind],
		visibilities[s->visibility],
		s->section == ELF_UNDEF ? "UND"
		: s->section == ELF_ABS ? "ABS"
					: section,
		s->name);
	while (*line && line[strlen(line) - 1] == ' ')
		line[strlen(line) - 1] = 0;
}

static void squeeze(char *s)
{
	char *to = s;
	for (char *from = s; *from; from++)
		if (*from != '\n' && (*from != ' ' || (to > s && to[-1] != ' ')))
			*to++ = *from;
	while (to > s && to[-1] == ' ')
		to--;
	*to = 0;
}

static void readelf_prints(const char *path)
{
	char command[512], line[1024], want[1024];
	struct elf elf;
	struct arena a = {0};
	struct err e = {0};
	struct span file = object_read(path);
	size_t i = 0;
	assert_true(elf_open(&elf, file, &a, &e));
	snprintf(command, sizeof command, "llvm-readelf --symbols --wide '%s'", path);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		squeeze(line);
		if (line[0] < '0' || line[0] > '9')
			continue;
		assert_true(i < elf.n_symbols);
		symbol_line(&elf, i++, want, sizeof want);
		assert_string_equal(line, want);
	}
	assert_int_equal(pclose(f), 0);
	assert_int_equal(i, elf.n_symbols);
	free((void *)(uintptr_t)file.p);
	arena_free(&a);
}

static void llvm_readelf_agrees(void **state)
{
	(void)state;
	char **paths = objects_built();
	for (size_t i = 0; paths[i]; i++)
		if (i % every(8) == 0)
			readelf_prints(paths[i]);
	objects_free(paths);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(accepts_a_sound_file),
		BOTH(refuses_broken_files),
		cmocka_unit_test(names_the_machine),
		BOTH(names_out_of_range),
		BOTH(reads_both_kinds_of_relocations),
		BOTH(a_file_without_symbols),
		cmocka_unit_test(libelf_agrees_on_objects),
		BOTH(libelf_agrees_on_built_files),
		BOTH(more_sections_than_16_bits_count),
		BOTH(broken_wide_numbers),
		cmocka_unit_test(llvm_readelf_agrees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
