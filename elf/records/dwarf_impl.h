/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by the files of dwarf.h: dwarf.c (sections, units), dwarf_abbrev.c (forms, abbreviations),
 * dwarf_die.c (entries), dwarf_list.c (ranges and locations).
 */
#ifndef SONDE_DWARF_IMPL_H
#define SONDE_DWARF_IMPL_H

#include "dwarf.h"

/* Forms: how a value is written. */
enum {
	DW_FORM_addr = 0x01,
	DW_FORM_block2 = 0x03,
	DW_FORM_block4 = 0x04,
	DW_FORM_data2 = 0x05,
	DW_FORM_data4 = 0x06,
	DW_FORM_data8 = 0x07,
	DW_FORM_string = 0x08,
	DW_FORM_block = 0x09,
	DW_FORM_block1 = 0x0a,
	DW_FORM_data1 = 0x0b,
	DW_FORM_flag = 0x0c,
	DW_FORM_sdata = 0x0d,
	DW_FORM_strp = 0x0e,
	DW_FORM_udata = 0x0f,
	DW_FORM_ref_addr = 0x10,
	DW_FORM_ref1 = 0x11,
	DW_FORM_ref2 = 0x12,
	DW_FORM_ref4 = 0x13,
	DW_FORM_ref8 = 0x14,
	DW_FORM_ref_udata = 0x15,
	DW_FORM_indirect = 0x16,
	DW_FORM_sec_offset = 0x17,
	DW_FORM_exprloc = 0x18,
	DW_FORM_flag_present = 0x19,
	DW_FORM_strx = 0x1a,
	DW_FORM_addrx = 0x1b,
	DW_FORM_ref_sup4 = 0x1c,
	DW_FORM_strp_sup = 0x1d,
	DW_FORM_data16 = 0x1e,
	DW_FORM_line_strp = 0x1f,
	DW_FORM_ref_sig8 = 0x20,
	DW_FORM_implicit_const = 0x21,
	DW_FORM_loclistx = 0x22,
	DW_FORM_rnglistx = 0x23,
	DW_FORM_ref_sup8 = 0x24,
	DW_FORM_strx1 = 0x25,
	DW_FORM_strx4 = 0x28,
	DW_FORM_addrx1 = 0x29,
	DW_FORM_addrx4 = 0x2c,
	DW_FORM_GNU_addr_index = 0x1f01,
	DW_FORM_GNU_str_index = 0x1f02,
	DW_FORM_GNU_ref_alt = 0x1f20,
	DW_FORM_GNU_strp_alt = 0x1f21,
};

/* The size of a value, by its form: up to 16 bytes as a number, else one of these. */
enum {
	ENC_UNKNOWN = 0, /* the form is not known; a form without any bytes is ENC_NOTHING */
	ENC_NOTHING = 32,
	ENC_LEB,
	ENC_OFFSET,   /* 4 or 8, by the format of the unit */
	ENC_ADDR,     /* the address size of the unit */
	ENC_REF_ADDR, /* that of an offset, in version 2 of an address */
	ENC_STRING,   /* up to and including a NUL */
	ENC_BLOCK1,   /* a length of 1 byte and that many bytes */
	ENC_BLOCK2,
	ENC_BLOCK4,
	ENC_BLOCK,    /* the same with a LEB128 length */
	ENC_INDIRECT, /* the form precedes the value */
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
	int32_t fixed;   /* total size of the values, -1 if it depends on them */
};

/* The tables of a unit, in dwarf_unit.base. */
enum { BASE_STR, BASE_ADDR, BASE_RNGLISTS, BASE_LOCLISTS };

/* An address, by value or by index. */
static inline bool is_address_form(uint16_t form)
{
	return form == DW_FORM_addr || form == DW_FORM_addrx || form == DW_FORM_GNU_addr_index ||
	       (form >= DW_FORM_addrx1 && form <= DW_FORM_addrx4);
}

/* Records the first problem. Returns false. */
bool dwarf_fail(struct dwarf *d, const char *what);

uint8_t dwarf_encoding(uint64_t form);

/* The size of a value in bytes, -1 if it depends on the value. */
int dwarf_fixed_size(const struct dwarf_unit *u, uint8_t encoding);

/* Reads the abbreviations of a unit, or shares those of the unit before it. */
bool dwarf_read_abbrevs(struct dwarf *d, struct dwarf_unit *u);

/* The abbreviation with this code, NULL if there is none. */
const struct dwarf_abbrev *dwarf_abbrev_of(
	struct dwarf *d, const struct dwarf_unit *u, uint64_t code);

#endif
