/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rules for the attrs of saved plans, which may come from an enemy: the kernel must not read or write
 * outside of the plan's own blobs. So a pointer is 0 or the address of a blob that is as long as the
 * attr says; a descriptor is 0 or that of an earlier step; and nothing is set that the table of
 * fields does not know.
 */
#include "check_impl.h"

#include "elf/base/insn.h"

#include <string.h>

enum { ATTR_MAX = 256 };

/* An attr under examination. */
struct attr {
	const struct plan *p;
	const struct plan_step *step;
	unsigned layout;
	const struct plan_blob *blob;
	uint8_t bytes[ATTR_MAX];       /* in the byte order of this machine */
	uint8_t unknown[ATTR_MAX];     /* the same; fields that were examined are cleared */
	size_t patched;                /* patches that were examined */
	uint32_t key_size, value_size; /* of the map it is about, if the command takes entries */
};

/* A patch that overlaps the field; *exact: it covers exactly the field. */
static const struct plan_patch *patch_of(
	const struct attr *a, unsigned at, unsigned size, bool *exact)
{
	for (size_t i = 0; i < a->blob->n_patches; i++) {
		const struct plan_patch *patch = &a->blob->patches[i];
		*exact = patch->at == at && patch->size == size;
		if (patch->at < at + size && at < patch->at + patch->size)
			return patch;
	}
	return NULL;
}

static uint64_t get(const struct attr *a, const struct abi_field *f)
{
	return abi_get(f, a->bytes, a->blob->size);
}

const struct plan_patch *check_patch_at(const struct plan_blob *b, uint64_t at)
{
	for (size_t i = 0; i < b->n_patches; i++)
		if (b->patches[i].at == at)
			return &b->patches[i];
	return NULL;
}

bool check_same(const struct plan_blob *a, const struct plan_blob *b, uint64_t at, uint64_t n)
{
	if (at + n > a->size || at + n > b->size ||
		memcmp(a->bytes + at, b->bytes + at, (size_t)n) != 0)
		return false;
	for (uint64_t i = at; i < at + n; i++) {
		const struct plan_patch *x = check_patch_at(a, i), *y = check_patch_at(b, i);
		if (!x != !y ||
			(x && (x->what != y->what || x->index != y->index || x->size != y->size)))
			return false;
	}
	return true;
}

bool check_is_leaf(const struct plan_blob *b)
{
	for (size_t i = 0; i < b->n_patches; i++)
		if (b->patches[i].what == PATCH_BLOB)
			return false;
	return true;
}

static bool is_descriptor(const struct plan *p, const struct plan_patch *patch)
{
	return patch->what == PATCH_SLOT && patch->size == 4 &&
	       p->slots[patch->index].kind != SLOT_NUMBER;
}

static bool all_zero(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i])
			return false;
	return true;
}

/* ---- what pointers point to ---- */

/* Pointers to strings, as many as the attr says. */
static bool strings_ok(const struct plan *p, const struct plan_blob *b)
{
	bool ok = all_zero(b->bytes, b->size);
	for (size_t i = 0; i < b->n_patches && ok; i++)
		ok = b->patches[i].what == PATCH_BLOB && b->patches[i].at % 8 == 0 &&
		     !b->patches[i].add && check_is_string(p, (int16_t)b->patches[i].index);
	return ok;
}

static bool descriptors_ok(const struct plan *p, const struct plan_blob *b)
{
	bool ok = all_zero(b->bytes, b->size);
	for (size_t i = 0; i < b->n_patches && ok; i++)
		ok = is_descriptor(p, &b->patches[i]);
	return ok;
}

static bool names_map(const struct plan_blob *b, uint64_t at, bool big)
{
	struct insn in = insn_get(b->bytes + at, big);
	return insn_is_wide(in) && (in.src == BPF_PSEUDO_MAP_FD || in.src == BPF_PSEUDO_MAP_VALUE);
}

/* Instructions name maps by descriptors, which only patches may fill in; other patches are addresses
 * of the kernel. */
static bool insns_ok(const struct plan *p, const struct plan_blob *b)
{
	struct span code = {b->bytes, b->size, p->big};
	if (b->size % 8)
		return false;
	for (size_t i = 0; i < b->n_patches; i++) {
		const struct plan_patch *patch = &b->patches[i];
		bool fits = patch->at % 8 == 4 && patch->size == 4;
		if (!fits || (names_map(b, patch->at - 4, p->big)
					     ? !is_descriptor(p, patch)
					     : p->slots[patch->index].kind != SLOT_NUMBER))
			return false;
	}
	for (uint64_t at = 0; at < b->size;
		at += insn_is_wide(insn_get(b->bytes + at, p->big)) ? 16 : 8)
		if (names_map(b, at, p->big) && span_u32(code, at + 4))
			return false;
	return check_is_leaf(b);
}

static bool contents_ok(const struct attr *a, const struct abi_field *f, const struct plan_blob *b)
{
	switch (f->kind) {
	case ABI_STRS:
		return strings_ok(a->p, b);
	case ABI_FDS:
		return descriptors_ok(a->p, b);
	case ABI_INSNS:
		return insns_ok(a->p, b);
	default:
		return check_is_leaf(b);
	}
}

/* ---- lengths ---- */

/* Whether the count at this offset is the number of functions that a step has put into the buffer. */
static bool counts_functions(const struct attr *a, unsigned at, uint16_t buffer)
{
	bool exact, any = false;
	const struct plan_patch *count = patch_of(a, at, 4, &exact);
	if (!count || !exact || count->what != PATCH_SLOT)
		return false;
	for (size_t i = 0; i < a->p->n_steps; i++) {
		const struct plan_step *s = &a->p->steps[i];
		if (s->slot != count->index)
			continue;
		if (s->op != STEP_FUNCTIONS || s->args[2].blob != buffer)
			return false;
		any = true;
	}
	return any;
}

static bool is_constant(const struct attr *a, unsigned at)
{
	bool exact;
	return !patch_of(a, at, 4, &exact);
}

/* Whether the blob is as long as the kernel will take it to be. */
static bool length_ok(const struct attr *a, const struct abi_field *f, const struct plan_patch *to)
{
	const struct plan_blob *b = &a->p->blobs[to->index];
	uint64_t bytes;
	if (f->kind == ABI_STR)
		return !to->add && check_is_string(a->p, (int16_t)to->index);
	if (f->len_at != ABI_ONE && !is_constant(a, f->len_at))
		return !b->bytes && !to->add && counts_functions(a, f->len_at, to->index);
	if (f->unit >= ABI_UNIT_RECORD && f->unit < ABI_UNIT_KEY &&
		!is_constant(a, (f->unit & ~(unsigned)ABI_UNIT_RECORD) * 4))
		return false;
	return abi_pointee(f, a->bytes, a->blob->size, a->key_size, a->value_size, &bytes) &&
	       bytes <= b->size - to->add;
}

static bool pointer_ok(struct attr *a, const struct abi_field *f)
{
	bool exact;
	const struct plan_patch *to = patch_of(a, f->offset, f->size, &exact);
	if (get(a, f))
		return false;
	if (!to)
		return true;
	a->patched++;
	if (!exact || to->what != PATCH_BLOB || !length_ok(a, f, to))
		return false;
	const struct plan_blob *b = &a->p->blobs[to->index];
	if (!b->bytes) /* a log, or functions */
		return b->size && (f->dir == ABI_OUT || !is_constant(a, f->len_at));
	return f->dir == ABI_IN && contents_ok(a, f, b);
}

static bool number_ok(struct attr *a, const struct abi_field *f)
{
	bool exact;
	const struct plan_patch *patch = patch_of(a, f->offset, f->size, &exact);
	if (!patch)
		return true;
	a->patched++;
	return exact && patch->what == PATCH_SLOT &&
	       a->p->slots[patch->index].kind == SLOT_NUMBER && (f->kind != ABI_FLAGS) &&
	       (f->kind != ABI_ENUM || a->layout == ABI_PERF_ATTR);
}

static bool descriptor_ok(struct attr *a, const struct abi_field *f)
{
	bool exact;
	const struct plan_patch *patch = patch_of(a, f->offset, f->size, &exact);
	a->patched += patch != NULL;
	return !get(a, f) && (!patch || (exact && is_descriptor(a->p, patch)));
}

/* The kernel writes these without looking at the size of the attr. */
static bool output_ok(const struct attr *a, const struct abi_field *f)
{
	bool guarded = f->since >= ABI_VERSION(6, 4);
	return f->dir == ABI_IN || guarded || f->offset + f->size <= a->blob->size;
}

static bool field_ok(struct attr *a, const struct abi_field *f)
{
	if (f->kind >= ABI_PTR && f->kind <= ABI_FDS)
		return pointer_ok(a, f);
	if (!output_ok(a, f))
		return false;
	if (f->kind >= ABI_FD_MAP && f->kind <= ABI_FD_ANY)
		return descriptor_ok(a, f);
	return number_ok(a, f);
}

static void clear(struct attr *a, const struct abi_field *f)
{
	if (f->kind == ABI_NAME || f->kind == ABI_BYTES)
		memset(a->unknown + f->offset, 0, f->size);
	else
		abi_put(f, a->unknown, sizeof a->unknown, 0);
}

/* ---- entries of maps ---- */

static uint64_t create_field(const struct plan *p, const struct plan_step *s, struct attr_field f)
{
	const struct plan_blob *b = &p->blobs[s->attr];
	if (b->size > ATTR_MAX)
		return UINT64_MAX;
	return span_uint((struct span){b->bytes, b->size, p->big}, f.at, f.size);
}

/* Whether a step before `before` fails the plan if the map in the slot differs from that of step
 * `create`. */
static bool is_compared(const struct plan *p, int16_t slot, size_t create, size_t before)
{
	for (size_t i = 0; i < before; i++) {
		const struct plan_step *s = &p->steps[i];
		if (s->op == STEP_SAME && s->args[0].slot == slot &&
			s->args[1].value == (int64_t)create && !s->tolerated[0] &&
			s->fallback_for == PLAN_NONE && s->undoes == PLAN_NONE)
			return true;
	}
	return false;
}

bool check_map_shape(const struct plan *p, int16_t slot, size_t before, struct check_shape *shape)
{
	static const struct attr_field fields[] = {
		ATTR(map_type), ATTR(key_size), ATTR(value_size), ATTR(max_entries)};
	uint64_t found[4] = {0}, other;
	size_t creates = 0, create = 0, opens = 0;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		if (s->slot != slot)
			continue;
		if (s->op != STEP_BPF || (s->cmd != BPF_MAP_CREATE && s->cmd != BPF_OBJ_GET))
			return false;
		opens += s->cmd == BPF_OBJ_GET;
		if (s->cmd != BPF_MAP_CREATE)
			continue;
		for (size_t k = 0; k < 4; k++) {
			other = create_field(p, s, fields[k]);
			if (creates && found[k] != other)
				return false;
			found[k] = other;
		}
		create = creates++ ? create : i;
	}
	*shape = (struct check_shape){
		(uint32_t)found[0], (uint32_t)found[1], (uint32_t)found[2], (uint32_t)found[3]};
	return creates && (!opens || is_compared(p, slot, create, before));
}

static bool is_per_cpu(uint32_t map_type)
{
	return map_type == BPF_MAP_TYPE_PERCPU_HASH || map_type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       map_type == BPF_MAP_TYPE_LRU_PERCPU_HASH ||
	       map_type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

/* The sizes of a map decide how much the kernel reads. */
static bool find_sizes(struct attr *a)
{
	bool exact;
	struct check_shape shape;
	if (a->layout != BPF_MAP_UPDATE_ELEM && a->layout != BPF_MAP_DELETE_ELEM)
		return true;
	const struct plan_patch *map = patch_of(a, 0, 4, &exact); /* map_fd */
	if (!map || !exact || map->what != PATCH_SLOT ||
		!check_map_shape(
			a->p, (int16_t)map->index, (size_t)(a->step - a->p->steps), &shape))
		return false;
	a->key_size = shape.key_size;
	a->value_size = shape.value_size;
	return !is_per_cpu(shape.map_type);
}

/* ---- the attr ---- */

static bool open_attr(struct attr *a, const struct plan *p, const struct plan_step *s)
{
	*a = (struct attr){
		.p = p, .step = s, .layout = plan_step_layout(s), .blob = &p->blobs[s->attr]};
	if (!a->blob->bytes || a->blob->size > sizeof a->bytes)
		return false;
	memcpy(a->bytes, a->blob->bytes, a->blob->size);
	return true;
}

/* perf_event_open() takes the length of its attr from the attr. */
static bool size_ok(const struct attr *a)
{
	return a->layout != ABI_PERF_ATTR ||
	       (attr_number(a->bytes, a->blob->size, PERF(size)) == a->blob->size &&
		       is_constant(a, PERF(size).at));
}

bool check_attr(const struct plan *p, const struct plan_step *s)
{
	struct attr a;
	struct abi_field f;
	/* Fields have the byte order of the kernel; a plan for another is refused when it runs. */
	if (p->big != host_is_big())
		return true;
	if (!open_attr(&a, p, s) || !find_sizes(&a) || !size_ok(&a))
		return false;
	memcpy(a.unknown, a.bytes, sizeof a.unknown);
	struct abi_walk w = {.layout = a.layout, .plain = true};
	while (abi_next_field(&w, &f)) {
		if (!abi_applies(a.layout, &f, a.bytes, a.blob->size))
			continue;
		if (!field_ok(&a, &f))
			return false;
		clear(&a, &f);
	}
	return a.patched == a.blob->n_patches && all_zero(a.unknown, sizeof a.unknown);
}
