/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "source_line.h"
#include "elf/base/format.h"

#include "loader/plan/abi.h"

#include <inttypes.h>
#include <stdio.h>

enum { AT_INSN = 0, AT_FILE = 4, AT_LINE = 8, AT_NUMBER = 12, RECORD = 16, COLUMN_BITS = 10 };

/* The line_info of a BPF_PROG_LOAD step; without p if it has none. */
static struct span line_info(const struct plan *p, const struct plan_step *s, uint32_t *size)
{
	struct abi_field field, rec;
	const struct plan_blob *attr = &p->blobs[s->attr];
	if (!abi_field_by_name(s->cmd, "line_info", &field) ||
		!abi_field_by_name(s->cmd, "line_info_rec_size", &rec))
		return (struct span){0};
	*size = (uint32_t)span_uint((struct span){attr->bytes, attr->size, p->big}, rec.offset, 4);
	for (size_t i = 0; i < attr->n_patches; i++) {
		const struct plan_blob *b = &p->blobs[attr->patches[i].index];
		if (attr->patches[i].at == field.offset && attr->patches[i].what == PATCH_BLOB)
			return (struct span){b->bytes, b->bytes ? b->size : 0, p->big};
	}
	return (struct span){0};
}

/* The last record at or before an instruction. Skips line 0, which marks code of the compiler. */
static bool find_record(struct span info, uint32_t size, uint32_t insn, size_t *found)
{
	bool any = false;
	for (size_t at = 0; size >= RECORD && span_has(info, at, RECORD); at += size)
		if (span_u32(info, at + AT_INSN) <= insn &&
			span_u32(info, at + AT_NUMBER) >> COLUMN_BITS) {
			*found = at;
			any = true;
		}
	return any;
}

bool source_line_text(const struct btf *btf, struct span record, char *buf, size_t size)
{
	const char *line = btf_str(btf, span_u32(record, AT_LINE));
	const char *file = btf_str(btf, span_u32(record, AT_FILE));
	const char *slash = strrchr(file, '/');
	uint32_t number = span_u32(record, AT_NUMBER) >> COLUMN_BITS;
	text_print(buf, size, "%s @ %s:%" PRIu32, line + strspn(line, " \t"),
		slash ? slash + 1 : file, number);
	return number != 0;
}

bool source_line(const struct plan *p, int16_t prog, uint32_t insn, char *buf, size_t size)
{
	struct arena scratch = {0};
	struct btf btf;
	struct err e = {0};
	struct span info = {0};
	uint32_t rec_size = 0;
	size_t at;
	for (size_t i = 0; i < p->n_steps && !info.p; i++)
		if (p->steps[i].op == STEP_BPF && p->steps[i].cmd == BPF_PROG_LOAD &&
			p->steps[i].prog == prog)
			info = line_info(p, &p->steps[i], &rec_size);
	bool ok = p->btf.n && find_record(info, rec_size, insn, &at) &&
	          btf_open(&btf, p->btf, NULL, &scratch, &e);
	ok = ok && source_line_text(&btf, span_sub(info, at, RECORD), buf, size);
	arena_free(&scratch);
	return ok;
}
