/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records of two types in one ring. */
#include "records.bpf.h"

RING(events);

struct opened {
	__u32 kind, fd;
};
struct closed {
	__u32 kind;
	__u64 ns;
};

PROG(two_kinds)
{
	if (ctx[0]) {
		struct opened *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

		if (e) {
			e->fd = 1;
			bpf_ringbuf_submit(e, 0);
		}
	} else {
		struct closed *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

		if (e) {
			e->ns = 1;
			bpf_ringbuf_submit(e, 0);
		}
	}
	return 0;
}
