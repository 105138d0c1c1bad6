/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The disassembler, compared with literal encodings and with llvm-objdump. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/base/bpf_abi.h"
#include "elf/base/insn_feature.h"
#include "elf/link/disasm.h"

/* clang-format off */

/* The bytes of a little-endian object; a second slot only for 64-bit constants. */
static const struct {
	const char *text;
	uint64_t slot, next;
} table[] = {
	/* ALU64: each operation with a constant and with a register */
	{"r1 += 5", 0x0000000500000107, 0},
	{"r1 += r2", 0x000000000000210f, 0},
	{"r10 += -4", 0xfffffffc00000a07, 0},
	{"r1 -= -2147483648", 0x8000000000000117, 0},
	{"r1 -= r9", 0x000000000000911f, 0},
	{"r3 *= 8", 0x0000000800000327, 0},
	{"r3 /= 8", 0x0000000800000337, 0},
	{"r3 s/= 8", 0x0000000800010337, 0},
	{"r3 s/= r4", 0x000000000001433f, 0},
	{"r3 |= 1", 0x0000000100000347, 0},
	{"r3 &= 255", 0x000000ff00000357, 0},
	{"r3 <<= 32", 0x0000002000000367, 0},
	{"r3 >>= 32", 0x0000002000000377, 0},
	{"r3 = -r3", 0x0000000000000387, 0},
	{"r3 %= 7", 0x0000000700000397, 0},
	{"r3 s%= 7", 0x0000000700010397, 0},
	{"r3 ^= r3", 0x00000000000033af, 0},
	{"r0 = 0", 0x00000000000000b7, 0},
	{"r6 = r1", 0x00000000000016bf, 0},
	{"r3 s>>= 3", 0x00000003000003c7, 0},
	/* ALU: the low half */
	{"w1 += 5", 0x0000000500000104, 0},
	{"w1 = w2", 0x00000000000021bc, 0},
	{"w1 = -1", 0xffffffff000001b4, 0},
	{"w1 = -w1", 0x0000000000000184, 0},
	{"w1 s>>= w2", 0x00000000000021cc, 0},
	{"w1 s/= w2", 0x000000000001213c, 0},
	/* Byte order, sign extension, address spaces */
	{"r1 = le16 r1", 0x00000010000001d4, 0},
	{"r1 = be32 r1", 0x00000020000001dc, 0},
	{"r1 = be64 r1", 0x00000040000001dc, 0},
	{"r1 = bswap16 r1", 0x00000010000001d7, 0},
	{"r1 = bswap64 r1", 0x00000040000001d7, 0},
	{"r1 = (s8)r2", 0x00000000000821bf, 0},
	{"r1 = (s16)r2", 0x00000000001021bf, 0},
	{"r1 = (s32)r2", 0x00000000002021bf, 0},
	{"w1 = (s8)w2", 0x00000000000821bc, 0},
	{"w1 = (s16)w2", 0x00000000001021bc, 0},
	{"r1 = addr_space_cast(r2, 0, 1)", 0x00000001000121bf, 0},
	{"r1 = addr_space_cast(r2, 1, 0)", 0x00010000000121bf, 0},
	{"r1 = &(void __percpu *)(r2)", 0x00000000ffff21bf, 0},
	/* Memory */
	{"r1 = *(u64 *)(r10 -8)", 0x00000000fff8a179, 0},
	{"r1 = *(u32 *)(r2 +4)", 0x0000000000042161, 0},
	{"r1 = *(u16 *)(r2 +0)", 0x0000000000002169, 0},
	{"r1 = *(u8 *)(r2 +32767)", 0x000000007fff2171, 0},
	{"r1 = *(s8 *)(r2 -32768)", 0x0000000080002191, 0},
	{"r1 = *(s16 *)(r2 +0)", 0x0000000000002189, 0},
	{"r1 = *(s32 *)(r2 +0)", 0x0000000000002181, 0},
	{"*(u32 *)(r10 -4) = 0", 0x00000000fffc0a62, 0},
	{"*(u64 *)(r1 +8) = -1", 0xffffffff0008017a, 0},
	{"*(u8 *)(r1 +8) = r2", 0x0000000000082173, 0},
	{"*(u64 *)(r10 -16) = r1", 0x00000000fff01a7b, 0},
	{"nospec", 0x00000000000000c2, 0},
	{"r0 = *(u16 *)skb[12]", 0x0000000c00000028, 0},
	{"r0 = *(u8 *)skb[r7 +14]", 0x0000000e00007050, 0},
	/* Atomics */
	{"lock *(u64 *)(r1 +0) += r2", 0x00000000000021db, 0},
	{"lock *(u32 *)(r1 +8) += r2", 0x00000000000821c3, 0},
	{"lock *(u64 *)(r1 +0) |= r2", 0x00000040000021db, 0},
	{"lock *(u64 *)(r1 +0) &= r2", 0x00000050000021db, 0},
	{"lock *(u64 *)(r1 +0) ^= r2", 0x000000a0000021db, 0},
	{"r2 = atomic64_fetch_add((u64 *)(r1 +0), r2)", 0x00000001000021db, 0},
	{"r2 = atomic_fetch_or((u32 *)(r1 -4), r2)", 0x00000041fffc21c3, 0},
	{"r2 = atomic64_fetch_and((u64 *)(r1 +0), r2)", 0x00000051000021db, 0},
	{"r2 = atomic64_fetch_xor((u64 *)(r1 +0), r2)", 0x000000a1000021db, 0},
	{"r2 = atomic64_xchg((u64 *)(r1 +0), r2)", 0x000000e1000021db, 0},
	{"r2 = atomic_xchg((u32 *)(r1 +0), r2)", 0x000000e1000021c3, 0},
	{"r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)", 0x000000f1000021db, 0},
	{"r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r2)", 0x000000f1000021c3, 0},
	{"r1 = load_acquire((u8 *)(r2 +1))", 0x00000100000121d3, 0},
	{"r1 = load_acquire((u64 *)(r2 +0))", 0x00000100000021db, 0},
	{"store_release((u16 *)(r1 +2), r2)", 0x00000110000221cb, 0},
	/* Jumps */
	{"goto +3", 0x0000000000030005, 0},
	{"goto -1", 0x00000000ffff0005, 0},
	{"gotol +70000", 0x0001117000000006, 0},
	{"gotol -70000", 0xfffeee9000000006, 0},
	{"gotox r3", 0x000000000000030d, 0},
	{"may_goto +2", 0x00000000000200e5, 0},
	{"if r1 == 0x0 goto +3", 0x0000000000030115, 0},
	{"if r1 > 0x5 goto +3", 0x0000000500030125, 0},
	{"if r1 >= r2 goto -3", 0x00000000fffd213d, 0},
	{"if r1 & 0x1 goto +3", 0x0000000100030145, 0},
	{"if r1 != r2 goto +3", 0x000000000003215d, 0},
	{"if r1 s> -1 goto +3", 0xffffffff00030165, 0},
	{"if r1 s>= r2 goto +3", 0x000000000003217d, 0},
	{"if r1 < 0x7fffffff goto +3", 0x7fffffff000301a5, 0},
	{"if r1 <= r2 goto +3", 0x00000000000321bd, 0},
	{"if r1 s< r2 goto +3", 0x00000000000321cd, 0},
	{"if r1 s<= 0x10 goto +3", 0x00000010000301d5, 0},
	{"if w1 == 0x0 goto +3", 0x0000000000030116, 0},
	{"if w1 & w2 goto +3", 0x000000000003214e, 0},
	{"if w1 s<= w2 goto +3", 0x00000000000321de, 0},
	{"exit", 0x0000000000000095, 0},
	/* Calls */
	{"call bpf_map_lookup_elem#1", 0x0000000100000085, 0},
	{"call bpf_cgrp_storage_delete#211", 0x000000d300000085, 0},
	{"call unknown#195896080", 0x0bad231000000085, 0},
	{"call unknown#0", 0x0000000000000085, 0},
	{"call unknown#-1", 0xffffffff00000085, 0},
	{"call +5", 0x0000000500001085, 0},
	{"call -7", 0xfffffff900001085, 0},
	{"call kfunc id 1234", 0x000004d200002085, 0},
	{"call kfunc id 1234 of fd_array[2]", 0x000004d200022085, 0},
	/* 64-bit constants */
	{"r1 = 0x1122334455667788 ll", 0x5566778800000118, 0x1122334400000000},
	{"r1 = 0xffffffff ll", 0xffffffff00000118, 0x0000000000000000},
	{"r1 = map[fd 3] ll", 0x0000000300001118, 0},
	{"r1 = map[fd 3]+16 ll", 0x0000000300002118, 0x0000001000000000},
	{"r1 = btf id 77 ll", 0x0000004d00003118, 0},
	{"r1 = btf[fd 5] id 77 ll", 0x0000004d00003118, 0x0000000500000000},
	{"r1 = func +12 ll", 0x0000000c00004118, 0},
	{"r1 = map[index 3] ll", 0x0000000300005118, 0},
	{"r1 = map[index 3]+8 ll", 0x0000000300006118, 0x0000000800000000},
	/* Invalid instructions */
	{"unknown 0x18", 0x0000000000007118, 0},
	{"unknown 0x18", 0x0000000000000118, 0x0000000000000095},
	{"unknown 0x00", 0, 0},
	{"unknown 0x99", 0x0000000000002199, 0},  /* LDX MEMSX DW */
	{"unknown 0xd7", 0x00000011000001d7, 0},  /* bswap17 */
	{"unknown 0xdf", 0x00000010000001df, 0},  /* bswap with BPF_X */
	{"unknown 0xe7", 0x00000000000001e7, 0},
	{"unknown 0x0f", 0x000000000001210f, 0},  /* nonzero off where none is used */
	{"unknown 0x37", 0x0000000800020337, 0},
	{"unknown 0xbf", 0x00000000000721bf, 0},
	{"unknown 0xbc", 0x00000000002021bc, 0},  /* s32 of the low half */
	{"unknown 0xb7", 0x00000000000801b7, 0},
	{"unknown 0xdb", 0x00000002000021db, 0},  /* undefined atomic */
	{"unknown 0xdb", 0x00000010000021db, 0},  /* atomic SUB */
	{"unknown 0xd3", 0x00000000000021d3, 0},  /* atomic add of a byte */
	{"unknown 0xdb", 0xffffffff000021db, 0},
	{"unknown 0xe5", 0x00000000000210e5, 0},
	{"unknown 0xf5", 0x00000000000000f5, 0},
	{"unknown 0x86", 0x0000000100000086, 0},
	{"unknown 0x8d", 0x000000010000008d, 0},
	{"unknown 0x85", 0x0000000100003085, 0},
	{"unknown 0x9d", 0x000000000000009d, 0},
	{"unknown 0x38", 0x0000000c00000038, 0},
	{"unknown 0xa1", 0x00000000000021a1, 0},
};

/* clang-format on */

static struct insn slot_of(uint64_t bits, bool big)
{
	uint8_t bytes[8], swapped[8];
	bytes_put(bytes, 8, false, bits);
	struct insn i = insn_get(bytes, false);
	if (!big)
		return i;
	insn_put(swapped, true, i);
	return insn_get(swapped, true);
}

static void encodings(void **state)
{
	(void)state;
	char buf[100];
	for (unsigned k = 0; k < sizeof table / sizeof *table; k++) {
		for (int big = 0; big < 2; big++) {
			struct insn i = slot_of(table[k].slot, big),
				    next = slot_of(table[k].next, big);
			bool wide = insn_is_wide(i) && strncmp(table[k].text, "unknown", 7) != 0;
			unsigned slots = disasm(i, next, 0, NULL, buf, sizeof buf);
			assert_string_equal(buf, table[k].text);
			assert_int_equal(slots, wide ? 2 : 1);
		}
	}
}

/* Both byte orders of a slot: dst r3, src r7, off 0x0102, imm 0x03040506. */
static void byte_orders(void **state)
{
	(void)state;
	static const uint8_t little[8] = {0x7b, 0x73, 0x02, 0x01, 0x06, 0x05, 0x04, 0x03};
	static const uint8_t big[8] = {0x7b, 0x37, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06};
	uint8_t bytes[8];
	struct insn a = insn_get(little, false);
	assert_int_equal(a.code, 0x7b);
	assert_int_equal(a.dst, 3);
	assert_int_equal(a.src, 7);
	assert_int_equal(a.off, 0x0102);
	assert_int_equal(a.imm, 0x03040506);
	insn_put(bytes, false, a);
	assert_memory_equal(bytes, little, 8);
	insn_put(bytes, true, a);
	assert_memory_equal(bytes, big, 8);
	insn_put(bytes, false, insn_get(big, true));
	assert_memory_equal(bytes, little, 8);
	assert_int_equal(insn_width(a), 8);
	assert_false(insn_is_alu(a));
}

static bool name(void *ctx, size_t slot, struct insn i, struct insn next, char *buf, size_t n)
{
	const char **seen = ctx;
	(void)next;
	*seen = insn_is_wide(i) ? "wide" : "call";
	if (slot == 7)
		return false;
	snprintf(buf, n, slot == 9 ? "map[%0300d]" : "map[counts %d]", i.imm);
	return true;
}

static void names(void **state)
{
	(void)state;
	const char *seen = NULL;
	struct disasm_names n = {name, &seen};
	struct insn none = {0}, map = {.code = 0x18, .dst = 1, .src = 1, .imm = 4};
	struct insn call = {.code = 0x85, .src = 1, .imm = 4}, move = {.code = 0xb7};
	char buf[100];
	assert_int_equal(disasm(map, none, 0, &n, buf, sizeof buf), 2);
	assert_string_equal(buf, "r1 = map[counts 4] ll");
	assert_string_equal(seen, "wide");
	disasm(map, none, 7, &n, buf, sizeof buf);
	assert_string_equal(buf, "r1 = map[fd 4] ll");
	disasm(call, none, 8, &n, buf, sizeof buf);
	assert_string_equal(buf, "call map[counts 4]");
	assert_string_equal(seen, "call");
	/* Other instructions refer to nothing. */
	seen = "";
	disasm(move, none, 8, &n, buf, sizeof buf);
	assert_string_equal(buf, "r0 = 0");
	assert_string_equal(seen, "");
	/* Long names are truncated. */
	memset(buf, '#', sizeof buf);
	disasm(map, none, 9, &n, buf, 20);
	assert_int_equal(strlen(buf), 19);
	assert_int_equal(buf[20], '#');
	disasm(move, none, 0, NULL, buf, 1);
	assert_string_equal(buf, "");
}

/* Every opcode with unusual operands yields some text and one slot or two. */
static void any_bytes(void **state)
{
	(void)state;
	static const int32_t imms[] = {
		0, 1, 16, 64, 0x41, 0xf1, 0x100, 0x110, -1, INT32_MIN, INT32_MAX};
	static const int16_t offs[] = {0, 1, 8, 32, -1, INT16_MIN, INT16_MAX};
	char buf[100];
	for (unsigned code = 0; code < 256; code++) {
		for (unsigned k = 0; k < 7 * 11 * 16; k++) {
			struct insn i = {(uint8_t)code, (k & 1) ? 15 : 3, k >> 3 & 15, offs[k % 7],
				imms[k % 11]};
			memset(buf, 1, sizeof buf);
			unsigned slots = disasm(i, (struct insn){0}, k, NULL, buf, sizeof buf);
			size_t n = strnlen(buf, sizeof buf);
			assert_true(n > 3 && n < 60);
			assert_true(slots == 1 || (slots == 2 && code == 0x18));
			for (size_t c = 0; c < n; c++)
				assert_true(isprint((unsigned char)buf[c]));
		}
	}
}

/* clang-format off */

/* Most instructions that compilers emit, in assembler syntax; those after # require -mcpu=v4. */
static const char *const assembly[] = {
	"r6 = r1", "r2 = 0", "r2 = -5", "w3 = 7", "w3 = w2", "r3 += 5", "r3 -= r2", "r3 *= 3",
	"r3 /= 4", "r3 |= r2", "r3 &= 255", "r3 <<= 32", "r3 s>>= 32", "r3 >>= r2", "r3 ^= r2",
	"r3 = -r3", "w3 += 5", "w3 -= w2", "w3 s>>= 3", "w3 = -w3", "r3 = be16 r3", "r3 = be32 r3",
	"r3 = be64 r3", "r3 = le16 r3", "r1 = *(u64 *)(r10 - 8)", "r1 = *(u32 *)(r6 + 4)",
	"r1 = *(u16 *)(r6 + 0)", "r1 = *(u8 *)(r6 + 100)", "*(u64 *)(r10 - 8) = r1",
	"*(u32 *)(r10 - 12) = r1", "*(u16 *)(r10 - 14) = r1", "*(u8 *)(r10 - 15) = r1",
	"r1 = 4294967296 ll", "r1 = 1311768467463790320 ll", "lock *(u64 *)(r6 + 0) += r2",
	"lock *(u32 *)(r6 + 0) += r2", "if r1 > 5 goto l", "if r1 >= r2 goto l", "if r1 == 7 goto l",
	"if r1 != r2 goto l", "if r1 s> 3 goto l", "if r1 s>= -1 goto l", "if r1 < 5 goto l",
	"if r1 <= r2 goto l", "if r1 s< 3 goto l", "if r1 s<= r2 goto l", "if w1 > 5 goto l",
	"if w1 == w2 goto l", "if w1 s<= 3 goto l", "goto l", "call 1", "call 14", "exit",
	"#r1 = bswap16 r1", "#r1 = (s8)r2", "#r1 = (s32)r2", "#w1 = (s16)w2", "#r3 s/= r2",
	"#r3 s%= 5", "#r1 = *(s8 *)(r2 + 0)", "#r1 = *(s32 *)(r2 - 4)", "#gotol l",
	"#r3 %= 9", "#*(u32 *)(r10 - 12) = 7",
};

/* clang-format on */

static const char program[] =
	"static long (*lookup)(void *, const void *) = (void *)1;\n"
	"static long (*now)(void) = (void *)5;\n"
	"struct { int (*type)[1]; } map __attribute__((section(\".maps\")));\n"
	"struct ctx { unsigned char a; signed char b; short c; int d; long e[8]; unsigned f : 5; "
	"};\n"
	"static __attribute__((noinline)) int sub(struct ctx *x, int n)\n"
	"{\n\tint s = 0;\n\tfor (int i = 0; i < n; i++)\n\t\ts += x->e[i & 7] >> 3 ^ x->b;\n"
	"\treturn s;\n}\n"
	"__attribute__((section(\"xdp\"))) int prog(struct ctx *x)\n"
	"{\n\tint key = x->a;\n\tlong *v = (long *)lookup(&map, &key);\n\tif (!v)\n\t\treturn 0;\n"
	"\t__sync_fetch_and_add(v, 3);\n\tif (x->d > 17 && x->c != -4)\n"
	"\t\treturn sub(x, x->f) * (unsigned)now() / 11;\n"
	"\tx->e[2] = __builtin_bswap32(x->d) | 0x1234567890abcdefull;\n\tx->c = x->b;\n"
	"\treturn x->e[1] < *v ? x->d - 1 : (int)((unsigned)x->d % 1000u);\n}\n";

/* Normalises text: no blanks, all numbers in decimal, so that "(r10 - 0x8)" and "(r10 -8)" are both
 * "(r10-8)". objdump's <symbol> and our helper names are removed. */
static void plain(const char *text, char *out)
{
	char *start = out;
	for (const char *p = text; *p && *p != '\n';) {
		bool number =
			isdigit((unsigned char)*p) && (p == text || !isalnum((unsigned char)p[-1]));
		if (*p == '<' && (isalpha((unsigned char)p[1]) || p[1] == '_'))
			break;
		if (number) {
			char *end;
			out += sprintf(out, "%llu", strtoull(p, &end, 0));
			p = end;
		} else if (isspace((unsigned char)*p)) {
			p++;
		} else {
			*out++ = *p++;
		}
	}
	*out = 0;
	char *hash = strchr(start, '#');
	if (hash && strncmp(start, "callbpf_", 8) == 0)
		memmove(start + 4, hash + 1, strlen(hash));
}

/* Parses the bytes of a line of llvm-objdump: "  12:\tb7 01 00 …\tr1 = 5". Returns the text. */
static const char *line_bytes(const char *line, uint8_t bytes[16], unsigned *n)
{
	unsigned slot, value;
	int used = 0;
	*n = 0;
	if (sscanf(line, " %u:%n", &slot, &used) != 1 || !used)
		return NULL;
	const char *p = line + used;
	while (*n < 16 && sscanf(p, "%2x%n", &value, &used) == 1 &&
		isspace((unsigned char)p[used])) {
		bytes[(*n)++] = (uint8_t)value;
		p += used;
		if (*p == '\t')
			break;
	}
	return *n == 8 || *n == 16 ? p : NULL;
}

/* Compares every instruction of an object with llvm-objdump; returns their number. */
static unsigned compare(const char *object, const char *suffix, bool big)
{
	char command[300], line[500], ours[100], a[200], b[500];
	unsigned count = 0, n;
	uint8_t bytes[16];
	snprintf(command, sizeof command, "llvm-objdump%s -d '%s'", suffix, object);
	FILE *in = popen(command, "r");
	assert_non_null(in);
	while (fgets(line, sizeof line, in)) {
		const char *text = line_bytes(line, bytes, &n);
		if (!text)
			continue;
		struct insn next = {0};
		if (n == 16)
			next = insn_get(bytes + 8, big);
		assert_int_equal(
			disasm(insn_get(bytes, big), next, count, NULL, ours, sizeof ours), n / 8);
		plain(ours, a);
		plain(text, b);
		assert_string_equal(a, b);
		count++;
	}
	assert_int_equal(pclose(in), 0);
	return count;
}

static void write_file(const char *path, const char *prologue, bool with_v4)
{
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(prologue, out);
	for (unsigned i = 0; prologue[0] == '.' && i < sizeof assembly / sizeof *assembly; i++)
		if (assembly[i][0] != '#')
			fprintf(out, "\t%s\n", assembly[i]);
		else if (with_v4)
			fprintf(out, "\t%s\n", assembly[i] + 1);
	if (prologue[0] == '.')
		fputs("l:\n\texit\n", out);
	assert_int_equal(fclose(out), 0);
}

/* Assembles and compiles with one version of LLVM, in both byte orders. */
static void with_llvm(const char *suffix, bool v4)
{
	char dir[] = "/tmp/sonde-disasm-XXXXXX", path[100], command[600];
	unsigned expected = 0;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/a.s", dir);
	write_file(path, ".text\nf:\n", v4);
	snprintf(path, sizeof path, "%s/b.c", dir);
	write_file(path, program, v4);
	for (unsigned i = 0; i < sizeof assembly / sizeof *assembly; i++)
		expected += v4 || assembly[i][0] != '#';
	for (int big = 0; big < 2; big++) {
		snprintf(command, sizeof command,
			"cd %s && for f in a.s b.c; do clang%s --target=%s -mcpu=%s -O2 -w -c $f "
			"|| exit 1; "
			"done",
			dir, suffix, big ? "bpfeb" : "bpfel", v4 ? "v4" : "v3");
		assert_int_equal(system(command), 0);
		snprintf(path, sizeof path, "%s/a.o", dir);
		assert_int_equal(compare(path, suffix, big), expected + 1);
		snprintf(path, sizeof path, "%s/b.o", dir);
		assert_true(compare(path, suffix, big) > 50);
	}
	snprintf(command, sizeof command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

static void agrees_with_llvm(void **state)
{
	(void)state;
	if (system("command -v clang llvm-objdump >/dev/null") != 0) {
		print_message("# SKIP no clang and llvm-objdump\n");
		skip();
	}
	with_llvm("", false);
}

static void agrees_with_newer_llvm(void **state)
{
	(void)state;
	if (system("command -v clang-19 llvm-objdump-19 >/dev/null") != 0) {
		print_message("# SKIP no clang-19 and llvm-objdump-19, which know -mcpu=v4\n");
		skip();
	}
	with_llvm("-19", true);
}

/* The kernel that an instruction requires. */
static void features(void **state)
{
	(void)state;
	static const struct {
		struct insn insn;
		uint16_t since; /* 0: any */
	} cases[] = {
		{{.code = BPF_ALU64 | BPF_MOV | BPF_X}, 0},
		{{.code = BPF_ALU64 | BPF_MOV | BPF_X, .off = 8}, ABI_VERSION(6, 6)},
		{{.code = BPF_ALU64 | BPF_MOV | BPF_X, .off = 1}, ABI_VERSION(6, 9)},
		{{.code = BPF_ALU | BPF_DIV | BPF_X}, 0},
		{{.code = BPF_ALU | BPF_DIV | BPF_X, .off = 1}, ABI_VERSION(6, 6)},
		{{.code = BPF_ALU64 | BPF_MOD, .off = 1}, ABI_VERSION(6, 6)},
		{{.code = BPF_LDX | BPF_MEM | BPF_W}, 0},
		{{.code = BPF_LDX | BPF_MEMSX | BPF_H}, ABI_VERSION(6, 6)},
		{{.code = BPF_ALU | BPF_END | BPF_TO_BE}, 0},
		{{.code = BPF_ALU64 | BPF_END}, ABI_VERSION(6, 6)},
		{{.code = BPF_JMP | BPF_JA}, 0},
		{{.code = BPF_JMP32 | BPF_JA}, ABI_VERSION(6, 6)},
		{{.code = BPF_JMP32 | BPF_JEQ}, ABI_VERSION(5, 1)},
		{{.code = BPF_JMP | BPF_JLT | BPF_X}, ABI_VERSION(4, 14)},
		{{.code = BPF_JMP | BPF_JA | BPF_X}, ABI_VERSION(6, 19)},
		{{.code = BPF_JMP | BPF_JCOND}, ABI_VERSION(6, 9)},
		{{.code = BPF_JMP | BPF_CALL | BPF_X}, INSN_NEVER},
		{{.code = BPF_JMP | BPF_CALL}, 0},
		{{.code = BPF_JMP | BPF_CALL, .src = BPF_PSEUDO_CALL}, ABI_VERSION(4, 16)},
		{{.code = BPF_JMP | BPF_CALL, .src = BPF_PSEUDO_KFUNC_CALL}, ABI_VERSION(5, 13)},
		{{.code = BPF_STX | BPF_ATOMIC | BPF_DW, .imm = BPF_ADD}, 0},
		{{.code = BPF_STX | BPF_ATOMIC | BPF_DW, .imm = BPF_ADD | BPF_FETCH},
			ABI_VERSION(5, 12)},
		{{.code = BPF_STX | BPF_ATOMIC | BPF_W, .imm = BPF_LOAD_ACQ}, ABI_VERSION(6, 15)},
		{{.code = BPF_LD | BPF_IMM | BPF_DW}, 0},
		{{.code = BPF_LD | BPF_IMM | BPF_DW, .src = BPF_PSEUDO_MAP_FD}, 0},
		{{.code = BPF_LD | BPF_IMM | BPF_DW, .src = BPF_PSEUDO_FUNC}, ABI_VERSION(5, 13)},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct insn_feature *f = insn_feature(cases[i].insn);
		assert_int_equal(f ? f->since : 0, cases[i].since);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(features),
		cmocka_unit_test(encodings),
		cmocka_unit_test(byte_orders),
		cmocka_unit_test(names),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(agrees_with_llvm),
		cmocka_unit_test(agrees_with_newer_llvm),
	};
	return cmocka_run_group_tests_name("disasm", tests, NULL, NULL);
}
