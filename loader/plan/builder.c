/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "builder.h"

#include <string.h>

/* ---- slots, blobs, patches ---- */

void plan_fail_memory(struct plan_builder *b)
{
	err_nomem(b->e);
	b->failed = true;
}

/* Appends an element, which the caller sets as a whole, and returns it; NULL after a failure. Indices
 * have 16 bits. */
#define ADD(b, list, count, room)                                                                  \
	((list) = add((b), (list), &(count), &(room), sizeof *(list)),                             \
		(b)->failed ? NULL : &(list)[(count)-1])

static void *add(struct plan_builder *b, void *list, size_t *count, size_t *room, size_t size)
{
	if (b->failed)
		return list;
	if (*count >= INT16_MAX) {
		b->failed = true;
		err_set(b->e, "a plan is limited to %d steps, slots or blobs", INT16_MAX);
		return list;
	}
	void *p = arena_grow(b->plan->arena, list, *count, room, size);
	if (!p) {
		plan_fail_memory(b);
		return list;
	}
	++*count;
	return p;
}

int16_t plan_add_slot(struct plan_builder *b, enum slot_kind kind, const char *name)
{
	struct plan *p = b->plan;
	struct plan_slot *s = ADD(b, p->slots, p->n_slots, p->slots_room);
	if (!s)
		return PLAN_NONE;
	*s = (struct plan_slot){.kind = (uint8_t)kind, .name = name};
	return (int16_t)(p->n_slots - 1);
}

static int16_t add_blob(struct plan_builder *b, uint8_t *bytes, size_t size, const char *what)
{
	struct plan *p = b->plan;
	struct plan_blob *blob = ADD(b, p->blobs, p->n_blobs, p->blobs_room);
	if (!blob)
		return PLAN_NONE;
	*blob = (struct plan_blob){.bytes = bytes, .size = (uint32_t)size, .what = what};
	return (int16_t)(p->n_blobs - 1);
}

int16_t plan_add_blob(struct plan_builder *b, const void *bytes, size_t size, const char *what)
{
	if (b->failed)
		return PLAN_NONE;
	uint8_t *copy = size > UINT32_MAX ? NULL : arena_alloc(b->plan->arena, size);
	if (!copy) {
		plan_fail_memory(b);
		return PLAN_NONE;
	}
	if (bytes)
		memcpy(copy, bytes, size);
	return add_blob(b, copy, size, what);
}

int16_t plan_add_output(struct plan_builder *b, size_t size, const char *what)
{
	return add_blob(b, NULL, size, what);
}

void plan_add_patch(struct plan_builder *b, int16_t blob, struct plan_patch patch)
{
	if (b->failed)
		return;
	struct plan_blob *to = &b->plan->blobs[blob];
	struct plan_patch *added = ADD(b, to->patches, to->n_patches, to->patches_room);
	if (added)
		*added = patch;
}

/* ---- steps ---- */

struct plan_step *plan_step_at(struct plan_builder *b, int16_t step)
{
	return b->failed ? &b->discarded : &b->plan->steps[step];
}

int16_t plan_add_step(struct plan_builder *b, enum step_op op, uint32_t cmd, int16_t slot,
	const struct plan_step *like)
{
	struct plan *p = b->plan;
	int16_t attr = step_has_attr(op) ? plan_add_blob(b, NULL, 0, "attr") : PLAN_NONE;
	struct plan_step *s = ADD(b, p->steps, p->n_steps, p->steps_room);
	if (!s)
		return PLAN_NONE;
	*s = (struct plan_step){.op = (uint8_t)op,
		.cmd = cmd,
		.attr = attr,
		.slot = slot,
		.prog = like->prog,
		.fallback_for = PLAN_NONE,
		.undoes = PLAN_NONE,
		.who = like->who,
		.doing = like->doing,
		.note = "",
		.hint = ""};
	for (int i = 0; i < PLAN_ARGS; i++)
		s->args[i] = (struct plan_arg){0, PLAN_NONE, PLAN_NONE};
	return (int16_t)(p->n_steps - 1);
}

void plan_tolerate(struct plan_builder *b, int16_t step, const uint16_t errs[static PLAN_ERRS])
{
	memcpy(plan_step_at(b, step)->tolerated, errs, sizeof plan_step_at(b, step)->tolerated);
}

void plan_add_hint(struct plan_builder *b, int16_t step, uint16_t no, const char *text)
{
	struct plan_step *s = plan_step_at(b, step);
	for (int i = 0; i < PLAN_HINTS; i++)
		if (!s->hints[i].no) {
			s->hints[i] = (struct plan_hint){no, text};
			return;
		}
	if (!b->failed)
		err_set(b->e, "step %d: too many hints", step + 1);
	b->failed = true;
}

const char *plan_text(struct plan_builder *b, const char *s)
{
	if (s)
		return s;
	if (!b->failed)
		plan_fail_memory(b);
	return "";
}

int16_t plan_add_undo(struct plan_builder *b, enum step_op op, uint32_t cmd, int16_t step)
{
	struct plan_step like = *plan_step_at(b, step);
	like.doing = "detach";
	int16_t at = plan_add_step(b, op, cmd, PLAN_NONE, &like);
	plan_step_at(b, at)->undoes = step;
	return at;
}

int16_t plan_add_fallback(struct plan_builder *b, int16_t step, const char *note,
	const uint16_t errs[static PLAN_ERRS])
{
	struct plan *p = b->plan;
	struct plan_step *s = ADD(b, p->steps, p->n_steps, p->steps_room);
	if (!s)
		return PLAN_NONE;
	*s = p->steps[step];
	s->fallback_for = step;
	s->flags &= (uint16_t)~STEP_NOTICE; /* which was for the other note */
	s->note = note;
	memcpy(s->errs, errs, sizeof s->errs);
	int16_t at = (int16_t)(p->n_steps - 1);
	if (p->steps[at].attr < 0)
		return at;
	struct plan_blob old = p->blobs[p->steps[at].attr];
	int16_t copy = b->failed ? PLAN_NONE
	                         : add_blob(b, attr_copy(b, &old, old.size), old.size, old.what);
	for (size_t i = 0; i < old.n_patches; i++)
		plan_add_patch(b, copy, old.patches[i]);
	if (!b->failed)
		p->steps[at].attr = copy;
	return at;
}
