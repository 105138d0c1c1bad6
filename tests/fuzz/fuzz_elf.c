/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as an ELF file of either class: reads every section, segment, symbol and
 * relocation. */
#include <stdlib.h>

#include "elf/object/elf.h"
#include "harness.h"

enum { OBJECT, SMALL };
struct goal goals[] = {[OBJECT] = {.name = "BPF object"}, [SMALL] = {.name = "32 bits"}, {0}};

static uint64_t walk(const struct elf *elf)
{
	uint64_t sum = elf_find(elf, ".symtab") + elf->n_segments;
	for (size_t i = 0; i < elf->n_segments; i++)
		sum += elf->segments[i].address + elf->segments[i].file_size;
	for (size_t i = 0; i < elf->n_sections; i++) {
		const struct elf_section *s = &elf->sections[i];
		struct elf_symbol sym;
		struct elf_rel rel;
		sum += strlen(s->name);
		for (size_t k = 0; k < s->data.n; k += 64)
			sum += s->data.p[k];
		for (size_t k = 0; elf_symbol_at(elf, s, k, &sym); k++) {
			sum += strlen(sym.name) + sym.value;
			if (sym.section != ELF_UNDEF && sym.section < 0xff00 &&
				sym.section >= elf->n_sections)
				abort();
		}
		for (size_t k = 0; elf_rel(elf, s, k, &rel); k++) {
			sum += rel.off;
			if (rel.symbol && rel.symbol >= elf->n_symbols)
				abort();
		}
	}
	return sum;
}

void fuzz_input(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct elf elf;
	struct err e = {0};
	struct span bytes = {data, size, false};
	static volatile uint64_t sum; /* so that nothing is left out */
	bool ok = elf_open_any(&elf, bytes, &a, &e);
	if (ok == e.set)
		abort();
	sum = ok ? walk(&elf) : sum;
	reach(SMALL, ok && !elf.wide);
	e = (struct err){0};
	if (reach(OBJECT, elf_open(&elf, bytes, &a, &e))) {
		walk(&elf);
		for (size_t i = 0; i < elf.n_symbols; i++)
			if (!elf.symbols[i].name)
				abort();
	} else if (!*e.text) {
		abort();
	}
	free_small(&a);
}
