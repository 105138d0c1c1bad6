/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by the files of btf_c.h: btf_c.c (header), btf_c_decl.c (declarations), btf_c_layout.c
 * (alignment and padding), btf_c_names.c (text and names), btf_c_show.c (one annotated type).
 */
#ifndef SONDE_BTF_C_IMPL_H
#define SONDE_BTF_C_IMPL_H

#include "btf_c.h"
#include "elf/base/texts.h"

enum c_space { C_TAGS, C_WORDS };

/* A name in one of the name spaces. Names that are equal after replacing characters share one. */
struct c_name {
	const char *name; /* NULL: an unused slot */
	uint32_t count;   /* types and enumerators with this name */
	uint32_t id[2];   /* the types that "struct NAME" and "union NAME" refer to, 0: none */
	uint8_t space;
};

struct c_writer {
	const struct btf *b;
	struct arena *arena;
	struct btf_text out;
	struct err *err;
	bool annotate;     /* btf_c_show(): offsets and sizes in comments, no padding members */
	uint8_t *state;    /* by type: C_DECLARED, ... */
	uint8_t *layout;   /* by type: alignment | C_PACKED, 0: not known yet */
	uint32_t *version; /* by type: appended to its name from 2 on */
	struct c_name *names;
	size_t n_names;   /* slots, a power of two */
	uint32_t current; /* the type whose dependencies are being written */
	unsigned depth;   /* of nested declarations */
	unsigned nest;    /* of nested dependencies */
	unsigned column;
	unsigned holes;         /* in the current type: named members, or annotated holes */
	uint64_t hole_bits;     /* of annotated holes */
	uint64_t written, most; /* bytes of text, and their limit */
};

enum { C_DECLARED = 1, C_DEFINED = 2, C_BUSY = 4 }; /* c_writer.state */
enum { C_PACKED = 0x80, C_DEPTH = 64, C_NEST = 256, C_CHAIN = 64, C_ALIGN_MAX = 16 };

/* ---- text and names ---- */

/* Records the first failure. Returns false. */
__attribute__((format(printf, 2, 3))) bool c_fail(struct c_writer *w, const char *fmt, ...);
#ifdef TEXTS_PACKED
#define c_fail(w, ...) (c_fail)(w, PACKED_FIRST(__VA_ARGS__))
#endif

void c_text(struct c_writer *w, const char *text);
__attribute__((format(printf, 2, 3))) void c_printf(struct c_writer *w, const char *fmt, ...);

/* A name with characters that are valid in C, with suffix ___version from version 2 on. */
void c_word(struct c_writer *w, const char *name, uint32_t version);

/* A name of any characters within a comment. */
void c_comment_text(struct c_writer *w, const char *text);

/* Assigns versions to the names of all types of b and its bases. */
bool c_names_open(struct c_writer *w);

/* The version of an enumerator's name. */
uint32_t c_names_add(struct c_writer *w, enum c_space space, const char *name);

/* The type that a FWD refers to: a struct or union of that name, else the first such FWD. */
uint32_t c_resolve_fwd(const struct c_writer *w, const struct btf_type *fwd);

/* Whether the name of an INT or FLOAT is not a type name of C. */
bool c_is_foreign(const struct btf_type *t);

/* ---- layout ---- */

/* The position of a member in its struct or union, in bits. */
struct c_place {
	const char *name;
	uint32_t type;
	uint64_t off, size;
	uint32_t bits; /* size of a bit-field, else 0 */
	bool unsized;  /* its type has no size */
};

struct c_place c_place(const struct btf_type *t, uint32_t i);

/* The alignment in bytes of a type in the C that is written. */
unsigned c_align(struct c_writer *w, uint32_t id);

/* The same for a STRUCT or UNION, | C_PACKED. */
unsigned c_layout(struct c_writer *w, const struct btf_type *t);

/* The next multiple of an alignment in bits. */
uint64_t c_round_up(uint64_t end, uint64_t bits);

/* ---- declarations ---- */

/* What is declared. */
struct c_decl {
	const char *name; /* "": none */
	uint32_t version;
	unsigned indent;
	uint64_t off;   /* of a member from the start of the outermost type, in bits */
	bool open;      /* [] is valid for an array of length 0 */
	bool parameter; /* types cannot be defined here */
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
