/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * cpuprof: CPU profile: 99 times per second and CPU, the running process and its stack. Based on
 * lesson 21.3.4 of the course, which uses profile.
 *
 *	sonde run cpuprof.bpf.o --for 10s			the heaviest stacks
 *	sonde run cpuprof.bpf.o --for 10s >out.folded		folded, for flamegraph.pl
 *	sonde run cpuprof.bpf.o --on cpuprof=cycles:999		another event
 *
 * Demonstrates bpf_get_stackid(), which stores a stack in a stack map, where equal stacks are
 * stored once, and returns its id. Only ids and counts are kept; the viewer resolves addresses to
 * names. User stacks are followed by frame pointers: code compiled with -fomit-frame-pointer yields
 * little more than the innermost function.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_show.h>

enum { STACKS = 4096, DEPTH = 127 };

struct where {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	kernel_stack_t kernel; /* negative: not in the kernel */
	user_stack_t user;
};

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, STACKS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, DEPTH * sizeof(__u64));
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, STACKS);
	__type(key, struct where);
	__type(value, __u64);
} samples SEC(".maps");

SEC("perf_event")
int cpuprof(struct bpf_perf_event_data *ctx)
{
	struct where where = {.pid = bpf_get_current_pid_tgid() >> 32};
	__u64 zero = 0, *count;

	if (!where.pid) /* idle */
		return 0;
	bpf_get_current_comm(where.comm, sizeof(where.comm));
	where.kernel = bpf_get_stackid(ctx, &stacks, 0);
	where.user = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	bpf_map_update_elem(&samples, &where, &zero, BPF_NOEXIST);
	count = bpf_map_lookup_elem(&samples, &where);
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
