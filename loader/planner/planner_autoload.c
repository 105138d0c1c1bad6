/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which programs of an object to load, and which maps to create. */
#include "planner_impl.h"

#include "elf/base/text.h"

#include <string.h>

enum { NAMES_MAX = 400 };

bool planner_named(const struct plan_options *opt, const struct obj_func *f)
{
	for (size_t i = 0; i < opt->n_only; i++)
		if (!strcmp(opt->only[i], f->name))
			return true;
	return false;
}

/* Whether the initial contents of a map include the program, so that tail calls may lead to it. */
static bool is_tail_called(const struct object *o, const struct obj_func *f)
{
	for (size_t i = 0; i < o->n_maps; i++)
		for (size_t k = 0; o->maps[i].kind == OBJ_MAP_DECLARED && k < o->maps[i].n_slots;
			k++)
			if (o->maps[i].slots[k].func == f)
				return true;
	return false;
}

static bool is_skipped(const struct plan_options *opt, const struct obj_func *f)
{
	for (size_t i = 0; i < opt->n_skip; i++)
		if (!strcmp(opt->skip[i], f->name))
			return true;
	return false;
}

bool planner_creates_map(const struct plan_options *opt, const struct obj_map *m)
{
	bool create = !m->no_autocreate && (m->kind != OBJ_MAP_STRUCT_OPS || !opt->n_only);
	for (size_t i = 0; i < m->n_slots; i++) {
		const struct obj_func *f = m->slots[i].func;
		create |= f && planner_named(opt, f);
		if (f && m->kind == OBJ_MAP_STRUCT_OPS && is_skipped(opt, f))
			return false;
	}
	return create;
}

/* Whether a struct_ops that the program belongs to is created; -1 if there is none. */
static int in_struct_ops(const struct autoload *w, const struct obj_func *f)
{
	int created = -1;
	for (size_t i = 0; i < w->o->n_maps; i++) {
		const struct obj_map *m = &w->o->maps[i];
		for (size_t k = 0; m->kind == OBJ_MAP_STRUCT_OPS && k < m->n_slots; k++)
			if (m->slots[k].func == f && created < 1)
				created = planner_creates_map(w->opt, m);
	}
	return created;
}

bool planner_autoloads(void *ctx, const struct obj_func *f)
{
	const struct autoload *w = ctx;
	if (is_skipped(w->opt, f))
		return false;
	int created = in_struct_ops(w, f);
	if (created >= 0)
		return created;
	if (f->no_autoload && is_tail_called(w->o, f))
		return true;
	return w->opt->n_only ? planner_named(w->opt, f) : !f->no_autoload;
}

/* The programs, for hints. */
static void list_programs(const struct object *o, char *names, size_t size)
{
	*names = 0;
	for (size_t i = 0; i < o->n_funcs; i++)
		if (o->funcs[i].entry)
			text_list(names, size, "%s", o->funcs[i].name);
}

/* Checks that there is a program with that name of n characters. */
static bool check_name(const struct object *o, const char *name, size_t n, struct err *e)
{
	char names[NAMES_MAX];
	for (size_t i = 0; i < o->n_funcs; i++)
		if (o->funcs[i].entry && strlen(o->funcs[i].name) == n &&
			!strncmp(o->funcs[i].name, name, n))
			return true;
	list_programs(o, names, sizeof names);
	err_set(e, "%s: there is no program '%.*s'", o->path, (int)n, name);
	return err_hint(e, "its programs are: %s", names);
}

bool planner_check_once(
	const char *option, const char *const *list, size_t n, const char *all, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(list[i], "=");
		bool named = list[i][len];
		for (size_t k = 0; k < i; k++) {
			size_t other = strcspn(list[k], "=");
			if (named != (list[k][other] != 0) ||
				(named && (len != other || strncmp(list[i], list[k], len) != 0)))
				continue;
			err_set(e, "%s: two values for %.*s", option, named ? (int)len : 99,
				named ? list[i] : all);
			return err_hint(e, "'%s' and '%s': leave one out", list[k], list[i]);
		}
	}
	return true;
}

/* Checks the names in a list of "PROG=VALUE" or "VALUE". */
static bool check_values(const struct object *o, const char *const *list, size_t n, struct err *e)
{
	for (size_t k = 0; k < n; k++) {
		const char *equals = strchr(list[k], '=');
		if (equals && !check_name(o, list[k], (size_t)(equals - list[k]), e))
			return false;
	}
	return true;
}

/* A program may have several targets, but not one twice. */
static bool check_targets(const struct plan_options *opt, struct err *e)
{
	for (size_t i = 0; i < opt->n_target_args; i++)
		for (size_t k = 0; k < i; k++)
			if (!strcmp(opt->target_args[i], opt->target_args[k]))
				return err_set(e, "--on: '%s' is given twice", opt->target_args[i]);
	return true;
}

/* The first function without code outside of .text, or NULL. */
static const struct elf_symbol *empty_program(const struct object *o)
{
	for (size_t i = 0; i < o->elf.n_symbols; i++) {
		const struct elf_symbol *sym = &o->elf.symbols[i];
		if (sym->type == ELF_FUNC && !sym->size && sym->section < o->elf.n_sections &&
			strncmp(o->elf.sections[sym->section].name, ".text", 5) != 0)
			return sym;
	}
	return NULL;
}

static bool fail_no_program(const struct object *o, struct err *e)
{
	const struct elf_symbol *empty = empty_program(o);
	if (empty) {
		err_set(e, "%s: program '%s' (%s) is empty", o->path, empty->name,
			o->elf.sections[empty->section].name);
		return err_hint(e,
			"the compiler removes code whose behaviour is undefined, such as "
			"an access through a NULL pointer");
	}
	err_set(e, "%s: the object contains no program", o->path);
	return o->n_funcs
	               ? err_hint(e,
				 "function '%s' has no section name that specifies its hook: "
				 "SEC(\"tp/...\") int %s(void *ctx)",
				 o->funcs[0].name, o->funcs[0].name)
	               : err_hint(e, "a program is a function with a section name that specifies "
				     "its hook: SEC(\"tp/...\") int f(void *ctx)");
}

bool planner_check_names(const struct autoload *w, struct err *e)
{
	const struct object *o = w->o;
	bool any = w->opt->show || w->opt->load_only; /* maps alone can be loaded */
	char names[NAMES_MAX];
	bool entries = false;
	for (size_t i = 0; i < o->n_funcs; i++)
		entries |= o->funcs[i].entry;
	for (size_t k = 0; k < w->opt->n_only; k++)
		if (!check_name(o, w->opt->only[k], strlen(w->opt->only[k]), e))
			return false;
	for (size_t k = 0; k < w->opt->n_skip; k++)
		if (!check_name(o, w->opt->skip[k], strlen(w->opt->skip[k]), e))
			return false;
	if (!check_values(o, w->opt->target_args, w->opt->n_target_args, e) ||
		!check_values(o, w->opt->types, w->opt->n_types, e) ||
		!check_values(o, w->opt->args, w->opt->n_args, e) || !check_targets(w->opt, e) ||
		!planner_check_once("--type", w->opt->types, w->opt->n_types, "all programs", e) ||
		!planner_check_once("--arg", w->opt->args, w->opt->n_args, "all programs", e) ||
		!planner_check_once("--entries", w->opt->entries, w->opt->n_entries, "all maps", e))
		return false;
	if (!entries && !any)
		return fail_no_program(o, e);
	for (size_t i = 0; i < o->n_funcs && !any; i++)
		any = o->funcs[i].entry && planner_autoloads((void *)(uintptr_t)w, &o->funcs[i]);
	if (!any && w->opt->n_skip)
		return err_set(e, "%s: --skip leaves no program to load", o->path);
	if (!any) {
		list_programs(o, names, sizeof names);
		err_set(e, "%s: autoload is off for all programs (SEC(\"?...\"))", o->path);
		return err_hint(e, "select programs with --only: %s", names);
	}
	return true;
}
