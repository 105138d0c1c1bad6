/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the verifier refuses, 6: more than 512 bytes of stack.
 *
 *	sonde run build/progs/v06_stack.bpf.o --only wrong --on wrong=lo
 *	"combined stack size of 2 calls is 608. Too large"
 *
 * The compiler refuses a single function that needs more. It does not add up functions that call
 * each other; the verifier does. What is large goes into a map with one element per CPU: nobody
 * else uses that one while we run. (Tracing programs have 512 bytes for each function since Linux
 * 6.13 on x86.)
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { SIZE = 300 };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, char[SIZE]);
} scratch SEC(".maps");

/* Fills it, so that it is needed. */
static __always_inline int fill(char *text, int with)
{
	for (int i = 0; i < SIZE; i++)
		((volatile char *)text)[i] = with + i;
	return ((volatile char *)text)[SIZE / 2];
}

static __noinline int inner(int n)
{
	char text[SIZE];

	return fill(text, n);
}

SEC("?xdp")
int wrong(struct xdp_md *ctx)
{
	char text[SIZE];

	return inner(fill(text, 0)) ? XDP_PASS : XDP_DROP;
}

static __noinline int inner_with_map(int n)
{
	__u32 slot = 1;
	char *text = bpf_map_lookup_elem(&scratch, &slot);

	return text ? fill(text, n) : 0;
}

SEC("?xdp")
int right(struct xdp_md *ctx)
{
	__u32 slot = 0;
	char *text = bpf_map_lookup_elem(&scratch, &slot);

	return text && inner_with_map(fill(text, 0)) ? XDP_PASS : XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
