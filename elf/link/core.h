/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * CO-RE: a relocation specifies a field, type or enumerator in the object's own (local) types. The
 * value for the target kernel is determined here and written into the instruction.
 *
 * There are thirteen relocation kinds. If the target has no matching type or field, the result is
 * either a value (exists: 0) or the instruction is poisoned: replaced by a call of a helper that
 * does not exist. The verifier eliminates poison in unreachable code; if it is reachable, the result
 * recorded here names the field.
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
	uint32_t kind;       /* enum core_kind; other values are errors */
};
struct core_relo core_relo_get(struct span records, uint32_t rec_size, uint32_t i);

/* The result of one relocation; for messages, `inspect` and verifier hints. what and why are "" unless
 * it is an error, poison, or core_describe_all() was called. */
struct core_result {
	char what[160]; /* "struct task_struct.se.vruntime", "enum bpf_cmd.BPF_X" */
	enum core_kind kind;
	bool poison;        /* no match: the instruction is poisoned */
	uint64_t local;     /* value in the object's own types */
	uint64_t target;    /* value in the kernel's types; undefined if poisoned */
	uint32_t target_id; /* the matching type, 0: none */
	uint32_t target_no; /* index of its BTF in kernel_types.list */
	char why[160]; /* if there is no match: "the kernel's struct sock has no field sk_foo", and
	                  if the instruction is poisoned a similar name, if there is one */
};

/* The state for one object: candidates for each local root type. */
struct core;

/*
 * local: the object's BTF. kernel: borrowed; if it is empty, all relocations except TYPE_ID_LOCAL
 * fail, and if it has layouts only (layouts.h), those that they do not answer. records: all core_relo lists that will be applied, so that the
 * target is scanned once for all names. All memory comes from a. NULL with e set on failure.
 */
struct core *core_new(const struct btf *local, struct kernel_types *kernel,
	const struct span *records, const uint32_t *rec_sizes, size_t n_records, struct arena *a,
	struct err *e);

/* Every result is to be described from now on. */
void core_describe_all(struct core *c);

/*
 * Applies one relocation to instruction idx of insns (n instructions of 8 bytes, in the given byte
 * order).
 * False with e set if the object is invalid (malformed access string, instruction of the wrong kind
 * or with a value other than the local one, ambiguous candidates, value out of range of the
 * instruction). e names the type and field; the caller adds the program.
 */
bool core_apply(struct core *c, const struct core_relo *r, uint8_t *insns, size_t n, size_t idx,
	bool big, struct core_result *result, struct err *e);

/* Whether two types have the same kinds along pointers, arrays and prototypes: the rule for the types
 * of externs. A struct that the object only declares (struct nf_conn;) is compatible with any
 * struct. */
bool core_compatible(const struct btf *local, uint32_t local_id, const struct btf *target,
	uint32_t target_id, struct err *e);

/* Length of a name without its flavor, which starts at the last "___" between two characters other
 * than '_'. "task_struct___old" and "task_struct" are the same name. */
size_t core_essential_len(const char *name);

/* "field_offset", "type_exists", ... */
const char *core_kind_name(enum core_kind kind);

#endif
