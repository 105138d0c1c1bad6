/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Tracepoints. CATEGORY/NAME is the directory of the tracepoint in tracefs; its file `id` has the
 * number for perf_event_open(2). Raw tracepoints have no category, do not require tracefs and pass
 * the arguments of the tracepoint unformatted.
 */
#include "event_names.h"
#include "perf.h"

#include "loader/plan/abi.h"
#include "loader/kernel/kfs.h"
#include "syscall_alias.h"

static bool split(struct plan_builder *b, const struct hook_use *use, const char **slash)
{
	const char *target = hook_target(use);
	char event[160];
	*slash = strchr(target, '/');
	if (*slash && *slash != target && (*slash)[1])
		return true;
	err_set(b->e, "'%s' is not CATEGORY/NAME", target);
	if (!use->kernel->dir && event_find(use->kernel->kfs, target, event, sizeof event))
		err_hint(b->e, "use SEC(\"%s/%s\")", use->hook->sec, event);
	else
		err_hint(b->e, "for example SEC(\"tracepoint/syscalls/sys_enter_openat\")");
	b->failed = true;
	return false;
}

/* The hint for a tracepoint that does not exist. */
static const char *missing(struct plan_builder *b, const char *slash)
{
	static const char *const begins[] = {"/sys_enter_", "/sys_exit_"};
	struct arena *a = b->plan->arena;
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		size_t n = strlen(begins[i]);
		const char *why, *today = strncmp(slash, begins[i], n)
		                                  ? NULL
		                                  : syscall_alias(slash + n, &why);
		if (today)
			return plan_text(b, arena_printf(a, "%s; try SEC(\"tp/syscalls%s%s\")", why,
						    begins[i], today));
	}
	return "this kernel has no such tracepoint: tracefs lists them in available_events";
}

static void attach_tracepoint(struct plan_builder *b, const struct hook_use *use)
{
	const char *slash, *target = hook_target(use);
	struct arena *a = b->plan->arena;
	if (b->failed || !split(b, use, &slash))
		return;
	char *path = arena_printf(a, "events/%s/id", target);
	const char *hint = missing(b, slash);
	if (!plan_text(b, path) || b->failed)
		return;
	int16_t step, id = perf_read_number(b, use, KFS_TRACE, path, "tracepoint id", hint);
	int16_t event = perf_open(b, use, &step);
	perf_tracepoint(b, step, id);
	perf_attach(b, use, event);
}

static void attach_raw(struct plan_builder *b, const struct hook_use *use)
{
	const char *target = hook_target(use);
	int16_t name = plan_add_blob(b, target, strlen(target) + 1, "name");
	int16_t step =
		plan_add_step(b, STEP_BPF, BPF_RAW_TRACEPOINT_OPEN, use->link_slot, &use->like);
	attr_blob(b, step, ATTR(raw_tracepoint.name), name);
	attr_slot(b, step, ATTR(raw_tracepoint.prog_fd), use->prog_slot);
	struct plan_step *s = plan_step_at(b, step);
	s->hint = strstr(target, "sys_enter_") || strstr(target, "sys_exit_")
	                  ? "system calls share the raw tracepoints sys_enter and sys_exit"
	                  : "this kernel has no such tracepoint (raw ones have no category)";
}

#define TP(name, flags, version, text)                                                             \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = BPF_PROG_TYPE_TRACEPOINT,     \
		.prog_flags = flags, .since = version, .target_syntax = "CATEGORY/NAME",           \
		.what = text, .methods = perf_methods, .attach = attach_tracepoint                 \
	}

static const struct hook_method by_name[] = {{0, "BPF_RAW_TRACEPOINT_OPEN"}, {0}};

#define RAW(name, type, flags, version, text)                                                      \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = type, .prog_flags = flags,    \
		.since = version, .target_syntax = "NAME", .what = text, .methods = by_name,       \
		.attach = attach_raw                                                               \
	}

static const char record_text[] = "tracepoint, its record as context";
static const char record_sleep_text[] = "tracepoint, its record as context, sleepable";
static const char raw_sleep_text[] = "tracepoint, its raw arguments as context, sleepable";
static const char raw_text[] = "tracepoint, its raw arguments as context";
static const char writable_text[] = "raw tracepoint with a writable first argument";

static const struct hook hooks[] = {
	TP("tracepoint", 0, ABI_VERSION(4, 7), record_text),
	TP("tp", 0, ABI_VERSION(4, 7), record_text),
	TP("tracepoint.s", BPF_F_SLEEPABLE, ABI_VERSION(7, 2), record_sleep_text),
	TP("tp.s", BPF_F_SLEEPABLE, ABI_VERSION(7, 2), record_sleep_text),
	RAW("raw_tracepoint", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, ABI_VERSION(4, 17), raw_text),
	RAW("raw_tp", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, ABI_VERSION(4, 17), raw_text),
	RAW("raw_tracepoint.s", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_F_SLEEPABLE, ABI_VERSION(7, 2),
		raw_sleep_text),
	RAW("raw_tp.s", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_F_SLEEPABLE, ABI_VERSION(7, 2),
		raw_sleep_text),
	RAW("raw_tracepoint.w", BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, 0, ABI_VERSION(5, 2),
		writable_text),
	RAW("raw_tp.w", BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, 0, ABI_VERSION(5, 2), writable_text),
};

const struct hook_family tracepoint_family = {"tracepoint", hooks, sizeof hooks / sizeof *hooks};
