/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed_impl.h"

#include <string.h>

enum { FRAMES_MAX = 127 }; /* the maximum the kernel stores */

bool typed_needs_names(enum typed_kind kind)
{
	return kind >= TYPED_KADDR && kind <= TYPED_UTRACE;
}

bool typed_is_stack(enum typed_kind kind, enum stack_kind *stack)
{
	*stack = kind == TYPED_KSTACK   ? STACK_KERNEL
	         : kind == TYPED_USTACK ? STACK_USER
	                                : STACK_EITHER;
	return kind >= TYPED_KSTACK && kind <= TYPED_STACK;
}

const struct address_names *typed_names_of(const struct btf *b)
{
	return b && b->meanings ? b->meanings->names : NULL;
}

bool typed_address_name(
	const struct typed_walk *w, const struct typed_shape *s, uint64_t v, char *buf, size_t size)
{
	const struct address_names *names = typed_names_of(w->b);
	return (s->kind == TYPED_KADDR || s->kind == TYPED_UADDR) && names &&
	       names->address(names->ctx, s->kind == TYPED_UADDR, v, buf, size);
}

bool typed_is_trace(const struct typed_walk *w, const struct typed_shape *s)
{
	const struct address_names *names = typed_names_of(w->b);
	return (s->kind == TYPED_KTRACE || s->kind == TYPED_UTRACE) && names && names->trace;
}

const char *typed_frame(
	const struct typed_walk *w, const struct typed_shape *s, struct typed_field f, size_t i)
{
	const struct address_names *names = typed_names_of(w->b);
	enum stack_kind kind;
	uint64_t id;
	if (i >= FRAMES_MAX)
		return NULL;
	if (typed_is_trace(w, s))
		return names->trace(names->ctx, s->kind == TYPED_KTRACE ? STACK_KERNEL : STACK_USER,
			typed_bytes(s, f, w->rec), i);
	if (!names || !names->frame || !typed_is_stack(s->kind, &kind) ||
		!typed_read_number(s, f, w->rec, &id))
		return NULL;
	return names->frame(names->ctx, kind, (int64_t)id, i);
}

const char *typed_stack_frame(const struct btf *b, const struct typed_shape *s,
	struct typed_field f, struct span record, size_t i)
{
	const struct typed_walk w = {.b = b, .rec = record};
	return typed_frame(&w, s, f, i);
}

/* The value of the first member with the name or type of a process id. */
static bool find_process(const struct btf *b, const struct typed_shape *s, struct span record,
	bool by_name, uint64_t *pid)
{
	struct typed_field part;
	const char *name;
	for (uint32_t i = 0; typed_part(s, (struct typed_field){0}, i, &name, &part); i++) {
		struct btf_type t;
		bool fits = by_name ? !strcmp(name, "pid") || !strcmp(name, "tgid")
		                    : btf_type(b, part.type, &t) && !strcmp(btf_name(&t), "pid_t");
		if (fits && typed_number(b, part, record, pid))
			return true;
	}
	return false;
}

bool typed_process(const struct btf *b, uint32_t type, struct span record)
{
	const struct address_names *names = typed_names_of(b);
	struct typed_shape s = typed_shape(b, type);
	struct btf_type t;
	uint64_t pid = 0;
	if (!names)
		return false;
	bool found =
		s.kind == TYPED_STRUCT
			? find_process(b, &s, record, true, &pid) ||
				  find_process(b, &s, record, false, &pid)
			: btf_type(b, type, &t) && !strcmp(btf_name(&t), "pid_t") &&
				  typed_number(b, (struct typed_field){.type = type}, record, &pid);
	if (found)
		names->process(names->ctx, (uint32_t)pid);
	return found;
}
