/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The member of a record that a line of C writes, as far as the line alone tells:
 *
 *     e->pid = pid;                                    pid
 *     .uid = bpf_get_current_uid_gid(),                uid
 *     __builtin_memcpy(&ev.daddr, &daddr, 4);          daddr
 *     bpf_get_current_comm(&e->comm, sizeof(e->comm))  comm
 *
 * The text comes from .BTF.ext: one physical line, which may be a part of a statement, several
 * statements, or the use of a macro. It is not trusted. If more than one member fits, there is no
 * name unless the column (of the `=` or of the function's name) decides.
 */
#ifndef SONDE_SOURCE_NAME_H
#define SONDE_SOURCE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source_name {
	const char *p; /* in the text; NULL: none */
	size_t n;
	bool alone;   /* the line writes no other member */
	bool partial; /* by an operator like |=, which may write a part of the member */
	bool indexed; /* an element of the member is written */
	bool initial; /* by an initialiser: ".uid = 1"; members without one are written, too, as zeros */
	bool text;     /* a string is assigned: the member is an array of char */
	int32_t index; /* its number; -1: not a constant */
};

/* The member that is assigned, or that is the destination of a copy. column: from 1, 0 unknown. */
struct source_name source_name_of_store(const char *text, unsigned column);

/* The member that is the destination of a call that fills memory. */
struct source_name source_name_of_fill(const char *text, unsigned column);

bool source_name_same(struct source_name x, struct source_name y);

#endif
