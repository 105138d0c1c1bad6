/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_file.h"

#include "elf/base/gzip.h"
#include "elf/btf/btf_archive.h"
#include "elf/object/elf.h"

#include <string.h>

static bool begins(struct span file, const char *magic, size_t n)
{
	return file.n >= n && !memcmp(file.p, magic, n);
}

/* Refuses formats that only other programs unpack. */
static bool check_compression(struct span file, struct err *e)
{
	static const struct {
		char magic[7], n, name[6], command[10];
	} formats[] = {{"\x28\xb5\x2f\xfd", 4, "zstd", "unzstd"},
		{"\xfd"
		 "7zXZ",
			6, "xz", "unxz"},
		{"BZh", 3, "bzip2", "bunzip2"}, {"\x04\x22\x4d\x18", 4, "lz4", "unlz4"}};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (begins(file, formats[i].magic, (size_t)formats[i].n)) {
			err_hint(e, "unpack it with %s FILE (a .tar.* with tar xf FILE)",
				formats[i].command);
			return err_set(e, "the file is compressed with %s, sonde reads gzip only",
				formats[i].name);
		}
	return true;
}

static bool types_of_elf(
	struct span file, struct span *types, struct span *base, struct arena *a, struct err *e)
{
	struct elf elf;
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

bool btf_file_types(struct span file, struct btf_file_of of, struct span *types, struct span *base,
	struct arena *a, struct err *e)
{
	struct btf_archive archive;
	if (gzip_is(file) && !inflate_gzip(file, a, &file, e))
		return false;
	*types = file;
	*base = (struct span){0};
	if (!check_compression(file, e))
		return false;
	if (btf_archive_is(file))
		return btf_archive_open(&archive, file, a, e) &&
		       btf_archive_find(&archive, of.release, of.machine, types, e);
	return !begins(file, "\177ELF", 4) || types_of_elf(file, types, base, a, e);
}
