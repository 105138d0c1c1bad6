/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "value_impl.h"

#include "elf/base/suggest.h"
#include "elf/base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { HINT_NAMES = 360, NAME_MAX_TEXT = 128 };

static bool put(struct value_parser *p, struct typed_field f, unsigned depth);

/* ---- shared ---- */

bool(value_fail)(const struct value_parser *p, const char *fmt, ...)
{
	char text[512] = "";
	va_list ap;
	va_start(ap, fmt);
	text_vadd(text, sizeof text, fmt, ap);
	va_end(ap);
	if (!*p->where)
		return err_set(p->e, "%s%s", p->at->who, text);
	const char *what = *p->where == '[' ? "element" : "member";
	return err_set(p->e, "%s: %s '%s'%s", p->at->who, what, p->where, text);
}

size_t value_word(const struct value_parser *p)
{
	size_t n = *p->stop ? strcspn(p->p, p->stop) : strlen(p->p);
	while (n && p->p[n - 1] == ' ')
		n--;
	return n;
}

bool value_word_text(const struct value_parser *p, char text[static VALUE_WORD])
{
	size_t whole = value_word(p), n = whole < VALUE_WORD ? whole : VALUE_WORD - 1;
	memcpy(text, p->p, n);
	text[n] = 0;
	return n == whole;
}

void value_skip_blanks(struct value_parser *p)
{
	p->p += strspn(p->p, " ");
}

static bool contradiction(const struct value_parser *p)
{
	value_fail(p, " is given two different values");
	return err_hint(
		p->e, "name each member once, and one of a union, whose members share their bytes");
}

static bool missing(const struct value_parser *p, char c)
{
	return *p->p ? value_fail(p, ": '%c' is missing before '%.40s'", c, p->p)
	             : value_fail(p, ": '%c' is missing at the end", c);
}

static bool too_small(const struct value_parser *p)
{
	return value_fail(p, " exceeds its section");
}

bool value_store(struct value_parser *p, struct typed_field f, const void *bytes, size_t n)
{
	uint64_t off = f.bit_off / 8;
	if (off > p->at->room || n > p->at->room - off)
		return too_small(p);
	if (p->pass == PASS_WRITE)
		memcpy(p->at->to + off, bytes, n);
	return p->pass != PASS_CHECK || !memcmp(p->at->to + off, bytes, n) || contradiction(p);
}

bool value_store_number(
	struct value_parser *p, const struct typed_shape *s, struct typed_field f, uint64_t v)
{
	const struct typed_bytes_out to = {p->at->to, p->at->room, p->at->big};
	unsigned bits = typed_number_bits(s, f);
	uint64_t now = 0, mask = bits ? UINT64_MAX >> (64 - bits) : 0;
	if (!typed_read_number(s, f, (struct span){to.p, to.n, to.big}, &now))
		return too_small(p);
	if (p->pass == PASS_WRITE)
		return typed_write_number(s, f, &to, v);
	return p->pass != PASS_CHECK || !((now ^ v) & mask) || contradiction(p);
}

/* Extends where by a name or index; the length to restore afterwards. */
__attribute__((format(printf, 2, 3))) static size_t enter(
	struct value_parser *p, const char *fmt, ...)
{
	size_t n = strlen(p->where);
	va_list ap;
	va_start(ap, fmt);
	text_vadd(p->where, sizeof p->where, fmt, ap);
	va_end(ap);
	return n;
}

/* ---- members and elements ---- */

/* Spends one node; false if none is left. */
static bool spend(struct value_parser *p)
{
	return p->nodes && --p->nodes;
}

static bool find_member(struct value_parser *p, const struct typed_shape *s, struct typed_field f,
	const char *name, unsigned depth, struct typed_field *found)
{
	struct typed_field part;
	const char *other;
	for (uint32_t i = 0; spend(p) && typed_part(s, f, i, &other, &part); i++) {
		*found = part;
		if (*other && !strcmp(other, name))
			return true;
		if (*other || depth >= BTF_DEPTH)
			continue;
		struct typed_shape inner = typed_field_shape(p->at->btf, part);
		if (find_member(p, &inner, part, name, depth + 1, found))
			return true;
	}
	return false;
}

/* The names of all members, those of anonymous members included. */
static void list_members(struct value_parser *p, const struct typed_shape *s, unsigned depth,
	char names[static HINT_NAMES], struct suggestion *near)
{
	struct typed_field part;
	const char *name;
	for (uint32_t i = 0; spend(p) && typed_part(s, (struct typed_field){0}, i, &name, &part);
		i++) {
		suggest_consider(near, name);
		if (*name && strlen(names) < HINT_NAMES - 1)
			text_list(names, HINT_NAMES, "%s", name);
		if (*name || depth >= BTF_DEPTH)
			continue;
		struct typed_shape inner = typed_field_shape(p->at->btf, part);
		list_members(p, &inner, depth + 1, names, near);
	}
}

static bool no_member(
	struct value_parser *p, const struct typed_shape *s, const char *name, bool named)
{
	char names[HINT_NAMES] = "", spelled[NAME_MAX_TEXT];
	struct suggestion near = suggest_for(named ? name : "");
	bool section = s->t.kind == BTF_DATASEC;
	p->nodes = VALUE_NODES;
	list_members(p, s, 0, names, &near);
	btf_spell(p->at->btf, s->id, spelled, sizeof spelled);
	if (named)
		value_fail(
			p, ": %s has no %s '%s'", spelled, section ? "variable" : "member", name);
	else
		value_fail(p, " is a %s and expects MEMBER=VALUE,..., got '%s'",
			s->t.kind == BTF_UNION ? "union" : "struct", name);
	return suggest_hint(&near, "its members are", names, p->e);
}

/* "[2]": moves f to that element. */
static bool select_element(struct value_parser *p, struct typed_shape *s, struct typed_field *f)
{
	size_t n = strcspn(p->p, "]");
	struct value_number v;
	bool large;
	if (s->t.kind != BTF_ARRAY)
		return value_fail(p, " is no array: it has no element %.*s]",
			(int)(n < NAME_MAX_TEXT ? n : NAME_MAX_TEXT), p->p);
	uint64_t count = btf_array_len(&s->t), size = typed_shape(p->at->btf, s->t.type).size;
	if (!p->p[n] || !value_number(p->p + 1, n - 1, &v, &large))
		return value_fail(p, ": an element is written [NUMBER]");
	if (large || v.high || (v.negative && v.low) || v.low >= count) {
		value_fail(p, ": there is no element %.*s]",
			(int)(n < NAME_MAX_TEXT ? n : NAME_MAX_TEXT), p->p);
		return err_hint(p->e, "it has %" PRIu64 " elements, counted from 0", count);
	}
	enter(p, "[%" PRIu64 "]", v.low);
	*f = (struct typed_field){.type = s->t.type, .bit_off = f->bit_off + v.low * size * 8};
	p->p += n + 1;
	return true;
}

static bool select_member(struct value_parser *p, struct typed_shape *s, struct typed_field *f)
{
	char name[NAME_MAX_TEXT];
	size_t n = strcspn(p->p, "=.[,|)} ");
	size_t len = n < sizeof name ? n : sizeof name - 1;
	memcpy(name, p->p, len);
	name[len] = 0;
	struct typed_field found;
	p->nodes = VALUE_NODES;
	bool more = *(p->p + n + strspn(p->p + n, " ")) == '=' || p->p[n] == '.' || p->p[n] == '[';
	if (!btf_is_composite(&s->t) && s->t.kind != BTF_DATASEC)
		return value_fail(p, " is no struct: it has no member '%s'", name);
	if (!n || !find_member(p, s, *f, name, 0, &found)) {
		char word[VALUE_WORD];
		value_word_text(p, word);
		return no_member(p, s, more && n ? name : word, more && n);
	}
	*f = found;
	enter(p, "%s%s", *p->where ? "." : "", name);
	p->p += n;
	return true;
}

/* Follows "name", ".name" and "[index]" from f, up to what is none of them. */
static bool select_part(struct value_parser *p, struct typed_field *f, bool name)
{
	while (name || *p->p == '.' || *p->p == '[') {
		struct typed_shape s = typed_field_shape(p->at->btf, *f);
		bool element = *p->p == '[';
		p->p += *p->p == '.';
		if (element ? !select_element(p, &s, f) : !select_member(p, &s, f))
			return false;
		name = false;
	}
	return true;
}

/* "PATH = VALUE" */
static bool put_part(struct value_parser *p, struct typed_field f, bool name, unsigned depth)
{
	size_t where = strlen(p->where);
	if (!select_part(p, &f, name))
		return false;
	value_skip_blanks(p);
	if (*p->p != '=')
		return value_fail(p, " expects = and a value, got '%.40s'", p->p);
	p->p++;
	if (*p->stop)
		value_skip_blanks(p);
	if (!put(p, f, depth + 1))
		return false;
	p->where[where] = 0;
	return true;
}

/* ---- structs and unions ---- */

/* The n-th anonymous member of those that are shown as one: a struct in a struct is not. */
static bool find_anonymous(struct value_parser *p, const struct typed_shape *s,
	struct typed_field f, unsigned depth, uint32_t *n, struct typed_field *found)
{
	struct typed_field part;
	const char *name;
	for (uint32_t i = 0; spend(p) && typed_part(s, f, i, &name, &part); i++) {
		*found = part;
		if (*name)
			continue;
		struct typed_shape inner = typed_field_shape(p->at->btf, part);
		if (inner.kind == TYPED_KERNEL)
			continue;
		if (inner.kind != TYPED_STRUCT || s->kind != TYPED_STRUCT || depth >= BTF_DEPTH) {
			if (!(*n)--)
				return true;
		} else if (find_anonymous(p, &inner, part, depth + 1, n, found)) {
			return true;
		}
	}
	return false;
}

/* {a = 1, b = 2}, (a = 1 | b = 2), or without brackets a=1,b=2. An anonymous union or struct is a
 * value without a name; its members may also be named directly. */
static bool put_members(
	struct value_parser *p, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	char close = *p->p == '{'   ? '}'
	             : *p->p == '(' ? ')'
	                            : 0,
	     separator = close == ')' ? '|' : ',';
	const char *stop = p->stop;
	uint32_t anonymous = 0;
	if (!close && *stop) {
		char word[VALUE_WORD];
		value_word_text(p, word);
		return no_member(p, s, word, false);
	}
	p->stop = close == '}' ? ",}" : close ? "|)" : ",";
	p->p += close != 0;
	value_skip_blanks(p);
	for (bool more = !close || *p->p != close; more;) {
		bool unnamed = *p->p == '{' || *p->p == '(';
		uint32_t n = anonymous;
		struct typed_field part;
		p->nodes = VALUE_NODES;
		if (unnamed && !find_anonymous(p, s, f, 0, &n, &part))
			return no_member(p, s, p->p, false);
		anonymous += unnamed;
		if (unnamed ? !put(p, part, depth + 1) : !put_part(p, f, true, depth))
			return false;
		value_skip_blanks(p);
		more = *p->p == separator;
		p->p += more;
		value_skip_blanks(p);
	}
	if (*p->p != close) {
		missing(p, close ? close : ',');
		return err_hint(p->e, "text with blanks, commas or brackets belongs in quotes");
	}
	p->p += close != 0;
	p->stop = stop;
	return true;
}

/* ---- arrays ---- */

static bool wrong_count(const struct value_parser *p, uint64_t want)
{
	value_fail(p, " expects %" PRIu64 " elements", want);
	return err_hint(p->e, "write [VALUE, ...], VALUE (x3) for three equal ones, [INDEX]=VALUE "
			      "for one element");
}

/* [1, 2, 0 (x510)], or without brackets [1]=2,[7]=3. */
static bool put_array(
	struct value_parser *p, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	uint64_t size = typed_shape(p->at->btf, s->t.type).size;
	uint64_t n = size ? btf_array_len(&s->t) : 0, i = 0;
	const char *stop = p->stop;
	if (*p->p != '[')
		return wrong_count(p, n);
	p->p++;
	value_skip_blanks(p);
	p->stop = ",](";
	while (*p->p != ']') {
		const char *begin = p->p;
		uint64_t count = 1;
		for (uint64_t k = 0; k < count; k++, i++) {
			struct typed_field at = {
				.type = s->t.type, .bit_off = f.bit_off + i * size * 8};
			size_t where = enter(p, "[%" PRIu64 "]", i);
			p->p = begin;
			if (i >= n) {
				p->where[where] = 0;
				return wrong_count(p, n);
			}
			if (!put(p, at, depth + 1) || !value_repeat(p, &count))
				return false;
			p->where[where] = 0;
		}
		if (*p->p != ',' && *p->p != ']')
			return missing(p, ']');
		p->p += *p->p == ',';
		value_skip_blanks(p);
	}
	p->p++;
	p->stop = stop;
	return i == n || wrong_count(p, n);
}

/* Is it "[1]=2" or "[1].member=2" rather than "[1, 2]"? */
static bool is_element_path(const struct value_parser *p)
{
	size_t n = *p->p == '[' ? 1 + strspn(p->p + 1, "-0123456789abcdefABCDEFoxX") : 0;
	return n && !*p->stop && p->p[n] == ']' && p->p[n + 1] && strchr("=.[", p->p[n + 1]);
}

/* "[1]=2,[7]=3" */
static bool put_elements(struct value_parser *p, struct typed_field f, unsigned depth)
{
	const char *stop = p->stop;
	p->stop = ",";
	do {
		p->p += *p->p == ',';
		value_skip_blanks(p);
		if (!put_part(p, f, false, depth))
			return false;
	} while (*p->p == ',');
	p->stop = stop;
	return true;
}

/* ---- any type ---- */

static bool put_composite(
	struct value_parser *p, const struct typed_shape *s, struct typed_field f, unsigned depth)
{
	/* An address in a struct, such as struct in_addr. */
	bool address = s->kind == TYPED_IP4 || s->kind == TYPED_IP6 || s->kind == TYPED_IP;
	bool bare = !*p->stop && strchr(p->p, '=');
	if (address && *p->p != '{' && *p->p != '(' && !bare)
		return value_put_scalar(p, s, f);
	return put_members(p, s, f, depth);
}

static bool put(struct value_parser *p, struct typed_field f, unsigned depth)
{
	struct typed_shape s = typed_field_shape(p->at->btf, f);
	if (depth >= BTF_DEPTH)
		return value_fail(p, ": nested too deeply");
	if (s.kind == TYPED_NONE)
		return value_fail(p, ": values of kind %s cannot be set", btf_kind_name(s.t.kind));
	if (f.bit_off / 8 > p->at->room || (!f.bit_size && s.size > p->at->room - f.bit_off / 8))
		return too_small(p);
	if (s.kind == TYPED_KERNEL)
		return value_fail(p, ": only the kernel may access struct %s", btf_name(&s.t));
	if (btf_is_composite(&s.t) || s.kind == TYPED_SECTION)
		return put_composite(p, &s, f, depth);
	if (s.t.kind != BTF_ARRAY || s.kind == TYPED_IP6 || s.kind == TYPED_IP ||
		s.kind == TYPED_IP4)
		return value_put_scalar(p, &s, f);
	if (is_element_path(p))
		return put_elements(p, f, depth);
	if (s.kind == TYPED_STRING)
		return value_put_text(p, &s, f);
	return s.kind == TYPED_BYTES ? value_put_bytes(p, &s, f) : put_array(p, &s, f, depth);
}

/* Parses all of text in each pass: a value, or, if assigned, PATH=VALUE. */
static bool parse(const struct value *at, const char *text, bool assigned, struct err *e)
{
	for (enum value_pass pass = PASS_SYNTAX; pass < PASSES; pass++) {
		struct value_parser p = {.at = at, .e = e, .p = text, .stop = "", .pass = pass};
		struct typed_field whole = {.type = at->type};
		bool ok = !at->btf || !at->type ? value_put_untyped(&p)
		          : assigned            ? put_part(&p, whole, false, 0)
		                                : put(&p, whole, 0);
		if (!ok)
			return false;
		value_skip_blanks(&p);
		if (*p.p)
			return value_fail(&p, ": unexpected '%.40s' after the value", p.p);
	}
	return true;
}

bool value_put(const struct value *at, const char *text, struct err *e)
{
	return parse(at, text, false, e);
}

bool value_assign(const struct value *at, const char *text, struct err *e)
{
	return parse(at, text, true, e);
}
