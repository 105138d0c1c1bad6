/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* tcp_sendmsg with fentry and fexit: named arguments, and the return value with them. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("fentry/tcp_sendmsg")
int BPF_PROG(send_entry, struct sock *sk, struct msghdr *msg, size_t size)
{
	bpf_printk("enter: pid %d, size %lu\n", (__u32)(bpf_get_current_pid_tgid() >> 32), size);
	return 0;
}

SEC("fexit/tcp_sendmsg")
int BPF_PROG(send_exit, struct sock *sk, struct msghdr *msg, size_t size, int ret)
{
	bpf_printk("exit: pid %d, ret %d\n", (__u32)(bpf_get_current_pid_tgid() >> 32), ret);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
