/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "elf_build.h"

#include <stdio.h>
#include <stdlib.h>

enum { SYM_SIZE = 24, REL_SIZE = 16, RELA_SIZE = 24, SYMTAB_SHNDX = 18, XINDEX = 0xffff };

struct bytes {
	uint8_t *p;
	size_t n, room;
};

struct eb_section {
	char *name;
	uint32_t type;
	uint64_t flags;
	struct bytes data;
	size_t size; /* NOBITS has a size and no data */
	struct bytes rels;
};

struct eb_symbol {
	char *name;
	uint8_t info, visibility;
	uint32_t section;
	uint64_t value, size;
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

/* Makes room for n more bytes. */
static uint8_t *more(struct bytes *b, size_t n)
{
	if (b->n + n >= b->room) {
		b->room = (b->n + n + 1) * 2;
		b->p = must(realloc(b->p, b->room));
	}
	memset(b->p + b->n, 0, n);
	b->n += n;
	return b->p + b->n - n;
}

static void put(struct bytes *b, bool big, unsigned size, uint64_t v)
{
	bytes_put(more(b, size), size, big, v);
}

static void append(struct bytes *b, const void *bytes, size_t n)
{
	uint8_t *p = more(b, n);
	if (bytes && n)
		memcpy(p, bytes, n);
}

void eb_init(struct eb *b, bool big)
{
	*b = (struct eb){.big = big};
	eb_section(b, "", 0, 0, NULL, 0);
	eb_symbol(b, "", 0, 0, 0, 0, 0);
}

void eb_free(struct eb *b)
{
	for (size_t i = 0; i < b->n_sections; i++) {
		free(b->sections[i].name);
		free(b->sections[i].data.p);
		free(b->sections[i].rels.p);
	}
	for (size_t i = 0; i < b->n_symbols; i++)
		free(b->symbols[i].name);
	free(b->sections);
	free(b->symbols);
	free(b->file);
}

uint32_t eb_section(
	struct eb *b, const char *name, uint32_t type, uint64_t flags, const void *bytes, size_t n)
{
	if ((b->n_sections & (b->n_sections - 1)) == 0)
		b->sections =
			must(realloc(b->sections, (b->n_sections * 2 + 1) * sizeof *b->sections));
	struct eb_section *s = &b->sections[b->n_sections];
	*s = (struct eb_section){.name = must(strdup(name)), .type = type, .flags = flags};
	s->size = n;
	if (type != ELF_NOBITS)
		append(&s->data, bytes, n);
	return (uint32_t)b->n_sections++;
}

void eb_bytes(struct eb *b, uint32_t section, const void *bytes, size_t n)
{
	append(&b->sections[section].data, bytes, n);
	b->sections[section].size = b->sections[section].data.n;
}

uint32_t eb_code(struct eb *b, const char *name)
{
	return eb_section(b, name, ELF_PROGBITS, ELF_ALLOC | ELF_EXEC, NULL, 0);
}

void eb_insn(struct eb *b, uint32_t section, unsigned code, unsigned dst, unsigned src, int off,
	int32_t imm)
{
	uint8_t p[8] = {(uint8_t)code, (uint8_t)(b->big ? dst << 4 | src : src << 4 | dst)};
	bytes_put(p + 2, 2, b->big, (uint16_t)off);
	bytes_put(p + 4, 4, b->big, (uint32_t)imm);
	eb_bytes(b, section, p, sizeof p);
}

uint32_t eb_symbol(struct eb *b, const char *name, unsigned type, unsigned bind, uint32_t section,
	uint64_t value, uint64_t size)
{
	if ((b->n_symbols & (b->n_symbols - 1)) == 0)
		b->symbols = must(realloc(b->symbols, (b->n_symbols * 2 + 1) * sizeof *b->symbols));
	b->symbols[b->n_symbols] = (struct eb_symbol){.name = must(strdup(name)),
		.info = (uint8_t)(bind << 4 | type),
		.section = section,
		.value = value,
		.size = size};
	return (uint32_t)b->n_symbols++;
}

void eb_visibility(struct eb *b, uint32_t symbol, unsigned visibility)
{
	b->symbols[symbol].visibility = (uint8_t)visibility;
}

void eb_rel(struct eb *b, uint32_t section, uint64_t off, uint32_t symbol, uint32_t type)
{
	put(&b->sections[section].rels, b->big, 8, off);
	put(&b->sections[section].rels, b->big, 8, (uint64_t)symbol << 32 | type);
}

/* ---- the file ---- */

struct writer {
	struct eb *b;
	struct bytes file, headers, strings;
	uint32_t n; /* sections written so far */
};

static uint32_t add_string(struct bytes *strings, const char *s)
{
	uint32_t off = (uint32_t)strings->n;
	append(strings, s, strlen(s) + 1);
	return off;
}

struct header {
	const char *name;
	uint32_t type, link, info;
	uint64_t flags, size, entry_size;
};

static void add_section(struct writer *w, const struct header *h, const struct bytes *data)
{
	bool big = w->b->big;
	while (w->file.n % 8)
		more(&w->file, 1);
	put(&w->headers, big, 4, *h->name ? add_string(&w->strings, h->name) : 0);
	put(&w->headers, big, 4, h->type);
	put(&w->headers, big, 8, h->flags);
	put(&w->headers, big, 8, 0);
	put(&w->headers, big, 8, w->n ? w->file.n : 0);
	put(&w->headers, big, 8, h->size);
	put(&w->headers, big, 4, h->link);
	put(&w->headers, big, 4, h->info);
	put(&w->headers, big, 8, h->type ? 8 : 0);
	put(&w->headers, big, 8, h->entry_size);
	if (data)
		append(&w->file, data->p, data->n);
	w->n++;
}

static bool is_special(uint32_t section)
{
	return section == ELF_ABS || section == ELF_COMMON;
}

/* The symbol table, and the table of section indices that do not fit into it. */
static bool symbol_table(struct writer *w, struct bytes *table, struct bytes *numbers)
{
	bool big = w->b->big, wide = false;
	for (size_t i = 0; i < w->b->n_symbols; i++) {
		const struct eb_symbol *s = &w->b->symbols[i];
		bool far = !is_special(s->section) && s->section >= 0xff00;
		wide |= far;
		put(table, big, 4, *s->name ? add_string(&w->strings, s->name) : 0);
		put(table, big, 1, s->info);
		put(table, big, 1, s->visibility);
		put(table, big, 2, far ? XINDEX : s->section & 0xffff);
		put(table, big, 8, s->value);
		put(table, big, 8, s->size);
		put(numbers, big, 4, far ? s->section : 0);
	}
	return wide;
}

static void add_relocations(struct writer *w, uint32_t symtab)
{
	bool rela = w->b->rela;
	for (uint32_t i = 0; i < w->b->n_sections; i++) {
		const struct eb_section *s = &w->b->sections[i];
		struct bytes records = {0};
		char name[256];
		if (!s->rels.n)
			continue;
		for (size_t k = 0; k < s->rels.n; k += REL_SIZE) {
			append(&records, s->rels.p + k, REL_SIZE);
			if (rela)
				put(&records, w->b->big, 8, 0x1122334455667788);
		}
		snprintf(name, sizeof name, "%s%s", rela ? ".rela" : ".rel", s->name);
		add_section(w,
			&(struct header){.name = name,
				.type = rela ? ELF_RELA : ELF_REL,
				.link = symtab,
				.info = i,
				.size = records.n,
				.entry_size = rela ? RELA_SIZE : REL_SIZE},
			&records);
		free(records.p);
	}
}

static void add_own_sections(struct writer *w)
{
	for (size_t i = 0; i < w->b->n_sections; i++) {
		const struct eb_section *s = &w->b->sections[i];
		add_section(w,
			&(struct header){.name = s->name,
				.type = s->type,
				.flags = s->flags,
				.size = s->size},
			&s->data);
	}
}

static void add_tables(struct writer *w)
{
	struct eb *b = w->b;
	struct bytes table = {0}, numbers = {0};
	uint32_t symtab = (uint32_t)b->n_sections;
	for (size_t i = 0; i < b->n_sections; i++)
		symtab += b->sections[i].rels.n != 0;
	add_relocations(w, symtab);
	b->strtab = symtab + !b->no_symbols;
	b->symtab = b->no_symbols ? 0 : symtab;
	if (!b->no_symbols) {
		bool wide = symbol_table(w, &table, &numbers);
		add_section(w,
			&(struct header){.name = ".symtab",
				.type = ELF_SYMTAB,
				.link = symtab + 1 + wide,
				.info = 1,
				.size = table.n,
				.entry_size = SYM_SIZE},
			&table);
		b->strtab += wide;
		if (wide)
			add_section(w,
				&(struct header){.name = ".symtab_shndx",
					.type = SYMTAB_SHNDX,
					.link = symtab,
					.size = numbers.n,
					.entry_size = 4},
				&numbers);
	}
	free(table.p);
	free(numbers.p);
	/* The section's own name is its last string. */
	add_section(w,
		&(struct header){.name = ".strtab",
			.type = ELF_STRTAB,
			.size = w->strings.n + sizeof ".strtab"},
		NULL);
	append(&w->file, w->strings.p, w->strings.n);
}

static void finish_header(struct writer *w)
{
	struct eb *b = w->b;
	static const uint8_t magic[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
	memcpy(b->file, magic, sizeof magic);
	b->file[EH_DATA] = b->big ? 2 : 1;
	eb_poke(b, EH_TYPE, 2, 1);
	eb_poke(b, EH_MACHINE, 2, ELF_MACHINE_BPF);
	eb_poke(b, 20, 4, 1);
	eb_poke(b, EH_SHOFF, 8, b->table);
	eb_poke(b, 52, 2, EH_SIZE);
	eb_poke(b, 58, 2, SH_SIZE);
	eb_poke(b, EH_SHNUM, 2, w->n < 0xff00 ? w->n : 0);
	eb_poke(b, EH_SHSTRNDX, 2, b->strtab < 0xff00 ? b->strtab : XINDEX);
	if (w->n >= 0xff00)
		eb_poke(b, eb_header(b, 0) + SH_SECTION_SIZE, 8, w->n);
	if (b->strtab >= 0xff00)
		eb_poke(b, eb_header(b, 0) + SH_LINK, 4, b->strtab);
}

struct span eb_done(struct eb *b)
{
	struct writer w = {.b = b};
	free(b->file);
	more(&w.file, EH_SIZE);
	more(&w.strings, 1);
	add_own_sections(&w);
	add_tables(&w);
	while (w.file.n % 8)
		more(&w.file, 1);
	b->table = w.file.n;
	b->size = w.file.n + w.headers.n;
	b->file = must(malloc(b->size));
	memcpy(b->file, w.file.p, w.file.n);
	memcpy(b->file + w.file.n, w.headers.p, w.headers.n);
	finish_header(&w);
	free(w.file.p);
	free(w.headers.p);
	free(w.strings.p);
	return (struct span){b->file, b->size, false};
}

void eb_poke(struct eb *b, uint64_t off, unsigned size, uint64_t value)
{
	if (off > b->size || size > b->size - off)
		abort();
	bytes_put(b->file + off, size, b->big, value);
}

uint64_t eb_header(const struct eb *b, uint32_t section)
{
	return b->table + (uint64_t)section * SH_SIZE;
}
