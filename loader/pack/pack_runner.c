/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "own_runner.h"
#include "pack.h"

#include "elf/base/inflate.h"

struct span pack_own_runner(struct arena *a, struct err *e)
{
	if (!own_runner) {
		err_set(e, "this build of sonde has no runner");
		err_hint(e, "--runner BINARY names one; --full needs none");
		return (struct span){0};
	}
	size_t n = own_runner_sizes[1];
	uint8_t *p = arena_alloc(a, n);
	if (!p || !inflate((struct span){own_runner, own_runner_sizes[0], false}, p, &n)) {
		err_nomem(e);
		return (struct span){0};
	}
	return (struct span){p, n, host_is_big()};
}
