/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Adapts BTF to a given kernel.
 *
 * Kernels reject BTF that contains anything newer than themselves, and BTF in which the loader has
 * not filled in what compilers leave incomplete. Both are rewritten here, in a copy. Type ids and
 * string offsets never change, so that .BTF.ext, map definitions and CO-RE relocations remain valid.
 *
 * Sequence: btf_complete_datasecs() and btf_open() of the result, which is used for display;
 * btf_normalise() and BPF_BTF_LOAD of that result; if the kernel rejects it, btf_sanitise() for the
 * next level of btf_levels_of(). Kernels before 4.18 have no BTF.
 */
#ifndef SONDE_BTF_SANITISE_H
#define SONDE_BTF_SANITISE_H

#include "btf.h"

/* Each level is for kernels before a version and includes the previous levels. */
enum btf_level {
	BTF_AS_IS,
	BTF_BEFORE_7_1,
	BTF_BEFORE_6_9,
	BTF_BEFORE_6_0,
	BTF_BEFORE_5_17,
	BTF_BEFORE_5_16,
	BTF_BEFORE_5_13,
	BTF_BEFORE_5_6,
	BTF_BEFORE_5_2,
	BTF_BEFORE_5_0,
	BTF_LEVELS
};

struct btf_level_fact {
	uint8_t major, minor; /* the first kernel that does not need it; 0.0 for BTF_AS_IS */
	const char *drops;    /* description: "ENUM64 and signed enums (6.0)" */
};
extern const struct btf_level_fact btf_level_facts[BTF_LEVELS];

/* The levels at which this BTF changes in comparison with the previous level: bits 1 << level. One
 * pass over the types. 0: all kernels since 4.18 accept it as it is. */
uint32_t btf_levels_of(const struct btf *b);

/*
 * A copy of b for one level, allocated from a; the bytes of b for BTF_AS_IS. b must not be split. An
 * empty span with e set if memory is exhausted.
 *
 *     layout section       removed
 *     DATASEC "?name"      "_name"
 *     ENUM64               UNION of members without offset (values are lost)
 *     signed ENUM          unsigned
 *     TYPE_TAG             CONST
 *     DECL_TAG             INT of 1 byte
 *     FLOAT, DATASEC without variables
 *                          anonymous empty STRUCT of its size
 *     global FUNC          static
 *     VAR, DATASEC         INT of 1 byte, STRUCT with a member for each variable ("." in names
 *                          becomes "_")
 *     FUNC, FUNC_PROTO     TYPEDEF, ENUM with an enumerator for each parameter
 */
struct span btf_sanitise(const struct btf *b, enum btf_level level, struct arena *a, struct err *e);

/*
 * The same types without what kernels reject in the BTF of other languages: characters of names that
 * are invalid in C ("Option<u32>", "(u8, u32)", "&str") become '_', names are truncated to 127
 * characters, pointers and the like lose their names, members are sorted by offset, members,
 * variables and elements without a type (Rust's char) become a byte, if there is such a type, and
 * unnamed parameters get the name of their function. The bytes of b if nothing changes, else a copy
 * allocated from a; an empty span with e set if memory is exhausted.
 */
struct span btf_normalise(const struct btf *b, struct arena *a, struct err *e);
/* The same, but only sorts members. */
struct span btf_sort_members(const struct btf *b, struct arena *a, struct err *e);

/* Properties of sections and symbols from the ELF file, by their names in BTF. */
struct btf_symbols {
	/* The size of a section in bytes; false if there is none. Also called for .kconfig, whose
	 * variables the loader places, but not for .ksyms. */
	bool (*section)(const void *ctx, const char *section, uint32_t *size);
	/* The offset of a global variable in its section, and whether its symbol is hidden; false
	 * if there is none. Not called for static variables, whose offsets are in BTF. */
	bool (*variable)(const void *ctx, const char *section, const char *name, uint32_t *offset,
		bool *hidden);
	/* Whether a global function is hidden. */
	bool (*hidden_function)(const void *ctx, const char *name);
	const void *ctx;
	/* The kernel supports tags of parameters (6.8), see btf_has_arg_tags(). */
	bool arg_tags;
};

/* Whether a function parameter has a tag "arg:...", which tells the verifier that it is the context
 * (arg:ctx), that it is not NULL (arg:nonnull), and so on. */
bool btf_has_arg_tags(const struct btf *b);

/*
 * A copy of an object's BTF, allocated from a, in which the loader's part is filled in:
 * - a DATASEC of size 0 gets the size of its section, and its variables their offsets;
 * - variables are sorted by offset;
 * - hidden global variables and functions become static: the verifier then checks a function at each
 *   call, with the arguments of that call, instead of once for all possible arguments;
 * - functions with parameter tags become static if the kernel does not support tags. Checked for all
 *   possible arguments they would be rejected, since the kernel ignores what the tags guarantee. (The
 *   alternative, giving the parameter the type of the context, only works for one program type, and
 *   only if its context is a struct);
 * - externs, which kernels reject, become definitions: variables of .kconfig become global; those of
 *   .ksyms too, with type `int`; functions of .ksyms become global, their unnamed parameters get a
 *   name, and a placeholder variable replaces them in the section. If there is a .ksyms, `int` and
 *   the placeholder are appended to the types.
 * An empty span with e set if a section or symbol is missing.
 */
struct span btf_complete_datasecs(
	const struct btf *b, const struct btf_symbols *symbols, struct arena *a, struct err *e);

#endif
