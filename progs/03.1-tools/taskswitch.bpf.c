/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * taskswitch: programs that leave the CPU, seen from the function that completes the switch. Based
 * on lesson 21.3.4 of the course: kprobe:finish_task_switch.
 *
 * Demonstrates functions that the compiler has specialised, keeping only the copy. If kallsyms has
 * finish_task_switch.isra.0 instead of finish_task_switch, specify that name:
 *
 *	sonde run taskswitch.bpf.o --on taskswitch=finish_task_switch.isra.0
 *
 * The arguments of such a copy may differ; this one keeps the first, the task that has left.
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
} left SEC(".maps");

SEC("kprobe/finish_task_switch")
int BPF_KPROBE(taskswitch, struct task_struct *prev)
{
	struct program program = {};
	__u64 one = 1, *count;

	BPF_CORE_READ_STR_INTO(&program.comm, prev, comm);
	count = bpf_map_lookup_elem(&left, &program);
	if (count)
		*count += 1;
	else
		bpf_map_update_elem(&left, &program, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
