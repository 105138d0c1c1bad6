/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Data flow analysis: for each instruction, the set of registers that hold the context on all paths
 * to it. Initially r1; copies add a register, other writes remove it, and where paths join, the
 * sets are intersected. Iterates to a fixed point; sets only shrink.
 */
#include "ctx_use.h"

#include "elf/base/arena.h"
#include "elf/base/insn.h"

enum {
	UNSEEN = 1 << 15, /* not reached yet */
	CALLER_SAVED = 0x3f,
};

struct flow {
	const uint8_t *insns;
	size_t n;
	bool big;
	uint16_t *holds; /* by instruction: the set of registers */
	bool changed;
};

static struct insn at(const struct flow *f, size_t i)
{
	return insn_get(f->insns + i * INSN_SIZE, f->big);
}

static void reach(struct flow *f, int64_t to, uint16_t holds)
{
	if (to < 0 || (uint64_t)to >= f->n)
		return;
	uint16_t old = f->holds[to], new = holds;
	if (!(old & UNSEEN))
		new &= old;
	f->changed |= new != old;
	f->holds[to] = new;
}

static uint16_t after(struct insn i, uint16_t holds)
{
	uint16_t dst = (uint16_t)(1u << i.dst);
	switch (insn_class(i)) {
	case BPF_ALU64:
		if (i.code == (BPF_ALU64 | BPF_MOV | BPF_X) && !i.off && holds >> i.src & 1)
			return holds | dst;
		return holds & ~dst;
	case BPF_ALU:
	case BPF_LDX:
		return holds & ~dst;
	case BPF_LD:
		return insn_is_wide(i) ? holds & ~dst : holds & ~CALLER_SAVED;
	case BPF_STX: /* atomics may return a value in src or r0 */
		if (insn_mode(i) == BPF_ATOMIC)
			holds &= (uint16_t) ~(1u << i.src | 1u);
		return holds;
	case BPF_JMP:
		return insn_op(i) == BPF_CALL ? holds & ~CALLER_SAVED : holds;
	default:
		return holds;
	}
}

static void step(struct flow *f, size_t k)
{
	struct insn i = at(f, k);
	unsigned class = insn_class(i), op = insn_op(i);
	uint16_t holds = after(i, f->holds[k]);
	bool jumps = insn_is_jump(i);
	if (jumps && op == BPF_EXIT)
		return;
	if (jumps && op != BPF_CALL)
		reach(f, (int64_t)k + 1 + (op == BPF_JA && class == BPF_JMP32 ? i.imm : i.off),
			holds);
	if (!jumps || op != BPF_JA)
		reach(f, (int64_t)k + 1 + insn_is_wide(i), holds);
}

static bool is_load(struct insn i)
{
	unsigned mode = insn_mode(i);
	return insn_class(i) == BPF_LDX && (mode == BPF_MEM || mode == BPF_MEMSX);
}

bool ctxuse_each(const uint8_t *insns, size_t n, bool big, ctxuse_fn fn, void *ctx)
{
	struct arena scratch = {0};
	struct flow f = {.insns = insns,
		.n = n,
		.big = big,
		.holds = arena_array(&scratch, n, sizeof *f.holds),
		.changed = n != 0};
	if (!f.holds)
		return false;
	for (size_t k = 0; k < n; k++)
		f.holds[k] = k ? UNSEEN : 1 << BPF_REG_1;
	while (f.changed) {
		f.changed = false;
		for (size_t k = 0; k < n; k++)
			if (!(f.holds[k] & UNSEEN))
				step(&f, k);
	}
	for (size_t k = 0; k < n; k++) {
		struct insn i = at(&f, k);
		if (is_load(i) && !(f.holds[k] & UNSEEN) && f.holds[k] >> i.src & 1 &&
			!fn(ctx, i.off, insn_width(i)))
			break;
	}
	arena_free(&scratch);
	return true;
}

bool ctxuse_calls(const uint8_t *insns, size_t n, bool big, int32_t helper)
{
	for (size_t k = 0; k < n; k++) {
		struct insn i = insn_get(insns + k * INSN_SIZE, big);
		if (insn_calls_helper(i) && i.imm == helper)
			return true;
		k += insn_is_wide(i);
	}
	return false;
}
