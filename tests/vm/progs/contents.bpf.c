/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Each openat of a process sends records whose members mean more than their types say: to `typed`,
 * whose type is declared, and to `inferred`, whose type only the code tells.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>

#define FRAMES 32

const volatile pid_t only_pid = 0;

enum how {
	HOW_READ = 0,
	HOW_TRIED = 1,
	HOW_KNOWN = 2,
	HOW_FAILED = 4,
	HOW_ODD = 8,
};

struct where {
	__u64 since_boot;
	__u32 dev;
};

struct opened {
	pid_t pid;
	int ret;
	__u64 at;
	__u64 took;
	__u32 took_us;
	enum how how;
	__u64 group;
	__u64 cgroup_id;
	int kstack;
	int user_id;
	struct where where;
	__u64 callers[FRAMES];
};

/* Not in BTF. */
struct loose {
	struct opened o;
	__u64 end;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} typed SEC(".maps"), inferred SEC(".maps");

SONDE_EVENT(typed, struct opened);

/* When threads entered openat. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} entered SEC(".maps");

/* Has the type of the records, but none of what they mean. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct opened);
} last SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1024);
	__uint(key_size, 4);
	__uint(value_size, FRAMES * 8);
} stacks SEC(".maps");

SEC("tp/syscalls/sys_enter_openat")
int enter(void *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	if (only_pid == (pid_t)(thread >> 32))
		bpf_map_update_elem(&entered, &thread, &now, BPF_ANY);
	return 0;
}

static __always_inline void fill(
	struct trace_event_raw_sys_exit *ctx, struct opened *e, __u64 start)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 now = bpf_ktime_get_ns();

	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->ret = ctx->ret;
	e->at = now;
	e->took = now - start;
	e->took_us = (now - start) / 1000;
	e->how = HOW_TRIED | (ctx->ret < 0 ? HOW_FAILED : HOW_KNOWN);
	e->group = bpf_get_current_cgroup_id();
	e->cgroup_id = e->group;
	e->kstack = bpf_get_stackid(ctx, &stacks, 0);
	e->user_id = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	e->where.since_boot = bpf_ktime_get_boot_ns();
	e->where.dev = BPF_CORE_READ(task, fs, root.mnt, mnt_sb, s_dev);
	bpf_get_stack(ctx, e->callers, sizeof(e->callers), BPF_F_USER_STACK);
}

SEC("tp/syscalls/sys_exit_openat")
int leave(struct trace_event_raw_sys_exit *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *start = bpf_map_lookup_elem(&entered, &thread);
	__u32 zero = 0;
	struct opened *e;
	struct loose *l;

	if (!start)
		return 0;
	e = bpf_map_lookup_elem(&last, &zero);
	if (e)
		fill(ctx, e, *start);
	e = bpf_ringbuf_reserve(&typed, sizeof(*e), 0);
	if (e) {
		fill(ctx, e, *start);
		bpf_ringbuf_submit(e, 0);
	}
	l = bpf_ringbuf_reserve(&inferred, sizeof(*l), 0);
	if (l) {
		fill(ctx, &l->o, *start);
		l->end = bpf_ktime_get_ns();
		bpf_ringbuf_submit(l, 0);
	}
	bpf_map_delete_elem(&entered, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
