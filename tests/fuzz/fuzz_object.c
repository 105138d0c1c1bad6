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

enum { PLANNED, PRINTED, INSPECTED };
struct goal goals[] = {[PLANNED] = {.name = "planned"},
	[PRINTED] = {.name = "printed"},
	[INSPECTED] = {.name = "inspected"},
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
	if (sum % 8 == 1) {
		struct err ignored = {0};
		own_types(&t, bytes, &a);
		reach(INSPECTED, inspect_object("x", bytes,
					 &(struct inspect_options){.sections = true, .code = true},
					 &t, out, &ignored));
	}
	free_small(&a);
}
