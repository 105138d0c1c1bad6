/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_file.h"

#include "elf/object/elf.h"

#include <string.h>

bool btf_file_types(
	struct span file, struct span *types, struct span *base, struct arena *a, struct err *e)
{
	struct elf elf;
	*types = file;
	*base = (struct span){0};
	if (file.n < 4 || memcmp(file.p, "\177ELF", 4) != 0)
		return true;
	if (!elf_open_any(&elf, file, a, e))
		return false;
	uint32_t own = elf_find(&elf, ".BTF"), other = elf_find(&elf, ".BTF.base");
	if (!own) {
		err_set(e, "no section .BTF: the file has no types");
		return err_hint(
			e, "compile objects with clang -g, kernels with CONFIG_DEBUG_INFO_BTF");
	}
	*types = elf.sections[own].data;
	if (other)
		*base = elf.sections[other].data;
	return true;
}
