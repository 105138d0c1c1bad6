/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared by the files of link.h:
 *
 *     link.c          placing functions and resolving their instructions
 *     link_extern.c   references, poison, externs
 *     link_helpers.c  helper calls of the linked code: formats of bpf_printk(), licenses
 *     link_types.c    the object's BTF, completed
 */
#ifndef SONDE_LINK_IMPL_H
#define SONDE_LINK_IMPL_H

#include "elf/base/insn.h"
#include "link.h"

/* A section of code with its relocations and .BTF.ext records. */
struct code {
	const struct elf_section *section;
	struct elf_rel *rel; /* by instruction; type 0: no relocation */
	struct span list[BTF_EXT_LISTS];
	uint32_t rec_size[BTF_EXT_LISTS];
};

struct linker {
	const struct object *o;
	const struct link_options *opt;
	struct image *image;
	struct kernel_types *types; /* n 0: the kernel has no BTF */
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
