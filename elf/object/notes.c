/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "notes.h"

enum { HEADER = 12, TYPE_PROBE = 3 };

static uint64_t padded(uint32_t n)
{
	return ((uint64_t)n + 3) & ~(uint64_t)3;
}

/* Three addresses, three strings. */
static bool read_probe(const struct elf *elf, struct span desc, struct notes_probe *out)
{
	size_t word = elf->wide ? 8 : 4;
	uint64_t at = 3 * word;
	const char *strings[3];
	for (int i = 0; i < 3; i++) {
		strings[i] = span_str(desc, at);
		if (!strings[i])
			return false;
		at += strlen(strings[i]) + 1;
	}
	uint32_t base_section = elf_find(elf, ".stapsdt.base");
	uint64_t base = elf_word(elf, desc, 8, 4), moved = 0;
	uint64_t mask = elf->wide ? UINT64_MAX : UINT32_MAX;
	if (base_section && base)
		moved = elf->sections[base_section].address - base;
	*out = (struct notes_probe){.address = (elf_word(elf, desc, 0, 0) + moved) & mask,
		.semaphore = elf_word(elf, desc, 16, 8),
		.provider = strings[0],
		.name = strings[1],
		.args = strings[2]};
	if (out->semaphore)
		out->semaphore = (out->semaphore + moved) & mask;
	return true;
}

bool notes_next_probe(const struct elf *elf, const struct elf_section *section, uint64_t *at,
	struct notes_probe *out)
{
	struct span notes = section->data;
	while (span_has(notes, *at, HEADER)) {
		uint32_t name_size = span_u32(notes, *at), desc_size = span_u32(notes, *at + 4);
		uint64_t name_at = *at + HEADER, desc_at = name_at + padded(name_size);
		if (!span_has(notes, name_at, name_size) || !span_has(notes, desc_at, desc_size))
			return false;
		uint32_t type = span_u32(notes, *at + 8);
		const char *owner = span_str(span_sub(notes, name_at, name_size), 0);
		struct span desc = span_sub(notes, desc_at, desc_size);
		*at = desc_at + padded(desc_size);
		if (type == TYPE_PROBE && owner && !strcmp(owner, "stapsdt") &&
			read_probe(elf, desc, out))
			return true;
	}
	return false;
}
