/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Options about the types of records: --event, --types, --debug. */
#ifndef SONDE_RECORD_ARGS_H
#define SONDE_RECORD_ARGS_H

#include "cmd.h"

#include "elf/records/records.h"

/* The files that the options name, opened. */
struct record_args {
	struct record_sources from;
	struct type_file types;
	struct object twin;
	struct span bytes[2]; /* of them */
	bool told;            /* the twin has told the type of a record */
};

/* object: the path of the object that is inspected or planned; NULL: it is about a map in the kernel. Memory, and the kernel's types, from s.
 * r must not move until record_args_close(), which is also required after a failure. */
bool record_args_open(struct record_args *r, const struct cmd_records *a, const char *object,
	struct session *s, struct err *e);
void record_args_close(struct record_args *r);

/* Notes that --debug had no effect, if the types of records have been determined and it had none. */
void record_args_note(const struct record_args *r);

#endif
