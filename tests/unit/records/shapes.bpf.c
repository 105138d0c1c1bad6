/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* All cases in which the type of a record is certain. */
#include "records.bpf.h"

struct a {
	__u32 x;
	__u64 y;
};
struct b {
	__u64 p, q;
};
struct c {
	__u32 len, n;
	char data[];
};
struct head {
	__u32 kind;
};
struct d {
	struct head head;
	__u32 body[4];
};
typedef struct {
	__u16 s[6];
} nameless;
struct big {
	__u64 v[12];
};
struct sub {
	__u64 w[4];
};
struct before {
	__u64 b1;
	__u32 b2;
} variable_before;
struct g {
	__u32 g1;
	__u64 g2;
} global_variable;
static struct before variable_behind;

RING(unspeakable);
RING(plain);
RING(other);
RING(through_inline);
RING(inside_inline);
RING(twice);
RING(loop);
RING(flex);
RING(wrapped);
RING(anonymous);
RING(number);
RING(parameter);
RING(global);
RING(local);
RING(passed_on);
RING(untyped);
RING(larger);
PERF(stack);
PERF(element);
PERF(inlined_fill);
PERF(buffer);
PERF(no_calls);
CELL(heap, BPF_MAP_TYPE_PERCPU_ARRAY, struct big);

/* BTF has no complex numbers. This one comes first, so that later types show its remains. */
PROG(not_in_btf)
{
	struct odd {
		__u64 some[7];
		_Complex float z;
	} *e = bpf_ringbuf_reserve(&unspeakable, sizeof(*e), 0);

	if (e) {
		e->some[1] = ctx[1];
		bpf_ringbuf_submit(e, 0);
	}
	return 0;
}

PROG(two_rings)
{
	struct a *e = bpf_ringbuf_reserve(&plain, sizeof(*e), 0);
	struct b *f;

	if (!e)
		return 0;
	e->x = ctx[1];
	e->y = 2;
	bpf_ringbuf_submit(e, 0);
	f = bpf_ringbuf_reserve(&other, sizeof(*f), 0);
	if (!f)
		return 0;
	f->p = ctx[1];
	bpf_ringbuf_submit(f, 0);
	return 0;
}

static __always_inline struct b *take(void *map)
{
	struct b *e = bpf_ringbuf_reserve(map, sizeof(*e), 0);

	return e;
}

PROG(inlined)
{
	struct b *r = take(&through_inline), *t;

	if (r) {
		r->p = ctx[1];
		bpf_ringbuf_submit(r, 0);
	}
	t = take(&twice);
	if (t) {
		t->q = ctx[2];
		bpf_ringbuf_submit(t, 0);
	}
	t = take(&twice);
	if (t) {
		t->q = ctx[3];
		bpf_ringbuf_submit(t, 0);
	}
	return 0;
}

static __always_inline void send_b(__u64 *ctx)
{
	struct b *only_here = bpf_ringbuf_reserve(&inside_inline, sizeof(struct b), 0);

	if (!only_here)
		return;
	only_here->p = ctx[4];
	bpf_ringbuf_submit(only_here, 0);
}

PROG(inlined_whole)
{
	send_b(ctx);
	return 0;
}

PROG(in_a_loop)
{
#pragma clang loop unroll(disable)
	for (int i = 0; i < 50; i++) {
		struct a *e = bpf_ringbuf_reserve(&loop, sizeof(*e), 0);

		if (!e)
			return 0;
		e->x = ctx[i];
		bpf_ringbuf_submit(e, 0);
	}
	return 0;
}

PROG(odd_types)
{
	struct c *e = bpf_ringbuf_reserve(&flex, sizeof(*e) + 64, 0);
	struct head *h;
	struct d *w;
	nameless *l;
	__u64 *m;

	if (!e)
		return 0;
	e->len = ctx[1];
	e->data[2] = 1;
	bpf_ringbuf_submit(e, 0);

	w = bpf_ringbuf_reserve(&wrapped, sizeof(*w), 0);
	if (!w)
		return 0;
	h = &w->head;
	h->kind = 5;
	w->body[1] = ctx[1];
	bpf_ringbuf_submit(w, 0);

	l = bpf_ringbuf_reserve(&anonymous, sizeof(*l), 0);
	if (!l)
		return 0;
	l->s[2] = ctx[1];
	bpf_ringbuf_submit(l, 0);

	m = bpf_ringbuf_reserve(&number, sizeof(*m), 0);
	if (!m)
		return 0;
	*m = ctx[1];
	bpf_ringbuf_submit(m, 0);
	return 0;
}

static __attribute__((noinline)) int send(struct sub *s, __u64 *ctx)
{
	s->w[3] = ctx[1];
	bpf_ringbuf_output(&parameter, s, sizeof(*s), 0);
	return s->w[1];
}

PROG(sent_elsewhere)
{
	struct sub s = {{1, 2, 3}};

	return send(&s, ctx);
}

PROG(from_a_variable)
{
	variable_before.b2 = ctx[2];
	variable_behind.b1 = ctx[3];
	global_variable.g1 = ctx[1];
	bpf_ringbuf_output(&global, &global_variable, sizeof(global_variable), 0);
	bpf_ringbuf_output(&local, &variable_behind, sizeof(variable_behind), 0);
	return variable_before.b1;
}

static __attribute__((noinline)) int fill(struct a *e, __u64 *ctx)
{
	e->x = ctx[1];
	return 0;
}

PROG(filled_elsewhere)
{
	struct a *e = bpf_ringbuf_reserve(&passed_on, sizeof(*e), 0);

	if (e) {
		fill(e, ctx);
		bpf_ringbuf_submit(e, 0);
	}
	return 0;
}

PROG(from_the_stack)
{
	struct a e = {};
	struct b f = {};

	bpf_probe_read_kernel(&e, 4, (void *)ctx[1]);
	bpf_probe_read_kernel(&f, 8, (void *)ctx[2]);
	bpf_perf_event_output(ctx, &stack, BPF_F_CURRENT_CPU, &f, sizeof(f));
	return e.x;
}

PROG(from_a_map)
{
	__u32 zero = 0;
	struct big *e = bpf_map_lookup_elem(&heap, &zero);

	if (!e)
		return 0;
	e->v[1] = ctx[1];
	bpf_perf_event_output(ctx, &element, BPF_F_CURRENT_CPU, e, sizeof(*e));
	return 0;
}

static __always_inline void fill_a(struct a *e)
{
	e->y = bpf_ktime_get_ns();
	bpf_get_current_comm(e, 4);
}

PROG(filled_inline)
{
	struct b f = {};
	struct a e = {};

	fill_a(&e);
	bpf_get_current_comm(&f, 16);
	bpf_perf_event_output(ctx, &inlined_fill, BPF_F_CURRENT_CPU, &e, sizeof(e));
	return f.p;
}

PROG(through_a_buffer)
{
	__u8 bytes[sizeof(struct a)] = {};

	fill_a((struct a *)bytes);
	bpf_perf_event_output(ctx, &buffer, BPF_F_CURRENT_CPU, bytes, sizeof(bytes));
	return 0;
}

PROG(more_room)
{
	struct a *e = bpf_ringbuf_reserve(&larger, 100, 0);

	if (e) {
		e->x = ctx[1];
		bpf_ringbuf_submit(e, 0);
	}
	return 0;
}

PROG(nothing_to_tell)
{
	void *e = bpf_ringbuf_reserve(&untyped, 77, 0);

	if (e) {
		*(char *)e = ctx[1];
		bpf_ringbuf_submit(e, 0);
	}
	return 0;
}
