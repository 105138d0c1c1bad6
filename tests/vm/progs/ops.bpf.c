// SPDX-License-Identifier: GPL-2.0
/* A congestion control, and a probe of its registration. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";
long registered;

struct sock;
struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	char name[16];
};

SEC("fentry/tcp_register_congestion_control") int on_register(void *ctx)
{
	registered++;
	return 0;
}

SEC("struct_ops/ssthresh") int threshold(void *ctx)
{
	return 2;
}
SEC("struct_ops/undo_cwnd") int undo(void *ctx)
{
	return 2;
}
SEC("struct_ops/cong_avoid") int avoid(void *ctx)
{
	return 0;
}

SEC(".struct_ops")
struct tcp_congestion_ops ours = {
	.ssthresh = (void *)threshold,
	.undo_cwnd = (void *)undo,
	.cong_avoid = (void *)avoid,
	.name = "sonde_proof",
};
