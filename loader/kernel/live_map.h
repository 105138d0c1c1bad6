/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Access to any map in the kernel, by id, pinned path or name, with its types. Ids and names require
 * CAP_SYS_ADMIN (4.13); a pin requires access to its file.
 */
#ifndef SONDE_LIVE_MAP_H
#define SONDE_LIVE_MAP_H

#include "elf/base/bpf_attr.h"
#include "elf/btf/btf.h"
#include "loader/value/typed_shape.h"
#include "live_ref.h"
#include "map_element.h"

struct live_map {
	int fd;
	uint32_t id;
	char name[16];        /* in the kernel, truncated to 15 characters */
	struct map_info info; /* info.name points to name */
	struct btf btf;       /* valid if has_types */
	struct btf_meanings meanings;
	bool has_types;
	uint32_t key_type, value_type; /* 0: unknown */
	bool data;                     /* a data section: shown as variables */
	bool refers; /* values have a member that refers to a program: redirect_types.h */
};

/*
 * Opens a map. which: a number (id), a path (pin), or else a name, which must be unique. m must not
 * be moved until live_map_close(): it contains pointers to itself. The types are allocated from a.
 */
bool live_map_open(struct live_map *m, const char *which, const struct sys_watch *watch,
	struct arena *a, struct err *e);
/* The same for a parsed reference. */
bool live_map_open_ref(struct live_map *m, const struct live_ref *which,
	const struct sys_watch *watch, struct arena *a, struct err *e);
void live_map_close(struct live_map *m);

/* Creates a map from the fields of BPF_MAP_CREATE up to map_name. Returns a descriptor, or -1 with e
 * set. */
int live_map_create(union bpf_attr *attr, const struct sys_watch *watch, struct err *e);

/* Calls fn for each map in the kernel, ordered by id, until it returns false. types: also read their
 * BTF. Maps freed in the meantime are skipped. */
bool live_map_each(const struct sys_watch *watch, bool types, struct arena *a,
	bool (*fn)(void *ctx, const struct live_map *m), void *ctx, struct err *e);

#endif
