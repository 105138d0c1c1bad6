/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the parts of btf_c.h share: text and names (btf_c_names.c), how records lie in memory
 * (btf_c_layout.c), declarations and their order (btf_c.c). */
#ifndef SONDE_BTF_C_IMPL_H
#define SONDE_BTF_C_IMPL_H

#include "btf_c.h"

enum c_space { C_TAGS, C_WORDS };

/* A name in one of the spaces. Names that C writes alike are one. */
struct c_name {
	const char *name; /* NULL: a free place */
	uint32_t count;   /* of those who have it */
	uint32_t id[2];   /* the type that "struct NAME" and "union NAME" stand for; 0: none */
	uint8_t space;
};

struct c_writer {
	const struct btf *b;
	struct arena *arena;
	struct btf_text out;
	struct err *err;
	bool annotate;     /* btf_c_show(): offsets and sizes in comments, no padding members */
	uint8_t *state;    /* by type: what has been written of it */
	uint8_t *layout;   /* by type: its alignment, C_PACKED; 0: not known yet */
	uint32_t *version; /* by type: 2 and more are added to its name */
	struct c_name *names;
	size_t n_names;   /* places, a power of two */
	uint32_t current; /* the type whose needs are looked at */
	unsigned depth;   /* of nested declarations */
	unsigned nest;    /* of types that wait for others */
	unsigned column;
	unsigned holes;         /* so far in the type being written: named ones, or told */
	uint64_t hole_bits;     /* of those told */
	uint64_t written, most; /* bytes of text */
};

enum { C_DECLARED = 1, C_DEFINED = 2, C_BUSY = 4 }; /* c_writer.state */
enum { C_PACKED = 0x80, C_DEPTH = 64, C_NEST = 256, C_CHAIN = 64, C_ALIGN_MAX = 16 };

/* ---- text and names ---- */

/* Records the first failure. Returns false. */
__attribute__((format(printf, 2, 3))) bool c_fail(struct c_writer *w, const char *fmt, ...);

void c_text(struct c_writer *w, const char *text);
__attribute__((format(printf, 2, 3))) void c_printf(struct c_writer *w, const char *fmt, ...);

/* A name as C allows it, with ___version when that is 2 or more. */
void c_word(struct c_writer *w, const char *name, uint32_t version);

/* A name of any characters inside of a comment. */
void c_remark(struct c_writer *w, const char *text);

/* Gives all types of b and its bases their versions. */
bool c_names_open(struct c_writer *w);

/* The number of an enumerator's name among those that have it. */
uint32_t c_names_add(struct c_writer *w, enum c_space space, const char *name);

/* The type that a FWD stands for: a struct or union of its name, or the first FWD like it. */
uint32_t c_meant(const struct c_writer *w, const struct btf_type *fwd);

/* An INT or FLOAT that no C compiler knows by its name. */
bool c_is_foreign(const struct btf_type *t);

/* ---- layout ---- */

/* Where a member lies, in bits from the start of its record. */
struct c_place {
	const char *name;
	uint32_t type;
	uint64_t off, size;
	uint32_t bits; /* 0 unless a bit-field; then it is the size */
	bool unsized;  /* of a type that has no size */
};

struct c_place c_place(const struct btf_type *t, uint32_t i);

/* Alignment in bytes that a value of this type has in the C that is written. */
unsigned c_align(struct c_writer *w, uint32_t id);

/* The same of a STRUCT or UNION, | C_PACKED. */
unsigned c_layout(struct c_writer *w, const struct btf_type *t);

/* Where C puts a member of this alignment when the one before it ends at bit `end`. */
uint64_t c_round_up(uint64_t end, uint64_t bits);

/* ---- declarations ---- */

/* What a declaration is of. */
struct c_decl {
	const char *name; /* "" for none */
	uint32_t version;
	unsigned indent;
	uint64_t off;   /* of a member from the start of the type shown, in bits */
	bool open;      /* an array without a length may say so */
	bool parameter; /* no place to define a type */
};

/* Allocates the tables of a writer. */
bool c_start(struct c_writer *w);

/* Type id; false with an error set if there is none. */
bool c_type(struct c_writer *w, uint32_t id, struct btf_type *t);

/* The version of a type's name, see c_word(). */
uint32_t c_version(const struct c_writer *w, uint32_t id);

/* Compilers define this typedef themselves: the type that it names is written instead. */
bool c_is_va_list(const struct btf_type *t);

/* Begins a line about size bits at a bit offset. */
void c_line(struct c_writer *w, unsigned indent, uint64_t off, uint64_t size, bool in_bits);

/* The part in braces of an enum, and of a struct or union that begins at bit off of the whole. */
void c_enum_body(struct c_writer *w, const struct btf_type *t, unsigned indent);
void c_record_body(struct c_writer *w, const struct btf_type *t, unsigned indent, uint64_t off);

/* Declares a name of type id, without a semicolon. */
void c_declare(struct c_writer *w, uint32_t id, const struct c_decl *d);

/* "struct NAME;", once. */
void c_declare_tag(struct c_writer *w, const struct btf_type *t);

#endif
