/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "event_format.h"

#include "elf/base/number.h"

enum {
	TEXT_SIZE_MAX = 1 << 16, /* of a format file */
	NUMBER_DIGITS = 10,
	RECORD_MAX = 1 << 20, /* bytes; a record of the kernel fits into a page */
	LINE_MAX = 512,
};

static const char common[] = "common_";

/* ---- reading ---- */

/* The value of "NAME:123;" in a line, which ends with NUL; false if it is missing or too large. */
static bool number_in(const char *line, const char *name, uint32_t *out)
{
	const char *p = strstr(line, name);
	char *end;
	if (!p)
		return false;
	p += strlen(name);
	unsigned long n = text_ulong(p, &end, 10);
	*out = (uint32_t)n;
	return *p >= '0' && *p <= '9' && *end == ';' && end - p <= NUMBER_DIGITS && n <= RECORD_MAX;
}

static size_t trimmed(const char *s, size_t n)
{
	while (n && s[n - 1] == ' ')
		n--;
	return n;
}

static bool is_word(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static bool begins(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

/* Bytes of an element whose type has this name; 1 if it is unknown, so that there are as many as bytes. */
static uint32_t element_size(const char *type, unsigned word)
{
	static const struct {
		const char *name;
		uint8_t size; /* 0: a word */
	} types[] = {{"unsigned long long", 8}, {"long long", 8}, {"unsigned long", 0}, {"long", 0},
		{"size_t", 0}, {"unsigned int", 4}, {"int", 4}, {"unsigned short", 2}, {"short", 2},
		{"u64", 8}, {"__u64", 8}, {"s64", 8}, {"__s64", 8}, {"u32", 4}, {"__u32", 4},
		{"s32", 4}, {"__s32", 4}, {"__be32", 4}, {"__le32", 4}, {"u16", 2}, {"__u16", 2},
		{"s16", 2}, {"__s16", 2}, {"__be16", 2}, {"__le16", 2}};
	if (strchr(type, '*'))
		return word;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(type, types[i].name))
			return types[i].size ? types[i].size : word;
	return 1;
}

/* The number of elements that "[16]" tells, or the size if it is the name of a constant. */
static void read_length(struct event_field *f, const char *bracket, unsigned word)
{
	char *end;
	unsigned long n = text_ulong(bracket + 1, &end, 10);
	if (end == bracket + 1 || *end != ']' || end[1] == '[' || !n || f->size % n)
		n = f->size / element_size(f->type, word);
	f->n = n ? (uint32_t)n : 1;
}

/* Splits "unsigned long args[6]", or "__data_loc char[] name", of n bytes. */
static bool read_declaration(
	struct event_field *f, const char *text, size_t n, unsigned word, struct arena *a)
{
	static const char *const locations[] = {"__data_loc ", "__rel_loc "};
	const char *bracket = memchr(text, '[', n);
	size_t end = n, start, prefix = 0;
	for (size_t i = 0; i < sizeof locations / sizeof *locations; i++)
		if (begins(text, locations[i])) {
			bracket = NULL;
			prefix = strlen(locations[i]) - 1;
		}
	if (bracket)
		end = trimmed(text, (size_t)(bracket - text));
	for (start = end; start && is_word(text[start - 1]); start--)
		;
	size_t type = trimmed(text, start);
	if (start == end || !type)
		return false;
	f->common = begins(text + start, common);
	if (f->common)
		start += sizeof common - 1;
	f->name = prefix ? arena_printf(a, "%.*s_%.*s", (int)prefix, text, (int)(end - start),
				   text + start)
	                 : arena_strndup(a, text + start, end - start);
	f->type = prefix ? "unsigned int" : arena_strndup(a, text, type);
	if (bracket && f->type)
		read_length(f, bracket, word);
	return true;
}

/* A line that describes a field; false if it is malformed. */
static bool read_field(struct event_field *f, const char *line, unsigned word, struct arena *a)
{
	const char *text = strstr(line, "field:") + strlen("field:"), *end = strchr(text, ';');
	uint32_t is_signed;
	*f = (struct event_field){0};
	bool ok = end && number_in(end, "offset:", &f->offset) &&
	          number_in(end, "size:", &f->size) && number_in(end, "signed:", &is_signed);
	f->is_signed = ok && is_signed;
	return ok && read_declaration(f, text, (size_t)(end - text), word, a);
}

/* Copies the line at *at to buf, cut; false at the end. */
static bool next_line(struct span text, size_t *at, char buf[LINE_MAX])
{
	if (*at >= text.n)
		return false;
	const uint8_t *p = text.p + *at, *end = memchr(p, '\n', text.n - *at);
	size_t n = end ? (size_t)(end - p) : text.n - *at;
	*at += n + 1;
	n = n < LINE_MAX ? n : LINE_MAX - 1;
	memcpy(buf, p, n);
	buf[n] = 0;
	return true;
}

bool event_format_read(
	struct event_format *f, struct span text, unsigned word, struct arena *a, struct err *e)
{
	char line[LINE_MAX];
	size_t room = 0, at = 0;
	*f = (struct event_format){0};
	if (text.n > TEXT_SIZE_MAX)
		return err_set(e, "the format of a tracepoint has %zu bytes, more than %d", text.n,
			TEXT_SIZE_MAX);
	for (unsigned number = 1; next_line(text, &at, line); number++) {
		if (begins(line, "print fmt:"))
			break;
		if (!strstr(line, "field:"))
			continue;
		struct event_field *fields = arena_grow(a, f->fields, f->n, &room, sizeof *fields);
		if (!fields)
			return err_nomem(e);
		f->fields = fields;
		if (!read_field(&fields[f->n], line, word, a))
			return err_set(
				e, "line %u is not a field of a tracepoint: %.60s", number, line);
		f->n++;
	}
	if (a->full)
		return err_nomem(e);
	return f->n || err_set(e, "not the format of a tracepoint: it has no fields");
}

bool event_format_has(const struct event_format *f, const char *member)
{
	if (!strcmp(member, "ent") || !strcmp(member, "__data"))
		return true;
	for (size_t i = 0; i < f->n; i++)
		if (!f->fields[i].common && !strcmp(f->fields[i].name, member))
			return true;
	return false;
}

void event_format_syscall(struct event_format *f, unsigned word)
{
	size_t kept = 0;
	struct event_field *args = NULL;
	for (size_t i = 0; i < f->n; i++) {
		struct event_field *x = &f->fields[i];
		if (args) {
			args->n++;
			args->size += word;
			continue;
		}
		f->fields[kept] = *x;
		x = &f->fields[kept++];
		if (x->common || !strcmp(x->name, "ret"))
			continue;
		if (!strcmp(x->name, "__syscall_nr") || !strcmp(x->name, "nr")) {
			x->name = "nr";
			continue;
		}
		*x = (struct event_field){.type = "unsigned long",
			.name = "args",
			.offset = x->offset,
			.size = word,
			.n = 1};
		args = x;
	}
	f->n = kept;
}

/* ---- types ---- */

static bool is_scalar(uint32_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/*
 * The type of a field, or of its elements. Of structs and enums only the size is known: they have no name,
 * so that nothing is looked for in them.
 */
static uint32_t add_type(
	const struct event_field *f, uint32_t size, unsigned word, struct btf_append *to)
{
	const char *type = f->type + (begins(f->type, "const ") ? sizeof "const" : 0);
	if (strchr(type, '*') && size == word)
		return btf_append_type(to, BTF_PTR, "", 0, false, 0);
	if (begins(type, "enum ") && is_scalar(size))
		return btf_append_type(to, BTF_ENUM, "", 0, f->is_signed, size);
	if (!is_scalar(size) || begins(type, "struct ") || begins(type, "union "))
		return btf_append_type(to, BTF_STRUCT, "", 0, false, size);
	return btf_append_int(to, type, size, f->is_signed ? BTF_INT_SIGNED : 0);
}

static uint32_t add_field_type(const struct event_field *f, unsigned word, struct btf_append *to)
{
	if (!f->n)
		return add_type(f, f->size, word, to);
	return btf_append_array(to, add_type(f, f->size / f->n, word, to), f->n);
}

/* The end of the last of the fields, and with align set that of the struct. */
static uint32_t end_of(const struct event_format *f, bool of_entry, bool align)
{
	uint32_t end = 0, most = 4;
	for (size_t i = 0; i < f->n; i++) {
		const struct event_field *x = &f->fields[i];
		uint32_t size = x->n ? x->size / x->n : x->size;
		if (of_entry && !x->common)
			continue;
		end = x->offset + x->size > end ? x->offset + x->size : end;
		most = size == 8 ? 8 : most;
	}
	return align ? (end + most - 1) / most * most : end;
}

uint32_t event_format_entry(const struct event_format *f, struct btf_append *to)
{
	uint32_t *types = arena_array(to->arena, f->n, sizeof *types), n = 0;
	if (!types) {
		to->failed = true;
		return 0;
	}
	for (size_t i = 0; i < f->n; i++)
		if (f->fields[i].common)
			types[n++] = add_field_type(&f->fields[i], 0, to);
	uint32_t id =
		btf_append_type(to, BTF_STRUCT, "trace_entry", n, false, end_of(f, true, true));
	n = 0;
	for (size_t i = 0; i < f->n; i++)
		if (f->fields[i].common)
			btf_append_member(
				to, f->fields[i].name, types[n++], f->fields[i].offset * 8);
	return id;
}

void event_format_struct(const struct event_format *f, const char *name, uint32_t entry,
	unsigned word, struct btf_append *to)
{
	uint32_t *types = arena_array(to->arena, f->n, sizeof *types), n = 0;
	if (!types) {
		to->failed = true;
		return;
	}
	for (size_t i = 0; i < f->n; i++)
		if (!f->fields[i].common)
			types[n++] = add_field_type(&f->fields[i], word, to);
	uint32_t data = btf_append_array(to, btf_append_int(to, "char", 1, BTF_INT_SIGNED), 0);
	btf_append_type(to, BTF_STRUCT, name, n + 2, false, end_of(f, false, true));
	btf_append_member(to, "ent", entry, 0);
	n = 0;
	for (size_t i = 0; i < f->n; i++)
		if (!f->fields[i].common)
			btf_append_member(
				to, f->fields[i].name, types[n++], f->fields[i].offset * 8);
	btf_append_member(to, "__data", data, end_of(f, false, false) * 8);
}
