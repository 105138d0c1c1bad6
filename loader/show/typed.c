/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXT_NODES = 4096,  /* values and members on one line of text */
	JSON_NODES = 65536, /* the same in JSON, plus 16 for each byte of the record */
	RUN = 4,            /* so many equal elements are written once, with their number */
	LINE_BYTES = 48,    /* bytes without a type on one line */
	FRAMES_MAX = 127,   /* of a stack: what the kernel takes */
	SYMBOL_MAX = 600,   /* characters of a symbol with module and offset */
};

static void emit_name(struct typed_out *o, const char *name)
{
	typed_chars(o, (struct span){(const uint8_t *)name, strlen(name), false}, false);
}

/* Reading. */

/*
 * An integer of 1 to 64 bits. Bits are counted from the low end of a byte in little-endian content
 * and from the high end in big-endian content: either way a field is a run of bits.
 */
static bool read_bits(struct span rec, uint64_t off, unsigned bits, uint64_t *v)
{
	if (!bits || bits > 64 || !span_has(rec, off / 8, (off % 8 + bits + 7) / 8))
		return false;
	if (off % 8 == 0 && bits % 8 == 0) {
		*v = bytes_get(rec.p + off / 8, bits / 8, rec.big);
		return true;
	}
	*v = 0;
	for (unsigned i = 0; i < bits; i++) {
		uint64_t at = off + i;
		unsigned byte = rec.p[at / 8];
		if (rec.big)
			*v = *v << 1 | (byte >> (7 - at % 8) & 1u);
		else
			*v |= (uint64_t)(byte >> at % 8 & 1u) << i;
	}
	return true;
}

static bool read_number(
	const struct typed_shape *s, struct typed_field f, struct span rec, uint64_t *v)
{
	uint64_t off = f.bit_off;
	unsigned bits = f.bit_size;
	if (s->size > 8)
		return false;
	if (!bits)
		bits = (unsigned)s->size * 8;
	if (s->t.kind == BTF_INT && !f.bit_size && btf_int_bits(&s->t) < bits) {
		/* A bit-field of the time before kflag: it is the type that tells. */
		bits = btf_int_bits(&s->t);
		off += btf_int_offset(&s->t);
	}
	struct span src = rec;
	if (s->kind == TYPED_NET || s->kind == TYPED_IP4)
		src.big = true;
	if (!read_bits(src, off, bits, v))
		return false;
	if (s->is_signed && bits < 64 && *v >> (bits - 1) & 1)
		*v |= UINT64_MAX << bits;
	return true;
}

/* The bytes of a field that are inside of the record. */
static struct span field_bytes(const struct typed_shape *s, struct typed_field f, struct span rec)
{
	struct span rest = span_from(rec, f.bit_off / 8);
	if (s->kind != TYPED_NONE && !f.open && s->size < rest.n)
		rest.n = (size_t)s->size;
	return rest;
}

static bool is_number(enum typed_kind kind)
{
	switch (kind) {
	case TYPED_INT:
	case TYPED_BOOL:
	case TYPED_CHAR:
	case TYPED_ENUM:
	case TYPED_PTR:
	case TYPED_IP4:
	case TYPED_NET:
	case TYPED_HEX:
	case TYPED_DEV:
	case TYPED_TIME:
	case TYPED_KADDR:
	case TYPED_UADDR:
	case TYPED_KSTACK:
	case TYPED_USTACK:
	case TYPED_STACK:
		return true;
	default:
		return false;
	}
}

static bool number(const struct typed_shape *s, struct typed_field f, struct span rec, uint64_t *v)
{
	if (is_number(s->kind))
		return read_number(s, f, rec, v);
	if (s->kind == TYPED_NONE && !f.bit_off &&
		(rec.n == 1 || rec.n == 2 || rec.n == 4 || rec.n == 8))
		return read_bits(rec, 0, (unsigned)rec.n * 8, v);
	return false;
}

bool typed_number(const struct btf *b, struct typed_field f, struct span record, uint64_t *v)
{
	struct typed_shape s = typed_field_shape(b, f);
	return number(&s, f, record, v);
}

static const char *enum_name(const struct typed_shape *s, uint64_t v)
{
	for (uint32_t i = 0; i < s->t.vlen; i++) {
		struct btf_enumerator e = btf_enumerator(&s->t, i);
		/* Old compilers leave the sign out: then the low bits decide. */
		uint64_t value = (uint64_t)e.value;
		if (s->size < 8)
			value = s->is_signed ? value : value & ((UINT64_C(1) << s->size * 8) - 1);
		if (value == v)
			return e.name;
	}
	return NULL;
}

/* As snprintf() with %llu or %lld: most of what is shown are such numbers. */
static void decimal(char buf[static 64], uint64_t v, bool is_signed)
{
	char digits[24];
	unsigned n = 0;
	bool minus = is_signed && (int64_t)v < 0;
	v = minus ? 0 - v : v;
	do
		digits[n++] = (char)('0' + v % 10);
	while (v /= 10);
	if (minus)
		*buf++ = '-';
	while (n)
		*buf++ = digits[--n];
	*buf = 0;
}

/* ::ffff:1.2.3.4 */
static bool is_mapped(struct span ip)
{
	static const uint8_t head[12] = {[10] = 0xff, [11] = 0xff};
	return !memcmp(ip.p, head, sizeof head);
}

/* The text of a value that both forms write alike; false when it is not all there or no such kind.
 */
static bool scalar_text(
	const struct typed_shape *s, struct typed_field f, struct span rec, char buf[static 64])
{
	struct span bytes = field_bytes(s, f, rec);
	uint64_t v;
	buf[0] = 0;
	if (s->kind == TYPED_IP6 && bytes.n == 16)
		return inet_ntop(AF_INET6, bytes.p, buf, 64);
	if (s->kind == TYPED_IP4 && bytes.n == 4)
		return inet_ntop(AF_INET, bytes.p, buf, 64);
	if (s->kind == TYPED_IP && bytes.n == 16)
		return is_mapped(bytes) ? inet_ntop(AF_INET, bytes.p + 12, buf, 64)
		                        : inet_ntop(AF_INET6, bytes.p, buf, 64);
	if (s->kind == TYPED_INT && s->size == 16 && bytes.n == 16) {
		uint64_t a = span_u64(bytes, 0), c = span_u64(bytes, 8);
		uint64_t high = bytes.big ? a : c, low = bytes.big ? c : a;
		if (high)
			snprintf(buf, 64, "0x%" PRIx64 "%016" PRIx64, high, low);
		else
			snprintf(buf, 64, "0x%" PRIx64, low);
		return true;
	}
	if (!is_number(s->kind) || !read_number(s, f, rec, &v))
		return false;
	if (s->kind == TYPED_PTR || s->kind == TYPED_HEX || s->kind == TYPED_KADDR ||
		s->kind == TYPED_UADDR)
		snprintf(buf, 64, "0x%" PRIx64, v);
	else if (s->kind == TYPED_DEV) /* as the kernel itself has it: 12 and 20 bits */
		snprintf(buf, 64, "%" PRIu64 ":%" PRIu64, v >> 20, v & 0xfffff);
	else if (s->kind == TYPED_BOOL)
		snprintf(buf, 64, "%s", v ? "true" : "false");
	else
		decimal(buf, v, s->is_signed);
	return true;
}

/* The shortest decimal that reads back as the same value. False when it is none or not finite. */
static bool float_text(
	const struct typed_shape *s, struct typed_field f, struct span rec, char buf[static 64])
{
	struct span bytes = field_bytes(s, f, rec);
	uint64_t v;
	double d;
	bool single = s->size == 4;
	if ((!single && s->size != 8) || f.bit_size || !read_bits(bytes, 0, single ? 32 : 64, &v))
		return false;
	if (single) {
		uint32_t low = (uint32_t)v;
		float x;
		memcpy(&x, &low, sizeof x);
		d = (double)x;
	} else {
		memcpy(&d, &v, sizeof d);
	}
	int digits = single ? 6 : 15;
	do
		snprintf(buf, 64, "%.*g", digits, d);
	while (++digits <= (single ? 9 : 17) &&
		(single ? (double)strtof(buf, NULL) != d : strtod(buf, NULL) != d));
	return d - d == 0.0;
}

/* A walk over one value. One of o and j is set. */
struct walk {
	const struct btf *b;
	struct span rec;
	struct typed_out *o;
	struct json *j;
	uint64_t nodes; /* what may still be shown: bounds types that contain themselves many times
	                 */
};

static bool spend(struct walk *w)
{
	if (!w->nodes || (w->o && w->o->cut))
		return false;
	if (--w->nodes)
		return true;
	if (w->o)
		typed_printf(w->o, "...");
	return false;
}

/* Elements of an array: as declared, or as many as fit between here and the end of the record. */
static uint64_t array_len(
	const struct walk *w, const struct typed_shape *s, struct typed_field f, uint64_t size)
{
	uint64_t n = btf_array_len(&s->t);
	if (n || !f.open || !size)
		return n;
	return span_from(w->rec, f.bit_off / 8).n / size;
}

/* A string: its bytes up to the first NUL. *missing: not even its start is inside of the record. */
static struct span string_bytes(
	const struct walk *w, const struct typed_shape *s, struct typed_field f, bool *missing)
{
	struct span text = field_bytes(s, f, w->rec);
	*missing = !text.n && s->size;
	const uint8_t *nul = text.n ? memchr(text.p, 0, text.n) : NULL;
	if (nul)
		text.n = (size_t)(nul - text.p);
	return text;
}

static void text_value(struct walk *w, struct typed_field f, bool quoted, unsigned depth);

static void text_string(
	struct walk *w, const struct typed_shape *s, struct typed_field f, bool quoted)
{
	bool missing;
	struct span text = string_bytes(w, s, f, &missing);
	if (missing) {
		typed_printf(w->o, "?");
		return;
	}
	if (quoted)
		typed_printf(w->o, "\"");
	typed_chars(w->o, text, quoted);
	if (quoted)
		typed_printf(w->o, "\"");
}

/* Many programs declare text as u8[]: at least two printable characters, then zeros to the end. */
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

/* How many elements from i on have the same bytes. */
static uint64_t run_length(struct span bytes, uint64_t i, uint64_t count, uint64_t size)
{
	uint64_t n = 1;
	while (i + n < count && span_has(bytes, (i + n) * size, size) &&
		!memcmp(bytes.p + i * size, bytes.p + (i + n) * size, (size_t)size))
		n++;
	return n;
}

static void text_array(struct walk *w, const struct typed_shape *s, struct typed_field f,
	bool quoted, unsigned depth)
{
	struct typed_shape element = typed_shape(w->b, s->t.type);
	struct span bytes = span_from(w->rec, f.bit_off / 8);
	uint64_t size = element.size, count = array_len(w, s, f, size);
	bool hex = s->kind == TYPED_BYTES, mac = hex && count == 6;
	if (hex && is_text(span_sub(bytes, 0, count))) {
		text_string(w, s, f, quoted);
		return;
	}
	typed_printf(w->o, mac ? "" : "[");
	for (uint64_t i = 0; size && i < count;) {
		if (!spend(w))
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

static void text_members(struct walk *w, const struct typed_shape *s, struct typed_field f,
	bool *first, unsigned depth)
{
	const char *name;
	struct typed_field part;
	for (uint32_t i = 0; typed_part(s, f, i, &name, &part); i++) {
		struct typed_shape m = typed_field_shape(w->b, part);
		if (m.kind == TYPED_KERNEL)
			continue;
		if (!spend(w))
			return;
		if (!*name && m.kind == TYPED_STRUCT && s->kind == TYPED_STRUCT &&
			depth < BTF_DEPTH) {
			text_members(w, &m, part, first, depth + 1);
			continue;
		}
		if (!*first)
			typed_printf(w->o, s->kind == TYPED_UNION ? " | " : ", ");
		*first = false;
		emit_name(w->o, name);
		if (*name)
			typed_printf(w->o, " = ");
		text_value(w, part, true, depth + 1);
	}
}

static void text_bytes(struct walk *w, struct typed_field f)
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

static const struct address_names *names_of(const struct walk *w)
{
	return w->b && w->b->notes ? w->b->notes->names : NULL;
}

static bool name_address(
	const struct walk *w, const struct typed_shape *s, uint64_t v, char *buf, size_t size)
{
	const struct address_names *names = names_of(w);
	return (s->kind == TYPED_KADDR || s->kind == TYPED_UADDR) && names &&
	       names->address(names->ctx, s->kind == TYPED_UADDR, v, buf, size);
}

/* Frame i of the stack of this id; NULL: there is none. */
static const char *frame(const struct walk *w, const struct typed_shape *s, uint64_t id, size_t i)
{
	const struct address_names *names = names_of(w);
	enum stack_kind kind;
	if (!names || !names->frame || !typed_is_stack(s->kind, &kind) || i >= FRAMES_MAX)
		return NULL;
	return names->frame(names->ctx, kind, (int64_t)id, i);
}

static void text_stack(struct walk *w, const struct typed_shape *s, uint64_t id)
{
	const char *name = frame(w, s, id, 0);
	for (size_t i = 0; name; name = frame(w, s, id, ++i)) {
		typed_printf(w->o, i ? " < " : "");
		emit_name(w->o, name);
	}
}

void typed_time(struct typed_out *o, uint64_t v, enum typed_unit unit)
{
	static const char *const units[] = {"ns", "us", "ms", "s"};
	unsigned u = unit == UNIT_MS ? 2 : unit == UNIT_US ? 1 : 0;
	double t = (double)v;
	for (; t >= 999.5 && u < 3; u++)
		t /= 1000;
	bool whole = t >= 99.95 || t == (double)v;
	typed_printf(o, whole ? "%.0f %s" : t < 9.995 ? "%.2f %s" : "%.1f %s", t, units[u]);
}

static void text_scalar(struct walk *w, const struct typed_shape *s, struct typed_field f)
{
	char buf[64];
	uint64_t v;
	const char *name;
	char symbol[SYMBOL_MAX];
	if (s->kind == TYPED_ENUM && read_number(s, f, w->rec, &v) && (name = enum_name(s, v)))
		emit_name(w->o, name);
	else if (s->kind == TYPED_TIME && read_number(s, f, w->rec, &v))
		typed_time(w->o, v, s->unit);
	else if (typed_needs_names(s->kind) && read_number(s, f, w->rec, &v) &&
		 name_address(w, s, v, symbol, sizeof symbol))
		emit_name(w->o, symbol);
	else if (typed_needs_names(s->kind) && read_number(s, f, w->rec, &v) && frame(w, s, v, 0))
		text_stack(w, s, v);
	else if (s->kind == TYPED_CHAR && read_number(s, f, w->rec, &v) && v >= 0x20 && v < 0x7f)
		typed_printf(w->o, v == '\'' || v == '\\' ? "'\\%c'" : "'%c'", (int)v);
	else if (scalar_text(s, f, w->rec, buf))
		typed_put(w->o, buf, strlen(buf));
	else if (s->kind == TYPED_FLOAT && (float_text(s, f, w->rec, buf) || buf[0]))
		typed_printf(w->o, "%s", buf);
	else
		typed_printf(w->o, "?");
}

static void text_shaped(struct walk *w, const struct typed_shape *s, struct typed_field f,
	bool quoted, unsigned depth);

static void text_value(struct walk *w, struct typed_field f, bool quoted, unsigned depth)
{
	struct typed_shape s = typed_field_shape(w->b, f);
	text_shaped(w, &s, f, quoted, depth);
}

static void text_shaped(struct walk *w, const struct typed_shape *s, struct typed_field f,
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

void typed_text(struct typed_out *o, const struct btf *b, struct typed_field f, struct span record,
	bool quoted)
{
	struct walk w = {.b = b, .rec = record, .o = o, .nodes = TEXT_NODES};
	text_value(&w, f, quoted, 0);
}

void typed_shaped(struct typed_out *o, const struct btf *b, const struct typed_shape *s,
	struct typed_field f, struct span record)
{
	struct walk w = {.b = b, .rec = record, .o = o, .nodes = TEXT_NODES};
	text_shaped(&w, s, f, false, 0);
}

/* JSON. */

static void json_value(struct walk *w, struct typed_field f, unsigned depth);

static void json_members(
	struct walk *w, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	const char *name;
	struct typed_field part;
	for (uint32_t i = 0; typed_part(s, f, i, &name, &part) && spend(w); i++) {
		struct typed_shape m = typed_field_shape(w->b, part);
		bool whole = m.kind == TYPED_STRUCT || m.kind == TYPED_UNION;
		if (m.kind == TYPED_KERNEL || (!*name && !whole))
			continue;
		if (*name) {
			json_key(w->j, name);
			json_value(w, part, depth + 1);
		} else if (depth < BTF_DEPTH) {
			json_members(w, &m, part, depth + 1);
		}
	}
}

static void json_array(
	struct walk *w, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	struct typed_shape element = typed_shape(w->b, s->t.type);
	uint64_t size = element.size, count = array_len(w, s, f, size);
	json_open(w->j, '[');
	for (uint64_t i = 0; size && i < count; i++) {
		struct typed_field at = {.type = s->t.type, .bit_off = f.bit_off + i * size * 8};
		if (!span_has(w->rec, at.bit_off / 8, 1) || !spend(w))
			break;
		json_value(w, at, depth + 1);
	}
	json_close(w->j);
}

static void json_hex(struct json *j, struct span bytes)
{
	/* Through one buffer, so that the writer sees a single string. */
	size_t n = bytes.n;
	char *text = malloc(n * 3 + 1);
	if (!text) {
		json_null(j);
		return;
	}
	for (size_t i = 0; i < n; i++)
		snprintf(text + i * 3, 4, "%02x ", bytes.p[i]);
	json_bytes(j, text, n ? n * 3 - 1 : 0);
	free(text);
}

/* Addresses and stacks by their names; false when these are not known. */
static bool json_named(struct walk *w, const struct typed_shape *s, struct typed_field f)
{
	char symbol[SYMBOL_MAX];
	uint64_t v;
	const char *name;
	if (!typed_needs_names(s->kind) || !names_of(w) || !read_number(s, f, w->rec, &v))
		return false;
	if (s->kind == TYPED_KADDR || s->kind == TYPED_UADDR) {
		if (!name_address(w, s, v, symbol, sizeof symbol))
			return false;
		json_str(w->j, symbol);
		return true;
	}
	if (!names_of(w)->frame)
		return false;
	json_open(w->j, '[');
	for (size_t i = 0; (name = frame(w, s, v, i)); i++)
		json_str(w->j, name);
	json_close(w->j);
	return true;
}

static void json_scalar(struct walk *w, const struct typed_shape *s, struct typed_field f)
{
	char buf[64];
	uint64_t v;
	const char *name;
	if (json_named(w, s, f))
		return;
	if (s->kind == TYPED_FLOAT) {
		json_raw(w->j, float_text(s, f, w->rec, buf) ? buf : "null");
		return;
	}
	if (!scalar_text(s, f, w->rec, buf)) {
		json_null(w->j);
		return;
	}
	if (s->kind == TYPED_ENUM && read_number(s, f, w->rec, &v) && (name = enum_name(s, v)))
		json_str(w->j, name);
	else if (s->kind == TYPED_PTR || s->kind == TYPED_IP4 || s->kind == TYPED_HEX ||
		 s->kind == TYPED_DEV || s->kind == TYPED_KADDR || s->kind == TYPED_UADDR ||
		 s->size > 8)
		json_str(w->j, buf);
	else
		json_raw(w->j, buf);
}

static void json_value(struct walk *w, struct typed_field f, unsigned depth)
{
	struct typed_shape s = typed_field_shape(w->b, f);
	bool missing;
	struct span text;
	if (depth >= BTF_DEPTH) {
		json_null(w->j);
		return;
	}
	switch (s.kind) {
	case TYPED_NONE:
		json_hex(w->j, span_from(w->rec, f.bit_off / 8));
		break;
	case TYPED_STRING:
		text = string_bytes(w, &s, f, &missing);
		if (missing)
			json_null(w->j);
		else
			json_bytes(w->j, text.p, text.n);
		break;
	case TYPED_BYTES:
	case TYPED_ARRAY:
	case TYPED_LOG2:
		json_array(w, &s, f, depth);
		break;
	case TYPED_STRUCT:
	case TYPED_UNION:
	case TYPED_SECTION:
	case TYPED_KERNEL:
		json_open(w->j, '{');
		if (s.kind != TYPED_KERNEL)
			json_members(w, &s, f, depth);
		json_close(w->j);
		break;
	default:
		json_scalar(w, &s, f);
	}
}

static struct walk json_walk(struct json *j, const struct btf *b, struct span record)
{
	uint64_t nodes = JSON_NODES + UINT64_C(16) * record.n;
	return (struct walk){.b = b, .rec = record, .j = j, .nodes = nodes};
}

void typed_json(struct json *j, const struct btf *b, struct typed_field f, struct span record)
{
	struct walk w = json_walk(j, b, record);
	json_value(&w, f, 0);
}

void typed_json_into(struct json *j, const struct btf *b, struct typed_field f, struct span record,
	const char *name)
{
	struct walk w = json_walk(j, b, record);
	struct typed_shape s = typed_field_shape(b, f);
	if (s.kind == TYPED_STRUCT || s.kind == TYPED_UNION || s.kind == TYPED_SECTION) {
		json_members(&w, &s, f, 0);
		return;
	}
	json_key(j, name);
	json_value(&w, f, 0);
}

/* Order. */

static int compare_bytes(struct span x, struct span y)
{
	size_t n = x.n < y.n ? x.n : y.n;
	int order = n ? memcmp(x.p, y.p, n) : 0;
	return order ? order : (x.n > y.n) - (x.n < y.n);
}

static int compare(const struct btf *b, struct typed_field f, struct span x, struct span y,
	unsigned depth, unsigned *nodes)
{
	struct typed_shape s = typed_field_shape(b, f);
	uint64_t v, u;
	const char *name;
	struct typed_field part;
	if (number(&s, f, x, &v) && number(&s, f, y, &u)) {
		if (s.is_signed)
			return ((int64_t)v > (int64_t)u) - ((int64_t)v < (int64_t)u);
		return (v > u) - (v < u);
	}
	if (s.kind == TYPED_STRING) {
		struct walk wx = {.b = b, .rec = x}, wy = {.b = b, .rec = y};
		bool missing;
		return compare_bytes(
			string_bytes(&wx, &s, f, &missing), string_bytes(&wy, &s, f, &missing));
	}
	if (s.kind != TYPED_STRUCT || depth >= BTF_DEPTH)
		return compare_bytes(field_bytes(&s, f, x), field_bytes(&s, f, y));
	for (uint32_t i = 0; *nodes && typed_part(&s, f, i, &name, &part); i++) {
		--*nodes;
		int order = compare(b, part, x, y, depth + 1, nodes);
		if (order)
			return order;
	}
	return 0;
}

int typed_compare(const struct btf *b, struct typed_field f, struct span x, struct span y)
{
	unsigned nodes = TEXT_NODES;
	return compare(b, f, x, y, 0, &nodes);
}
