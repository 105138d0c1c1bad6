/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The layout of .BTF.ext: a header like that of BTF, with offset (from its end) and length of three
 * lists. A list is a u32 record size, followed for each ELF section by u32 name (string offset in
 * .BTF), u32 number of records, and the records.
 */
#include "btf.h"

enum { HEADER = 24, SECTION = 8 };

static const struct {
	const char *name;
	unsigned field;    /* of offset and length in the header */
	unsigned rec_size; /* minimum */
} lists[BTF_EXT_LISTS] = {
	[BTF_EXT_FUNC] = {"function", 8, 8},
	[BTF_EXT_LINE] = {"line", 16, 16},
	[BTF_EXT_CORE] = {"CO-RE", 24, 16},
};

/* The next ELF section of a list from *pos: its name and records. False at the end, and if the list
 * is malformed; *pos is not at the end then. */
static bool next_section(
	struct span list, uint32_t rec_size, uint64_t *pos, uint32_t *name, struct span *records)
{
	if (!span_has(list, *pos, SECTION))
		return false;
	uint64_t bytes = (uint64_t)span_u32(list, *pos + 4) * rec_size;
	if (!span_has(list, *pos + SECTION, bytes))
		return false;
	*name = span_u32(list, *pos);
	*records = span_sub(list, *pos + SECTION, bytes);
	*pos += SECTION + bytes;
	return true;
}

static bool open_list(struct btf_ext *x, enum btf_ext_what what, struct span body, uint32_t off,
	uint32_t len, struct err *e)
{
	if (!len)
		return true;
	struct span list = span_sub(body, off, len);
	if (!list.n)
		return err_set(e, "the %s list of .BTF.ext is out of bounds: %u bytes at %u of %zu",
			lists[what].name, len, off, body.n);
	uint32_t rec_size = span_u32(list, 0);
	if (rec_size < lists[what].rec_size || rec_size % 4)
		return err_set(e,
			"the %s list of .BTF.ext has records of %u bytes, expected a multiple "
			"of 4 not less than %u",
			lists[what].name, rec_size, lists[what].rec_size);
	struct span records, sections = span_from(list, 4);
	uint64_t pos = 0;
	for (uint32_t name; next_section(sections, rec_size, &pos, &name, &records);)
		;
	if (pos != sections.n)
		return err_set(e, "the %s list of .BTF.ext is truncated at byte %llu of %zu",
			lists[what].name, (unsigned long long)pos, sections.n);
	x->list[what] = sections;
	x->rec_size[what] = rec_size;
	return true;
}

bool btf_ext_open(struct btf_ext *x, struct span data, struct err *e)
{
	*x = (struct btf_ext){0};
	data.big = false;
	if (span_u16(data, 0) != BTF_MAGIC)
		data.big = true;
	if (data.n < HEADER || span_u16(data, 0) != BTF_MAGIC)
		return err_set(e, ".BTF.ext has no valid header (%zu bytes)", data.n);
	if (span_u8(data, 2) != BTF_VERSION)
		return err_set(e, "unsupported .BTF.ext version %u, expected %d", span_u8(data, 2),
			BTF_VERSION);
	uint32_t header = span_u32(data, 4);
	if (header < HEADER || header > data.n)
		return err_set(e, "invalid .BTF.ext header length %u, expected %d to %zu", header,
			HEADER, data.n);
	for (unsigned i = 0; i < BTF_EXT_LISTS; i++) {
		uint32_t off = 0, len = 0;
		if (lists[i].field + 8 <= header) { /* the CO-RE list was added in clang 10 */
			off = span_u32(data, lists[i].field);
			len = span_u32(data, lists[i].field + 4);
		}
		if (!open_list(x, i, span_from(data, header), off, len, e))
			return false;
	}
	return true;
}

bool btf_ext_next(const struct btf_ext *x, enum btf_ext_what what, uint64_t *pos, uint32_t *name,
	struct span *records)
{
	return next_section(x->list[what], x->rec_size[what], pos, name, records);
}

struct span btf_ext_section(const struct btf_ext *x, enum btf_ext_what what, const struct btf *b,
	const char *section, uint32_t *rec_size)
{
	struct span list = x->list[what], records;
	uint64_t pos = 0;
	*rec_size = x->rec_size[what];
	for (uint32_t name; next_section(list, *rec_size, &pos, &name, &records);)
		if (!strcmp(btf_str(b, name), section))
			return records;
	return span_sub(list, 0, 0);
}
