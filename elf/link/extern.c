/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "extern.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/suggest.h"
#include "elf/object/kconfig.h"
#include "implicit.h"

#include <stdlib.h>

static const char config_section[] = ".kconfig", ksyms_section[] = ".ksyms";

/* ---- externs of the object ---- */

/* By symbol, the id of its variable or function in a section of externs, 0 if there is none. NULL if
 * memory is exhausted. */
static uint32_t *ids_in(const struct object *o, const char *section)
{
	const struct btf *b = &o->btf;
	struct btf_type sec, t;
	uint32_t *ids = arena_array(o->arena, o->elf.n_symbols, sizeof *ids);
	btf_type(b, btf_find(b, BTF_DATASEC, section), &sec);
	for (uint32_t i = 0; ids && i < sec.vlen; i++) {
		btf_type(b, btf_secinfo(&sec, i).type, &t);
		for (uint32_t k = 0; (k = elf_symbol_after(&o->elf, btf_name(&t), k)) && !ids[k];)
			ids[k] = t.id;
	}
	return ids;
}

static uint32_t alignment(const struct btf *b, uint32_t id)
{
	struct btf_type t;
	btf_skip(b, id, &t);
	for (int depth = 0; t.kind == BTF_ARRAY && depth < BTF_DEPTH; depth++)
		btf_skip(b, t.type, &t);
	int64_t size = btf_size(b, t.id);
	return size >= 8 ? 8 : size >= 4 ? 4 : size >= 2 ? 2 : 1;
}

/* config, ksym: the ids in both sections, see ids_in(). */
static bool read_extern(struct object *o, uint32_t symbol, uint32_t config, uint32_t ksym,
	struct obj_extern *x, struct err *e)
{
	const struct elf_symbol *sym = &o->elf.symbols[symbol];
	struct btf_type t, target;
	btf_type(&o->btf, config ? config : ksym, &t);
	*x = (struct obj_extern){
		.name = sym->name, .weak = sym->bind == ELF_WEAK, .symbol = symbol, .type = t.type};
	btf_skip(&o->btf, t.type, &target);
	if (config) {
		int64_t size = btf_size(&o->btf, t.type);
		x->kind = EXTERN_CONFIG;
		x->size = (uint32_t)size;
		x->align = alignment(&o->btf, t.type);
		return size > 0 || err_set(e, "extern '%s': the type has no size", sym->name);
	}
	x->kind = t.kind == BTF_FUNC        ? EXTERN_KFUNC
	          : target.kind == BTF_VOID ? EXTERN_ADDRESS
	                                    : EXTERN_VARIABLE;
	return ksym || (x->symbol = 0, true);
}

static int by_place(const void *a, const void *b)
{
	const struct obj_extern *x = a, *y = b;
	if (x->kind != y->kind)
		return (x->kind > y->kind) - (x->kind < y->kind);
	if (x->align != y->align)
		return x->align > y->align ? -1 : 1;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* The variables of .kconfig become one map. */
static bool add_config_map(struct object *o, size_t *cap, struct err *e)
{
	uint64_t end = 0;
	for (size_t i = 0; i < o->n_externs; i++) {
		struct obj_extern *x = &o->externs[i];
		if (x->kind != EXTERN_CONFIG)
			continue;
		end = (end + x->align - 1) & ~(uint64_t)(x->align - 1);
		x->off = (uint32_t)end;
		end += x->size;
	}
	if (!end)
		return true;
	if (end > UINT32_MAX)
		return err_set(e, "section '.kconfig' is too large for a map");
	struct obj_map *m = object_add_data_map(o, cap, config_section, (uint32_t)end, true);
	if (!m)
		return err_nomem(e);
	m->map_flags |= BPF_F_MMAPABLE; /* externs are never static */
	m->config = true;
	o->config_map = (uint32_t)(m - o->maps) + 1;
	return true;
}

static bool is_undefined(const struct elf_symbol *s)
{
	return s->section == ELF_UNDEF && s->bind != ELF_LOCAL && *s->name;
}

/* Sorts the externs and makes them findable by symbol. */
static bool sort_externs(struct object *o, struct err *e)
{
	if (!o->n_externs)
		return true;
	o->extern_of = arena_array(o->arena, o->elf.n_symbols, sizeof *o->extern_of);
	if (!o->extern_of)
		return err_nomem(e);
	qsort(o->externs, o->n_externs, sizeof *o->externs, by_place);
	for (uint32_t i = 0; i < o->n_externs; i++)
		o->extern_of[o->externs[i].symbol] = i + 1;
	return true;
}

bool object_read_externs(struct object *o, size_t *map_cap, struct err *e)
{
	size_t cap = 0, first = 1;
	while (first < o->elf.n_symbols && !is_undefined(&o->elf.symbols[first]))
		first++;
	if (first >= o->elf.n_symbols || !o->has_btf)
		return true;
	const uint32_t *config = ids_in(o, config_section), *ksyms = ids_in(o, ksyms_section);
	if (!config || !ksyms)
		return err_nomem(e);
	for (size_t i = first; i < o->elf.n_symbols; i++) {
		if (!is_undefined(&o->elf.symbols[i]))
			continue;
		void *p = arena_grow(o->arena, o->externs, o->n_externs, &cap, sizeof *o->externs);
		if (!p)
			return err_nomem(e);
		o->externs = p;
		struct obj_extern *x = &o->externs[o->n_externs];
		if (!read_extern(o, (uint32_t)i, config[i], ksyms[i], x, e))
			return false;
		o->n_externs += x->symbol != 0;
	}
	return sort_externs(o, e) && add_config_map(o, map_cap, e);
}

int extern_of_symbol(const struct object *o, uint32_t symbol)
{
	return o->extern_of ? (int)o->extern_of[symbol] - 1 : -1;
}

/* ---- symbols of the kernel ---- */

struct config_text {
	struct span text;
	bool tried;
	struct err error; /* why it is not available */
};

static bool find_config(const struct object *o, const struct obj_extern *x,
	const struct kernel_facts *facts, struct config_text *c, uint8_t *to,
	struct extern_result *answer, struct err *e)
{
	const char *value = NULL;
	uint64_t number = 0;
	size_t len = 0;
	bool big = o->elf.file.big;
	if (!strncmp(x->name, "LINUX_", 6)) {
		answer->found =
			facts && facts->number && facts->number(facts->ctx, x->name, &number);
		answer->why = "unknown LINUX_ name";
		return !answer->found || kconfig_put_number(&o->btf, x->type, number, to, big, e) ||
		       err_where(e, "extern '%s'", x->name);
	}
	if (!c->tried) {
		c->tried = true;
		if (facts && facts->config)
			facts->config(facts->ctx, &c->text, &c->error);
	}
	answer->found = c->text.n && kconfig_find(c->text, x->name, &value, &len);
	answer->why = c->error.set ? arena_strdup(o->arena, c->error.text)
	                           : "not set in the kernel configuration";
	if (!answer->why)
		return err_nomem(e);
	return !answer->found || kconfig_put(&o->btf, x->type, value, len, to, big, e) ||
	       err_where(e, "extern '%s'", x->name);
}

static bool same_name(const char *mine, size_t len, const char *other)
{
	return !strncmp(mine, other, len) && !other[len];
}

static bool is_unresolved(const struct obj_extern *x, const struct extern_result *a)
{
	return !a->found && !a->why && (x->kind == EXTERN_VARIABLE || x->kind == EXTERN_KFUNC);
}

/* Checks the type of a kernel variable or function with a matching name. */
static bool consider(const struct object *o, const struct obj_extern *x, const struct btf_type *t,
	uint32_t target, struct extern_result *answer, struct err *e)
{
	if ((t->kind == BTF_FUNC) != (x->kind == EXTERN_KFUNC))
		return true;
	bool fits = core_compatible(&o->btf, x->type, t->btf, t->type, e);
	if (e->set)
		return false;
	if (fits)
		*answer = (struct extern_result){true, t->id, target, NULL};
	else
		answer->why = "the kernel has a symbol with this name but another type";
	return true;
}

/* One pass over the types of vmlinux or of a module, for all unresolved externs. */
static bool find_typed(const struct object *o, const struct btf *b, uint32_t target,
	struct extern_result *results, struct err *e)
{
	const uint32_t kinds = 1u << BTF_VAR | 1u << BTF_FUNC;
	struct btf_names names = {0};
	for (size_t i = 0; i < o->n_externs; i++)
		if (is_unresolved(&o->externs[i], &results[i]))
			btf_names_add(&names, kinds, o->externs[i].name,
				core_essential_len(o->externs[i].name));
	for (struct btf_type t = {0}; btf_next_named(b, &t, &names);)
		for (size_t i = 0; i < o->n_externs; i++) {
			const struct obj_extern *x = &o->externs[i];
			if (is_unresolved(x, &results[i]) &&
				same_name(x->name, core_essential_len(x->name), btf_name(&t)) &&
				!consider(o, x, &t, target, &results[i], e))
				return err_where(e, "extern '%s'", x->name);
		}
	return btf_end(b, e);
}

/* Kfuncs that the kernel lacks under their own name and prototype. */
static bool find_relatives(const struct object *o, const struct btf *b, uint32_t target,
	struct extern_result *results, struct err *e)
{
	struct btf_names names = {0};
	for (size_t i = 0; i < o->n_externs; i++)
		if (o->externs[i].kind == EXTERN_KFUNC && !results[i].found)
			implicit_names(&o->externs[i], &names);
	for (struct btf_type t = {0}; btf_next_named(b, &t, &names);)
		for (size_t i = 0; i < o->n_externs && !e->set; i++) {
			const struct obj_extern *x = &o->externs[i];
			if (x->kind != EXTERN_KFUNC || results[i].found)
				continue;
			if (implicit_stands_for(o, x, &t, e))
				results[i] = (struct extern_result){true, t.id, target, NULL};
			else if (e->set)
				err_where(e, "extern '%s'", x->name);
		}
	return !e->set;
}

/* Why no kernel type has the name, with similar names unless it may be missing. NULL: out of
 * memory. */
static const char *why_missing(
	const struct object *o, const struct kernel_types *types, const struct obj_extern *x)
{
	bool function = x->kind == EXTERN_KFUNC;
	struct suggestion s = suggest_for(x->name);
	char names[sizeof s.near];
	if (!types->n)
		return "this kernel has no types (BTF)";
	for (size_t i = 0; i < types->n && !x->weak; i++)
		for (struct btf_type t = {0};
			btf_next_in(types->list[i], &t, 1u << (function ? BTF_FUNC : BTF_VAR));)
			suggest_consider(&s, btf_name(&t));
	return arena_printf(o->arena, "this kernel has no %s with this name%s%s",
		function ? "function" : "variable", s.n ? "; similar names: " : "",
		suggest_text(&s, names, sizeof names));
}

static bool any_unresolved(const struct object *o, const struct extern_result *results)
{
	for (size_t i = 0; i < o->n_externs; i++)
		if (is_unresolved(&o->externs[i], &results[i]))
			return true;
	return false;
}

static bool any_missing_kfunc(const struct object *o, const struct extern_result *results)
{
	for (size_t i = 0; i < o->n_externs; i++)
		if (o->externs[i].kind == EXTERN_KFUNC && !results[i].found)
			return true;
	return false;
}

/* vmlinux first; modules only if something was not found. */
static bool find_all_typed(const struct object *o, struct kernel_types *types,
	struct extern_result *results, struct err *e)
{
	for (uint32_t i = 0; any_unresolved(o, results) && i < types->n; i++) {
		if (!find_typed(o, types->list[i], i, results, e))
			return false;
		if (!i && any_unresolved(o, results) && !kernel_types_all(types, e))
			return false;
	}
	for (uint32_t i = 0; any_missing_kfunc(o, results) && i < types->n; i++)
		if (!find_relatives(o, types->list[i], i, results, e))
			return false;
	for (size_t i = 0; i < o->n_externs; i++)
		if (is_unresolved(&o->externs[i], &results[i])) {
			results[i].why = why_missing(o, types, &o->externs[i]);
			if (!results[i].why)
				return err_nomem(e);
		}
	return true;
}

bool externs_resolve(const struct object *o, struct kernel_types *types,
	const struct kernel_facts *facts, struct extern_result *results, struct span *config,
	struct err *e)
{
	struct config_text text = {0};
	uint8_t *bytes = NULL;
	const struct obj_map *map = object_config_map(o);
	if (map) {
		bytes = arena_alloc(o->arena, map->value_size);
		*config = (struct span){bytes, map->value_size, o->elf.file.big};
		if (!bytes)
			return err_nomem(e);
	}
	for (size_t i = 0; i < o->n_externs; i++) {
		const struct obj_extern *x = &o->externs[i];
		if (x->kind == EXTERN_CONFIG &&
			!find_config(o, x, facts, &text, bytes + x->off, &results[i], e))
			return false;
		if (x->kind == EXTERN_ADDRESS) /* known when the plan runs */
			results[i].found = true;
	}
	return find_all_typed(o, types, results, e);
}
