/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rejected by the verifier, 6: more than 512 bytes of stack.
 *
 *	sonde run build/progs/v06_stack.bpf.o --only wrong --on wrong=lo
 *	"combined stack size of 2 calls is 608. Too large"
 *
 * The compiler rejects a single function that requires more, but does not add up functions that
 * call each other. The verifier does. Large objects belong in a per-CPU map of one element, which
 * nothing else uses while the program runs. (Since Linux 6.13, on x86, each function of a tracing
 * program has 512 bytes.)
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

/* Writes to the buffer, so that it is not optimised away. */
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
