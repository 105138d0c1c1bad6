/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "diagnostics_impl.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "elf/link/ctx_use.h"

#include <inttypes.h>

enum {
	FORMAT_MAX = 16384, /* of a format file of tracefs */
	FIELDS_MAX = 64,
};

struct field {
	uint32_t off, size;
	char name[40];
};

struct record {
	struct field fields[FIELDS_MAX];
	size_t n, common;           /* the first `common` fields are in every record */
	uint32_t end;               /* of the last field; strings follow */
	bool mismatch;              /* a load of `size` bytes at `off` does not fit the fields: */
	const struct field *actual; /* the field there, NULL if there is none */
	int32_t off;
	uint32_t size;
};

static bool number_after(const char *line, const char *word, uint32_t *n)
{
	const char *p = strstr(line, word);
	if (!p)
		return false;
	*n = (uint32_t)text_ulong(p + strlen(word), NULL, 10);
	return true;
}

/* "	field:unsigned short common_type;	offset:0;	size:2;	signed:0;" */
static void read_field(struct record *rec, const char *line)
{
	struct field *f = &rec->fields[rec->n];
	const char *end = strchr(line, ';');
	if (rec->n == FIELDS_MAX || !strstr(line, "field:") || !end ||
		!number_after(line, "offset:", &f->off) || !number_after(line, "size:", &f->size))
		return;
	const char *bracket = memchr(line, '[', (size_t)(end - line));
	end = bracket ? bracket : end;
	const char *name = end;
	while (name > line && name[-1] != ' ' && name[-1] != '*' && name[-1] != ':')
		name--;
	text_print(f->name, sizeof f->name, "%.*s", (int)(end - name), name);
	rec->n++;
	rec->end = f->off + f->size > rec->end ? f->off + f->size : rec->end;
	rec->common += !strncmp(f->name, "common_", 7);
}

static void read_format(struct record *rec, char *text)
{
	for (char *line = text; *line;) {
		char *end = line + strcspn(line, "\n");
		bool more = *end;
		*end = 0;
		read_field(rec, line);
		line = end + more;
	}
}

/*
 * A load is valid if it begins in a field and does not extend into another one; it may include
 * padding. In the common fields, it must be inside of one.
 */
static bool check_load(void *ctx, int32_t off, uint32_t size)
{
	struct record *rec = ctx;
	uint32_t begin = (uint32_t)off, end = begin + size;
	const struct field *first = NULL;
	unsigned touched = 0;
	bool inside = false;
	for (size_t i = 0; i < rec->n; i++) {
		const struct field *f = &rec->fields[i];
		if (begin >= f->off + f->size || end <= f->off)
			continue;
		first = first ? first : f;
		touched++;
		inside |= begin >= f->off && (end <= f->off + f->size || i >= rec->common);
	}
	if ((touched == 1 && inside) || (!touched && begin >= rec->end))
		return true;
	rec->mismatch = true;
	rec->actual = first;
	rec->off = off;
	rec->size = size;
	return false;
}

static bool found(void *ctx, int32_t off, uint32_t size)
{
	(void)off, (void)size;
	*(bool *)ctx = true;
	return false;
}

static void say_record(
	const struct diagnostics *d, const struct plan_prog *prog, const struct record *rec)
{
	char here[96] = "nothing";
	if (rec->actual)
		text_print(here, sizeof here, "'%s' (%" PRIu32 " bytes at %" PRIu32 ")",
			rec->actual->name, rec->actual->size, rec->actual->off);
	diagnostics_say(d,
		"program '%s' (%s) reads %" PRIu32 " bytes at offset %" PRId32
		" of the record, where this kernel has %s: it was compiled for another layout and "
		"gets wrong values; use the struct from vmlinux.h (CO-RE)",
		prog->name, prog->sec, rec->size, rec->off, here);
}

void diagnose_record(const struct diagnostics *d, const struct plan_prog *prog)
{
	char path[160];
	struct arena scratch = {0};
	const struct plan_blob *code = diagnostics_code(d->x->plan, prog);
	const char *target = strchr(prog->sec, '/');
	bool reads = false;
	ctxuse_each(code->bytes, code->size / 8, d->x->plan->big, found, &reads);
	if (!reads || !target)
		return;
	struct record *rec = arena_alloc(&scratch, sizeof *rec);
	char *text = arena_alloc(&scratch, FORMAT_MAX);
	text_print(path, sizeof path, "events%s/format", target);
	if (rec && text && kfs_read_text(d->x->kfs, KFS_TRACE, path, text, FORMAT_MAX) > 0) {
		read_format(rec, text);
		ctxuse_each(code->bytes, code->size / 8, d->x->plan->big, check_load, rec);
		if (rec->mismatch)
			say_record(d, prog, rec);
	}
	arena_free(&scratch);
}
