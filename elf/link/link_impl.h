/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by the files of link.h:
 *
 *     link.c          placing functions and resolving their instructions
 *     link_code.c     sections of code, with what belongs to each instruction
 *     link_extern.c   references, poison, externs
 *     link_helpers.c  helper calls of the linked code: formats of bpf_printk(), licenses
 *     link_types.c    the object's BTF, completed
 */
#ifndef SONDE_LINK_IMPL_H
#define SONDE_LINK_IMPL_H

#include "elf/base/insn.h"
#include "link.h"

struct code_rel {
	uint32_t insn; /* its number in the section */
	uint32_t symbol, type;
	uint32_t order; /* in the file */
};

/* A section of code with its relocations, one for each instruction at most, and .BTF.ext records, all
 * in the order of instructions. */
struct code {
	const struct elf_section *section; /* NULL: no code */
	struct code_rel *rel;
	size_t n_rel, rel_room;
	struct span list[BTF_EXT_LISTS];
	uint32_t rec_size[BTF_EXT_LISTS];
};

/* A tag of a function that names its exception callback. */
struct code_tag {
	const char *func, *callback;
	uint32_t order;
};

struct linker {
	const struct object *o;
	const struct link_options *opt;
	struct image *image;
	struct kernel_types *types; /* n 0: the kernel has no BTF */
	struct layouts layouts;     /* then for CO-RE */
	struct core *core;
	struct extern_result *externs; /* one for each of the object */
	struct code *code;             /* by ELF section index */
	struct code_tag *tags;         /* in the order of func */
	size_t n_tags;
	struct err *e;
};

struct placed {
	const struct obj_func *func;
	uint32_t at; /* instruction */
};

/* A program under construction. */
struct builder {
	struct image_prog *prog;
	struct placed *placed;
	size_t n_placed;
	size_t room, placed_room, refs_room, poison_room, formats_room, tables_room;
	size_t info_room[BTF_EXT_LISTS]; /* bytes, of func_info and line_info */
};

static inline struct insn link_get(const struct linker *l, const struct builder *b, uint32_t i)
{
	return insn_get(b->prog->insns + (size_t)i * INSN_SIZE, l->o->elf.file.big);
}

static inline void link_put(const struct linker *l, struct builder *b, uint32_t i, struct insn insn)
{
	insn_put(b->prog->insns + (size_t)i * INSN_SIZE, l->o->elf.file.big, insn);
}

/* Reads l->code and l->tags. */
bool link_load_code(struct linker *l);

/* The records of a function in one list of its section: index of the first; *n: their number. */
size_t link_records(
	const struct code *code, enum btf_ext_what what, const struct obj_func *f, size_t *n);

/* The first relocation of a function, or the one after its section's last. */
const struct code_rel *link_relocation(const struct code *code, const struct obj_func *f);

/* The name of the exception callback of a function, NULL if it has none. */
const char *link_callback(const struct linker *l, const struct obj_func *f);

/* Records an unresolved reference, and an instruction that refers to something missing. */
bool link_add_ref(struct linker *l, struct builder *b, struct image_ref ref);
bool link_add_poison(
	struct linker *l, struct builder *b, uint32_t insn, const char *what, const char *why);

/* Resolves the externs of the object. */
bool link_find_externs(struct linker *l);
/* Resolves a call, or a 64-bit load, of an extern at instruction `at`; symbol: its index. */
bool link_call_kfunc(struct linker *l, struct builder *b, uint32_t at, uint32_t symbol);
bool link_load_extern(struct linker *l, struct builder *b, uint32_t at, uint32_t symbol);

/* Scans the helper calls of a linked program for format strings and GPL-only helpers. */
bool link_scan(struct linker *l, struct builder *b);

/* Completes the object's BTF for loading. Does nothing if it has none. */
bool link_types(struct linker *l);

#endif
