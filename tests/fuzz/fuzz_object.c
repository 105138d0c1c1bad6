/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as an object: plans it and prints the plan. The target's BTF is the object's own,
 * so that CO-RE finds matches, or absent. Nothing is executed. */
#include <stdio.h>
#include <stdlib.h>

#include "elf/records/records.h"
#include "loader/explain/inspect.h"
#include "loader/planner/planner.h"
#include "loader/explain/plan_text.h"
#include "loader/plan/save.h"
#include "loader/plan/variable.h"
#include "harness.h"

enum { PLANNED, PRINTED, INSPECTED, CHOSEN };
struct goal goals[] = {[PLANNED] = {.name = "planned"},
	[PRINTED] = {.name = "printed"},
	[INSPECTED] = {.name = "inspected"},
	[CHOSEN] = {.name = "record types of files"},
	{0}};

static void own_types(struct target *t, struct span bytes, struct arena *a)
{
	struct elf elf;
	struct err e = {0};
	uint32_t i = elf_open(&elf, bytes, a, &e) ? elf_find(&elf, ".BTF") : 0;
	*t = (struct target){.dir = "nowhere",
		.arena = a,
		.release = "6.1.0",
		.machine = "x86_64",
		.possible_cpus = 4,
		.page_size = 4096,
		.btf_tried = true};
	t->btf_found = i && btf_open(&t->btf, elf.sections[i].data, NULL, a, &e);
}

static void print(const struct plan *p, FILE *out)
{
	plan_print(p, &(struct print_style){.code = true}, out);
	plan_print(p, &(struct print_style){.json = true}, out);
}

/* Options differ between inputs, by a checksum. */
static bool make_plan(struct plan *p, struct span bytes, uint32_t sum, struct target *t,
	struct arena *a, struct err *e)
{
	static const char *const on[] = {"lo"};
	const struct plan_options options = {.target_args = on,
		.n_target_args = sum / 8 % 4 == 0,
		.show = sum / 8 % 4 == 1,
		.load_only = sum / 8 % 4 == 2,
		.records = &record_finder};
	return plan_object(p, "x", bytes, &options, t, a, e);
}

/* The object as a file with types and as its own twin: any of its types for any of its maps. */
static bool choose(struct span bytes, uint32_t sum, struct arena *a)
{
	struct object o;
	struct type_file types;
	struct err e = {0};
	struct btf_type t = {0};
	struct record_choice choice = {0};
	struct span shown;
	if (!object_open(&o, "x", bytes, a, &e) || !o.has_btf ||
		!type_file_open(&types, "x", bytes, a, &e))
		return false;
	for (size_t i = 0; i < o.n_maps; i++)
		if (records_in(&o.maps[i]))
			choice.map = o.maps[i].name;
	for (uint32_t left = sum % 64; btf_next_in(&o.btf, &t, BTF_COMPOSITES) && left; left--)
		choice.type = btf_name(&t);
	const struct record_sources from = {.choices = &choice,
		.n_choices = choice.map && choice.type,
		.types = &types,
		.twin = &o};
	struct record_result *out = arena_array(a, o.n_maps + o.n_funcs, sizeof *out);
	return out && records_find(&o, &o.btf, &from, a, out, &shown, &e) && from.n_choices;
}

void fuzz_input(const uint8_t *data, size_t size)
{
	static FILE *out;
	struct span bytes = {data, size, false};
	struct arena a = {0};
	struct target t;
	struct plan p;
	struct err e = {0};
	uint32_t sum = 0;
	if (!out)
		out = fopen("/dev/null", "w");
	for (size_t i = 0; i < size; i++)
		sum = sum * 31 + data[i];
	own_types(&t, bytes, &a);
	bool ok = make_plan(&p, bytes, sum, &t, &a, &e);
	if (ok == e.set || (!ok && strncmp(e.text, "x: ", 3)))
		abort();
	reach(PLANNED, ok);
	/* Printing is slow: only for one input in eight. */
	if (reach(PRINTED, ok && sum % 8 == 0)) {
		print(&p, out);
		plan_set_variable(&p, "only_pid=3", &e);
	}
	if (sum % 2)
		reach(CHOSEN, choose(bytes, sum / 2, &a));
	if (sum % 8 == 1) {
		struct err ignored = {0};
		own_types(&t, bytes, &a);
		reach(INSPECTED, inspect_object("x", bytes,
					 &(struct inspect_options){.sections = true, .code = true},
					 &t, out, &ignored));
	}
	free_small(&a);
}
