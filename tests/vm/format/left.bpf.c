/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Programs that stay attached and are replaced while they count: packets of `act send` by their number, and
 * programs that user 12345 executes by their pid. Which version has counted is in a map, too. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#ifndef VERSION
#define VERSION 1
#endif
#ifdef WIDE
struct count {
	__u64 n, more;
};
#else
struct count {
	__u64 n;
};
#endif

#define COUNTS(name)                                                                               \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_HASH);                                                   \
		__uint(max_entries, 8192);                                                         \
		__type(key, __u32);                                                                \
		__type(value, struct count);                                                       \
	} name SEC(".maps")

COUNTS(packets);
COUNTS(execs);
COUNTS(traced);
COUNTS(versions);
int hits;

static __always_inline void add(void *map, __u32 key)
{
	struct count one = {.n = 1}, *c = bpf_map_lookup_elem(map, &key);
	if (c)
		__sync_fetch_and_add(&c->n, 1);
	else
		bpf_map_update_elem(map, &key, &one, BPF_ANY);
}

SEC("xdp") int gate(struct xdp_md *ctx)
{
	enum { PROTOCOL = 23, PORT = 36, NUMBER = 42, UDP = 17 };
	__u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	if (data + NUMBER + 4 > end || data[PROTOCOL] != UDP || data[PORT] != 0x10 ||
		data[PORT + 1] != 0x92)
		return XDP_PASS;
	add(&packets, data[NUMBER] | data[NUMBER + 1] << 8);
	add(&versions, VERSION);
	hits++;
	return XDP_PASS;
}

#define EXECUTED(map)                                                                              \
	if ((__u32)bpf_get_current_uid_gid() == 12345)                                             \
		add(&map, bpf_get_current_pid_tgid() >> 32);                                       \
	return 0

SEC("raw_tp/sched_process_exec") int executed(void *ctx)
{
	EXECUTED(execs);
}

SEC("tp/sched/sched_process_exec") int also(void *ctx)
{
	EXECUTED(traced);
}

#ifdef BROKEN
SEC("raw_tp/sched_process_exit") int broken(void *ctx)
{
	return *(volatile int *)bpf_ktime_get_ns();
}
#endif

char LICENSE[] SEC("license") = "GPL";
