/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * BTF, the kernel's type format, read in place.
 *
 * A BTF blob is a header, type records of variable size numbered from 1 in file order, and a string
 * section. Nothing is copied: opening checks every record once and notes where each
 * BTF_STRIDE-th one starts, so that the 5 MB of a kernel cost some ten kilobytes of memory. Of a
 * small blob (an object's, whose types are asked for again and again) every one is noted.
 * Split BTF (a module's) continues the ids and string offsets of its base.
 *
 * The bytes are never trusted: after btf_open() no accessor reads outside of the blob, whatever id
 * it is given, and every walk along references is bounded. Either byte order.
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
enum { BTF_STRIDE = 64, BTF_SMALL = 64 << 10, BTF_DEPTH = 32 };  /* small: bytes of types */

struct btf_meanings; /* for code that prints values: loader/show/typed.h */

struct btf {
	struct span data;       /* the whole blob, borrowed */
	struct span types;      /* type section */
	struct span layout;     /* what kinds look like, 4 bytes each; empty before about 7.1 */
	struct span strings;    /* string section of this blob alone */
	const struct btf *base; /* NULL unless split */
	uint32_t first;         /* id of the first type of this blob: 1 unless split */
	uint32_t end;           /* one past the last id */
	uint32_t first_string;  /* offset at which this blob's strings begin: 0 unless split */
	const uint32_t *index;  /* offset in types of type first + i * stride */
	uint32_t stride;        /* BTF_STRIDE, or 1 when types.n is at most BTF_SMALL */
	uint8_t ptr_size;       /* 4 or 8, guessed from the INT named like `long`; 8 if none */
	const struct btf_meanings *meanings; /* borrowed, NULL after btf_open(); not used in elf/ */
};

/* One type record, decoded. Valid as long as the blob. */
struct btf_type {
	uint32_t id;
	uint32_t name_off;
	uint8_t kind;     /* enum btf_kind, or more: a kind that only the layout section knows */
	bool kflag;       /* STRUCT/UNION: bit-field members; FWD: a union; ENUM: signed */
	uint32_t vlen;    /* 24 bits since about 7.1, 16 before; members, enumerators, parameters,
	                     section variables; FUNC: linkage */
	uint32_t size;    /* bytes: INT, STRUCT, UNION, ENUM, ENUM64, DATASEC, FLOAT; else 0 */
	uint32_t type;    /* the type referred to: PTR, TYPEDEF, CV, FUNC, FUNC_PROTO (return), VAR,
	                   * TAGs, ARRAY (element); else 0 */
	struct span tail; /* what follows the 12 bytes of the record */
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
	int64_t value; /* as the kind's sign says */
};
struct btf_param {
	const char *name;
	uint32_t type;
};
struct btf_secinfo {
	uint32_t type, offset, size;
}; /* variable of a DATASEC */

/*
 * Checks a blob and opens it. base: the BTF that a split blob continues, or NULL; it and data must
 * outlive *b; the index comes from a.
 * Fails on: bad magic, unknown version, sections outside of the blob, a record cut short, a kind
 * newer than ENUM64 (the message says its number, and the layout section of newer headers is used
 * to step over it when present), a string offset outside.
 */
bool btf_open(
	struct btf *b, struct span data, const struct btf *base, struct arena *a, struct err *e);

/* Decodes type id. id 0 is void. False, with *t set to void, when there is no such id. */
bool btf_type(const struct btf *b, uint32_t id, struct btf_type *t);

/* Walks all types of this blob (not its base's) in order: start with t->id = 0, go on while true.
 * Much faster than btf_type() for each id. */
bool btf_next(const struct btf *b, struct btf_type *t);

/* The same for the types of some kinds: a set of bits 1 << kind, or UINT32_MAX for all. The others
 * cost nearly nothing. */
bool btf_next_in(const struct btf *b, struct btf_type *t, uint32_t kinds);

/* The string at an offset; "" for 0 and for offsets outside. Never NULL. */
const char *btf_str(const struct btf *b, uint32_t off);
const char *btf_name(const struct btf_type *t);

/* The i-th part of a type; zeroes (name "") when i is out of range or the kind has no such part. */
struct btf_member btf_member(const struct btf_type *t, uint32_t i);
struct btf_enumerator btf_enumerator(const struct btf_type *t, uint32_t i);
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

/* Follows typedef, const, volatile, restrict and type tags (at most BTF_DEPTH) from id. Returns the
 * id reached, decoded in *t; 0 (void) also for a chain that is too long or broken. */
uint32_t btf_skip(const struct btf *b, uint32_t id, struct btf_type *t);

/* Bytes that a value of type id occupies, typedefs and arrays resolved, pointers as b->ptr_size;
 * -1 when it has no size (void, function, FWD) or overflows 2^31. */
int64_t btf_size(const struct btf *b, uint32_t id);

/* First id of the given kind and exact name (vmlinux first, then the split part); 0 when there is
 * none. Linear. */
uint32_t btf_find(const struct btf *b, enum btf_kind kind, const char *name);

/* Writes the C spelling of a type ("struct event *", "char[16]", "u32") to buf, cut to size. */
void btf_spell(const struct btf *b, uint32_t id, char *buf, size_t size);

/*
 * .BTF.ext: per ELF section lists of function, line and CO-RE records.
 * Record sizes come from the file and may be larger than we know (newer compiler); at least 8, 16
 * and 16 bytes are required.
 */
enum btf_ext_what { BTF_EXT_FUNC, BTF_EXT_LINE, BTF_EXT_CORE, BTF_EXT_LISTS };

struct btf_ext {
	struct span list[BTF_EXT_LISTS];  /* the three sub-sections, behind their record size */
	uint32_t rec_size[BTF_EXT_LISTS]; /* 0: the list is absent */
};

bool btf_ext_open(struct btf_ext *x, struct span data, struct err *e);

/* The records of one ELF section in one list: an empty span if it has none. *rec_size is set. The
 * strings are those of b. A section listed twice yields its first part only. */
struct span btf_ext_section(const struct btf_ext *x, enum btf_ext_what what, const struct btf *b,
	const char *section, uint32_t *rec_size);

#endif
