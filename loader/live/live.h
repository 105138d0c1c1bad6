/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the views of the objects in the kernel share. */
#ifndef SONDE_LIVE_H
#define SONDE_LIVE_H

#include "loader/kernel/live_link.h"
#include "loader/kernel/live_prog.h"
#include "loader/show/json.h"
#include "loader/symbols/names.h"

struct live {
	struct target *kernel; /* the running one; its arena has everything */
	struct live_types types;
	struct names names; /* of addresses in the kernel, of cgroups */
	bool json;
	FILE *out; /* cleaned unless json */
};

/* l must not move. */
void live_open(struct live *l, struct target *kernel, bool json, FILE *out);

/* The facts about a program; all zero if it is gone, cannot be opened, or id is 0. */
struct live_prog live_program(struct live *l, uint32_t id);

/* The name and type of a map, "" and 0 if it is gone or cannot be opened. The name is untrusted. */
struct live_map_name {
	char name[BPF_OBJ_NAME_LEN];
	uint32_t type, struct_ops; /* struct_ops: id of the type of its value in the kernel, or 0 */
};
struct live_map_name live_map_name(struct live *l, uint32_t id);

/* Appends "12 (name)", or "12", to the text in buf. */
void live_add_map(struct live *l, uint32_t id, char *buf, size_t size);

/*
 * Facts about an object: one per line, indented and aligned, or members of a JSON object.
 *	struct facts f = facts_open(l, "program", id, name);
 *	facts_number(&f, "uid", 0);
 *	facts_close(&f);
 */
struct facts {
	struct live *l;
	struct json j;
};
struct facts facts_open(struct live *l, const char *what, uint32_t id, const char *name);
void facts_text(struct facts *f, const char *key, const char *text); /* "": none */
void facts_number(struct facts *f, const char *key, uint64_t n);
void facts_bool(struct facts *f, const char *key, bool v);
/* Fields of a structure that the kernel filled in (size bytes), except for pointers. layout: of
 * loader/plan/abi.h. skip: those of this name and before it. */
void facts_fields(
	struct facts *f, unsigned layout, const void *info, uint32_t size, const char *skip);
/* The number after a field of the descriptor's fdinfo ("\nmemlock:"), which only /proc has. */
void facts_fdinfo(struct facts *f, const char *key, int fd, const char *field);
void facts_close(struct facts *f);

#endif
