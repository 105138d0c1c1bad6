/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Prints the pid and size of each TCP send. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("kprobe/tcp_sendmsg")
int BPF_KPROBE(tcp_tx, struct sock *sk, struct msghdr *msg, size_t size)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	bpf_printk("pid %d sends %d bytes\n", pid, size);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
