/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One program at entry and return (7.0); one link for all matching functions (7.2). */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("?fsession/bprm_execve") int session(void *ctx)
{
	if ((__u32)bpf_get_current_uid_gid() == 12345)
		bpf_printk("session");
	return 0;
}

SEC("?fentry.multi/bprm_exec?e") int multi(void *ctx)
{
	if ((__u32)bpf_get_current_uid_gid() == 12345)
		bpf_printk("multi");
	return 0;
}

SEC("?fentry.multi/no_such_*_function") int nothing(void *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
