/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records whose layout is inferred from the code. */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#define __LINUX_BPF_H__
#include <bpf/bpf_helpers.h>

#define RING(name)                                                                                 \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_RINGBUF);                                                \
		__uint(max_entries, 4096);                                                         \
	} name SEC(".maps")

#define PROG(name) SEC("tp/a/" #name) int name(struct trace_event_raw_sys_enter *ctx)

char LICENSE[] SEC("license") = "GPL";

struct named {
	pid_t pid;
	u32 uid;
	u64 ns;
	char comm[16];
};
struct unlike {
	u64 a, b, c, d;
};
RING(helpers);
RING(kernel);
RING(spilled);
RING(filled);
RING(sent);
RING(either);
RING(dynptr);
RING(sizes);
RING(conflict);
RING(buffer);
RING(reused);
RING(values);
RING(branches);
RING(addresses);
RING(named);
RING(computed);
RING(initial);
RING(worded);
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 64);
	__uint(value_size, 16);
} pushed SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct named);
} nameds SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct unlike);
} unlikes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, char[64]);
} heap SEC(".maps");

struct begin {
	u64 ns;
	char comm[16];
	pid_t pid;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct begin);
} begins SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 64);
	__uint(key_size, 4);
	__uint(value_size, 1016);
} stacks SEC(".maps");

struct helpers {
	u32 tgid, tid, uid, gid;
	u64 both, ns;
	char comm[16], name[32];
	int kstack, ustack;
	u64 trace[4];
};
PROG(by_helpers)
{
	struct helpers *e = bpf_ringbuf_reserve(&helpers, sizeof(*e), 0);

	if (!e)
		return 0;
	e->tgid = bpf_get_current_pid_tgid() >> 32;
	e->tid = bpf_get_current_pid_tgid();
	e->uid = bpf_get_current_uid_gid();
	e->gid = bpf_get_current_uid_gid() >> 32;
	e->both = bpf_get_current_pid_tgid();
	e->ns = bpf_ktime_get_ns();
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
	bpf_probe_read_user_str(e->name, sizeof(e->name), (void *)ctx->args[0]);
	e->kstack = bpf_get_stackid(ctx, &stacks, 0);
	e->ustack = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	bpf_get_stack(ctx, e->trace, sizeof(e->trace), 0);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* Types from CO-RE. */
struct kernel {
	int parent;
	u64 start;
	char comm[16];
	struct task_struct *task;
	long arg;
};
PROG(from_the_kernel)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct kernel *e = bpf_ringbuf_reserve(&kernel, sizeof(*e), 0);

	if (!e)
		return 0;
	e->parent = BPF_CORE_READ(task, real_parent, tgid);
	BPF_CORE_READ_INTO(&e->start, task, start_time);
	BPF_CORE_READ_STR_INTO(&e->comm, task, comm);
	e->task = BPF_CORE_READ(task, real_parent);
	e->arg = ctx->args[1];
	bpf_ringbuf_submit(e, 0);
	return 0;
}

struct pair {
	u32 a;
	u64 b;
};
PROG(on_the_stack)
{
	struct pair *volatile kept = bpf_ringbuf_reserve(&spilled, sizeof(*kept), 0);
	struct pair *e = kept;

	if (!e)
		return 0;
	e->a = bpf_get_prandom_u32();
	e = kept;
	if (!e)
		return 0;
	e->b = bpf_ktime_get_ns();
	bpf_ringbuf_submit(e, 0);
	return 0;
}

static __noinline int fill(struct pair *e, u64 v)
{
	if (e)
		e->b = v * 2;
	return 0;
}
PROG(by_a_subprogram)
{
	struct pair *e = bpf_ringbuf_reserve(&filled, sizeof(*e), 0);

	if (!e)
		return 0;
	e->a = bpf_get_prandom_u32();
	fill(e, ctx->args[0]);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

static __noinline int send(struct pair *e)
{
	return bpf_ringbuf_output(&sent, e, sizeof(*e), 0);
}
PROG(by_a_caller)
{
	struct pair e = {};

	e.a = bpf_get_prandom_u32();
	e.b = bpf_ktime_get_ns();
	return send(&e);
}

PROG(one_of_two)
{
	u32 zero = 0;
	struct pair *e;

	if (ctx->args[0])
		e = bpf_ringbuf_reserve(&either, sizeof(*e), 0);
	else
		e = bpf_map_lookup_elem(&heap, &zero);
	if (!e)
		return 0;
	e->a = bpf_get_prandom_u32();
	e->b = bpf_ktime_get_ns();
	if (ctx->args[0])
		bpf_ringbuf_submit(e, 0);
	else
		bpf_ringbuf_output(&either, e, sizeof(*e), 0);
	return 0;
}

static long (*reserve_dynptr)(void *, u32, u64, void *) = (void *)198;
static void (*submit_dynptr)(void *, u64) = (void *)199;
static void *(*dynptr_data)(void *, u32, u32) = (void *)203;
PROG(by_dynptr)
{
	u64 d[2];

	reserve_dynptr(&dynptr, sizeof(struct pair), 0, d);
	struct pair *e = dynptr_data(d, 0, sizeof(*e));
	if (e) {
		e->a = bpf_get_prandom_u32();
		e->b = bpf_ktime_get_ns();
	}
	submit_dynptr(d, 0);
	return 0;
}

/* Two kinds, told apart by size. */
struct other {
	u64 x, y, z;
};
PROG(two_sizes)
{
	struct pair e = {.a = bpf_get_prandom_u32()};
	struct other f = {};

	e.b = bpf_ktime_get_ns();
	bpf_ringbuf_output(&sizes, &e, sizeof(e), 0);
	f.x = bpf_ktime_get_ns();
	f.y = bpf_get_current_pid_tgid();
	f.z = bpf_get_current_cgroup_id();
	bpf_ringbuf_output(&sizes, &f, sizeof(f), 0);
	return 0;
}

/* Two kinds of one size. */
struct halves {
	u32 low, middle;
	u64 high;
};
PROG(two_kinds)
{
	struct halves *e = bpf_ringbuf_reserve(&conflict, sizeof(*e), 0);
	struct other *f;

	if (!e)
		return 0;
	e->low = bpf_get_prandom_u32();
	e->middle = bpf_get_smp_processor_id();
	e->high = bpf_ktime_get_ns();
	bpf_ringbuf_submit(e, 0);
	f = bpf_ringbuf_reserve(&conflict, 16, 0);
	if (!f)
		return 0;
	f->x = bpf_ktime_get_ns();
	f->y = bpf_get_current_pid_tgid();
	bpf_ringbuf_submit(f, 0);
	return 0;
}

/* The length is not constant. */
struct text {
	u32 n;
	char text[124];
};
PROG(some_text)
{
	struct text *e = bpf_ringbuf_reserve(&buffer, sizeof(*e), 0);
	u64 n = ctx->args[1];

	if (!e)
		return 0;
	asm volatile("" : "+r"(n));
	if (n > sizeof(e->text) - 1)
		n = sizeof(e->text) - 1;
	e->n = bpf_get_prandom_u32();
	bpf_probe_read_user_str(e->text, n, (void *)ctx->args[0]);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* The memory of one variable in a frame is used for another one later. */
PROG(the_same_frame)
{
	{
		struct other f = {};

		bpf_probe_read_kernel(&f, 24, (void *)ctx->args[0]);
		if (f.z == 1)
			return 0;
	}
	struct pair e = {};

	e.a = bpf_get_prandom_u32();
	e.b = bpf_ktime_get_ns();
	bpf_ringbuf_output(&reused, &e, sizeof(e), 0);
	return 0;
}

/* Copied from a map's value. A type of this size contradicts the code. */
const struct wrong_event {
	u64 words[5];
} * wrong __attribute__((unused));
struct value {
	pid_t pid;
	char comm[16];
	s64 since;
	u8 flag;
};
PROG(from_a_map)
{
	u32 key = bpf_get_prandom_u32();
	struct begin *b = bpf_map_lookup_elem(&begins, &key);
	struct value *e;

	if (!b)
		return 0;
	e = bpf_ringbuf_reserve(&values, sizeof(*e), 0);
	if (!e)
		return 0;
	e->pid = b->pid;
	__builtin_memcpy(e->comm, b->comm, sizeof(e->comm));
	e->since = b->ns;
	e->flag |= 1;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* Each branch fills a part of the record, and the last one jumps over the other. */
struct branches {
	u64 ns;
	char name[31];
	u8 last;
};
PROG(in_branches)
{
	struct branches e = {};

	e.ns = bpf_ktime_get_ns();
	if (ctx->args[1])
		bpf_probe_read_user_str(e.name, sizeof(e.name), (void *)ctx->args[1]);
	else
		e.name[0] = '-';
	bpf_ringbuf_output(&branches, &e, sizeof(e), 0);
	return 0;
}

/* Members of a union in one place. */
struct addresses {
	union {
		u32 v4;
		u8 v6[16];
	};
	u64 ns;
};
PROG(a_union)
{
	struct addresses e = {};

	e.ns = bpf_ktime_get_ns();
	if (ctx->args[1])
		bpf_probe_read_kernel(&e.v4, sizeof(e.v4), (void *)ctx->args[2]);
	else
		bpf_probe_read_user(&e.v6, sizeof(e.v6), (void *)ctx->args[3]);
	bpf_ringbuf_output(&addresses, &e, sizeof(e), 0);
	return 0;
}

/* BTF has the type `named`, for the value of a map that is not the record; and another one of this size. */
PROG(by_name)
{
	u32 key = bpf_get_prandom_u32();
	struct named e = {.ns = bpf_ktime_get_ns()};

	e.pid = bpf_get_current_pid_tgid() >> 32;
	e.uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	bpf_map_update_elem(&nameds, &key, &e, 0);
	bpf_map_delete_elem(&unlikes, &key);
	bpf_ringbuf_output(&named, &e, sizeof(e), 0);
	return 0;
}

/* A value that is pushed is as large as those of the map. */
PROG(by_a_push)
{
	struct pair {
		u32 a;
		u64 b;
	} e = {};

	e.a = bpf_get_prandom_u32();
	e.b = bpf_ktime_get_ns();
	bpf_map_push_elem(&pushed, &e, 0);
	return 0;
}

/* Numbers that are computed before a call, and stored after it: too many for registers. */
struct computed {
	u64 a, b, c, d, e, f;
};
PROG(computed_before)
{
	u64 a = bpf_ktime_get_ns() / 3, b = bpf_ktime_get_ns() / 5, c = bpf_ktime_get_ns() / 7;
	u64 d = bpf_ktime_get_ns() / 9, x = bpf_ktime_get_ns() / 11, f = bpf_ktime_get_ns() / 13;
	asm volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(x), "+r"(f));
	struct computed *e = bpf_ringbuf_reserve(&computed, sizeof(*e), 0);

	if (!e)
		return 0;

	e->a = a;
	e->b = b;

	e->c = c;
	e->d = d;

	e->e = x;
	e->f = f;

	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* Constants of initialisers are merged with the zeros of other members; text is no number. */
PROG(initialised)
{
	struct {
		int type, sub, pid, random;
	} e = {.type = 7};
	struct {
		int pid, random;
		char word[8];
	} w = {.word = "rec"};

	e.pid = bpf_get_current_pid_tgid() >> 32;
	e.random = bpf_get_prandom_u32();
	bpf_ringbuf_output(&initial, &e, sizeof(e), 0);
	w.pid = bpf_get_current_pid_tgid() >> 32;
	w.random = bpf_get_prandom_u32();
	bpf_ringbuf_output(&worded, &w, sizeof(w), 0);
	return 0;
}
