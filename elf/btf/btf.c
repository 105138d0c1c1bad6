/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The layout of BTF: a header, then (at offsets from the end of the header) the types, optionally a
 * layout section (since 7.1), and the strings.
 *
 * header   u16 magic, u8 version, u8 flags, u32 length of the header,
 *          u32 offset and u32 length of the types, of the strings, of the layout section
 * type     u32 name, u32 info (bit 31 flag, 24-30 kind, 0-23 vlen), u32 size or type, followed by a
 *          tail whose size only depends on kind and vlen
 * layout   an entry for each kind: u8 size of the fixed part of the tail, u8 size of each of vlen
 *          parts, u16 flags
 *
 * Up to 7.0 the kind had 5 bits and vlen 16, with zero bits above them: one decoder handles both.
 */
#include "btf_impl.h"

#include "elf/base/format.h"

/* A section of the blob, by its offset and length in the header. */
static bool section(struct span *out, struct span data, uint32_t header, unsigned field,
	const char *what, struct err *e)
{
	struct span body = span_from(data, header);
	uint32_t off = span_u32(data, field), len = span_u32(data, field + 4);
	if (!span_has(body, off, len))
		return err_set(e, "BTF is truncated: its %s has %u bytes at offset %llu of %zu",
			what, len, (unsigned long long)header + off, data.n);
	*out = span_sub(body, off, len);
	return true;
}

static bool open_header(struct btf *b, struct err *e)
{
	struct span *d = &b->data;
	d->big = false;
	if (span_u16(*d, 0) != BTF_MAGIC)
		d->big = true;
	if (!span_has(*d, 0, BTF_HEADER))
		return err_set(e, "BTF is truncated: %zu bytes, the header alone has %d", d->n,
			BTF_HEADER);
	if (span_u16(*d, 0) != BTF_MAGIC)
		return err_set(e, "not BTF: it starts with bytes %02x %02x instead of 9f eb",
			d->p[0], d->p[1]);
	if (span_u8(*d, 2) != BTF_VERSION)
		return err_set(
			e, "unsupported BTF version %u, expected %d", span_u8(*d, 2), BTF_VERSION);
	uint32_t header = span_u32(*d, 4);
	if (header < BTF_HEADER || header > d->n)
		return err_set(e, "invalid BTF header length %u, expected %d to %zu", header,
			BTF_HEADER, d->n);
	if (!section(&b->types, *d, header, 8, "type section", e) ||
		!section(&b->strings, *d, header, 16, "string section", e))
		return false;
	if (header >= BTF_HEADER_LAYOUT &&
		!section(&b->layout, *d, header, 24, "layout section", e))
		return false;
	if (b->strings.n) {
		btf_load(b, b->strings.p, 1);
		btf_load(b, b->strings.p + b->strings.n - 1, 1);
	}
	if (b->strings.n && b->strings.p[b->strings.n - 1])
		return err_set(e, "the BTF string section does not end with a NUL");
	if (b->strings.n && !b->base && b->strings.p[0])
		return err_set(e, "the BTF string section does not begin with an empty string");
	return true;
}

/*
 * BTF does not contain the size of pointers. It equals that of `long` in all Linux ABIs, so the first
 * INT with such a name determines it.
 */
static uint8_t guess_ptr_size(const struct btf *b)
{
	static const char *const longs[] = {
		"long",
		"long int",
		"int long",
		"unsigned long",
		"long unsigned",
		"unsigned long int",
		"unsigned int long",
		"long unsigned int",
		"long int unsigned",
		"int unsigned long",
		"int long unsigned",
	};
	struct btf_type t = {0};
	while (btf_next_in(b, &t, 1u << BTF_INT)) {
		if (t.size != 4 && t.size != 8)
			continue;
		for (size_t i = 0; i < sizeof longs / sizeof *longs; i++)
			if (!strcmp(btf_name(&t), longs[i]))
				return (uint8_t)t.size;
	}
	return 8;
}

static bool open_start(struct btf *b, struct span data, const struct btf *base,
	const struct btf_source *source, struct arena *a, struct err *e)
{
	*b = (struct btf){.data = data, .base = base, .first = 1};
	if (base) {
		uint64_t strings = (uint64_t)base->first_string + base->strings.n;
		if (strings > UINT32_MAX)
			return err_set(e, "the strings of the base BTF exceed 4 GB");
		b->first = btf_end(base, e);
		b->first_string = (uint32_t)strings;
	}
	b->end = b->first;
	if (!b->first || (source && !btf_open_pages(b, source, a, e)))
		return false;
	btf_load(b, data.p, data.n < BTF_HEADER_LAYOUT ? data.n : BTF_HEADER_LAYOUT);
	return open_header(b, e);
}

bool btf_open(
	struct btf *b, struct span data, const struct btf *base, struct arena *a, struct err *e)
{
	if (!open_start(b, data, base, NULL, a, e) || !btf_open_types(b, a, e))
		return false;
	b->ptr_size = base ? base->ptr_size : guess_ptr_size(b);
	return true;
}

bool btf_open_above(struct btf *b, struct span data, const struct btf_source *source, size_t small,
	struct arena *a, struct err *e)
{
	if (!open_start(b, data, NULL, source, a, e))
		return false;
	bool large = b->types.n > small && b->types.n <= BTF_LAZY_MAX;
	btf_load(b, b->layout.p, b->layout.n);
	if (!large)
		btf_load(b, b->types.p, b->types.n);
	if (large ? !btf_open_frontier(b, a, e) : !btf_open_types(b, a, e))
		return false;
	b->ptr_size = guess_ptr_size(b);
	return true;
}

bool btf_open_lazily(struct btf *b, struct span data, const struct btf_source *source,
	struct arena *a, struct err *e)
{
	return btf_open_above(b, data, source, BTF_SMALL, a, e);
}

const char *btf_str(const struct btf *b, uint32_t off)
{
	while (off < b->first_string && b->base)
		b = b->base;
	off -= b->first_string;
	if (off >= b->strings.n)
		return "";
	if (b->pages)
		btf_load_string(b, b->strings.p + off);
	return (const char *)b->strings.p + off;
}

const char *btf_name(const struct btf_type *t)
{
	return btf_str(t->btf, t->name_off);
}

/* Part i of a type if it has one of these kinds, else an empty span. */
static struct span part(const struct btf_type *t, uint32_t kinds, uint32_t i)
{
	if (!btf_kind_in(t->kind, kinds) || i >= t->vlen)
		return (struct span){NULL, 0, t->tail.big};
	return span_sub(t->tail, btf_part(t, i), btf_kinds[t->kind].each);
}

struct btf_member btf_member(const struct btf_type *t, uint32_t i)
{
	struct span s = part(t, BTF_COMPOSITES, i);
	if (!s.n)
		return (struct btf_member){.name = ""};
	uint32_t name = bytes_get32(s.p, s.big), off = bytes_get32(s.p + 8, s.big);
	return (struct btf_member){
		.name = btf_str(t->btf, name),
		.name_off = name,
		.type = bytes_get32(s.p + 4, s.big),
		.bit_off = t->kflag ? off & 0xffffff : off,
		.bit_size = t->kflag ? (uint8_t)(off >> 24) : 0,
	};
}

uint32_t btf_member_near(const struct btf_type *t, uint32_t i, const char *name)
{
	if (!btf_is_composite(t))
		return t->vlen;
	const struct btf *b = t->btf;
	const size_t own = b->base || b->pages ? 0 : b->strings.n;
	const uint8_t *member = t->tail.p + btf_part(t, i); /* the tail holds them all */
	for (; i < t->vlen; i++, member += btf_kinds[BTF_STRUCT].each) {
		uint32_t off = bytes_get32(member, t->tail.big);
		const char *s = off < own ? (const char *)b->strings.p + off : btf_str(b, off);
		if (!*s || (*s == *name && !strcmp(s, name)))
			break;
	}
	return i;
}

struct btf_enumerator btf_enumerator(const struct btf_type *t, uint32_t i)
{
	struct span s = part(t, BTF_ENUMS, i);
	uint32_t name = span_u32(s, 0), low = span_u32(s, 4);
	struct btf_enumerator v = {.name = btf_str(t->btf, name), .name_off = name};
	if (t->kind == BTF_ENUM64)
		v.value = (int64_t)((uint64_t)span_u32(s, 8) << 32 | low);
	else
		v.value = t->kflag ? (int32_t)low : (int64_t)low;
	return v;
}

struct btf_param btf_param(const struct btf_type *t, uint32_t i)
{
	struct span s = part(t, 1u << BTF_FUNC_PROTO, i);
	return (struct btf_param){btf_str(t->btf, span_u32(s, 0)), span_u32(s, 4)};
}

struct btf_secinfo btf_secinfo(const struct btf_type *t, uint32_t i)
{
	struct span s = part(t, 1u << BTF_DATASEC, i);
	return (struct btf_secinfo){span_u32(s, 0), span_u32(s, 4), span_u32(s, 8)};
}

/* A word of the tail if the type has this kind, else 0. */
static uint32_t word(const struct btf_type *t, enum btf_kind kind, unsigned off)
{
	return t->kind == kind ? span_u32(t->tail, off) : 0;
}

uint32_t btf_array_len(const struct btf_type *t)
{
	return word(t, BTF_ARRAY, 8);
}

uint8_t btf_int_encoding(const struct btf_type *t)
{
	return word(t, BTF_INT, 0) >> 24 & 0x0f;
}

uint8_t btf_int_offset(const struct btf_type *t)
{
	return word(t, BTF_INT, 0) >> 16 & 0xff;
}

uint8_t btf_int_bits(const struct btf_type *t)
{
	return word(t, BTF_INT, 0) & 0xff;
}

uint32_t btf_var_linkage(const struct btf_type *t)
{
	return word(t, BTF_VAR, 0);
}

int32_t btf_decl_tag_component(const struct btf_type *t)
{
	return (int32_t)word(t, BTF_DECL_TAG, 0);
}

uint32_t btf_skip(const struct btf *b, uint32_t id, struct btf_type *t)
{
	for (int depth = 0; depth <= BTF_DEPTH; depth++) {
		if (!btf_type(b, id, t))
			return 0;
		if (!btf_is_modifier(t))
			return id;
		id = t->type;
	}
	btf_type(b, 0, t);
	return 0;
}

int64_t btf_size(const struct btf *b, uint32_t id)
{
	const uint32_t through = BTF_MODIFIERS | 1u << BTF_VAR | 1u << BTF_DECL_TAG;
	struct btf_type t;
	int64_t times = 1;
	for (int depth = 0; depth <= BTF_DEPTH; depth++) {
		if (!btf_type(b, id, &t))
			return -1;
		if (t.kind == BTF_ARRAY) {
			times *= btf_array_len(&t);
			if (times > INT32_MAX)
				return -1;
		} else if (btf_kind_in(t.kind, BTF_SIZED) || t.kind == BTF_PTR) {
			int64_t size = t.kind == BTF_PTR ? b->ptr_size : t.size;
			return size * times > INT32_MAX ? -1 : size * times;
		} else if (!btf_kind_in(t.kind, through)) {
			return -1;
		}
		id = t.type;
	}
	return -1;
}

int64_t btf_size_of(const struct btf_type *t)
{
	if (btf_kind_in(t->kind, BTF_SIZED))
		return t->size > INT32_MAX ? -1 : (int64_t)t->size;
	return t->kind == BTF_PTR ? t->btf->ptr_size : btf_size(t->btf, t->id);
}

/*
 * Spelling a type in C: the declarator (stars, brackets, parameter lists) grows from the inside out
 * while the chain of references is followed, and the name of the last type precedes it. For an
 * array of 4 pointers to const char: "[4]", "*[4]", "const char *[4]".
 */
enum { SPELL = 256 };

static void prepend(char *text, const char *more)
{
	size_t n = strlen(text), m = strlen(more);
	if (n + m >= SPELL)
		return;
	memmove(text + m, text, n + 1);
	memcpy(text, more, m);
}

static void append(char *text, size_t size, const char *more)
{
	size_t n = strlen(text), m = strlen(more);
	if (n + 1 >= size)
		return;
	if (m > size - 1 - n)
		m = size - 1 - n;
	memcpy(text + n, more, m);
	text[n + m] = 0;
}

/* Brackets and parameter lists bind more tightly than the star of a pointer. */
static void close_pointer(char *declarator)
{
	if (declarator[0] != '*')
		return;
	prepend(declarator, "(");
	append(declarator, SPELL, ")");
}

static void spell(const struct btf *b, uint32_t id, char *buf, size_t size, int nested);

static void spell_params(const struct btf_type *t, char *declarator, int nested)
{
	append(declarator, SPELL, "(");
	for (uint32_t i = 0; i < t->vlen && strlen(declarator) < SPELL - 8; i++) {
		struct btf_param p = btf_param(t, i);
		char one[SPELL / 4] = "";
		if (!p.type || nested >= 2)
			append(one, sizeof one, "...");
		else
			spell(t->btf, p.type, one, sizeof one, nested + 1);
		append(declarator, SPELL, i ? ", " : "");
		append(declarator, SPELL, one);
	}
	append(declarator, SPELL, t->vlen ? ")" : "void)");
}

/* The type at the end of a chain of references. */
static void spell_base(const struct btf_type *t, char *buf, size_t size)
{
	static const uint32_t tagged = BTF_COMPOSITES | BTF_ENUMS | 1u << BTF_DATASEC;
	const char *name = btf_name(t);
	if (t->kind == BTF_VOID || t->kind >= BTF_KINDS)
		name = btf_kind_name(t->kind);
	else if (t->kind == BTF_FWD)
		append(buf, size, t->kflag ? "union " : "struct ");
	else if (btf_kind_in(t->kind, tagged)) {
		append(buf, size, btf_kind_name(t->kind));
		append(buf, size, " ");
	}
	append(buf, size, *name ? name : "{...}");
}

static void spell(const struct btf *b, uint32_t id, char *buf, size_t size, int nested)
{
	char declarator[SPELL] = "", number[16];
	bool is_const = false, is_volatile = false;
	struct btf_type t;
	bool ok = btf_type(b, id, &t);
	for (int depth = 0; depth < BTF_DEPTH && ok; depth++) {
		const char *word = t.kind == BTF_CONST      ? "const"
		                   : t.kind == BTF_VOLATILE ? "volatile"
		                   : t.kind == BTF_RESTRICT ? "restrict"
		                                            : NULL;
		struct btf_type next;
		ok = btf_type(b, t.type, &next);
		if (t.kind == BTF_PTR) {
			prepend(declarator, "*");
		} else if (t.kind == BTF_ARRAY) {
			close_pointer(declarator);
			text_print(number, sizeof number, "[%u]", btf_array_len(&t));
			append(declarator, sizeof declarator, number);
		} else if (t.kind == BTF_FUNC_PROTO) {
			close_pointer(declarator);
			spell_params(&t, declarator, nested);
		} else if (t.kind == BTF_FUNC || t.kind == BTF_VAR) {
			prepend(declarator, btf_name(&t));
		} else if (word && next.kind == BTF_PTR) {
			prepend(declarator, declarator[0] && declarator[0] != '[' ? " " : "");
			prepend(declarator, word);
		} else if (word) {
			is_const |= t.kind == BTF_CONST;
			is_volatile |= t.kind == BTF_VOLATILE;
		} else if (t.kind != BTF_TYPE_TAG && t.kind != BTF_DECL_TAG) {
			break;
		}
		t = next;
	}
	append(buf, size, is_const ? "const " : "");
	append(buf, size, is_volatile ? "volatile " : "");
	spell_base(&t, buf, size);
	append(buf, size, declarator[0] && declarator[0] != '[' ? " " : "");
	append(buf, size, declarator);
}

void btf_spell(const struct btf *b, uint32_t id, char *buf, size_t size)
{
	if (!size)
		return;
	buf[0] = 0;
	spell(b, id, buf, size, 0);
}
