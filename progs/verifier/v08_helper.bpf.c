/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 8: a pointer that may be NULL, passed to a helper.
 *
 *	sonde run build/progs/v08_helper.bpf.o --only wrong
 *	"R1 type=map_value_or_null expected=fp, pkt, ..., map_value"
 *
 * Helpers do not test their arguments: a pointer to memory must be valid.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, uid_t);
	__type(value, char[TASK_COMM_LEN]);
} names SEC(".maps");

SEC("?tp/syscalls/sys_enter_getppid")
int wrong(void *ctx)
{
	uid_t uid = (uid_t)bpf_get_current_uid_gid();
	char *comm = bpf_map_lookup_elem(&names, &uid);

	bpf_get_current_comm(comm, TASK_COMM_LEN);
	return 0;
}

SEC("?tp/syscalls/sys_enter_getppid")
int right(void *ctx)
{
	uid_t uid = (uid_t)bpf_get_current_uid_gid();
	char *comm = bpf_map_lookup_elem(&names, &uid);

	if (comm)
		bpf_get_current_comm(comm, TASK_COMM_LEN);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
