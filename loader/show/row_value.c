/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The inner loop of everything that is shown. Copies have a fixed size, which the compiler turns into a
 * few moves, and may write ROW_SLACK bytes too many, into space that is free anyway: a call of memcpy()
 * takes longer than the digits of a number.
 */
#include "row_value.h"

#include <string.h>

enum { NUMBER_MAX = 20, CHARS_MAX = ROW_ROOM / 2 };

struct row_value row_number_of(size_t size)
{
	bool number = size == 1 || size == 2 || size == 4 || size == 8;
	return (struct row_value){number ? ROW_UINT : ROW_OTHER, 0, (uint32_t)size};
}

struct row_value row_value_of(const struct typed_shape *s, struct typed_field f)
{
	const struct row_value other = {ROW_OTHER, 0, 0};
	struct row_value v = {ROW_OTHER, (uint32_t)(f.bit_off / 8), (uint32_t)s->size};
	if (f.bit_off % 8 || f.bit_off / 8 > UINT32_MAX || s->size > CHARS_MAX || !s->size)
		return other;
	switch (s->kind) {
	case TYPED_INT:
		v.op = s->is_signed ? ROW_INT : ROW_UINT;
		break;
	case TYPED_BOOL:
		v.op = ROW_BOOL;
		break;
	case TYPED_PTR:
	case TYPED_HEX:
		v.op = ROW_HEX;
		break;
	case TYPED_STRING:
		v.op = ROW_CHARS;
		return f.open ? other : v;
	default:
		return other;
	}
	bool whole = v.size <= 8 && !(v.size & (v.size - 1)) &&
	             typed_number_bits(s, f) == v.size * 8 && !f.bit_size;
	return whole ? v : other;
}

/* Space for n bytes, at most ROW_ROOM - ROW_SLACK, and the slack. */
static inline char *room_for(struct typed_out *o, size_t n)
{
	if (o->room - o->n < n + ROW_SLACK)
		typed_flush(o);
	return o->buffer + o->n;
}

static inline void written(struct typed_out *o, size_t n)
{
	o->n += n;
	o->cols += n;
}

/* The number of decimal digits. 1233 / 4096 is a little more than log10(2). */
static inline unsigned digits_of(uint64_t v)
{
	static const uint64_t powers[] = {0, 10, 100, 1000, 10000, 100000, 1000000, 10000000,
		100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
		100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
		1000000000000000000, 10000000000000000000u};
	unsigned guess = (64 - (unsigned)__builtin_clzll(v | 1)) * 1233 >> 12;
	return guess + (v >= powers[guess]);
}

/* Each digit goes to its place at once: copying what was just stored in pairs would wait for the
 * stores. */
static inline char *decimal(char *to, uint64_t v)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	char *const end = to + digits_of(v), *p = end;
	for (; v >= 100; v /= 100)
		memcpy(p -= 2, pairs + 2 * (v % 100), 2);
	if (v >= 10)
		memcpy(p - 2, pairs + 2 * v, 2);
	else
		p[-1] = (char)('0' + v);
	return end;
}

static char *hexadecimal(char *to, uint64_t v)
{
	unsigned digits = v ? (67 - (unsigned)__builtin_clzll(v)) / 4 : 1;
	to[0] = '0';
	to[1] = 'x';
	for (unsigned i = digits; i--; v >>= 4)
		to[2 + i] = "0123456789abcdef"[v & 15];
	return to + 2 + digits;
}

/* The number in host byte order, sign-extended. */
static inline uint64_t read_number(const uint8_t *p, uint32_t size, bool is_signed)
{
	uint16_t two;
	uint32_t four;
	uint64_t eight;
	switch (size) {
	case 1:
		return is_signed ? (uint64_t)(int8_t)*p : *p;
	case 2:
		memcpy(&two, p, sizeof two);
		return is_signed ? (uint64_t)(int16_t)two : two;
	case 4:
		memcpy(&four, p, sizeof four);
		return is_signed ? (uint64_t)(int32_t)four : four;
	default:
		memcpy(&eight, p, sizeof eight);
		return eight;
	}
}

/* Writes the number; returns its end. */
static inline char *number(char *to, const struct row_value *v, const uint8_t *p, bool json)
{
	uint64_t n = read_number(p, v->size, v->op == ROW_INT);
	switch (v->op) {
	case ROW_BOOL:
		memcpy(to, n ? "true" : "false", 5);
		return to + (n ? 4 : 5);
	case ROW_HEX:
		if (!json)
			return hexadecimal(to, n);
		*to = '"';
		to = hexadecimal(to + 1, n);
		*to = '"';
		return to + 1;
	case ROW_INT:
		if ((int64_t)n < 0) {
			*to++ = '-';
			n = 0 - n;
		}
		/* fall through */
	default:
		return decimal(to, n);
	}
}

/* Whether a byte of the eight is a control character, '"', '\\', or not ASCII. Each term sets the highest
 * bit of such a byte, and perhaps of bytes above it, which is found out one by one. */
static inline bool has_special(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t quote = eight ^ ones * '"', backslash = eight ^ ones * '\\',
		 del = eight ^ ones * 0x7f;
	return ((eight - ones * 0x20) | (quote - ones) | (backslash - ones) | (del - ones) |
		       eight) &
	       high;
}

static inline bool is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Copies the characters of a string; returns their end, NULL if one of them has to be escaped. */
static inline char *chars(char *to, const uint8_t *p, size_t size)
{
	size_t n = 0;
	for (uint64_t eight; n + sizeof eight <= size; n += sizeof eight) {
		memcpy(&eight, p + n, sizeof eight);
		if (has_special(eight))
			break;
		memcpy(to + n, &eight, sizeof eight);
	}
	for (; n < size && is_plain(p[n]); n++)
		to[n] = (char)p[n];
	return n == size || !p[n] ? to + n : NULL;
}

/* Outputs that only count, or are limited, are for typed_put(). */
static inline bool is_line(const struct typed_out *o)
{
	return o->room >= ROW_ROOM && !o->max && o->buffer;
}

static inline bool is_inside(const struct row_value *v, struct span record)
{
	return v->op != ROW_OTHER && record.big == host_is_big() &&
	       span_has(record, v->at, v->size);
}

static inline bool is_here(const struct row_value *v, const struct typed_out *o, struct span record)
{
	return is_inside(v, record) && is_line(o) &&
	       (o->file || o->room - o->n >= v->size + NUMBER_MAX + ROW_SLACK);
}

/* NULL if it has to be written by others. to: has space for the value and NUMBER_MAX. */
static inline char *text_value(char *to, const struct row_value *v, struct span record)
{
	if (v->op != ROW_CHARS)
		return number(to, v, record.p + v->at, false);
	char *end = chars(to, record.p + v->at, v->size);
	/* Text that fills its array is quoted. */
	return end == to + v->size ? NULL : end;
}

bool row_text(struct typed_out *o, const struct row_value *v, struct span record)
{
	if (!is_here(v, o, record))
		return false;
	char *to = room_for(o, v->size + NUMBER_MAX), *end = text_value(to, v, record);
	if (end)
		written(o, (size_t)(end - to));
	return end;
}

/* NULL if it has to be written by others. */
static inline char *json_value(char *to, const struct row_value *v, const uint8_t *p)
{
	if (v->op != ROW_CHARS)
		return number(to, v, p, true);
	char *end = chars(to + 1, p, v->size);
	if (!end)
		return NULL;
	*to = '"';
	*end = '"';
	return end + 1;
}

size_t row_parts(struct typed_out *o, const struct row_part *parts, size_t i, size_t n,
	const struct span *records)
{
	char *to = o->buffer + o->n;
	const char *const full = o->buffer + o->room - CHARS_MAX - NUMBER_MAX - ROW_SLACK;
	for (; i < n; i++) {
		const struct row_part *part = &parts[i];
		const struct row_value *v = &part->value;
		const struct span record = records[part->record];
		if (to + part->n_before > full) {
			o->n = (size_t)(to - o->buffer);
			typed_flush(o);
			row_put(o, part->before, part->n_before);
			to = o->buffer + o->n;
		} else {
			for (size_t k = 0; k < part->n_before; k += ROW_SLACK)
				memcpy(to + k, part->before + k, ROW_SLACK);
			to += part->n_before;
		}
		char *end = is_inside(v, record) ? json_value(to, v, record.p + v->at) : NULL;
		if (!end)
			break;
		to = end;
	}
	o->n = (size_t)(to - o->buffer);
	return i;
}

size_t row_cells(struct typed_out *o, const struct row_value *v, const uint16_t *starts, size_t i,
	size_t n, struct span record)
{
	size_t cols = o->cols;
	char *to = o->buffer + o->n;
	const char *const full = o->buffer + o->room - CHARS_MAX;
	if (!is_line(o) || record.big != host_is_big())
		return i;
	for (; i < n; i++) {
		const size_t start = starts[i], gap = cols < start ? start - cols : i != 0;
		if (v[i].op == ROW_OTHER || !span_has(record, v[i].at, v[i].size) ||
			to + gap + v[i].size > full)
			break;
		for (size_t k = 0; k < gap; k += ROW_SLACK)
			memset(to + k, ' ', ROW_SLACK);
		char *end = text_value(to + gap, &v[i], record);
		if (!end)
			break;
		cols += (size_t)(end - to);
		to = end;
	}
	o->n = (size_t)(to - o->buffer);
	o->cols = cols;
	return i;
}

void row_put(struct typed_out *o, const char *text, size_t n)
{
	if (n > CHARS_MAX || !is_line(o)) {
		typed_put(o, text, n);
		return;
	}
	char *to = room_for(o, n);
	for (size_t i = 0; i < n; i += ROW_SLACK)
		memcpy(to + i, text + i, ROW_SLACK);
	written(o, n);
}

void row_gap(struct typed_out *o, size_t start)
{
	size_t n = o->cols < start ? start - o->cols : 1;
	if (n > CHARS_MAX || !is_line(o)) {
		typed_pad(o, o->cols + n);
		return;
	}
	char *to = room_for(o, n);
	for (size_t i = 0; i < n; i += ROW_SLACK)
		memset(to + i, ' ', ROW_SLACK);
	written(o, n);
}
