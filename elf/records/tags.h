/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Tells records of one size and different types apart: by a constant that each place which sends one
 * stores at the same offset, such as an enum `kind` at the beginning.
 */
#ifndef SONDE_TAGS_H
#define SONDE_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct record_call;
struct writes;

/* A constant in records of one type, which those of another type and the same size do not have. */
struct record_tag {
	uint32_t off;   /* bytes */
	uint8_t size;   /* bytes; 0: there is none */
	uint64_t value; /* zero-extended */
};

/* calls: n of them, which send records of one size to one map. big: the byte order of the object. tags: by call. False if there is no such
 * constant, or memory is exhausted (a->full). */
bool tags_find(struct writes *w, const struct record_call *const *calls, size_t n, bool big,
	struct arena *a, struct record_tag *tags);

#endif
