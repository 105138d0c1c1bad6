/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "type_archive.h"

#include "lz.h"

#include "elf/base/gzip.h"

void type_archive_begin(struct type_archive *w, struct arena *a)
{
	*w = (struct type_archive){.arena = a};
}

bool type_archive_add(struct type_archive *w, const struct btf_archive_row *row, struct err *e)
{
	for (size_t i = 0; i < w->n; i++)
		if (!strcmp(w->rows[i].release, row->release) &&
			!strcmp(w->rows[i].machine, row->machine))
			return err_set(
				e, "Linux %s (%s) is there twice", row->release, row->machine);
	struct btf_archive_row *rows = arena_grow(w->arena, w->rows, w->n, &w->room, sizeof *rows);
	if (!rows)
		return err_nomem(e);
	w->rows = rows;
	rows[w->n++] = *row;
	return true;
}

/* The content before compression. */
static void put_content(const struct type_archive *w, struct flat *f)
{
	flat_put(f, 4, w->n);
	for (size_t i = 0; i < w->n * (BTF_ARCHIVE_ROW / 4); i++)
		flat_put(f, 4, 0);
	for (size_t i = 0; i < w->n; i++) {
		const struct btf_archive_row *row = &w->rows[i];
		const uint32_t words[] = {flat_text(f, row->release), flat_text(f, row->machine),
			flat_add(f, row->types.p, row->types.n, 1, FLAT_SHARED, false),
			(uint32_t)row->types.n};
		for (size_t k = 0; k < sizeof words / sizeof *words && !f->failed; k++)
			bytes_put(f->p + 4 + i * BTF_ARCHIVE_ROW + k * 4, 4, false, words[k]);
	}
}

struct span type_archive_end(struct type_archive *w, struct err *e)
{
	struct flat content = {.arena = w->arena}, file = {.arena = w->arena};
	size_t size = 0;
	for (size_t i = 0; i < w->n; i++)
		size += w->rows[i].types.n;
	if (size <= BTF_ARCHIVE_MAX)
		put_content(w, &content);
	if (size > BTF_ARCHIVE_MAX || content.n > BTF_ARCHIVE_MAX) {
		err_set(e, "the archive would have more than %d bytes", (int)BTF_ARCHIVE_MAX);
		return (struct span){0};
	}
	flat_bytes(&file, BTF_ARCHIVE_MAGIC, sizeof BTF_ARCHIVE_MAGIC - 1);
	flat_put(&file, 4, BTF_ARCHIVE_VERSION);
	flat_put(&file, 4, content.n);
	flat_put(&file, 4, content.failed ? 0 : gzip_crc(content.p, content.n));
	flat_put(&file, 4, 0);
	if (!content.failed)
		lz_pack(&file, content.p, content.n);
	if (content.failed || file.failed) {
		err_nomem(e);
		return (struct span){0};
	}
	return (struct span){file.p, file.n, false};
}
