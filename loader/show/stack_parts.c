/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "stack_parts.h"

#include <string.h>

enum { NODES = 256 /* members that are looked at */ };

struct search {
	struct stack_parts *parts;
	bool any_owner, is_comm;
	unsigned nodes;
};

/* Whether a value is a stack whose functions can be named. */
static bool is_stack(const struct btf *b, const struct typed_shape *s, enum stack_kind *kind)
{
	const struct address_names *names = typed_names_of(b);
	if (!names)
		return false;
	if (typed_is_stack(s->kind, kind))
		return names->frame;
	*kind = s->kind == TYPED_KTRACE ? STACK_KERNEL : STACK_USER;
	return (s->kind == TYPED_KTRACE || s->kind == TYPED_UTRACE) && names->trace;
}

static void add_stack(struct stack_parts *p, struct stack_part new)
{
	unsigned i = p->n;
	if (i == STACK_PARTS)
		return;
	for (; i && p->stacks[i - 1].kind > new.kind; i--)
		p->stacks[i] = p->stacks[i - 1];
	p->stacks[i] = new;
	p->n++;
}

static void look(struct search *s, const char *name, struct typed_field f, unsigned depth)
{
	struct stack_parts *p = s->parts;
	struct stack_part new = {.field = f, .shape = typed_field_shape(p->btf, f)};
	bool comm = strstr(name, "comm");
	if (is_stack(p->btf, &new.shape, &new.kind))
		add_stack(p, new);
	if (new.shape.kind == TYPED_STRING &&
		(p->owner.type ? comm && !s->is_comm : comm || s->any_owner)) {
		p->owner = f;
		p->owner_shape = new.shape;
		s->is_comm = comm;
	}
	struct typed_field part;
	for (uint32_t i = 0; new.shape.kind == TYPED_STRUCT &&depth < BTF_DEPTH &&
			     s->nodes++ < NODES &&typed_part(&new.shape, f, i, &name, &part);
		i++)
		look(s, name, part, depth + 1);
}

bool stack_parts_find(struct stack_parts *p, const struct btf *b, uint32_t type, bool any_owner)
{
	struct search s = {.parts = p, .any_owner = any_owner};
	*p = (struct stack_parts){.btf = b, .type = type};
	if (typed_names_of(b))
		look(&s, "", (struct typed_field){.type = type, .open = true}, 0);
	return p->n;
}

size_t stack_parts_frames(const struct stack_parts *p, struct span record,
	const char *frames[static STACK_FRAMES], struct arena *a)
{
	size_t n = 0, before = 0; /* before: those of other kinds */
	for (unsigned k = 0; k < p->n; k++) {
		const struct stack_part *part = &p->stacks[k];
		const char *name;
		before = k && part[-1].kind == part->kind ? before : n;
		if (n > before)
			continue;
		for (size_t i = 0;
			n < STACK_FRAMES &&
			(name = typed_stack_frame(p->btf, &part->shape, part->field, record, i));
			i++)
			if (!(frames[n++] = arena_strdup(a, name)))
				return n - 1;
	}
	return n;
}

const char *stack_parts_owner(
	const struct stack_parts *p, struct span record, bool process, struct arena *a)
{
	const struct address_names *names = typed_names_of(p->btf);
	if (p->owner.type) {
		struct span text = typed_bytes(&p->owner_shape, p->owner, record);
		return arena_strndup(a, text.p ? (const char *)text.p : "", text.n);
	}
	return arena_strdup(a, process ? names->comm(names->ctx) : "");
}
