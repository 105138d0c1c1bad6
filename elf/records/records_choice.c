/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Record types that the user specifies: finds them by name, in the order of struct record_sources. */
#include "records_impl.h"

#include "elf/base/text.h"

bool records_in(const struct obj_map *m)
{
	bool pushed = m->map_type == BPF_MAP_TYPE_QUEUE || m->map_type == BPF_MAP_TYPE_STACK;
	return m->kind == OBJ_MAP_DECLARED &&
	       (m->map_type == BPF_MAP_TYPE_RINGBUF ||
		       m->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ||
		       (pushed && !m->value_type && m->value_size));
}

enum { WORDS = 3 };
static const struct {
	const char *word;
	uint16_t tag;
} words[WORDS] = {
	{"struct ", DW_TAG_structure_type},
	{"union ", DW_TAG_union_type},
	{"enum ", DW_TAG_enumeration_type},
};

const char *records_split(const char *type, uint16_t *tag)
{
	*tag = 0;
	for (size_t i = 0; i < WORDS; i++) {
		size_t n = strlen(words[i].word);
		if (!strncmp(type, words[i].word, n)) {
			*tag = words[i].tag;
			return type + n;
		}
	}
	return type;
}

/* Sets w->tag, too. */
static uint32_t find_in_btf(const struct btf *b, struct record_wish *w)
{
	static const struct {
		enum btf_kind kind;
		uint16_t tag;
	} kinds[] = {
		{BTF_STRUCT, DW_TAG_structure_type},
		{BTF_UNION, DW_TAG_union_type},
		{BTF_TYPEDEF, DW_TAG_typedef},
		{BTF_ENUM, DW_TAG_enumeration_type},
		{BTF_ENUM64, DW_TAG_enumeration_type},
		{BTF_INT, DW_TAG_base_type},
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && *w->name; i++) {
		if (w->tag && w->tag != kinds[i].tag)
			continue;
		uint32_t id = btf_find(b, kinds[i].kind, w->name);
		if (id && btf_size(b, id) > 0) {
			w->tag = kinds[i].tag;
			return id;
		}
	}
	return 0;
}

/* *map: the index of its result. */
static bool find_map(const struct finder *f, const char *name, size_t *map)
{
	char names[300] = "";
	for (size_t i = 0; i < f->o->n_maps; i++) {
		const struct obj_map *m = &f->o->maps[i];
		if (!records_in(m))
			continue;
		if (!strcmp(m->name, name)) {
			*map = i;
			return true;
		}
		text_list(names, sizeof names, "%s", m->name);
	}
	for (size_t i = 0; i < f->o->n_funcs; i++) {
		const struct obj_func *func = &f->o->funcs[i];
		if (!records_is_iterator(func))
			continue;
		if (!strcmp(func->name, name)) {
			*map = f->o->n_maps + i;
			return true;
		}
		text_list(names, sizeof names, "%s", func->name);
	}
	err_set(f->e, "there is no ring buffer, perf event array or iterator '%s'", name);
	return err_hint(f->e, "%s%s", *names ? "the object has: " : "the object has none", names);
}

/* Sets the result of a choice; id 0: the type is not found, or has no equivalent in BTF. */
static bool choose(struct finder *f, const struct record_choice *choice, struct record_wish *w,
	uint32_t id, int64_t size, enum record_origin origin, const char *file)
{
	size_t map, word = 0;
	if (!id || !find_map(f, choice->map, &map))
		return false;
	struct record_result *r = &f->out[map];
	while (word < WORDS && words[word].tag != w->tag)
		word++;
	*r = (struct record_result){.type = id,
		.size = (uint32_t)size,
		.confidence = RECORD_CHOSEN,
		.name = arena_printf(
			f->arena, "%s%s", word < WORDS ? words[word].word : "", w->name),
		.origin = origin,
		.file = file,
		.record = r->record,
		.iterator = r->iterator};
	w->name = NULL;
	return true;
}

/* Copies a type from other BTF, if that has it. */
static bool choose_copy(struct finder *f, const struct record_choice *choice, struct record_wish *w,
	const struct btf *b, enum record_origin origin, const char *file)
{
	uint32_t id = find_in_btf(b, w);
	return id && choose(f, choice, w, btf_append_copy(&f->append, b, id), btf_size(b, id),
			     origin, file);
}

/* Searches the debug information of record_sources.types for the wishes that are left. */
static bool search_file(struct finder *f)
{
	const struct type_file *file = f->from->types;
	const struct record_calls none = {0};
	struct dwarf d;
	if (!file->elf.n_sections || !dwarf_open(&d, &file->elf, f->scratch))
		return !f->scratch->full;
	if (!records_search(&d, f->o, &none, NULL, f->wishes, f->from->n_choices))
		return false;
	for (size_t i = 0; i < f->from->n_choices; i++) {
		struct record_wish *w = &f->wishes[i];
		if (w->name && w->die)
			choose(f, &f->from->choices[i], w, dwarf_to_btf(&d, w->die, &f->append),
				(int64_t)w->size, ORIGIN_FILE, file->path);
		w->die = 0;
	}
	return true;
}

bool records_read_choices(struct finder *f)
{
	const struct record_sources *from = f->from;
	f->wishes = arena_array(f->scratch, from->n_choices, sizeof *f->wishes);
	if (!f->wishes)
		return err_nomem(f->e);
	for (size_t i = 0; i < from->n_choices; i++) {
		size_t map;
		struct record_wish *w = &f->wishes[i];
		if (!find_map(f, from->choices[i].map, &map))
			return false;
		w->name = records_split(from->choices[i].type, &w->tag);
		f->out[map].confidence = RECORD_CHOSEN;
		if (map < f->o->n_maps)
			f->wanted[map] = false;
		if (from->types && from->types->btf.data.n)
			choose_copy(f, &from->choices[i], w, &from->types->btf, ORIGIN_FILE,
				from->types->path);
	}
	if (from->n_choices && from->types && !search_file(f))
		return err_nomem(f->e);
	for (size_t i = 0; i < from->n_choices; i++) {
		size_t map;
		struct record_wish *w = &f->wishes[i];
		uint32_t id = w->name ? find_in_btf(f->btf, w) : 0;
		if (!id || !find_map(f, from->choices[i].map, &map))
			continue;
		records_set(f, &f->out[map], RECORD_CHOSEN, id);
		w->name = NULL;
	}
	return true;
}

bool records_check_choices(struct finder *f)
{
	for (size_t i = 0; i < f->from->n_choices; i++) {
		const char *name = f->from->choices[i].map;
		size_t map;
		if (find_map(f, name, &map) && map >= f->o->n_maps && !f->out[map].record)
			return err_set(f->e,
				"--event has no effect: program '%s' writes text, not records",
				name);
	}
	return true;
}

static bool choose_from_kernel(
	struct finder *f, const struct record_choice *choice, struct record_wish *w)
{
	struct kernel_types *k = f->from->kernel ? f->from->kernel(f->from->ctx, f->e) : NULL;
	bool more = k && !f->e->set;
	for (size_t i = 0; more; i++) {
		if (i == k->n)
			more = kernel_types_all(k, f->e) && i < k->n;
		if (more && choose_copy(f, choice, w, k->list[i], ORIGIN_KERNEL, NULL))
			return true;
	}
	return false;
}

bool records_resolve_choices(struct finder *f)
{
	const char *twin = f->from->twin ? f->from->twin->path : NULL;
	for (size_t i = 0; i < f->from->n_choices; i++) {
		const struct record_choice *choice = &f->from->choices[i];
		struct record_wish *w = &f->wishes[i];
		size_t map_index;
		if (!w->name)
			continue;
		if (w->die && choose(f, choice, w, records_convert(f, w->die), (int64_t)w->size,
				      ORIGIN_DWARF, twin))
			continue;
		if (choose_from_kernel(f, choice, w))
			continue;
		if (f->append.failed || f->e->set)
			return f->e->set ? false : err_nomem(f->e);
		bool map = find_map(f, choice->map, &map_index) && map_index < f->o->n_maps;
		err_set(f->e, "%s '%s': there is no type '%s'", map ? "map" : "program",
			choice->map, choice->type);
		return err_hint(f->e,
			"types are searched in %s%sBTF, in debug information (clang -g, not "
			"stripped; or --debug FILE) and in the kernel's types",
			f->from->types ? f->from->types->path : "", f->from->types ? ", " : "");
	}
	return true;
}
