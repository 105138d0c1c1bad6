/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * slowopen: opens that fail or take long. Based on lesson 21.4.1 of the course.
 *
 *	sonde run build/progs/slowopen.bpf.o --set only_failures=true
 *	sonde run build/progs/slowopen.bpf.o --set min_ns=1000000
 *
 * Demonstrates global constants as parameters. They are in .rodata, an array of one element, which
 * the loader writes and freezes *before* the program is loaded. From then on nothing can change
 * them, and the verifier relies on that. Other globals (here: seen) are in .bss or .data and remain
 * writable by both sides.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct open_time {
	pid_t pid;
	char comm[TASK_COMM_LEN];
	__u64 ns;
	int ret;
};

const volatile bool only_failures = false;
const volatile __u64 min_ns = 0;

__u64 seen;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} started SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct open_time);

SEC("tp/syscalls/sys_enter_openat")
int slowopen_enter(void *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	bpf_map_update_elem(&started, &thread, &now, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_openat")
int slowopen_exit(struct trace_event_raw_sys_exit *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid(), ns;
	__u64 *start = bpf_map_lookup_elem(&started, &thread);
	long ret = ctx->ret;
	struct open_time *event;

	if (!start)
		return 0;
	ns = bpf_ktime_get_ns() - *start;
	bpf_map_delete_elem(&started, &thread);
	__sync_fetch_and_add(&seen, 1);
	if ((only_failures && ret >= 0) || ns < min_ns)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = thread >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->ns = ns;
	event->ret = (int)ret;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
