/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 13: an index that is off by one.
 *
 *	sonde run build/progs/v13_outside.bpf.o --only wrong
 *	"invalid access to map value, value_size=64 off=64 size=4;
 *	R6 max value is outside of the allowed memory range"
 *
 * There is a bound (compare 12), but it is wrong: the last of 16 elements is number 15. "off" is
 * the start of the access with the largest index: 64, the end of the 64 bytes.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { SLOTS = 16 };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32[SLOTS]);
} calls SEC(".maps");

SEC("?tp/syscalls/sys_enter_getppid")
int wrong(void *ctx)
{
	__u32 zero = 0, *slots = bpf_map_lookup_elem(&calls, &zero);
	uid_t uid = (uid_t)bpf_get_current_uid_gid();

	if (slots && uid <= SLOTS)
		slots[uid] += 1;
	return 0;
}

SEC("?tp/syscalls/sys_enter_getppid")
int right(void *ctx)
{
	__u32 zero = 0, *slots = bpf_map_lookup_elem(&calls, &zero);
	uid_t uid = (uid_t)bpf_get_current_uid_gid();

	if (slots && uid < SLOTS)
		slots[uid] += 1;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
