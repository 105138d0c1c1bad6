/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records of one size and different types, with a number that tells which. */
#include "records.bpf.h"

RING(known);
RING(stacked);
RING(computed);

struct opened {
	__u32 kind;
	__u32 fd;
	__u64 ns;
};
struct closed {
	__u32 kind;
	__u16 a, b;
	__u32 c, d;
};

PROG(open)
{
	struct opened *e = bpf_ringbuf_reserve(&known, sizeof(*e), 0);

	if (!e)
		return 0;
	e->kind = 1;
	e->fd = bpf_get_prandom_u32();
	e->ns = bpf_ktime_get_ns();
	bpf_ringbuf_submit(e, 0);
	return 0;
}

PROG(close)
{
	struct closed *e = bpf_ringbuf_reserve(&known, sizeof(*e), 0);

	if (!e)
		return 0;
	e->kind = 2;
	e->a = bpf_get_prandom_u32();
	e->b = bpf_get_smp_processor_id();
	e->c = bpf_get_prandom_u32();
	e->d = bpf_get_prandom_u32();
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* The same in a frame that is zero at first; both are of one type but for their names. */
PROG(send)
{
	struct opened e = {};

	e.kind = 7;
	e.fd = bpf_get_prandom_u32();
	e.ns = bpf_ktime_get_ns();
	bpf_ringbuf_output(&stacked, &e, sizeof(e), 0);
	return 0;
}
PROG(send_another)
{
	struct closed e = {};

	e.kind = 8;
	e.a = bpf_get_prandom_u32();
	e.c = bpf_get_prandom_u32();
	e.d = bpf_get_prandom_u32();
	bpf_ringbuf_output(&stacked, &e, sizeof(e), 0);
	return 0;
}

PROG(compute)
{
	struct opened *e = bpf_ringbuf_reserve(&computed, sizeof(*e), 0);
	struct closed *f;

	if (!e)
		return 0;
	e->kind = bpf_get_smp_processor_id();
	e->fd = 1;
	bpf_ringbuf_submit(e, 0);
	f = bpf_ringbuf_reserve(&computed, sizeof(*f), 0);
	if (!f)
		return 0;
	f->kind = 1;
	f->d = bpf_get_prandom_u32();
	bpf_ringbuf_submit(f, 0);
	return 0;
}
