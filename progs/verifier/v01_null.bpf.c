/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 1: a lookup whose result is not tested.
 *
 *	sonde run build/progs/v01_null.bpf.o --only wrong
 *	"R0 invalid mem access 'map_value_or_null'"
 *
 * bpf_map_lookup_elem() returns NULL if the key does not exist. Even if the author knows that it
 * does, the verifier cannot, and sometimes the author is wrong. Lookups in arrays return NULL
 * beyond the end. Since Linux 6.14 the verifier knows better if map and index are constant.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, uid_t);
	__type(value, __u64);
} counts SEC(".maps");

SEC("?tp/syscalls/sys_enter_getppid")
int wrong(void *ctx)
{
	uid_t uid = (uid_t)bpf_get_current_uid_gid();
	__u64 *count = bpf_map_lookup_elem(&counts, &uid);

	*count += 1;
	return 0;
}

SEC("?tp/syscalls/sys_enter_getppid")
int right(void *ctx)
{
	uid_t uid = (uid_t)bpf_get_current_uid_gid();
	__u64 *count = bpf_map_lookup_elem(&counts, &uid);

	if (count)
		*count += 1;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
