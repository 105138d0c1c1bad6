/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Types that BTF contains: that of an unused variable, that of a map's value. */
#include "records.bpf.h"

RING(events);
PERF(packets);
RING(samples);
RING(unlike);
RING(shadowed);

struct exec {
	__u32 pid;
	char comm[16];
};
struct packet {
	__u64 a, b, c;
};
struct stats {
	__u64 a, b, c, d;
};

const struct exec *unused __attribute__((unused));

CELL(last_packet, BPF_MAP_TYPE_ARRAY, struct packet);
CELL(last_stats, BPF_MAP_TYPE_ARRAY, struct stats);

PROG(all)
{
	struct exec *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	struct packet f = {ctx[1], ctx[2]};
	struct stats *g;

	if (e) {
		e->pid = 1;
		bpf_ringbuf_submit(e, 0);
	}
	bpf_perf_event_output(ctx, &packets, BPF_F_CURRENT_CPU, &f, sizeof(f));
	{
		struct stats {
			__u16 other;
		} *local = bpf_ringbuf_reserve(&shadowed, sizeof(*local), 0);

		if (local) {
			local->other = 1;
			bpf_ringbuf_submit(local, 0);
		}
	}
	g = bpf_ringbuf_reserve(&unlike, sizeof(*g), 0);
	if (g) {
		g->a = 1;
		bpf_ringbuf_submit(g, 0);
	}
	return 0;
}
