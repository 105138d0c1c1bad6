/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Values of one word that are more than an integer. */
#include "value_impl.h"

#include "real.h"

#include "elf/base/suggest.h"
#include "elf/base/text.h"

#include <inttypes.h>

enum { HINT_NAMES = 360, DECIMALS_MAX = 9 };

/* Is there an integer, without anything after it? */
static bool is_number(const struct value_parser *p)
{
	struct value_number v;
	bool large;
	return value_number(p->p, value_word(p), &v, &large);
}

/*
 * Text that several patterns of bits have in common, such as the payloads of NaN: one that is there
 * already is kept. Otherwise bytes are written in the first pass, so that the other members of a
 * union, which may know better, overwrite them.
 */
static bool store_loose(struct value_parser *p, const struct typed_shape *s, struct typed_field f,
	bool fits, uint64_t v)
{
	enum value_pass pass = p->pass;
	if (fits && pass > PASS_DEFAULTS)
		return true;
	p->pass = pass == PASS_DEFAULTS ? PASS_WRITE : pass;
	bool ok = value_store_number(p, s, f, v);
	p->pass = pass;
	return ok;
}

static uint64_t number_there(
	const struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	uint64_t v = 0;
	typed_read_number(s, f, (struct span){p->at->to, p->at->room, p->at->big}, &v);
	return v;
}

/* Every value of a bool but 0 is shown as true. */
static bool put_bool(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	size_t n = value_word(p);
	bool yes = n == 4 && !strncmp(p->p, "true", n), no = n == 5 && !strncmp(p->p, "false", n);
	if (!yes && !no)
		return value_put_number(p, s, f);
	return store_loose(p, s, f, yes && number_there(p, s, f), yes);
}

static bool put_char(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	char c[4];
	size_t n;
	if (*p->p != '\'')
		return value_put_number(p, s, f);
	p->p++;
	if (!value_character(p, c, &n))
		return false;
	if (n != 1 || *p->p != '\'') {
		value_fail(p, ": a character is not closed");
		return err_hint(p->e, "write one character in single quotes: 'a', '\\n', '\\x1b'");
	}
	p->p++;
	return value_store_number(p, s, f, (uint8_t)*c);
}

static bool unknown_name(
	const struct value_parser *p, const struct typed_shape *s, const char *name)
{
	char names[HINT_NAMES] = "";
	struct suggestion near = suggest_for(name);
	for (uint32_t i = 0; i < s->t.vlen; i++) {
		struct btf_enumerator en = btf_enumerator(&s->t, i);
		suggest_consider(&near, en.name);
		if (strlen(names) < sizeof names - 1)
			text_list(names, sizeof names, "%s", en.name);
	}
	value_fail(p, ": enum %s has no '%s'", btf_name(&s->t), name);
	return suggest_hint(&near, "its names are", names, p->e);
}

/* "A|B": names of flags, without blanks, as there are around the bar between members of a union. */
static bool put_flags(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
	const char *at = p->p;
	uint64_t v = 0;
	for (;; at++) {
		size_t n = strspn(at, letters);
		uint32_t i = 0;
		struct btf_enumerator en = {0};
		for (; i < s->t.vlen; i++) {
			en = btf_enumerator(&s->t, i);
			if (!strncmp(en.name, at, n) && !en.name[n])
				break;
		}
		if (!n || i == s->t.vlen)
			return false;
		v |= (uint64_t)en.value;
		at += n;
		if (*at != '|')
			break;
	}
	unsigned bits = typed_number_bits(s, f);
	v &= s->size < 8 ? (UINT64_C(1) << s->size * 8) - 1 : UINT64_MAX;
	if ((*at && *at != ' ' && !strchr(p->stop, *at)) || (bits < 64 && v >> bits))
		return false;
	p->p = at;
	return value_store_number(p, s, f, v);
}

static bool put_enum(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	size_t n = value_word(p);
	char text[VALUE_WORD];
	unsigned bits = typed_number_bits(s, f);
	const char *bar = p->p + strcspn(p->p, "| ");
	if (*bar == '|' && typed_is_flags(s) && put_flags(p, s, f))
		return true;
	for (uint32_t i = 0; i < s->t.vlen; i++) {
		struct btf_enumerator en = btf_enumerator(&s->t, i);
		if (strncmp(en.name, p->p, n) || en.name[n])
			continue;
		/* Old compilers do not mark enums as signed. */
		bool old = s->t.kind == BTF_ENUM && !s->is_signed;
		int64_t value = old ? (int32_t)en.value : en.value;
		int64_t wide = bits && bits < 64 ? value >> (bits - s->is_signed) : 0;
		if (wide && wide != -1)
			return value_fail(p, ": %s does not fit in %u bits", en.name, bits);
		return value_store_number(p, s, f, (uint64_t)en.value);
	}
	if (is_number(p))
		return value_put_number(p, s, f);
	value_word_text(p, text);
	return unknown_name(p, s, text);
}

static bool is_nan(uint64_t v, bool single)
{
	uint64_t exponent = single ? 0x7f800000 : UINT64_C(0x7ff) << 52;
	uint64_t fraction = single ? 0x007fffff : UINT64_MAX >> 12;
	return (v & exponent) == exponent && v & fraction;
}

/* The payload of a NaN is not part of its text. */
static bool put_float(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	char text[VALUE_WORD];
	const char *end;
	bool single = s->size == 4;
	uint64_t v = 0;
	if ((!single && s->size != 8) || f.bit_size)
		return value_fail(p, ": floats of %" PRIu64 " bytes cannot be set", s->size);
	bool whole = value_word_text(p, text);
	double d = real_read(text, &end, single);
	if (!whole || end == text || *end || *text == ' ')
		return value_fail(p, " expects a number, got '%s'", text);
	if (d - d != 0 && !strpbrk(text, "nN"))
		return value_fail(p, ": %s is out of range", text);
	if (single) {
		float x = (float)d;
		uint32_t word;
		memcpy(&word, &x, sizeof word);
		v = word;
	} else {
		memcpy(&v, &d, sizeof v);
	}
	uint64_t old = number_there(p, s, f);
	bool same_sign = !((old ^ v) >> (s->size * 8 - 1) & 1);
	return store_loose(p, s, f, is_nan(v, single) && is_nan(old, single) && same_sign, v);
}

/* Nanoseconds in a unit of a time; 0 for other text. */
static uint64_t unit_of(const char *name)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
	for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
		if (!strcmp(units[i].name, name))
			return units[i].ns;
	return 0;
}

/* "1.24 ms". Without a unit, a number in that of the type. */
static bool put_time(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	char text[VALUE_WORD];
	const char *end;
	uint64_t own = s->unit == UNIT_MS ? 1000000 : s->unit == UNIT_US ? 1000 : 1;
	if (is_number(p))
		return value_put_number(p, s, f);
	bool whole = value_word_text(p, text);
	double v = whole && *text >= '0' && *text <= '9' ? real_read(text, &end, false) : -1;
	uint64_t unit = v >= 0 ? unit_of(end + strspn(end, " ")) : 0;
	if (!unit)
		return value_fail(p, " expects a time such as 1.5ms, got '%s'", text);
	double ns = v * (double)unit, in_own = ns / (double)own;
	unsigned bits = typed_number_bits(s, f) - s->is_signed;
	uint64_t n = in_own < 0x1p63 ? (uint64_t)(in_own + 0.5) : 0;
	if (in_own >= 0x1p63 || (bits < 64 && n >> bits))
		return value_fail(p, ": %s is out of range", text);
	double error = (double)n * (double)own - ns;
	if ((error > 0 ? error : -error) > ns * 1e-12)
		return value_fail(
			p, ": %s is no whole number of %s", text, typed_unit_name(s->unit));
	return value_store_number(p, s, f, n);
}

/* "8:1": major and minor number in the encoding of the kernel, 12 and 20 bits. */
static bool put_device(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	size_t n = value_word(p);
	const char *colon = memchr(p->p, ':', n);
	size_t head = colon ? (size_t)(colon - p->p) : 0;
	struct value_number major, minor;
	bool large, larger;
	if (!colon)
		return value_put_number(p, s, f);
	if (!value_number(p->p, head, &major, &large) ||
		!value_number(colon + 1, n - head - 1, &minor, &larger) || large || larger ||
		major.negative || minor.negative || major.high || minor.high || major.low > 0xfff ||
		minor.low > 0xfffff) {
		char text[VALUE_WORD];
		value_word_text(p, text);
		return value_fail(p, " expects MAJOR:MINOR (at most 4095:1048575), got '%s'", text);
	}
	return value_store_number(p, s, f, major.low << 20 | minor.low);
}

bool value_put_scalar(struct value_parser *p, const struct typed_shape *s, struct typed_field f)
{
	const char *begin = p->p;
	bool ok = false;
	switch (s->kind) {
	case TYPED_BOOL:
		ok = put_bool(p, s, f);
		break;
	case TYPED_CHAR:
		ok = put_char(p, s, f);
		break;
	case TYPED_ENUM:
		ok = put_enum(p, s, f);
		break;
	case TYPED_FLOAT:
		ok = put_float(p, s, f);
		break;
	case TYPED_TIME:
		ok = put_time(p, s, f);
		break;
	case TYPED_DEV:
		ok = put_device(p, s, f);
		break;
	case TYPED_IP4:
	case TYPED_IP6:
	case TYPED_IP:
		ok = value_put_address(p, s, f);
		break;
	default:
		/* Programs keep addresses in plain integers of 4 bytes, too. */
		ok = s->kind == TYPED_INT && s->size == 4 ? value_put_address(p, s, f)
		                                          : value_put_number(p, s, f);
	}
	if (ok && p->p == begin)
		p->p += value_word(p);
	return ok;
}
