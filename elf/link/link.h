/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The image: an object linked against one kernel. Each program is one run of instructions: its own
 * function followed by every function it reaches, calls resolved, CO-RE answered, func_info and
 * line_info carried along. What stays open is what only the running kernel can give: the file
 * descriptors of maps, listed as references.
 */
#ifndef SONDE_LINK_H
#define SONDE_LINK_H

#include "extern.h"

enum image_ref_kind {
	REF_MAP,     /* imm of instruction `insn` takes the fd of map `map` */
	REF_VALUE,   /* the same; the next slot's imm already holds the offset in the value */
	REF_ADDRESS, /* both imms take the address of the kernel symbol that extern `index` names */
	REF_TABLE,   /* imm takes the fd of the map that holds jump table `index` of the program */
	REF_MODULE,  /* the next slot's imm takes the fd of the types of kernel module `index` */
};

struct image_ref {
	uint32_t insn;
	enum image_ref_kind kind;
	uint32_t index; /* in object.maps, object.externs, or the types of the kernel */
};

/* A CO-RE relocation that found nothing: if the verifier trips over it, this is the reason. */
struct image_poison {
	uint32_t insn;
	const char *what; /* "struct sock.sk_foo" */
	const char *why;
};

/* A table of instructions that a jump takes its target from (gotox, 6.19): a map of their numbers.
 */
struct image_table {
	const char *name;
	uint32_t *insns;
	uint32_t n;
};

/* Records of func_info or line_info as the kernel wants them: insn_off counts instructions. */
struct image_info {
	uint8_t *bytes;
	uint32_t count, rec_size;
};

struct image_prog {
	const struct obj_func *func;
	uint8_t *insns; /* n instructions in the object's byte order */
	uint32_t n;
	struct image_ref *refs;
	size_t n_refs;
	struct image_info func_info, line_info; /* count 0: absent */
	struct image_poison *poison;
	size_t n_poison;
	struct image_table *tables;
	size_t n_tables;
	const char **formats; /* of bpf_printk calls, in order of the code */
	size_t n_formats;
	bool calls_modules;  /* some calls are of functions of kernel modules */
	bool unknown_format; /* some bpf_printk has a format that can't be seen from here */
	const char *
		gpl_only; /* a helper (without bpf_) that needs a GPL-compatible license, or NULL */
};

struct image {
	const struct object *object;
	struct span btf; /* the types to load, DATASECs completed; empty without BTF */
	struct image_prog *progs;
	size_t n_progs;
	struct span config; /* value of the map .kconfig */
	/* Modules of the kernel whose functions are called: indices in the types of the kernel. A
	 * call's off is 1 + the index in here, 0 for the kernel itself. */
	uint32_t *modules;
	size_t n_modules;
	bool used_target; /* some answer depends on the kernel that was linked against */
};

/* Told of each CO-RE relocation as it is resolved (`inspect`); fn may be NULL. */
struct link_watch {
	void (*fn)(void *ctx, const struct obj_func *func, uint32_t insn,
		const struct core_result *note);
	void *ctx;
};

/*
 * Links every program of the object for which autoload(ctx, func) is true (NULL: all).
 * All memory from the object's arena. The message of a failure begins with the object's path and
 * names the program.
 */
struct link_options {
	bool (*autoload)(void *ctx, const struct obj_func *func);
	void *ctx;
	struct kernel_types *types; /* of the kernel; n 0 for one without */
	const struct kernel_facts *facts;
	struct link_watch watch;
};

bool image_link(
	struct image *image, const struct object *o, const struct link_options *opt, struct err *e);

#endif
