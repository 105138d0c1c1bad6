/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the runner executes: steps, their blobs and patches. */
#include "pack_impl.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/plan/kernel_fs.h"
#include "loader/plan/step_op.h"

#include <errno.h>
#include <stdarg.h>

enum { DELTA_MIN = 48 }; /* smaller blobs are stored whole */

static uint16_t index_of(int i)
{
	return i == PLAN_NONE ? PACKED_NONE : (uint16_t)i;
}

/* ---- blobs ---- */

static uint32_t add_patches(struct pack *w, const struct plan_blob *b)
{
	struct flat t = {.arena = w->out.arena, .big = w->out.big};
	for (size_t i = 0; i < b->n_patches; i++) {
		const struct plan_patch *patch = &b->patches[i];
		flat_put(&t, 4, patch->at);
		flat_put(&t, 4, patch->add);
		flat_put(&t, 2, patch->index);
		flat_put(&t, 1, patch->size);
		flat_put(&t, 1, patch->what);
	}
	return flat_table(&w->out, &t, 4);
}

/* What is there when the runner copies a byte is not known, if it has been patched. */
static bool is_patched(const struct plan_blob *b, uint32_t at)
{
	for (size_t i = 0; i < b->n_patches; i++)
		if (at - b->patches[i].at < b->patches[i].size)
			return true;
	return false;
}

/* The differences from another blob, see struct packed_blob. False if they are too many. */
static bool make_edits(struct flat *t, const struct plan_blob *from, const struct plan_blob *b)
{
	uint32_t i = 0, size = b->size;
	while (i < size && t->n < size / 2) {
		uint32_t start, end;
		while (i < size && from->bytes[i] == b->bytes[i] && !is_patched(from, i))
			i++;
		start = end = i;
		for (; i < size && i - end < 5 && i - start < UINT16_MAX;
			i++) /* as long as a head, and one */
			if (from->bytes[i] != b->bytes[i] || is_patched(from, i))
				end = i + 1;
		i = end;
		if (end == start || start > UINT16_MAX)
			break;
		flat_put(t, 2, start);
		flat_put(t, 2, end - start);
		flat_bytes(t, b->bytes + start, end - start);
	}
	flat_put(t, 4, 0);
	return i >= size && t->n < size / 2;
}

/* An earlier blob that is stored whole and differs little; *t: how. */
static uint16_t find_base(const struct plan *p, size_t i, const bool *whole, struct flat *t)
{
	const struct plan_blob *b = &p->blobs[i];
	for (size_t k = i; k-- > 0 && b->size >= DELTA_MIN;) {
		t->n = 0;
		if (whole[k] && p->blobs[k].size == b->size && make_edits(t, &p->blobs[k], b))
			return (uint16_t)k;
	}
	return PACKED_NONE;
}

static uint32_t add_blobs(struct pack *w, const struct plan *p, uint16_t owner, bool exclusive)
{
	struct arena *a = w->out.arena;
	struct flat list = {.arena = a, .big = w->out.big}, edits = list;
	bool *whole = arena_array(a, p->n_blobs, sizeof *whole);
	if (!whole)
		w->out.failed = true;
	for (size_t i = 0; i < p->n_blobs && !w->out.failed; i++) {
		const struct plan_blob *b = &p->blobs[i];
		uint16_t base = b->bytes ? find_base(p, i, whole, &edits) : PACKED_NONE;
		uint32_t at = 0;
		if (base != PACKED_NONE)
			at = flat_add(&w->out, edits.p, edits.n, 1, FLAT_SHARED, false);
		else if (b->bytes && b->size)
			at = flat_add(&w->out, b->bytes, b->size, b->size % 8 ? 1 : 8,
				b->n_patches ? owner : FLAT_SHARED, exclusive);
		else if (b->bytes)
			at = 1; /* nothing, anywhere */
		whole[i] = b->bytes && base == PACKED_NONE;
		flat_put(&list, 4, at);
		flat_put(&list, 4, b->size);
		flat_put(&list, 4, add_patches(w, b));
		flat_put(&list, 2, b->n_patches);
		flat_put(&list, 2, base);
	}
	return flat_table(&w->out, &list, 4);
}

/* ---- steps ---- */

static bool is_of(uint32_t cmd, enum kfs_which a, enum kfs_which b)
{
	return cmd == a || cmd == b;
}

/* Whether the runner has the operation; loader/runner/runner_exec.c implements these. */
static bool has_operation(const struct plan_step *s)
{
	switch (s->op) {
	case STEP_BPF:
		return s->cmd != BPF_PROG_TEST_RUN;
	case STEP_READ:
	case STEP_EXPECT:
	case STEP_APPEND:
		return is_of(s->cmd, KFS_SYS, KFS_TRACE);
	case STEP_OPEN:
		return is_of(s->cmd, KFS_SYS, KFS_TRACE) || s->cmd == KFS_COUNT;
	case STEP_PERF_OPEN:
	case STEP_IOCTL:
	case STEP_UNIQUE:
		return true;
	default:
		return false;
	}
}

static bool check_step(struct pack *w, const struct plan *p, const struct plan_step *s)
{
	if (!has_operation(s))
		return pack_cannot(w, "cannot %s %s", s->doing, s->who);
	if (s->flags & STEP_EACH_CPU)
		return pack_cannot(w, "does not follow CPUs, as %s requires", s->who);
	if (s->flags & STEP_CONFIRM)
		return pack_cannot(w, "does not ask: %s: %s", s->who, s->note);
	if (s->op == STEP_BPF && s->cmd == BPF_MAP_CREATE) {
		const struct plan_blob *attr = &p->blobs[s->attr];
		struct span bytes = {attr->bytes, attr->size, p->big};
		if (span_u32(bytes, (uint32_t)ATTR(max_entries).at) == PLAN_POSSIBLE_CPUS)
			return pack_cannot(w, "does not count CPUs, as %s requires", s->who);
		if (attr->size < ATTR(max_entries).at + 4u)
			return pack_cannot(w, "cannot %s %s", s->doing, s->who);
	}
	return true;
}

static uint32_t add_errs(struct pack *w, const uint16_t *errs)
{
	struct flat t = {.arena = w->out.arena, .big = w->out.big};
	for (int i = 0; i < PLAN_ERRS && errs[i]; i++)
		flat_put(&t, 2, errs[i]);
	if (t.n)
		flat_put(&t, 2, 0);
	return flat_table(&w->out, &t, 2);
}

static uint32_t add_hints(struct pack *w, const struct plan_step *s)
{
	struct flat t = {.arena = w->out.arena, .big = w->out.big};
	if (s->hint && *s->hint) {
		flat_put(&t, 4, ENOENT);
		flat_put(&t, 4, pack_clean_text(w, s->hint));
	}
	for (int i = 0; i < PLAN_HINTS && s->hints[i].no; i++) {
		flat_put(&t, 4, s->hints[i].no);
		flat_put(&t, 4, pack_clean_text(w, s->hints[i].text));
	}
	if (t.n)
		flat_put(&t, 8, 0);
	return flat_table(&w->out, &t, 4);
}

static unsigned n_args(const struct plan_step *s)
{
	unsigned n = PLAN_ARGS;
	while (n && !s->args[n - 1].value && s->args[n - 1].slot == PLAN_NONE &&
		s->args[n - 1].blob == PLAN_NONE)
		n--;
	return n;
}

static uint32_t add_args(struct pack *w, const struct plan_step *s)
{
	struct flat t = {.arena = w->out.arena, .big = w->out.big};
	for (unsigned i = 0; i < n_args(s); i++) {
		flat_put(&t, 8, (uint64_t)s->args[i].value);
		flat_put(&t, 2, index_of(s->args[i].slot));
		flat_put(&t, 2, index_of(s->args[i].blob));
		flat_put(&t, 4, 0);
	}
	return flat_table(&w->out, &t, 8);
}

static uint32_t pair_text(struct pack *w, const char *who, const char *text)
{
	const char *both = arena_printf(w->out.arena, "%s: %s", who, text);
	w->out.failed |= !both;
	return pack_clean_text(w, both);
}

static void add_step(
	struct pack *w, const struct plan *p, const struct plan_step *s, struct flat *list)
{
	unsigned flags = s->flags & (STEP_LOG | STEP_MEMLOCK | STEP_ON_FAILURE);
	if (plan_step_writes_zero(p, s))
		flags |= STEP_UNLESS_ZERO;
	flat_put(list, 1, s->op);
	flat_put(list, 1, n_args(s));
	flat_put(list, 2, flags);
	flat_put(list, 4, s->cmd);
	flat_put(list, 2, index_of(s->attr));
	flat_put(list, 2, index_of(s->slot));
	flat_put(list, 2, index_of(s->fallback_for));
	flat_put(list, 2, index_of(s->undoes));
	flat_put(list, 4, add_args(w, s));
	flat_put(list, 4, add_errs(w, s->errs));
	flat_put(list, 4, add_errs(w, s->tolerated));
	flat_put(list, 4, pair_text(w, s->who, s->doing));
	flat_put(list, 4, s->flags & STEP_NOTICE ? pair_text(w, s->who, s->note) : 0);
	flat_put(list, 4, add_hints(w, s));
	flat_put(list, 1, s->slot != PLAN_NONE && p->slots[s->slot].kind != SLOT_NUMBER);
	flat_put(list, 1, plan_step_has_result(p, s));
	flat_put(list, 2, 0);
}

bool pack_steps(struct pack *w, const struct plan *p, uint16_t owner, bool exclusive,
	struct packed_plan *out)
{
	struct flat list = {.arena = w->out.arena, .big = w->out.big};
	if (p->page_size)
		return pack_cannot(w, "has no arenas");
	for (size_t i = 0; i < p->n_steps; i++)
		if (!check_step(w, p, &p->steps[i]))
			return false;
	out->blobs = add_blobs(w, p, owner, exclusive);
	out->n_blobs = (uint16_t)p->n_blobs;
	for (size_t i = 0; i < p->n_steps; i++)
		add_step(w, p, &p->steps[i], &list);
	out->steps = flat_table(&w->out, &list, 4);
	out->n_steps = (uint16_t)p->n_steps;
	out->n_slots = (uint16_t)p->n_slots;
	return !w->out.failed;
}
