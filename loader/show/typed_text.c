/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed_impl.h"

#include "elf/base/duration.h"

#include <inttypes.h>
#include <string.h>

enum {
	RUN = 4, /* equal elements from this number on are written once, with their number */
	LINE_BYTES = 48, /* bytes without a type on one line */
};

static void text_value(struct typed_walk *w, struct typed_field f, bool quoted, unsigned depth);

/* Without quotes, would the parser take the text for something else? Text that fills its array
 * has to be quoted; bytes may also be given as [02 42] or as an address. */
static bool reads_otherwise(const struct typed_shape *s, struct span text)
{
	bool bytes = s->kind == TYPED_BYTES;
	return text.n && (text.n == s->size || *text.p == '"' || (bytes && *text.p == '[') ||
				 (bytes && memchr(text.p, ':', text.n)));
}

static void text_string(
	struct typed_walk *w, const struct typed_shape *s, struct typed_field f, bool quoted)
{
	bool missing;
	struct span text = typed_string(w, s, f, &missing);
	if (missing) {
		typed_printf(w->o, "?");
		return;
	}
	quoted |= reads_otherwise(s, text);
	if (quoted)
		typed_printf(w->o, "\"");
	typed_chars(w->o, text, quoted);
	if (quoted)
		typed_printf(w->o, "\"");
}

/* Many programs declare strings as u8[]: at least two printable characters, then only zeros. */
static bool is_text(struct span bytes)
{
	size_t n = 0;
	while (n < bytes.n && bytes.p[n] >= 0x20 && bytes.p[n] < 0x7f)
		n++;
	if (bytes.n < 8 || n < 2 || n == bytes.n)
		return false;
	for (size_t i = n; i < bytes.n; i++)
		if (bytes.p[i])
			return false;
	return true;
}

/* The number of equal elements from i on. */
static uint64_t run_length(struct span bytes, uint64_t i, uint64_t count, uint64_t size)
{
	uint64_t n = 1;
	while (i + n < count && span_has(bytes, (i + n) * size, size) &&
		!memcmp(bytes.p + i * size, bytes.p + (i + n) * size, (size_t)size))
		n++;
	return n;
}

static void text_array(struct typed_walk *w, const struct typed_shape *s, struct typed_field f,
	bool quoted, unsigned depth)
{
	struct typed_shape element = typed_shape(w->b, s->t.type);
	struct span bytes = span_from(w->rec, f.bit_off / 8);
	uint64_t size = element.size, count = typed_array_len(w, s, f, size);
	bool hex = s->kind == TYPED_BYTES, mac = hex && count == 6;
	if (hex && is_text(span_sub(bytes, 0, count))) {
		text_string(w, s, f, quoted);
		return;
	}
	typed_printf(w->o, mac ? "" : "[");
	for (uint64_t i = 0; size && i < count;) {
		if (!typed_spend(w))
			break;
		if (i)
			typed_printf(w->o, mac ? ":" : hex ? " " : ", ");
		if (!span_has(bytes, i * size, 1)) {
			typed_printf(w->o, "?");
			break;
		}
		struct typed_field at = {.type = s->t.type, .bit_off = f.bit_off + i * size * 8};
		if (hex)
			typed_printf(w->o, "%02x", span_u8(bytes, i));
		else
			text_value(w, at, true, depth + 1);
		uint64_t run = mac || !span_has(bytes, i * size, size)
		                       ? 1
		                       : run_length(bytes, i, count, size);
		if (run >= RUN)
			typed_printf(w->o, " (x%" PRIu64 ")", run);
		i += run >= RUN ? run : 1;
	}
	typed_printf(w->o, mac ? "" : "]");
}

static void text_members(struct typed_walk *w, const struct typed_shape *s, struct typed_field f,
	bool *first, unsigned depth)
{
	const char *name;
	struct typed_field part;
	for (uint32_t i = 0; typed_part(s, f, i, &name, &part); i++) {
		struct typed_shape m = typed_field_shape(w->b, part);
		if (m.kind == TYPED_KERNEL)
			continue;
		if (!typed_spend(w))
			return;
		if (!*name && m.kind == TYPED_STRUCT && s->kind == TYPED_STRUCT &&
			depth < BTF_DEPTH) {
			text_members(w, &m, part, first, depth + 1);
			continue;
		}
		if (!*first)
			typed_printf(w->o, s->kind == TYPED_UNION ? " | " : ", ");
		*first = false;
		typed_name(w->o, name);
		if (*name)
			typed_printf(w->o, " = ");
		text_value(w, part, true, depth + 1);
	}
}

static void text_bytes(struct typed_walk *w, struct typed_field f)
{
	struct span rest = span_from(w->rec, f.bit_off / 8);
	size_t n = rest.n < LINE_BYTES ? rest.n : LINE_BYTES;
	for (size_t i = 0; i < n; i++)
		typed_printf(w->o, "%02x ", rest.p[i]);
	typed_printf(w->o, "|");
	for (size_t i = 0; i < n; i++)
		typed_printf(w->o, "%c", rest.p[i] >= 0x20 && rest.p[i] < 0x7f ? rest.p[i] : '.');
	typed_printf(w->o, "|");
	if (n < rest.n)
		typed_printf(w->o, " ... %zu more bytes", rest.n - n);
}

/* False if there is no frame. */
static bool text_stack(struct typed_walk *w, const struct typed_shape *s, struct typed_field f)
{
	const char *name = typed_frame(w, s, f, 0);
	size_t i = 0;
	for (; name; name = typed_frame(w, s, f, ++i)) {
		typed_printf(w->o, i ? " < " : "");
		typed_name(w->o, name);
	}
	return i;
}

void typed_decimal(struct typed_out *o, double v, unsigned places)
{
	char text[DECIMAL_TEXT];
	typed_put(o, text, decimal_text(text, v, places));
}

void typed_rate(struct typed_out *o, uint64_t more, uint64_t ns)
{
	double rate = (double)more * 1e9 / (double)ns;
	typed_printf(o, "+");
	typed_decimal(o, rate, rate < 9.95);
	typed_printf(o, "/s");
}

void typed_time(struct typed_out *o, uint64_t v, enum typed_unit unit)
{
	char text[DECIMAL_TEXT];
	typed_put(o, text, time_text(text, v, unit == UNIT_MS ? 2 : unit == UNIT_US ? 1 : 0));
}

/* Relative to the start: "+1.234567". */
static bool text_instant(struct typed_walk *w, const struct typed_shape *s, uint64_t v)
{
	uint64_t start = w->b && w->b->meanings ? w->b->meanings->start[s->unit] : 0;
	bool later = v >= start;
	uint64_t us = (later ? v - start : start - v) / 1000;
	if (!start || !v)
		return false;
	typed_printf(
		w->o, "%c%" PRIu64 ".%06" PRIu64, later ? '+' : '-', us / 1000000, us % 1000000);
	return true;
}

static bool text_errno(struct typed_walk *w, uint64_t v)
{
	enum { LAST = 4095 }; /* in the kernel, smaller numbers are no errors */
	char buf[16];
	int64_t no = -(int64_t)v;
	const char *name = no > 0 && no <= LAST ? errno_name((int)no, buf) : buf;
	if (name == buf)
		return false;
	typed_printf(w->o, "%" PRId64 " %s", -no, name);
	return true;
}

static bool text_cgroup(struct typed_walk *w, uint64_t id)
{
	const struct address_names *names = typed_names_of(w->b);
	const char *path = names && names->cgroup ? names->cgroup(names->ctx, id) : NULL;
	if (path)
		typed_name(w->o, path);
	return path;
}

/* Writes a number for people, if its meaning has such a form. */
static bool text_meaning(struct typed_walk *w, const struct typed_shape *s, struct typed_field f)
{
	char symbol[TYPED_SYMBOL];
	uint64_t v;
	const char *name;
	if (!typed_read_number(s, f, w->rec, &v))
		return false;
	switch (s->kind) {
	case TYPED_ENUM:
		name = typed_enum_name(s, v);
		if (!name && typed_flags_text(s, v, symbol, TYPED_FLAGS))
			name = symbol;
		if (name)
			typed_name(w->o, name);
		return name;
	case TYPED_TIME:
		typed_time(w->o, v, s->unit);
		return true;
	case TYPED_INSTANT:
		return text_instant(w, s, v);
	case TYPED_ERRNO:
		return text_errno(w, v);
	case TYPED_CGROUP:
		return text_cgroup(w, v);
	case TYPED_KADDR:
	case TYPED_UADDR:
		if (!typed_address_name(w, s, v, symbol, sizeof symbol))
			return false;
		typed_name(w->o, symbol);
		return true;
	case TYPED_KSTACK:
	case TYPED_USTACK:
	case TYPED_STACK:
		return text_stack(w, s, f);
	case TYPED_CHAR:
		if (v < 0x20 || v >= 0x7f)
			return false;
		typed_printf(w->o, v == '\'' || v == '\\' ? "'\\%c'" : "'%c'", (int)v);
		return true;
	default:
		return false;
	}
}

static void text_scalar(struct typed_walk *w, const struct typed_shape *s, struct typed_field f)
{
	char buf[64];
	if (s->kind != TYPED_INT && text_meaning(w, s, f))
		return;
	if (typed_scalar_text(s, f, w->rec, buf))
		typed_put(w->o, buf, strlen(buf));
	else if (s->kind == TYPED_FLOAT && (typed_float_text(s, f, w->rec, buf) || buf[0]))
		typed_printf(w->o, "%s", buf);
	else
		typed_printf(w->o, "?");
}

static void text_shaped(struct typed_walk *w, const struct typed_shape *s, struct typed_field f,
	bool quoted, unsigned depth)
{
	bool first = true;
	if (depth >= BTF_DEPTH) {
		typed_printf(w->o, "...");
		return;
	}
	switch (s->kind) {
	case TYPED_NONE:
		text_bytes(w, f);
		break;
	case TYPED_STRING:
		text_string(w, s, f, quoted);
		break;
	case TYPED_KTRACE:
	case TYPED_UTRACE:
		if (typed_is_trace(w, s)) {
			if (!text_stack(w, s, f))
				typed_printf(w->o, "-");
			break;
		}
		/* fall through */
	case TYPED_BYTES:
	case TYPED_ARRAY:
	case TYPED_LOG2:
		text_array(w, s, f, quoted, depth);
		break;
	case TYPED_STRUCT:
	case TYPED_SECTION:
	case TYPED_KERNEL:
	case TYPED_UNION:
		typed_printf(w->o, s->kind == TYPED_UNION ? "(" : "{");
		if (s->kind != TYPED_KERNEL)
			text_members(w, s, f, &first, depth);
		typed_printf(w->o, s->kind == TYPED_UNION ? ")" : "}");
		break;
	default:
		text_scalar(w, s, f);
	}
}

static void text_value(struct typed_walk *w, struct typed_field f, bool quoted, unsigned depth)
{
	struct typed_shape s = typed_field_shape(w->b, f);
	text_shaped(w, &s, f, quoted, depth);
}

void typed_text(struct typed_out *o, const struct btf *b, struct typed_field f, struct span record,
	bool quoted)
{
	struct typed_walk w = {.b = b, .rec = record, .o = o, .nodes = TYPED_TEXT_NODES};
	text_value(&w, f, quoted, 0);
}

void typed_shaped(struct typed_out *o, const struct btf *b, const struct typed_shape *s,
	struct typed_field f, struct span record)
{
	struct typed_walk w = {.b = b, .rec = record, .o = o, .nodes = TYPED_TEXT_NODES};
	text_shaped(&w, s, f, false, 0);
}
