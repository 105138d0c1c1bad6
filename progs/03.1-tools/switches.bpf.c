/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * switches: how often each program is scheduled. Based on lesson 21.3.4 of the course: sched_switch
 * by comm.
 *
 * Demonstrates a tracepoint that concerns two threads. The one that leaves the CPU is still
 * current; the name of the other must be read from the record.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct program {
	char comm[TASK_COMM_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 10240);
	__type(key, struct program);
	__type(value, __u64);
} switches SEC(".maps");

SEC("tp_btf/sched_switch")
int BPF_PROG(switches_to, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	struct program program = {};
	__u64 one = 1, *count;

	BPF_CORE_READ_STR_INTO(&program.comm, next, comm);
	count = bpf_map_lookup_elem(&switches, &program);
	if (count)
		*count += 1;
	else
		bpf_map_update_elem(&switches, &program, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
