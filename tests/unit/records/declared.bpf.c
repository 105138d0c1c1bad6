/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The object declares its record types (and the code contradicts it). */
#include "records.bpf.h"
#include <bpf/sonde_event.h>

RING(events);
RING(untouched);

struct real {
	__u32 pid;
};
struct other {
	__u32 pid;
};

SONDE_EVENT(events, struct real);

/* As in objects for cilium/ebpf. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
	__type(value, struct other);
} valued SEC(".maps");

PROG(sends_numbers)
{
	__u32 *e = bpf_ringbuf_reserve(&valued, 4, 0);

	if (e) {
		*e = 1;
		bpf_ringbuf_submit(e, 0);
	}
	return 0;
}

PROG(sends_another)
{
	struct other *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (e) {
		e->pid = 1;
		bpf_ringbuf_submit(e, 0);
	}
	return 0;
}
