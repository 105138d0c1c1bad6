/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* With sanitizers, everything takes about four times as long. */
enum { MEMORY_MAX = 64 << 20, SECONDS_MAX = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	clock_t start = clock();
	fuzz_input(data, size);
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	if (seconds > SECONDS_MAX) {
		fprintf(stderr, "%.1f s for one input\n", seconds);
		abort();
	}
	return 0;
}

static void tell(const char *title, bool reached)
{
	const char *before = title;
	for (const struct goal *g = goals; g->name; g++)
		if ((g->times != 0) == reached) {
			fprintf(stderr, "%s%s", before, g->name);
			if (reached)
				fprintf(stderr, " %lu", g->times);
			before = ", ";
		}
	if (before != title)
		fputc('\n', stderr);
}

__attribute__((destructor)) static void tell_all(void)
{
	tell("reached: ", true);
	tell("never reached: ", false);
}

void free_small(struct arena *a)
{
	if (a->used > MEMORY_MAX) {
		fprintf(stderr, "%zu bytes of memory for one input\n", a->used);
		abort();
	}
	arena_free(a);
}
