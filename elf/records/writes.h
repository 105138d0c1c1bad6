/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the code writes to the memory of a record: stores, and helpers that fill memory, with offset,
 * width and what is known about the value. Writes are followed through subprograms, into which the
 * record's address is passed, or which send it.
 *
 * A record in a stack frame shares its memory with other variables: there, only writes count that
 * reach the call. Memory from bpf_ringbuf_reserve() is only used for the record.
 */
#ifndef SONDE_WRITES_H
#define SONDE_WRITES_H

#include "calls.h"

enum write_kind { WRITE_STORE, WRITE_BYTES, WRITE_TEXT, WRITE_COPY, WRITE_STACK };

struct write {
	uint8_t kind;    /* enum write_kind */
	bool partial;    /* later writes replace a part */
	uint32_t insn;   /* counted from the start of the function */
	uint32_t len;    /* bytes; 0: not constant */
	uint32_t most;   /* if not constant: the maximum, 0 unknown */
	struct value to; /* an address; of a record's write, off is from its start */
	struct value v;  /* WRITE_STORE: the value; WRITE_COPY: the address of the source */
	const struct obj_func *f;
};

/* All writes to memory that may become a record. */
struct writes;

/* Reads all functions. also: another visitor of each, or NULL. NULL if memory is exhausted. Everything is
 * allocated from a. */
struct writes *writes_read(
	const struct object *o, const struct flow_visitor *also, struct arena *a);

/* Adds the writes to the record of a call to a list. False if memory is exhausted. */
struct write_list {
	struct write *items;
	size_t n, room;
};
bool writes_to_record(struct writes *w, const struct record_call *call, struct write_list *list);

#endif
