/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Entries and the values of their attributes. */
#include "dwarf_impl.h"

/* .debug_info up to the end of a unit. */
static struct span unit_span(const struct dwarf *d, const struct dwarf_unit *u)
{
	return span_sub(d->section[DWARF_INFO], 0, u->end);
}

/* Reads the length of a block and advances *pos. */
static uint64_t block_length(struct span s, uint8_t encoding, uint64_t *pos)
{
	if (encoding == ENC_BLOCK)
		return dwarf_uleb(s, pos);
	unsigned size = encoding == ENC_BLOCK1 ? 1 : encoding == ENC_BLOCK2 ? 2 : 4;
	uint64_t length = span_uint(s, *pos, size);
	*pos += size;
	return length;
}

/* Skips a value; *form is replaced if it is DW_FORM_indirect. */
static bool skip_value(
	struct dwarf *d, const struct dwarf_unit *u, struct span s, uint64_t *form, uint64_t *pos)
{
	uint8_t encoding = dwarf_encoding(*form);
	if (encoding == ENC_INDIRECT) {
		*form = dwarf_uleb(s, pos);
		encoding = dwarf_encoding(*form);
		if (encoding == ENC_INDIRECT || *form == DW_FORM_implicit_const)
			encoding = ENC_UNKNOWN;
	}
	uint64_t start = *pos;
	int size = dwarf_fixed_size(u, encoding);
	if (size >= 0) {
		*pos += (unsigned)size;
	} else if (encoding == ENC_LEB) {
		dwarf_uleb(s, pos);
	} else if (encoding == ENC_STRING) {
		const uint8_t *nul = *pos < s.n ? memchr(s.p + *pos, 0, s.n - (size_t)*pos) : NULL;
		*pos = nul ? (uint64_t)(nul - s.p) + 1 : s.n + 1;
	} else if (encoding >= ENC_BLOCK1 && encoding <= ENC_BLOCK) {
		uint64_t length = block_length(s, encoding, pos);
		*pos = span_has(s, *pos, length) ? *pos + length : s.n + 1;
	} else {
		return dwarf_fail(d, "a value has an unknown form");
	}
	if (*pos > s.n)
		return dwarf_fail(d, "an entry is truncated");
	return dwarf_spend(d, (*pos - start) / 64);
}

bool dwarf_head(struct dwarf *d, struct dwarf_unit *u, uint64_t off, struct dwarf_die *die)
{
	struct span s = unit_span(d, u);
	uint64_t pos = off;
	if (!dwarf_spend(d, 1))
		return false;
	if (off < u->first || off >= u->end)
		return dwarf_fail(d, "a reference is outside its unit");
	uint64_t code = dwarf_uleb(s, &pos);
	die->unit = u;
	die->off = off;
	die->next = pos;
	die->tag = 0;
	die->children = false;
	die->abbrev = NULL;
	die->form[DWARF_SIBLING] = 0; /* dwarf_after() works without attributes, too */
	if (!code)
		return true;
	const struct dwarf_abbrev *abbrev = dwarf_abbrev_of(d, u, code);
	if (!abbrev || !abbrev->tag)
		return dwarf_fail(d, "an entry has no abbreviation");
	die->abbrev = abbrev;
	die->tag = abbrev->tag;
	die->children = abbrev->children;
	die->values = pos;
	if (abbrev->fixed >= 0) {
		die->next = pos + (uint64_t)abbrev->fixed;
		return die->next <= s.n || dwarf_fail(d, "an entry is truncated");
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
			(unsigned)dwarf_fixed_size(die->unit, dwarf_encoding(die->form[at])),
			&target);
		return true;
	default:
		return false;
	}
}

/* All strings are terminated, see cut_strings(). */
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
	case DW_FORM_string: /* terminated, see skip_value() */
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
	unsigned size = (unsigned)dwarf_fixed_size(u, dwarf_encoding(DW_FORM_ref_addr));
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
		*off = u->off + span_uint(s, pos, dwarf_encoding(die->form[at]));
		return true;
	default:
		return false;
	}
}

struct span dwarf_block(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at)
{
	struct span s = unit_span(d, die->unit);
	uint64_t pos = die->value[at];
	uint8_t encoding = dwarf_encoding(die->form[at]);
	if (encoding < ENC_BLOCK1 || encoding > ENC_BLOCK)
		return span_sub(s, 0, 0);
	uint64_t length = block_length(s, encoding, &pos);
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

/* Skips entries whose size follows from their abbreviation, which are almost all, until *depth is 0.
 * Returns the offset of the first one that has to be looked at. */
static uint64_t skip_fixed(struct dwarf *d, const struct dwarf_unit *u, struct span info,
	uint64_t pos, uint64_t *depth)
{
	uint64_t n = 0;
	for (; *depth && pos < info.n; n++) {
		const uint8_t code = info.p[pos]; /* the first byte of a longer one is above 127 */
		if (!code) {
			--*depth;
			pos++;
			continue;
		}
		const struct dwarf_abbrev *abbrev = &u->abbrevs[code - 1];
		if (code > u->n_abbrevs || abbrev->code != code || !abbrev->tag ||
			abbrev->fixed < 0 || (uint64_t)abbrev->fixed >= info.n - pos)
			break;
		*depth += abbrev->children;
		pos += 1 + (uint64_t)abbrev->fixed;
	}
	return dwarf_spend(d, n) ? pos : info.n;
}

uint64_t dwarf_after(struct dwarf *d, const struct dwarf_die *die)
{
	uint64_t pos;
	if (!die->children)
		return die->next;
	if (dwarf_ref(d, die, DWARF_SIBLING, &pos) && pos > die->next && pos < die->unit->end)
		return pos;
	struct dwarf_die child;
	const struct span info = unit_span(d, die->unit);
	uint64_t depth = 1;
	for (pos = die->next;; pos = child.next) {
		pos = skip_fixed(d, die->unit, info, pos, &depth);
		if (!depth || pos >= die->unit->end)
			return pos;
		if (!dwarf_head(d, die->unit, pos, &child))
			return 0;
		depth += child.tag ? child.children : UINT64_MAX;
	}
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
	return entry_at(d, die->unit, dwarf_after(d, die), die);
}
