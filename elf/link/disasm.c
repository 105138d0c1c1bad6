/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A function for each instruction class, which returns false for invalid instructions. */
#include "disasm.h"

#include <stdarg.h>
#include <string.h>

#include "elf/base/format.h"
#include "elf/base/text.h"
#include "helpers.h"

struct out {
	char *buf;
	size_t n;
};

/* Appends; returns true, so that a class can `return put(...)`. */
__attribute__((format(printf, 2, 3))) static bool put(struct out *o, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	text_vadd(o->buf, o->n, fmt, ap);
	va_end(ap);
	return true;
}

/* "u64" by the size bits of a load or store. */
static const char *width(struct insn i, bool is_signed)
{
	static const char names[2][4][4] = {
		{"u32", "u16", "u8", "u64"},
		{"s32", "s16", "s8", "s64"},
	};
	return names[is_signed][i.code >> 3 & 3];
}

static bool put_alu(struct out *o, struct insn i)
{
	/* By operation; NEG, MOV and END are handled separately, the last two do not exist. */
	static const char ops[16][4] = {
		"+", "-", "*", "/", "|", "&", "<<", ">>", "", "%", "^", "", "s>>", "", "", ""};
	bool wide = insn_class(i) == BPF_ALU64;
	char r = wide ? 'r' : 'w';
	unsigned op = insn_op(i);
	bool from_register = i.code & BPF_X;

	switch (op) {
	case BPF_NEG:
		return !from_register && put(o, "%c%d = -%c%d", r, i.dst, r, i.dst);
	case BPF_END:
		if (i.imm != 16 && i.imm != 32 && i.imm != 64)
			return false;
		if (wide && from_register)
			return false;
		return put(o, "r%d = %s%d r%d", i.dst,
			wide            ? "bswap"
			: from_register ? "be"
					: "le",
			i.imm, i.dst);
	case BPF_MOV:
		if (!from_register)
			return i.off == 0 && put(o, "%c%d = %d", r, i.dst, i.imm);
		if (wide && i.off == BPF_ADDR_SPACE_CAST)
			return put(o, "r%d = addr_space_cast(r%d, %u, %u)", i.dst, i.src,
				(uint32_t)i.imm >> 16, i.imm & 0xffff);
		if (wide && i.off == BPF_ADDR_PERCPU)
			return put(o, "r%d = &(void __percpu *)(r%d)", i.dst, i.src);
		if (i.off == 8 || i.off == 16 || (wide && i.off == 32))
			return put(o, "%c%d = (s%d)%c%d", r, i.dst, i.off, r, i.src);
		return i.off == 0 && put(o, "%c%d = %c%d", r, i.dst, r, i.src);
	default:
		break;
	}
	bool may_sign = op == BPF_DIV || op == BPF_MOD;
	if (!ops[op >> 4][0] || (i.off != 0 && !(may_sign && i.off == 1)))
		return false;
	put(o, "%c%d %s%s= ", r, i.dst, i.off ? "s" : "", ops[op >> 4]);
	if (from_register)
		return put(o, "%c%d", r, i.src);
	return put(o, "%d", i.imm);
}

static bool put_atomic(struct out *o, struct insn i)
{
	static const char ops[16][4] = {[BPF_ADD >> 4] = "add",
		[BPF_OR >> 4] = "or",
		[BPF_AND >> 4] = "and",
		[BPF_XOR >> 4] = "xor"};
	static const char signs[16][2] = {[BPF_ADD >> 4] = "+",
		[BPF_OR >> 4] = "|",
		[BPF_AND >> 4] = "&",
		[BPF_XOR >> 4] = "^"};
	const char *w = width(i, false);
	unsigned size = i.code & 0x18u, op = (uint32_t)i.imm >> 4;
	const char *bits = size == BPF_DW ? "64" : "";

	if (i.imm == BPF_LOAD_ACQ)
		return put(o, "r%d = load_acquire((%s *)(r%d %+d))", i.dst, w, i.src, i.off);
	if (i.imm == BPF_STORE_REL)
		return put(o, "store_release((%s *)(r%d %+d), r%d)", w, i.dst, i.off, i.src);
	if (size != BPF_DW && size != BPF_W)
		return false;
	if (i.imm == BPF_XCHG)
		return put(o, "r%d = atomic%s_xchg((%s *)(r%d %+d), r%d)", i.src, bits, w, i.dst,
			i.off, i.src);
	if (i.imm == BPF_CMPXCHG)
		return put(o, "r0 = atomic%s_cmpxchg((%s *)(r%d %+d), r0, r%d)", bits, w, i.dst,
			i.off, i.src);
	if (op > 15 || !ops[op][0] || (i.imm & 15) > BPF_FETCH)
		return false;
	if (i.imm & BPF_FETCH)
		return put(o, "r%d = atomic%s_fetch_%s((%s *)(r%d %+d), r%d)", i.src, bits, ops[op],
			w, i.dst, i.off, i.src);
	return put(o, "lock *(%s *)(r%d %+d) %s= r%d", w, i.dst, i.off, signs[op], i.src);
}

static bool put_memory(struct out *o, struct insn i)
{
	unsigned mode = insn_mode(i);
	switch (insn_class(i)) {
	case BPF_LDX:
		if (mode != BPF_MEM && (mode != BPF_MEMSX || (i.code & 0x18) == BPF_DW))
			return false;
		return put(o, "r%d = *(%s *)(r%d %+d)", i.dst, width(i, mode == BPF_MEMSX), i.src,
			i.off);
	case BPF_ST:
		if (i.code == (BPF_ST | BPF_NOSPEC))
			return put(o, "nospec");
		if (mode != BPF_MEM)
			return false;
		return put(o, "*(%s *)(r%d %+d) = %d", width(i, false), i.dst, i.off, i.imm);
	default: /* BPF_STX */
		if (mode == BPF_ATOMIC)
			return put_atomic(o, i);
		if (mode != BPF_MEM)
			return false;
		return put(o, "*(%s *)(r%d %+d) = r%d", width(i, false), i.dst, i.off, i.src);
	}
}

/* The meaning of a 64-bit constant. */
static bool put_constant(struct out *o, struct insn i, struct insn next)
{
	switch (i.src) {
	case 0:
		return put(o, "0x%llx",
			(unsigned long long)((uint64_t)(uint32_t)next.imm << 32 | (uint32_t)i.imm));
	case BPF_PSEUDO_MAP_FD:
		return put(o, "map[fd %d]", i.imm);
	case BPF_PSEUDO_MAP_VALUE:
		return put(o, "map[fd %d]+%u", i.imm, (uint32_t)next.imm);
	case BPF_PSEUDO_BTF_ID:
		return next.imm ? put(o, "btf[fd %d] id %d", next.imm, i.imm)
		                : put(o, "btf id %d", i.imm);
	case BPF_PSEUDO_FUNC:
		return put(o, "func %+d", i.imm);
	case BPF_PSEUDO_MAP_IDX:
		return put(o, "map[index %d]", i.imm);
	case BPF_PSEUDO_MAP_IDX_VALUE:
		return put(o, "map[index %d]+%u", i.imm, (uint32_t)next.imm);
	default:
		return false;
	}
}

static bool put_ld(struct out *o, struct insn i, struct insn next, const char *name)
{
	unsigned size = i.code & 0x18u;
	switch (insn_mode(i)) {
	case BPF_IMM:
		/* The second slot must have code 0. */
		if (size != BPF_DW || next.code != 0)
			return false;
		put(o, "r%d = ", i.dst);
		return (name ? put(o, "%s", name) : put_constant(o, i, next)) && put(o, " ll");
	case BPF_ABS:
		return size != BPF_DW && put(o, "r0 = *(%s *)skb[%d]", width(i, false), i.imm);
	case BPF_IND:
		return size != BPF_DW &&
		       put(o, "r0 = *(%s *)skb[r%d %+d]", width(i, false), i.src, i.imm);
	default:
		return false;
	}
}

static bool put_call(struct out *o, struct insn i, const char *name)
{
	const char *helper = helper_name((unsigned)i.imm);
	if (i.code & BPF_X)
		return false;
	if (name)
		return put(o, "call %s", name);
	switch (i.src) {
	case 0:
		if (helper)
			return put(o, "call bpf_%s#%d", helper, i.imm);
		return put(o, "call unknown#%d", i.imm);
	case BPF_PSEUDO_CALL:
		return put(o, "call %+d", i.imm);
	case BPF_PSEUDO_KFUNC_CALL:
		if (i.off)
			return put(o, "call kfunc id %d of fd_array[%d]", i.imm, i.off);
		return put(o, "call kfunc id %d", i.imm);
	default:
		return false;
	}
}

static bool put_jump(struct out *o, struct insn i, const char *name)
{
	/* By operation; JA, CALL, EXIT and JCOND are handled separately, the last does not exist. */
	static const char ops[16][4] = {"", "==", ">", ">=", "&", "!=", "s>", "s>=", "", "", "<",
		"<=", "s<", "s<=", "", ""};
	bool wide = insn_class(i) == BPF_JMP, from_register = i.code & BPF_X;
	char r = wide ? 'r' : 'w';
	unsigned op = insn_op(i);

	switch (op) {
	case BPF_JA:
		if (from_register)
			return wide && put(o, "gotox r%d", i.dst);
		return wide ? put(o, "goto %+d", i.off) : put(o, "gotol %+d", i.imm);
	case BPF_CALL:
		return wide && put_call(o, i, name);
	case BPF_EXIT:
		return wide && !from_register && put(o, "exit");
	case BPF_JCOND:
		return wide && !from_register && i.src == BPF_MAY_GOTO &&
		       put(o, "may_goto %+d", i.off);
	default:
		break;
	}
	if (!ops[op >> 4][0])
		return false;
	put(o, "if %c%d %s ", r, i.dst, ops[op >> 4]);
	if (from_register)
		put(o, "%c%d", r, i.src);
	else
		put(o, i.imm < 0 ? "%d" : "0x%x", i.imm);
	return put(o, " goto %+d", i.off);
}

static bool has_name(struct insn i)
{
	return insn_is_wide(i) || i.code == (BPF_JMP | BPF_CALL);
}

unsigned disasm(struct insn i, struct insn next, size_t slot, const struct disasm_names *names,
	char *buf, size_t n)
{
	struct out o = {buf, n};
	char text[256];
	const char *name = NULL;
	bool known;
	buf[0] = 0;
	if (names && names->name && has_name(i) &&
		names->name(names->ctx, slot, i, next, text, sizeof text))
		name = text;
	switch (insn_class(i)) {
	case BPF_LD:
		known = put_ld(&o, i, next, name);
		break;
	case BPF_LDX:
	case BPF_ST:
	case BPF_STX:
		known = put_memory(&o, i);
		break;
	case BPF_ALU:
	case BPF_ALU64:
		known = put_alu(&o, i);
		break;
	default:
		known = put_jump(&o, i, name);
	}
	if (!known) {
		text_print(buf, n, "unknown 0x%02x", i.code);
		return 1;
	}
	return insn_is_wide(i) ? 2 : 1;
}
