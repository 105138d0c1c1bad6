/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "usdt_args.h"

#include "elf/base/span.h"

#include <stdlib.h>

enum {
	MACHINE_386 = 3,
	MACHINE_S390 = 22,
	MACHINE_ARM = 40,
	MACHINE_X86_64 = 62,
	MACHINE_ARM64 = 183,
	MACHINE_RISCV = 243,

	NUMBER_AT = 0,
	HOW_AT = 8,
	REGISTER_AT = 12,
	SIGNED_AT = 14,
	CUT_AT = 15,
	ARG_SIZE = 16,
	COUNT_AT = 200,

	NAME_SIZE = 8,
};

/* ---- registers ---- */

struct reg {
	const char *name;
	int16_t offset;
};

/* In the order of the processor's own numbers: names of 64 bits. */
static const struct reg x86_regs[] = {{"rax", 80}, {"rcx", 88}, {"rdx", 96}, {"rbx", 40},
	{"rsp", 152}, {"rbp", 32}, {"rsi", 104}, {"rdi", 112}, {"r8", 72}, {"r9", 64}, {"r10", 56},
	{"r11", 48}, {"r12", 24}, {"r13", 16}, {"r14", 8}, {"r15", 0}, {"rip", 128}};

static const struct reg arm_regs[] = {
	{"sb", 36}, {"sl", 40}, {"fp", 44}, {"ip", 48}, {"sp", 52}, {"lr", 56}, {"pc", 60}};

static const struct reg arm64_regs[] = {{"sp", 248}, {"lr", 240}, {"pc", 256}};

static const struct reg riscv_regs[] = {{"pc", 0}, {"ra", 8}, {"sp", 16}, {"gp", 24}, {"tp", 32},
	{"t0", 40}, {"t1", 48}, {"t2", 56}, {"fp", 64}, {"s0", 64}, {"s1", 72}};

static int find_reg(const struct reg *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return list[i].offset;
	return -1;
}

#define FIND(list, name) find_reg((list), sizeof(list) / sizeof *(list), (name))

/* "x12" with prefix x -> 12, below `limit`; -1 otherwise. */
static int numbered(const char *name, char prefix, int limit)
{
	size_t n = strspn(name + 1, "0123456789");
	if (*name != prefix || !n || n > 2 || name[1 + n])
		return -1;
	int number = atoi(name + 1);
	return number < limit ? number : -1;
}

/* The parts of rax are eax, ax, al; of r8: r8d, r8w, r8b; of rsi: esi, si, sil. */
static int x86_reg(const char *name)
{
	char whole[NAME_SIZE] = "r";
	size_t n = strlen(name);
	if (*name == 'r' && name[1] >= '0' && name[1] <= '9')
		memcpy(whole, name, n > 2 && strchr("dwb", name[n - 1]) ? n - 1 : n);
	else if (n == 3 && *name == 'e')
		memcpy(whole + 1, name + 1, 2);
	else if (n == 3 && name[2] == 'l') /* sil, dil, bpl, spl */
		memcpy(whole + 1, name, 2);
	else if (n == 2 && name[1] == 'l')
		memcpy(whole + 1, (char[]){*name, 'x'}, 2);
	else if (n == 2 && name[1] != 'h')
		memcpy(whole + 1, name, 2);
	else
		memcpy(whole, name, n);
	return FIND(x86_regs, whole);
}

static int arm64_reg(const char *name)
{
	int n = numbered(name, *name == 'w' ? 'w' : 'x', 31);
	return n >= 0 ? 8 * n : FIND(arm64_regs, name);
}

static int arm_reg(const char *name)
{
	int n = numbered(name, 'r', 16);
	return n >= 0 ? 4 * n : FIND(arm_regs, name);
}

static int riscv_reg(const char *name)
{
	int a = numbered(name, 'a', 8), s = numbered(name, 's', 12), t = numbered(name, 't', 7);
	if (a >= 0)
		return 80 + 8 * a;
	if (s >= 2)
		return 144 + 8 * (s - 2);
	return t >= 3 ? 224 + 8 * (t - 3) : FIND(riscv_regs, name);
}

static int s390_reg(const char *name)
{
	int n = numbered(name, 'r', 16);
	return n >= 0 ? 24 + 8 * n : -1;
}

/* Offset in the struct pt_regs that a program gets, -1: no such register. */
static int reg_offset(unsigned machine, const char *name)
{
	switch (machine) {
	case MACHINE_386:
	case MACHINE_X86_64:
		return x86_reg(name);
	case MACHINE_ARM:
		return arm_reg(name);
	case MACHINE_ARM64:
		return arm64_reg(name);
	case MACHINE_RISCV:
		return riscv_reg(name);
	case MACHINE_S390:
		return s390_reg(name);
	default:
		return -1;
	}
}

/* ---- operands ---- */

struct operand {
	uint8_t how;
	int64_t number;
	int reg, index;
	unsigned shift;
};

static void blanks(const char **p)
{
	*p += strspn(*p, " \t");
}

static bool take(const char **p, char c)
{
	blanks(p);
	if (**p != c)
		return false;
	++*p;
	return true;
}

static bool take_number(const char **p, int64_t *out)
{
	const char *s = *p + (**p == '$' || **p == '#');
	const char *digits = s + (*s == '-' || *s == '+');
	if (*digits < '0' || *digits > '9')
		return false;
	char *end;
	*out = *s == '-' ? strtoll(s, &end, 0) : (int64_t)strtoull(s, &end, 0);
	*p = end;
	return true;
}

static bool take_reg(const char **p, unsigned machine, int *out)
{
	char name[NAME_SIZE];
	blanks(p);
	const char *s = *p + (**p == '%');
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789");
	if (!n || n >= sizeof name)
		return false;
	memcpy(name, s, n);
	name[n] = 0;
	*out = reg_offset(machine, name);
	*p = s + n;
	return *out >= 0;
}

/* (%base,%index,scale) behind the number; the parenthesis is taken. */
static bool take_indexed(const char **p, unsigned machine, struct operand *o)
{
	int64_t scale = 1;
	o->how = USDT_MEMORY;
	if (!take_reg(p, machine, &o->reg))
		return false;
	if (take(p, ',')) {
		o->how = USDT_INDEXED;
		if (!take_reg(p, machine, &o->index))
			return false;
		if (take(p, ',') && !take_number(p, &scale))
			return false;
	}
	while (1 << o->shift < scale && o->shift < 3)
		o->shift++;
	return take(p, ')') && 1 << o->shift == scale;
}

static bool take_operand(const char **p, unsigned machine, struct operand *o)
{
	*o = (struct operand){0};
	if (**p == '[') {
		++*p;
		o->how = USDT_MEMORY;
		if (!take_reg(p, machine, &o->reg))
			return false;
		if (take(p, ',')) {
			blanks(p);
			if (!take_number(p, &o->number))
				return false;
		}
		return take(p, ']');
	}
	bool number = take_number(p, &o->number);
	if (**p == '(') {
		++*p;
		return take_indexed(p, machine, o);
	}
	o->how = number ? USDT_CONST : USDT_REG;
	return number || take_reg(p, machine, &o->reg);
}

/* ---- the list ---- */

/* -4@ -> size 4, signed. Floating-point numbers are in registers that no program sees. */
static bool take_size(const char **p, unsigned *size, bool *is_signed, bool *is_float)
{
	*is_signed = **p == '-';
	*p += *is_signed;
	*size = **p >= '1' && **p <= '8' ? (unsigned)(**p - '0') : 0;
	*p += *size != 0;
	*is_float = **p == 'f';
	*p += *is_float;
	return (*size == 1 || *size == 2 || *size == 4 || *size == 8) && *(*p)++ == '@';
}

/* To the next "SIZE@", for an operand that is not understood. */
static void skip_operand(const char **p)
{
	unsigned size;
	bool a, b;
	while (**p) {
		const char *next = *p;
		if (**p == ' ' && (next++, take_size(&next, &size, &a, &b)))
			return;
		++*p;
	}
}

static void put_arg(uint8_t *to, bool big, const struct operand *o, unsigned size, bool is_signed)
{
	bytes_put(to + NUMBER_AT, 8, big, (uint64_t)o->number);
	bytes_put(to + HOW_AT, 4, big, o->how | (uint32_t)o->index << 8 | (uint32_t)o->shift << 20);
	bytes_put(to + REGISTER_AT, 2, big, (uint64_t)o->reg);
	to[SIGNED_AT] = is_signed;
	to[CUT_AT] = (uint8_t)(64 - 8 * size);
}

bool usdt_args(const char *text, unsigned machine, bool big, uint8_t spec[USDT_SPEC_SIZE],
	const char **unknown)
{
	unsigned n = 0;
	memset(spec, 0, USDT_SPEC_SIZE);
	*unknown = NULL;
	for (blanks(&text); *text; blanks(&text)) {
		unsigned size;
		bool is_signed, is_float;
		struct operand o;
		if (n == USDT_ARGS_MAX || !take_size(&text, &size, &is_signed, &is_float))
			return false;
		const char *start = text;
		bool known = !is_float && take_operand(&text, machine, &o) &&
		             (!*text || *text == ' ' || *text == '\t');
		if (!known) {
			o = (struct operand){.how = USDT_UNKNOWN};
			*unknown = *unknown ? *unknown : start;
			text = start;
			skip_operand(&text);
		}
		put_arg(spec + ARG_SIZE * n++, big, &o, size, is_signed);
	}
	bytes_put(spec + COUNT_AT, 2, big, n);
	return true;
}
