/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* System call latency: statistics in an array, slow calls as events. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAX_SYSCALLS 512
#define SLOW_NS      1000000 /* 1 ms */

struct sys_enter_args {
	unsigned long long unused;
	long id;
	unsigned long args[6];
};

struct sys_exit_args {
	unsigned long long unused;
	long id;
	long ret;
};

struct start {
	__u64 ts;
};

struct stats {
	__u64 count;
	__u64 total_ns;
	__u64 min_ns;
	__u64 max_ns;
};

struct event {
	__u32 pid;
	__u32 nr;
	__u64 duration_ns;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct start);
} start_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_SYSCALLS);
	__type(key, __u32);
	__type(value, struct stats);
} stats_map SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SEC("tracepoint/raw_syscalls/sys_enter")
int on_enter(struct sys_enter_args *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct start s = {.ts = bpf_ktime_get_ns()};

	bpf_map_update_elem(&start_map, &pid, &s, BPF_ANY);
	return 0;
}

SEC("tracepoint/raw_syscalls/sys_exit")
int on_exit(struct sys_exit_args *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct start *s = bpf_map_lookup_elem(&start_map, &pid);
	struct stats *st;
	struct event *e;
	__u64 delta;
	__u32 nr;

	if (!s)
		return 0;
	delta = bpf_ktime_get_ns() - s->ts;
	nr = ctx->id;

	if (nr < MAX_SYSCALLS) {
		st = bpf_map_lookup_elem(&stats_map, &nr);
		if (st) {
			__sync_fetch_and_add(&st->count, 1);
			__sync_fetch_and_add(&st->total_ns, delta);
			if (st->min_ns == 0 || delta < st->min_ns)
				st->min_ns = delta;
			if (delta > st->max_ns)
				st->max_ns = delta;
		}
	}

	if (delta > SLOW_NS) {
		e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
		if (e) {
			e->pid = pid;
			e->nr = nr;
			e->duration_ns = delta;
			bpf_get_current_comm(&e->comm, sizeof(e->comm));
			bpf_ringbuf_submit(e, 0);
		}
	}

	bpf_map_delete_elem(&start_map, &pid);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
