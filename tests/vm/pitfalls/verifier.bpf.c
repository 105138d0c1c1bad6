/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs that the verifier rejects, at least one for each row of loader/explain/verifier_hints.def.
 * guest.sh has the name and the expected hint of each.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define HOOK  SEC("?raw_tp/sys_enter")
#define CLASS SEC("?tc")

struct locked {
	struct bpf_spin_lock lock;
	__u64 n;
};

struct padded {
	__u32 a;
	__u64 b;
};

#define MAP(name, kind, key_, value_, n)                                                           \
	struct {                                                                                   \
		__uint(type, kind);                                                                \
		__uint(max_entries, n);                                                            \
		__type(key, key_);                                                                 \
		__type(value, value_);                                                             \
	} name SEC(".maps")

MAP(counts, BPF_MAP_TYPE_HASH, __u32, __u64, 8);
MAP(pairs, BPF_MAP_TYPE_HASH, struct padded, __u64, 8);
MAP(locks, BPF_MAP_TYPE_ARRAY, __u32, struct locked, 1);

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

/* A number that the verifier knows nothing about. */
static __always_inline __u64 unknown(void)
{
	__u64 n = bpf_get_prandom_u32();
	asm volatile("" : "+r"(n));
	return n;
}

static __always_inline __u64 *entry(void)
{
	__u32 key = 0;
	return bpf_map_lookup_elem(&counts, &key);
}

HOOK int null_entry(void *ctx)
{
	*entry() = 1;
	return 0;
}

HOOK int null_record(void *ctx)
{
	__u64 *record = bpf_ringbuf_reserve(&events, sizeof *record, 0);
	*record = 1;
	bpf_ringbuf_submit(record, 0);
	return 0;
}

CLASS int null_socket(struct __sk_buff *skb)
{
	struct bpf_sock *sk = skb->sk;
	return sk->family;
}

SEC("?xdp") int packet_end(struct xdp_md *ctx)
{
	return *(volatile __u8 *)(long)ctx->data;
}

HOOK int past_entry(void *ctx)
{
	volatile __u8 *p = (void *)entry();
	return p ? p[100] : 0;
}

HOOK int past_record(void *ctx)
{
	__u8 *p = bpf_ringbuf_reserve(&events, 8, 0);
	if (!p)
		return 0;
	asm volatile("*(u8 *)(%0 + 100) = %0" ::"r"(p) : "memory");
	bpf_ringbuf_discard(p, 0);
	return 0;
}

HOOK int unbounded(void *ctx)
{
	__u64 *p = entry();
	if (p)
		bpf_probe_read_kernel(p, unknown(), ctx);
	return 0;
}

HOOK int negative(void *ctx)
{
	__u8 *p = (void *)entry();
	__s64 n = unknown();
	asm volatile("%0 <<= 60; %0 s>>= 60" : "+r"(n));
	if (p)
		return *(volatile __u8 *)(p + n);
	return 0;
}

HOOK int far_away(void *ctx)
{
	__u8 *p = (void *)entry();
	__s64 n = unknown();
	asm volatile("%0 <<= 32; %0 s>>= 32" : "+r"(n));
	if (p && n < 8)
		return *(volatile __u8 *)(p + n);
	return 0;
}

HOOK int size_of_variable(void *ctx)
{
	char name[8];
	bpf_get_current_comm(name, 600);
	return *(volatile char *)name;
}

HOOK int past_variable(void *ctx)
{
	asm volatile("*(u64 *)(r10 + 8) = r10" ::: "memory");
	return 0;
}

HOOK int unset_variable(void *ctx)
{
	struct padded key;
	asm volatile("" : "=m"(key.a));
	bpf_map_delete_elem(&pairs, &key);
	return 0;
}

HOOK __attribute__((naked)) int unset_register(void *ctx)
{
	asm volatile("r0 = r7; exit");
}

static __noinline int deep(void)
{
	asm volatile("*(u64 *)(r10 - 400) = r10" ::: "memory");
	return unknown();
}

SEC("?tc") int stack_of_calls(struct __sk_buff *skb)
{
	asm volatile("*(u64 *)(r10 - 400) = r10" ::: "memory");
	return deep();
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} jumps SEC(".maps");

static __noinline int jumping(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &jumps, 0);
	return 0;
}

SEC("?tc") int stack_of_jumps(struct __sk_buff *skb)
{
	asm volatile("*(u64 *)(r10 - 400) = r10" ::: "memory");
	return jumping(skb);
}

SEC("?tc") int jump_from_function(struct __sk_buff *skb)
{
	return jumping(skb);
}

/* More paths than the verifier remembers at a time, and more instructions than it walks. */
HOOK int many_branches(void *ctx)
{
	for (__u32 i = 0; i < 10000; i++)
		if (unknown() == i)
			return i;
	return 0;
}

HOOK int many_paths(void *ctx)
{
	__u64 sum = 0, n = unknown();
	for (__u32 i = 0; i < n; i++)
		sum += i;
	return sum;
}

HOOK __attribute__((naked)) int no_progress(void *ctx)
{
	asm volatile("r0 = 0; goto -1");
}

HOOK int helper_unknown(void *ctx)
{
	return ((long (*)(void))9999)();
}

HOOK int helper_of_others(void *ctx)
{
	char bytes[8];
	bpf_skb_load_bytes(ctx, 0, bytes, sizeof bytes);
	return bytes[0];
}

HOOK int kernel_pointer(void *ctx)
{
	__u64 *task = (void *)bpf_get_current_task();
	return *(volatile __u64 *)task;
}

HOOK int wrong_argument(void *ctx)
{
	return bpf_map_delete_elem((void *)unknown(), ctx) != 0;
}

HOOK int wrong_map(void *ctx)
{
	return bpf_get_stackid(ctx, &counts, 0);
}

SEC("?tc") int held_lock(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct locked *l = bpf_map_lookup_elem(&locks, &key);
	if (!l)
		return 0;
	bpf_spin_lock(&l->lock);
	l->n++;
	return 0;
}

SEC("?tc") int call_with_lock(struct __sk_buff *skb)
{
	__u32 key = 0;
	struct locked *l = bpf_map_lookup_elem(&locks, &key);
	if (!l)
		return 0;
	bpf_spin_lock(&l->lock);
	l->n = bpf_ktime_get_ns();
	bpf_spin_unlock(&l->lock);
	return 0;
}

HOOK int kept_record(void *ctx)
{
	__u64 *record = bpf_ringbuf_reserve(&events, sizeof *record, 0);
	if (record)
		*record = 1;
	return 0;
}

SEC("?tc") int context_offset(struct __sk_buff *skb)
{
	return *(volatile __u32 *)((char *)skb + 1000);
}

SEC("?tc") int context_index(struct __sk_buff *skb)
{
	__u64 i = unknown() & 4;
	return *(volatile __u32 *)((char *)skb + i);
}

CLASS __attribute__((naked)) int context_moved(struct __sk_buff *skb)
{
	asm volatile("r1 += 8; r0 = *(u32 *)(r1 + 0); exit");
}

SEC("?cgroup_skb/egress") int wrong_result(struct __sk_buff *skb)
{
	return 7;
}

HOOK __attribute__((naked)) int unreachable(void *ctx)
{
	asm volatile("r0 = 0; exit; r0 = 1; exit");
}

HOOK __attribute__((naked)) int sum_of_pointers(void *ctx)
{
	asm volatile("r0 = 0; r1 += r10; exit");
}

HOOK int odd_address(void *ctx)
{
	asm volatile("*(u64 *)(r10 - 15) = r10" ::: "memory");
	return 0;
}

/* lock *(u64 *)(r10 - 8) += r1 with its result, raw: -mcpu=v2 does not have it. */
HOOK __attribute__((naked)) int atomic_result(void *ctx)
{
	asm volatile("r1 = 1; *(u64 *)(r10 - 8) = r1; .8byte 0x00000001fff81adb; r0 = 0; exit");
}

HOOK int no_address(void *ctx)
{
	return bpf_map_delete_elem(&counts, (void *)unknown()) != 0;
}

HOOK int submitted(void *ctx)
{
	volatile __u64 *record = bpf_ringbuf_reserve(&events, sizeof *record, 0);
	if (!record)
		return 0;
	bpf_ringbuf_submit((void *)record, 0);
	*record = 1;
	return 0;
}

HOOK int any_size(void *ctx)
{
	void *record = bpf_ringbuf_reserve(&events, unknown(), 0);
	if (record)
		bpf_ringbuf_discard(record, 0);
	return 0;
}

HOOK int tail_map(void *ctx)
{
	bpf_tail_call(ctx, &counts, 0);
	return 0;
}

const volatile __u64 limit = 1;

HOOK int constant(void *ctx)
{
	*(volatile __u64 *)&limit = 2;
	return 0;
}

HOOK int locked_tracing(void *ctx)
{
	__u32 key = 0;
	struct locked *l = bpf_map_lookup_elem(&locks, &key);
	if (!l)
		return 0;
	bpf_spin_lock(&l->lock);
	bpf_spin_unlock(&l->lock);
	return 0;
}

CLASS int atomic_context(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&skb->cb[0], 1);
	return 0;
}

HOOK int sleeps(void *ctx)
{
	char byte;
	bpf_copy_from_user(&byte, 1, (void *)unknown());
	return 0;
}

HOOK int any_address(void *ctx)
{
	__sync_fetch_and_add((__u64 *)bpf_get_current_task(), 1);
	return 0;
}

/* These are only rejected without CAP_PERFMON or CAP_BPF. */

#define FILTER SEC("?socket")

FILTER __attribute__((naked)) int compared(void *ctx)
{
	asm volatile("r0 = 0; if r1 > r10 goto +0; exit");
}

FILTER int moved(void *ctx)
{
	__u64 i = unknown() & 7;
	char bytes[16] = {};
	asm volatile("" ::"r"(bytes) : "memory");
	asm volatile("r2 = r10; r2 += %0; r2 += -16; *(u8 *)(r2 + 0) = r10" ::"r"(i)
		     : "r2", "memory");
	return 0;
}

FILTER int shown(void *ctx)
{
	__u64 *p = entry();
	if (p)
		*(void *volatile *)p = ctx;
	return 0;
}

static __noinline int number(void)
{
	return unknown();
}

FILTER int calling(void *ctx)
{
	return number();
}

FILTER __attribute__((naked)) int looped(void *ctx)
{
	asm volatile("r0 = 0; r0 += 1; if r0 < 5 goto -2; exit");
}

char LICENSE[] SEC("license") = "GPL";
