/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Sends as much as it can: at each system call of one process, records through a ring buffer and a perf
 * event array, and lines. Counts what it tried. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

const volatile unsigned int records = 8; /* of each kind, for a system call; at most 64 */

struct record {
	__u64 number;
	char padding[40];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} ring SEC(".maps");
SONDE_EVENT(ring, struct record);

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");
SONDE_EVENT(perf, struct record);

/* Kept by the tests with --map sent. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} sent SEC(".maps");

static __always_inline __u64 next(__u32 kind)
{
	__u64 *n = bpf_map_lookup_elem(&sent, &kind);
	return n ? ++*n : 0;
}

static __always_inline int is_meant(void)
{
	char comm[16];
	bpf_get_current_comm(comm, sizeof(comm));
	return comm[0] == 'f' && comm[1] == 'l' && comm[2] == 'o' && comm[3] == 'o';
}

SEC("raw_tp/sys_enter") int by_ring(void *ctx)
{
	if (!is_meant())
		return 0;
	for (unsigned int i = 0; i < 64 && i < records; i++) {
		struct record *r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
		__u64 n = next(0);
		if (!r) {
			count_lost();
			continue;
		}
		r->number = n;
		__builtin_memset(r->padding, 0, sizeof(r->padding));
		bpf_ringbuf_submit(r, 0);
	}
	return 0;
}

SEC("raw_tp/sys_enter") int by_perf(void *ctx)
{
	if (!is_meant())
		return 0;
	for (unsigned int i = 0; i < 64 && i < records; i++) {
		__u32 kind = 1;
		struct record r = {next(kind)};
		long error = bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &r, sizeof(r));
		__u64 *n = bpf_map_lookup_elem(&sent, &kind);
		/* Nobody has opened the buffer of a CPU that came online just now; or that of before
		 * is still in the map, whose event has ended. */
		if ((error == -2 /* ENOENT */ || error == -95 /* EOPNOTSUPP */) && n)
			--*n;
	}
	return 0;
}

SEC("raw_tp/sys_enter") int by_printk(void *ctx)
{
	if (!is_meant())
		return 0;
	for (unsigned int i = 0; i < 64 && i < records; i++)
		bpf_printk("line %llu", next(2));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
