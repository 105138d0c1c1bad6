/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The payload of packed files (`sonde pack`): what loader/pack writes, and what the file that carries it
 * reads when it is executed: the runner (loader/runner), or sonde itself (loader/kernel/packed.h).
 *
 * The payload is a segment of that file, mapped by the kernel. Offsets count bytes from its start; 0 is
 * "none" unless noted, strings are terminated. Integers have the byte order of the machine it is for,
 * and structs need no padding there: they are read as they are, after packed_sum() has matched.
 */
#ifndef SONDE_PACKED_FORM_H
#define SONDE_PACKED_FORM_H

#include "elf/base/span.h"

#include <stddef.h>
#include <string.h>

#define PACKED_MAGIC "sonde pk"
#define PACKED_NAME  "pack" /* of its section: strip(1) keeps what is in one */

enum { PACKED_VERSION = 1, PACKED_NONE = 0xffff, PACKED_ALIGN = 16, PACKED_ANY = 1 };
enum packed_kind { PACKED_PLANS = 1, PACKED_OBJECT = 2 };

struct packed_head {
	uint8_t magic[8];
	uint64_t sum;          /* of the payload from `size` on */
	uint32_t size;         /* of the payload, a multiple of 8 */
	uint8_t version, kind; /* enum packed_kind */
	uint16_t n_list;
	uint32_t
		list; /* struct packed_plan[], or struct packed_member[]: the object, and files of options */
	uint32_t name; /* string: the object, for messages */
	uint32_t help; /* string: the answer to --help */
	uint32_t args; /* PACKED_OBJECT: struct packed_option[n_args] */
	uint32_t n_args;
	/* PACKED_PLANS */
	uint32_t whole;   /* bytes of the payload in memory */
	uint32_t capture; /* struct packed_plan of the bpf_printk capture */
	uint32_t
		formats; /* strings, one after the other, with PACKED_ANY for what bpf_printk() inserts;
	                    * an empty one ends them */
	uint32_t errnos; /* struct packed_errno[n_errnos], by number */
	uint32_t n_errnos;
	uint32_t for_ms; /* stop after this time; 0: never */
	uint32_t unused;
};
/* What follows the head of PACKED_PLANS is compressed (loader/pack/lz.h). Offsets are those of the whole
 * payload as it is in memory, which has `whole` bytes. */

/* ---- PACKED_OBJECT: sonde with an object ---- */

/* A file in the payload. That of an option has the name where it is in the argument. */
struct packed_member {
	uint32_t name, at, size;
};

/* An argument of the command line. */
struct packed_option {
	uint32_t text;
	uint32_t run_only; /* no other verb than run has the option */
};

/* ---- PACKED_PLANS: a runner with plans ---- */

/* A plan (plan.h), for one kernel or all. */
struct packed_plan {
	uint32_t release;               /* string: uname -r; "": any kernel */
	uint32_t machine;               /* string: uname -m */
	uint32_t steps, blobs, sources; /* struct packed_step[], packed_blob[], packed_source[] */
	uint16_t n_steps, n_blobs, n_slots, n_sources;
	uint32_t started; /* string: the line printed once all is attached */
	uint16_t lost;    /* slot of the map with the number of lost records, or PACKED_NONE */
	uint16_t unused;
};

/* Bytes that the runner patches where they are, or, if base is not PACKED_NONE, copies from that blob
 * first: `at` then has what differs, as (u16 offset, u16 length, bytes...), ended by a length of 0. */
struct packed_blob {
	uint32_t at, size; /* at 0: an output buffer */
	uint32_t patches;  /* struct packed_patch[] */
	uint16_t n_patches, base;
};

/* struct plan_patch */
struct packed_patch {
	uint32_t at, add;
	uint16_t index;
	uint8_t size, what;
};

/* struct plan_arg */
struct packed_arg {
	int64_t value;
	uint16_t slot, blob;
	uint32_t unused;
};

struct packed_step {
	uint8_t op, n_args;
	uint16_t flags;
	uint32_t cmd;
	uint16_t attr, slot, fallback_for, undoes; /* or PACKED_NONE */
	uint32_t args;                             /* struct packed_arg[n_args] */
	uint32_t errs, tolerated;                  /* u16[], ended by 0 */
	uint32_t what;                             /* string: "program 'x' (tp/a/b): load" */
	uint32_t note;                             /* string: to be printed after success */
	uint32_t hints;                            /* struct packed_errno[], ended by 0 */
	uint8_t closes, has_result; /* the slot is a descriptor; the call returns its value */
	uint16_t unused;
};

/* A text for an errno. */
struct packed_errno {
	uint32_t no, text;
};

/* Records of a ring buffer. */
struct packed_source {
	uint32_t name;   /* string */
	uint16_t slot;   /* of the map */
	uint16_t n_rows; /* record types; the last one is for records that are none of the others */
	uint32_t rows;   /* struct packed_row[] */
	uint32_t entries; /* max_entries of the map, before it is rounded to pages */
};

/* A record type, as columns. */
struct packed_row {
	uint64_t tag;
	uint32_t size, tag_at; /* of the record; of the number that tells the type apart */
	uint32_t head;         /* string: the headings, with a newline */
	uint32_t cells;        /* struct packed_cell[] */
	uint16_t n_cells;
	uint8_t tag_size, unused;
	uint32_t unused2;
};

enum packed_op {
	CELL_UINT,
	CELL_INT,
	CELL_BOOL,
	CELL_HEX,
	CELL_CHARS,
	CELL_ERRNO,
	CELL_INSTANT, /* nanoseconds, printed since the start */
	CELL_TIME,
	CELL_NET, /* an unsigned number in network byte order */
	CELL_IP4,
	CELL_ENUM, /* `names`: struct packed_name[], ended by text 0 */
};

struct packed_cell {
	uint32_t at, size;
	uint32_t names;
	uint16_t start; /* the column it begins in */
	uint8_t op;     /* enum packed_op */
	/* CELL_INSTANT: 1 of CLOCK_BOOTTIME, 0 of CLOCK_MONOTONIC. CELL_TIME: 0 ns, 1 us, 2 ms. CELL_CHARS: 1 if
	 * they extend to the end of the record. */
	uint8_t how;
};

struct packed_name {
	uint64_t value;
	uint32_t text, unused;
};

/* A sum of n bytes, n a multiple of 8: it differs if any word of 8 bytes does. */
static inline uint64_t packed_sum(const uint8_t *p, size_t n, bool big)
{
	uint64_t sum = n, word;
	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&word, p, sizeof word);
		if (big != host_is_big())
			word = __builtin_bswap64(word);
		sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 29;
	}
	return sum;
}

/* Whether a payload of this kind, in a segment of n bytes, which is at least a head, is whole. */
static inline bool packed_is_whole(const struct packed_head *head, size_t n, enum packed_kind kind)
{
	const size_t from = offsetof(struct packed_head, size);
	return !memcmp(head->magic, PACKED_MAGIC, sizeof head->magic) && head->size <= n &&
	       head->size % 8 == 0 && head->size >= sizeof *head &&
	       packed_sum((const uint8_t *)head + from, head->size - from, host_is_big()) ==
	               head->sum &&
	       head->version == PACKED_VERSION && head->kind == kind;
}

#endif
