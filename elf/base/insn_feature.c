/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "insn_feature.h"

#include "bpf_abi.h"

#include <stddef.h>

enum test {
	ALWAYS,
	SRC_IS,
	OFF_IS,
	OFF_NOT,
	IMM_IS,
	IMM_NOT,
};

/* The first row that fits an instruction applies. */
static const struct row {
	uint8_t mask, code; /* code & mask == code */
	uint8_t test;       /* of the other fields */
	int32_t value;
	struct insn_feature feature;
} rows[] = {
	{0xff, BPF_JMP | BPF_CALL | BPF_X, ALWAYS, 0,
		{INSN_NEVER, "a call through a pointer", "compile with -O2"}},
	{0xff, BPF_JMP | BPF_JA | BPF_X, ALWAYS, 0,
		{ABI_VERSION(6, 19), "a jump table", "compile with -mcpu=v3 or -fno-jump-tables"}},
	{0xff, BPF_JMP32 | BPF_JA, ALWAYS, 0,
		{ABI_VERSION(6, 6), "a jump with 32 bits", "compile with -mcpu=v3"}},
	{0xff, BPF_JMP | BPF_JCOND, ALWAYS, 0,
		{ABI_VERSION(6, 9), "may_goto", "bound the loop by a counter"}},
	{0xe7, BPF_LDX | BPF_MEMSX, ALWAYS, 0,
		{ABI_VERSION(6, 6), "a load with sign extension", "compile with -mcpu=v3"}},
	{0xf7, BPF_ALU64 | BPF_DIV, OFF_IS, 1,
		{ABI_VERSION(6, 6), "a signed division", "compile with -mcpu=v3"}},
	{0xf7, BPF_ALU | BPF_DIV, OFF_IS, 1,
		{ABI_VERSION(6, 6), "a signed division", "compile with -mcpu=v3"}},
	{0xf7, BPF_ALU64 | BPF_MOD, OFF_IS, 1,
		{ABI_VERSION(6, 6), "a signed division", "compile with -mcpu=v3"}},
	{0xf7, BPF_ALU | BPF_MOD, OFF_IS, 1,
		{ABI_VERSION(6, 6), "a signed division", "compile with -mcpu=v3"}},
	{0xff, BPF_ALU64 | BPF_MOV | BPF_X, OFF_IS, BPF_ADDR_SPACE_CAST,
		{ABI_VERSION(6, 9), "an address of an arena", "use a map"}},
	{0xff, BPF_ALU64 | BPF_MOV | BPF_X, OFF_NOT, 0,
		{ABI_VERSION(6, 6), "a sign extension", "compile with -mcpu=v3"}},
	{0xff, BPF_ALU | BPF_MOV | BPF_X, OFF_NOT, 0,
		{ABI_VERSION(6, 6), "a sign extension", "compile with -mcpu=v3"}},
	{0xf7, BPF_ALU64 | BPF_END, ALWAYS, 0,
		{ABI_VERSION(6, 6), "a swap of bytes", "compile with -mcpu=v3"}},
	{0x07, BPF_JMP32, ALWAYS, 0,
		{ABI_VERSION(5, 1), "a comparison of 32 bits", "compile with -mcpu=v2"}},
	{0xe7, BPF_STX | BPF_ATOMIC, IMM_IS, BPF_LOAD_ACQ,
		{ABI_VERSION(6, 15), "a load-acquire", "compile with -mcpu=v3"}},
	{0xe7, BPF_STX | BPF_ATOMIC, IMM_IS, BPF_STORE_REL,
		{ABI_VERSION(6, 15), "a store-release", "compile with -mcpu=v3"}},
	{0xe7, BPF_STX | BPF_ATOMIC, IMM_NOT, BPF_ADD,
		{ABI_VERSION(5, 12), "an atomic operation other than addition",
			"use __sync_fetch_and_add() without its result"}},
	{0xff, BPF_LD | BPF_IMM | BPF_DW, SRC_IS, BPF_PSEUDO_FUNC,
		{ABI_VERSION(5, 13), "a callback", "use a bounded loop"}},
	{0xff, BPF_LD | BPF_IMM | BPF_DW, SRC_IS, BPF_PSEUDO_BTF_ID,
		{ABI_VERSION(5, 10), "a variable of the kernel", "read it with a helper"}},
	{0xff, BPF_LD | BPF_IMM | BPF_DW, SRC_IS, BPF_PSEUDO_MAP_VALUE,
		{ABI_VERSION(5, 2), "a global variable", "use an array map"}},
	{0xff, BPF_JMP | BPF_CALL, SRC_IS, BPF_PSEUDO_KFUNC_CALL,
		{ABI_VERSION(5, 13), "a call of a kernel function", "use a helper"}},
	{0xff, BPF_JMP | BPF_CALL, SRC_IS, BPF_PSEUDO_CALL,
		{ABI_VERSION(4, 16), "a function call",
			"make the function static __always_inline"}},
	{0xf7, BPF_JMP | BPF_JLT, ALWAYS, 0,
		{ABI_VERSION(4, 14), "a comparison of v2", "compile with -mcpu=v1"}},
	{0xf7, BPF_JMP | BPF_JLE, ALWAYS, 0,
		{ABI_VERSION(4, 14), "a comparison of v2", "compile with -mcpu=v1"}},
	{0xf7, BPF_JMP | BPF_JSLT, ALWAYS, 0,
		{ABI_VERSION(4, 14), "a comparison of v2", "compile with -mcpu=v1"}},
	{0xf7, BPF_JMP | BPF_JSLE, ALWAYS, 0,
		{ABI_VERSION(4, 14), "a comparison of v2", "compile with -mcpu=v1"}},
};

static bool fits(const struct row *r, struct insn i)
{
	if ((i.code & r->mask) != r->code)
		return false;
	switch (r->test) {
	case SRC_IS:
		return i.src == r->value;
	case OFF_IS:
		return i.off == r->value;
	case OFF_NOT:
		return i.off != r->value;
	case IMM_IS:
		return i.imm == r->value;
	case IMM_NOT:
		return i.imm != r->value;
	default:
		return true;
	}
}

const struct insn_feature *insn_feature(struct insn i)
{
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
		if (fits(&rows[k], i))
			return &rows[k].feature;
	return NULL;
}
