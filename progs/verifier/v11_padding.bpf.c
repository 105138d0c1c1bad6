/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 11: uninitialised bytes on the stack.
 *
 *	sonde run build/progs/v11_padding.bpf.o --only wrong --on wrong=/sys/fs/cgroup/mine:egress
 *	"invalid indirect read from stack R2 off -8+4 size 8"
 *
 * Both members are initialised, but the second is followed by 4 bytes of padding, which are part of
 * the key. With random stack contents in them, no key would be found twice. Since Linux 6.3 only
 * unprivileged users get this error; for others the program loads, and is wrong.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct who {
	__u64 time;
	pid_t pid; /* followed by 4 bytes of padding */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, struct who);
	__type(value, __u64);
} seen SEC(".maps");

SEC("?cgroup/skb")
int wrong(struct __sk_buff *skb)
{
	struct who who;
	__u64 one = 1;

	who.time = bpf_ktime_get_ns();
	who.pid = (pid_t)skb->mark;
	bpf_map_update_elem(&seen, &who, &one, BPF_ANY);
	return 1; /* pass */
}

SEC("?cgroup/skb")
int right(struct __sk_buff *skb)
{
	struct who who;
	__u64 one = 1;

	__builtin_memset(&who, 0, sizeof(who));
	who.time = bpf_ktime_get_ns();
	who.pid = (pid_t)skb->mark;
	bpf_map_update_elem(&seen, &who, &one, BPF_ANY);
	return 1; /* pass */
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
