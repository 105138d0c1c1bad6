/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "machine.h"

#include "cpus.h"

#include <sched.h>
#include <unistd.h>

bool machine_facts(struct machine *m, unsigned needs, struct kfs *k, struct arena *a, struct err *e)
{
	unsigned *cpus, n = 1;
	if (needs & FIT_ONLINE) {
		n = cpus_online(k, a, &cpus);
	} else if ((cpus = arena_alloc(a, sizeof *cpus))) {
		int here = sched_getcpu();
		*cpus = here < 0 ? 0 : (unsigned)here;
	}
	*m = (struct machine){
		.cpus = cpus,
		.n_cpus = n,
		.possible_cpus = needs & FIT_POSSIBLE ? cpus_possible(k) : 0,
		.page_size = (uint32_t)sysconf(_SC_PAGESIZE),
	};
	return (cpus && n) || err_nomem(e);
}
