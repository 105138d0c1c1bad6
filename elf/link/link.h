/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The image: an object linked against one kernel. Each program is a sequence of instructions: its
 * function, followed by all functions that it reaches, with calls resolved, CO-RE relocations
 * applied, and func_info and line_info adjusted. Only file descriptors and addresses of the running
 * kernel remain unresolved: they are listed as references.
 */
#ifndef SONDE_LINK_H
#define SONDE_LINK_H

#include "extern.h"
#include "layouts.h"

enum image_ref_kind {
	REF_MAP,     /* imm of instruction `insn`: the fd of map `index` */
	REF_VALUE,   /* the same; imm of the next slot is the offset in the value already */
	REF_ADDRESS, /* both imms: the address of the kernel symbol named by extern `index` */
	REF_TABLE,   /* imm: the fd of the map with jump table `index` of the program */
	REF_MODULE,  /* imm of the next slot: the BTF fd of kernel module `index` */
};

struct image_ref {
	uint32_t insn;
	enum image_ref_kind kind;
	uint32_t index; /* in object.maps, object.externs, image_prog.tables or kernel_types.list */
};

/* An instruction whose CO-RE relocation or kfunc was not found: the verifier rejects the program if
 * it is reachable. */
struct image_poison {
	uint32_t insn;
	const char *what; /* "struct sock.sk_foo" */
	const char *why;
};

/* A jump table (gotox, 6.19): a map of instruction numbers. */
struct image_table {
	const char *name;
	uint32_t *insns;
	uint32_t n;
};

/* Records of func_info or line_info for the kernel: insn_off counts instructions. */
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
	const char **formats; /* format strings of bpf_printk() calls, in code order */
	size_t n_formats;
	bool calls_modules;  /* it calls kfuncs of kernel modules */
	bool calls_device;   /* it calls kfuncs that the driver of an interface implements */
	bool streams;        /* it calls bpf_stream_printk() */
	bool unknown_format; /* the format of a bpf_printk() call could not be determined */
	uint32_t gpl_only;   /* number of a helper that requires a GPL-compatible license, or 0 */
};

struct image {
	const struct object *object;
	struct span btf; /* the BTF to load, DATASECs completed; empty if there is none */
	struct image_prog *progs;
	size_t n_progs;
	struct span config; /* value of the map .kconfig */
	/* Kernel modules whose kfuncs are called: indices in kernel_types.list. The off of a call is
	 * 1 + an index in this array, 0 for vmlinux. */
	uint32_t *modules;
	size_t n_modules;
	bool used_target; /* the result depends on the target kernel */
};

/* fn is called for each CO-RE relocation when it is applied (`inspect`), layouts once if the kernel has no
 * BTF, with what is known nevertheless (layouts.h). Both may be NULL. */
struct link_watch {
	void (*fn)(void *ctx, const struct obj_func *func, uint32_t insn,
		const struct core_result *note);
	void (*layouts)(void *ctx, const struct layout_source *sources, size_t n);
	void *ctx;
};

/*
 * Links the programs of the object for which autoload(ctx, func) returns true (NULL: all).
 * All memory comes from the object's arena. Error messages begin with the object's path and name
 * the program.
 */
struct link_options {
	bool (*autoload)(void *ctx, const struct obj_func *func);
	/* Called for a program that cannot be linked, with the error; the others are linked
	 * nevertheless. NULL: the first such program fails image_link(). */
	void (*failed)(void *ctx, const struct obj_func *func, const struct err *e);
	void *ctx;
	struct kernel_types *types; /* n 0: the kernel has no BTF */
	const struct kernel_facts *facts;
	/* layouts_find(): what is known of a kernel without BTF; NULL: nothing is. */
	bool (*layouts)(struct layouts *l, const struct object *o, const struct kernel_facts *facts,
		struct err *e);
	struct link_watch watch;
};

/* A struct of kernels that know tags of parameters (6.8). */
#define LINK_ARG_TAGS "bpf_subprog_arg_info"

bool image_link(
	struct image *image, const struct object *o, const struct link_options *opt, struct err *e);

#endif
