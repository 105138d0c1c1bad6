/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * rwlat: latency of read(2) and write(2) as log2 histograms in microseconds, by program. Based on
 * lesson 21.3.4 of the course, which uses the hist() of bpftrace.
 *
 * Demonstrates a histogram per key: a value with an array of counts. A value too large for the
 * stack (512 bytes) is initialised from an empty one in a map.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_show.h>

enum { SLOTS = 27 };

struct who {
	char comm[TASK_COMM_LEN];
	char call[8];
};

struct latency {
	__u64 us[SLOTS] SHOW_AS(log2_us);
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} started SHOW_AS(nothing) SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct latency);
} empty SHOW_AS(nothing) SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct who);
	__type(value, struct latency);
} latency SEC(".maps");

static __always_inline int begin(void)
{
	__u64 thread = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	bpf_map_update_elem(&started, &thread, &now, BPF_ANY);
	return 0;
}

static __always_inline int end(const char *call, __u32 length)
{
	__u64 thread = bpf_get_current_pid_tgid(), *since = bpf_map_lookup_elem(&started, &thread);
	struct who who = {};
	struct latency *found;
	__u32 zero = 0, slot;

	if (!since)
		return 0;
	slot = log2_slot((bpf_ktime_get_ns() - *since) / 1000, SLOTS);
	bpf_map_delete_elem(&started, &thread);
	bpf_get_current_comm(who.comm, sizeof(who.comm));
	__builtin_memcpy(who.call, call, length);
	found = bpf_map_lookup_elem(&latency, &who);
	if (!found) {
		void *start = bpf_map_lookup_elem(&empty, &zero);

		if (start)
			bpf_map_update_elem(&latency, &who, start, BPF_NOEXIST);
		found = bpf_map_lookup_elem(&latency, &who);
	}
	if (found && slot < SLOTS)
		__sync_fetch_and_add(&found->us[slot], 1);
	return 0;
}

SEC("tp/syscalls/sys_enter_read")
int read_enter(void *ctx)
{
	return begin();
}

SEC("tp/syscalls/sys_exit_read")
int read_exit(void *ctx)
{
	return end("read", 5);
}

SEC("tp/syscalls/sys_enter_write")
int write_enter(void *ctx)
{
	return begin();
}

SEC("tp/syscalls/sys_exit_write")
int write_exit(void *ctx)
{
	return end("write", 6);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
