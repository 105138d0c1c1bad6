/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "diagnostics_impl.h"

#include "elf/base/format.h"
#include "loader/hook/syscall_alias.h"
#include "loader/plan/abi.h"

#include <unistd.h>

#define RUN_COUNT ATTR_FIELD(struct bpf_prog_info, run_cnt)

enum {
	QUIET_MS = 1000,  /* before the runs of a program matter: starting the viewer opens files */
	COUNT_MS = 10000, /* for so long */
	COUNT_MIN_MS = 2000, /* a shorter count says nothing */
	PROGS_MAX = 4,       /* programs reported by name */
};

static int count_runs(const struct exec *x)
{
	uint32_t type = BPF_STATS_RUN_TIME;
	return (int)sys_bpf(x->watch, BPF_ENABLE_STATS, &type, sizeof type);
}

/* Is it attached, and to a hook that triggers by itself? The kernel need not call every function of a
 * struct_ops. */
static bool is_triggered(const struct exec *x, const struct plan_prog *prog)
{
	return prog->link != PLAN_NONE && x->slots[prog->link].filled &&
	       prog->attach_type != BPF_TRACE_ITER && prog->prog_type != BPF_PROG_TYPE_STRUCT_OPS;
}

/* "open" of "tp/syscalls/sys_enter_open"; NULL if it is no system call. */
static const char *syscall_of(const char *sec)
{
	static const char *const words[] = {"/sys_enter_", "/sys_exit_", "ksyscall/",
		"kretsyscall/", "kprobe/sys_", "kretprobe/sys_"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *found = strstr(sec, words[i]);
		if (found)
			return found + strlen(words[i]);
	}
	return NULL;
}

static void diagnose_idle(
	const struct diagnostics *d, const struct plan_prog *prog, unsigned seconds)
{
	char instead[128] = "";
	const char *why = NULL, *call = syscall_of(prog->sec);
	const char *today = call ? syscall_alias(call, &why) : NULL;
	if (today)
		text_print(instead, sizeof instead, "; try SEC(\"%.*s%s\")",
			(int)(call - prog->sec), prog->sec, today);
	diagnostics_say(d, "program '%s' (%s) is attached but has not run in the last %u s%s%s%s",
		prog->name, prog->sec, seconds, why ? ": " : "", why ? why : "", instead);
}

static void diagnose_idle_programs(const struct idle_check *c, unsigned seconds)
{
	const struct diagnostics d = {c->x, c->fn, c->ctx};
	const struct plan *p = c->x->plan;
	unsigned told = 0, more = 0;
	uint64_t runs;
	for (size_t i = 0; i < p->n_progs; i++) {
		if (!is_triggered(c->x, &p->progs[i]) ||
			!diagnostics_prog_info(c->x, &p->progs[i], RUN_COUNT, &runs) ||
			runs != c->before[i])
			continue;
		if (told < PROGS_MAX)
			diagnose_idle(&d, &p->progs[i], seconds);
		else
			more++;
		told++;
	}
	if (more)
		diagnostics_say(&d, "%u more programs have not run either", more);
}

/* Does the plan show records or lines as they arrive? */
static bool shows_events(const struct plan *p)
{
	for (size_t i = 0; i < p->n_maps; i++)
		if (p->maps[i].map_type == BPF_MAP_TYPE_RINGBUF ||
			p->maps[i].map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			return true;
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].prints)
			return true;
	return false;
}

struct idle_check idle_check_start(const struct exec *x, diagnostic_fn fn, void *ctx)
{
	return (struct idle_check){.x = x, .fn = fn, .ctx = ctx, .stats_fd = count_runs(x)};
}

/* Begins the time that matters. */
static void look_first(struct idle_check *c)
{
	const struct plan *p = c->x->plan;
	c->since_ns = sys_now_ns();
	c->before = arena_array(c->x->arena, p->n_progs, sizeof *c->before);
	for (size_t i = 0; c->before && i < p->n_progs; i++)
		diagnostics_prog_info(c->x, &p->progs[i], RUN_COUNT, &c->before[i]);
}

static void report(struct idle_check *c, uint64_t events)
{
	const struct diagnostics d = {c->x, c->fn, c->ctx};
	unsigned ms = c->since_ns ? (unsigned)((sys_now_ns() - c->since_ns) / 1000000) : 0;
	c->over = true;
	if (ms < COUNT_MIN_MS)
		;
	else if (c->stats_fd >= 0 && c->before)
		diagnose_idle_programs(c, ms / 1000);
	else if (!events && shows_events(c->x->plan))
		diagnostics_say(&d,
			"no output in the last %u s; whether the programs run is unknown "
			"(BPF_ENABLE_STATS requires Linux 5.8 and CAP_SYS_ADMIN)",
			ms / 1000);
	if (c->stats_fd >= 0)
		close(c->stats_fd);
	c->stats_fd = -1;
}

uint32_t idle_check_tick(struct idle_check *c, uint64_t events, bool end)
{
	if (c->over)
		return 0;
	if (c->since_ns || end) {
		report(c, events);
		return 0;
	}
	if (c->waited) {
		look_first(c);
		return COUNT_MS;
	}
	c->waited = true;
	return QUIET_MS;
}
