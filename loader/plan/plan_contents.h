/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The maps and programs of a plan, for those who show them: what they are called, and in which slots
 * and blobs they are. The executor needs none of this.
 */
#ifndef SONDE_PLAN_CONTENTS_H
#define SONDE_PLAN_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One of several types of records that share a map, told apart by their size. */
struct plan_record_type {
	uint32_t type, size; /* id in plan.btf; bytes */
};

/* For showing: a map and where its definition went. */
struct plan_map {
	const char *name; /* full name as in the object */
	int16_t slot;
	int16_t init; /* blob with the initial value of a data section, PLAN_NONE */
	uint32_t map_type, key_size, value_size, max_entries, map_flags;
	uint32_t key_type, value_type, event_type; /* ids in plan.btf, 0 unknown */
	const char *event_note;                    /* how sure event_type is, or "" */
	struct plan_record_type
		*record_types; /* event_type and the others that are sent, if there are any */
	size_t n_record_types;
	bool data;   /* a data section: its variables are what counts */
	bool frozen; /* its value can't change once loaded */
};

/* A CO-RE relocation of a program that found nothing. */
struct plan_poison {
	uint32_t insn;
	const char *what, *why;
};

struct plan_prog {
	const char *name, *sec;
	uint32_t prog_type, attach_type;
	int16_t slot;
	int16_t link;         /* slot of what attaches it, PLAN_NONE: loaded only */
	const char *why;      /* of a plan to look at: what is missing to attach it; or NULL */
	int16_t insns;        /* blob */
	const char **formats; /* of its bpf_printk calls */
	size_t n_formats;
	bool prints;         /* calls bpf_printk at all */
	bool unknown_format; /* some of its formats are not known */
	struct plan_poison *poison;
	size_t n_poison;
};

#endif
