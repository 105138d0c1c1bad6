/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Writing elements of a live map, as text (loader/value/value.h). Besides values of its types:
 *
 *     LPM_TRIE                   keys are prefixes: 10.1.0.0/16, 2001:db8::/32
 *     PROG_ARRAY                 values are programs, by id or pinned path
 *     ARRAY_OF_MAPS, HASH_OF_MAPS   values are maps, by id, pinned path or name
 *     DEVMAP, DEVMAP_HASH, CPUMAP   values of 8 bytes have a program: prog=ID, prog=PATH
 */
#ifndef SONDE_MAP_WRITE_H
#define SONDE_MAP_WRITE_H

#include "live_map.h"

enum { MAP_ALL_CPUS = -1 };

struct map_writer {
	struct live_map *map;
	unsigned cpus; /* possible CPUs, for per-CPU maps */
	int cpu;       /* the only one to write, or MAP_ALL_CPUS */
	const struct sys_watch *watch;
	struct arena *arena;
};

/* Parses a key into memory from the arena; NULL with e set on failure. text: untrusted. */
uint8_t *map_write_key(const struct map_writer *w, const char *text, struct err *e);

/*
 * Writes the element with the given key (queues and stacks: pushes an element; key is NULL).
 * Members and elements of arrays that value does not name are kept, on each CPU those of that CPU.
 * The kernel has no call that changes a part of a value: changes that a program makes between
 * reading and writing the element are lost.
 */
bool map_write_element(
	const struct map_writer *w, const char *key, const char *value, struct err *e);

/*
 * Writes a variable of a data section. text: "VAR=VALUE" (loader/value/variable_name.h). If the map
 * can be mmapped (BPF_F_MMAPABLE, 5.5) only the bytes that change are written, else the whole
 * section is read and written back.
 */
bool map_write_variable(const struct map_writer *w, const char *text, struct err *e);

#endif
