/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * execcount: how many programs each user has started. After the course's lesson 21.5.2.
 *
 *	sonde run build/progs/execcount.bpf.o
 *
 * Learned here:
 * - A map outlives the run of a program and is seen from both sides: the program counts, user
 *   space reads. Its definition is a variable whose type says everything; the loader finds type
 *   and sizes in BTF. The names count as well: the key is called uid_t, so it is shown as one.
 * - Look-ups can fail and the verifier insists on the test for NULL.
 * - Two CPUs can be here at once. Whoever inserts first wins: BPF_NOEXIST never overwrites what
 *   another CPU has counted meanwhile, and the addition is atomic.
 *
 * Nothing is read from the context, so there is nothing to relocate: runs without kernel BTF.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* A hash map takes all its memory when it is made: 1024 entries are some 64 KiB. */
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
