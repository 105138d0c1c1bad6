/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Perf buffers and sampling have a perf event for each CPU, which ends for good when the CPU goes
 * offline. */
#include "watch_impl.h"

#include "print.h"

/* What cpu_changes_tell() passes on. */
struct change {
	struct watch *w;
	struct err *e;
};

static void follow(void *ctx, unsigned cpu, bool online)
{
	struct change *c = ctx;
	struct watch *w = c->w;
	bool ok = exec_cpu(w->x, cpu, online, c->e);
	for (size_t i = 0; i < w->n_sources && ok; i++) {
		struct watch_source *s = &w->sources[i];
		if (s->kind != SOURCE_PERF)
			continue;
		watch_drain_records(s);
		ok = perf_buffer_cpu(&s->perf, cpu, online, c->e);
	}
	if (w->opt->status)
		print(w->opt->status, "note: CPU %u %s\n", cpu,
			online ? "came online" : "went offline");
}

bool watch_follow_cpus(struct watch *w, struct err *e)
{
	bool any = exec_follows_cpus(w->x);
	for (size_t i = 0; i < w->n_sources; i++)
		any |= w->sources[i].kind == SOURCE_PERF;
	if (!any)
		return true;
	w->follows_cpus = true;
	return cpu_changes_start(&w->cpu_changes, w->x->kfs, w->arena) || err_nomem(e);
}

bool watch_see_cpus(struct watch *w, struct err *e)
{
	struct change c = {w, e};
	cpu_changes_tell(&w->cpu_changes, follow, &c);
	return !e->set;
}
