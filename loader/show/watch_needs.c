/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What showing needs (loader/sandbox). */
#include "watch_impl.h"

/* The needs of values of one kind. Stacks are shown with the name of their process. */
static unsigned kind_needs(enum typed_kind kind)
{
	enum stack_kind stack;
	switch (kind) {
	case TYPED_KADDR:
		return NEED_KERNEL_NAMES;
	case TYPED_UADDR:
		return NEED_USER_NAMES;
	case TYPED_CGROUP:
		return NEED_CGROUPS;
	case TYPED_KTRACE:
	case TYPED_UTRACE:
		return NEED_KERNEL_NAMES | NEED_USER_NAMES;
	default:
		return typed_is_stack(kind, &stack) ? NEED_KERNEL_NAMES | NEED_USER_NAMES : 0;
	}
}

/* Of all types of the object, whether they are shown or not: a struct may come from a pointer, a map in
 * a map, or a record type that is only known from the first record. */
static unsigned type_needs(const struct btf *b)
{
	unsigned needs = 0;
	struct btf_type t = {0};
	for (size_t i = 0; b && i < b->meanings->n_tags; i++)
		needs |= kind_needs(
			typed_field_shape(b, (struct typed_field){.type = b->meanings->tags[i].type,
						     .means = b->meanings->tags[i].means})
				.kind);
	while (b && btf_next(b, &t)) {
		struct typed_shape s = typed_shape(b, t.id);
		struct typed_field part;
		const char *name;
		needs |= kind_needs(s.kind);
		if (t.kind != BTF_STRUCT && t.kind != BTF_UNION)
			continue;
		for (uint32_t i = 0;
			typed_part(&s, (struct typed_field){.type = t.id}, i, &name, &part); i++)
			needs |= kind_needs(typed_field_shape(b, part).kind);
	}
	return needs;
}

/* Numbers of 8 bytes in keys are shown as functions if all are addresses in the kernel, and so are the
 * values of stack maps. */
static unsigned map_needs(const struct watch_source *s)
{
	const struct btf *b = watch_types(s->w);
	struct typed_shape key = typed_shape(b, s->map->key_type);
	struct typed_field part;
	const char *name;
	bool wide = key.size == 8;
	for (uint32_t i = 0; typed_part(&key, (struct typed_field){0}, i, &name, &part); i++)
		wide |= typed_field_shape(b, part).size == 8;
	return wide || watch_is_stack_map(s->map) ? NEED_KERNEL_NAMES : 0;
}

unsigned watch_needs(struct watch *w)
{
	unsigned needs = type_needs(watch_types(w));
	if (w->opt->metrics_fd >= 0)
		needs |= NEED_SCRAPES;
	if (w->opt->metrics_file || w->opt->rotate_bytes)
		needs |= NEED_FILES;
	if (w->in_place && w->screen.keys >= 0)
		needs |= NEED_KEYS;
	for (size_t i = 0; i < w->n_sources; i++) {
		if (w->sources[i].kind == SOURCE_PERF)
			needs |= NEED_RINGS;
		if (w->sources[i].kind >= SOURCE_MAP && w->sources[i].map && w->has_btf)
			needs |= map_needs(&w->sources[i]);
	}
	w->names.no_kernel = !(needs & NEED_KERNEL_NAMES);
	w->names.no_processes = !(needs & NEED_USER_NAMES);
	return needs;
}
