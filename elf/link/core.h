/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * CO-RE: an object says which field, type or enumerator of the kernel it means (in its own, local
 * types); here the answer of one target kernel is found and written into the instruction.
 *
 * Thirteen kinds of question. A question whose answer is "there is no such thing" is either a value
 * (exists: 0) or makes the instruction poison: a call of a helper that doesn't exist. The verifier
 * removes poison that can't be reached; where it is reached, the note recorded here names the
 * field.
 */
#ifndef SONDE_CORE_H
#define SONDE_CORE_H

#include "elf/base/arena.h"
#include "elf/btf/btf.h"
#include "elf/btf/kernel_types.h"
#include "elf/base/err.h"
#include "elf/base/span.h"

enum core_kind {
	CORE_FIELD_OFFSET,
	CORE_FIELD_SIZE,
	CORE_FIELD_EXISTS,
	CORE_FIELD_SIGNED,
	CORE_FIELD_LSHIFT,
	CORE_FIELD_RSHIFT,
	CORE_TYPE_ID_LOCAL,
	CORE_TYPE_ID_TARGET,
	CORE_TYPE_EXISTS,
	CORE_TYPE_SIZE,
	CORE_ENUM_EXISTS,
	CORE_ENUM_VALUE,
	CORE_TYPE_MATCHES,
	CORE_KINDS
};

enum { CORE_POISON = 195896080 }; /* 0xbad2310, the helper number that no kernel has */

/* One record of the core_relo list of .BTF.ext. */
struct core_relo {
	uint32_t insn_off;   /* bytes from the start of the ELF section */
	uint32_t type_id;    /* local root type */
	uint32_t access_off; /* string offset in the local BTF: "0:1:2" */
	uint32_t kind;       /* enum core_kind; anything else is refused */
};
struct core_relo core_relo_get(struct span records, uint32_t rec_size, uint32_t i);

/* What one relocation came to; for messages, `inspect` and the verifier's refusals. */
struct core_result {
	char what[160]; /* "struct task_struct.se.vruntime", "enum bpf_cmd.BPF_X" */
	enum core_kind kind;
	bool poison;        /* nothing fits: the instruction is poison */
	uint64_t local;     /* the answer of the object's own types */
	uint64_t target;    /* the answer of the kernel; undefined when poison */
	uint32_t target_id; /* the type found, 0 when none */
	uint32_t target_no; /* in which of the targets */
	char why[160]; /* when nothing fits: "struct sock of the kernel has no field sk_foo"; the
	                  nearest name, if any, only where it makes poison */
};

/* State of the relocation of one object: candidates per local root type, found once. */
struct core;

/*
 * local: the object's BTF. kernel: borrowed; without any types every relocation but TYPE_ID_LOCAL
 * fails with an error that says so. records: all core_relo lists of the object that will be used,
 * so that the target is scanned once for all wanted names together. All memory from a. NULL with e
 * set on failure.
 */
struct core *core_new(const struct btf *local, struct kernel_types *kernel,
	const struct span *records, const uint32_t *rec_sizes, size_t n_records, struct arena *a,
	struct err *e);

/*
 * Resolves one relocation and patches instruction number idx of insns (n instructions of 8 bytes,
 * byte order big).
 * False with e set when the object is broken (bad access string, instruction of the wrong kind or
 * with another value than the local one, ambiguous candidates, value out of the range of the
 * instruction); e then names the type and field. Nothing is known of programs here: the caller adds
 * where.
 */
bool core_apply(struct core *c, const struct core_relo *r, uint8_t *insns, size_t n, size_t idx,
	bool big, struct core_result *note, struct err *e);

/* Are two types alike in kind, along pointers, arrays and prototypes? The rule by which an extern
 * may stand for a variable or function of the kernel; a struct that the object only declares
 * (struct nf_conn;) is alike to any. */
bool core_compatible(const struct btf *local, uint32_t local_id, const struct btf *target,
	uint32_t target_id, struct err *e);

/* Length of a name without its flavour: the part before the last "___" that has another character
 * than '_' on both sides. "task_struct___old" and "task_struct" are one name. */
size_t core_essential_len(const char *name);

/* "field_offset", "type_exists", ... */
const char *core_kind_name(enum core_kind kind);

#endif
