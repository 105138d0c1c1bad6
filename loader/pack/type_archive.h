/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Writes archives of types, whose form elf/btf/btf_archive.h describes. */
#ifndef SONDE_TYPE_ARCHIVE_H
#define SONDE_TYPE_ARCHIVE_H

#include "flat.h"

#include "elf/base/err.h"
#include "elf/btf/btf_archive.h"

struct type_archive {
	struct arena *arena;
	struct btf_archive_row *rows;
	size_t n, room;
};

/* Memory from a. */
void type_archive_begin(struct type_archive *w, struct arena *a);

/* Adds a kernel; all is borrowed. Fails if it is there already. */
bool type_archive_add(struct type_archive *w, const struct btf_archive_row *row, struct err *e);

/* The file; empty with e set on failure. */
struct span type_archive_end(struct type_archive *w, struct err *e);

#endif
