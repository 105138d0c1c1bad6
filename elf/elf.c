/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "elf.h"

enum {
	EHDR_SIZE = 64,
	SHDR_SIZE = 64,
	SYM_SIZE = 24,
	REL_SIZE = 16,
	RELA_SIZE = 24,
	CLASS_64 = 2,
	DATA_LITTLE = 1,
	DATA_BIG = 2,
	TYPE_REL = 1,
	SYMTAB_SHNDX = 18, /* section type */
	RESERVED = 0xff00, /* from here on a section number of 16 bits means something else... */
	XINDEX = 0xffff,   /* ... this one that the number stands elsewhere */
};

static const struct {
	uint16_t number;
	const char *name;
} machines[] = {
	{3, "x86"},
	{8, "MIPS"},
	{20, "PowerPC"},
	{21, "PowerPC64"},
	{22, "S/390"},
	{40, "ARM"},
	{62, "x86-64"},
	{183, "ARM64"},
	{243, "RISC-V"},
	{258, "LoongArch"},
};

const char *elf_machine_name(unsigned machine)
{
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (machines[i].number == machine)
			return machines[i].name;
	return NULL;
}

static bool check_header(struct span *file, struct err *e)
{
	static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'};
	if (!file->n)
		return err_set(e, "the file is empty");
	if (!span_has(*file, 0, sizeof magic) || memcmp(file->p, magic, sizeof magic))
		return err_set(e, "not an ELF file");
	if (!span_has(*file, 0, EHDR_SIZE))
		return err_set(e, "cut short: %zu bytes, an ELF header has %d", file->n, EHDR_SIZE);
	uint8_t data = span_u8(*file, 5);
	if (data != DATA_LITTLE && data != DATA_BIG)
		return err_set(e, "ELF header: unknown byte order %u", data);
	file->big = data == DATA_BIG;
	unsigned machine = span_u16(*file, 18);
	if (machine != ELF_MACHINE_BPF) {
		const char *name = elf_machine_name(machine);
		err_set(e, "not a BPF object: its machine is %u%s%s%s", machine, name ? " (" : "",
			name ? name : "", name ? ")" : "");
		return err_hint(e, "compile it with: clang -O2 -g -target bpf -c FILE.bpf.c");
	}
	if (span_u8(*file, 4) != CLASS_64)
		return err_set(e, "a 32-bit ELF file; BPF objects are 64-bit");
	if (span_u16(*file, 16) != TYPE_REL)
		return err_set(
			e, "ELF type %u; a BPF object is relocatable (1)", span_u16(*file, 16));
	return true;
}

static bool read_section(struct elf *elf, struct span header, size_t i, struct err *e)
{
	struct elf_section *s = &elf->sections[i];
	s->name = "";
	s->type = span_u32(header, 4);
	s->flags = span_u64(header, 8);
	s->file_off = span_u64(header, 24);
	s->size = span_u64(header, 32);
	s->link = span_u32(header, 40);
	s->info = span_u32(header, 44);
	s->entry_size = span_u64(header, 56);
	s->data.big = elf->file.big;
	if (i == 0 || s->type == ELF_NOBITS)
		return true;
	if (!span_has(elf->file, s->file_off, s->size))
		return err_set(e,
			"cut short: section %zu needs bytes %llu to %llu, the file ends at %zu", i,
			(unsigned long long)s->file_off,
			(unsigned long long)(s->file_off + s->size), elf->file.n);
	s->data = span_sub(elf->file, s->file_off, s->size);
	return true;
}

static bool read_sections(struct elf *elf, struct arena *a, struct err *e)
{
	uint64_t off = span_u64(elf->file, 40);
	uint64_t count = span_u16(elf->file, 60);
	uint32_t names = span_u16(elf->file, 62);
	struct span first = span_sub(elf->file, off, SHDR_SIZE);
	if (!off || !first.n)
		return err_set(e,
			"cut short: the section table at byte %llu is outside of the file",
			(unsigned long long)off);
	/* More sections than 16 bits can count: the real numbers stand in section 0. */
	if (!count)
		count = span_u64(first, 32);
	if (names == XINDEX)
		names = span_u32(first, 40);
	if (count > elf->file.n / SHDR_SIZE || !span_has(elf->file, off, count * SHDR_SIZE))
		return err_set(e,
			"cut short: %llu section headers at byte %llu, the file ends at %zu",
			(unsigned long long)count, (unsigned long long)off, elf->file.n);
	elf->n_sections = (size_t)count;
	elf->sections = arena_array(a, elf->n_sections, sizeof *elf->sections);
	if (!elf->sections)
		return err_nomem(e);
	for (size_t i = 0; i < elf->n_sections; i++)
		if (!read_section(elf, span_sub(elf->file, off + i * SHDR_SIZE, SHDR_SIZE), i, e))
			return false;
	if (names >= count)
		return err_set(e, "section names: there is no section %u", names);
	for (size_t i = 0; i < elf->n_sections; i++) {
		const char *name = span_str(
			elf->sections[names].data, span_u32(elf->file, off + i * SHDR_SIZE));
		if (name)
			elf->sections[i].name = name;
	}
	return true;
}

static const struct elf_section *first_of_type(const struct elf *elf, uint32_t type)
{
	for (size_t i = 1; i < elf->n_sections; i++)
		if (elf->sections[i].type == type)
			return &elf->sections[i];
	return NULL;
}

/* wide: section numbers of 32 bits for all symbols, where 16 are too few. */
static uint32_t section_of(uint16_t narrow, const struct elf_section *wide, size_t symbol)
{
	if (narrow < RESERVED)
		return narrow;
	if (narrow == XINDEX)
		return wide ? span_u32(wide->data, symbol * 4) : ELF_UNDEF;
	return 0xffff0000 | narrow;
}

static bool read_symbols(struct elf *elf, struct arena *a, struct err *e)
{
	const struct elf_section *table = first_of_type(elf, ELF_SYMTAB);
	const struct elf_section *wide = first_of_type(elf, SYMTAB_SHNDX);
	if (!table)
		return true;
	if (table->link >= elf->n_sections)
		return err_set(e, "symbol table: there is no string section %u", table->link);
	struct span strings = elf->sections[table->link].data;
	elf->n_symbols = table->data.n / SYM_SIZE;
	elf->symbols = arena_array(a, elf->n_symbols, sizeof *elf->symbols);
	if (!elf->symbols)
		return err_nomem(e);
	for (size_t i = 0; i < elf->n_symbols; i++) {
		struct span s = span_sub(table->data, i * SYM_SIZE, SYM_SIZE);
		struct elf_symbol *sym = &elf->symbols[i];
		const char *name = span_str(strings, span_u32(s, 0));
		uint8_t info = span_u8(s, 4);
		sym->name = name ? name : "";
		sym->type = info & 15;
		sym->bind = info >> 4;
		sym->visibility = span_u8(s, 5) & 3;
		sym->section = section_of(span_u16(s, 6), wide, i);
		sym->value = span_u64(s, 8);
		sym->size = span_u64(s, 16);
		bool special = sym->section >= (0xffff0000 | RESERVED);
		if (!special && sym->section >= elf->n_sections)
			return err_set(e, "symbol %zu ('%s') is in section %u, which is not there",
				i, sym->name, sym->section);
		if (sym->type == ELF_SECTION && sym->section < elf->n_sections)
			sym->name = elf->sections[sym->section].name;
	}
	return true;
}

bool elf_open(struct elf *elf, struct span bytes, struct arena *a, struct err *e)
{
	*elf = (struct elf){.file = bytes};
	return check_header(&elf->file, e) && read_sections(elf, a, e) && read_symbols(elf, a, e);
}

uint32_t elf_find(const struct elf *elf, const char *name)
{
	for (uint32_t i = 1; i < elf->n_sections; i++)
		if (!strcmp(elf->sections[i].name, name))
			return i;
	return 0;
}

bool elf_rel(const struct elf *elf, const struct elf_section *rel, size_t i, struct elf_rel *out)
{
	size_t size = rel->type == ELF_RELA ? RELA_SIZE : REL_SIZE;
	struct span r = span_sub(rel->data, (uint64_t)i * size, size);
	if (!r.n)
		return false;
	out->off = span_u64(r, 0);
	uint64_t info = span_u64(r, 8);
	out->symbol = (uint32_t)(info >> 32);
	out->type = (uint32_t)info;
	if (out->symbol >= elf->n_symbols)
		out->symbol = 0;
	return true;
}
