/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The layout of a record, inferred from the code that writes it, for objects without debug
 * information. The fields are where the code stores and what helpers fill; their names come from the
 * source lines in .BTF.ext.
 *
 * Compilers merge stores to adjacent members of constants, and of copies from adjacent memory. So the
 * width of such a store does not tell that of the member, unless the members around it in the source
 * are accounted for. Such fields are not certain, and so are arrays whose end is not known.
 */
#ifndef SONDE_LAYOUT_H
#define SONDE_LAYOUT_H

#include "elf/btf/btf_append.h"
#include "writes.h"

enum layout_kind {
	LAYOUT_INT,
	LAYOUT_SIGNED,
	LAYOUT_TEXT,  /* array of char */
	LAYOUT_BYTES, /* anything */
	LAYOUT_WORDS, /* array of numbers, 8 bytes each */
	LAYOUT_PID,
	LAYOUT_UID,
	LAYOUT_GID,
	LAYOUT_KERNEL_ADDRESS,
	LAYOUT_KERNEL_STACK, /* the id of a stack */
	LAYOUT_USER_STACK,
	LAYOUT_KERNEL_TRACE, /* array of addresses */
	LAYOUT_USER_TRACE,
	LAYOUT_TYPE, /* of BTF */
};

struct layout_field {
	uint8_t kind;        /* enum layout_kind */
	bool sure;           /* offset, size and name are right */
	bool from_code;      /* else a gap */
	bool named;          /* by the source; else the name is made of the offset: "f16" */
	bool padding;        /* nothing is stored there, and alignment explains it */
	uint32_t off;        /* bytes */
	uint32_t size;       /* bytes; 0: up to the end of the record */
	uint32_t type;       /* BTF id, of LAYOUT_TYPE */
	const char *name;    /* unique; with a '?' at its end if not sure */
	const char *problem; /* why the bytes are not a field, or NULL */
};

struct layout {
	uint32_t size;               /* of the record */
	struct layout_field *fields; /* in order of their offsets; together all of the record */
	size_t n;
	size_t n_known; /* fields that are certain */
};

/* The number of fields, not counting padding. */
static inline size_t layout_fields(const struct layout *l)
{
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++)
		n += !l->fields[i].padding;
	return n;
}

/*
 * writes: all writes to records of one size, which may come from several places. size: 0 unknown.
 * Memory from a. False if memory is exhausted. n_known is 0 if nothing is known.
 */
bool layout_make(const struct object *o, const struct write_list *writes, uint32_t size,
	struct arena *a, struct layout *out);

/* Appends a struct with these members; returns its id, 0 on failure. */
uint32_t layout_to_btf(const struct layout *l, const char *name, struct btf_append *out);

/* Whether every field that is certain is a member, or an array of members, of a struct. */
bool layout_fits(const struct layout *l, const struct btf *b, uint32_t type);

/* Whether the names say so, too: at least three of certain fields, and none that is another member's.
 * Then it is the type of these records. */
bool layout_is(const struct layout *l, const struct btf *b, uint32_t type);

#endif
