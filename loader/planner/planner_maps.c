/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "planner_impl.h"

#include "elf/base/arch.h"
#include "elf/base/number.h"
#include "elf/base/text.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <stdio.h>

enum {
	NAME_MAX_KERNEL = BPF_OBJ_NAME_LEN - 1,
	SECTION_ROOM = 7,       /* the length of .rodata */
	OFFSET_LIMIT = 1 << 29, /* for offsets in a map value, before 7.2 */
};

static bool is_map_of_maps(uint32_t map_type)
{
	return map_type == BPF_MAP_TYPE_ARRAY_OF_MAPS || map_type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static bool check_entries(const struct build *w, struct err *e)
{
	char names[400] = "";
	for (size_t i = 0; i < w->opt->n_entries; i++) {
		const char *text = w->opt->entries[i], *number = strchr(text, '=');
		char *end = NULL;
		unsigned long long n = number ? text_u64(number + 1, &end, 0) : 0;
		bool found = false;
		if (!number || end == number + 1 || *end || n > UINT32_MAX)
			return err_set(e, "--entries expects MAP=NUMBER, got '%s'", text);
		for (size_t k = 0; k < w->o->n_maps; k++) {
			const char *name = w->o->maps[k].name;
			found |= (size_t)(number - text) == strlen(name) &&
			         !strncmp(text, name, (size_t)(number - text));
			text_list(names, sizeof names, "%s", name);
		}
		if (!found) {
			err_set(e, "--entries: there is no map '%.*s'", (int)(number - text), text);
			return err_hint(e, "its maps are: %s", names);
		}
	}
	return true;
}

/* The map's name in the kernel, at most 15 characters. Names of data sections are prefixed with the
 * first characters of the object's name, as many as leave room for ".rodata". */
static const char *kernel_name(struct build *w, const struct obj_map *m)
{
	if (m->kind != OBJ_MAP_DATA)
		return m->name;
	int sec = (int)strlen(m->name);
	if (strchr(m->name + 1, '.')) /* .rodata.str1.1 gets no prefix */
		return m->name;
	int head = NAME_MAX_KERNEL - (sec < SECTION_ROOM ? SECTION_ROOM : sec);
	return plan_text(&w->b,
		arena_printf(w->p->arena, "%.*s%s", head > 0 ? head : 0, w->o->name, m->name));
}

static void create_map(struct build *w, const struct obj_map *m, int16_t slot, bool is_template);

/*
 * A map of maps is created with an inner map as template: only maps with the same type and sizes
 * may become its elements.
 */
static int16_t plan_inner(struct build *w, const struct obj_map *outer)
{
	const struct obj_map *inner = outer->inner;
	if (inner && inner->pinned) {
		err_set(w->b.e, "map '%s': its inner map can't be pinned by name", outer->name);
		err_hint(w->b.e, "inner maps are templates: pin the maps that are inserted");
		w->b.failed = true;
		return PLAN_NONE;
	}
	if (!inner && outer->n_slots && !outer->slots[0].func)
		inner = &w->o->maps[outer->slots[0].map];
	if (!inner)
		return PLAN_NONE;
	const char *name =
		plan_text(&w->b, arena_printf(w->p->arena, "inner map of %s", outer->name));
	int16_t slot = plan_add_slot(&w->b, SLOT_MAP, name);
	create_map(w, inner, slot, true);
	return slot;
}

/*
 * The forms of BPF_MAP_CREATE for older kernels. flags: those of the map, if it can do without being
 * mappable. A kernel checks the flags before the types, both with EINVAL, so the form without the flag
 * comes first: it keeps the types on 5.2 to 5.4.
 */
static void older_maps(struct build *w, int16_t step, bool types, uint32_t flags)
{
	struct plan_builder *b = &w->b;
	const bool maps = flags & BPF_F_MMAPABLE && planner_serves_before(w, ABI_VERSION(5, 5));
	const uint32_t plain = maps ? flags & ~(uint32_t)BPF_F_MMAPABLE : flags;
	const char *mappable = "not mappable: kernels before 5.5";
	const uint16_t invalid[PLAN_ERRS] = {EINVAL};
	if (types && flags != plain)
		attr_set(b, plan_add_fallback(b, step, mappable, invalid), ATTR(map_flags), plain);
	if (types) {
		step = plan_add_fallback(b, step, "without types: rejected, or before 4.18",
			(uint16_t[PLAN_ERRS]){EINVAL, E2BIG, ENOTSUPP_KERNEL, ERRS_SKIPPED});
		attr_clear(b, step,
			(const struct attr_field[]){
				ATTR(btf_value_type_id), ATTR(btf_key_type_id), ATTR(btf_fd)},
			3);
	}
	if (flags != plain)
		attr_set(b, plan_add_fallback(b, step, mappable, invalid), ATTR(map_flags), plain);
	if (!planner_serves_before(w, ABI_VERSION(4, 15)))
		return;
	step = plan_add_fallback(
		b, step, "without a name: kernels before 4.15", (uint16_t[PLAN_ERRS]){E2BIG});
	attr_clear(b, step, (const struct attr_field[]){ATTR(map_name)}, 1);
	if (flags != plain)
		attr_set(b, step, ATTR(map_flags), plain);
}

static void create_map(struct build *w, const struct obj_map *m, int16_t slot, bool is_template)
{
	struct plan_builder *b = &w->b;
	const char *name = kernel_name(w, m);
	struct map_shape shape;
	if (!planner_shape(w, m, &shape, b->e)) {
		b->failed = true;
		return;
	}
	if (m->kind == OBJ_MAP_STRUCT_OPS && !plan_struct_ops_prepare) {
		err_set(b->e, "map '%s': this program was linked without struct_ops", m->name);
		b->failed = true;
		return;
	}
	bool types = w->btf_slot != PLAN_NONE && shape.types && (m->key_type || m->value_type);
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = "create",
		.who = plan_text(&w->b, arena_printf(w->p->arena, "map '%s'", m->name))};
	int16_t inner = is_map_of_maps(m->map_type) ? plan_inner(w, m) : PLAN_NONE;
	if (m->kind == OBJ_MAP_STRUCT_OPS)
		plan_struct_ops_prepare(w, m);
	/* A template shares its definition with maps, but is none of them. */
	bool pinned = planner_may_be_pinned(w, m) && !is_template;
	int16_t found = pinned ? plan_pinned_find(w, m, slot) : PLAN_NONE;
	int16_t step = plan_add_step(b, STEP_BPF, BPF_MAP_CREATE, slot, &like);
	const int16_t first = step;
	attr_set(b, step, ATTR(map_type), m->map_type);
	attr_set(b, step, ATTR(key_size), shape.key_size);
	attr_set(b, step, ATTR(value_size), shape.value_size);
	attr_set(b, step, ATTR(max_entries), shape.max_entries);
	attr_set(b, step, ATTR(map_flags), shape.map_flags);
	if (inner != PLAN_NONE)
		attr_slot(b, step, ATTR(inner_map_fd), inner);
	if (m->map_flags & BPF_F_NUMA_NODE)
		attr_set(b, step, ATTR(numa_node), m->numa_node);
	if (!b->failed)
		attr_name(b, step, ATTR(map_name), name);
	if (m->map_extra)
		attr_set(b, step, ATTR(map_extra), m->map_extra);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_MEMLOCK;
	if (m->kind == OBJ_MAP_STRUCT_OPS) {
		plan_struct_ops_map(w, m, step);
		return;
	}
	if (m->map_type == BPF_MAP_TYPE_ARENA) {
		bool narrow = arch_word(w->p->machine) == 4;
		plan_add_hint(b, step, narrow ? EINVAL : EOPNOTSUPP,
			narrow ? "only 64-bit kernels have arenas"
			       : "the JIT compiler of this architecture does not support arenas");
	}
	if (m->address_in) {
		s->flags |= STEP_NOTICE;
		s->note = plan_text(b, arena_printf(w->p->arena,
					       "%s%s%s holds addresses, which stay 0: programs "
					       "cannot have pointers in data",
					       *m->address_in ? "variable '" : "it", m->address_in,
					       *m->address_in ? "'" : ""));
	}
	if (types) {
		attr_slot(b, step, ATTR(btf_fd), w->btf_slot);
		attr_set(b, step, ATTR(btf_key_type_id), m->key_type);
		attr_set(b, step, ATTR(btf_value_type_id), m->value_type);
	}
	older_maps(w, step, types, m->kind == OBJ_MAP_DATA ? m->map_flags : 0);
	if (pinned)
		plan_pinned_keep(w, m, slot, found, first);
}

uint32_t planner_globals_offset(struct build *w, const struct obj_map *m)
{
	struct map_shape shape;
	if (!planner_shape(w, m, &shape, w->b.e))
		return 0;
	uint64_t page = target_page_size(w->t), size = shape.max_entries * page;
	uint64_t used = (m->globals_size + page - 1) / page * page;
	uint64_t at = size > used ? size - used : 0;
	bool far = at >= OFFSET_LIMIT && abi_parse_version(w->t->release) < ABI_VERSION(7, 2);
	return far ? 0 : (uint32_t)at;
}

static void map_arena(struct build *w, const struct obj_map *m, struct plan_map *pm)
{
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = "map",
		.who = plan_text(&w->b, arena_printf(w->p->arena, "arena '%s'", m->name))};
	int16_t data = PLAN_NONE;
	if (m->globals_size)
		data = plan_add_blob(&w->b, NULL, m->globals_size, "variables");
	if (data != PLAN_NONE && m->init.n && !w->b.failed)
		memcpy(w->p->blobs[data].bytes, m->init.p, m->init.n);
	w->p->page_size = target_page_size(w->t);
	if (data != PLAN_NONE && w->o->has_btf) {
		const char *section = w->o->elf.sections[m->globals_section].name;
		pm->value_type = btf_find(&w->o->btf, BTF_DATASEC, section);
		pm->init = data;
	}
	int16_t step = plan_add_step(&w->b, STEP_ARENA, 0, PLAN_NONE, &like);
	struct plan_step *s = plan_step_at(&w->b, step);
	s->args[0].slot = pm->slot;
	s->args[1].value = (int64_t)pm->max_entries * target_page_size(w->t);
	s->args[2].value = (int64_t)m->map_extra;
	s->args[3].blob = data;
	s->args[4].value = planner_globals_offset(w, m);
	s->note = "the first mapping fixes the address, which loading programs requires";
}

/* Writes the contents of a data section, and freezes it if it is read-only. */
static void fill_map(struct build *w, const struct obj_map *m, struct plan_map *pm)
{
	struct plan_builder *b = &w->b;
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = "fill",
		.who = plan_text(&w->b, arena_printf(w->p->arena, "map '%s'", m->name))};
	if (m->kind != OBJ_MAP_DATA)
		return;
	const struct span init = m->config ? w->image->config : m->init;
	pm->init = plan_add_blob(b, init.n ? init.p : NULL, m->value_size, "value");
	uint32_t zero = 0;
	int16_t step = plan_add_step(b, STEP_BPF, BPF_MAP_UPDATE_ELEM, PLAN_NONE, &like);
	attr_slot(b, step, ATTR(map_fd), pm->slot);
	attr_blob(b, step, ATTR(key), plan_add_blob(b, &zero, sizeof zero, "key"));
	attr_blob(b, step, ATTR(value), pm->init);
	attr_set(b, step, ATTR(flags), BPF_ANY);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_UNLESS_ZERO;
	s->note = "skipped if all bytes are zero, as in a new map";
	if (m->read_only) {
		like.doing = "freeze";
		step = plan_add_step(b, STEP_BPF, BPF_MAP_FREEZE, PLAN_NONE, &like);
		attr_slot(b, step, ATTR(map_fd), pm->slot);
		s = plan_step_at(b, step);
		/* Before 5.2, and without the rights that it took until 5.8. */
		plan_tolerate(b, step, (uint16_t[PLAN_ERRS]){EINVAL, EPERM});
		s->note = "from now on the verifier treats these bytes as constants";
	}
}

void plan_map_slots(struct build *w, bool programs)
{
	struct plan_builder *b = &w->b;
	for (size_t i = 0; i < w->o->n_maps && !b->failed; i++) {
		const struct obj_map *m = &w->o->maps[i];
		struct plan_step like = {.prog = PLAN_NONE,
			.doing = "fill",
			.who = plan_text(&w->b, arena_printf(w->p->arena, "map '%s'", m->name))};
		for (size_t k = 0; k < m->n_slots && !b->failed && m->kind == OBJ_MAP_DECLARED;
			k++) {
			const struct obj_slot *s = &m->slots[k];
			int16_t what =
				s->func ? planner_prog_slot(w, s->func) : w->p->maps[s->map].slot;
			if (programs != (s->func != NULL) || what == PLAN_NONE)
				continue;
			uint8_t value[4] = {0}, key[4];
			bytes_put(key, sizeof key, w->p->big, s->index);
			int16_t blob = plan_add_blob(b, value, sizeof value, "value");
			plan_add_patch(b, blob,
				(struct plan_patch){
					0, sizeof value, PATCH_SLOT, (uint16_t)what, 0});
			int16_t step =
				plan_add_step(b, STEP_BPF, BPF_MAP_UPDATE_ELEM, PLAN_NONE, &like);
			attr_slot(b, step, ATTR(map_fd), w->p->maps[i].slot);
			attr_blob(b, step, ATTR(key), plan_add_blob(b, key, sizeof key, "key"));
			attr_blob(b, step, ATTR(value), blob);
		}
	}
}

const char *planner_event_note(struct build *w, size_t result, const char *name)
{
	const char *note =
		w->events ? w->opt->records->note(name, &w->events[result], w->o->arena) : NULL;
	return note ? plan_text(&w->b, arena_strdup(w->p->arena, note)) : "";
}

/* Record types, if programs send records of several types to the map. */
static void plan_kinds(struct build *w, size_t map, struct plan_map *pm)
{
	const struct record_result *r = w->events ? &w->events[map] : NULL;
	if (!r || !r->n_kinds)
		return;
	pm->record_types = arena_array(w->p->arena, r->n_kinds, sizeof *pm->record_types);
	if (!pm->record_types) {
		plan_fail_memory(&w->b);
		return;
	}
	for (size_t i = 0; i < r->n_kinds; i++) {
		const struct record_kind *k = &r->kinds[i];
		pm->record_types[i] = (struct plan_record_type){
			k->type, k->size, k->tag.off, k->tag.size, k->tag.value};
	}
	pm->n_record_types = r->n_kinds;
}

/* The type of a map's values: what programs push onto a queue or stack, if it declares none. */
static uint32_t value_type(const struct build *w, size_t map)
{
	const struct obj_map *m = &w->o->maps[map];
	bool pushed = m->map_type == BPF_MAP_TYPE_QUEUE || m->map_type == BPF_MAP_TYPE_STACK;
	return m->value_type || !pushed || !w->events ? m->value_type : w->events[map].type;
}

void plan_maps(struct build *w)
{
	struct plan *p = w->p;
	if (!check_entries(w, w->b.e)) {
		w->b.failed = true;
		return;
	}
	p->maps = arena_array(p->arena, w->o->n_maps, sizeof *p->maps);
	if (!p->maps) {
		plan_fail_memory(&w->b);
		return;
	}
	for (size_t i = 0; i < w->o->n_maps && !w->b.failed; i++) {
		const struct obj_map *m = &w->o->maps[i];
		struct plan_map *pm = &p->maps[p->n_maps++];
		struct map_shape shape;
		struct err ignored = {0};
		bool created = planner_creates_map(w->opt, m);
		if (!planner_shape(w, m, &shape, created ? w->b.e : &ignored) && created) {
			w->b.failed = true;
			return;
		}
		*pm = (struct plan_map){
			.name = plan_text(&w->b, arena_strdup(p->arena, m->name)),

			.init = PLAN_NONE,
			.map_type = m->map_type,
			.key_size = shape.key_size,
			.value_size = shape.value_size,
			.max_entries = shape.max_entries,
			.map_flags = shape.map_flags,
			.key_type = shape.key_size == m->key_size ? m->key_type : 0,
			.value_type = shape.value_size == m->value_size ? value_type(w, i) : 0,
			.event_type = w->events ? w->events[i].type : 0,
			.event_note = planner_event_note(w, i, m->name),
			.data = m->kind == OBJ_MAP_DATA,
			.frozen = m->read_only,
		};
		plan_kinds(w, i, pm);
		pm->slot = PLAN_NONE;
		if (!created)
			continue;
		pm->slot = plan_add_slot(&w->b, SLOT_MAP, pm->name);
		create_map(w, m, pm->slot, false);
		fill_map(w, m, pm);
		if (m->map_type == BPF_MAP_TYPE_ARENA)
			map_arena(w, m, pm);
	}
	plan_map_slots(w, false);
}
