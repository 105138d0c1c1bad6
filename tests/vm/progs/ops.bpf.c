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

SEC("struct_ops/ssthresh") int BPF_ssthresh(void *ctx)
{
	return 2;
}
SEC("struct_ops/undo_cwnd") int BPF_undo_cwnd(void *ctx)
{
	return 2;
}
SEC("struct_ops/cong_avoid") int BPF_cong_avoid(void *ctx)
{
	return 0;
}

SEC(".struct_ops")
struct tcp_congestion_ops ours = {
	.ssthresh = (void *)BPF_ssthresh,
	.undo_cwnd = (void *)BPF_undo_cwnd,
	.cong_avoid = (void *)BPF_cong_avoid,
	.name = "sonde_proof",
};
