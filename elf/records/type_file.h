/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A file with types, to look up those of records by name: raw BTF, or an ELF file with BTF or DWARF. */
#ifndef SONDE_TYPE_FILE_H
#define SONDE_TYPE_FILE_H

#include "elf/object/elf.h"
#include "elf/btf/btf.h"
#include "elf/base/err.h"

struct type_file {
	const char *path; /* for messages and as the origin of types; borrowed */
	struct btf btf;   /* btf.data.n is 0 if it has none */
	struct elf elf;   /* elf.n_sections is 0: no ELF file, or one whose DWARF is not used */
};

/* Whether a file is ELF or raw BTF, of either byte order. */
bool type_file_is(struct span bytes);

/*
 * bytes: untrusted; they and path are borrowed. Memory from a. Fails if the file is damaged, if it has
 * neither BTF nor debug information, and on BTF that extends another one (of kernel modules).
 */
bool type_file_open(
	struct type_file *f, const char *path, struct span bytes, struct arena *a, struct err *e);

#endif
