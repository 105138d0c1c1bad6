/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as a gzip file. */
#include <stdlib.h>

#include "elf/base/gzip.h"
#include "harness.h"

enum { INFLATED };
struct goal goals[] = {[INFLATED] = {.name = "inflated"}, {0}};

enum { ROOM = 1 << 20 }; /* larger outputs are slow and cover nothing new */

void fuzz_input(const uint8_t *data, size_t size)
{
	struct span packed = {data, size, false}, out = {0};
	struct arena a = {0};
	struct err e = {0};
	uint32_t says = size < 4 ? 0 : span_u32(packed, size - 4);
	if (says > ROOM && says <= INFLATE_MAX)
		return;
	bool ok = inflate_gzip(packed, &a, &out, &e);
	if (ok == e.set || (ok && out.n != says) || (!ok && out.n))
		abort();
	reach(INFLATED, ok);
	free_small(&a);
}
