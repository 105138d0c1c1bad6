/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 12: an index that may be too large.
 *
 *	sonde run build/progs/v12_bounds.bpf.o --only wrong
 *	"R1 unbounded memory access, make sure to bounds check any such access"
 *
 * The verifier tracks the minimum and maximum of every register on every path. A comparison before
 * the access limits the maximum.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { SLOTS = 16 };

__u64 calls[SLOTS];

SEC("?tp/syscalls/sys_enter_getppid")
int wrong(void *ctx)
{
	uid_t uid = (uid_t)bpf_get_current_uid_gid();

	calls[uid] += 1;
	return 0;
}

SEC("?tp/syscalls/sys_enter_getppid")
int right(void *ctx)
{
	uid_t uid = (uid_t)bpf_get_current_uid_gid();

	if (uid < SLOTS)
		calls[uid] += 1;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
