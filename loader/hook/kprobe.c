/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Kprobes: entry or return of a kernel function, through the perf event source `kprobe` (4.17),
 * whose number is in sysfs. The name goes to the kernel as it stands; only if the kernel doesn't
 * know it is the wrapper of a system call tried, since sys_clone is __x64_sys_clone and the like
 * on most architectures from 4.17 on.
 */
#include "perf.h"

#include "../abi.h"
#include "../kfs.h"

#include <errno.h>
#include <stdlib.h>

static const char pmu_type[] = "bus/event_source/devices/kprobe/type";
static const char no_pmu[] =
	"this kernel has no kprobes (CONFIG_KPROBES, CONFIG_KPROBE_EVENTS); use a tracepoint";
static const char no_symbol[] = "this kernel has no such function; see /proc/kallsyms";

enum { RETPROBE = 1 }; /* bit 0 of config: .../kprobe/format/retprobe */

static const char *wrapper_prefix(const char *machine)
{
	static const struct {
		const char *machine, *prefix;
	} table[] = {
		{"x86_64", "__x64_"},
		{"aarch64", "__arm64_"},
		{"s390x", "__s390x_"},
		{"riscv64", "__riscv_"},
		{"loongarch64", "__loongarch_"},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i].machine, machine))
			return table[i].prefix;
	return NULL;
}

/* "name+0x10" -> name and 16. */
static bool split(struct planner *b, const char *target, char **name, uint64_t *offset)
{
	const char *plus = strchr(target, '+');
	char *end;
	*offset = 0;
	*name = arena_strndup(
		b->plan->arena, target, plus ? (size_t)(plus - target) : strlen(target));
	if (!*name)
		return err_nomem(b->e);
	if (!plus)
		return true;
	*offset = strtoull(plus + 1, &end, 0);
	return (plus[1] && !*end) ||
	       err_set(b->e, "'%s' is not FUNCTION or FUNCTION+OFFSET", target);
}

static bool is_syscall(const char *name)
{
	return !strncmp(name, "sys_", 4);
}

/* The same perf event under the name of the wrapper. */
static void add_wrapper(struct planner *b, int16_t step, const char *name)
{
	const char *prefix = wrapper_prefix(b->plan->machine);
	if (b->failed || !prefix || !is_syscall(name))
		return;
	char *wrapper = arena_printf(b->plan->arena, "%s%s", prefix, name);
	char *note = arena_printf(b->plan->arena,
		"no function '%s' here: its wrapper '%s' is meant, whose one argument "
		"is a struct pt_regs with those of the call",
		name, wrapper);
	if (!wrapper || !note) {
		b->failed = true;
		err_nomem(b->e);
		return;
	}
	int16_t other = plan_add_instead(b, step, note, (uint16_t[PLAN_ERRS]){ENOENT});
	attr_clear(b, other, "kprobe_func");
	attr_blob(b, other, "kprobe_func",
		plan_add_blob(b, wrapper, strlen(wrapper) + 1, "function"));
	attr_set(b, other, "probe_offset", 0);
	struct plan_step *s = plan_step_at(b, other);
	if (s)
		s->flags |= STEP_NOTICE;
}

static void attach(struct planner *b, const struct hook_use *use)
{
	char *name;
	uint64_t offset;
	if (b->failed)
		return;
	if (!split(b, use->target, &name, &offset)) {
		b->failed = true;
		return;
	}
	int16_t step, type = hook_read_number(b, use, KFS_SYS, pmu_type, "event source", no_pmu);
	int16_t event = hook_perf_open(b, use, &step);
	attr_slot(b, step, "type", type);
	attr_set(b, step, "config", strcmp(use->hook->sec, "kretprobe") ? 0 : RETPROBE);
	attr_blob(b, step, "kprobe_func", plan_add_blob(b, name, strlen(name) + 1, "function"));
	attr_set(b, step, "probe_offset", offset);
	attr_set(b, step, "size", 72);
	struct plan_step *s = plan_step_at(b, step);
	if (s)
		s->hint = no_symbol;
	add_wrapper(b, step, name);
	hook_perf_attach(b, use, event);
}

static const struct hook hooks[] = {
	{
		.sec = "kprobe",
		.target = TARGET_OPTIONAL,
		.prog_type = BPF_PROG_TYPE_KPROBE,
		.since = ABI_VERSION(4, 1),
		.grammar = "FUNCTION[+OFFSET]",
		.what = "entry of a kernel function",
		.attach = attach,
	},
	{
		.sec = "kretprobe",
		.target = TARGET_OPTIONAL,
		.prog_type = BPF_PROG_TYPE_KPROBE,
		.since = ABI_VERSION(4, 1),
		.grammar = "FUNCTION",
		.what = "return of a kernel function",
		.attach = attach,
	},
};

const struct hook_family kprobe_family = {"kprobe", hooks, sizeof hooks / sizeof *hooks};
