/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "stack_fold.h"

#include "print.h"
#include "stack_view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct stack_count {
	const char *text;
	uint64_t n;
};

static uint32_t hash_of(const char *text)
{
	uint32_t h = 2166136261; /* FNV-1a */
	while (*text)
		h = (h ^ (uint8_t)*text++) * 16777619;
	return h;
}

/* The slot of a text, or the free one where it belongs. */
static uint32_t *slot_of(const struct stack_fold *f, const char *text)
{
	size_t i = hash_of(text) & (f->slots - 1);
	while (f->index[i] && strcmp(f->items[f->index[i] - 1].text, text) != 0)
		i = (i + 1) & (f->slots - 1);
	return &f->index[i];
}

/* False if memory is exhausted. Keeps at least half of the slots free. */
static bool make_slots(struct stack_fold *f)
{
	enum { FIRST = 256 };
	if (2 * f->n < f->slots)
		return true;
	size_t slots = f->slots ? 2 * f->slots : FIRST;
	uint32_t *index = arena_array(f->arena, slots, sizeof *index);
	if (!index)
		return false;
	f->index = index;
	f->slots = slots;
	for (size_t i = 0; i < f->n; i++)
		*slot_of(f, f->items[i].text) = (uint32_t)(i + 1);
	return true;
}

/* False if there is no room for another stack. */
static bool count(struct stack_fold *f, const char *text)
{
	if (!make_slots(f))
		return false;
	uint32_t *slot = slot_of(f, text);
	if (*slot) {
		f->items[*slot - 1].n++;
		return true;
	}
	struct stack_count *items = NULL;
	if (f->n < STACK_FOLD_MAX)
		items = arena_grow(f->arena, f->items, f->n, &f->room, sizeof *items);
	if (!items)
		return false;
	f->items = items;
	items[f->n] = (struct stack_count){arena_strdup(f->arena, text), 1};
	if (!items[f->n].text)
		return false;
	*slot = (uint32_t)++f->n;
	return true;
}

/* Writes a record's stacks to f->text. False if memory is exhausted. */
static bool write_text(struct stack_fold *f, const struct stack_parts *p, struct span record)
{
	struct arena scratch = {0};
	const char *frames[STACK_FRAMES];
	if (!f->file && !(f->file = open_memstream(&f->text, &f->size)))
		return false;
	bool process = typed_process(p->btf, p->type, record);
	size_t n = stack_parts_frames(p, record, frames, &scratch);
	const char *owner = stack_parts_owner(p, record, process, &scratch);
	rewind(f->file);
	if (owner)
		stack_view_fold(f->file, owner, frames, n);
	fputc(0, f->file);
	bool ok = owner && !scratch.full && !fflush(f->file) && !ferror(f->file);
	arena_free(&scratch);
	return ok;
}

void stack_fold_add(struct stack_fold *f, const struct stack_parts *p, struct span record)
{
	if (!write_text(f, p, record) || !count(f, f->text))
		f->others++;
}

static int by_count(const void *a, const void *b)
{
	const struct stack_count *x = a, *y = b;
	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp(x->text, y->text);
}

void stack_fold_print(struct stack_fold *f, FILE *out)
{
	if (f->n)
		qsort(f->items, f->n, sizeof *f->items, by_count);
	for (size_t i = 0; i < f->n; i++)
		print(out, "%s %" PRIu64 "\n", f->items[i].text, f->items[i].n);
	if (f->others)
		print(out, "[more stacks] %" PRIu64 "\n", f->others);
}

void stack_fold_close(struct stack_fold *f)
{
	if (f->file)
		fclose(f->file);
	free(f->text);
	*f = (struct stack_fold){.arena = f->arena};
}
