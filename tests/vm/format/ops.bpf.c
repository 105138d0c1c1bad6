/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Congestion control. LINK selects the section for links, MORE adds a member that no kernel has. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct sock;
struct tcp_congestion_ops {
#ifdef MORE
	int more;
#endif
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
};

SEC("struct_ops/ssthresh") __u32 BPF_PROG(ssthresh, struct sock *sk)
{
	return 10;
}

SEC("struct_ops/cong_avoid") void BPF_PROG(cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops/undo_cwnd") __u32 BPF_PROG(undo_cwnd, struct sock *sk)
{
	return 10;
}

#ifdef LINK
SEC(".struct_ops.link")
#else
SEC(".struct_ops")
#endif
struct tcp_congestion_ops sonde_ops = {
#ifdef MORE
	.more = MORE,
#endif
	.ssthresh = (void *)ssthresh,
	.cong_avoid = (void *)cong_avoid,
	.undo_cwnd = (void *)undo_cwnd,
	.name = "bpf_sonde",
};

char LICENSE[] SEC("license") = "GPL";
