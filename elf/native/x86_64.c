/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * x86-64, as objdump prints it in AT&T syntax. A prefix that changes nothing makes an instruction
 * unknown: compilers emit none, and objdump has a notation of its own for each.
 */
#include "native_impl.h"

#include <inttypes.h>

enum { NONE = -1, RIP = 16, MAX_INSN = 15 };
enum { NARROW = 1, GS = 2, LOCK = 4, CS = 8, NOTRACK = 16 };
static const uint8_t prefixes[] = {0x66, 0x65, 0xf0, 0x2e, 0x3e}; /* of these bits */
enum { REX_B = 1, REX_X = 2, REX_R = 4, REX_W = 8, REX = 0x40 };

/* Instructions without operands. A prefix of another one comes after it. \45 is a percent sign: what
 * tests/rooms.t takes for a conversion must be one of format.h. */
static const struct {
	uint8_t n, bytes[4];
	char text[13];
} fixed[] = {
	{4, {0xf3, 0x0f, 0x1e, 0xfa}, "endbr64"},
	{3, {0x0f, 0xae, 0xe8}, "lfence"},
	{3, {0x0f, 0xae, 0xf0}, "mfence"},
	{2, {0x0f, 0x0b}, "ud2"},
	{2, {0xf3, 0x90}, "pause"},
	{2, {0x48, 0x98}, "cltq"},
	{2, {0x48, 0x99}, "cqto"},
	{2, {0x66, 0x90}, "xchg \45ax,\45ax"},
	{1, {0x90}, "nop"},
	{1, {0x99}, "cltd"},
	{1, {0xc3}, "ret"},
	{1, {0xc9}, "leave"},
	{1, {0xcc}, "int3"},
};

/* Mnemonics. A row of the table below selects one, or several that a field of the instruction counts. */
/* clang-format off */
#define WORDS(W) \
	W(ALU, "add or adc sbb and sub xor cmp ") \
	W(SHIFT, "rol ror rcl rcr shl shr - sar ") \
	W(UNARY, "test - not neg mul imul div idiv ") \
	W(INDIRECT, "inc dec call - jmp - push - ") \
	W(JUMP, "jo jno jb jae je jne jbe ja js jns jp jnp jl jge jle jg ") \
	W(SHIFTX, "- shlx sarx shrx ") \
	W(MOV, "mov ") W(MOVABS, "movabs ") W(PUSH, "push ") W(POP, "pop ") W(TEST, "test ") \
	W(XCHG, "xchg ") W(LEA, "lea ") W(IMUL, "imul ") W(CALL, "call ") W(JMP, "jmp ") \
	W(NOP, "nop ") W(BSWAP, "bswap ") W(XADD, "xadd ") W(CMPXCHG, "cmpxchg ") \
	W(MOVZB, "movzb ") W(MOVZW, "movzw ") W(MOVSB, "movsb ") W(MOVSW, "movsw ") W(MOVSL, "movsl ")
/* clang-format on */
#define W(name, text) char name[sizeof(text)];
static const struct words {
	WORDS(W)
}
#undef W
#define W(name, text) text,
words = {WORDS(W)};
#undef W

enum by { ONE, BY_REG, BY_OPCODE, BY_CONDITION, BY_PREFIX };

/*
 * Operands, in the order of the text. Registers and memory: E (ModRM.rm), B W L (the same, of that
 * size), * (the same, an address to go to), G (ModRM.reg), O (in the opcode), V (VEX.vvvv), A (rax), c
 * (cl). Constants: b (a byte, signed), u (a byte), z (up to four bytes, signed), v (up to eight).
 * Distances: j (one byte), J (four).
 */
static const struct row {
	uint8_t map; /* 0, 0x0f, or 0xc4: VEX, 0f 38 */
	uint8_t first, last;
	uint8_t regs;     /* ModRM.reg: a bit for each value that it may have */
	char size;        /* b: bytes, v: by prefix, q: 64 bits without one */
	char operands[4]; /* not terminated if it has four */
	uint8_t by;
	uint16_t word;
} rows[] = {
#define ROW(map, first, last, regs, size, operands, by, name)                                      \
	{                                                                                          \
		map, first, last, regs, size, operands, by, offsetof(struct words, name)           \
	}
#define ALU_ROWS(op)                                                                               \
	ROW(0, op, op, 0xff, 'b', "GE", BY_OPCODE, ALU),                                           \
		ROW(0, op + 1, op + 1, 0xff, 'v', "GE", BY_OPCODE, ALU),                           \
		ROW(0, op + 2, op + 2, 0xff, 'b', "EG", BY_OPCODE, ALU),                           \
		ROW(0, op + 3, op + 3, 0xff, 'v', "EG", BY_OPCODE, ALU),                           \
		ROW(0, op + 4, op + 4, 0xff, 'b', "bA", BY_OPCODE, ALU),                           \
		ROW(0, op + 5, op + 5, 0xff, 'v', "zA", BY_OPCODE, ALU)
	ALU_ROWS(0x00), /* add */
	ALU_ROWS(0x08), /* or */
	ALU_ROWS(0x20), /* and */
	ALU_ROWS(0x28), /* sub */
	ALU_ROWS(0x30), /* xor */
	ALU_ROWS(0x38), /* cmp */
	ROW(0, 0x50, 0x57, 0xff, 'q', "O", ONE, PUSH),
	ROW(0, 0x58, 0x5f, 0xff, 'q', "O", ONE, POP),
	ROW(0, 0x63, 0x63, 0xff, 'v', "LG", ONE, MOVSL),
	ROW(0, 0x68, 0x68, 0xff, 'q', "z", ONE, PUSH),
	ROW(0, 0x69, 0x69, 0xff, 'v', "zEG", ONE, IMUL),
	ROW(0, 0x6a, 0x6a, 0xff, 'q', "b", ONE, PUSH),
	ROW(0, 0x6b, 0x6b, 0xff, 'v', "bEG", ONE, IMUL),
	ROW(0, 0x70, 0x7f, 0xff, 'q', "j", BY_CONDITION, JUMP),
	ROW(0, 0x80, 0x80, 0xff, 'b', "bE", BY_REG, ALU),
	ROW(0, 0x81, 0x81, 0xff, 'v', "zE", BY_REG, ALU),
	ROW(0, 0x83, 0x83, 0xff, 'v', "bE", BY_REG, ALU),
	ROW(0, 0x84, 0x84, 0xff, 'b', "GE", ONE, TEST),
	ROW(0, 0x85, 0x85, 0xff, 'v', "GE", ONE, TEST),
	ROW(0, 0x86, 0x86, 0xff, 'b', "GE", ONE, XCHG),
	ROW(0, 0x87, 0x87, 0xff, 'v', "GE", ONE, XCHG),
	ROW(0, 0x88, 0x88, 0xff, 'b', "GE", ONE, MOV),
	ROW(0, 0x89, 0x89, 0xff, 'v', "GE", ONE, MOV),
	ROW(0, 0x8a, 0x8a, 0xff, 'b', "EG", ONE, MOV),
	ROW(0, 0x8b, 0x8b, 0xff, 'v', "EG", ONE, MOV),
	ROW(0, 0x8d, 0x8d, 0xff, 'v', "EG", ONE, LEA),
	ROW(0, 0xa8, 0xa8, 0xff, 'b', "bA", ONE, TEST),
	ROW(0, 0xa9, 0xa9, 0xff, 'v', "zA", ONE, TEST),
	ROW(0, 0xb0, 0xb7, 0xff, 'b', "bO", ONE, MOV),
	ROW(0, 0xb8, 0xbf, 0xff, 'v', "vO", ONE, MOV),
	ROW(0, 0xc0, 0xc0, 0xff, 'b', "uE", BY_REG, SHIFT),
	ROW(0, 0xc1, 0xc1, 0xff, 'v', "uE", BY_REG, SHIFT),
	ROW(0, 0xc6, 0xc6, 0x01, 'b', "bE", ONE, MOV),
	ROW(0, 0xc7, 0xc7, 0x01, 'v', "zE", ONE, MOV),
	ROW(0, 0xd1, 0xd1, 0xff, 'v', "E", BY_REG, SHIFT),
	ROW(0, 0xd3, 0xd3, 0xff, 'v', "cE", BY_REG, SHIFT),
	ROW(0, 0xe8, 0xe8, 0xff, 'q', "J", ONE, CALL),
	ROW(0, 0xe9, 0xe9, 0xff, 'q', "J", ONE, JMP),
	ROW(0, 0xeb, 0xeb, 0xff, 'q', "j", ONE, JMP),
	ROW(0, 0xf6, 0xf6, 0x01, 'b', "bE", ONE, TEST),
	ROW(0, 0xf6, 0xf6, 0xfc, 'b', "E", BY_REG, UNARY),
	ROW(0, 0xf7, 0xf7, 0x01, 'v', "zE", ONE, TEST),
	ROW(0, 0xf7, 0xf7, 0xfc, 'v', "E", BY_REG, UNARY),
	ROW(0, 0xff, 0xff, 0x03, 'v', "E", BY_REG, INDIRECT),
	ROW(0, 0xff, 0xff, 0x14, 'q', "*", BY_REG, INDIRECT),
	ROW(0x0f, 0x1f, 0x1f, 0x01, 'v', "E", ONE, NOP),
	ROW(0x0f, 0x80, 0x8f, 0xff, 'q', "J", BY_CONDITION, JUMP),
	ROW(0x0f, 0xaf, 0xaf, 0xff, 'v', "EG", ONE, IMUL),
	ROW(0x0f, 0xb1, 0xb1, 0xff, 'v', "GE", ONE, CMPXCHG),
	ROW(0x0f, 0xb6, 0xb6, 0xff, 'v', "BG", ONE, MOVZB),
	ROW(0x0f, 0xb7, 0xb7, 0xff, 'v', "WG", ONE, MOVZW),
	ROW(0x0f, 0xbe, 0xbe, 0xff, 'v', "BG", ONE, MOVSB),
	ROW(0x0f, 0xbf, 0xbf, 0xff, 'v', "WG", ONE, MOVSW),
	ROW(0x0f, 0xc1, 0xc1, 0xff, 'v', "GE", ONE, XADD),
	ROW(0x0f, 0xc8, 0xcf, 0xff, 'v', "O", ONE, BSWAP),
	ROW(0xc4, 0xf7, 0xf7, 0xff, 'v', "VEG", BY_PREFIX, SHIFTX),
};

struct insn_x86 {
	struct span code;
	uint64_t at, base; /* the next byte; the address of the first */
	bool cut;          /* it does not end inside the code */
	uint8_t extra;     /* repetitions of 66 */
	uint8_t rex, used; /* used: the bits of rex that have a meaning here */
	uint8_t prefixes;
	bool memory; /* ModRM.rm is memory */
	uint8_t map, opcode, modrm, vex;
	const struct row *row;
	char size;                                 /* b w l q */
	int8_t reg, rm, memory_base, memory_index; /* memory: NONE or a register, or RIP */
	uint8_t scale;
	int64_t distance, constant;
};

static int64_t take(struct insn_x86 *i, unsigned size)
{
	i->cut |= !span_has(i->code, i->at, size);
	uint64_t v = span_uint(i->code, i->at, size);
	i->at += size;
	return (int64_t)(v << (64 - 8 * size)) >> (64 - 8 * size);
}

/* False if a prefix other than 66 is repeated. */
static bool take_prefixes(struct insn_x86 *i)
{
	for (bool good = true;; i->at++) {
		const uint8_t byte = span_u8(i->code, i->at);
		const uint8_t *found = memchr(prefixes, byte, sizeof prefixes);
		if (!found)
			return good;
		uint8_t bit = (uint8_t)(1 << (found - prefixes));
		if (i->prefixes & bit & NARROW)
			i->extra++;
		else if (i->prefixes & bit)
			good = false;
		i->prefixes |= bit;
	}
}

/* The prefixes that extend registers, and the opcode. */
static void take_opcode(struct insn_x86 *i)
{
	i->opcode = (uint8_t)take(i, 1);
	if (i->opcode ==
		0xc4) { /* VEX: a byte with R X B inverted and the map, one with W vvvv L pp */
		uint8_t first = (uint8_t)take(i, 1);
		i->vex = (uint8_t)take(i, 1);
		i->rex = (uint8_t)((first >> 5 ^ 7) | (i->vex >> 7) << 3);
		i->map = (first & 0x1f) == 2 && !(i->vex & 4) && !(i->prefixes & NARROW) ? 0xc4
		                                                                         : 0xff;
		i->opcode = (uint8_t)take(i, 1);
		return;
	}
	if ((i->opcode & 0xf0) == REX) {
		i->rex = i->opcode;
		i->opcode = (uint8_t)take(i, 1);
	}
	if (i->opcode == 0x0f) {
		i->map = 0x0f;
		i->opcode = (uint8_t)take(i, 1);
	}
}

static bool has(const struct row *r, const char *letters)
{
	for (size_t i = 0; i < sizeof r->operands && r->operands[i]; i++)
		if (strchr(letters, r->operands[i]))
			return true;
	return false;
}

/* Whether a bit of rex is set; that it is asked for gives it a meaning. */
static bool rex(struct insn_x86 *i, uint8_t bit)
{
	i->used |= bit;
	return i->rex & bit;
}

/* The operand of ModRM.rm: a register or memory. False for forms that have shorter ones. */
static bool take_place(struct insn_x86 *i)
{
	uint8_t mod = i->modrm >> 6, rm = i->modrm & 7;
	i->memory_base = i->memory_index = NONE;
	i->rm = (int8_t)(rm | (rex(i, REX_B) ? 8 : 0));
	i->memory = mod != 3;
	if (!i->memory)
		return true;
	i->memory_base = i->rm;
	if (rm == 4) {
		uint8_t sib = (uint8_t)take(i, 1), base = sib & 7;
		uint8_t index = (uint8_t)((sib >> 3 & 7) | (rex(i, REX_X) ? 8 : 0));
		i->memory_base = (int8_t)(base | (i->rex & REX_B ? 8 : 0));
		i->memory_index = index == 4 ? NONE : (int8_t)index;
		i->scale = (uint8_t)(1 << (sib >> 6));
		if (base == 5 && !mod) {
			i->memory_base = NONE;
			i->distance = take(i, 4);
			return !(i->rex & REX_B) && (index != 4 || i->scale == 1);
		}
		if (index == 4 && (base != 4 || i->scale != 1))
			return false;
	} else if (rm == 5 && !mod) {
		i->memory_base = RIP;
		i->distance = take(i, 4);
		return !(i->rex & REX_B);
	}
	if (mod)
		i->distance = take(i, mod == 1 ? 1 : 4);
	return true;
}

static bool find_row(struct insn_x86 *i)
{
	uint8_t reg = span_u8(i->code, i->at) >> 3 & 7;
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		const struct row *row = i->row = &rows[r];
		if (row->map == i->map && row->first <= i->opcode && i->opcode <= row->last &&
			(row->regs == 0xff || row->regs >> reg & 1))
			return true;
	}
	return false;
}

static bool take_operands(struct insn_x86 *i)
{
	const struct row *row = i->row;
	i->size = row->size;
	if (i->size == 'v')
		i->size = rex(i, REX_W) ? 'q' : i->prefixes & NARROW ? 'w' : 'l';
	if (has(row, "EBWL*")) {
		i->modrm = (uint8_t)take(i, 1);
		if (!take_place(i))
			return false;
		if (!i->memory && row->word == offsetof(struct words, LEA))
			return false;
	}
	if (has(row, "L") && i->size != 'q')
		return false;
	if (has(row, "G"))
		i->reg = (int8_t)((i->modrm >> 3 & 7) | (rex(i, REX_R) ? 8 : 0));
	if (has(row, "O"))
		i->rm = (int8_t)((i->opcode & 7) | (rex(i, REX_B) ? 8 : 0));
	if (has(row, "bj"))
		i->constant = take(i, 1);
	if (has(row, "u"))
		i->constant = (uint8_t)take(i, 1);
	if (has(row, "zvJ"))
		i->constant = take(i, i->size == 'w' ? 2 : i->size == 'q' && has(row, "v") ? 8 : 4);
	return !i->cut;
}

/* ---- text ---- */

static void add_register(struct insn_x86 *i, struct native_text *t, int n, char size)
{
	static const char names[] = "ax cx dx bx sp bp si di ",
			  bytes[] = "al cl dl bl ah ch dh bh ";
	if (size == 'b' && n >= 4)
		rex(i, REX);
	if (n >= 8) {
		native_add(t, "%%r%d", n);
		if (size != 'q')
			native_add(t, "%c", size == 'l' ? 'd' : size);
		return;
	}
	native_add(t, size == 'q' ? "%%r" : size == 'l' ? "%%e" : "%%");
	bool low = size == 'b' && (n < 4 || !i->rex);
	native_add_word(t, low ? bytes : names, (unsigned)n);
	if (size == 'b' && !low)
		native_add(t, "l");
}

static void add_memory(struct insn_x86 *i, struct native_text *t)
{
	uint64_t d = (uint64_t)i->distance;
	if (i->prefixes & GS)
		native_add(t, "\45\45gs:");
	if (i->memory_base == NONE && i->memory_index == NONE) {
		native_add(t, "0x%" PRIx64, d);
		return;
	}
	if (i->modrm >> 6 || i->memory_base == NONE || i->memory_base == RIP)
		native_add(t, "%s0x%" PRIx64, i->distance < 0 ? "-" : "", i->distance < 0 ? -d : d);
	native_add(t, "(");
	if (i->memory_base == RIP)
		native_add(t, "%%rip");
	else if (i->memory_base != NONE)
		add_register(i, t, i->memory_base, 'q');
	if (i->memory_index != NONE) {
		native_add(t, ",");
		add_register(i, t, i->memory_index, 'q');
		native_add(t, ",%d", i->scale);
	}
	native_add(t, ")");
}

static void add_place(struct insn_x86 *i, struct native_text *t, char size)
{
	if (i->memory)
		add_memory(i, t);
	else
		add_register(i, t, i->rm, size);
}

static void add_operand(
	struct insn_x86 *i, struct native_text *t, char operand, const struct native_names *names)
{
	unsigned unused = i->size == 'b' ? 56 : i->size == 'w' ? 48 : i->size == 'l' ? 32 : 0;
	switch (operand) {
	case '*':
		native_add(t, "*");
		/* fall through */
	case 'E':
		add_place(i, t, i->size);
		break;
	case 'B':
	case 'W':
	case 'L':
		add_place(i, t, (char)(operand - 'A' + 'a'));
		break;
	case 'G':
		add_register(i, t, i->reg, i->size);
		break;
	case 'O':
	case 'A': /* rm is 0 */
		add_register(i, t, i->rm, i->size);
		break;
	case 'V':
		add_register(i, t, (i->vex >> 3 & 15) ^ 15, i->size);
		break;
	case 'c':
		add_register(i, t, 1, 'b');
		break;
	case 'j':
	case 'J':
		native_add_target(t, i->base + i->at + (uint64_t)i->constant, names);
		break;
	default:
		native_add(t, "$0x%" PRIx64, (uint64_t)i->constant << unused >> unused);
	}
}

static bool add_mnemonic(struct insn_x86 *i, struct native_text *t)
{
	const struct row *row = i->row;
	const uint8_t index[] = {[BY_REG] = i->modrm >> 3 & 7,
		[BY_OPCODE] = i->opcode >> 3 & 7,
		[BY_CONDITION] = i->opcode & 15,
		[BY_PREFIX] = i->vex & 3};
	const char *word = (const char *)&words + row->word;
	if (row->size == 'v' && i->size == 'q' && has(row, "v"))
		word = words.MOVABS;
	if (!native_add_word(t, word, row->by == ONE ? 0 : index[row->by]))
		return false;
	if ((i->memory && has(row, "E") && !has(row, "G")) || has(row, "BWL"))
		native_add(t, "%c", i->size);
	native_add(t, " ");
	return true;
}

/* Whether each prefix has a meaning for this instruction. */
static bool prefixes_fit(const struct insn_x86 *i)
{
	const struct row *row = i->row;
	bool nop = row->word == offsetof(struct words, NOP);
	uint8_t idle = i->rex & ~i->used & 15;
	return !idle && (i->rex != REX || i->used & REX) &&
	       (!(i->prefixes & NARROW) || i->size == 'w') && (!(i->prefixes & GS) || i->memory) &&
	       (!(i->prefixes & LOCK) || (i->memory && has(row, "E"))) && (!i->extra || nop) &&
	       (!(i->prefixes & CS) || nop) &&
	       (!(i->prefixes & NOTRACK) || (has(row, "*") && !(i->prefixes & GS)));
}

static bool add_insn(struct insn_x86 *i, struct native_text *t, const struct native_names *names)
{
	for (uint8_t n = 0; n < i->extra; n++)
		native_add(t, "data16 ");
	native_add(t, "%s",
		i->prefixes & LOCK      ? "lock "
		: i->prefixes & CS      ? "cs "
		: i->prefixes & NOTRACK ? "notrack "
					: "");
	if (!add_mnemonic(i, t))
		return false;
	const char *operands = i->row->operands;
	for (size_t n = 0; n < sizeof i->row->operands && operands[n]; n++) {
		if (n)
			native_add(t, ",");
		add_operand(i, t, operands[n], names);
	}
	if (i->memory && i->memory_base == RIP) {
		native_add(t, " # ");
		native_add_target(t, i->base + i->at + (uint64_t)i->distance, names);
	}
	return prefixes_fit(i);
}

/* An instruction of the table `fixed`, with repetitions of 66 before it. Returns its size, or 0. */
static unsigned decode_fixed(struct span code, struct native_text *t)
{
	unsigned extra = 0;
	while (span_u8(code, extra) == 0x66 && span_u8(code, extra + 1) == 0x66)
		extra++;
	struct span rest = span_from(code, extra);
	for (size_t f = 0; f < sizeof fixed / sizeof *fixed; f++) {
		unsigned n = fixed[f].n;
		if (!span_has(rest, 0, n) || memcmp(rest.p, fixed[f].bytes, n) ||
			extra + n > MAX_INSN)
			continue;
		for (unsigned k = 0; k < extra; k++)
			native_add(t, "data16 ");
		native_add(t, "%s", fixed[f].text);
		return extra + n;
	}
	return 0;
}

unsigned x86_64_decode(struct span code, uint64_t at, uint64_t base,
	const struct native_names *names, char *buf, size_t n)
{
	struct native_text t = {buf, n, 0};
	*buf = 0;
	unsigned size = decode_fixed(span_from(code, at), &t);
	if (size)
		return size;
	struct insn_x86 i = {.code = code, .at = at, .base = base};
	bool good = take_prefixes(&i);
	take_opcode(&i);
	if (good && find_row(&i) && take_operands(&i) && i.at - at <= MAX_INSN &&
		add_insn(&i, &t, names))
		return (unsigned)(i.at - at);
	*buf = 0;
	return 0;
}
