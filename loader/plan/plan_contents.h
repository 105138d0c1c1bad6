/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The maps and programs of a plan, for display: their names, types, slots and blobs. The executor
 * does not use them.
 */
#ifndef SONDE_PLAN_CONTENTS_H
#define SONDE_PLAN_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One of several record types that share a map. Viewers distinguish them by size and, if tag_size is not
 * 0, by a number of that many bytes at tag_off. */
struct plan_record_type {
	uint32_t type, size; /* id in plan.btf; bytes */
	uint32_t tag_off, tag_size;
	uint64_t tag;
};

struct plan_map {
	const char *name; /* the full name, as in the object */
	int16_t slot;     /* PLAN_NONE: not created */
	/* Blob with the initial values of the variables of a data section or arena (value_type: a
	 * DATASEC), or of the members of a struct_ops map (a struct); or PLAN_NONE. */
	int16_t init;
	uint32_t map_type, key_size, value_size, max_entries, map_flags;
	uint32_t key_type, value_type, event_type; /* ids in plan.btf; 0: unknown */
	const char *event_note;                    /* where event_type comes from, or "" */
	struct plan_record_type *record_types; /* event_type and others, if the map has several */
	size_t n_record_types;
	bool data;   /* a data section: shown as variables */
	bool frozen; /* read-only once loaded */
};

/* A CO-RE relocation that failed. Its instruction is poisoned: a program that could reach it is
 * rejected by the verifier. */
struct plan_poison {
	uint32_t insn;
	const char *what, *why;
};

struct plan_prog {
	const char *name, *sec;
	uint32_t prog_type, attach_type;
	int16_t slot;
	int16_t link;         /* slot filled by attaching it; PLAN_NONE: loaded only */
	const char *why;      /* plans for display: why it is not attached, or NULL */
	int16_t insns;        /* blob */
	const char **formats; /* of its bpf_printk() calls */
	size_t n_formats;
	struct plan_record_type record; /* iterators: all that it writes; size 0: text */
	const char *event_note;         /* where it comes from, or "" */
	bool prints;                    /* calls bpf_printk() */
	bool streams;                   /* calls bpf_stream_printk() */
	bool unknown_format;            /* the format of some call is unknown */
	struct plan_poison *poison;
	size_t n_poison;
};

#endif
