/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Sampling (perf_event, 4.9): a program runs HZ times per second on each CPU, interrupting whatever
 * runs there.
 *
 *     --on PROG=EVENT[:HZ]     default: cpu-clock:99
 *
 * The fallback for machines without a cycle counter (most virtual machines) is the CPU clock.
 */
#include "perf.h"

#include "elf/base/number.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <stdio.h>

/* The first event is available on all machines. */
static const struct event {
	const char *name;
	uint32_t type, config;
} events[] = {
	{"cpu-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK},
	{"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
};

enum { HZ = 99, HZ_MAX = 100000 };

static const struct event *parse_event(struct plan_builder *b, const char *arg, unsigned long *hz)
{
	char *end;
	size_t n = strcspn(arg, ":");
	*hz = arg[n] ? text_ulong(arg + n + 1, &end, 10) : HZ;
	bool number = !arg[n] || (arg[n + 1] >= '0' && arg[n + 1] <= '9' && !*end);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (number && *hz && *hz <= HZ_MAX && strlen(events[i].name) == n &&
			!strncmp(events[i].name, arg, n))
			return &events[i];
	hook_fail(b, PACKED("EVENT[:HZ], for example cpu-clock:99 or cycles:99"),
		"'%s' is not a sampling event", arg);
	return NULL;
}

/* Adds the fallback to the CPU clock. */
static void fall_back(struct plan_builder *b, int16_t step, const char *event)
{
	const char *note = plan_text(
		b, arena_printf(b->plan->arena, "this machine does not count %s: sampling by %s",
			   event, events[0].name));
	int16_t other = plan_add_fallback(
		b, step, note, (uint16_t[PLAN_ERRS]){ENOENT, EOPNOTSUPP, ENODEV, EINVAL});
	attr_set(b, other, PERF(type), events[0].type);
	attr_set(b, other, PERF(config), events[0].config);
	plan_step_at(b, other)->flags |= STEP_NOTICE;
}

/* One event per CPU. */
static void attach(struct plan_builder *b, const struct hook_use *use)
{
	unsigned long hz;
	const struct event *event = parse_event(b, use->arg ? use->arg : "cpu-clock", &hz);
	struct hook_use one = *use;
	if (!event)
		return;
	one.like.doing = "sample";
	int16_t first = (int16_t)b->plan->n_steps, step, slot = perf_open(b, &one, &step);
	attr_set(b, step, PERF(type), event->type);
	attr_set(b, step, PERF(config), event->config);
	attr_set(b, step, PERF(sample_freq), hz);
	attr_bit(b, step, PERF(freq), PERF_ATTR_FREQ);
	attr_set(b, step, PERF(kprobe_func), 0); /* pads the attr to PERF_ATTR_SIZE_VER0 */
	attr_set(b, step, PERF(size), 64);
	if (event != &events[0])
		fall_back(b, step, event->name);
	perf_attach(b, &one, slot);
	for (size_t i = (size_t)first; i < b->plan->n_steps && !b->failed; i++)
		b->plan->steps[i].flags |= STEP_EACH_CPU;
}

static const struct hook hooks[] = {
	{
		.sec = "perf_event",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_PERF_EVENT,
		.since = ABI_VERSION(4, 9),
		.arg_syntax = "[EVENT[:HZ]]",
		.what = "sample, HZ times per second on each CPU (default 99)",
		.methods = perf_methods,
		.attach = attach,
	},
};

const struct hook_family sampling_family = {"sampling", hooks, sizeof hooks / sizeof *hooks};
