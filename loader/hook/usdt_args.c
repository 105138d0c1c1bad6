/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "usdt_args.h"

#include "elf/base/number.h"
#include "elf/base/span.h"

enum {
	NUMBER_AT = 0,
	HOW_AT = 8,
	REGISTER_AT = 12,
	SIGNED_AT = 14,
	CUT_AT = 15,
	ARG_SIZE = 16,
	COUNT_AT = 200,

	NAME_SIZE = 8,
};

/* ---- operands ---- */

/* The architecture whose registers operands name. */
struct machine {
	const struct arch *kernel; /* NULL: no register is known */
	unsigned elf;
};

struct operand {
	uint8_t how;
	int64_t number;
	int reg, index;
	unsigned shift;
};

static void skip_blanks(const char **p)
{
	*p += strspn(*p, " \t");
}

static bool take(const char **p, char c)
{
	skip_blanks(p);
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
	*out = *s == '-' ? text_s64(s, &end, 0) : (int64_t)text_u64(s, &end, 0);
	*p = end;
	return true;
}

static bool take_reg(const char **p, const struct machine *m, int *out)
{
	char name[NAME_SIZE];
	skip_blanks(p);
	const char *s = *p + (**p == '%');
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789");
	if (!n || n >= sizeof name)
		return false;
	memcpy(name, s, n);
	name[n] = 0;
	*out = arch_reg_offset(m->kernel, m->elf, name);
	*p = s + n;
	return *out >= 0;
}

/* "%base,%index,scale)": the opening parenthesis has been consumed. */
static bool take_indexed(const char **p, const struct machine *m, struct operand *o)
{
	int64_t scale = 1;
	o->how = USDT_MEMORY;
	if (!take_reg(p, m, &o->reg))
		return false;
	if (take(p, ',')) {
		o->how = USDT_INDEXED;
		if (!take_reg(p, m, &o->index))
			return false;
		if (take(p, ',') && !take_number(p, &scale))
			return false;
	}
	while (1 << o->shift < scale && o->shift < 3)
		o->shift++;
	return take(p, ')') && 1 << o->shift == scale;
}

static bool take_operand(const char **p, const struct machine *m, struct operand *o)
{
	*o = (struct operand){0};
	if (**p == '[') {
		++*p;
		o->how = USDT_MEMORY;
		if (!take_reg(p, m, &o->reg))
			return false;
		if (take(p, ',')) {
			skip_blanks(p);
			if (!take_number(p, &o->number))
				return false;
		}
		return take(p, ']');
	}
	bool number = take_number(p, &o->number);
	if (**p == '(') {
		++*p;
		return take_indexed(p, m, o);
	}
	o->how = number ? USDT_CONST : USDT_REG;
	return number || take_reg(p, m, &o->reg);
}

/* ---- the list ---- */

/* "-4@": size 4, signed. Floating-point registers are not accessible to BPF programs. */
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

/* Skips an operand that cannot be translated: up to the next "SIZE@". */
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

bool usdt_args(const char *text, const struct arch *kernel, unsigned elf_machine, bool big,
	uint8_t spec[USDT_SPEC_SIZE], const char **unknown)
{
	const struct machine m = {kernel, elf_machine};
	unsigned n = 0;
	memset(spec, 0, USDT_SPEC_SIZE);
	*unknown = NULL;
	for (skip_blanks(&text); *text; skip_blanks(&text)) {
		unsigned size;
		bool is_signed, is_float;
		struct operand o;
		if (n == USDT_ARGS_MAX || !take_size(&text, &size, &is_signed, &is_float))
			return false;
		const char *start = text;
		bool known = !is_float && take_operand(&text, &m, &o) &&
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
