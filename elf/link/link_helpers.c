/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Scans the helper calls of linked code: finds the formats of bpf_printk() calls by following all
 * paths that lead to each, and helpers that require a GPL-compatible license.
 */
#include "link_impl.h"

#include "helpers.h"
#include "elf/base/bpf_abi.h"
#include "elf/base/insn.h"

enum { FORMAT_STEPS = 64 };

/* ---- jumps ---- */

static bool is_jump(struct insn insn)
{
	return insn_is_jump(insn) && insn_op(insn) != BPF_CALL && insn_op(insn) != BPF_EXIT;
}

/* The target of a jump, -1 for other instructions and for indirect jumps. */
static int64_t jump_target(struct insn insn, uint32_t at)
{
	if (!is_jump(insn) || insn.code == (BPF_JMP | BPF_JA | BPF_X))
		return -1;
	return (int64_t)at + 1 + (insn.code == (BPF_JMP32 | BPF_JA) ? insn.imm : insn.off);
}

/* Whether execution can continue with the next instruction. */
static bool falls_through(struct insn insn)
{
	return insn.code != (BPF_JMP | BPF_EXIT) && !(is_jump(insn) && insn_op(insn) == BPF_JA);
}

/* Marks jump targets. NULL if memory is exhausted. */
static uint8_t *find_joins(struct linker *l, struct builder *b)
{
	uint8_t *joins = arena_alloc(l->o->arena, b->prog->n);
	for (uint32_t i = 0; i < b->prog->n && joins; i++) {
		int64_t to = jump_target(link_get(l, b, i), i);
		if (to >= 0 && to < b->prog->n)
			joins[to] = 1;
	}
	return joins;
}

/* ---- formats ---- */

/* The formats that may be passed to a bpf_printk() call: compilers merge calls. */
struct formats {
	struct linker *l;
	struct builder *b;
	const uint8_t *joins; /* by instruction: whether it is a jump target */
	size_t first;         /* index of this call's first format in the program's list */
	unsigned steps;       /* limit of instructions to visit */
};

/* Adds the format string loaded by the 64-bit load `at`. */
static bool add_format(struct formats *f, uint32_t at)
{
	struct image_prog *p = f->b->prog;
	const struct object *o = f->l->o;
	const char *text = NULL;
	for (size_t i = 0; i < p->n_refs; i++)
		if (p->refs[i].insn == at && p->refs[i].kind == REF_VALUE)
			text = span_str(o->maps[p->refs[i].index].init,
				(uint32_t)link_get(f->l, f->b, at + 1).imm);
	p->unknown_format |= !text;
	for (size_t i = f->first; i < p->n_formats && text; i++)
		if (p->formats[i] == text)
			text = NULL;
	if (!text)
		return true;
	const char **list =
		arena_grow(o->arena, p->formats, p->n_formats, &f->b->formats_room, sizeof *list);
	if (!list)
		return err_nomem(f->l->e);
	p->formats = list;
	list[p->n_formats++] = text;
	return true;
}

/* Follows all paths backwards from an instruction to the loads of r1. */
static bool formats_before(struct formats *f, uint32_t at)
{
	struct image_prog *p = f->b->prog;
	while (f->steps) {
		f->steps--;
		for (uint32_t i = 0; i < p->n && f->joins[at]; i++)
			if (jump_target(link_get(f->l, f->b, i), i) == at && !formats_before(f, i))
				return false;
		bool wide = at > 1 && !link_get(f->l, f->b, at - 1).code; /* second slot */
		uint32_t before = at - 1 - wide;
		struct insn insn = at ? link_get(f->l, f->b, before) : (struct insn){0};
		if (!at || !falls_through(insn)) {
			p->unknown_format |= !f->joins[at]; /* start of a function */
			return true;
		}
		bool writes = insn_is_alu(insn) || insn_class(insn) == BPF_LDX ||
		              insn_class(insn) == BPF_LD;
		bool first_argument = writes && insn.dst == BPF_REG_1;
		if (first_argument && wide)
			return add_format(f, before);
		if (first_argument || insn.code == (BPF_JMP | BPF_CALL))
			break;
		at = before;
	}
	p->unknown_format = true;
	return true;
}

static bool find_formats(struct linker *l, struct builder *b, const uint8_t *joins, uint32_t call)
{
	struct formats f = {l, b, joins, b->prog->n_formats, FORMAT_STEPS};
	return formats_before(&f, call);
}

bool link_scan(struct linker *l, struct builder *b)
{
	const uint8_t *joins = NULL;
	for (uint32_t i = 0; i < b->prog->n; i++) {
		struct insn insn = link_get(l, b, i);
		if (insn_is_wide(insn)) {
			i++;
			continue;
		}
		if (!insn_calls_helper(insn))
			continue;
		bool prints =
			insn.imm == BPF_FUNC_trace_printk || insn.imm == BPF_FUNC_trace_vprintk;
		if (prints && !joins && !(joins = find_joins(l, b)))
			return err_nomem(l->e);
		if (prints && !find_formats(l, b, joins, i))
			return false;
		if (helper_gpl_only((uint32_t)insn.imm) && !b->prog->gpl_only)
			b->prog->gpl_only = (uint32_t)insn.imm;
	}
	return true;
}
