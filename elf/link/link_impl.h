/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the files of the linker share; nobody else includes it.
 *
 *     link.c          sections of code, placing, resolving, carrying, answering
 *     link_extern.c   references, poison, what the kernel has to give
 *     link_helpers.c    what the linked code tells about itself
 *     link_types.c    the object's types, completed
 */
#ifndef SONDE_LINK_IMPL_H
#define SONDE_LINK_IMPL_H

#include "elf/base/insn.h"
#include "link.h"

/* What belongs to one section of code, looked up once. */
struct code {
	const struct elf_section *section;
	struct elf_rel *rel; /* by instruction; type 0: none */
	struct span list[BTF_EXT_LISTS];
	uint32_t rec_size[BTF_EXT_LISTS];
};

struct linker {
	const struct object *o;
	const struct link_options *opt;
	struct image *image;
	struct kernel_types *types; /* of the kernel, perhaps none */
	struct core *core;
	struct extern_result *externs; /* one for each of the object */
	struct code *code;             /* by ELF section index */
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
};

static inline struct insn link_get(const struct linker *l, const struct builder *b, uint32_t i)
{
	return insn_get(b->prog->insns + (size_t)i * INSN_SIZE, l->o->elf.file.big);
}

static inline void link_put(const struct linker *l, struct builder *b, uint32_t i, struct insn insn)
{
	insn_put(b->prog->insns + (size_t)i * INSN_SIZE, l->o->elf.file.big, insn);
}

/* References that stay open, and instructions that stand for something that is not there. */
bool link_add_ref(struct linker *l, struct builder *b, struct image_ref ref);
bool link_add_poison(
	struct linker *l, struct builder *b, uint32_t insn, const char *what, const char *why);

/* Looks for all externs of the object, once. */
bool link_find_externs(struct linker *l);
/* The call, or the 64-bit load, at instruction `at` is of an extern: the symbol of that number. */
bool link_call_kfunc(struct linker *l, struct builder *b, uint32_t at, uint32_t symbol);
bool link_load_extern(struct linker *l, struct builder *b, uint32_t at, uint32_t symbol);

/* Notes formats of bpf_printk and helpers of a program that is linked. */
bool link_scan(struct linker *l, struct builder *b);

/* The types to load: the object's own, completed. Left alone when the object has none. */
bool link_types(struct linker *l);

#endif
