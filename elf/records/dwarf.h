/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A reader for DWARF debug information, as far as required to locate variables and to describe their
 * types. Versions 2 to 5, 32-bit and 64-bit format, either byte order.
 *
 * .debug_info is a list of units (one per source file). A unit is a tree of entries (DIEs) in
 * preorder: an entry with children is followed by the children and by a null entry. An entry consists
 * of the code of an abbreviation, which defines its tag, its attributes and their encodings (forms),
 * and of the values. Nothing is copied and no entry is kept: a walk decodes one entry at a time, and
 * of that only the positions of the attributes in enum dwarf_at.
 *
 * In object files the debug sections have relocations. Those against other debug sections usually add
 * 0, but addresses of code differ only by them, since each code section starts at 0. Addresses are
 * therefore pairs of a section and an offset.
 *
 * The bytes are not trusted. Every read is checked, no walk recurses, and all work is charged to
 * `fuel`, which is proportional to the size of the sections: malformed or hostile input ends early,
 * with `problem` set.
 *
 * Format: DWARF 5 (dwarfstd.org), 7.5 for forms and abbreviations, 7.7.3 and 2.17.3 for lists.
 */
#ifndef SONDE_DWARF_H
#define SONDE_DWARF_H

#include "elf/base/arena.h"
#include "elf/object/elf.h"
#include "elf/base/span.h"

enum dwarf_section {
	DWARF_INFO,
	DWARF_ABBREV,
	DWARF_STR,
	DWARF_LINE_STR,
	DWARF_STR_OFFSETS,
	DWARF_ADDR,
	DWARF_RANGES,   /* before version 5 */
	DWARF_RNGLISTS, /* version 5 */
	DWARF_LOC,      /* before version 5 */
	DWARF_LOCLISTS, /* version 5 */
	DWARF_SECTIONS
};

/* The tags in use. */
enum {
	DW_TAG_array_type = 0x01,
	DW_TAG_class_type = 0x02,
	DW_TAG_enumeration_type = 0x04,
	DW_TAG_formal_parameter = 0x05,
	DW_TAG_lexical_block = 0x0b,
	DW_TAG_member = 0x0d,
	DW_TAG_pointer_type = 0x0f,
	DW_TAG_structure_type = 0x13,
	DW_TAG_subroutine_type = 0x15,
	DW_TAG_typedef = 0x16,
	DW_TAG_union_type = 0x17,
	DW_TAG_variant = 0x19,
	DW_TAG_inlined_subroutine = 0x1d,
	DW_TAG_subrange_type = 0x21,
	DW_TAG_base_type = 0x24,
	DW_TAG_const_type = 0x26,
	DW_TAG_enumerator = 0x28,
	DW_TAG_subprogram = 0x2e,
	DW_TAG_variant_part = 0x33,
	DW_TAG_variable = 0x34,
	DW_TAG_volatile_type = 0x35,
	DW_TAG_restrict_type = 0x37,
	DW_TAG_namespace = 0x39,
	DW_TAG_atomic_type = 0x47,
};

/* The attributes in use, numbered from 0. */
enum dwarf_at {
	DWARF_SIBLING,
	DWARF_LOCATION,
	DWARF_NAME,
	DWARF_BYTE_SIZE,
	DWARF_BIT_OFFSET, /* of a bit-field before version 4: from the top of its storage unit */
	DWARF_BIT_SIZE,
	DWARF_LOW_PC,
	DWARF_HIGH_PC,
	DWARF_DISCR,
	DWARF_DISCR_VALUE,
	DWARF_CONST_VALUE,
	DWARF_UPPER_BOUND,
	DWARF_ABSTRACT_ORIGIN,
	DWARF_COUNT,
	DWARF_DATA_MEMBER_LOCATION,
	DWARF_DECL_FILE,
	DWARF_DECLARATION,
	DWARF_ENCODING,
	DWARF_FRAME_BASE,
	DWARF_SPECIFICATION,
	DWARF_TYPE,
	DWARF_RANGE_LIST,
	DWARF_DATA_BIT_OFFSET,
	DWARF_STR_OFFSETS_BASE,
	DWARF_ADDR_BASE,
	DWARF_RNGLISTS_BASE,
	DWARF_LOCLISTS_BASE,
	DWARF_ATS
};

/* A code address: ELF section (0: unknown) and offset. */
struct dwarf_place {
	uint32_t section;
	uint64_t off;
};

struct dwarf_abbrev;
struct dwarf_spec;
struct dwarf_fix;

struct dwarf_unit {
	uint64_t off, first, end; /* of its header, its first entry, and its end */
	uint64_t abbrev_off;
	uint16_t version;
	uint8_t addr_size, offset_size; /* bytes */
	bool ready, broken;             /* the members below have been read; could not be read */
	const struct dwarf_abbrev *abbrevs;
	const struct dwarf_spec *specs;
	size_t n_abbrevs;
	uint64_t base[4]; /* of string offsets, addresses, range lists, location lists */
	struct dwarf_place low_pc;
};

struct dwarf {
	struct arena *arena; /* borrowed */
	bool big;
	struct span section[DWARF_SECTIONS];
	struct dwarf_fix *fixes[DWARF_SECTIONS]; /* relevant relocations, sorted */
	size_t n_fixes[DWARF_SECTIONS];
	struct dwarf_unit *units; /* in the order of the file */
	size_t n_units;
	uint64_t fuel;
	const char *problem; /* the first problem, for messages; NULL: none */
	uint32_t errors;     /* number of problems */
};

/* One entry. form and value are only valid after dwarf_attrs(). */
struct dwarf_die {
	struct dwarf_unit *unit;
	uint64_t off;  /* in .debug_info, the target of references */
	uint64_t next; /* end of its attributes: the first child, or the next sibling */
	uint16_t tag;  /* 0: the null entry at the end of a list of children */
	bool children;
	const struct dwarf_abbrev *abbrev;
	uint64_t values;           /* offset of its values */
	uint16_t form[DWARF_ATS];  /* 0: no such attribute */
	uint64_t value[DWARF_ATS]; /* offset in .debug_info; implicit_const: the value */
};

/*
 * Finds the debug sections and units of a file, whose bytes are borrowed. All memory comes from a.
 * False if there is no usable debug information (see d->problem) or memory is exhausted (d->problem
 * is NULL).
 */
bool dwarf_open(struct dwarf *d, const struct elf *elf, struct arena *a);

/* Reads the abbreviations and bases of a unit, which its entries require. */
bool dwarf_ready(struct dwarf *d, struct dwarf_unit *u);

/* Reads tag and extent of the entry at off. False if it is malformed, or fuel is exhausted. */
bool dwarf_head(struct dwarf *d, struct dwarf_unit *u, uint64_t off, struct dwarf_die *die);
void dwarf_attrs(struct dwarf *d, struct dwarf_die *die);

/* Reads the entry at an offset of .debug_info, in any unit, and its attributes. */
bool dwarf_at(struct dwarf *d, uint64_t off, struct dwarf_die *die);

static inline bool dwarf_has(const struct dwarf_die *die, enum dwarf_at at)
{
	return die->form[at] != 0;
}

/* A number; false if there is none. Signed forms are sign-extended. */
bool dwarf_uint(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, uint64_t *v);
/* Whether the form of an attribute is signed. */
bool dwarf_is_signed(const struct dwarf_die *die, enum dwarf_at at);
/* A string, borrowed from the file; "" if there is none. */
const char *dwarf_str(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at);
/* The offset of the entry that an attribute refers to. */
bool dwarf_ref(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, uint64_t *off);
/* An expression or block; empty if there is none. */
struct span dwarf_block(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at);
/* An address. */
bool dwarf_place(
	struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, struct dwarf_place *place);

/* The first child of an entry; false if there is none. */
bool dwarf_child(struct dwarf *d, const struct dwarf_die *parent, struct dwarf_die *child);
/* Advances to the next sibling; false after the last one. */
bool dwarf_next(struct dwarf *d, struct dwarf_die *die);
/* The offset of the entry after the children of this one, 0 if they are malformed. */
uint64_t dwarf_after(struct dwarf *d, const struct dwarf_die *die);

/* Charges work; false, with problem set, if fuel is exhausted. */
bool dwarf_spend(struct dwarf *d, uint64_t work);

/* A relocated number of `size` bytes at off of a section; *target: the section that it points to, 0
 * if there is no relocation. */
uint64_t dwarf_word(
	const struct dwarf *d, enum dwarf_section s, uint64_t off, unsigned size, uint32_t *target);
/* An address of a unit by its index in .debug_addr. */
struct dwarf_place dwarf_indexed(const struct dwarf *d, const struct dwarf_unit *u, uint64_t index);
/* LEB128 numbers; advances *pos, to the end of the span if the number is truncated. */
uint64_t dwarf_uleb(struct span s, uint64_t *pos);
int64_t dwarf_sleb(struct span s, uint64_t *pos);

/* ---- ranges and locations (dwarf_list.c) ---- */

/* A code range, and a location that is valid there. */
struct dwarf_piece {
	uint32_t section;
	uint64_t begin, end;
	bool always;      /* the whole scope of the entry */
	struct span expr; /* location expression */
};

/* An iterator over a range or location list. */
struct dwarf_list {
	struct dwarf *d;
	struct dwarf_unit *unit;
	enum dwarf_section section;
	uint64_t pos;
	struct dwarf_place base;
	bool one; /* there is no list, only `first` */
	bool done;
	struct dwarf_piece first;
};

/* The code of an entry (low_pc and high_pc, or ranges); false if it has none. */
bool dwarf_code_of(struct dwarf *d, const struct dwarf_die *die, struct dwarf_list *l);
/* The locations of a variable. */
bool dwarf_locations_of(struct dwarf *d, const struct dwarf_die *die, struct dwarf_list *l);
bool dwarf_next_piece(struct dwarf_list *l, struct dwarf_piece *p);

/* A decoded location expression, if it is a simple one. */
enum dwarf_where_kind {
	DWARF_NOWHERE,
	DWARF_IN_REG, /* the variable is in register `reg` */
	DWARF_AT,     /* the variable is in memory at `reg` + `off` */
	DWARF_IS      /* the variable's value is `reg` + `off` */
};
struct dwarf_where {
	enum dwarf_where_kind kind;
	unsigned reg;
	int64_t off;
};

/* Decodes a location expression. frame: the frame base of the function, DWARF_IN_REG or DWARF_AT (both
 * denote the value of reg + off); DWARF_NOWHERE if unknown. */
struct dwarf_where dwarf_where(struct span expr, struct dwarf_where frame);

/* ---- types (dwarf_btf.c) ---- */

struct btf_append;

/* A type without typedefs and qualifiers. */
struct dwarf_shape {
	uint64_t off;     /* of its entry */
	uint16_t tag;     /* 0: void, or malformed */
	uint64_t size;    /* bytes; 0: none */
	uint64_t pointee; /* of a pointer: the type it refers to, 0: void */
	uint64_t named;   /* the entry that names it: that of a struct, union or enum with a name,
	                     else the first typedef, else `off` */
	const char *name; /* of `named`, "": none */
};

struct dwarf_shape dwarf_shape(struct dwarf *d, uint64_t type);

/* Whether the type ends with a flexible array member. */
bool dwarf_has_flexible_array(struct dwarf *d, uint64_t type);

/*
 * Converts a type and all types that it contains to BTF; of types that it points to, only the names.
 * Types with the same name and size in the base BTF are reused. Returns the id, or 0, with nothing
 * added, if the type is malformed or has no equivalent in BTF.
 */
uint32_t dwarf_to_btf(struct dwarf *d, uint64_t type, struct btf_append *out);

#endif
