/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "machine.h"

#include "cpus.h"
#include "sys.h"

#include <sched.h>

bool machine_facts(struct machine *m, unsigned needs, struct kfs *k, struct arena *a, struct err *e)
{
	int here = sched_getcpu();
	unsigned online = here < 0 ? 0 : (unsigned)here;
	unsigned *cpus = arena_copy(a, &online, sizeof online), n = 1;
	if (needs & FIT_CPUS)
		n = cpus_list(k, CPUS_PRESENT, a, &cpus);
	*m = (struct machine){
		.cpus = cpus,
		.n_cpus = n,
		.online = online,
		.possible_cpus = needs & FIT_POSSIBLE ? cpus_possible(k) : 0,
		.page_size = (uint32_t)sys_page_size(),
	};
	return (cpus && n) || err_nomem(e);
}
