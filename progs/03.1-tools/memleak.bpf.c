/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * memleak: memory allocated and not freed, by stack. Based on lesson 21.3.4 of the course.
 *
 * It traces every process that uses the library. To restrict it to one: --on malloc_entry=@PID, and
 * the same for the other programs.
 *
 * Demonstrates tracking a resource by its identity, here an address. An allocation is added to the
 * sum of its stack, and free() subtracts it again. The stack is taken at the return from malloc(),
 * as the caller's frame is incomplete at entry.
 *
 * realloc() counts as free() and malloc(). mmap(), posix_memalign() and the like are not traced.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_show.h>

enum { STACKS = 4096, DEPTH = 127, POINTERS = 100000 };

struct where {
	pid_t pid;
	user_stack_t stack;
};

struct allocation {
	__u64 bytes;
	struct where where;
};

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, STACKS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, DEPTH * sizeof(__u64));
} stacks SEC(".maps");

/* Size requested by a thread, until malloc returns. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} asked SHOW_AS(nothing) SEC(".maps");

struct pointer {
	__u64 address;
	__u64 pid;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, POINTERS);
	__type(key, struct pointer);
	__type(value, struct allocation);
} allocated SHOW_AS(nothing) SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, STACKS);
	__type(key, struct where);
	__type(value, __u64);
} outstanding SHOW_AS(bytes) SEC(".maps");

static __always_inline void add(struct where *where, __u64 bytes)
{
	__u64 zero = 0, *total;

	bpf_map_update_elem(&outstanding, where, &zero, BPF_NOEXIST);
	total = bpf_map_lookup_elem(&outstanding, where);
	if (total)
		__sync_fetch_and_add(total, bytes);
}

static __always_inline int ask(__u64 bytes)
{
	__u64 thread = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&asked, &thread, &bytes, BPF_ANY);
	return 0;
}

static __always_inline int take(void *ctx, void *address)
{
	__u64 thread = bpf_get_current_pid_tgid(), *bytes = bpf_map_lookup_elem(&asked, &thread);
	struct pointer pointer = {(__u64)address, thread >> 32};
	struct allocation allocation = {};

	if (!bytes)
		return 0;
	allocation.bytes = *bytes;
	bpf_map_delete_elem(&asked, &thread);
	if (!address)
		return 0;
	allocation.where.pid = thread >> 32;
	allocation.where.stack = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	if (!bpf_map_update_elem(&allocated, &pointer, &allocation, BPF_ANY))
		add(&allocation.where, allocation.bytes);
	return 0;
}

static __always_inline int give(void *address)
{
	struct pointer pointer = {(__u64)address, bpf_get_current_pid_tgid() >> 32};
	struct allocation *allocation = bpf_map_lookup_elem(&allocated, &pointer);

	if (!allocation)
		return 0;
	add(&allocation->where, -allocation->bytes);
	bpf_map_delete_elem(&allocated, &pointer);
	return 0;
}

SEC("uprobe/libc.so.6:malloc")
int BPF_UPROBE(malloc_entry, size_t size)
{
	return ask(size);
}

SEC("uprobe/libc.so.6:calloc")
int BPF_UPROBE(calloc_entry, size_t n, size_t size)
{
	return ask(n * size);
}

SEC("uprobe/libc.so.6:realloc")
int BPF_UPROBE(realloc_entry, void *address, size_t size)
{
	give(address);
	return ask(size);
}

SEC("uretprobe/libc.so.6:malloc")
int BPF_URETPROBE(malloc_return, void *address)
{
	return take(ctx, address);
}

SEC("uretprobe/libc.so.6:calloc")
int BPF_URETPROBE(calloc_return, void *address)
{
	return take(ctx, address);
}

SEC("uretprobe/libc.so.6:realloc")
int BPF_URETPROBE(realloc_return, void *address)
{
	return take(ctx, address);
}

SEC("uprobe/libc.so.6:free")
int BPF_UPROBE(free_entry, void *address)
{
	return give(address);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
