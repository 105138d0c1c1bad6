/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One record, with another code section before the program's. */
#include "records.bpf.h"

RING(events);

struct event {
	__u32 pid;
	__u64 ns;
};

#ifndef ANSWER
#define ANSWER 5
#endif

PROG(empty)
{
	return ANSWER;
}

PROG(reserve)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	e->pid = ctx[1];
	bpf_ringbuf_submit(e, 0);
	return 0;
}
