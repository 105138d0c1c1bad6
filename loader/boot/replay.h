/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a recording contains: its records in the order of their time, with the columns that `sonde run` would show.
 *
 * The time of a record is what the program has taken from the kernel's clock, if the record has such a member
 * (docs/records.md), else when the recorder has read it: always since boot, in nanoseconds.
 */
#ifndef SONDE_REPLAY_H
#define SONDE_REPLAY_H

#include "loader/plan/plan.h"
#include "loader/show/table.h"
#include "recording.h"

/* Records of one type. */
struct replay_type {
	struct table table;
	struct json_row stamped; /* with the time, if the record has none; else unused */
	struct typed_field time;
	bool has_time;
};

struct replay_map {
	const struct plan_map *map;
	struct replay_type *types; /* the last one: of records of no other type; NULL: no buffer */
	uint64_t lost;
	bool loses; /* records were lost, perhaps an unknown number: 0 */
};

struct replay_plan {
	struct plan plan;
	struct btf btf;
	bool has_btf;
	struct btf_meanings meanings;
	struct replay_map *maps; /* as plan.maps */
};

struct replay_row {
	uint64_t time_ns;
	size_t number; /* in the recording: decides between equal times */
	const struct replay_map *map;
	const struct replay_type *type;
	uint32_t length;    /* of the record */
	struct span stored; /* without the zeros at its end */
};

struct replay {
	struct arena *arena; /* borrowed */
	const char *path;
	struct replay_plan *plans[RECORDING_PLANS];
	size_t n_plans;
	struct replay_row *rows;
	size_t n_rows, room;
	uint8_t *scratch; /* for a record with its zeros */
	uint64_t end_ns;  /* of the recording */
	bool ended;       /* in good order; how: enum recording_end */
	uint32_t how;
};

/*
 * Reads a recording. bytes: untrusted, borrowed, as path is. where: which records to keep, or NULL. Memory from a;
 * r must not move. False with e set.
 */
bool replay_open(struct replay *r, const char *path, struct span bytes,
	const struct row_filter *where, struct arena *a, struct err *e);

/* Prints all records, as text or as JSON (docs/json.md), then what is missing, to status (not with json). */
void replay_print(const struct replay *r, bool json, FILE *out, FILE *status);

/* A whole record, valid until the next call for r. */
struct span replay_record(const struct replay *r, const struct replay_row *row);

/* The number in a member of a record, by its name; false if it has none. */
bool replay_number(
	const struct replay *r, const struct replay_row *row, const char *member, uint64_t *v);

/* The text in a member, up to its first NUL; an enumerator's name. Into buf; false if there is none. */
bool replay_text(const struct replay *r, const struct replay_row *row, const char *member,
	char *buf, size_t size);

#endif
