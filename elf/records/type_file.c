/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "type_file.h"

#include <string.h>

static bool is_elf(struct span bytes)
{
	return bytes.n >= 4 && !memcmp(bytes.p, "\177ELF", 4);
}

static bool is_btf(struct span bytes, bool big)
{
	return bytes.n >= 2 && bytes_get(bytes.p, 2, big) == BTF_MAGIC;
}

bool type_file_is(struct span bytes)
{
	return is_elf(bytes) || is_btf(bytes, false) || is_btf(bytes, true);
}

/* Debug information of relocatable files requires their symbols, which only BPF objects are read with. */
static bool open_elf(
	struct type_file *f, struct span bytes, struct span *types, struct arena *a, struct err *e)
{
	struct err ignored = {0};
	if (!elf_open_any(&f->elf, bytes, a, e))
		return false;
	uint32_t btf = elf_find(&f->elf, ".BTF");
	if (btf)
		*types = f->elf.sections[btf].data;
	bool linked = f->elf.type != ELF_TYPE_REL;
	bool dwarf = elf_find(&f->elf, ".debug_info") &&
	             (linked || elf_open(&f->elf, bytes, a, &ignored));
	if (!dwarf)
		f->elf = (struct elf){0};
	if (btf || dwarf)
		return true;
	err_set(e, "the file has no types, neither BTF nor debug information");
	return err_hint(e, "compile it with clang -target bpf -g, and do not strip it");
}

bool type_file_open(
	struct type_file *f, const char *path, struct span bytes, struct arena *a, struct err *e)
{
	struct span types = {0};
	*f = (struct type_file){.path = path};
	if (is_elf(bytes) ? !open_elf(f, bytes, &types, a, e) : !type_file_is(bytes)) {
		if (!e->set)
			err_set(e, "neither an ELF file nor BTF");
		return err_where(e, "%s", path);
	}
	if (!is_elf(bytes)) {
		types = bytes;
		types.big = is_btf(bytes, true);
	}
	return !types.n || btf_open(&f->btf, types, NULL, a, e) || err_where(e, "%s", path);
}
