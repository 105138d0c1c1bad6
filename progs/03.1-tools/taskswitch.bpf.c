/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * taskswitch: which programs leave a processor, seen from the function that cleans up behind them.
 * After the course's lesson 21.3.4: kprobe:finish_task_switch.
 *
 * Learned here: the compiler may make a variant of a function and keep only that. Where kallsyms
 * has a finish_task_switch.isra.0 in place of finish_task_switch, it wants to be named:
 *
 *	sonde run taskswitch.bpf.o --on taskswitch=finish_task_switch.isra.0
 *
 * Its arguments may be others too; this one still has the first, the task that has left.
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
