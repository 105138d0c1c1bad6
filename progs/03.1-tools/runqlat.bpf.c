/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * runqlat: run queue latency as a log2 histogram in microseconds. Based on lesson 21.3.1 of the
 * course.
 *
 * Demonstrates tp_btf programs, which receive the arguments of the tracepoint as typed pointers
 * that can be dereferenced directly; no record is created. These hooks run thousands of times per
 * second, so every instruction counts.
 *
 * A thread that is preempted waits from that moment on; its state is 0. The member __state was
 * named state before Linux 5.14; CO-RE tests which one exists.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_show.h>

enum { SLOTS = 27 };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, pid_t);
	__type(value, __u64);
} waiting SHOW_AS(nothing) SEC(".maps");

/* Element n: 2^n to 2^(n + 1) - 1 microseconds; element 0 includes shorter times. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} microseconds SHOW_AS(log2_us) SEC(".maps");

struct task_struct___before_5_14 {
	long state;
} __attribute__((preserve_access_index));

static __always_inline bool can_run(struct task_struct *task)
{
	struct task_struct___before_5_14 *old = (void *)task;

	if (bpf_core_field_exists(task->__state))
		return BPF_CORE_READ(task, __state) == 0;
	return BPF_CORE_READ(old, state) == 0;
}

static __always_inline void wait(struct task_struct *task)
{
	pid_t thread = task->pid;
	__u64 now = bpf_ktime_get_ns();

	if (thread)
		bpf_map_update_elem(&waiting, &thread, &now, BPF_ANY);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(runqlat_wakeup, struct task_struct *task)
{
	wait(task);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(runqlat_new, struct task_struct *task)
{
	wait(task);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(runqlat_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	pid_t thread = next->pid;
	__u64 *since, us, *count;
	__u32 slot = 0;

	if (can_run(prev))
		wait(prev);
	since = bpf_map_lookup_elem(&waiting, &thread);
	if (!since)
		return 0;
	us = (bpf_ktime_get_ns() - *since) / 1000;
	bpf_map_delete_elem(&waiting, &thread);
	for (int i = 0; i < SLOTS - 1 && us > 1; i++) {
		us >>= 1;
		slot++;
	}
	count = bpf_map_lookup_elem(&microseconds, &slot);
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
