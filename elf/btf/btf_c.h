/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Types as C: all of them as a header that compiles, or one for people to read.
 *
 * The header gives each struct the size and each member the offset that the BTF says, for compilers
 * that align every integer and pointer to its size, as those for BPF do:
 *
 *  - a gap that alignment doesn't explain is filled, with bit-fields without names (which leave no
 *    trace in the BTF of an object) or, when it is large, with an array "__holeN";
 *  - what is closer together than alignment allows makes its struct packed;
 *  - an enum of another size than its values ask for gets that size as its mode;
 *  - a member without a name whose struct has one (-fms-extensions) is written out in its place.
 *
 * Order: what a type holds by value, and each typedef that it names, comes before it; a struct that
 * it only points to is declared at least. Tags (struct, union, enum) and words (typedefs,
 * enumerators) are two spaces of names: the second type of a name is called NAME___2, which CO-RE
 * takes for NAME. Names are cut down to what C allows, so that hostile ones can say nothing else.
 *
 * Work and text are bounded: types that no C can say (a struct that contains itself, references
 * that don't end, kinds in places where they can't be) are an error.
 */
#ifndef SONDE_BTF_C_H
#define SONDE_BTF_C_H

#include "btf.h"

/* Where text goes, in pieces. */
struct btf_text {
	void (*write)(void *ctx, const char *text, size_t n);
	void *ctx;
};

/*
 * The types of b in an order that compiles, and those of its base that they need. Functions and
 * variables are left out, and so is __builtin_va_list, which compilers bring along; bool, true and
 * false are only there for compilers before C23.
 */
bool btf_c_header(const struct btf *b, struct btf_text out, struct arena *a, struct err *e);

/*
 * One type of any kind, for people: of structs and unions each member with its offset and size in
 * front, members without a name unfolded, holes told:
 *
 *	struct pair {        // offset, bytes
 *	     0       1          char a;
 *	     1       3          hole
 *	     4       4          int b;
 *	};                   // 8 bytes, 2 members, 1 hole of 3 bytes
 *
 * (The numbers are comments of C, too.)
 */
bool btf_c_show(
	const struct btf *b, uint32_t id, struct btf_text out, struct arena *a, struct err *e);

#endif
