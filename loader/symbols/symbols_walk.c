/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "symbols_impl.h"

enum {
	VERSION_HIDDEN = 0x8000, /* not the default version */
	VERSION_FIRST = 2,       /* 0 and 1 mean local and global, without a version */
	VERSIONS_MAX = 1024, /* of a file: records may overlap, and each symbol looks for its own */
};

/* The name of a version by number, from a list of records with the offset of the next one. */
static const char *version_name(const struct elf *elf, unsigned number)
{
	const struct elf_section *s = symbols_section(elf, ELF_GNU_VERDEF);
	if (!s || s->link >= elf->n_sections)
		return "";
	uint64_t at = 0;
	for (uint32_t k = 0; k < s->info && k < VERSIONS_MAX && span_has(s->data, at, 20); k++) {
		if (span_u16(s->data, at + 4) == number) {
			uint64_t name = span_u32(s->data, at + span_u32(s->data, at + 12));
			const char *text = span_str(elf->sections[s->link].data, name);
			return text ? text : "";
		}
		uint32_t next = span_u32(s->data, at + 16);
		if (!next)
			break;
		at += next;
	}
	return "";
}

void symbols_find_version(struct symbols_walk *w)
{
	const struct elf_section *numbers = symbols_section(w->elf, ELF_GNU_VERSYM);
	w->version = "";
	w->hidden = false;
	if (w->elf->sections[w->table].type != ELF_DYNSYM || !numbers)
		return;
	uint16_t number = span_u16(numbers->data, (uint64_t)(w->next - 1) * 2);
	w->hidden = number & VERSION_HIDDEN;
	number &= VERSION_HIDDEN - 1;
	if (number >= VERSION_FIRST && w->sym.section != ELF_UNDEF)
		w->version = version_name(w->elf, number);
}

bool symbols_next(const struct symbols *s, struct symbols_walk *w)
{
	for (;;) {
		while (w->table < w->elf->n_sections) {
			const struct elf_section *table = &w->elf->sections[w->table];
			bool symbols = table->type == ELF_SYMTAB || table->type == ELF_DYNSYM;
			if (w->table && symbols && elf_symbol_at(w->elf, table, w->next, &w->sym)) {
				w->next++;
				return true;
			}
			w->table++;
			w->next = 0;
		}
		if (w->elf == &s->debug)
			return false;
		*w = (struct symbols_walk){.elf = &s->debug};
	}
}

/* A relocatable file has no addresses: values are relative to the section. */
static bool offset_of(const struct symbols *s, const struct symbols_walk *w, uint64_t *offset)
{
	uint64_t value = w->sym.value;
	value -= symbols_is_thumb(s, value);
	if (s->elf.type != ELF_TYPE_REL)
		return symbols_offset(s, value, offset);
	if (w->sym.section >= s->elf.n_sections || w->elf != &s->elf)
		return false;
	const struct elf_section *in = &s->elf.sections[w->sym.section];
	*offset = in->file_off + value;
	return value < in->data.n && in->flags & ELF_EXEC;
}

bool symbols_code_offset(const struct symbols *s, const struct symbols_walk *w, uint64_t *offset)
{
	return offset_of(s, w, offset) &&
	       (s->elf.type == ELF_TYPE_REL || symbols_is_code(s, *offset));
}

bool symbols_is_function(const struct symbols *s, const struct symbols_walk *w)
{
	uint64_t offset;
	if (w->sym.section == ELF_UNDEF || !*w->sym.name || *w->sym.name == '$')
		return false; /* $x, $d: mapping symbols of ARM and RISC-V */
	if (w->sym.type == ELF_FUNC || w->sym.type == ELF_IFUNC)
		return true;
	return w->sym.type == ELF_NOTYPE && symbols_code_offset(s, w, &offset);
}
