/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement inspect.h. */
#ifndef SONDE_INSPECT_IMPL_H
#define SONDE_INSPECT_IMPL_H

#include "elf/link/link.h"
#include "elf/records/records.h"
#include "inspect.h"
#include "loader/show/listing.h"
#include "loader/show/typed.h"

enum { CELL = 160 };

struct inspection {
	const struct inspect_options *opt;
	struct object o;
	struct arena *arena;
	FILE *out;
	struct listing core, failed, layouts; /* filled while linking */
	const struct record_result *records;  /* by map, then by function */
	struct btf shown;                     /* their types */
};

/* A number as text, in the arena. */
const char *number_cell(struct inspection *in, uint64_t n);

/* A value as text in at most 48 columns, in the arena; NULL if out of memory. */
char *value_cell(struct inspection *in, struct typed_field f, struct span record);

/* Finds in->records. Fails on types that the user specifies and that do not exist. */
bool find_records(struct inspection *in, struct err *e);

/* The types of records, where they come from, and fields that the code tells. */
void show_records(struct inspection *in);

/* What their members mean. */
void show_meanings(struct inspection *in);

/* The map or iterator that has records, by index of its result; NULL for others. */
const char *sender_name(const struct inspection *in, size_t i);

void show_maps(struct inspection *in);
void show_variables(struct inspection *in);
void show_externs(struct inspection *in, struct target *t);

/* Relocations of the code as they are in the file. */
void show_relocations(struct inspection *in);

/* Links each program: CO-RE relocations, failures, code. Closes t. */
void show_linking(struct inspection *in, struct target *t);

#endif
