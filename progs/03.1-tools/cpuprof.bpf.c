/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * cpuprof: where the processors spend their time: 99 times a second on each of them, who runs, and
 * in which function, called by which. After the course's lesson 21.3.4, where profile does it.
 *
 *	sonde run cpuprof.bpf.o --for 10s			the heaviest stacks
 *	sonde run cpuprof.bpf.o --for 10s >out.folded		one a line: flamegraph.pl takes them
 *	sonde run cpuprof.bpf.o --on cpuprof=cycles:999		by another event
 *
 * Learned here: bpf_get_stackid() puts a stack into a map of stacks, where equal ones are one, and
 * gives its number. The numbers and a count are all that is kept; turning addresses into names is
 * the viewer's work. Stacks of a process are followed by its frame pointers: what was compiled
 * without (-fomit-frame-pointer) shows the innermost function and not much more.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_show.h>

enum { STACKS = 4096, DEPTH = 127 };

struct where {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	kernel_stack_t kernel; /* negative: it was not in the kernel */
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

	if (!where.pid) /* nobody */
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
