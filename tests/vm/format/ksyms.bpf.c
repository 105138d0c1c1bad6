/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The address of a kernel symbol, a missing symbol, and a typed kernel variable. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct rq {
	unsigned int online;
	int cpu;
} __attribute__((preserve_access_index));

extern const void bpf_map_fops __ksym;
extern const void no_such_symbol __ksym __weak;
extern const struct rq runqueues __ksym;
extern const struct rq no_such_variable __ksym __weak;

SEC("?raw_tp/sched_process_exec") int address(void *ctx)
{
	if ((__u32)bpf_get_current_uid_gid() == 12345)
		bpf_printk("fops %lx missing %lx", &bpf_map_fops, &no_such_symbol);
	return 0;
}

SEC("?raw_tp/sched_process_exec") int variable(void *ctx)
{
	if ((__u32)bpf_get_current_uid_gid() != 12345)
		return 0;
	const struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);
	bpf_printk("cpu %d online %d missing %d", rq ? rq->cpu : -1, rq ? (int)rq->online : -1,
		&no_such_variable != 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
