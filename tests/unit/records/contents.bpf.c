/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Members of records whose meaning the code tells, and others that only seem to have one. */
#include "records.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#define MAP(name, map_value)                                                                       \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_HASH);                                                   \
		__uint(max_entries, 16);                                                           \
		__type(key, __u64);                                                                \
		__type(value, map_value);                                                          \
	} name SEC(".maps")

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
typedef __u32 dev_t;
struct in6_addr {
	__u8 bytes[16];
};
struct sock_common {
	__be32 skc_daddr;
	__be16 skc_dport;
	__u16 skc_num;
	struct in6_addr skc_v6_daddr;
};
struct sock {
	struct sock_common __sk_common;
};
struct flow_keys {
	__be32 ports;
};
struct super_block {
	dev_t s_dev;
};
#pragma clang attribute pop

MAP(starts, __u64); /* always times */
MAP(mixed, __u64);  /* a time, or something else */
MAP(booted, __u64); /* of another clock */
MAP(laters, __u64); /* a time and something */
MAP(passed, __u64); /* written by a subprogram, too */

struct session {
	__u32 pid, pad;
	__u64 since, count;
};
MAP(sessions, struct session);

struct times {
	__u64 at, boot, tai;
	__u64 later;     /* at + 5 */
	__u64 sometimes; /* at, or a constant */
	__u64 or_zero;   /* at, or 0 */
	__u64 took, took_us, took_ms;
	__u32 short_us;
	__u32 half; /* of a time */
	__u64 from_session, counted;
	__u64 wrong_mixed, wrong_clock, wrong_passed;
	__u64 started;
	__u64 compared, maybe, either;
	__u64 wrong_later;
};
RING(times);
#include <bpf/sonde_event.h>
SONDE_EVENT(times, struct times);

struct places {
	__u32 daddr;
	__u16 dport, host_port, num;
	__u8 v6[16];
	__u32 dev;
	__be32 ports;
	__u32 flow_ports;
	__u64 group;
	__u64 cgroup_id;
	__u32 cgid;
	union {
		__u32 v4;
		__u8 both[16];
	};
};
RING(places);

struct stacks {
	__s32 kernel, user, either;
	__u64 kernel_trace[8], user_trace[8], unknown_trace[8];
	__u64 build_ids[8];
};
RING(stacks);

struct results {
	int ret;
	long retval;
	unsigned int err;
	short rc;
	int result;
	struct {
		int error;
	} inner;
};
RING(results);
RING(of_process);

/* Two programs that disagree. */
struct differ {
	__u64 same, other;
};
RING(differ);

typedef __u64 time_ns_t;
struct declared {
	time_ns_t span;
	__u64 plain;
};
RING(declared);

static __noinline int touch(__u64 *p)
{
	*p = 3;
	return 0;
}

PROG(enter)
{
	__u64 key = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns(), boot, five = 5;
	struct session s = {.pid = key >> 32, .since = now, .count = ctx[3]};
	__u64 *p;

	boot = bpf_ktime_get_boot_ns();
	bpf_map_update_elem(&starts, &key, &now, 0);
	bpf_map_update_elem(&booted, &key, &boot, 0);
	bpf_map_update_elem(&sessions, &key, &s, 0);
	if (ctx[1])
		bpf_map_update_elem(&mixed, &key, &now, 0);
	else
		bpf_map_update_elem(&mixed, &key, &five, 0);
	boot = now + 5;
	bpf_map_update_elem(&laters, &key, &boot, 0);
	bpf_map_update_elem(&passed, &key, &now, 0);
	p = bpf_map_lookup_elem(&passed, &key);
	if (p)
		touch(p);
	return 0;
}

PROG(other)
{
	__u64 key = bpf_get_current_pid_tgid(), what = ctx[1];

	bpf_map_update_elem(&mixed, &key, &what, 0);
	what = bpf_ktime_get_ns();
	bpf_map_update_elem(&mixed, &key, &what, 0);
	return 0;
}

PROG(leave)
{
	__u64 key = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
	__u64 *start = bpf_map_lookup_elem(&starts, &key), *mix = bpf_map_lookup_elem(&mixed, &key);
	__u64 *boot = bpf_map_lookup_elem(&booted, &key),
	      *pass = bpf_map_lookup_elem(&passed, &key);
	struct session *s = bpf_map_lookup_elem(&sessions, &key);
	__u64 *later = bpf_map_lookup_elem(&laters, &key);
	struct times *e;

	if (!later || !start || !mix || !boot || !pass || !s)
		return 0;
	e = bpf_ringbuf_reserve(&times, sizeof(*e), 0);
	if (!e)
		return 0;
	e->at = now;
	e->boot = bpf_ktime_get_boot_ns();
	e->tai = bpf_ktime_get_tai_ns();
	e->later = now + 5;
	e->sometimes = ctx[1] ? now : 7;
	e->or_zero = 0;
	if (ctx[2])
		e->or_zero = bpf_ktime_get_coarse_ns();
	e->took = now - *start;
	e->took_us = (now - *start) / 1000;
	e->took_ms = (now - *start) / 1000000;
	e->short_us = (now - *start) / 1000;
	e->half = now;
	e->from_session = now - s->since;
	e->counted = s->count;
	e->wrong_mixed = now - *mix;
	e->wrong_clock = now - *boot;
	e->wrong_passed = now - *pass;
	e->started = *start;
	e->compared = now - *start;
	if (e->compared > 1000000000)
		bpf_get_prandom_u32();
	e->wrong_later = *later;
	e->maybe = ctx[4] ? now - *start : 0;
	e->either = ctx[4] ? now - *start : (now - *start) / 1000;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("kprobe/tcp_connect") int connect(__u64 *ctx)
{
	struct sock *sk = (void *)ctx[0];
	struct flow_keys *keys = (void *)ctx[1];
	struct super_block *sb = (void *)ctx[2];
	struct places *e = bpf_ringbuf_reserve(&places, sizeof(*e), 0);

	if (!e)
		return 0;
	e->daddr = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	e->dport = BPF_CORE_READ(sk, __sk_common.skc_dport);
	e->host_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)) + 1;
	e->num = BPF_CORE_READ(sk, __sk_common.skc_num);
	BPF_CORE_READ_INTO(&e->v6, sk, __sk_common.skc_v6_daddr);
	e->dev = BPF_CORE_READ(sb, s_dev);
	e->ports = BPF_CORE_READ(keys, ports);
	e->flow_ports = BPF_CORE_READ(keys, ports);
	e->group = bpf_get_current_cgroup_id();
	e->cgroup_id = ctx[3];
	e->cgid = ctx[4];
	if (ctx[5])
		e->v4 = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	else
		BPF_CORE_READ_INTO(&e->both, sk, __sk_common.skc_v6_daddr);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 16);
	__uint(key_size, 4);
	__uint(value_size, 64);
} traces SEC(".maps");

PROG(stack)
{
	struct stacks *e = bpf_ringbuf_reserve(&stacks, sizeof(*e), 0);

	if (!e)
		return 0;
	e->kernel = bpf_get_stackid(ctx, &traces, 0);
	e->user = bpf_get_stackid(ctx, &traces, BPF_F_USER_STACK | BPF_F_FAST_STACK_CMP);
	e->either = bpf_get_stackid(ctx, &traces, ctx[1]);
	bpf_get_stack(ctx, e->kernel_trace, sizeof(e->kernel_trace), 0);
	bpf_get_stack(ctx, e->user_trace, sizeof(e->user_trace), BPF_F_USER_STACK);
	bpf_get_stack(ctx, e->unknown_trace, sizeof(e->unknown_trace), ctx[1]);
	bpf_get_stack(
		ctx, e->build_ids, sizeof(e->build_ids), BPF_F_USER_STACK | BPF_F_USER_BUILD_ID);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

static __always_inline void fill(__u64 *ctx, struct results *e)
{
	e->ret = ctx[1];
	e->retval = ctx[2];
	e->err = ctx[3];
	e->rc = ctx[4];
	e->result = ctx[5];
	e->inner.error = ctx[6];
}

SEC("fexit/vfs_read") int result(__u64 *ctx)
{
	struct results *e = bpf_ringbuf_reserve(&results, sizeof(*e), 0);

	if (!e)
		return 0;
	fill(ctx, e);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("uretprobe//lib/libc.so.6:getaddrinfo") int process(__u64 *ctx)
{
	struct results *e = bpf_ringbuf_reserve(&of_process, sizeof(*e), 0);

	if (!e)
		return 0;
	fill(ctx, e);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

PROG(one)
{
	struct differ d = {};

	d.same = bpf_ktime_get_ns();
	d.other = bpf_ktime_get_ns();
	bpf_ringbuf_output(&differ, &d, sizeof(d), 0);
	return 0;
}

PROG(two)
{
	struct differ d = {};

	d.same = bpf_ktime_get_ns();
	d.other = ctx[1];
	bpf_ringbuf_output(&differ, &d, sizeof(d), 0);
	return 0;
}

PROG(says)
{
	struct declared *e = bpf_ringbuf_reserve(&declared, sizeof(*e), 0);

	if (!e)
		return 0;
	e->span = bpf_ktime_get_ns();
	e->plain = bpf_ktime_get_ns();
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* The type of records, as that of a map. */
MAP(kept, struct times);
