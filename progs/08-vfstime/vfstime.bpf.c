/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * vfstime: duration of reads by one process. Based on example 08 of the course.
 *
 *	sonde run build/progs/vfstime.bpf.o --set only_pid=1234
 *
 * Demonstrates kretprobes: at the return of a function its result is available, but neither its
 * arguments nor the time of entry. The kprobe saves that in a map.
 *
 * Pitfalls avoided:
 * - The key is the thread (see 04-syslat).
 * - The entry is deleted after use, or the map would fill up with threads that have exited.
 * - Everything reads, including sonde, which reads because of our reports: hence one process only.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct read_time {
	pid_t pid;
	__u64 us;
	__s64 ret; /* bytes, or negative error number */
};

const volatile pid_t only_pid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} started SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct read_time);

SEC("kprobe/vfs_read")
int vfstime_entry(void *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	if ((pid_t)(thread >> 32) == only_pid)
		bpf_map_update_elem(&started, &thread, &now, BPF_ANY);
	return 0;
}

SEC("kretprobe/vfs_read")
int BPF_KRETPROBE(vfstime_return, ssize_t ret)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *start = bpf_map_lookup_elem(&started, &thread), ns;
	struct read_time *event;

	if (!start)
		return 0;
	ns = bpf_ktime_get_ns() - *start;
	bpf_map_delete_elem(&started, &thread);
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = thread >> 32;
	event->us = ns / 1000;
	event->ret = ret;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
