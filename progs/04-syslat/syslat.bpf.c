/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * syslat: latency of system calls. Based on example 04 of the course.
 *
 *	sonde run build/progs/syslat.bpf.o --set slow_ns=20000000	slow calls
 *	sonde run build/progs/syslat.bpf.o --map stats			all, by number
 *
 * Demonstrates:
 * - raw_syscalls/sys_enter and sys_exit fire for *every* system call; each pays for what is done
 *   here.
 * - A duration requires two hooks and a map between them.
 * - Counts for all calls, events only for rare ones.
 *
 * Pitfalls avoided:
 * - The key is the thread: keyed by process, two threads would get each other's start time.
 * - There is an atomic addition, but no atomic minimum. In a per-CPU array no other CPU writes to
 *   our element.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

enum { CALLS = 512 };

struct stats {
	__u64 count;
	__u64 total_ns;
	__u64 min_ns;
	__u64 max_ns;
};

struct slow_call {
	pid_t pid;
	__u32 nr; /* number of the system call: ausyscall --dump, or <asm/unistd.h> */
	__u64 ns;
	char comm[TASK_COMM_LEN];
};

/* Longer calls produce an event. */
const volatile __u64 slow_ns = 1000000;

/* Threads in a system call, with the time of entry. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} started SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, CALLS);
	__type(key, __u32);
	__type(value, struct stats);
} stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct slow_call);

SEC("tp/raw_syscalls/sys_enter")
int syslat_enter(void *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	bpf_map_update_elem(&started, &thread, &now, BPF_ANY);
	return 0;
}

static void count_call(__u32 nr, __u64 ns)
{
	struct stats *s = bpf_map_lookup_elem(&stats, &nr);

	if (!s)
		return; /* number out of range */
	s->count += 1;
	s->total_ns += ns;
	if (s->count == 1 || ns < s->min_ns)
		s->min_ns = ns;
	if (ns > s->max_ns)
		s->max_ns = ns;
}

static void report(__u64 thread, __u32 nr, __u64 ns)
{
	struct slow_call *call = bpf_ringbuf_reserve(&events, sizeof(*call), 0);

	if (!call)
		return count_lost();
	call->pid = thread >> 32;
	call->nr = nr;
	call->ns = ns;
	bpf_get_current_comm(call->comm, sizeof(call->comm));
	bpf_ringbuf_submit(call, 0);
}

SEC("tp/raw_syscalls/sys_exit")
int syslat_exit(struct trace_event_raw_sys_exit *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid(), ns;
	__u64 *start = bpf_map_lookup_elem(&started, &thread);
	long nr = ctx->id;

	if (!start)
		return 0; /* it entered before we were attached */
	ns = bpf_ktime_get_ns() - *start;
	bpf_map_delete_elem(&started, &thread);
	count_call((__u32)nr, ns);
	if (ns > slow_ns)
		report(thread, (__u32)nr, ns);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
