/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* No variable holds the record: only sizes distinguish the types. */
#include "records.bpf.h"
#include "other.bpf.h"

RING(events);
RING(lonely);

struct first {
	__u64 a, b, c;
};
struct second {
	__u64 d[3];
};
struct alone {
	__u64 d[5];
};

PROG(copied)
{
	struct first f = {ctx[1], 2, 3};
	struct second s = {{4, ctx[2]}};
	void *e = bpf_ringbuf_reserve(&events, sizeof(struct first), 0);

	if (!e)
		return 0;
	__builtin_memcpy(e, &f, sizeof(f));
	bpf_ringbuf_submit(e, 0);
	bpf_probe_read_kernel(&f, 24, (void *)ctx[3]);
	bpf_probe_read_kernel(&s, 24, (void *)ctx[4]);
	return f.a + s.d[1];
}

PROG(cast)
{
	void *e = bpf_ringbuf_reserve(&lonely, sizeof(struct alone), 0);

	if (!e)
		return 0;
	((struct alone *)e)->d[1] = 1;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

PROG(uses_the_header)
{
	struct of_a_header h = {};

	bpf_probe_read_kernel(&h, sizeof(h), (void *)ctx[1]);
	return h.x[2];
}
