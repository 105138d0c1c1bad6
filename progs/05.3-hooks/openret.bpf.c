/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * openret: results of opening files, by error number. Based on lesson 21.5.3 of the course.
 *
 * Demonstrates a kretprobe without a kprobe: only the result matters. Key 0 means success.
 *
 * Pitfalls avoided: do_sys_open() is not called by all variants of open and may be inlined into its
 * callers. open, openat and openat2 all end up in do_sys_openat2() (Linux 5.6). Newer kernels
 * return an int from it, which fills half of the register: stored in a long, it would never be
 * negative.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, int);
	__type(value, __u64);
} results SEC(".maps");

SEC("kretprobe/do_sys_openat2")
int BPF_KRETPROBE(openret, int ret)
{
	int error = ret < 0 ? ret : 0;
	__u64 *count = bpf_map_lookup_elem(&results, &error), zero = 0;

	if (!count) {
		bpf_map_update_elem(&results, &error, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&results, &error);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
