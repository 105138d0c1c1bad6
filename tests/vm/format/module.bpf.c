/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Modules: a function to trace (tun) and functions to call (nf_conntrack, 5.18). */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("?fentry/tun:tun_chr_open") int opened(void *ctx)
{
	bpf_printk("tun opened by %d", (int)(__u32)bpf_get_current_uid_gid());
	return 0;
}

SEC("?fexit/tun_chr_open") int BPF_PROG(left, struct inode *inode, struct file *file, int ret)
{
	bpf_printk("tun returned %d", ret);
	return 0;
}

SEC("?fentry/veth:tun_chr_open") int elsewhere(void *ctx)
{
	return 0;
}

/* An incomplete type would not match the kernel's. */
struct nf_conn {
	int unused;
};
struct bpf_ct_opts___sonde {
	__s32 netns_id;
	__s32 error;
	__u8 l4proto;
	__u8 dir;
	__u8 reserved[2];
};

extern struct nf_conn *bpf_xdp_ct_lookup(struct xdp_md *ctx, struct bpf_sock_tuple *tuple,
	__u32 size, struct bpf_ct_opts___sonde *opts, __u32 opts_size) __ksym;
extern void bpf_ct_release(struct nf_conn *conn) __ksym;

/* Looks up a connection that does not exist: the module returns ENOENT. */
SEC("?xdp") int lookup(struct xdp_md *ctx)
{
	struct bpf_ct_opts___sonde opts = {.netns_id = -1, .l4proto = 17};
	struct bpf_sock_tuple tuple = {.ipv4 = {.saddr = 1, .daddr = 2, .sport = 3, .dport = 4}};
	struct nf_conn *conn =
		bpf_xdp_ct_lookup(ctx, &tuple, sizeof tuple.ipv4, &opts, sizeof opts);
	if (conn)
		bpf_ct_release(conn);
	else
		bpf_printk("lookup %d", opts.error);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
