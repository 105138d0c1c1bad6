/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * BTF, the kernel's type format, read in place.
 *
 * A BTF blob consists of a header, type records of variable size, numbered from 1 in file order, and
 * a string section. Nothing is copied: opening validates each record once and indexes every
 * BTF_STRIDE-th one, so that the 5 MB of a kernel require some ten kilobytes of memory. In a small
 * blob (that of an object, whose types are looked up frequently) every record is indexed. Split BTF
 * (of a module) continues the ids and string offsets of its base. The types of a kernel may be opened
 * without a look at them: the first walk over them validates and indexes as it goes.
 *
 * The bytes are not trusted: after btf_open() no accessor reads outside the blob, whatever id it is
 * passed, and every chain of references is bounded. Either byte order.
 * Format: Documentation/bpf/btf.rst of the kernel.
 */
#ifndef SONDE_BTF_H
#define SONDE_BTF_H

#include "btf_kind.h"
#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "elf/base/span.h"

/* The blob: sizes in bytes of the header (without and with the layout section) and of a type. */
enum {
	BTF_MAGIC = 0xeb9f,
	BTF_VERSION = 1,
	BTF_HEADER = 24,
	BTF_HEADER_LAYOUT = 32,
	BTF_RECORD = 12,
	BTF_WORD = 4,
};

enum { BTF_INT_SIGNED = 1, BTF_INT_CHAR = 2, BTF_INT_BOOL = 4 }; /* encoding bits of an INT */
enum { BTF_STATIC, BTF_GLOBAL, BTF_EXTERN };                     /* linkage of FUNC and VAR */
enum { BTF_STRIDE = 32, BTF_SMALL = 256 << 10, BTF_DEPTH = 32 }; /* small: bytes of types */

struct btf_meanings; /* for code that prints values: loader/show/typed.h */

struct btf {
	struct span data;          /* the whole blob, borrowed */
	struct span types;         /* type section */
	struct span layout;        /* sizes of kinds, 4 bytes each; empty before 7.1 */
	struct span strings;       /* string section, without that of the base */
	const struct btf *base;    /* NULL unless split */
	uint32_t first;            /* id of the first type of this blob: 1 unless split */
	uint32_t end;              /* one past the last id; not less than that if opened lazily */
	uint32_t first_string;     /* offset at which this blob's strings begin: 0 unless split */
	const uint32_t *index;     /* offset in types of type first + i * stride */
	uint32_t stride;           /* BTF_STRIDE, or 1 if types.n is at most BTF_SMALL */
	struct btf_finder *finder; /* for btf_find(); NULL: it goes through all types */
	struct btf_frontier *frontier; /* opened lazily: how far records are known; else NULL */
	struct btf_pages *pages;       /* bytes that are read when they are needed; else NULL */
	const char *origin;            /* borrowed, may be NULL: precedes errors of btf_end() */
	uint8_t ptr_size;              /* 4 or 8, that of `long`; 8 if there is no such INT */
	const struct btf_meanings *meanings; /* borrowed, NULL after btf_open(); not used in elf/ */
};

/* One decoded type record. Valid as long as the blob. */
struct btf_type {
	uint32_t id;
	uint32_t name_off;
	uint8_t kind;     /* enum btf_kind, or larger: only known to the layout section */
	bool kflag;       /* STRUCT/UNION: bit-field members; FWD: a union; ENUM: signed */
	uint32_t vlen;    /* 24 bits since about 7.1, 16 before; members, enumerators, parameters,
	                     section variables; FUNC: linkage */
	uint32_t size;    /* bytes: INT, STRUCT, UNION, ENUM, ENUM64, DATASEC, FLOAT; else 0 */
	uint32_t type;    /* the type referred to: PTR, TYPEDEF, CV, FUNC, FUNC_PROTO (return), VAR,
	                   * TAGs, ARRAY (element); else 0 */
	struct span tail; /* the bytes after the record */
	const struct btf *btf; /* the blob that holds it */
};

static inline bool btf_is_composite(const struct btf_type *t) /* struct or union */
{
	return btf_kind_in(t->kind, BTF_COMPOSITES);
}

static inline bool btf_is_enum(const struct btf_type *t) /* ENUM or ENUM64 */
{
	return btf_kind_in(t->kind, BTF_ENUMS);
}

static inline bool btf_is_modifier(const struct btf_type *t) /* typedef, qualifier or type tag */
{
	return btf_kind_in(t->kind, BTF_MODIFIERS);
}

struct btf_member {       /* of STRUCT, UNION */
	const char *name; /* "" when anonymous; never NULL */
	uint32_t name_off;
	uint32_t type;
	uint32_t bit_off;
	uint8_t bit_size; /* 0 unless a bit-field */
};
struct btf_enumerator {
	const char *name;
	uint32_t name_off;
	int64_t value; /* sign-extended if the enum is signed */
};
struct btf_param {
	const char *name;
	uint32_t type;
};
struct btf_secinfo {
	uint32_t type, offset, size;
}; /* variable of a DATASEC */

/*
 * Validates and opens a blob. base: the BTF that a split blob extends, or NULL; base and data must
 * outlive *b; the index is allocated from a.
 * Fails on: bad magic, unknown version, sections outside the blob, truncated records, string offsets
 * outside the string section, and kinds newer than ENUM64 unless the header has a layout section,
 * which makes it possible to skip them.
 */
bool btf_open(
	struct btf *b, struct span data, const struct btf *base, struct arena *a, struct err *e);

/*
 * The same for BTF that is not split, without a look at the types: each is validated when it is first
 * reached, and records past an invalid one do not exist. Type ids are found by walking there once.
 * btf_end() names the invalid record, which every reader of all types should call.
 *
 * source: NULL if data is complete. Otherwise data is room for the blob, zeroed, which is filled page by
 * page with what is used, by calls of read(). A walk leaves no pages behind. Only for the BTF of a
 * kernel, in which no string is the end of another one, as btf_next_named() assumes then.
 */
struct btf_source {
	bool (*read)(void *ctx, size_t off, uint8_t *to, size_t n);
	void *ctx;
};
bool btf_open_lazily(struct btf *b, struct span data, const struct btf_source *source,
	struct arena *a, struct err *e);

/* Validates the types not reached so far. Returns one past the last id, or 0 with e set. At once
 * unless the blob was opened lazily. */
uint32_t btf_end(const struct btf *b, struct err *e);

/* Decodes type id. id 0 is void. False, with *t set to void, if there is no such id. */
bool btf_type(const struct btf *b, uint32_t id, struct btf_type *t);

/* Iterates over the types of this blob (not of its base) in order: start with t->id = 0, continue
 * while it returns true. Much faster than btf_type() for each id. */
bool btf_next(const struct btf *b, struct btf_type *t);

/* The same for a set of kinds: bits 1 << kind, or UINT32_MAX for all. Skipping the others costs
 * almost nothing. */
bool btf_next_in(const struct btf *b, struct btf_type *t, uint32_t kinds);

/*
 * Names that are searched for, and the kinds of their types. {0} finds nothing. first: by a hash of the
 * first four characters, 1 + the index of a name, whose next is the same; BTF_ANY: all match.
 */
enum { BTF_FIRSTS = 1024, BTF_NAMES = 96, BTF_ANY = 255 };
struct btf_names {
	uint32_t kinds;
	uint32_t n;
	uint8_t first[BTF_FIRSTS];
	struct {
		const char *name;
		uint32_t len;
		uint8_t next;
	} list[BTF_NAMES];
};

/* Adds a name of len characters, for types of these kinds; also with a flavor: "sock___old". It is
 * borrowed. len 0: any name. */
void btf_names_add(struct btf_names *names, uint32_t kinds, const char *name, size_t len);

/* Iterates over the types that may have one of the names; the caller compares. Otherwise like
 * btf_next(); the first walk over a kernel's 130,000 types costs twenty instructions for each. */
bool btf_next_named(const struct btf *b, struct btf_type *t, const struct btf_names *names);

/* The string at an offset; "" for 0 and for invalid offsets. Never NULL. */
const char *btf_str(const struct btf *b, uint32_t off);
const char *btf_name(const struct btf_type *t);

/* The i-th part of a type; zeroes (name "") if i is out of range or the kind has no such parts. */
struct btf_member btf_member(const struct btf_type *t, uint32_t i);
struct btf_enumerator btf_enumerator(const struct btf_type *t, uint32_t i);

/* Index of the first member from i on that has this name or none; t->vlen if there is no such one. */
uint32_t btf_member_near(const struct btf_type *t, uint32_t i, const char *name);
struct btf_param btf_param(const struct btf_type *t, uint32_t i);
struct btf_secinfo btf_secinfo(const struct btf_type *t, uint32_t i);

/* Offset of the i-th part in t->tail. */
static inline size_t btf_part(const struct btf_type *t, uint32_t i)
{
	return t->kind < BTF_KINDS ? (size_t)i * btf_kinds[t->kind].each : 0;
}

uint32_t btf_array_len(const struct btf_type *t); /* elements of an ARRAY */
uint8_t btf_int_encoding(const struct btf_type *t);
uint8_t btf_int_bits(const struct btf_type *t);
uint8_t btf_int_offset(const struct btf_type *t); /* legacy bit offset, 0 in modern BTF */
uint32_t btf_var_linkage(const struct btf_type *t);
int32_t btf_decl_tag_component(const struct btf_type *t); /* -1: the declaration itself */

/* Follows modifiers (at most BTF_DEPTH) from id. Returns the id reached, decoded in *t; 0 (void)
 * also if the chain is too long or broken. */
uint32_t btf_skip(const struct btf *b, uint32_t id, struct btf_type *t);

/* The size of a value of type id in bytes, with b->ptr_size for pointers; -1 if it has no size (void,
 * function, FWD) or overflows 2^31. */
int64_t btf_size(const struct btf *b, uint32_t id);
int64_t btf_size_of(const struct btf_type *t); /* the same for a decoded type */

/* The first id with this kind and exact name (the base first); 0 if there is none. Linear for more than
 * BTF_SMALL bytes of types; others are indexed by name from the third call on. */
uint32_t btf_find(const struct btf *b, enum btf_kind kind, const char *name);

/* Writes the C spelling of a type ("struct event *", "char[16]", "u32") to buf, truncated. */
void btf_spell(const struct btf *b, uint32_t id, char *buf, size_t size);

/*
 * .BTF.ext: lists of function, line and CO-RE records for each ELF section.
 * The file specifies the record sizes, which a newer compiler may increase; at least 8, 16 and 16
 * bytes are required.
 */
enum btf_ext_what { BTF_EXT_FUNC, BTF_EXT_LINE, BTF_EXT_CORE, BTF_EXT_LISTS };

struct btf_ext {
	struct span list[BTF_EXT_LISTS];  /* the three subsections, without the record size */
	uint32_t rec_size[BTF_EXT_LISTS]; /* 0: the list is absent */
};

bool btf_ext_open(struct btf_ext *x, struct span data, struct err *e);

/* The next ELF section of a list from *pos, which begins at 0: the string offset of its name, and its
 * records. False at the end. */
bool btf_ext_next(const struct btf_ext *x, enum btf_ext_what what, uint64_t *pos, uint32_t *name,
	struct span *records);

/* The records of one ELF section in one list: an empty span if it has none. Sets *rec_size. b has the
 * strings. If a section is listed twice, only its first records. */
struct span btf_ext_section(const struct btf_ext *x, enum btf_ext_what what, const struct btf *b,
	const char *section, uint32_t *rec_size);

#endif
