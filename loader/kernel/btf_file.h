/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Files with types: raw BTF, as in sysfs, or an ELF file with a section .BTF, such as vmlinux. */
#ifndef SONDE_BTF_FILE_H
#define SONDE_BTF_FILE_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "elf/base/span.h"

/* Sets *types to the BTF in a file, which is not trusted, and *base to the base that it brings along
 * (.BTF.base; empty if it has none). Both point into the file. Memory that is only needed meanwhile
 * comes from a. Fails if an ELF file is damaged or has no types; raw BTF is not checked. */
bool btf_file_types(
	struct span file, struct span *types, struct span *base, struct arena *a, struct err *e);

#endif
