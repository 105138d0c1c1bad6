/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as a saved plan, which runs on a simulated kernel (kernel.h). */
#include "loader/plan/save.h"
#include "harness.h"
#include "kernel.h"

enum { EXECUTED, COMPLETED };
struct goal goals[] = {[EXECUTED] = {.name = "executed"}, [COMPLETED] = {.name = "completed"}, {0}};

void fuzz_input(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct plan p;
	struct err e = {0};
	struct span bytes = {data, size, false};
	uint32_t sum = checksum(data, size);
	if (!plan_is_saved(bytes))
		return;
	if (reach(EXECUTED, plan_load(&p, "x", bytes, &a, &e)))
		reach(COMPLETED, kernel_runs(&p, &a, sum, sum % 4 == 0));
	free_small(&a);
}
