/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "order.h"
#include "place.h"

#include "elf/base/number.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <stdio.h>

/* The slot with the link of another program of the plan; PLAN_NONE if it is not attached before. */
static int16_t link_of(const struct plan *p, const struct hook_use *use, const char *name)
{
	for (int16_t i = 0; i < use->like.prog; i++)
		if (!strcmp(p->progs[i].name, name))
			return p->progs[i].link;
	return PLAN_NONE;
}

static void find_program(
	struct plan_builder *b, const struct hook_use *use, const char *name, struct order *o)
{
	char *end;
	unsigned long id = text_ulong(name, &end, 10);
	if (*name == '/') {
		o->slot = place_pin(b, use, name, SLOT_PROG, "program");
	} else if (*name >= '0' && *name <= '9') {
		if (*end || !id || id > UINT32_MAX)
			hook_fail(b, NULL, "'%s' is not a program id", name);
		o->id = (uint32_t)id;
		o->flags |= BPF_F_ID;
	} else {
		o->slot = link_of(b->plan, use, name);
		o->flags |= BPF_F_LINK;
		if (o->slot == PLAN_NONE)
			hook_fail(b,
				PACKED("a preceding program of the object, an id, or the path of a "
				       "pin"),
				"there is no program '%s' to attach next to", name);
	}
}

/* Parses one word; false if it is not an order. */
static bool parse_word(
	struct plan_builder *b, const struct hook_use *use, const char *word, struct order *o)
{
	static const char before[] = "before=", after[] = "after=";
	struct order found = {.given = true, .slot = PLAN_NONE};
	const char *name = NULL;
	if (!strcmp(word, "first")) {
		found.flags = BPF_F_BEFORE;
	} else if (!strcmp(word, "last")) {
		found.flags = BPF_F_AFTER;
	} else if (!strncmp(word, before, sizeof before - 1)) {
		found.flags = BPF_F_BEFORE;
		name = word + sizeof before - 1;
	} else if (!strncmp(word, after, sizeof after - 1)) {
		found.flags = BPF_F_AFTER;
		name = word + sizeof after - 1;
	} else {
		return false;
	}
	if (o->given)
		hook_fail(b, NULL, "'%s' is a second order", word);
	*o = found;
	if (name && !b->failed)
		find_program(b, use, name, o);
	return true;
}

const char *order_parse(
	struct plan_builder *b, const struct hook_use *use, const char *words, struct order *o)
{
	char *copy = arena_strdup(b->plan->arena, words), *rest = copy;
	*o = (struct order){.slot = PLAN_NONE};
	plan_text(b, copy);
	size_t kept = 0;
	for (char *word = copy; word && !b->failed;) {
		char *next = strchr(word, ':');
		if (next)
			*next++ = 0;
		if (!parse_word(b, use, word, o)) {
			size_t n = strlen(word);
			if (kept)
				rest[kept++] = ':';
			memmove(rest + kept, word, n);
			kept += n;
		}
		word = next;
	}
	if (rest)
		rest[kept] = 0;
	return b->failed ? "" : rest;
}

void order_set(struct plan_builder *b, int16_t step, struct order_fields f, const char *since,
	const struct order *o)
{
	if (!o->given)
		return;
	attr_set(b, step, ATTR(link_create.flags), o->flags);
	if (o->slot != PLAN_NONE)
		attr_slot(b, step, o->id ? f.id : f.fd, o->slot);
	else if (o->id)
		attr_set(b, step, f.id, o->id);
	attr_set(b, step, f.revision, 0);
	plan_add_hint(b, step, EINVAL,
		plan_text(b, arena_printf(b->plan->arena, "an order of programs requires Linux %s",
				     since)));
	plan_add_hint(b, step, ENOENT, "the other program is not attached there");
}
