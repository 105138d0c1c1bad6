/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * execcount: number of programs started by each user. Based on lesson 21.5.2 of the course.
 *
 *	sonde run build/progs/execcount.bpf.o
 *
 * Demonstrates:
 * - A map persists between runs of a program and is accessible from both sides: the program counts,
 *   user space reads. It is defined by a variable whose type encodes everything; the loader finds
 *   types and sizes in BTF. Type names matter, too: since the key is a uid_t, it is shown as one.
 * - Lookups can fail, and the verifier requires a test for NULL.
 * - Two CPUs may run this at once. BPF_NOEXIST never overwrites what another CPU has counted in the
 *   meantime, and the addition is atomic.
 *
 * Nothing is read from the context, so there is nothing to relocate: this runs without kernel BTF.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* A hash map is preallocated: 1024 entries take about 64 KiB. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, uid_t);
	__type(value, __u64);
} exec_count SEC(".maps");

SEC("tp/syscalls/sys_enter_execve")
int execcount(void *ctx)
{
	uid_t uid = (uid_t)bpf_get_current_uid_gid();
	__u64 *count = bpf_map_lookup_elem(&exec_count, &uid);

	if (!count) {
		__u64 zero = 0;

		bpf_map_update_elem(&exec_count, &uid, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&exec_count, &uid);
		if (!count)
			return 0; /* the map is full */
	}
	__sync_fetch_and_add(count, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
