/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Private header of the planner. */
#ifndef SONDE_PLANNER_PARTS_H
#define SONDE_PLANNER_PARTS_H

#include "planner.h"

#include "loader/hook/hook.h"

#include "elf/records/records.h"
#include "loader/plan/builder.h"

/* The state shared by the parts of the planner. */
struct build {
	struct plan_builder b;
	struct plan *p;
	const struct image *image;
	const struct object *o;
	struct target *t;
	const struct plan_options *opt;
	int16_t btf_slot;
	int16_t token_slot;
	struct record_result
		*events;        /* by map, then by function of the object; NULL without types */
	const struct ops **ops; /* by map: the kernel's types for a struct_ops, once found */
	int16_t *symbol_slots;  /* by extern of the object: its address */
	int16_t *module_slots;  /* by index in target.types: slot + 1 of the BTF fd; 0: none yet */
	size_t n_module_slots;
	int16_t *table_slots; /* by jump table of the current program: its map */
	int16_t fd_array;     /* blob with the BTF fds that kfunc calls refer to by index */
	const char *folder,
		*stage; /* with opt->pin: without slashes at the end; where it is built */
};

/* ---- planner_autoload.c: selecting programs and maps ---- */

struct autoload {
	const struct plan_options *opt;
	const struct object *o;
};

/* Whether opt->only names this program. */
bool planner_named(const struct plan_options *opt, const struct obj_func *f);

/* Whether to load a program; ctx: struct autoload. Programs of a struct_ops are loaded if it is
 * created, and a program with autoload off is also loaded if tail calls may lead to it. */
bool planner_autoloads(void *ctx, const struct obj_func *f);

/* Whether to create a map. opt->only selects a struct_ops as a whole, by one of its programs, and
 * opt->skip excludes it as a whole: without some of its functions it would do something else. */
bool planner_creates_map(const struct plan_options *opt, const struct obj_map *m);

/* Fails if an option names a program that does not exist, or if no program is selected, unless the
 * plan is for display or for loading only. */
bool planner_check_names(const struct autoload *w, struct err *e);

/* ---- planner_layouts.c: kernels without BTF; NULL in a program that is linked without ---- */

struct sonde_layout_sources {
	bool (*find)(struct layouts *l, const struct object *o, const struct kernel_facts *facts,
		struct err *e);
	bool (*event_format)(void *ctx, const char *group, const char *event, struct span *text,
		const char **path, struct err *e);
};
extern const struct sonde_layout_sources *const sonde_layouts;

/* ---- planner_args.c: options for single programs ---- */

/* The value of the first "NAME=VALUE" in a list for that name, NULL if there is none. */
const char *planner_value_for(const char *const *list, size_t n, const char *name);

/* Replaces the section names of programs by those of opt->types. */
void planner_set_types(struct object *o, const struct plan_options *opt);

/* The arguments of a program that user space calls, from opt->args, into use->context. False if it
 * requires arguments but has none, with the reason in pp->why, or if the planner failed. */
bool plan_context(struct build *w, struct hook_use *use, struct plan_prog *pp);

/* planner_context.c: what is wrong with the parameters of a program, as its types declare them; NULL
 * if nothing is known to be. */
const char *planner_context_note(
	struct build *w, const struct image_prog *prog, uint32_t prog_type);

/* ---- steps ---- */

/* Whether the plan is also for kernels before this version, ABI_VERSION(major, minor): then it has the
 * steps that only those need. */
bool planner_serves_before(const struct build *w, uint32_t version);

/* planner_types.c: loads the object's types. */
void plan_types(struct build *w);

/* What BPF_MAP_CREATE gets for a map, apart from its name. */
struct map_shape {
	uint32_t key_size, value_size, max_entries, map_flags;
	bool types; /* the kernel accepts BTF types of key and value */
};

/* planner_shapes.c: the definition of a map, completed by what the kernel requires of its type, by
 * --entries and by the page size. Fails if no kernel accepts it. */
bool planner_shape(struct build *w, const struct obj_map *m, struct map_shape *s, struct err *e);

/* planner_maps.c: creates each map, writes its contents and freezes it. */
void plan_maps(struct build *w);

/* planner_maps.c: writes the initial elements of maps of maps (programs false), or of arrays of
 * programs (true), which must have been loaded before. */
void plan_map_slots(struct build *w, bool programs);
/* A copy of the note about the type of records of a map or program, for humans; "" if there is
 * nothing to say. result: in w->events. */
const char *planner_event_note(struct build *w, size_t result, const char *name);

/* planner_externs.c: the slot with an fd of a kernel module's BTF. The step that opens it is added
 * on first use. */
int16_t planner_module_slot(struct build *w, uint32_t index);

/* planner_struct_ops.c: _prepare opens the module's BTF if needed, and precedes the other two, which
 * complete the attr that creates a map or loads a program; _attach registers the maps. */
void plan_struct_ops_prepare(struct build *w, const struct obj_map *m);
void plan_struct_ops_map(struct build *w, const struct obj_map *m, int16_t step);
void plan_struct_ops_prog(struct build *w, const struct obj_func *f, int16_t step);
void plan_struct_ops_attach(struct build *w);

/* Programs that embed libsonde.a link that file with the family of hooks only (hook/struct_ops.c): without
 * it these functions are NULL, and objects with a struct_ops are refused. */
#pragma weak plan_struct_ops_prepare
#pragma weak plan_struct_ops_map
#pragma weak plan_struct_ops_prog
#pragma weak plan_struct_ops_attach

/* planner_maps.c: the offset of an arena's variables. They are in its last pages, because programs
 * take an address whose lower 32 bits are 0 for NULL. If the kernel does not support an offset that
 * large, they are at the start. */
uint32_t planner_globals_offset(struct build *w, const struct obj_map *m);

/* planner_progs.c: the slot of a program, PLAN_NONE if it is not loaded. */
int16_t planner_prog_slot(const struct build *w, const struct obj_func *f);

/* planner_externs.c: resolves each symbol and opens the BTF of each module that a program uses. */
void plan_externs(struct build *w);

/* planner_progs.c: loads all programs, then attaches them. */
void plan_progs(struct build *w);

/*
 * planner_pins.c: pinning by name reuses a map that is already pinned, or creates and pins it. _find
 * precedes the step that creates the map and returns the step that opens the pin; _keep follows.
 */
int16_t plan_pinned_find(struct build *w, const struct obj_map *m, int16_t slot);
void plan_pinned_keep(
	struct build *w, const struct obj_map *m, int16_t slot, int16_t found, int16_t created);

/* Whether a map is found like this: by its name, or, since it keeps its contents, in the folder that is
 * replaced. */
bool planner_may_be_pinned(const struct build *w, const struct obj_map *m);

/* planner_token.c: _open creates the token, before all other steps; _use, after all other steps,
 * makes each call refer to it. */
void plan_token_open(struct build *w);
void plan_token_use(struct build *w);

/* planner_pins.c: pins all maps and programs (opt->pin), in the folder that is being made. */
void plan_pins(struct build *w);

/* The pieces of which it consists: "DIR/kind/name", with dots replaced; a blob with a path; the step that
 * mounts the file system; the removal of a path if the plan fails; a pin with its removal; what is wrong with
 * a path if the kernel answers EPERM. */
const char *planner_pin_path(struct build *w, const char *dir, const char *kind, const char *name);
int16_t planner_path_blob(struct build *w, const char *path);
void planner_mount(struct build *w);
void planner_undo_path(struct build *w, int16_t step, int16_t path);
int16_t planner_pin_step(
	struct build *w, int16_t slot, const char *path, const struct plan_step *like);
const char *planner_denied_path(const char *path);

/* The file name of a link: that of its program, or NAME-2 and so on for further targets. */
const char *planner_link_name(struct build *w, int16_t slot);

/* planner_folder.c: begin() makes the folder of the pins under another name, before anything else; end() pins
 * what the plan has made, gives the folder its name and removes the one it replaces, after everything else;
 * old_pins() tells a hook which pins its link replaces. NULL in a program that is linked without. */
struct sonde_pinning {
	void (*begin)(struct build *w);
	void (*end)(struct build *w);
	void (*old_pins)(struct build *w, struct hook_use *use);
};
extern const struct sonde_pinning *const sonde_pins;

#endif
