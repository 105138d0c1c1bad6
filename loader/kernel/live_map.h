/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Maps that live in the kernel, whoever made them: found by id, pin or name, with the types that
 * they were made with. CAP_SYS_ADMIN for ids and names (4.13), the rights of the file for a pin.
 */
#ifndef SONDE_LIVE_MAP_H
#define SONDE_LIVE_MAP_H

#include "elf/btf/btf.h"
#include "map_element.h"

struct live_map {
	int fd; /* belongs to whoever opened it: map_close() */
	uint32_t id;
	char name[16];        /* as the kernel has it, cut to 15 characters */
	struct map_info info; /* info.name is name */
	struct btf btf;       /* valid when has_types */
	bool has_types;
	uint32_t key_type, value_type; /* 0 unknown */
	bool data;                     /* a data section: its variables are what counts */
};

/*
 * which: a number (id), a path (pin), else a name, which only one map may have. m must stay where
 * it is until live_map_close(). Types are in a.
 */
bool live_map_open(struct live_map *m, const char *which, const struct sys_watch *watch,
	struct arena *a, struct err *e);
void live_map_close(struct live_map *m);

/* Calls fn for each map in the kernel, in the order of ids, until it returns false. types: read
 * them as well. Maps that end meanwhile are left out. */
bool live_map_each(const struct sys_watch *watch, bool types, struct arena *a,
	bool (*fn)(void *ctx, const struct live_map *m), void *ctx, struct err *e);

/* One key or value out of a text (value.h), in memory of a; NULL with e set. */
uint8_t *live_map_key(const struct live_map *m, const char *text, struct arena *a, struct err *e);

/*
 * Writes the element of a key (a keyless map: the next one), in all CPUs alike; members that the
 * text does not name keep their values when the element exists.
 */
bool live_map_set(struct live_map *m, const char *key, const char *value, unsigned cpus,
	const struct sys_watch *watch, struct arena *a, struct err *e);

/*
 * Writes one variable of a data section: where the map can be mapped (BPF_F_MMAPABLE, 5.5) only its
 * own bytes, else the whole section is read and written back. text: "VAR=VALUE".
 */
bool live_map_set_variable(struct live_map *m, const char *text, const struct sys_watch *watch,
	struct arena *a, struct err *e);

#endif
