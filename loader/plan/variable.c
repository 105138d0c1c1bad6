/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A global variable is a range of bytes in the initial value of a data section's map. BTF has its
 * offset and type. A struct_ops map is one variable with the name of the map.
 */
#include "variable.h"

#include "abi.h"
#include "elf/base/format.h"
#include "elf/base/text.h"
#include "elf/btf/btf.h"
#include "loader/value/typed_shape.h"
#include "loader/value/value.h"
#include "loader/value/variable_name.h"

/* Searches all maps; found_in is the number of the map. */
static void search(const struct plan *p, const struct btf *b, struct variable_search *s)
{
	for (size_t i = 0; i < p->n_maps; i++) {
		const struct plan_map *m = &p->maps[i];
		if (m->init == PLAN_NONE)
			continue;
		if (m->map_type != BPF_MAP_TYPE_STRUCT_OPS) {
			variable_search_section(s, b, m->value_type, i);
			continue;
		}
		text_list(s->names, sizeof s->names, "%s", m->name);
		if (s->section || strncmp(m->name, s->name, s->len) != 0 || m->name[s->len])
			continue;
		s->n_found++;
		s->found_type = m->value_type;
		s->found_offset = 0;
		s->found_in = i;
	}
}

static bool assign(
	struct plan *p, const struct btf *b, const struct variable_search *s, struct err *e)
{
	const struct plan_blob *blob = &p->blobs[p->maps[s->found_in].init];
	char who[128];
	text_print(who, sizeof who, "variable '%.*s'", (int)s->len, s->name);
	if (!blob->bytes || s->found_offset > blob->size)
		return err_set(e, "%s exceeds its section", who);
	const struct value value = {.btf = b,
		.type = s->found_type,
		.to = blob->bytes + s->found_offset,
		.room = blob->size - s->found_offset,
		.big = p->big,
		.who = who};
	return value_assign(&value, s->rest, e);
}

bool plan_set_variable(struct plan *p, const char *assignment, struct err *e)
{
	struct arena scratch = {0};
	struct btf_meanings meanings;
	struct variable_search s;
	struct btf b;
	if (!variable_search_start(&s, assignment, e))
		return false;
	bool ok = false;
	if (!p->btf.n) {
		err_set(e, "%s: the object has no names of variables (no BTF)", p->path);
		err_hint(e, "compile the object with -g");
	} else if (btf_open(&b, p->btf, NULL, &scratch, e)) {
		search(p, &b, &s);
		ok = (typed_read_meanings(&b, &meanings, NULL, &scratch) || err_nomem(e)) &&
		     variable_search_end(&s, e) && assign(p, &b, &s, e);
		if (!ok)
			err_where(e, "%s", p->path);
	}
	arena_free(&scratch);
	return ok;
}
