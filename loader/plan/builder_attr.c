/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Sets fields of attrs. */
#include "builder.h"

#include <string.h>

/* Attrs are allocated in multiples of ROOM bytes; those beyond their size are zero. */
enum { ROOM = 64 };

static uint32_t room_for(uint32_t size)
{
	return (size + ROOM - 1) & ~(uint32_t)(ROOM - 1);
}

static struct plan_blob *attr_of(const struct plan_builder *b, int16_t step)
{
	return &b->plan->blobs[b->plan->steps[step].attr];
}

uint8_t *attr_copy(struct plan_builder *b, const struct plan_blob *attr, uint32_t size)
{
	uint8_t *p = arena_alloc(b->plan->arena, room_for(size));
	if (p)
		memcpy(p, attr->bytes, attr->size);
	else
		plan_fail_memory(b);
	return p;
}

/* The bytes of a field, after growing the attr to include it; NULL after a failure. */
static uint8_t *field_bytes(struct plan_builder *b, int16_t step, struct attr_field f)
{
	if (b->failed)
		return NULL;
	struct plan_blob *attr = attr_of(b, step);
	uint32_t end = (uint32_t)f.at + f.size;
	if (end > room_for(attr->size)) {
		uint8_t *p = attr_copy(b, attr, end);
		if (!p)
			return NULL;
		attr->bytes = p;
	}
	if (end > attr->size)
		attr->size = end;
	return attr->bytes + f.at;
}

void attr_set(struct plan_builder *b, int16_t step, struct attr_field f, uint64_t value)
{
	uint8_t *p = field_bytes(b, step, f);
	if (p)
		bytes_put(p, f.size, b->plan->big, value);
}

void attr_bit(struct plan_builder *b, int16_t step, struct attr_field f, uint64_t bit)
{
	uint64_t word = attr_get(b, step, f);
	for (unsigned i = 0; i < f.size * 8u; i++)
		if (bit >> i & 1) /* bit 0 is the most significant one on big-endian hosts */
			word |= (uint64_t)1 << (b->plan->big ? f.size * 8u - 1 - i : i);
	attr_set(b, step, f, word);
}

static void attr_patch(struct plan_builder *b, int16_t step, struct attr_field f,
	enum patch_what what, int16_t index)
{
	struct plan_patch patch = {f.at, (uint8_t)f.size, (uint8_t)what, (uint16_t)index, 0};
	if (!field_bytes(b, step, f))
		return;
	struct plan_blob *attr = attr_of(b, step);
	for (size_t i = 0; i < attr->n_patches; i++)
		if (attr->patches[i].at == f.at) {
			attr->patches[i] = patch;
			return;
		}
	plan_add_patch(b, b->plan->steps[step].attr, patch);
}

void attr_slot(struct plan_builder *b, int16_t step, struct attr_field f, int16_t slot)
{
	attr_patch(b, step, f, PATCH_SLOT, slot);
}

void attr_blob(struct plan_builder *b, int16_t step, struct attr_field f, int16_t blob)
{
	attr_patch(b, step, f, PATCH_BLOB, blob);
}

void attr_name(struct plan_builder *b, int16_t step, struct attr_field f, const char *name)
{
	uint8_t *p = field_bytes(b, step, f);
	for (size_t i = 0; p && i + 1u < f.size && name[i]; i++) {
		char c = name[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		            (c >= '0' && c <= '9') || c == '_' || c == '.';
		p[i] = (uint8_t)(fine ? c : '_');
	}
}

uint64_t attr_get(const struct plan_builder *b, int16_t step, struct attr_field f)
{
	if (b->failed)
		return 0;
	const struct plan_blob *attr = attr_of(b, step);
	struct span s = {attr->bytes, attr->size, b->plan->big};
	return span_has(s, f.at, f.size) ? bytes_get(attr->bytes + f.at, f.size, s.big) : 0;
}

void attr_clear(struct plan_builder *b, int16_t step, const struct attr_field *fields, size_t n)
{
	if (b->failed)
		return;
	struct plan_blob *attr = attr_of(b, step);
	for (size_t i = 0; i < n; i++) {
		size_t kept = 0;
		if (span_has((struct span){attr->bytes, attr->size, false}, fields[i].at,
			    fields[i].size))
			memset(attr->bytes + fields[i].at, 0, fields[i].size);
		for (size_t k = 0; k < attr->n_patches; k++)
			if (attr->patches[k].at != fields[i].at)
				attr->patches[kept++] = attr->patches[k];
		attr->n_patches = kept;
	}
}
