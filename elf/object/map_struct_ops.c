/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * struct_ops: a kernel struct of function pointers and data, implemented by an object.
 *
 *     SEC(".struct_ops.link") struct tcp_congestion_ops cubic = {
 *             .ssthresh = (void *)cubic_ssthresh, .name = "bpf_cubic" };
 *
 * Each variable of such a section is a map. Relocations identify the programs that implement its
 * function pointers. Section names that end in .link attach through a BPF link; those that begin
 * with '?' are created only on request.
 */
#include "object.h"

#include "elf/base/bpf_abi.h"

static bool is_struct_ops(const char *section, bool *no_autocreate, bool *link)
{
	*no_autocreate = section[0] == '?';
	section += *no_autocreate;
	*link = !strcmp(section, ".struct_ops.link");
	return *link || !strcmp(section, ".struct_ops");
}

/* Located by symbol: compilers leave the offsets in a DATASEC at 0. */
static bool add_variable(struct object *o, uint32_t section, uint32_t var_id, size_t *cap,
	const struct obj_map *like, struct err *e)
{
	const struct elf_section *s = &o->elf.sections[section];
	struct btf_type var, type;
	btf_type(&o->btf, var_id, &var);
	const struct elf_symbol *sym = elf_symbol_named(&o->elf, section, btf_name(&var));
	uint32_t id = btf_skip(&o->btf, var.type, &type);
	if (!sym || type.kind != BTF_STRUCT || !span_has(s->data, sym->value, type.size))
		return err_set(e, "section '%s': '%s' is not a struct variable in this section",
			s->name, btf_name(&var));
	struct obj_map *m = object_add_map(o, cap);
	if (!m)
		return err_nomem(e);
	*m = *like;
	m->name = btf_name(&var);
	m->off = sym->value;
	m->size = type.size;
	m->struct_type = id;
	m->init = span_sub(s->data, sym->value, type.size);
	return true;
}

bool object_read_struct_ops(struct object *o, size_t *cap, struct err *e)
{
	for (uint32_t i = 1; i < o->elf.n_sections; i++) {
		const struct elf_section *s = &o->elf.sections[i];
		struct obj_map like = {.kind = OBJ_MAP_STRUCT_OPS,
			.section = i,
			.map_type = BPF_MAP_TYPE_STRUCT_OPS,
			.key_size = 4,
			.max_entries = 1};
		bool link;
		struct btf_type sec;
		if (s->type != ELF_PROGBITS || !s->size ||
			!is_struct_ops(s->name, &like.no_autocreate, &link))
			continue;
		like.map_flags = link ? BPF_F_LINK : 0;
		uint32_t id = o->has_btf ? btf_find(&o->btf, BTF_DATASEC, s->name) : 0;
		if (!id)
			return err_set(e,
				"section '%s': the object has no BTF, which its "
				"variables require",
				s->name);
		btf_type(&o->btf, id, &sec);
		for (uint32_t k = 0; k < sec.vlen; k++)
			if (!add_variable(o, i, btf_secinfo(&sec, k).type, cap, &like, e))
				return false;
	}
	return true;
}

/* A function pointer in a struct_ops variable. */
static bool add_pointer(
	struct object *o, uint32_t section, const struct elf_rel *rel, struct err *e)
{
	const struct elf_section *s = &o->elf.sections[section];
	const struct elf_symbol *sym = &o->elf.symbols[rel->symbol];
	struct obj_map *m = object_map_of(o, OBJ_MAP_STRUCT_OPS, section, rel->off);
	const struct obj_func *f =
		object_func_at(o, sym->section, sym->value + span_u64(s->data, rel->off));
	if (!m || !f || !f->entry)
		return err_set(e, "section '%s': byte %llu points to '%s', which is not a program",
			s->name, (unsigned long long)rel->off, sym->name);
	struct obj_slot slot = {.index = (uint32_t)(rel->off - m->off), .func = f};
	return object_add_slot(o, m, slot, e);
}

bool object_read_struct_ops_funcs(struct object *o, struct err *e)
{
	bool no_autocreate, link;
	for (size_t i = 1; i < o->elf.n_sections; i++) {
		const struct elf_section *s = &o->elf.sections[i];
		struct elf_rel rel;
		if ((s->type != ELF_REL && s->type != ELF_RELA) || s->info >= o->elf.n_sections ||
			!is_struct_ops(o->elf.sections[s->info].name, &no_autocreate, &link))
			continue;
		for (size_t k = 0; elf_rel(&o->elf, s, k, &rel); k++)
			if (!add_pointer(o, s->info, &rel, e))
				return false;
	}
	return true;
}
