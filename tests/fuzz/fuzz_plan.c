/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as a saved plan: it is rejected, or can be printed, changed and saved. Nothing is
 * executed. */
#include <stdio.h>
#include <stdlib.h>

#include "loader/explain/plan_text.h"
#include "loader/plan/save.h"
#include "loader/plan/variable.h"
#include "harness.h"

enum { LOADED, VARIABLE };
struct goal goals[] = {[LOADED] = {.name = "loaded"}, [VARIABLE] = {.name = "variable set"}, {0}};

void fuzz_input(const uint8_t *data, size_t size)
{
	FILE *out = nowhere();
	struct span bytes = {data, size, false};
	struct arena a = {0}, b = {0};
	struct plan p, q;
	struct err e = {0};
	if (!plan_is_saved(bytes))
		return;
	bool ok = plan_load(&p, "x", bytes, &a, &e);
	if (ok == e.set || (!ok && strncmp(e.text, "x: ", 3)))
		abort();
	if (reach(LOADED, ok)) {
		plan_print(&p, &(struct print_style){.full = true, .code = true}, out);
		plan_print(&p, &(struct print_style){.json = true}, out);
		plan_print(&p, &(struct print_style){0}, out);
		reach(VARIABLE, plan_set_variable(&p, "only_pid=3", &e));
		plan_set_variable(&p, "name=x", &e);
		e = (struct err){0};
		struct span saved = plan_save(&p, &a, &e);
		if ((!saved.n || !plan_load(&q, "x", saved, &b, &e)) && !is_short_of_memory())
			abort();
	}
	free_small(&a);
	free_small(&b);
}
