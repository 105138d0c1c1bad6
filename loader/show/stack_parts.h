/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The stacks in a record, or in the key of a map, and whose they are. Types and bytes are not trusted. */
#ifndef SONDE_STACK_PARTS_H
#define SONDE_STACK_PARTS_H

#include "elf/base/arena.h"
#include "typed.h"

enum { STACK_PARTS = 4 };

struct stack_part {
	enum stack_kind kind;
	struct typed_field field;
	struct typed_shape shape;
};

struct stack_parts {
	const struct btf *btf; /* borrowed */
	uint32_t type;
	struct stack_part stacks[STACK_PARTS]; /* in the order of their kinds */
	unsigned n;
	struct typed_field owner; /* a string; owner.type is 0 if there is none */
	struct typed_shape owner_shape;
};

/* Frames of all stacks of a record together: each stack map and helper has at most 127. */
enum { STACK_FRAMES = STACK_KINDS * 127 };

/*
 * Finds the stacks in a type, also in structs inside of it: ids if there is a stack map, and arrays. False
 * if there are none. The owner is the string called comm; any_owner: or the first other one.
 */
bool stack_parts_find(struct stack_parts *p, const struct btf *b, uint32_t type, bool any_owner);

/*
 * One stack from all of those in a record, the first of each kind that is not empty: the names of its
 * functions, innermost first. The kernel's is the inner part, since the process has called into it. Names
 * are copied to a. Returns their number; the process of the record must be the current one
 * (typed_process()).
 */
size_t stack_parts_frames(const struct stack_parts *p, struct span record,
	const char *frames[static STACK_FRAMES], struct arena *a);

/* The owner of a record's stacks: its string, else, if process, the name of the current process, else "".
 * NULL if memory is exhausted. */
const char *stack_parts_owner(
	const struct stack_parts *p, struct span record, bool process, struct arena *a);

#endif
