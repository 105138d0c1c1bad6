/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Archives: the types of several kernels in one file, which `sonde btf archive` makes and --btf takes. All
 * numbers are little-endian.
 *
 *     head    "sonde bt", u32 version, u32 number of bytes of the content, u32 their CRC, u32 0
 *     content compressed (loader/pack/lz.h):
 *             u32 number of kernels
 *             for each: u32 release, u32 machine, u32 types, u32 bytes of the types
 *             strings and BTF
 *
 * release, machine and types are offsets in the content. Kernels with the same types share them.
 */
#ifndef SONDE_BTF_ARCHIVE_H
#define SONDE_BTF_ARCHIVE_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "elf/base/span.h"

#define BTF_ARCHIVE_MAGIC "sonde bt"
enum {
	BTF_ARCHIVE_VERSION = 1,
	BTF_ARCHIVE_HEAD = 24,
	BTF_ARCHIVE_ROW = 16,
	BTF_ARCHIVE_MAX = 1 << 26, /* bytes of the content */
};

struct btf_archive {
	struct span content;
	uint32_t n; /* kernels */
};

struct btf_archive_row {
	const char *release, *machine; /* uname -r, uname -m */
	struct span types;
};

/* Whether a file begins as an archive does. */
bool btf_archive_is(struct span file);

/* Decompresses and checks an archive, which is not trusted; memory from a. What the types contain is not
 * checked. */
bool btf_archive_open(struct btf_archive *ar, struct span file, struct arena *a, struct err *e);

/* Kernel i, which exists. */
struct btf_archive_row btf_archive_row(const struct btf_archive *ar, uint32_t i);

/* The types of a kernel. Fails with the names of those that the archive has. */
bool btf_archive_find(const struct btf_archive *ar, const char *release, const char *machine,
	struct span *types, struct err *e);

#endif
