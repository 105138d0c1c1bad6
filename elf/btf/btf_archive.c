/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_archive.h"

#include "elf/base/gzip.h"
#include "elf/base/text.h"
#include "elf/base/unlz.h"

enum { MAGIC = 8, LIST_SIZE = 600 };

bool btf_archive_is(struct span file)
{
	return file.n >= MAGIC && !memcmp(file.p, BTF_ARCHIVE_MAGIC, MAGIC);
}

static bool check_rows(const struct btf_archive *ar, struct err *e)
{
	for (uint32_t i = 0; i < ar->n; i++) {
		struct btf_archive_row row = btf_archive_row(ar, i);
		if (!row.release || !row.machine || !row.types.n)
			return err_set(e, "the archive is corrupt: kernel %u", i);
	}
	return true;
}

bool btf_archive_open(struct btf_archive *ar, struct span file, struct arena *a, struct err *e)
{
	file.big = false;
	if (!span_has(file, 0, BTF_ARCHIVE_HEAD))
		return err_set(e, "the archive is truncated");
	uint32_t version = span_u32(file, MAGIC), size = span_u32(file, MAGIC + 4);
	if (version != BTF_ARCHIVE_VERSION)
		return err_set(
			e, "archive of version %u, expected %d", version, BTF_ARCHIVE_VERSION);
	if (size > BTF_ARCHIVE_MAX)
		return err_set(e, "the content of the archive, %u bytes, is too large", size);
	uint8_t *content = arena_alloc(a, size);
	if (!content)
		return err_nomem(e);
	if (!unlz(span_from(file, BTF_ARCHIVE_HEAD), content, size) ||
		gzip_crc(content, size) != span_u32(file, MAGIC + 8))
		return err_set(e, "the archive is corrupt");
	ar->content = (struct span){content, size, false};
	ar->n = span_u32(ar->content, 0);
	if (!span_has(ar->content, 4, (uint64_t)ar->n * BTF_ARCHIVE_ROW))
		return err_set(e, "the archive is corrupt: %u kernels", ar->n);
	return check_rows(ar, e);
}

struct btf_archive_row btf_archive_row(const struct btf_archive *ar, uint32_t i)
{
	struct span s = ar->content;
	uint64_t at = 4 + (uint64_t)i * BTF_ARCHIVE_ROW;
	return (struct btf_archive_row){span_str(s, span_u32(s, at)),
		span_str(s, span_u32(s, at + 4)),
		span_sub(s, span_u32(s, at + 8), span_u32(s, at + 12))};
}

bool btf_archive_find(const struct btf_archive *ar, const char *release, const char *machine,
	struct span *types, struct err *e)
{
	char names[LIST_SIZE] = "";
	uint32_t listed = 0;
	for (uint32_t i = 0; i < ar->n; i++) {
		struct btf_archive_row row = btf_archive_row(ar, i);
		if (!strcmp(row.release, release) && !strcmp(row.machine, machine)) {
			*types = row.types;
			return true;
		}
		if (strlen(names) + strlen(row.release) + strlen(row.machine) < LIST_SIZE - 10) {
			text_list(names, sizeof names, "%s (%s)", row.release, row.machine);
			listed++;
		}
	}
	err_hint(e, "it has those of %s%s", *names ? names : "no kernel",
		listed < ar->n ? ", ..." : "");
	return err_set(e, "the archive has no types of Linux %s (%s)", release, machine);
}
