/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * BTF as C: all types as a header that compiles, or a single type with annotations.
 *
 * The header reproduces the sizes and offsets of the BTF for compilers that align every integer and
 * pointer to its size, as BPF compilers do:
 *
 *  - padding beyond what alignment implies is written as unnamed bit-fields (which do not appear in
 *    the BTF of an object) or, if it is large, as an array "__holeN";
 *  - a struct whose members are closer together than alignment allows is packed;
 *  - an enum whose size differs from what its values require gets that size as its mode;
 *  - an unnamed member with a named struct type (-fms-extensions) is expanded in place.
 *
 * Order: the types that a type contains by value, and the typedefs that it names, precede it; a
 * struct that it only points to is at least declared. Tags (struct, union, enum) and identifiers
 * (typedefs, enumerators) are separate name spaces. The second type with a name becomes NAME___2,
 * which CO-RE treats as NAME. Characters that are invalid in C are replaced, so that names in
 * hostile BTF cannot inject code.
 *
 * Work and output are bounded. Types that C cannot express (a struct that contains itself, endless
 * chains of references, kinds in invalid positions) are errors.
 */
#ifndef SONDE_BTF_C_H
#define SONDE_BTF_C_H

#include "btf.h"

/* Receives the text, in pieces. */
struct btf_text {
	void (*write)(void *ctx, const char *text, size_t n);
	void *ctx;
};

/*
 * Writes the types of b, and the types of its base that they require, in an order that compiles.
 * Omits functions, variables and __builtin_va_list, which is predefined. bool, true and false are
 * guarded because they are keywords since C23.
 */
bool btf_c_header(const struct btf *b, struct btf_text out, struct arena *a, struct err *e);

/*
 * Writes one type of any kind with annotations: for structs and unions, the offset and size of each
 * member, the contents of unnamed members, and holes:
 *
 *	struct pair {        // offset, bytes
 *	     0       1          char a;
 *	     1       3          hole
 *	     4       4          int b;
 *	};                   // 8 bytes, 2 members, 1 hole of 3 bytes
 *
 * (The numbers are C comments.)
 */
bool btf_c_show(
	const struct btf *b, uint32_t id, struct btf_text out, struct arena *a, struct err *e);

#endif
