/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * openbypid: how many files each process has opened. After the course's lesson 21.2.1.
 *
 * Learned here: a hash map finds a value by any key. The first time, the key is not there yet: it
 * is inserted with 0 and looked up again, so that two CPUs which come at once both count.
 *
 * Trap avoided: the course counts at sys_enter_open, which modern programs do not use: see
 * 06-opentap.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, pid_t);
	__type(value, __u64);
} opens SEC(".maps");

SEC("tp/syscalls/sys_enter_openat")
int openbypid(void *ctx)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *count = bpf_map_lookup_elem(&opens, &pid), zero = 0;

	if (!count) {
		bpf_map_update_elem(&opens, &pid, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&opens, &pid);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
