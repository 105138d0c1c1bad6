/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "elf.h"

#include "elf/base/arch.h"
#include "elf/base/text.h"

enum {
	REL_SIZE = 16,
	RELA_SIZE = 24,
	CLASS_32 = 1,
	CLASS_64 = 2,
	DATA_LITTLE = 1,
	DATA_BIG = 2,
	SYMTAB_SHNDX = 18, /* section type */
	RESERVED = 0xff00, /* 16-bit section numbers from here on are special */
	XINDEX = 0xffff,   /* the number is stored elsewhere */
};

/* Sizes of records in 32-bit and 64-bit files. */
static const struct record_sizes {
	uint8_t header, section, segment, symbol;
} record_sizes[] = {{52, 40, 32, 16}, {64, 64, 56, 24}};

static const struct record_sizes *sizes(const struct elf *elf)
{
	return &record_sizes[elf->wide];
}

uint64_t elf_word(const struct elf *elf, struct span s, uint64_t off64, uint64_t off32)
{
	return elf->wide ? span_u64(s, off64) : span_u32(s, off32);
}

static bool read_header(struct elf *elf, struct err *e)
{
	static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'}, bitcode[4] = {'B', 'C', 0xc0, 0xde};
	struct span *file = &elf->file;
	if (!file->n)
		return err_set(e, "the file is empty");
	if (span_has(*file, 0, sizeof bitcode) && !memcmp(file->p, bitcode, sizeof bitcode)) {
		err_set(e, "not an ELF file, but LLVM bitcode");
		return err_hint(e, "compile without -flto");
	}
	if (!span_has(*file, 0, sizeof magic) || memcmp(file->p, magic, sizeof magic))
		return err_set(e, "not an ELF file");
	elf->wide = span_u8(*file, 4) != CLASS_32;
	if (!span_has(*file, 0, sizes(elf)->header))
		return err_set(e, "truncated: %zu bytes, an ELF header has %d", file->n,
			sizes(elf)->header);
	uint8_t data = span_u8(*file, 5);
	if (data != DATA_LITTLE && data != DATA_BIG)
		return err_set(e, "ELF header: unknown byte order %u", data);
	file->big = data == DATA_BIG;
	elf->type = span_u16(*file, 16);
	elf->machine = span_u16(*file, 18);
	return true;
}

static bool check_class(const struct elf *elf, struct err *e)
{
	uint8_t class = span_u8(elf->file, 4);
	return class == CLASS_32 || class == CLASS_64 ||
	       err_set(e, "ELF header: unknown class %u", class);
}

static bool check_bpf(const struct elf *elf, struct err *e)
{
	if (elf->machine != ELF_MACHINE_BPF) {
		const struct arch *a = arch_of_elf(elf->machine);
		err_set(e, "not a BPF object: its machine is %u%s%s%s", elf->machine, a ? " (" : "",
			a ? a->title : "", a ? ")" : "");
		return err_hint(e, "compile it with: clang -O2 -g -target bpf -c FILE.bpf.c");
	}
	if (span_u8(elf->file, 4) != CLASS_64)
		return err_set(e, "32-bit ELF file, BPF objects are 64-bit");
	if (elf->type != ELF_TYPE_REL)
		return err_set(e, "ELF type %u, a BPF object is relocatable (type 1)", elf->type);
	return true;
}

static bool read_section(struct elf *elf, struct span header, size_t i, struct err *e)
{
	struct elf_section *s = &elf->sections[i];
	s->name = "";
	s->type = span_u32(header, 4);
	s->flags = elf_word(elf, header, 8, 8);
	s->address = elf_word(elf, header, 16, 12);
	s->file_off = elf_word(elf, header, 24, 16);
	s->size = elf_word(elf, header, 32, 20);
	s->link = span_u32(header, elf->wide ? 40 : 24);
	s->info = span_u32(header, elf->wide ? 44 : 28);
	s->entry_size = elf_word(elf, header, 56, 36);
	s->data.big = elf->file.big;
	if (i == 0 || s->type == ELF_NOBITS)
		return true;
	if (!span_has(elf->file, s->file_off, s->size))
		return err_set(e,
			"truncated: section %zu occupies bytes %llu to %llu, the file ends at %zu",
			i, (unsigned long long)s->file_off,
			(unsigned long long)(s->file_off + s->size), elf->file.n);
	s->data = span_sub(elf->file, s->file_off, s->size);
	return true;
}

static bool read_names(struct elf *elf, uint64_t table, uint32_t names, struct err *e)
{
	if (names >= elf->n_sections)
		return err_set(e, "section name table: there is no section %u", names);
	for (size_t i = 0; i < elf->n_sections; i++) {
		const char *name = span_str(elf->sections[names].data,
			span_u32(elf->file, table + i * sizes(elf)->section));
		if (name)
			elf->sections[i].name = name;
	}
	return true;
}

/* Are count headers of size bytes at off inside the file? which: "section" or "program". */
static bool table_fits(const struct elf *elf, const char *which, uint64_t off, uint64_t count,
	size_t size, struct err *e)
{
	if (count <= elf->file.n / size && span_has(elf->file, off, count * size))
		return true;
	return err_set(e, "truncated: %llu %s headers at byte %llu, the file ends at %zu",
		(unsigned long long)count, which, (unsigned long long)off, elf->file.n);
}

static bool read_sections(struct elf *elf, struct arena *a, struct err *e)
{
	size_t size = sizes(elf)->section;
	uint64_t off = elf_word(elf, elf->file, 40, 32);
	uint64_t count = span_u16(elf->file, elf->wide ? 60 : 48);
	uint32_t names = span_u16(elf->file, elf->wide ? 62 : 50);
	struct span first = span_sub(elf->file, off, size);
	if (!off || !first.n)
		return err_set(e, "truncated: the section table at byte %llu is outside the file",
			(unsigned long long)off);
	/* If there are too many sections for 16 bits, the numbers are in section 0. */
	if (!count)
		count = elf_word(elf, first, 32, 20);
	if (names == XINDEX)
		names = span_u32(first, elf->wide ? 40 : 24);
	if (!table_fits(elf, "section", off, count, size, e))
		return false;
	elf->n_sections = (size_t)count;
	elf->sections = arena_array(a, elf->n_sections, sizeof *elf->sections);
	if (!elf->sections)
		return err_nomem(e);
	for (size_t i = 0; i < elf->n_sections; i++)
		if (!read_section(elf, span_sub(elf->file, off + i * size, size), i, e))
			return false;
	return read_names(elf, off, names, e);
}

static bool read_segments(struct elf *elf, struct arena *a, struct err *e)
{
	size_t size = sizes(elf)->segment;
	uint64_t off = elf_word(elf, elf->file, 32, 28);
	uint64_t count = span_u16(elf->file, elf->wide ? 56 : 44);
	if (!off)
		return true;
	/* Too many for 16 bits, as for sections. */
	if (count == 0xffff && elf->n_sections)
		count = elf->sections[0].info;
	if (!table_fits(elf, "program", off, count, size, e))
		return false;
	elf->n_segments = (size_t)count;
	elf->segments = arena_array(a, elf->n_segments, sizeof *elf->segments);
	if (!elf->segments)
		return err_nomem(e);
	for (size_t i = 0; i < elf->n_segments; i++) {
		struct span s = span_sub(elf->file, off + i * size, size);
		elf->segments[i] = (struct elf_segment){.type = span_u32(s, 0),
			.flags = span_u32(s, elf->wide ? 4 : 24),
			.file_off = elf_word(elf, s, 8, 4),
			.address = elf_word(elf, s, 16, 8),
			.file_size = elf_word(elf, s, 32, 16),
			.memory_size = elf_word(elf, s, 40, 20)};
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

/* wide: the section with 32-bit section numbers for all symbols, or NULL. */
static uint32_t section_of(uint16_t narrow, const struct elf_section *wide, size_t symbol)
{
	if (narrow < RESERVED)
		return narrow;
	if (narrow == XINDEX)
		return wide ? span_u32(wide->data, symbol * 4) : ELF_UNDEF;
	return 0xffff0000 | narrow;
}

/* A string table may have one string that is as long as the file, and all symbols names within it. */
static const char *symbol_name(struct span strings, uint32_t at)
{
	enum { NAME_ROOM = 1 << 14 };
	struct span rest = span_from(strings, at);
	rest.n = rest.n < NAME_ROOM ? rest.n : NAME_ROOM;
	const char *name = span_str(rest, 0);
	return name ? name : "";
}

static void parse_symbol(const struct elf *elf, struct span table, struct span strings,
	const struct elf_section *wide, size_t i, struct elf_symbol *sym)
{
	size_t size = sizes(elf)->symbol;
	struct span s = span_sub(table, (uint64_t)i * size, size);
	uint8_t info = span_u8(s, elf->wide ? 4 : 12);
	sym->name = symbol_name(strings, span_u32(s, 0));
	sym->type = info & 15;
	sym->bind = info >> 4;
	sym->visibility = span_u8(s, elf->wide ? 5 : 13) & 3;
	sym->section = section_of(span_u16(s, elf->wide ? 6 : 14), wide, i);
	sym->value = elf_word(elf, s, 8, 4);
	sym->size = elf_word(elf, s, 16, 8);
}

static bool is_nowhere(const struct elf *elf, const struct elf_symbol *sym)
{
	return sym->section < (0xffff0000 | RESERVED) && sym->section >= elf->n_sections;
}

bool elf_symbol_at(
	const struct elf *elf, const struct elf_section *table, size_t i, struct elf_symbol *out)
{
	if (i >= table->data.n / sizes(elf)->symbol)
		return false;
	struct span strings =
		table->link < elf->n_sections ? elf->sections[table->link].data : (struct span){0};
	parse_symbol(elf, table->data, strings,
		table->type == ELF_SYMTAB ? first_of_type(elf, SYMTAB_SHNDX) : NULL, i, out);
	if (is_nowhere(elf, out))
		out->section = ELF_UNDEF;
	return true;
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
	elf->n_symbols = table->data.n / sizes(elf)->symbol;
	elf->symbols = arena_array(a, elf->n_symbols, sizeof *elf->symbols);
	if (!elf->symbols)
		return err_nomem(e);
	for (size_t i = 0; i < elf->n_symbols; i++) {
		struct elf_symbol *sym = &elf->symbols[i];
		parse_symbol(elf, table->data, strings, wide, i, sym);
		if (is_nowhere(elf, sym))
			return err_set(e,
				"symbol %zu ('%s') is in section %u, which does not exist", i,
				sym->name, sym->section);
		if (sym->type == ELF_SECTION && sym->section < elf->n_sections)
			sym->name = elf->sections[sym->section].name;
	}
	return true;
}

/* ---- names ---- */

enum { INDEXED = 16 }; /* fewer names are compared one by one */

/* Structs of which the first member is a name: sections or symbols. */
struct names {
	const void *items;
	size_t n, size;
};

static const char *name_at(struct names in, size_t i)
{
	const char *name;
	memcpy(&name, (const char *)in.items + i * in.size, sizeof name);
	return name;
}

static bool index_names(struct elf_index *x, struct names in, struct arena *a, struct err *e)
{
	uint32_t buckets = INDEXED;
	if (in.n < INDEXED)
		return true;
	while (buckets < in.n && buckets < 1u << 31)
		buckets *= 2;
	x->mask = buckets - 1;
	x->bucket = arena_array(a, buckets, sizeof *x->bucket);
	x->next = arena_array(a, in.n, sizeof *x->next);
	if (!x->bucket || !x->next)
		return err_nomem(e);
	for (size_t i = in.n; i-- > 1;) { /* so that chains are in order */
		uint32_t *first = &x->bucket[text_hash_of(name_at(in, i)) & x->mask];
		x->next[i] = *first;
		*first = (uint32_t)i;
	}
	return true;
}

/* The first index after i with this name, 0 if there is none. */
static uint32_t next_named(const struct elf_index *x, struct names in, const char *name, uint32_t i)
{
	if (!x->bucket) {
		while (++i < in.n)
			if (!strcmp(name_at(in, i), name))
				return i;
		return 0;
	}
	for (i = i ? x->next[i] : x->bucket[text_hash_of(name) & x->mask]; i; i = x->next[i])
		if (!strcmp(name_at(in, i), name))
			return i;
	return 0;
}

bool elf_open(struct elf *elf, struct span bytes, struct arena *a, struct err *e)
{
	*elf = (struct elf){.file = bytes};
	if (!read_header(elf, e))
		return bytes.n && span_u8(bytes, 0) != 0x7f
		               ? err_hint(e, "C source must be compiled first: clang -O2 -g "
					     "-target bpf -c FILE.bpf.c")
		               : false;
	if (!check_bpf(elf, e) || !read_sections(elf, a, e) || !read_symbols(elf, a, e))
		return false;
	const struct names sections = {elf->sections, elf->n_sections, sizeof *elf->sections},
			   symbols = {elf->symbols, elf->n_symbols, sizeof *elf->symbols};
	return index_names(&elf->section_names, sections, a, e) &&
	       index_names(&elf->symbol_names, symbols, a, e);
}

bool elf_open_any(struct elf *elf, struct span bytes, struct arena *a, struct err *e)
{
	*elf = (struct elf){.file = bytes};
	if (!read_header(elf, e) || !check_class(elf, e))
		return false;
	bool sections = elf_word(elf, elf->file, 40, 32);
	return (!sections || read_sections(elf, a, e)) && read_segments(elf, a, e);
}

uint32_t elf_find_after(const struct elf *elf, const char *name, uint32_t i)
{
	return next_named(&elf->section_names,
		(struct names){elf->sections, elf->n_sections, sizeof *elf->sections}, name, i);
}

uint32_t elf_symbol_after(const struct elf *elf, const char *name, uint32_t i)
{
	return next_named(&elf->symbol_names,
		(struct names){elf->symbols, elf->n_symbols, sizeof *elf->symbols}, name, i);
}

const struct elf_symbol *elf_symbol_named(const struct elf *elf, uint32_t section, const char *name)
{
	for (uint32_t i = 0; (i = elf_symbol_after(elf, name, i));)
		if (elf->symbols[i].section == section)
			return &elf->symbols[i];
	return NULL;
}

uint32_t elf_find(const struct elf *elf, const char *name)
{
	return elf_find_after(elf, name, 0);
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
