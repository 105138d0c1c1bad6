/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Sections, relocations and units. */
#include "dwarf_impl.h"

#include "elf/base/search.h"

#include <stdlib.h>

static const char *const section_names[DWARF_SECTIONS] = {
	[DWARF_INFO] = ".debug_info",
	[DWARF_ABBREV] = ".debug_abbrev",
	[DWARF_STR] = ".debug_str",
	[DWARF_LINE_STR] = ".debug_line_str",
	[DWARF_STR_OFFSETS] = ".debug_str_offsets",
	[DWARF_ADDR] = ".debug_addr",
	[DWARF_RANGES] = ".debug_ranges",
	[DWARF_RNGLISTS] = ".debug_rnglists",
	[DWARF_LOC] = ".debug_loc",
	[DWARF_LOCLISTS] = ".debug_loclists",
};

enum {
	ELF_COMPRESSED = 0x800, /* section flag */
	UNIT_COMPILE = 1,       /* unit types of version 5 */
	UNIT_PARTIAL = 3,
	UNIT_SKELETON = 4,
	VERSION_SPLIT = 1, /* of such units, which DWARF 4 has, too: its .debug_addr is for them */
	LEB_MAX = 16,      /* bytes of a LEB128 number; 10 hold 64 bits, the rest is padding */
	FUEL_LEAST = 1 << 22,
	FUEL_A_BYTE = 8,
};

/* A relevant relocation: `add` is added to the word at `off`, or replaces it. */
struct dwarf_fix {
	uint64_t off, add;
	uint32_t target; /* section */
	bool replace;
};

bool dwarf_fail(struct dwarf *d, const char *what)
{
	if (!d->problem)
		d->problem = what;
	d->errors++;
	return false;
}

bool dwarf_spend(struct dwarf *d, uint64_t work)
{
	if (d->fuel < work) {
		d->fuel = 0;
		return dwarf_fail(d, "the debug information is too complex");
	}
	d->fuel -= work;
	return true;
}

/* ---- numbers ---- */

uint64_t dwarf_uleb(struct span s, uint64_t *pos)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < LEB_MAX && *pos < s.n; i++) {
		uint8_t byte = s.p[(*pos)++];
		if (i < 10)
			v |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80))
			return v;
	}
	*pos = s.n;
	return 0;
}

int64_t dwarf_sleb(struct span s, uint64_t *pos)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < LEB_MAX && *pos < s.n; i++) {
		uint8_t byte = s.p[(*pos)++];
		if (i < 10)
			v |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80)) {
			if (byte & 0x40 && i < 9)
				v |= ~(uint64_t)0 << 7 * (i + 1);
			return (int64_t)v;
		}
	}
	*pos = s.n;
	return 0;
}

/* ---- relocations ---- */

static int by_offset(const void *a, const void *b)
{
	const struct dwarf_fix *x = a, *y = b;
	return x->off < y->off ? -1 : x->off > y->off;
}

/*
 * Whether a relocation is relevant. References to debug sections need no relocation if the symbol is
 * that of the whole section, which is what compilers emit; addresses of variables are not used.
 * (Relocation types are ignored, because those of BPF have changed over time.)
 */
static bool is_relevant(const struct elf *elf, const struct elf_symbol *sym, bool rela)
{
	if (sym->section == ELF_UNDEF || sym->section >= elf->n_sections)
		return false;
	uint64_t flags = elf->sections[sym->section].flags;
	if (flags & ELF_EXEC)
		return true;
	return !(flags & ELF_ALLOC) && (sym->value || rela);
}

/* Few of tens of thousands of relocations are relevant: calling elf_rel() for each would dominate the
 * run time. A record is an offset, a word with the symbol in its upper half, and with RELA an addend.
 */
static bool add_fixes(struct dwarf *d, enum dwarf_section s, const struct elf *elf,
	const struct elf_section *from)
{
	bool rela = from->type == ELF_RELA;
	size_t room = d->n_fixes[s], size = rela ? 24 : 16;
	for (size_t at = 0; span_has(from->data, at, size); at += size) {
		uint32_t symbol = span_u32(from->data, at + (d->big ? 8 : 12));
		if (symbol >= elf->n_symbols || !is_relevant(elf, &elf->symbols[symbol], rela))
			continue;
		const struct elf_symbol *sym = &elf->symbols[symbol];
		struct dwarf_fix *f =
			arena_grow(d->arena, d->fixes[s], d->n_fixes[s], &room, sizeof *f);
		if (!f)
			return false;
		d->fixes[s] = f;
		uint64_t addend = rela ? span_u64(from->data, at + 16) : 0;
		f[d->n_fixes[s]++] = (struct dwarf_fix){
			span_u64(from->data, at), sym->value + addend, sym->section, rela};
	}
	return true;
}

static bool read_fixes(
	struct dwarf *d, enum dwarf_section s, const struct elf *elf, uint32_t section)
{
	for (size_t i = 1; i < elf->n_sections; i++) {
		const struct elf_section *from = &elf->sections[i];
		if ((from->type == ELF_REL || from->type == ELF_RELA) && from->info == section &&
			!add_fixes(d, s, elf, from))
			return false;
	}
	bool sorted = true;
	for (size_t i = 1; i < d->n_fixes[s]; i++)
		sorted &= d->fixes[s][i - 1].off <= d->fixes[s][i].off;
	if (!sorted)
		qsort(d->fixes[s], d->n_fixes[s], sizeof *d->fixes[s], by_offset);
	return true;
}

static const struct dwarf_fix *fix_at(const struct dwarf *d, enum dwarf_section s, uint64_t off)
{
	const struct dwarf_fix *fixes = d->fixes[s];
	size_t i = search_above(
		fixes, d->n_fixes[s], sizeof *fixes, offsetof(struct dwarf_fix, off), off);
	return i && fixes[i - 1].off == off ? &fixes[i - 1] : NULL;
}

uint64_t dwarf_word(
	const struct dwarf *d, enum dwarf_section s, uint64_t off, unsigned size, uint32_t *target)
{
	uint64_t v = span_uint(d->section[s], off, size);
	const struct dwarf_fix *f = fix_at(d, s, off);
	*target = f ? f->target : 0;
	return !f ? v : f->replace ? f->add : v + f->add;
}

/* ---- units ---- */

/* Reads the unit header at off. False if the section is malformed. Units of types that are not used
 * get version 0, those whose contents are in another file VERSION_SPLIT. */
static bool read_unit(const struct dwarf *d, uint64_t off, struct dwarf_unit *u)
{
	struct span s = d->section[DWARF_INFO];
	uint64_t length = span_u32(s, off), pos = off + 4;
	uint32_t target;
	*u = (struct dwarf_unit){.off = off, .offset_size = 4};
	if (length == UINT32_MAX) {
		length = span_u64(s, pos);
		pos += 8;
		u->offset_size = 8;
	}
	if (!span_has(s, pos, length) || length < 7)
		return false;
	u->end = pos + length;
	u->version = span_u16(s, pos);
	pos += 2;
	uint8_t type = UNIT_COMPILE;
	if (u->version >= 5) {
		type = span_u8(s, pos);
		u->addr_size = span_u8(s, pos + 1);
		pos += 2;
	}
	u->abbrev_off = dwarf_word(d, DWARF_INFO, pos, u->offset_size, &target);
	pos += u->offset_size;
	if (u->version < 5)
		u->addr_size = span_u8(s, pos++);
	u->first = pos;
	bool known = u->version >= 2 && u->version <= 5 && pos <= u->end &&
	             (u->addr_size == 4 || u->addr_size == 8) &&
	             (type == UNIT_COMPILE || type == UNIT_PARTIAL);
	bool split = u->version >= 5 ? type == UNIT_SKELETON : d->section[DWARF_ADDR].n != 0;
	if (!known || split)
		u->version = split ? VERSION_SPLIT : 0;
	return true;
}

static bool read_units(struct dwarf *d)
{
	size_t room = 0;
	struct dwarf_unit u;
	bool split = false;
	for (uint64_t off = 0; off < d->section[DWARF_INFO].n; off = u.end) {
		if (!read_unit(d, off, &u)) {
			dwarf_fail(d, "the debug information is truncated");
			break;
		}
		split |= u.version == VERSION_SPLIT;
		if (u.version <= VERSION_SPLIT)
			continue;
		struct dwarf_unit *list =
			arena_grow(d->arena, d->units, d->n_units, &room, sizeof u);
		if (!list)
			return false;
		d->units = list;
		list[d->n_units++] = u;
	}
	return d->n_units ||
	       dwarf_fail(d, split ? "the debug information is in another file (-gsplit-dwarf)"
				   : "the debug information has an unsupported version");
}

/* Truncates a string section after the last NUL, so that a string starts at each offset. */
static struct span cut_strings(struct span s)
{
	while (s.n && s.p[s.n - 1])
		s.n--;
	return s;
}

bool dwarf_open(struct dwarf *d, const struct elf *elf, struct arena *a)
{
	*d = (struct dwarf){.arena = a, .big = elf->file.big, .fuel = FUEL_LEAST};
	for (enum dwarf_section s = 0; s < DWARF_SECTIONS; s++) {
		uint32_t i = elf_find(elf, section_names[s]);
		d->section[s].big = d->big;
		if (!i || elf->sections[i].type == ELF_NOBITS)
			continue;
		if (elf->sections[i].flags & ELF_COMPRESSED)
			return dwarf_fail(d, "the debug information is compressed (-gz)");
		d->section[s] = elf->sections[i].data;
		d->fuel += FUEL_A_BYTE * (uint64_t)d->section[s].n;
		if (!read_fixes(d, s, elf, i))
			return false;
	}
	d->section[DWARF_STR] = cut_strings(d->section[DWARF_STR]);
	d->section[DWARF_LINE_STR] = cut_strings(d->section[DWARF_LINE_STR]);
	if (!d->section[DWARF_INFO].n || !d->section[DWARF_ABBREV].n)
		return dwarf_fail(d, "there is no debug information");
	return read_units(d);
}

bool dwarf_ready(struct dwarf *d, struct dwarf_unit *u)
{
	static const enum dwarf_at bases[] = {
		[BASE_STR] = DWARF_STR_OFFSETS_BASE,
		[BASE_ADDR] = DWARF_ADDR_BASE,
		[BASE_RNGLISTS] = DWARF_RNGLISTS_BASE,
		[BASE_LOCLISTS] = DWARF_LOCLISTS_BASE,
	};
	struct dwarf_die root;
	if (u->ready || u->broken)
		return u->ready;
	u->broken = true;
	if (!dwarf_read_abbrevs(d, u))
		return false;
	/* The default bases: after the header of the first table. */
	for (unsigned i = 0; i < 4; i++)
		u->base[i] = (u->offset_size == 8 ? 16u : 8u) + (i >= BASE_RNGLISTS ? 4 : 0);
	if (!dwarf_head(d, u, u->first, &root))
		return false;
	dwarf_attrs(d, &root);
	for (unsigned i = 0; i < 4; i++)
		dwarf_uint(d, &root, bases[i], &u->base[i]);
	dwarf_place(d, &root, DWARF_LOW_PC, &u->low_pc);
	u->broken = false;
	u->ready = true;
	return true;
}

static struct dwarf_unit *unit_of(struct dwarf *d, uint64_t off)
{
	size_t i = search_above(
		d->units, d->n_units, sizeof *d->units, offsetof(struct dwarf_unit, end), off);
	return i < d->n_units && d->units[i].first <= off ? &d->units[i] : NULL;
}

bool dwarf_at(struct dwarf *d, uint64_t off, struct dwarf_die *die)
{
	struct dwarf_unit *u = unit_of(d, off);
	if (!u)
		return dwarf_fail(d, "a reference is outside the debug information");
	if (!dwarf_ready(d, u) || !dwarf_head(d, u, off, die))
		return false;
	dwarf_attrs(d, die);
	return true;
}
