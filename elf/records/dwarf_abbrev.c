/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Forms and abbreviations. */
#include "dwarf_impl.h"

static const uint8_t encodings[] = {
	[DW_FORM_addr] = ENC_ADDR,
	[DW_FORM_block2] = ENC_BLOCK2,
	[DW_FORM_block4] = ENC_BLOCK4,
	[DW_FORM_data2] = 2,
	[DW_FORM_data4] = 4,
	[DW_FORM_data8] = 8,
	[DW_FORM_string] = ENC_STRING,
	[DW_FORM_block] = ENC_BLOCK,
	[DW_FORM_block1] = ENC_BLOCK1,
	[DW_FORM_data1] = 1,
	[DW_FORM_flag] = 1,
	[DW_FORM_sdata] = ENC_LEB,
	[DW_FORM_strp] = ENC_OFFSET,
	[DW_FORM_udata] = ENC_LEB,
	[DW_FORM_ref_addr] = ENC_REF_ADDR,
	[DW_FORM_ref1] = 1,
	[DW_FORM_ref2] = 2,
	[DW_FORM_ref4] = 4,
	[DW_FORM_ref8] = 8,
	[DW_FORM_ref_udata] = ENC_LEB,
	[DW_FORM_indirect] = ENC_INDIRECT,
	[DW_FORM_sec_offset] = ENC_OFFSET,
	[DW_FORM_exprloc] = ENC_BLOCK,
	[DW_FORM_flag_present] = ENC_NOTHING,
	[DW_FORM_strx] = ENC_LEB,
	[DW_FORM_addrx] = ENC_LEB,
	[DW_FORM_ref_sup4] = 4,
	[DW_FORM_strp_sup] = ENC_OFFSET,
	[DW_FORM_data16] = 16,
	[DW_FORM_line_strp] = ENC_OFFSET,
	[DW_FORM_ref_sig8] = 8,
	[DW_FORM_implicit_const] = ENC_NOTHING,
	[DW_FORM_loclistx] = ENC_LEB,
	[DW_FORM_rnglistx] = ENC_LEB,
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

/* DWARF's numbers of the attributes in enum dwarf_at. */
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

uint8_t dwarf_encoding(uint64_t form)
{
	if (form < sizeof encodings)
		return encodings[form];
	if (form == DW_FORM_GNU_addr_index || form == DW_FORM_GNU_str_index)
		return ENC_LEB;
	if (form == DW_FORM_GNU_ref_alt || form == DW_FORM_GNU_strp_alt)
		return ENC_OFFSET;
	return ENC_UNKNOWN;
}

int dwarf_fixed_size(const struct dwarf_unit *u, uint8_t encoding)
{
	switch (encoding) {
	case ENC_NOTHING:
		return 0;
	case ENC_OFFSET:
		return u->offset_size;
	case ENC_ADDR:
		return u->addr_size;
	case ENC_REF_ADDR:
		return u->version == 2 ? u->addr_size : u->offset_size;
	default:
		return encoding && encoding < ENC_NOTHING ? encoding : -1;
	}
}

static uint8_t at_of(uint64_t code)
{
	for (unsigned i = 0; i < DWARF_ATS; i++)
		if (at_codes[i] == code)
			return (uint8_t)i;
	return DWARF_ATS;
}

/* Tables that grow while the abbreviations of a unit are read. */
struct abbrevs {
	struct dwarf_abbrev *items;
	struct dwarf_spec *specs;
	size_t n, room, n_specs, specs_room;
};

/* The attributes of one abbreviation, up to a pair of zeroes. */
static bool read_specs(struct dwarf *d, const struct dwarf_unit *u, struct abbrevs *t,
	struct dwarf_abbrev *abbrev, uint64_t *pos)
{
	struct span s = d->section[DWARF_ABBREV];
	abbrev->first = t->n_specs;
	while (dwarf_spend(d, 1)) {
		if (*pos >= s.n)
			return dwarf_fail(d, "an abbreviation is truncated");
		uint64_t at = dwarf_uleb(s, pos), form = dwarf_uleb(s, pos);
		if (!at && !form)
			return true;
		uint8_t encoding = dwarf_encoding(form);
		if (encoding == ENC_UNKNOWN)
			return dwarf_fail(d, "a value has an unknown form");
		int size = dwarf_fixed_size(u, encoding);
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

/* Linked units may share a table. */
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

bool dwarf_read_abbrevs(struct dwarf *d, struct dwarf_unit *u)
{
	struct span s = d->section[DWARF_ABBREV];
	struct abbrevs t = {0};
	uint64_t pos = u->abbrev_off;
	if (share_abbrevs(d, u))
		return true;
	while (dwarf_spend(d, 1)) {
		if (pos >= s.n)
			return dwarf_fail(d, "the abbreviations are truncated");
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

/* Compilers number abbreviations consecutively from 1. */
const struct dwarf_abbrev *dwarf_abbrev_of(
	struct dwarf *d, const struct dwarf_unit *u, uint64_t code)
{
	if (code && code <= u->n_abbrevs && u->abbrevs[code - 1].code == code)
		return &u->abbrevs[code - 1];
	for (size_t i = 0; i < u->n_abbrevs && dwarf_spend(d, 1); i++)
		if (u->abbrevs[i].code == code)
			return &u->abbrevs[i];
	return NULL;
}
