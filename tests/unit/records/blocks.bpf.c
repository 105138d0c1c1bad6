/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The pointer to the record is stored in memory, so no variable is identified by its location. */
#include "records.bpf.h"

RING(nested);
RING(single);

struct outer {
	__u64 a, b, c;
};
struct inner {
	__u64 d[3];
};
struct elsewhere {
	__u32 f[6];
};
struct only {
	__u64 e[5];
};

void *volatile cell;

PROG(in_blocks)
{
	struct outer *o = cell;

	if (!o)
		return 0;
	o->a = 5;
	if (ctx[1]) {
		struct inner *i = cell;

		if (!i)
			return 0;
		i->d[1] = 4;
		bpf_ringbuf_output(&nested, cell, sizeof(*i), 0);
	}
	if (ctx[2]) {
		struct outer *again = cell;

		if (again && again->c) {
			struct elsewhere *e = cell;

			if (e)
				e->f[2] = 1;
		}
	}
	return o->b;
}

PROG(by_itself)
{
	struct only *o = cell;

	if (!o)
		return 0;
	o->e[0] = 5;
	bpf_ringbuf_output(&single, cell, sizeof(*o), 0);
	return o->e[1];
}
