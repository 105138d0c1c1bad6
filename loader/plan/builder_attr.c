/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Sets fields of attrs by their names in the kernel's headers. */
#include "builder.h"

#include "abi.h"

static bool field_of(struct plan_builder *b, int16_t step, const char *name, struct abi_field *f)
{
	if (b->failed)
		return false;
	const struct plan_step *s = &b->plan->steps[step];
	if (abi_field_by_name(plan_step_layout(s), name, f))
		return true;
	err_set(b->e, "step %d: the attr of command %u has no field '%s'", step + 1, s->cmd, name);
	b->failed = true;
	return false;
}

static struct plan_blob *attr_of(struct plan_builder *b, int16_t step)
{
	return &b->plan->blobs[b->plan->steps[step].attr];
}

/* The bytes of a field, after growing the attr to include it. */
static uint8_t *field_bytes(struct plan_builder *b, int16_t step, const struct abi_field *f)
{
	struct plan_blob *attr = attr_of(b, step);
	uint32_t end = (uint32_t)f->offset + f->size;
	if (end > attr->size) {
		uint8_t *p = arena_alloc(b->plan->arena, end);
		if (!p) {
			plan_fail_memory(b);
			return NULL;
		}
		memcpy(p, attr->bytes, attr->size);
		attr->bytes = p;
		attr->size = end;
	}
	return attr->bytes + f->offset;
}

void attr_set(struct plan_builder *b, int16_t step, const char *field, uint64_t value)
{
	struct abi_field f;
	uint8_t *p = field_of(b, step, field, &f) ? field_bytes(b, step, &f) : NULL;
	if (p && f.kind == ABI_BIT) { /* bit 0 is the most significant one on big-endian */
		uint64_t bit = (uint64_t)1 << (b->plan->big ? f.size * 8u - 1 - f.bit : f.bit);
		uint64_t old = bytes_get(p, f.size, b->plan->big);
		value = value ? old | bit : old & ~bit;
	}
	if (p)
		bytes_put(p, f.size, b->plan->big, value);
}

static void attr_patch(struct plan_builder *b, int16_t step, const char *field,
	enum patch_what what, int16_t index)
{
	struct abi_field f;
	if (field_of(b, step, field, &f) && field_bytes(b, step, &f))
		plan_add_patch(b, b->plan->steps[step].attr,
			(struct plan_patch){f.offset, f.size, (uint8_t)what, (uint16_t)index, 0});
}

void attr_slot(struct plan_builder *b, int16_t step, const char *field, int16_t slot)
{
	attr_patch(b, step, field, PATCH_SLOT, slot);
}

void attr_blob(struct plan_builder *b, int16_t step, const char *field, int16_t blob)
{
	attr_patch(b, step, field, PATCH_BLOB, blob);
}

void attr_name(struct plan_builder *b, int16_t step, const char *field, const char *name)
{
	struct abi_field f;
	uint8_t *p = field_of(b, step, field, &f) ? field_bytes(b, step, &f) : NULL;
	for (size_t i = 0; p && i + 1 < f.size && name[i]; i++) {
		char c = name[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		            (c >= '0' && c <= '9') || c == '_' || c == '.';
		p[i] = (uint8_t)(fine ? c : '_');
	}
}

/* Shrinks the attr to the end of the last field in use. */
static void shrink(struct plan_blob *attr, unsigned layout)
{
	struct abi_field f;
	struct span s = {attr->bytes, attr->size, false};
	uint32_t end = 0;
	for (unsigned i = 0; abi_field(layout, i, &f); i++) {
		uint32_t field_end = (uint32_t)f.offset + f.size;
		for (unsigned k = f.offset; k < field_end; k++)
			end = span_u8(s, k) && field_end > end ? field_end : end;
	}
	for (size_t i = 0; i < attr->n_patches; i++) {
		uint32_t patch_end = attr->patches[i].at + attr->patches[i].size;
		end = patch_end > end ? patch_end : end;
	}
	attr->size = end < attr->size ? end : attr->size;
}

void attr_clear(struct plan_builder *b, int16_t step, const char *field)
{
	struct abi_field f;
	if (!field_of(b, step, field, &f))
		return;
	struct plan_blob *attr = attr_of(b, step);
	size_t kept = 0;
	if (span_has((struct span){attr->bytes, attr->size, false}, f.offset, f.size))
		memset(attr->bytes + f.offset, 0, f.size);
	for (size_t i = 0; i < attr->n_patches; i++)
		if (attr->patches[i].at != f.offset)
			attr->patches[kept++] = attr->patches[i];
	attr->n_patches = kept;
	shrink(attr, plan_step_layout(&b->plan->steps[step]));
}
