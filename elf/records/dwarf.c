/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "dwarf_impl.h"

#include "elf/base/search.h"

#include <stdlib.h>

/* How much room a form takes: up to 16 the bytes themselves, else one of these. */
enum {
	ROOM_UNKNOWN = 0, /* except for the two forms without any bytes, which are NOTHING */
	ROOM_NOTHING = 32,
	ROOM_LEB,
	ROOM_OFFSET,   /* 4 or 8 by the format of the unit */
	ROOM_ADDR,     /* the unit's size of an address */
	ROOM_REF_ADDR, /* of an offset; in version 2 of an address */
	ROOM_STRING,   /* up to a NUL */
	ROOM_BLOCK1,   /* a length of so many bytes, and as much */
	ROOM_BLOCK2,
	ROOM_BLOCK4,
	ROOM_BLOCK,    /* the same with a LEB128 length */
	ROOM_INDIRECT, /* the form comes first */
};

static const uint8_t rooms[] = {
	[DW_FORM_addr] = ROOM_ADDR,
	[DW_FORM_block2] = ROOM_BLOCK2,
	[DW_FORM_block4] = ROOM_BLOCK4,
	[DW_FORM_data2] = 2,
	[DW_FORM_data4] = 4,
	[DW_FORM_data8] = 8,
	[DW_FORM_string] = ROOM_STRING,
	[DW_FORM_block] = ROOM_BLOCK,
	[DW_FORM_block1] = ROOM_BLOCK1,
	[DW_FORM_data1] = 1,
	[DW_FORM_flag] = 1,
	[DW_FORM_sdata] = ROOM_LEB,
	[DW_FORM_strp] = ROOM_OFFSET,
	[DW_FORM_udata] = ROOM_LEB,
	[DW_FORM_ref_addr] = ROOM_REF_ADDR,
	[DW_FORM_ref1] = 1,
	[DW_FORM_ref2] = 2,
	[DW_FORM_ref4] = 4,
	[DW_FORM_ref8] = 8,
	[DW_FORM_ref_udata] = ROOM_LEB,
	[DW_FORM_indirect] = ROOM_INDIRECT,
	[DW_FORM_sec_offset] = ROOM_OFFSET,
	[DW_FORM_exprloc] = ROOM_BLOCK,
	[DW_FORM_flag_present] = ROOM_NOTHING,
	[DW_FORM_strx] = ROOM_LEB,
	[DW_FORM_addrx] = ROOM_LEB,
	[DW_FORM_ref_sup4] = 4,
	[DW_FORM_strp_sup] = ROOM_OFFSET,
	[DW_FORM_data16] = 16,
	[DW_FORM_line_strp] = ROOM_OFFSET,
	[DW_FORM_ref_sig8] = 8,
	[DW_FORM_implicit_const] = ROOM_NOTHING,
	[DW_FORM_loclistx] = ROOM_LEB,
	[DW_FORM_rnglistx] = ROOM_LEB,
	[DW_FORM_ref_sup8] = 8,
	[DW_FORM_strx1] = 1,
	[DW_FORM_strx1 + 1] = 2,
	[DW_FORM_strx1 + 2] = 3,
	[DW_FORM_strx4] = 4,
	[DW_FORM_addrx1] = 1,
	[DW_FORM_addrx1 + 1] = 2,
	[DW_FORM_addrx1 + 2] = 3,
	[DW_FORM_addrx4] = 4,
};

/* The attributes of enum dwarf_at as DWARF numbers them. */
static const uint16_t at_codes[DWARF_ATS] = {
	[DWARF_SIBLING] = 0x01,
	[DWARF_LOCATION] = 0x02,
	[DWARF_NAME] = 0x03,
	[DWARF_BYTE_SIZE] = 0x0b,
	[DWARF_BIT_OFFSET] = 0x0c,
	[DWARF_BIT_SIZE] = 0x0d,
	[DWARF_LOW_PC] = 0x11,
	[DWARF_HIGH_PC] = 0x12,
	[DWARF_DISCR] = 0x15,
	[DWARF_DISCR_VALUE] = 0x16,
	[DWARF_CONST_VALUE] = 0x1c,
	[DWARF_UPPER_BOUND] = 0x2f,
	[DWARF_ABSTRACT_ORIGIN] = 0x31,
	[DWARF_COUNT] = 0x37,
	[DWARF_DATA_MEMBER_LOCATION] = 0x38,
	[DWARF_DECL_FILE] = 0x3a,
	[DWARF_DECLARATION] = 0x3c,
	[DWARF_ENCODING] = 0x3e,
	[DWARF_FRAME_BASE] = 0x40,
	[DWARF_SPECIFICATION] = 0x47,
	[DWARF_TYPE] = 0x49,
	[DWARF_RANGE_LIST] = 0x55,
	[DWARF_DATA_BIT_OFFSET] = 0x6b,
	[DWARF_STR_OFFSETS_BASE] = 0x72,
	[DWARF_ADDR_BASE] = 0x73,
	[DWARF_RNGLISTS_BASE] = 0x74,
	[DWARF_LOCLISTS_BASE] = 0x8c,
};

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
	UNIT_COMPILE = 1,       /* types of units, version 5 */
	UNIT_PARTIAL = 3,
	LEB_MAX = 16, /* bytes of a LEB128 number; 10 hold 64 bits, the rest is padding */
	FUEL_LEAST = 1 << 22,
	FUEL_A_BYTE = 8,
};

struct dwarf_spec {
	uint8_t at; /* enum dwarf_at, DWARF_ATS for the others */
	uint16_t form;
	int64_t implicit;
};

struct dwarf_abbrev {
	uint64_t code;
	uint16_t tag;
	bool children;
	size_t first, n; /* of specs */
	int32_t fixed;   /* bytes that all values take, -1 when that depends on them */
};

/* A relocation that changes something: the word at `off` is `add` more, or just `add`. */
struct dwarf_fix {
	uint64_t off, add;
	uint32_t target; /* section */
	bool replace;
};

static bool trouble(struct dwarf *d, const char *what)
{
	if (!d->trouble)
		d->trouble = what;
	d->errors++;
	return false;
}

bool dwarf_spend(struct dwarf *d, uint64_t work)
{
	if (d->fuel < work) {
		d->fuel = 0;
		return trouble(d, "the debug information is too tangled");
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
 * Whether a relocation is worth keeping. A word that points into a debug section is complete when
 * the symbol stands for the whole section, as compilers do it; one that points to a variable is
 * never looked at. (The types of BPF relocations have changed their numbers over time: here only
 * symbol and width of the word count.)
 */
static bool matters(const struct elf *elf, const struct elf_symbol *sym, bool rela)
{
	if (sym->section == ELF_UNDEF || sym->section >= elf->n_sections)
		return false;
	uint64_t flags = elf->sections[sym->section].flags;
	if (flags & ELF_EXEC)
		return true;
	return !(flags & ELF_ALLOC) && (sym->value || rela);
}

/* There are tens of thousands of relocations, of which few matter: elf_rel() would be most of the
 * work. A record is an offset, a word with the symbol in its upper half, and perhaps an addend. */
static bool add_fixes(struct dwarf *d, enum dwarf_section s, const struct elf *elf,
	const struct elf_section *from)
{
	bool rela = from->type == ELF_RELA;
	size_t room = d->n_fixes[s], size = rela ? 24 : 16;
	for (size_t at = 0; span_has(from->data, at, size); at += size) {
		uint32_t symbol = span_u32(from->data, at + (d->big ? 8 : 12));
		if (symbol >= elf->n_symbols || !matters(elf, &elf->symbols[symbol], rela))
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

/* The header of the unit at off. False: nothing more can be read. A unit of a kind that is not
 * looked at gets version 0. */
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
	if (!known)
		u->version = 0;
	return true;
}

static bool read_units(struct dwarf *d)
{
	size_t room = 0;
	struct dwarf_unit u;
	for (uint64_t off = 0; off < d->section[DWARF_INFO].n; off = u.end) {
		if (!read_unit(d, off, &u)) {
			trouble(d, "the debug information is cut short");
			break;
		}
		if (!u.version)
			continue;
		struct dwarf_unit *list =
			arena_grow(d->arena, d->units, d->n_units, &room, sizeof u);
		if (!list)
			return false;
		d->units = list;
		list[d->n_units++] = u;
	}
	return d->n_units || trouble(d, "there is no debug information of version 2 to 5");
}

/* A section of strings, cut behind the last NUL: each offset inside begins a string then. */
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
			return trouble(d, "the debug information is compressed (-gz)");
		d->section[s] = elf->sections[i].data;
		d->fuel += FUEL_A_BYTE * (uint64_t)d->section[s].n;
		if (!read_fixes(d, s, elf, i))
			return false;
	}
	d->section[DWARF_STR] = cut_strings(d->section[DWARF_STR]);
	d->section[DWARF_LINE_STR] = cut_strings(d->section[DWARF_LINE_STR]);
	if (!d->section[DWARF_INFO].n || !d->section[DWARF_ABBREV].n)
		return trouble(d, "there is no debug information");
	return read_units(d);
}

/* ---- abbreviations ---- */

static uint8_t room_of(uint64_t form)
{
	if (form < sizeof rooms)
		return rooms[form];
	if (form == DW_FORM_GNU_addr_index || form == DW_FORM_GNU_str_index)
		return ROOM_LEB;
	if (form == DW_FORM_GNU_ref_alt || form == DW_FORM_GNU_strp_alt)
		return ROOM_OFFSET;
	return ROOM_UNKNOWN;
}

/* Bytes that a value takes whatever it is, or -1. */
static int fixed_size(const struct dwarf_unit *u, uint8_t room)
{
	switch (room) {
	case ROOM_NOTHING:
		return 0;
	case ROOM_OFFSET:
		return u->offset_size;
	case ROOM_ADDR:
		return u->addr_size;
	case ROOM_REF_ADDR:
		return u->version == 2 ? u->addr_size : u->offset_size;
	default:
		return room && room < ROOM_NOTHING ? room : -1;
	}
}

static uint8_t at_of(uint64_t code)
{
	for (unsigned i = 0; i < DWARF_ATS; i++)
		if (at_codes[i] == code)
			return (uint8_t)i;
	return DWARF_ATS;
}

/* Growing tables while the abbreviations of a unit are read. */
struct abbrevs {
	struct dwarf_abbrev *items;
	struct dwarf_spec *specs;
	size_t n, room, n_specs, specs_room;
};

/* The attributes of one abbreviation, up to the pair of zeroes. */
static bool read_specs(struct dwarf *d, const struct dwarf_unit *u, struct abbrevs *t,
	struct dwarf_abbrev *abbrev, uint64_t *pos)
{
	struct span s = d->section[DWARF_ABBREV];
	abbrev->first = t->n_specs;
	while (dwarf_spend(d, 1)) {
		if (*pos >= s.n)
			return trouble(d, "an abbreviation is cut short");
		uint64_t at = dwarf_uleb(s, pos), form = dwarf_uleb(s, pos);
		if (!at && !form)
			return true;
		uint8_t room = room_of(form);
		if (room == ROOM_UNKNOWN)
			return trouble(d, "a value has a form that is not known");
		int size = fixed_size(u, room);
		struct dwarf_spec *list =
			arena_grow(d->arena, t->specs, t->n_specs, &t->specs_room, sizeof *list);
		if (!list)
			return false;
		t->specs = list;
		list += t->n_specs++;
		*list = (struct dwarf_spec){at_of(at), (uint16_t)form, 0};
		if (form == DW_FORM_implicit_const)
			list->implicit = dwarf_sleb(s, pos);
		abbrev->n++;
		bool fixed = abbrev->fixed >= 0 && size >= 0 && abbrev->n < 1024;
		abbrev->fixed = fixed ? abbrev->fixed + size : -1;
	}
	return false;
}

static bool read_abbrevs(struct dwarf *d, struct dwarf_unit *u)
{
	struct span s = d->section[DWARF_ABBREV];
	struct abbrevs t = {0};
	uint64_t pos = u->abbrev_off;
	while (dwarf_spend(d, 1)) {
		if (pos >= s.n)
			return trouble(d, "the abbreviations are cut short");
		struct dwarf_abbrev abbrev = {.code = dwarf_uleb(s, &pos)};
		if (!abbrev.code)
			break;
		abbrev.tag = (uint16_t)dwarf_uleb(s, &pos);
		abbrev.children = span_u8(s, pos++);
		if (!read_specs(d, u, &t, &abbrev, &pos))
			return false;
		struct dwarf_abbrev *list =
			arena_grow(d->arena, t.items, t.n, &t.room, sizeof *list);
		if (!list)
			return false;
		t.items = list;
		list[t.n++] = abbrev;
	}
	u->abbrevs = t.items;
	u->specs = t.specs;
	u->n_abbrevs = t.n;
	return d->fuel > 0;
}

/* Compilers number abbreviations from 1 on. */
static const struct dwarf_abbrev *abbrev_of(
	struct dwarf *d, const struct dwarf_unit *u, uint64_t code)
{
	if (code && code <= u->n_abbrevs && u->abbrevs[code - 1].code == code)
		return &u->abbrevs[code - 1];
	for (size_t i = 0; i < u->n_abbrevs && dwarf_spend(d, 1); i++)
		if (u->abbrevs[i].code == code)
			return &u->abbrevs[i];
	return NULL;
}

/* Units that were linked together may share a table. */
static bool share_abbrevs(const struct dwarf *d, struct dwarf_unit *u)
{
	if (u == d->units)
		return false;
	const struct dwarf_unit *last = u - 1;
	if (!last->abbrevs || last->abbrev_off != u->abbrev_off || last->version != u->version ||
		last->addr_size != u->addr_size || last->offset_size != u->offset_size)
		return false;
	u->abbrevs = last->abbrevs;
	u->specs = last->specs;
	u->n_abbrevs = last->n_abbrevs;
	return true;
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
	if (!share_abbrevs(d, u) && !read_abbrevs(d, u))
		return false;
	/* Without a base the first table counts, behind its header. */
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

/* ---- entries ---- */

/* The section up to the end of a unit. */
static struct span unit_span(const struct dwarf *d, const struct dwarf_unit *u)
{
	return span_sub(d->section[DWARF_INFO], 0, u->end);
}

/* The length in front of a block, *pos behind it. */
static uint64_t block_length(struct span s, uint8_t room, uint64_t *pos)
{
	if (room == ROOM_BLOCK)
		return dwarf_uleb(s, pos);
	unsigned size = room == ROOM_BLOCK1 ? 1 : room == ROOM_BLOCK2 ? 2 : 4;
	uint64_t length = span_uint(s, *pos, size);
	*pos += size;
	return length;
}

/* Moves behind a value; *form becomes the one behind an `indirect`. */
static bool skip_value(
	struct dwarf *d, const struct dwarf_unit *u, struct span s, uint64_t *form, uint64_t *pos)
{
	uint8_t room = room_of(*form);
	if (room == ROOM_INDIRECT) {
		*form = dwarf_uleb(s, pos);
		room = room_of(*form);
		if (room == ROOM_INDIRECT || *form == DW_FORM_implicit_const)
			room = ROOM_UNKNOWN;
	}
	uint64_t start = *pos;
	int size = fixed_size(u, room);
	if (size >= 0) {
		*pos += (unsigned)size;
	} else if (room == ROOM_LEB) {
		dwarf_uleb(s, pos);
	} else if (room == ROOM_STRING) {
		const uint8_t *nul = *pos < s.n ? memchr(s.p + *pos, 0, s.n - (size_t)*pos) : NULL;
		*pos = nul ? (uint64_t)(nul - s.p) + 1 : s.n + 1;
	} else if (room >= ROOM_BLOCK1 && room <= ROOM_BLOCK) {
		uint64_t length = block_length(s, room, pos);
		*pos = span_has(s, *pos, length) ? *pos + length : s.n + 1;
	} else {
		return trouble(d, "a value has a form that is not known");
	}
	if (*pos > s.n)
		return trouble(d, "an entry is cut short");
	return dwarf_spend(d, (*pos - start) / 64);
}

bool dwarf_head(struct dwarf *d, struct dwarf_unit *u, uint64_t off, struct dwarf_die *die)
{
	struct span s = unit_span(d, u);
	uint64_t pos = off;
	if (!dwarf_spend(d, 1))
		return false;
	if (off < u->first || off >= u->end)
		return trouble(d, "a reference leads out of its unit");
	uint64_t code = dwarf_uleb(s, &pos);
	die->unit = u;
	die->off = off;
	die->next = pos;
	die->tag = 0;
	die->children = false;
	die->abbrev = NULL;
	die->form[DWARF_SIBLING] = 0; /* dwarf_behind() goes without attributes, too */
	if (!code)
		return true;
	const struct dwarf_abbrev *abbrev = abbrev_of(d, u, code);
	if (!abbrev || !abbrev->tag)
		return trouble(d, "an entry has no abbreviation");
	die->abbrev = abbrev;
	die->tag = abbrev->tag;
	die->children = abbrev->children;
	die->values = pos;
	if (abbrev->fixed >= 0) {
		die->next = pos + (uint64_t)abbrev->fixed;
		return die->next <= s.n || trouble(d, "an entry is cut short");
	}
	if (!dwarf_spend(d, abbrev->n / 4))
		return false;
	for (size_t i = 0; i < abbrev->n; i++) {
		uint64_t form = u->specs[abbrev->first + i].form;
		if (!skip_value(d, u, s, &form, &pos))
			return false;
	}
	die->next = pos;
	return true;
}

void dwarf_attrs(struct dwarf *d, struct dwarf_die *die)
{
	memset(die->form, 0, sizeof die->form);
	if (!die->abbrev || !dwarf_spend(d, die->abbrev->n / 4))
		return;
	const struct dwarf_unit *u = die->unit;
	struct span s = unit_span(d, u);
	uint64_t pos = die->values;
	for (size_t i = 0; i < die->abbrev->n; i++) {
		const struct dwarf_spec *spec = &u->specs[die->abbrev->first + i];
		uint64_t form = spec->form, at = pos;
		if (!skip_value(d, u, s, &form, &pos))
			return;
		if (spec->form == DW_FORM_indirect)
			dwarf_uleb(s, &at);
		if (spec->at == DWARF_ATS)
			continue;
		die->form[spec->at] = (uint16_t)form;
		die->value[spec->at] =
			form == DW_FORM_implicit_const ? (uint64_t)spec->implicit : at;
	}
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
		return trouble(d, "a reference leads nowhere");
	if (!dwarf_ready(d, u) || !dwarf_head(d, u, off, die))
		return false;
	dwarf_attrs(d, die);
	return true;
}

/* ---- values ---- */

bool dwarf_is_signed(const struct dwarf_die *die, enum dwarf_at at)
{
	return die->form[at] == DW_FORM_sdata || die->form[at] == DW_FORM_implicit_const;
}

bool dwarf_uint(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, uint64_t *v)
{
	struct span s = unit_span(d, die->unit);
	uint64_t pos = die->value[at];
	uint32_t target;
	switch (die->form[at]) {
	case DW_FORM_implicit_const:
		*v = pos;
		return true;
	case DW_FORM_flag_present:
		*v = 1;
		return true;
	case DW_FORM_sdata:
		*v = (uint64_t)dwarf_sleb(s, &pos);
		return true;
	case DW_FORM_udata:
	case DW_FORM_loclistx:
	case DW_FORM_rnglistx:
		*v = dwarf_uleb(s, &pos);
		return true;
	case DW_FORM_flag:
	case DW_FORM_data1:
	case DW_FORM_data2:
	case DW_FORM_data4:
	case DW_FORM_data8:
	case DW_FORM_sec_offset:
		*v = dwarf_word(d, DWARF_INFO, pos,
			(unsigned)fixed_size(die->unit, rooms[die->form[at]]), &target);
		return true;
	default:
		return false;
	}
}

/* A string section's string: each has an end, see cut_strings(). */
static const char *string_at(const struct dwarf *d, enum dwarf_section s, uint64_t off)
{
	return off < d->section[s].n ? (const char *)d->section[s].p + off : "";
}

const char *dwarf_str(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at)
{
	const struct dwarf_unit *u = die->unit;
	struct span s = unit_span(d, u);
	uint64_t pos = die->value[at], index;
	uint32_t target;
	uint16_t form = die->form[at];
	switch (form) {
	case DW_FORM_string: /* skip_value() has seen its end */
		return (const char *)s.p + pos;
	case DW_FORM_strp:
		return string_at(
			d, DWARF_STR, dwarf_word(d, DWARF_INFO, pos, u->offset_size, &target));
	case DW_FORM_line_strp:
		return string_at(
			d, DWARF_LINE_STR, dwarf_word(d, DWARF_INFO, pos, u->offset_size, &target));
	case DW_FORM_strx:
		index = dwarf_uleb(s, &pos);
		break;
	default:
		if (form < DW_FORM_strx1 || form > DW_FORM_strx4)
			return "";
		index = span_uint(s, pos, form - DW_FORM_strx1 + 1u);
	}
	if (index > d->section[DWARF_STR_OFFSETS].n)
		return "";
	return string_at(d, DWARF_STR,
		dwarf_word(d, DWARF_STR_OFFSETS, u->base[BASE_STR] + index * u->offset_size,
			u->offset_size, &target));
}

bool dwarf_ref(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, uint64_t *off)
{
	const struct dwarf_unit *u = die->unit;
	struct span s = unit_span(d, u);
	uint64_t pos = die->value[at];
	uint32_t target;
	unsigned size = (unsigned)fixed_size(u, rooms[DW_FORM_ref_addr]);
	switch (die->form[at]) {
	case DW_FORM_ref_addr:
		*off = dwarf_word(d, DWARF_INFO, pos, size, &target);
		return true;
	case DW_FORM_ref_udata:
		*off = u->off + dwarf_uleb(s, &pos);
		return true;
	case DW_FORM_ref1:
	case DW_FORM_ref2:
	case DW_FORM_ref4:
	case DW_FORM_ref8:
		*off = u->off + span_uint(s, pos, rooms[die->form[at]]);
		return true;
	default:
		return false;
	}
}

struct span dwarf_block(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at)
{
	struct span s = unit_span(d, die->unit);
	uint64_t pos = die->value[at];
	uint8_t room = room_of(die->form[at]);
	if (room < ROOM_BLOCK1 || room > ROOM_BLOCK)
		return span_sub(s, 0, 0);
	uint64_t length = block_length(s, room, &pos);
	return span_sub(s, pos, length);
}

struct dwarf_place dwarf_indexed(const struct dwarf *d, const struct dwarf_unit *u, uint64_t index)
{
	struct dwarf_place p = {0};
	if (index <= d->section[DWARF_ADDR].n)
		p.off = dwarf_word(d, DWARF_ADDR, u->base[BASE_ADDR] + index * u->addr_size,
			u->addr_size, &p.section);
	return p;
}

bool dwarf_place(
	struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, struct dwarf_place *place)
{
	uint16_t form = die->form[at];
	struct span s = unit_span(d, die->unit);
	uint64_t pos = die->value[at];
	if (form == DW_FORM_addr) {
		place->off = dwarf_word(d, DWARF_INFO, pos, die->unit->addr_size, &place->section);
		return true;
	}
	if (form == DW_FORM_addrx || form == DW_FORM_GNU_addr_index) {
		*place = dwarf_indexed(d, die->unit, dwarf_uleb(s, &pos));
		return true;
	}
	if (form < DW_FORM_addrx1 || form > DW_FORM_addrx4)
		return false;
	*place = dwarf_indexed(d, die->unit, span_uint(s, pos, form - DW_FORM_addrx1 + 1u));
	return true;
}

/* ---- walking ---- */

uint64_t dwarf_behind(struct dwarf *d, const struct dwarf_die *die)
{
	uint64_t pos;
	if (!die->children)
		return die->next;
	if (dwarf_ref(d, die, DWARF_SIBLING, &pos) && pos > die->next && pos < die->unit->end)
		return pos;
	struct dwarf_die child;
	uint64_t depth = 1;
	for (pos = die->next; depth && pos < die->unit->end; pos = child.next) {
		if (!dwarf_head(d, die->unit, pos, &child))
			return 0;
		if (!child.tag)
			depth--;
		else if (child.children)
			depth++;
	}
	return pos;
}

static bool entry_at(struct dwarf *d, struct dwarf_unit *u, uint64_t off, struct dwarf_die *die)
{
	if (!off || off >= u->end || !dwarf_head(d, u, off, die) || !die->tag)
		return false;
	dwarf_attrs(d, die);
	return true;
}

bool dwarf_child(struct dwarf *d, const struct dwarf_die *parent, struct dwarf_die *child)
{
	return parent->children && entry_at(d, parent->unit, parent->next, child);
}

bool dwarf_next(struct dwarf *d, struct dwarf_die *die)
{
	return entry_at(d, die->unit, dwarf_behind(d, die), die);
}
