/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the members of records mean (docs/records.md), and what told it. */
#include "inspect_impl.h"

enum { DEPTH_MAX = 8, ROWS_MAX = 1024 };

struct members {
	struct inspection *in;
	struct listing list;
	const char *map;
	unsigned rows;
};

static void add_members(struct members *m, struct typed_field f, const char *prefix, unsigned depth)
{
	const struct btf *b = &m->in->shown;
	struct typed_shape s = typed_field_shape(b, f);
	struct typed_field part;
	const char *name;
	for (uint32_t i = 0; m->rows < ROWS_MAX && typed_part(&s, f, i, &name, &part); i++) {
		struct typed_shape shape = typed_field_shape(b, part);
		const char *means = typed_shape_meaning(&shape);
		const char *path = arena_printf(
			m->in->arena, "%s%s%s", prefix, *prefix && *name ? "." : "", name);
		if (!path)
			return;
		if (means) {
			m->rows++;
			listing_row(&m->list, m->map, number_cell(m->in, part.bit_off / 8), path,
				means, typed_meaning_from(&s, i));
		} else if (btf_is_composite(&shape.t) && depth < DEPTH_MAX) {
			add_members(m, part, path, depth + 1);
		}
	}
}

void show_meanings(struct inspection *in)
{
	static const char *const heads[] = {"map", "offset", "name", "meaning", "from", NULL};
	/* Names are looked up when records are shown. */
	static const struct address_names later = {0};
	struct btf_meanings meanings;
	struct members m = {.in = in,
		.list = listing(in->arena, "meaning", "what members of records mean", heads)};
	size_t n = in->records ? in->o.n_maps + in->o.n_funcs : 0;
	if (!n || !typed_read_meanings(&in->shown, &meanings, &later, in->arena))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct record_result *r = &in->records[i];
		m.map = sender_name(in, i);
		if (!m.map)
			continue;
		add_members(&m, (struct typed_field){.type = r->type}, "", 0);
		for (size_t k = 0; k < r->n_others; k++)
			if (r->others[k].sent)
				add_members(
					&m, (struct typed_field){.type = r->others[k].type}, "", 0);
	}
	listing_print(&m.list, in->opt->json, in->out);
	in->shown.meanings = NULL;
}
