/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * offcpu: time that threads spend waiting, by stack. Based on lesson 21.3.4 of the course, which
 * uses offcputime.
 *
 * Demonstrates one hook for both ends. When a thread leaves the CPU, its stack can still be taken;
 * when it returns, the duration is known. The time is added up by stack, which a CPU profile cannot
 * show.
 *
 * --set min_us=1000 ignores shorter waits.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_show.h>

enum { STACKS = 4096, DEPTH = 127 };

const volatile __u64 min_us = 1;

struct where {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	kernel_stack_t kernel;
	user_stack_t user;
};

struct absence {
	__u64 ns;
	struct where where;
};

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, STACKS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, DEPTH * sizeof(__u64));
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, pid_t);
	__type(value, struct absence);
} away SHOW_AS(nothing) SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, STACKS);
	__type(key, struct where);
	__type(value, time_us_t);
} waits SEC(".maps");

static __always_inline void leave(void *ctx, struct task_struct *task)
{
	struct absence absence = {.ns = bpf_ktime_get_ns()};
	pid_t thread = task->pid;

	absence.where.pid = task->tgid;
	bpf_get_current_comm(absence.where.comm, sizeof(absence.where.comm));
	absence.where.kernel = bpf_get_stackid(ctx, &stacks, 0);
	absence.where.user = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	bpf_map_update_elem(&away, &thread, &absence, BPF_ANY);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(offcpu, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	pid_t thread = next->pid;
	struct absence *absence;
	__u64 us, zero = 0, *total;

	if (prev->pid) /* not the idle task */
		leave(ctx, prev);
	absence = bpf_map_lookup_elem(&away, &thread);
	if (!absence)
		return 0;
	us = (bpf_ktime_get_ns() - absence->ns) / 1000;
	if (us >= min_us) {
		bpf_map_update_elem(&waits, &absence->where, &zero, BPF_NOEXIST);
		total = bpf_map_lookup_elem(&waits, &absence->where);
		if (total)
			__sync_fetch_and_add(total, us);
	}
	bpf_map_delete_elem(&away, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
