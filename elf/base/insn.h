/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The eBPF instruction set: encodings and the decoded form of one 8-byte slot. The names are the
 * kernel's (Documentation/bpf/standardization/instruction-set.rst, RFC 9669), so this header and
 * <linux/bpf.h> exclude each other.
 *
 * A slot is u8 code, two 4-bit registers, s16 off, s32 imm. off and imm are in the byte order of the
 * object. The order of the registers depends on it, too: dst is the low nibble in a little-endian
 * object and the high nibble in a big-endian one.
 *
 * The low 3 bits of code are the class. Loads and stores: mode (3 bits), size (2), class (3). ALU
 * operations and jumps: operation (4), source (1), class (3).
 *
 * Versions: v1 3.18, v2 4.14 (BPF_JLT...), v3 5.1 (BPF_JMP32), 5.12 atomics beyond ADD, v4 6.6
 * (sign extension, signed division, BSWAP, 32-bit jump), 6.15 load-acquire and store-release.
 */
#ifndef SONDE_INSN_H
#define SONDE_INSN_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

enum {
	INSN_SIZE = 8, /* bytes of a slot; BPF_LD | BPF_IMM | BPF_DW takes two */

	/* Class: code & 0x07 */
	BPF_LD = 0x00,
	BPF_LDX = 0x01,
	BPF_ST = 0x02,
	BPF_STX = 0x03,
	BPF_ALU = 0x04,
	BPF_JMP = 0x05,
	BPF_JMP32 = 0x06,
	BPF_ALU64 = 0x07,

	/* Size of a load or store: code & 0x18 */
	BPF_W = 0x00,  /* 4 bytes */
	BPF_H = 0x08,  /* 2 */
	BPF_B = 0x10,  /* 1 */
	BPF_DW = 0x18, /* 8 */

	/* Mode of a load or store: code & 0xe0 */
	BPF_IMM = 0x00, /* 64-bit constant, two slots */
	BPF_ABS = 0x20, /* packet access inherited from classic BPF */
	BPF_IND = 0x40,
	BPF_MEM = 0x60,
	BPF_MEMSX = 0x80,  /* load with sign extension, 6.6 */
	BPF_ATOMIC = 0xc0, /* with BPF_STX; formerly BPF_XADD */
	BPF_NOSPEC = 0xc0, /* with BPF_ST: speculation barrier, internal to the kernel */

	/* Source: code & 0x08 */
	BPF_K = 0x00, /* imm */
	BPF_X = 0x08, /* src register */

	/* ALU operation: code & 0xf0 */
	BPF_ADD = 0x00,
	BPF_SUB = 0x10,
	BPF_MUL = 0x20,
	BPF_DIV = 0x30, /* off 1: signed, 6.6 */
	BPF_OR = 0x40,
	BPF_AND = 0x50,
	BPF_LSH = 0x60,
	BPF_RSH = 0x70,
	BPF_NEG = 0x80,
	BPF_MOD = 0x90, /* off 1: signed, 6.6 */
	BPF_XOR = 0xa0,
	BPF_MOV = 0xb0, /* off 8, 16, 32: sign-extending, 6.6; see also BPF_ADDR_* below */
	BPF_ARSH = 0xc0,
	BPF_END = 0xd0, /* imm 16, 32, 64; with BPF_ALU64: swap always, 6.6 */

	BPF_TO_LE = 0x00, /* source bit of BPF_ALU | BPF_END */
	BPF_TO_BE = 0x08,

	/* off of BPF_ALU64 | BPF_MOV | BPF_X: special moves */
	BPF_ADDR_SPACE_CAST = 1, /* imm: from << 16 | to, 6.9 */
	BPF_ADDR_PERCPU = -1,    /* internal to the kernel */

	/* Jump operation: code & 0xf0 */
	BPF_JA = 0x00, /* BPF_JMP: to off; BPF_JMP32: to imm, 6.6; with BPF_X: to register, 6.19 */
	BPF_JEQ = 0x10,
	BPF_JGT = 0x20,
	BPF_JGE = 0x30,
	BPF_JSET = 0x40,
	BPF_JNE = 0x50,
	BPF_JSGT = 0x60,
	BPF_JSGE = 0x70,
	BPF_CALL = 0x80,
	BPF_EXIT = 0x90,
	BPF_JLT = 0xa0, /* these four 4.14 */
	BPF_JLE = 0xb0,
	BPF_JSLT = 0xc0,
	BPF_JSLE = 0xd0,
	BPF_JCOND = 0xe0, /* conditional pseudo jump, 6.9; src is BPF_MAY_GOTO */
	BPF_MAY_GOTO = 0,

	/* imm of an atomic: an ALU operation (ADD, OR, AND, XOR), optionally with BPF_FETCH, or */
	BPF_FETCH = 0x01,
	BPF_XCHG = 0xe0 | BPF_FETCH,
	BPF_CMPXCHG = 0xf0 | BPF_FETCH,
	BPF_LOAD_ACQ = 0x100, /* 6.15 */
	BPF_STORE_REL = 0x110,

	/* src of BPF_LD | BPF_IMM | BPF_DW: the meaning of the constant (0: a number) */
	BPF_PSEUDO_MAP_FD = 1,    /* imm fd: the map */
	BPF_PSEUDO_MAP_VALUE = 2, /* imm fd, next imm offset: address in a map's value, 5.2 */
	BPF_PSEUDO_BTF_ID = 3,    /* imm BTF id, next imm BTF fd or 0: a kernel variable, 5.10 */
	BPF_PSEUDO_FUNC = 4,      /* imm distance - 1: address of a subprogram, 5.13 */
	BPF_PSEUDO_MAP_IDX = 5,   /* imm index into fd_array: the map, 5.14 */
	BPF_PSEUDO_MAP_IDX_VALUE = 6, /* the same, with an offset like MAP_VALUE */

	/* src of BPF_JMP | BPF_CALL (0: a helper, imm is its number) */
	BPF_PSEUDO_CALL = 1,       /* imm distance - 1: a subprogram, 4.16 */
	BPF_PSEUDO_KFUNC_CALL = 2, /* imm BTF id, off index into fd_array or 0, 5.13 */

	/* Registers: R0 result, R1-R5 arguments, R6-R9 callee-saved, R10 frame pointer (read only) */
	BPF_REG_0 = 0,
	BPF_REG_1,
	BPF_REG_2,
	BPF_REG_3,
	BPF_REG_4,
	BPF_REG_5,
	BPF_REG_6,
	BPF_REG_7,
	BPF_REG_8,
	BPF_REG_9,
	BPF_REG_10,
	BPF_REG_FP = BPF_REG_10,
};

/* One slot, decoded. dst and src may be 11 to 15 in bytes that no compiler emitted. */
struct insn {
	uint8_t code;
	uint8_t dst, src;
	int16_t off;
	int32_t imm;
};

/* Reads the 8 bytes at p, which need not be aligned. The caller has checked the bounds. */
static inline struct insn insn_get(const uint8_t *p, bool big)
{
	uint8_t low = p[1] & 15, high = p[1] >> 4;
	return (struct insn){
		.code = p[0],
		.dst = big ? high : low,
		.src = big ? low : high,
		.off = (int16_t)bytes_get(p + 2, 2, big),
		.imm = (int32_t)bytes_get(p + 4, 4, big),
	};
}

/* Writes 8 bytes at p: the inverse of insn_get(). */
static inline void insn_put(uint8_t *p, bool big, struct insn i)
{
	unsigned low = big ? i.src : i.dst, high = big ? i.dst : i.src;
	p[0] = i.code;
	p[1] = (uint8_t)((low & 15) | (high & 15) << 4);
	bytes_put(p + 2, 2, big, (uint16_t)i.off);
	bytes_put(p + 4, 4, big, (uint32_t)i.imm);
}

/* The 64-bit constant load, the only instruction that occupies two slots: the second slot has code
 * 0 and the high half of the constant in imm. */
static inline bool insn_is_wide(struct insn i)
{
	return i.code == (BPF_LD | BPF_IMM | BPF_DW);
}

static inline unsigned insn_class(struct insn i)
{
	return i.code & 0x07;
}

/* The operation of an ALU instruction or a jump: BPF_ADD, BPF_JEQ, BPF_CALL, ... */
static inline unsigned insn_op(struct insn i)
{
	return i.code & 0xf0;
}

/* The mode of a load or store: BPF_MEM, BPF_ATOMIC, ... */
static inline unsigned insn_mode(struct insn i)
{
	return i.code & 0xe0;
}

static inline bool insn_is_jump(struct insn i)
{
	return insn_class(i) == BPF_JMP || insn_class(i) == BPF_JMP32;
}

/* A call of a helper function, whose number is in imm. */
static inline bool insn_calls_helper(struct insn i)
{
	return i.code == (BPF_JMP | BPF_CALL) && !i.src;
}

/* True for the classes that hold ALU operations, false for loads, stores and jumps. */
static inline bool insn_is_alu(struct insn i)
{
	return insn_class(i) == BPF_ALU || insn_class(i) == BPF_ALU64;
}

/* The width of a load or store in bytes: 1, 2, 4 or 8. */
static inline unsigned insn_width(struct insn i)
{
	switch (i.code & 0x18) {
	case BPF_B:
		return 1;
	case BPF_H:
		return 2;
	case BPF_W:
		return 4;
	default:
		return 8;
	}
}

#endif
