/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * earlyfilter: count files opened by ordinary users' processes, at next to no cost for others.
 * Based on lesson 21.5.3 of the course.
 *
 *	sonde run build/progs/earlyfilter.bpf.o --set least_pid=5000 --set only_uid=1000
 *
 * Demonstrates testing the cheapest conditions first, so that most calls end there. The thresholds
 * are constants to the verifier, which removes branches that cannot be taken.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile pid_t least_pid = 1000;
const volatile uid_t only_uid = 1000;

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, pid_t);
	__type(value, __u64);
} opens SEC(".maps");

SEC("tp/syscalls/sys_enter_openat")
int earlyfilter(void *ctx)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	__u64 *count, zero = 0;

	if (pid < least_pid)
		return 0;
	if ((uid_t)bpf_get_current_uid_gid() != only_uid)
		return 0;
	count = bpf_map_lookup_elem(&opens, &pid);
	if (!count) {
		bpf_map_update_elem(&opens, &pid, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&opens, &pid);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
