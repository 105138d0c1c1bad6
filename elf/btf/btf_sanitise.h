/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * BTF as a given kernel takes it.
 *
 * A kernel refuses BTF with anything in it that is newer than itself, and it refuses what compilers
 * leave for the loader to fill in. Both are rewritten here, in a copy: never a type id or a string
 * offset changes, so that .BTF.ext, map definitions and CO-RE go on with the ids they have.
 *
 * The order: btf_fix_datasecs(), btf_open() of its result, which is what people are shown;
 * btf_plain() of it, BPF_BTF_LOAD of that; when the kernel refuses, btf_sanitise() for the next
 * level of btf_levels_of(), and again. Below 4.18 there is no BTF at all.
 */
#ifndef SONDE_BTF_SANITISE_H
#define SONDE_BTF_SANITISE_H

#include "btf.h"

/* Each level is for kernels before that version and does all that the levels above it do. */
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
	const char *drops;    /* for people: "ENUM64 and signed enums (6.0)" */
};
extern const struct btf_level_fact btf_level_facts[BTF_LEVELS];

/* The levels at which something changes for this BTF, compared with the level above: bit 1 <<
 * level. Costs one walk over the types. 0: every kernel from 4.18 on takes it as it is. */
uint32_t btf_levels_of(const struct btf *b);

/*
 * A copy of b for one level, in memory of a; b's own bytes for BTF_AS_IS. Only for BTF that isn't
 * split. An empty span with e set when memory is short.
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
 *     VAR, DATASEC         INT of 1 byte, STRUCT with a member for each variable, "." in its name
 * "_" FUNC, FUNC_PROTO     TYPEDEF, ENUM with an enumerator for each parameter
 */
struct span btf_sanitise(const struct btf *b, enum btf_level level, struct arena *a, struct err *e);

/*
 * The same types without what kernels refuse and other languages than C bring along: in names,
 * characters that C has not ("Option<u32>", "(u8, u32)", "&str") become '_', what is longer than
 * 127 characters is cut, pointers and the like lose theirs; members are sorted by offset; a member,
 * variable or element without a type (Rust's char) is a byte, if there is such a type; a parameter
 * without a name gets that of its function. Ids and string offsets stay. The original's own bytes when there is
 * nothing to do, else a copy in a; an empty span with e set when memory is short.
 */
struct span btf_plain(const struct btf *b, struct arena *a, struct err *e);
/* Only the members are sorted. */
struct span btf_in_order(const struct btf *b, struct arena *a, struct err *e);

/* What the ELF file knows about sections and symbols. Names are those of BTF. */
struct btf_places {
	/* Bytes of a section; false when there is none. Is asked for .kconfig too, whose variables
	 * the loader places itself, but not for .ksyms. */
	bool (*section)(const void *ctx, const char *section, uint32_t *size);
	/* Offset of a global variable in its section (not asked for static ones, whose offset
	 * compilers do fill in), and whether its symbol is hidden; false when there is none. */
	bool (*variable)(const void *ctx, const char *section, const char *name, uint32_t *offset,
		bool *hidden);
	/* Whether the symbol of a global function is hidden. */
	bool (*hidden_function)(const void *ctx, const char *name);
	const void *ctx;
	/* The kernel knows tags of parameters (6.8), see btf_has_arg_tags(). */
	bool arg_tags;
};

/* Does a parameter of a function have a tag "arg:...", a promise to the verifier: that it is the
 * context (arg:ctx), that it is not NULL (arg:nonnull), ...? */
bool btf_has_arg_tags(const struct btf *b);

/*
 * A copy of the object's BTF b, in memory of a, with what compilers leave open:
 * - a DATASEC without size gets that of its section and the offsets of its variables;
 * - variables are sorted by offset;
 * - hidden global variables and functions become static: the verifier then checks a function at
 * each call, with the caller's values, and not once for all possible values;
 * - so does a function with tags on parameters where the kernel doesn't know these. Once for all
 * values it would be refused, having been promised nothing; at a call the verifier sees for itself.
 * That holds for every type of program, while the type of a parameter could name the context of one
 * type only, and of those only whose context is a struct;
 * - what is extern, which a kernel doesn't take, looks defined: variables of .kconfig become
 * global; those of .ksyms too, as `int`; a function of .ksyms becomes global, its unnamed
 * parameters get a name, and in the section a placeholder stands for it. An empty span with e set
 * when a section or symbol is missing. The types `int` and the placeholder are added behind the
 * others when there is a .ksyms.
 */
struct span btf_fix_datasecs(
	const struct btf *b, const struct btf_places *places, struct arena *a, struct err *e);

#endif
