/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the parts of the planner share; nobody else includes this. */
#ifndef SONDE_PLANNER_PARTS_H
#define SONDE_PLANNER_PARTS_H

#include "planner.h"

#include "elf/records/records.h"
#include "loader/plan/builder.h"

/* A plan being built. */
struct build {
	struct planner b;
	struct plan *p;
	const struct image *image;
	const struct object *o;
	struct target *t;
	const struct plan_options *opt;
	int16_t btf_slot;
	int16_t token_slot;
	struct record_result *events; /* by map of the object; NULL without types */
	const struct ops **ops;       /* by map: what the kernel has for a struct_ops, once found */
	int16_t *symbol_slots;        /* by extern of the object: its address */
	int16_t *module_slots; /* by types of the kernel: descriptor of a module's, 0: none yet */
	size_t n_module_slots;
	int16_t *table_slots; /* by jump table of the program at hand: its map */
	int16_t fd_array;     /* blob: descriptors that calls of kfuncs refer to by index */
};

/* planner_maps.c: a step for each map, for its contents, for freezing it. */
void plan_maps(struct build *w);

void plan_map_slots(struct build *w, bool programs);

/* planner.c: was this program asked for by its name? */
bool planner_named(const struct plan_options *opt, const struct obj_func *f);

/* planner_externs.c: the slot with a descriptor of the types of a module of the kernel. Its step
 * is added on first use. */
int16_t planner_module_slot(struct build *w, uint32_t index);

/* planner_struct_ops.c: completes the attr that creates a map, the one that loads a program; adds
 * the steps that register them. What these need of a module is opened before. */
void plan_struct_ops_prepare(struct build *w, const struct obj_map *m);
void plan_struct_ops_map(struct build *w, const struct obj_map *m, int16_t step);
void plan_struct_ops_prog(struct build *w, const struct obj_func *f, int16_t step);
void plan_struct_ops_attach(struct build *w);

/* planner_maps.c: the byte of an arena where its variables begin: they fill its last pages, since
 * an address that ends in 32 zero bits is NULL for the program. Where an older kernel does not take
 * an offset that large, they are at its start. */
uint32_t planner_globals_offset(struct build *w, const struct obj_map *m);

/* planner.c: is a map to be made? */
bool planner_creates_map(const struct plan_options *opt, const struct obj_map *m);

/* planner_progs.c: the slot of a program, PLAN_NONE when it is not loaded. */
int16_t planner_prog_slot(const struct build *w, const struct obj_func *f);

/* planner_externs.c: a step for each address and for the types of each module that a program needs.
 */
void plan_externs(struct build *w);

/* planner_progs.c: loads every program, then attaches them. */
void plan_progs(struct build *w);

/*
 * planner_pins.c: a map that is pinned by its name is the one that is pinned already, or it is made
 * and pinned. _find comes before the step that creates it, and gives its own step; _keep comes
 * behind.
 */
int16_t plan_pinned_find(struct build *w, const struct obj_map *m, int16_t slot);
void plan_pinned_keep(
	struct build *w, const struct obj_map *m, int16_t slot, int16_t found, int16_t created);

/* planner_token.c: takes the token that opt->token offers, before all else; in the end, has every
 * call name it. */
void plan_token_open(struct build *w);
void plan_token_use(struct build *w);

/* planner_pins.c: gives everything a name in the bpf file system, so that it outlives the plan. */
void plan_pins(struct build *w);

#endif
