/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_text_impl.h"

#include "elf/base/text.h"

#include "loader/plan/abi.h"

#include <stdio.h>
#include <string.h>

const struct plan_patch *patch_at(const struct plan_blob *b, uint32_t at)
{
	for (size_t i = 0; i < b->n_patches; i++)
		if (b->patches[i].at == at)
			return &b->patches[i];
	return NULL;
}

struct host_attr host_attr(const struct plan *p, unsigned layout, const struct plan_blob *attr)
{
	struct host_attr h = {.size = attr->size < sizeof h.bytes ? attr->size : sizeof h.bytes};
	if (!attr->bytes) /* of another process, and too large */
		h.size = 0;
	struct abi_field f;
	struct abi_walk w = {.layout = layout};
	if (h.size)
		memcpy(h.bytes, attr->bytes, h.size);
	while (p->big != host_is_big() && abi_next_field(&w, &f)) {
		bool number = f.size <= 8 && (f.size & (f.size - 1)) == 0 && f.kind != ABI_BYTES;
		if (number && (unsigned)f.offset + f.size <= h.size && f.kind != ABI_BIT)
			bytes_put(h.bytes + f.offset, f.size, host_is_big(),
				bytes_get(attr->bytes + f.offset, f.size, p->big));
	}
	return h;
}

/* Is this field of a perf event, which has two names, the path of a uprobe? */
static bool is_file(const struct plan *p, const struct abi_field *f, const struct plan_patch *patch)
{
	return patch && patch->what == PATCH_BLOB && !strcmp(f->name, "kprobe_func") &&
	       !strcmp(p->blobs[patch->index].what, "file");
}

struct abi_walk fields_of(const struct plan_step *s)
{
	return (struct abi_walk){.layout = plan_step_layout(s)};
}

const struct slot_style slots_by_name = {NULL, false};

bool next_field(const struct plan *p, const struct plan_step *s, struct abi_walk *w,
	const struct slot_style *style, struct shown_field *out)
{
	unsigned layout = w->layout;
	if (s->attr == PLAN_NONE)
		return false;
	const struct plan_blob *attr = &p->blobs[s->attr];
	struct host_attr h = host_attr(p, layout, attr);
	struct abi_field *f = &out->field;
	while (abi_next_field(w, f)) {
		out->patch = patch_at(attr, f->offset);
		if (f->kind == ABI_NAME ? h.size <= f->offset || !h.bytes[f->offset]
					: !out->patch && !abi_get(f, h.bytes, h.size))
			continue;
		if (!abi_applies(layout, f, h.bytes, h.size))
			continue;
		if (is_file(p, f, out->patch))
			abi_field_by_name(layout, "uprobe_path", f);
		if (out->patch && out->patch->what == PATCH_BLOB)
			blob_text(p, out->patch->index, out->value, sizeof out->value);
		else if (out->patch && !style->live)
			slot_text(p, out->patch->index, out->value, sizeof out->value);
		else
			abi_show(f, h.bytes, h.size, out->value, sizeof out->value);
		if (out->patch && out->patch->what == PATCH_SLOT && style->named)
			slot_add_name(p, out->patch->index, out->value, sizeof out->value);
		return true;
	}
	return false;
}

uint16_t step_since(const struct plan *p, const struct plan_step *s, const char **why)
{
	*why = NULL;
	if (s->op != STEP_BPF)
		return 0;
	struct host_attr h = host_attr(p, s->cmd, &p->blobs[s->attr]);
	return abi_needs(s->cmd, h.bytes, h.size, why);
}

void errs_text(const struct plan_step *s, char *buf, size_t size)
{
	buf[0] = 0;
	for (int i = 0; i < PLAN_ERRS && s->errs[i]; i++) {
		char name[16];
		const char *text = s->errs[i] == ERRS_ANY       ? "any errno"
		                   : s->errs[i] == ERRS_SKIPPED ? "skipped"
		                                                : errno_name(s->errs[i], name);
		text_list(buf, size, "%s", text);
	}
}

char *one_line(char *text)
{
	for (char *p = text; (p = strpbrk(p, "\n\t"));)
		*p = '?';
	return text;
}
