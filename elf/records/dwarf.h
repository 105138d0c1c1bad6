/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * DWARF, the debug information of compilers, as far as it tells which variable is where and what
 * its type looks like. Versions 2 to 5, 32-bit and 64-bit format, either byte order.
 *
 * .debug_info is a list of units (a source file each), a unit a tree of entries (DIEs), written as
 * a preorder walk: an entry with children is followed by them and by an empty entry. An entry is
 * the number of an abbreviation, which names its tag, its attributes and how each is encoded
 * (form), and the values. Nothing is copied and no entry is kept: a walk decodes one at a time, and
 * of it only the places of the attributes that are listed in enum dwarf_at.
 *
 * In an object file the sections of DWARF have relocations. Those against another debug section
 * mostly add 0; the addresses of code, however, are told apart only by them: each code section
 * begins at 0. So an address is a place: a section and an offset.
 *
 * The bytes are never trusted. Every read is checked, no walk recurses, and all work is paid from
 * `fuel`, which is proportional to the size of the sections: what is broken or hostile ends early,
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
	DWARF_RANGES,   /* before 5 */
	DWARF_RNGLISTS, /* 5 */
	DWARF_LOC,      /* before 5 */
	DWARF_LOCLISTS, /* 5 */
	DWARF_SECTIONS
};

/* Tags: those that are looked at. */
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

/* Attributes: those that are looked at, numbered from 0. */
enum dwarf_at {
	DWARF_SIBLING,
	DWARF_LOCATION,
	DWARF_NAME,
	DWARF_BYTE_SIZE,
	DWARF_BIT_OFFSET, /* of a bit-field before 4: from the top of its storage unit */
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

/* A place in the code: ELF section, 0 when the file doesn't tell, and byte. */
struct dwarf_place {
	uint32_t section;
	uint64_t off;
};

struct dwarf_abbrev;
struct dwarf_spec;
struct dwarf_fix;

struct dwarf_unit {
	uint64_t off, first, end; /* of its header, its first entry, and behind it */
	uint64_t abbrev_off;
	uint16_t version;
	uint8_t addr_size, offset_size; /* bytes */
	bool ready, broken;             /* what follows has been read; could not be */
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
	struct dwarf_fix *fixes[DWARF_SECTIONS]; /* relocations that matter, sorted */
	size_t n_fixes[DWARF_SECTIONS];
	struct dwarf_unit *units; /* in the order of the file */
	size_t n_units;
	uint64_t fuel;
	const char *problem; /* the first thing that was wrong, for people; NULL: none */
	uint32_t errors;     /* how many things were */
};

/* One entry. The head is valid after dwarf_head(), the attributes after dwarf_attrs(). */
struct dwarf_die {
	struct dwarf_unit *unit;
	uint64_t off;  /* in .debug_info: what references name */
	uint64_t next; /* behind its attributes: the first child, or the next sibling */
	uint16_t tag;  /* 0: the empty entry that ends a list of children */
	bool children;
	const struct dwarf_abbrev *abbrev;
	uint64_t values;           /* where its values begin */
	uint16_t form[DWARF_ATS];  /* 0: it has no such attribute */
	uint64_t value[DWARF_ATS]; /* where it is in .debug_info; implicit_const: the value */
};

/*
 * Finds the sections and units of a file. The arena owns what is noted about them; the bytes of
 * the file are borrowed. False when there is no debug information, or none that can be read, and
 * when memory is short; d->problem says which.
 */
bool dwarf_open(struct dwarf *d, const struct elf *elf, struct arena *a);

/* The abbreviations and bases of a unit, needed before any of its entries is read. */
bool dwarf_ready(struct dwarf *d, struct dwarf_unit *u);

/* The head of the entry at off, and how far it reaches. False: broken, outside, out of fuel. */
bool dwarf_head(struct dwarf *d, struct dwarf_unit *u, uint64_t off, struct dwarf_die *die);
void dwarf_attrs(struct dwarf *d, struct dwarf_die *die);

/* Head and attributes of the entry at an offset of .debug_info, in whatever unit. */
bool dwarf_at(struct dwarf *d, uint64_t off, struct dwarf_die *die);

static inline bool dwarf_has(const struct dwarf_die *die, enum dwarf_at at)
{
	return die->form[at] != 0;
}

/* A number; false when absent or not one. Signed forms are extended to 64 bits. */
bool dwarf_uint(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, uint64_t *v);
/* True for an attribute whose form is signed. */
bool dwarf_is_signed(const struct dwarf_die *die, enum dwarf_at at);
/* A string, borrowed from the file; "" when absent or broken. */
const char *dwarf_str(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at);
/* The offset of the entry that it refers to. */
bool dwarf_ref(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, uint64_t *off);
/* An expression or block; empty when absent. */
struct span dwarf_block(struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at);
/* An address. */
bool dwarf_place(
	struct dwarf *d, const struct dwarf_die *die, enum dwarf_at at, struct dwarf_place *place);

/* The first child of an entry; false when there is none. */
bool dwarf_child(struct dwarf *d, const struct dwarf_die *parent, struct dwarf_die *child);
/* From an entry to its next sibling; false behind the last. */
bool dwarf_next(struct dwarf *d, struct dwarf_die *die);
/* Where the list of siblings goes on behind the children of this entry, 0 when they are broken. */
uint64_t dwarf_behind(struct dwarf *d, const struct dwarf_die *die);

/* Takes work from the fuel; false (and problem) when there is none left. */
bool dwarf_spend(struct dwarf *d, uint64_t work);

/* A number of `size` bytes at off of a section, relocated; *target: the section that it points
 * into, 0 when no relocation says. */
uint64_t dwarf_word(
	const struct dwarf *d, enum dwarf_section s, uint64_t off, unsigned size, uint32_t *target);
/* Address number `index` of a unit. */
struct dwarf_place dwarf_indexed(const struct dwarf *d, const struct dwarf_unit *u, uint64_t index);
/* LEB128 numbers; *pos moves behind them, to the end when they are cut short. */
uint64_t dwarf_uleb(struct span s, uint64_t *pos);
int64_t dwarf_sleb(struct span s, uint64_t *pos);

/* ---- where things are (dwarf_list.c) ---- */

/* A stretch of code, and what holds there. */
struct dwarf_piece {
	uint32_t section;
	uint64_t begin, end;
	bool always;      /* everywhere where the entry is in scope */
	struct span expr; /* of a location */
};

/* A walk over such stretches. */
struct dwarf_list {
	struct dwarf *d;
	struct dwarf_unit *unit;
	enum dwarf_section section;
	uint64_t pos;
	struct dwarf_place base;
	bool one; /* only `first`, which needs no list */
	bool done;
	struct dwarf_piece first;
};

/* The code that an entry covers (low_pc and high_pc, or ranges); false when it covers none. */
bool dwarf_code_of(struct dwarf *d, const struct dwarf_die *die, struct dwarf_list *l);
/* The places that a variable goes through. */
bool dwarf_locations_of(struct dwarf *d, const struct dwarf_die *die, struct dwarf_list *l);
bool dwarf_next_piece(struct dwarf_list *l, struct dwarf_piece *p);

/* What a location expression comes down to, as far as it is one of the simple ones. */
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

/* frame: the frame base of the function, of kind DWARF_IN_REG or DWARF_AT (both mean the value of
 * reg + off); DWARF_NOWHERE when unknown. */
struct dwarf_where dwarf_where(struct span expr, struct dwarf_where frame);

/* ---- types (dwarf_btf.c) ---- */

struct btf_append;

/* What a type comes down to behind typedefs and qualifiers. */
struct dwarf_shape {
	uint64_t off;     /* of the entry reached */
	uint16_t tag;     /* its tag, 0 for void or broken */
	uint64_t size;    /* bytes; 0 when it has none */
	uint64_t pointee; /* of a pointer: its type, 0 for void */
	uint64_t named;   /* the entry to call it by: that of a struct, union or enum with a name,
	                     else the first typedef on the way, else what was reached */
	const char *name; /* of `named`, "" when there is none */
};

struct dwarf_shape dwarf_shape(struct dwarf *d, uint64_t type);

/* Whether its last member is an array without length. */
bool dwarf_ends_open(struct dwarf *d, uint64_t type);

/*
 * Adds the type to BTF, with all it consists of; behind pointers only names. What the BTF has
 * already by the same name and size is used. Returns the id, 0 when the type can't be expressed or
 * is broken (nothing is added then).
 */
uint32_t dwarf_to_btf(struct dwarf *d, uint64_t type, struct btf_append *out);

#endif
