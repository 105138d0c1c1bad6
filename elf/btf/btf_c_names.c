/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_c_impl.h"

#include "elf/base/format.h"
#include "elf/base/text.h"

#include <ctype.h>
#include <stdarg.h>

/* ---- text ---- */

bool(c_fail)(struct c_writer *w, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	text_vprint(text, sizeof text, fmt, ap);
	va_end(ap);
	return err_set(w->err, "%s", text);
}

static void write_text(struct c_writer *w, const char *text, size_t n)
{
	if (w->err->set)
		return;
	w->written += n;
	if (w->written > w->most) {
		c_fail(w, "nested types expand to more than %llu MB of C",
			(unsigned long long)w->most >> 20);
		return;
	}
	for (size_t i = 0; i < n; i++)
		w->column = text[i] == '\n'   ? 0
		            : text[i] == '\t' ? (w->column | 7) + 1
		                              : w->column + 1;
	w->out.write(w->out.ctx, text, n);
}

void c_text(struct c_writer *w, const char *text)
{
	write_text(w, text, strlen(text));
}

void c_printf(struct c_writer *w, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	text_vprint(text, sizeof text, fmt, ap);
	va_end(ap);
	c_text(w, text);
}

/* Replaces characters that are invalid in C. */
static char clean(char c)
{
	bool known = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	return known ? c : '_';
}

void c_word(struct c_writer *w, const char *name, uint32_t version)
{
	char piece[64];
	if (isdigit((unsigned char)*name))
		c_text(w, "_");
	while (*name) {
		size_t n = 0;
		for (; *name && n < sizeof piece; n++)
			piece[n] = clean(*name++);
		write_text(w, piece, n);
	}
	if (version > 1)
		c_printf(w, "___%u", (unsigned)version);
}

void c_comment_text(struct c_writer *w, const char *text)
{
	for (; *text; text++) {
		bool plain = *text > ' ' && *text < 0x7f && *text != '*';
		write_text(w, plain ? text : "_", 1);
	}
}

/* ---- names ---- */

static bool same(const char *a, const char *b)
{
	while (*a && *b && clean(*a) == clean(*b))
		a++, b++;
	return !*a && !*b;
}

/* The slot of a name, or a free one. There always is one. */
static struct c_name *find(const struct c_writer *w, enum c_space space, const char *name)
{
	uint32_t hash = TEXT_HASH + space;
	for (const char *p = name; *p; p++)
		hash = text_hash(hash, clean(*p));
	for (size_t i = hash ^ hash >> 15;; i++) {
		struct c_name *n = &w->names[i & (w->n_names - 1)];
		if (!n->name || (n->space == space && same(n->name, name)))
			return n;
	}
}

static struct c_name *add(const struct c_writer *w, enum c_space space, const char *name)
{
	struct c_name *n = find(w, space, name);
	if (!n->name)
		*n = (struct c_name){.name = name, .space = (uint8_t)space};
	n->count++;
	return n;
}

uint32_t c_names_add(struct c_writer *w, enum c_space space, const char *name)
{
	return w->names ? add(w, space, name)->count : 1;
}

bool c_is_foreign(const struct btf_type *t)
{
	static const char *const words[] = {"char", "int", "unsigned", "long", "signed", "short",
		"_Bool", "float", "double", "__int128"};
	const char *p = btf_name(t);
	if (!btf_kind_in(t->kind, BTF_BASICS))
		return false;
	while (*p) {
		size_t n = strcspn(p, " "), i = 0;
		while (i < sizeof words / sizeof *words &&
			(strlen(words[i]) != n || strncmp(words[i], p, n) != 0))
			i++;
		if (!n || i == sizeof words / sizeof *words)
			return true;
		p += n + (p[n] == ' ');
	}
	return !*btf_name(t);
}

/* Kinds whose names appear in C. */
enum { NAMED = BTF_VALUES | 1u << BTF_TYPEDEF };

/* The maximum number of names in a blob: its types and enumerators. */
static uint64_t count_names(const struct btf *b)
{
	struct btf_type t = {0};
	uint64_t n = 0;
	while (btf_next_in(b, &t, NAMED | 1u << BTF_FWD))
		n += 1 + (btf_is_enum(&t) ? t.vlen : 0);
	return n;
}

static void name_types(struct c_writer *w, const struct btf *b)
{
	struct btf_type t = {0};
	while (btf_next_in(b, &t, NAMED)) {
		bool tag = btf_kind_in(t.kind, BTF_COMPOSITES | BTF_ENUMS);
		if ((btf_kind_in(t.kind, BTF_BASICS) && !c_is_foreign(&t)) || !*btf_name(&t))
			continue;
		struct c_name *n = add(w, tag ? C_TAGS : C_WORDS, btf_name(&t));
		w->version[t.id] = n->count;
		if (btf_is_composite(&t) && !n->id[t.kind == BTF_UNION])
			n->id[t.kind == BTF_UNION] = t.id;
	}
}

/* Runs after name_types(), which names complete types. */
static void name_forwards(struct c_writer *w, const struct btf *b)
{
	struct btf_type t = {0};
	while (btf_next_in(b, &t, 1u << BTF_FWD)) {
		struct c_name *n = *btf_name(&t) ? find(w, C_TAGS, btf_name(&t)) : NULL;
		if (!n || (n->name && n->id[t.kflag]))
			continue;
		n = add(w, C_TAGS, btf_name(&t));
		w->version[t.id] = n->count;
		n->id[t.kflag] = t.id;
	}
}

uint32_t c_resolve_fwd(const struct c_writer *w, const struct btf_type *fwd)
{
	if (!w->names || !*btf_name(fwd))
		return fwd->id;
	return find(w, C_TAGS, btf_name(fwd))->id[fwd->kflag];
}

bool c_names_open(struct c_writer *w)
{
	uint64_t n = 0;
	for (const struct btf *b = w->b; b; b = b->base)
		n += count_names(b);
	for (w->n_names = 16; w->n_names < n * 2; w->n_names *= 2)
		;
	w->names = arena_array(w->arena, w->n_names, sizeof *w->names);
	w->version = arena_array(w->arena, w->b->end, sizeof *w->version);
	if (!w->names || !w->version)
		return err_nomem(w->err);
	/* The base first: the names of its types have no suffix there. */
	const struct btf *bases[BTF_DEPTH];
	unsigned n_bases = 0;
	for (const struct btf *b = w->b; b && n_bases < BTF_DEPTH; b = b->base)
		bases[n_bases++] = b;
	for (unsigned i = n_bases; i--;)
		name_types(w, bases[i]);
	for (unsigned i = n_bases; i--;)
		name_forwards(w, bases[i]);
	return true;
}
