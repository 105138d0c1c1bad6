/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "inspect_impl.h"

#include "elf/link/extern.h"
#include "loader/show/typed.h"

#include <inttypes.h>

/* How this kernel resolves an extern. */
static const char *extern_result(struct inspection *in, const struct obj_extern *x,
	const struct extern_result *a, struct span config, const struct target *t)
{
	if (x->kind == EXTERN_ADDRESS)
		return "resolved at load time";
	if (!a->found)
		return a->why;
	if (x->kind == EXTERN_CONFIG)
		return value_cell(in,
			(struct typed_field){.type = x->type, .bit_off = (uint64_t)x->off * 8},
			config);
	return arena_printf(in->arena, "type %" PRIu32 " of %s", a->id,
		t->modules ? t->modules[a->target] : "?");
}

/* Undefined symbols that are not externs have to be resolved by a linker. */
static void list_undefined(struct inspection *in, struct listing *l)
{
	for (uint32_t i = 1; i < in->o.elf.n_symbols; i++) {
		const struct elf_symbol *s = &in->o.elf.symbols[i];
		if (s->section == ELF_UNDEF && *s->name && extern_of_symbol(&in->o, i) < 0)
			listing_row(l, s->name, "undefined", "",
				s->bind == ELF_WEAK ? "weak" : "strong", "");
	}
}

void show_externs(struct inspection *in, struct target *t)
{
	static const char *const heads[] = {"name", "kind", "type", "binding", "this kernel", NULL};
	static const char *const kinds[] = {[EXTERN_CONFIG] = "kconfig",
		[EXTERN_VARIABLE] = "variable",
		[EXTERN_ADDRESS] = "address",
		[EXTERN_KFUNC] = "kfunc"};
	const struct object *o = &in->o;
	struct listing l = listing(in->arena, "extern", "externs", heads);
	struct extern_result *answers = arena_array(in->arena, o->n_externs, sizeof *answers);
	struct kernel_types none = {0};
	const struct kernel_facts facts = target_facts(t);
	struct span config = {0};
	struct err e = {0};
	bool known = answers && o->n_externs &&
	             externs_resolve(o, object_needs_kernel_btf(o) ? target_types(t, &e) : &none,
			     &facts, answers, &config, &e);
	for (size_t i = 0; i < o->n_externs; i++) {
		const struct obj_extern *x = &o->externs[i];
		char type[CELL] = "";
		if (x->kind == EXTERN_CONFIG || x->kind == EXTERN_VARIABLE)
			btf_spell(&o->btf, x->type, type, sizeof type);
		listing_row(&l, x->name, kinds[x->kind], type, x->weak ? "weak" : "strong",
			known ? extern_result(in, x, &answers[i], config, t) : e.text);
	}
	list_undefined(in, &l);
	listing_print(&l, in->opt->json, in->out);
}
