/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What instructions get that stays open until the plan runs (references, poison), and what they get
 * of the kernel: functions, variables, addresses, its configuration.
 */
#include "link_impl.h"

#include "elf/base/insn.h"

#include <stdio.h>

bool link_add_ref(struct linker *l, struct builder *b, struct image_ref ref)
{
	struct image_prog *p = b->prog;
	struct image_ref *refs =
		arena_grow(l->o->arena, p->refs, p->n_refs, &b->refs_room, sizeof ref);
	if (!refs)
		return err_nomem(l->e);
	p->refs = refs;
	refs[p->n_refs++] = ref;
	return true;
}

bool link_add_poison(
	struct linker *l, struct builder *b, uint32_t insn, const char *what, const char *why)
{
	struct image_prog *p = b->prog;
	struct image_poison *list =
		arena_grow(l->o->arena, p->poison, p->n_poison, &b->poison_room, sizeof *list);
	if (!list)
		return err_nomem(l->e);
	p->poison = list;
	list += p->n_poison++;
	list->insn = insn;
	list->what = arena_strdup(l->o->arena, what);
	list->why = arena_strdup(l->o->arena, why);
	return (list->what && list->why) || err_nomem(l->e);
}

bool link_find_externs(struct linker *l)
{
	l->externs = arena_array(l->o->arena, l->o->n_externs, sizeof *l->externs);
	if (!l->externs)
		return err_nomem(l->e);
	return externs_resolve(l->o, l->types, l->opt->facts, l->externs, &l->image->config, l->e);
}

/* The extern that a symbol names, NULL with e set: undefined and not declared as one, or not there
 * and not weak. */
static const struct obj_extern *get_extern(
	struct linker *l, uint32_t symbol, const struct extern_result **answer)
{
	int i = extern_of_symbol(l->o, symbol);
	if (i < 0) {
		err_set(l->e, "'%s' is not defined in the object", l->o->elf.symbols[symbol].name);
		err_hint(l->e, "declare it with __ksym if it is the kernel's; objects are merged "
			       "with: bpftool gen object");
		return NULL;
	}
	const struct obj_extern *x = &l->o->externs[i];
	*answer = &l->externs[i];
	if ((*answer)->found || x->weak)
		return x;
	err_set(l->e, "extern '%s': %s", x->name, (*answer)->why);
	err_hint(l->e, "declared __weak it may be missing; test for it with %s",
		x->kind == EXTERN_CONFIG ? "its value 0" : "bpf_ksym_exists()");
	return NULL;
}

/* The number of a module in the list that calls refer to; the kernel itself is 0. */
static bool number_module(struct linker *l, uint32_t target, int16_t *number)
{
	struct image *image = l->image;
	size_t i = 0;
	if (!image->modules)
		image->modules = arena_array(l->o->arena, l->types->n, sizeof *image->modules);
	if (!image->modules)
		return err_nomem(l->e);
	while (i < image->n_modules && image->modules[i] != target)
		i++;
	if (i == image->n_modules && target)
		image->modules[image->n_modules++] = target;
	*number = (int16_t)(target ? i + 1 : 0);
	return true;
}

/* A function of the kernel is called by its BTF id. One that is not there, which the program has to
 * find out before it calls, is poison. */
bool link_call_kfunc(struct linker *l, struct builder *b, uint32_t at, uint32_t symbol)
{
	const struct extern_result *answer;
	const struct obj_extern *x = get_extern(l, symbol, &answer);
	struct insn insn = link_get(l, b, at);
	if (!x)
		return false;
	if (x->kind != EXTERN_KFUNC)
		return err_set(l->e, "extern '%s' is called and is no function", x->name);
	if (!answer->found) {
		insn.src = 0;
		insn.imm = CORE_POISON;
		link_put(l, b, at, insn);
		char what[80];
		snprintf(what, sizeof what, "kfunc %s", x->name);
		return link_add_poison(l, b, at, what, answer->why);
	}
	l->image->used_target = true;
	insn.src = BPF_PSEUDO_KFUNC_CALL;
	insn.imm = (int32_t)answer->id;
	if (!number_module(l, answer->target, &insn.off))
		return false;
	b->prog->calls_modules |= insn.off != 0;
	link_put(l, b, at, insn);
	return true;
}

/* The address of an extern; one that is not there has the address 0. */
bool link_load_extern(struct linker *l, struct builder *b, uint32_t at, uint32_t symbol)
{
	const struct extern_result *answer;
	const struct obj_extern *x = get_extern(l, symbol, &answer);
	struct insn insn = link_get(l, b, at), high = link_get(l, b, at + 1);
	struct image_ref ref = {.insn = at};
	bool open = false;
	if (!x)
		return false;
	int32_t off = insn.imm;
	insn.src = 0;
	insn.imm = high.imm = 0;
	if (x->kind == EXTERN_CONFIG) {
		insn.src = BPF_PSEUDO_MAP_VALUE;
		high.imm = (int32_t)x->off + off;
		ref.kind = REF_VALUE;
		ref.index = (uint32_t)(object_config_map(l->o) - l->o->maps);
		open = true;
		l->image->used_target = true;
	} else if (x->kind == EXTERN_ADDRESS) {
		ref.kind = REF_ADDRESS;
		ref.index = (uint32_t)(x - l->o->externs);
		open = true;
	} else if (answer->found) {
		insn.src = BPF_PSEUDO_BTF_ID;
		insn.imm = (int32_t)answer->id;
		ref.kind = REF_MODULE;
		ref.index = answer->target;
		open = answer->target != 0;
		l->image->used_target = true;
	}
	link_put(l, b, at, insn);
	link_put(l, b, at + 1, high);
	return !open || link_add_ref(l, b, ref);
}
