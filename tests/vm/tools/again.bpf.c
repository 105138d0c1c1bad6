/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Runs when an entry of a hash is deleted, and deletes one itself. The kernel skips the program for
 * that nested call. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} nothing SEC(".maps");

__u64 runs;

SEC("fentry/htab_map_delete_elem")
int again(void *ctx)
{
	__u32 key = 0;

	__sync_fetch_and_add(&runs, 1);
	bpf_map_delete_elem(&nothing, &key);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
