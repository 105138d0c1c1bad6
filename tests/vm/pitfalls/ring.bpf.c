/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P31: more records than the ring buffer holds; lost ones are counted. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct record {
	__u32 number;
	char text[100];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");
SONDE_EVENT(events, struct record);

SEC("tp/syscalls/sys_enter_getppid")
int floods(void *ctx)
{
	for (int i = 0; i < 100; i++) {
		struct record *r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);

		if (!r) {
			count_lost();
			continue;
		}
		r->number = i;
		r->text[0] = 0;
		bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
	}
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
