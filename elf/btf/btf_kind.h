/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The kinds of BTF types, one row each. A kernel that adds a kind adds a row here; readers use the
 * sets and predicates below and the ones of btf.h.
 */
#ifndef SONDE_BTF_KIND_H
#define SONDE_BTF_KIND_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */

/*
 * X(kind, third word of the record, bytes that follow it (fixed, for each of vlen parts),
 *   class, whether C gives it a name, bpftool's name, name in messages, first kernel)
 */
#define BTF_KIND_LIST(X) \
	X(VOID,       NONE,  0,  0, OTHER,     ANY,  "void",       "void",      4, 18) \
	X(INT,        SIZE,  4,  0, BASIC,     ANY,  "int",        "int",       4, 18) \
	X(PTR,        TYPE,  0,  0, OTHER,     NONE, "ptr",        "pointer",   4, 18) \
	X(ARRAY,      NONE, 12,  0, OTHER,     NONE, "array",      "array",     4, 18) \
	X(STRUCT,     SIZE,  0, 12, COMPOSITE, SOME, "struct",     "struct",    4, 18) \
	X(UNION,      SIZE,  0, 12, COMPOSITE, SOME, "union",      "union",     4, 18) \
	X(ENUM,       SIZE,  0,  8, ENUM,      SOME, "enum",       "enum",      4, 18) \
	X(FWD,        NONE,  0,  0, OTHER,     SOME, "fwd",        "forward",   4, 18) \
	X(TYPEDEF,    TYPE,  0,  0, MODIFIER,  SOME, "typedef",    "typedef",   4, 18) \
	X(VOLATILE,   TYPE,  0,  0, MODIFIER,  NONE, "volatile",   "volatile",  4, 18) \
	X(CONST,      TYPE,  0,  0, MODIFIER,  NONE, "const",      "const",     4, 18) \
	X(RESTRICT,   TYPE,  0,  0, MODIFIER,  NONE, "restrict",   "restrict",  4, 18) \
	X(FUNC,       TYPE,  0,  0, OTHER,     SOME, "func",       "function",  5, 0) \
	X(FUNC_PROTO, TYPE,  0,  8, OTHER,     NONE, "func_proto", "prototype", 5, 0) \
	X(VAR,        TYPE,  4,  0, OTHER,     SOME, "var",        "variable",  5, 2) \
	X(DATASEC,    SIZE,  0, 12, OTHER,     ANY,  "datasec",    "section",   5, 2) \
	X(FLOAT,      SIZE,  0,  0, BASIC,     ANY,  "float",      "float",     5, 13) \
	X(DECL_TAG,   TYPE,  4,  0, OTHER,     ANY,  "decl_tag",   "decl tag",  5, 16) \
	X(TYPE_TAG,   TYPE,  0,  0, MODIFIER,  ANY,  "type_tag",   "type tag",  5, 17) \
	X(ENUM64,     SIZE,  0, 12, ENUM,      SOME, "enum64",     "enum",      6, 0)

#define BTF_ROW_ENUMERATOR(kind, ...) BTF_##kind,
enum btf_kind {
	BTF_KIND_LIST(BTF_ROW_ENUMERATOR)
	BTF_KINDS
};
#undef BTF_ROW_ENUMERATOR

enum { BTF_WORD_NONE, BTF_WORD_SIZE, BTF_WORD_TYPE };
enum { BTF_CLASS_OTHER, BTF_CLASS_BASIC, BTF_CLASS_COMPOSITE, BTF_CLASS_ENUM, BTF_CLASS_MODIFIER };
enum { BTF_NAME_ANY, BTF_NAME_NONE, BTF_NAME_SOME };

/* Sets of kinds, bits 1 << kind. */
#define BTF_ROW_SIZED(k, word, f, e, class, name, ...)     | (BTF_WORD_##word == BTF_WORD_SIZE) << BTF_##k
#define BTF_ROW_REFERRING(k, word, f, e, class, name, ...) | (BTF_WORD_##word == BTF_WORD_TYPE) << BTF_##k
#define BTF_ROW_BASIC(k, word, f, e, class, name, ...)     | (BTF_CLASS_##class == BTF_CLASS_BASIC) << BTF_##k
#define BTF_ROW_COMPOSITE(k, word, f, e, class, name, ...) | (BTF_CLASS_##class == BTF_CLASS_COMPOSITE) << BTF_##k
#define BTF_ROW_ENUM(k, word, f, e, class, name, ...)      | (BTF_CLASS_##class == BTF_CLASS_ENUM) << BTF_##k
#define BTF_ROW_MODIFIER(k, word, f, e, class, name, ...)  | (BTF_CLASS_##class == BTF_CLASS_MODIFIER) << BTF_##k
#define BTF_ROW_NAMELESS(k, word, f, e, class, name, ...)  | (BTF_NAME_##name == BTF_NAME_NONE) << BTF_##k
#define BTF_ROW_NAMED(k, word, f, e, class, name, ...)     | (BTF_NAME_##name == BTF_NAME_SOME) << BTF_##k
enum {
	BTF_SIZED = 0 BTF_KIND_LIST(BTF_ROW_SIZED),         /* the third word is a size in bytes */
	BTF_REFERRING = 0 BTF_KIND_LIST(BTF_ROW_REFERRING), /* it is the id of a type */
	BTF_BASICS = 0 BTF_KIND_LIST(BTF_ROW_BASIC),
	BTF_COMPOSITES = 0 BTF_KIND_LIST(BTF_ROW_COMPOSITE),
	BTF_ENUMS = 0 BTF_KIND_LIST(BTF_ROW_ENUM),
	BTF_MODIFIERS = 0 BTF_KIND_LIST(BTF_ROW_MODIFIER), /* typedefs, qualifiers, type tags */
	BTF_NAMELESS = 0 BTF_KIND_LIST(BTF_ROW_NAMELESS),  /* kernels reject a name */
	BTF_NAMED = 0 BTF_KIND_LIST(BTF_ROW_NAMED),        /* the name must be an identifier */
	BTF_VALUES = BTF_BASICS | BTF_COMPOSITES | BTF_ENUMS, /* values of these have a size */
};
#undef BTF_ROW_SIZED
#undef BTF_ROW_REFERRING
#undef BTF_ROW_BASIC
#undef BTF_ROW_COMPOSITE
#undef BTF_ROW_ENUM
#undef BTF_ROW_MODIFIER
#undef BTF_ROW_NAMELESS
#undef BTF_ROW_NAMED

/* clang-format on */

struct btf_kind_fact {
	char token[11], name[10]; /* as bpftool calls it: "func_proto"; for messages: "prototype" */
	uint8_t fixed, each;      /* bytes after the record: in any case, for each of vlen parts */
	uint16_t since;           /* ABI_VERSION() of the first kernel */
};
extern const struct btf_kind_fact btf_kinds[BTF_KINDS];

/* Whether a kind, of any number, is in a set. */
static inline bool btf_kind_in(unsigned kind, uint32_t set)
{
	return kind < BTF_KINDS && (set >> kind & 1);
}

/* "struct", "pointer", ...; also for numbers of unknown kinds. */
const char *btf_kind_name(unsigned kind);

#endif
