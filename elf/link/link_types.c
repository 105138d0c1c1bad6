/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Completes the object's BTF with information from the symbol table. */
#include "link_impl.h"

#include "elf/btf/btf_sanitise.h"

/* The global symbol with this name in a section, or the function if section is 0. */
static const struct elf_symbol *find_symbol(
	const struct elf *elf, uint32_t section, const char *name)
{
	for (uint32_t i = 0; (i = elf_symbol_after(elf, name, i));) {
		const struct elf_symbol *s = &elf->symbols[i];
		bool here = section ? s->section == section : s->type == ELF_FUNC;
		if (here && s->bind != ELF_LOCAL)
			return s;
	}
	return NULL;
}

/* No variable requires a larger alignment. */
static uint64_t aligned(uint64_t n)
{
	return (n + 15) & ~(uint64_t)15;
}

/* BTF has one DATASEC for all sections with the same name, of which a file may have several: they are
 * treated as concatenated. Returns the offset of section i, or the total size if i is 0. */
static uint64_t offset_of_section(const struct elf *elf, const char *name, uint32_t i)
{
	uint64_t place = 0;
	for (uint32_t k = 0; (k = elf_find_after(elf, name, k)) && k != i;)
		place = aligned(place) + elf->sections[k].size;
	return i ? aligned(place) : place;
}

static bool section_size(const void *ctx, const char *section, uint32_t *size)
{
	const struct object *o = ctx;
	const struct elf *elf = &o->elf;
	const struct obj_map *config = object_config_map(o);
	uint32_t i = elf_find(elf, section);
	if (config && !strcmp(section, config->name)) {
		*size = config->value_size;
		return true;
	}
	*size = (uint32_t)offset_of_section(elf, section, 0);
	return i != 0;
}

static bool variable_offset(
	const void *ctx, const char *section, const char *name, uint32_t *offset, bool *hidden)
{
	const struct object *o = ctx;
	const struct obj_map *config = object_config_map(o);
	for (uint32_t i = 0; config && !strcmp(section, config->name) &&
			     (i = elf_symbol_after(&o->elf, name, i));) {
		int k = extern_of_symbol(o, i);
		if (k >= 0 && o->externs[k].kind == EXTERN_CONFIG) {
			*offset = o->externs[k].off;
			return true;
		}
	}
	for (uint32_t i = 0; (i = elf_find_after(&o->elf, section, i));) {
		const struct elf_symbol *s = find_symbol(&o->elf, i, name);
		if (!s)
			continue;
		*offset = (uint32_t)(offset_of_section(&o->elf, section, i) + s->value);
		*hidden = elf_symbol_hidden(s);
		return true;
	}
	return false;
}

static bool hidden_function(const void *ctx, const char *name)
{
	const struct object *o = ctx;
	const struct elf_symbol *s = find_symbol(&o->elf, 0, name);
	return s && elf_symbol_hidden(s);
}

/* Kernels that support parameter tags (6.8) have this type. */
static bool supports_arg_tags(const struct kernel_types *kernel, struct err *e)
{
	const struct btf *b = kernel->n ? kernel->list[0] : NULL;
	return b && (btf_find(b, BTF_STRUCT, LINK_ARG_TAGS) || (btf_end(b, e), false));
}

bool link_types(struct linker *l)
{
	const struct object *o = l->o;
	struct btf_symbols symbols = {section_size, variable_offset, hidden_function, o, true};
	if (!o->has_btf)
		return true;
	if (btf_has_arg_tags(&o->btf)) {
		symbols.arg_tags = supports_arg_tags(l->types, l->e);
		l->image->used_target |=
			symbols.arg_tags; /* without support they become static, which works on all kernels */
	}
	l->image->btf = btf_complete_datasecs(&o->btf, &symbols, o->arena, l->e);
	return !l->e->set;
}
