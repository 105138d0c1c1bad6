/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Files with types: raw BTF, as in sysfs; an ELF file with a section .BTF, such as vmlinux; either of them
 * compressed with gzip; an archive of several kernels (btf_archive.h).
 */
#ifndef SONDE_BTF_FILE_H
#define SONDE_BTF_FILE_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "elf/base/span.h"

/* The kernel whose types are taken from an archive. */
struct btf_file_of {
	const char *release, *machine; /* uname -r, uname -m */
};

/* Sets *types to the BTF in a file, which is not trusted, and *base to the base that it brings along
 * (.BTF.base; empty if it has none). Both point into the file, or to memory from a. Fails if a file other than
 * raw BTF, which is not checked, is damaged, has no types, or is compressed in another way. */
bool btf_file_types(struct span file, struct btf_file_of of, struct span *types, struct span *base,
	struct arena *a, struct err *e);

#endif
