/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Record types that depend on the path through the code. */
#include "records.bpf.h"

RING(one);
RING(two);
PERF(sized);
PERF(merged);
CELL(heap, BPF_MAP_TYPE_ARRAY, char[512]);

struct a {
	__u32 x;
	__u64 y;
};

struct small {
	__u32 p, q, r;
};
struct large {
	__u64 s, t;
};

PROG(which_map)
{
	void *map = &one;
	struct a *e;

	if (ctx[1])
		map = &two;
	asm volatile("" : "+r"(map));
	e = bpf_ringbuf_reserve(map, sizeof(*e), 0);
	if (e) {
		e->x = 1;
		bpf_ringbuf_submit(e, 0);
	}
	return 0;
}

PROG(how_much)
{
	__u32 zero = 0;
	struct a *e = bpf_map_lookup_elem(&heap, &zero);
	__u64 n = ctx[1] & 127;

	if (!e)
		return 0;
	e->x = 2;
	bpf_perf_event_output(ctx, &sized, BPF_F_CURRENT_CPU, e, n + 16);
	return 0;
}

/* Compilers merge the two calls. */
PROG(one_end)
{
	if (ctx[1]) {
		struct small e = {ctx[2], 2, 3};

		bpf_perf_event_output(ctx, &merged, BPF_F_CURRENT_CPU, &e, sizeof(e));
	} else {
		struct large e = {ctx[3], 4};

		bpf_perf_event_output(ctx, &merged, BPF_F_CURRENT_CPU, &e, sizeof(e));
	}
	return 0;
}
