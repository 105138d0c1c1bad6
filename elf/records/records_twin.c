/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The twin of an object: the file it was made of before its debug information was dropped. Stripping
 * and linking change nothing but the order of sections and the numbers that relocations replace, so
 * that each function of the object has its equal in the twin.
 */
#include "records_impl.h"

static struct insn insn_of(const struct object *o, const struct obj_func *f, uint64_t at)
{
	return insn_get(o->elf.sections[f->section].data.p + f->off + at, o->elf.file.big);
}

/* Whether two functions have the same code, apart from numbers that relocations replace. */
static bool same_code(const struct object *o, const struct obj_func *f, const struct object *twin,
	const struct obj_func *g)
{
	if (f->size != g->size)
		return false;
	bool second = false; /* of a wide instruction */
	for (uint64_t at = 0; at < f->size; at += INSN_SIZE) {
		struct insn x = insn_of(o, f, at), y = insn_of(twin, g, at);
		bool free = second || insn_is_wide(x) || x.code == (BPF_JMP | BPF_CALL);
		if (x.code != y.code || x.dst != y.dst || x.src != y.src || x.off != y.off ||
			(!free && x.imm != y.imm))
			return false;
		second = !second && insn_is_wide(x);
	}
	return true;
}

/* The equal of a function, of which there may be several with its name. NULL with the error set if
 * there is none. */
static const struct obj_func *equal_of(struct finder *f, const struct obj_func *func)
{
	const struct object *twin = f->from->twin;
	bool named = false;
	for (size_t i = 0; i < twin->n_funcs; i++) {
		const struct obj_func *g = &twin->funcs[i];
		if (strcmp(g->name, func->name))
			continue;
		named = true;
		if (same_code(f->o, func, twin, g))
			return g;
	}
	err_set(f->e, "--debug %s: this is not the same object: %s '%s'", twin->path,
		named ? "different code in function" : "it has no function", func->name);
	err_hint(f->e, "use the file that %s was made of by strip or bpftool gen object",
		f->o->path);
	return NULL;
}

/* The map with the same name, for messages and similarity of names only. */
static uint32_t map_in(const struct object *twin, const struct object *o, uint32_t map)
{
	uint32_t i = 0;
	while (i < twin->n_maps &&
		(map >= o->n_maps || strcmp(twin->maps[i].name, o->maps[map].name)))
		i++;
	return i;
}

bool records_calls_in_twin(struct finder *f, struct record_calls *calls)
{
	const struct object *o = f->o;
	const struct obj_func **equals = arena_array(f->scratch, o->n_funcs, sizeof *equals);
	struct record_call *list = arena_array(f->scratch, calls->n, sizeof *list);
	if (!equals || !list)
		return err_nomem(f->e);
	for (size_t i = 0; i < o->n_funcs; i++)
		if (!(equals[i] = equal_of(f, &o->funcs[i])))
			return false;
	for (size_t i = 0; i < calls->n; i++) {
		list[i] = calls->items[i];
		list[i].func = equals[calls->items[i].func - o->funcs];
		list[i].map = map_in(f->from->twin, o, calls->items[i].map);
	}
	calls->items = list;
	return true;
}
