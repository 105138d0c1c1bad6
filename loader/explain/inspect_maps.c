/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "inspect_impl.h"

#include "elf/records/records.h"
#include "loader/plan/abi.h"
#include "loader/show/typed.h"

#include <inttypes.h>
#include <string.h>

/* The type of a key or value, or its size if the type is unknown. */
static const char *type_cell(struct inspection *in, uint32_t type, uint32_t size)
{
	char spelled[CELL];
	if (!size)
		return "";
	if (!type || !in->o.has_btf)
		return arena_printf(in->arena, "%" PRIu32 " bytes", size);
	btf_spell(&in->o.btf, type, spelled, sizeof spelled);
	return arena_printf(in->arena, "%s (%" PRIu32 ")", spelled, size);
}

/* "BPF_F_RDONLY_PROG | BPF_F_MMAPABLE" -> "RDONLY_PROG | MMAPABLE" */
static void shorten(char *flags)
{
	static const char prefix[] = "BPF_F_";
	size_t n = sizeof prefix - 1;
	for (char *p = flags; (p = strstr(p, prefix));)
		memmove(p, p + n, strlen(p + n) + 1);
}

void show_maps(struct inspection *in)
{
	static const char *const heads[] = {
		"name", "type", "key", "value", "entries", "flags", NULL};
	struct listing l = listing(in->arena, "map", "maps", heads);
	const struct record_result *events = in->records;
	for (size_t i = 0; i < in->o.n_maps; i++) {
		const struct obj_map *m = &in->o.maps[i];
		char nick[48], flags[CELL] = "";
		const char *value = type_cell(in, m->value_type, m->value_size);
		if (m->kind == OBJ_MAP_DATA)
			value = arena_printf(in->arena, "%" PRIu32 " bytes", m->value_size);
		bool hidden_key = m->kind != OBJ_MAP_DECLARED;
		if (m->kind == OBJ_MAP_STRUCT_OPS)
			value = type_cell(in, m->struct_type, (uint32_t)m->size);
		if (events && events[i].type)
			value = events[i].name;
		if (m->map_flags)
			abi_expr(ABI_MAP_FLAGS, m->map_flags, flags, sizeof flags);
		if (!in->opt->json)
			shorten(flags);
		listing_row(&l, m->name, abi_nick(ABI_MAP_TYPES, m->map_type, nick),
			hidden_key ? "" : type_cell(in, m->key_type, m->key_size), value,
			number_cell(in, m->max_entries), flags);
	}
	listing_print(&l, in->opt->json, in->out);
}

/* The offset of a variable: clang does not set it in BTF, so use the symbol. */
static uint64_t offset_of(
	const struct object *o, uint32_t section, const char *name, uint32_t fallback)
{
	const struct elf_symbol *s = elf_symbol_named(&o->elf, section, name);
	return s ? s->value : fallback;
}

/* The variables of a data section, or those of an arena. */
static void list_variables(struct inspection *in, const struct obj_map *m, struct listing *l)
{
	const struct btf *b = &in->o.btf;
	bool data = m->kind == OBJ_MAP_DATA;
	uint32_t section = data ? m->section : m->globals_section;
	const char *name_of_section = in->o.elf.sections[section].name;
	struct btf_type sec, var;
	btf_type(b, data ? m->value_type : btf_find(b, BTF_DATASEC, name_of_section), &sec);
	for (uint32_t i = 0; i < sec.vlen; i++) {
		struct btf_secinfo info = btf_secinfo(&sec, i);
		char type[CELL];
		if (!btf_type(b, info.type, &var) || btf_var_linkage(&var) == BTF_STATIC)
			continue;
		const char *name = btf_name(&var);
		uint64_t off = offset_of(&in->o, section, name, info.offset);
		btf_spell(b, var.type, type, sizeof type);
		struct typed_field f = {.type = var.type, .bit_off = off * 8};
		listing_row(l, name, type, m->name, m->init.n ? value_cell(in, f, m->init) : "0");
	}
}

void show_variables(struct inspection *in)
{
	static const char *const heads[] = {"name", "type", "section", "value", NULL};
	struct listing l = listing(in->arena, "variable", "variables (--set NAME=VALUE)", heads);
	for (size_t i = 0; i < in->o.n_maps && in->o.has_btf; i++)
		if (in->o.maps[i].globals_size ||
			(in->o.maps[i].kind == OBJ_MAP_DATA && in->o.maps[i].value_type &&
				!in->o.maps[i].config))
			list_variables(in, &in->o.maps[i], &l);
	listing_print(&l, in->opt->json, in->out);
}
