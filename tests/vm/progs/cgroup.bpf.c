/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A program for every cgroup hook. All count their runs; those named deny_ also reject. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 hits;

static __always_inline int counted(int verdict)
{
	__sync_fetch_and_add(&hits, 1);
	return verdict;
}

#define COUNT(sec, name, type)                                                                     \
	SEC(sec) int name(struct type *ctx)                                                        \
	{                                                                                          \
		return counted(1);                                                                 \
	}
#define DENY(sec, name, type)                                                                      \
	SEC(sec) int name(struct type *ctx)                                                        \
	{                                                                                          \
		return counted(0);                                                                 \
	}
#define BOTH(sec, name, type)                                                                      \
	COUNT(sec "4", name##4, type)                                                              \
	COUNT(sec "6", name##6, type)

COUNT("cgroup_skb/ingress", ingress, __sk_buff)
COUNT("cgroup_skb/egress", egress, __sk_buff)
COUNT("cgroup/skb", skb, __sk_buff)
DENY("cgroup/skb", deny_skb, __sk_buff)
DENY("cgroup_skb/egress", deny_egress, __sk_buff)
COUNT("cgroup/sock_create", sock_create, bpf_sock)
COUNT("cgroup/sock_release", sock_release, bpf_sock)
COUNT("cgroup/sock", sock, bpf_sock)
DENY("cgroup/sock", deny_sock, bpf_sock)
BOTH("cgroup/post_bind", post_bind, bpf_sock)
BOTH("cgroup/bind", bind, bpf_sock_addr)
BOTH("cgroup/connect", connect, bpf_sock_addr)
BOTH("cgroup/sendmsg", sendmsg, bpf_sock_addr)
BOTH("cgroup/recvmsg", recvmsg, bpf_sock_addr)
BOTH("cgroup/getpeername", getpeername, bpf_sock_addr)
BOTH("cgroup/getsockname", getsockname, bpf_sock_addr)
COUNT("cgroup/connect_unix", connect_unix, bpf_sock_addr)
COUNT("cgroup/sendmsg_unix", sendmsg_unix, bpf_sock_addr)
COUNT("cgroup/recvmsg_unix", recvmsg_unix, bpf_sock_addr)
COUNT("cgroup/getpeername_unix", getpeername_unix, bpf_sock_addr)
COUNT("cgroup/getsockname_unix", getsockname_unix, bpf_sock_addr)
COUNT("cgroup/sysctl", sysctl, bpf_sysctl)
COUNT("cgroup/getsockopt", getsockopt, bpf_sockopt)
COUNT("cgroup/setsockopt", setsockopt, bpf_sockopt)
COUNT("cgroup/dev", dev, bpf_cgroup_dev_ctx)
DENY("cgroup/dev", deny_dev, bpf_cgroup_dev_ctx)
COUNT("sockops", sock_ops, bpf_sock_ops)

SEC("lsm_cgroup/socket_bind") int deny_socket_bind(__u64 *ctx)
{
	return counted(0);
}

char LICENSE[] SEC("license") = "GPL";
