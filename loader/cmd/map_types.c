/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_types.h"

#include "elf/base/bpf_abi.h"
#include "elf/btf/btf_append.h"

#include <string.h>

/* The map in the object that a map in the kernel was created from; NULL: there is none. */
static const struct obj_map *find_declared(const struct object *o, const struct live_map *m)
{
	for (size_t i = 0; i < o->n_maps; i++) {
		const struct obj_map *x = &o->maps[i];
		if (!strncmp(x->name, m->name, sizeof m->name - 1) && x->kind == OBJ_MAP_DECLARED &&
			x->map_type == m->info.type && x->key_size == m->info.key_size &&
			x->value_size == m->info.value_size)
			return x;
	}
	return NULL;
}

/* chosen: --event gives the type of the values. */
static bool take_declared(
	struct live_map *m, const struct object *o, bool chosen, bool *used, struct err *e)
{
	const struct obj_map *x = find_declared(o, m);
	*used = !m->has_types;
	if (!x)
		return err_set(e, "--debug %s: it has no map '%s' of this type and size", o->path,
			m->name);
	if (m->has_types)
		return true;
	if (!o->has_btf || (!x->key_type && !x->value_type)) {
		if (chosen)
			return true;
		err_set(e, "--debug %s: it does not tell the types of map '%s'", o->path, m->name);
		return err_hint(e, "--event %s=STRUCT selects that of its values", m->name);
	}
	m->btf = o->btf;
	m->key_type = x->key_type;
	m->value_type = x->value_type;
	m->has_types = true;
	return true;
}

/* Finds the type as that of records of a map of this name. */
static bool choose_value(struct live_map *m, const char *which, const struct record_sources *from,
	struct arena *a, struct err *e)
{
	struct record_choice choice = {m->name, from->choices[0].type};
	struct record_sources only = *from;
	struct obj_map map = {
		.name = m->name, .kind = OBJ_MAP_DECLARED, .map_type = BPF_MAP_TYPE_RINGBUF};
	const struct object object = {.path = which, .maps = &map, .n_maps = 1};
	struct record_result found;
	const struct object *twin = from->twin;
	struct span types = m->has_types            ? m->btf.data
	                    : twin && twin->has_btf ? twin->btf.data
	                                            : btf_empty(host_is_big()),
		    shown;
	struct btf btf;
	only.choices = &choice;
	if (from->n_choices > 1 ||
		(strcmp(from->choices[0].map, m->name) && strcmp(from->choices[0].map, which)))
		return err_set(e, "--event %s=...: the map is '%s'",
			from->choices[from->n_choices - 1].map, m->name);
	if (!btf_open(&btf, types, NULL, a, e) ||
		!records_find(&object, &btf, &only, a, &found, &shown, e) ||
		!btf_open(&m->btf, shown, NULL, a, e))
		return false;
	if (found.size != m->info.value_size)
		return err_set(e, "map '%s' has values of %u bytes, and %s has %u", m->name,
			m->info.value_size, found.name, found.size);
	m->value_type = found.type;
	m->has_types = true;
	m->refers = m->data = false;
	return true;
}

bool map_types_choose(struct record_args *r, struct live_map *m, const char *which,
	const struct cmd_records *a, struct session *s, struct err *e)
{
	bool used = false;
	if (!record_args_open(r, a, NULL, s, e))
		return false;
	if (r->from.twin && !take_declared(m, r->from.twin, a->events.n, &used, e))
		return false;
	if (a->events.n && !choose_value(m, which, &r->from, &s->arena, e))
		return false;
	if (a->debug && !used && !r->told)
		cmd_say("note", "--debug was not used: the types of the map are known without it");
	return !m->has_types || typed_read_meanings(&m->btf, &m->meanings, NULL, &s->arena) ||
	       err_nomem(e);
}
