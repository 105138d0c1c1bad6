/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * mallocwatch: results of malloc in one process. Based on example 10 of the course.
 *
 *	sonde run build/progs/mallocwatch.bpf.o --on malloc_entry=@1234 --on malloc_return=@1234
 *
 * Demonstrates a uprobe, a breakpoint in a *file*: it fires in every process that executes this
 * code. "libc.so.6" is found as by the dynamic linker; "malloc" is looked up in the
 * symbol table of the library and converted to a file offset.
 *
 * Pitfalls avoided:
 * - The section name contains no path of a particular distribution. For another library or a static
 *   program: --on malloc_entry=/path/to/program:malloc.
 * - Every process on the machine calls malloc all the time, and each call costs two breakpoints:
 *   select the process with @.
 * - Size and pointer must belong to the same call: the key is the thread.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct allocation {
	pid_t pid;
	__u64 size;
	void *pointer;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} sizes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct allocation);

SEC("uprobe/libc.so.6:malloc")
int BPF_UPROBE(malloc_entry, size_t size)
{
	__u64 thread = bpf_get_current_pid_tgid(), bytes = size;

	bpf_map_update_elem(&sizes, &thread, &bytes, BPF_ANY);
	return 0;
}

SEC("uretprobe/libc.so.6:malloc")
int BPF_URETPROBE(malloc_return, void *pointer)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *size = bpf_map_lookup_elem(&sizes, &thread);
	struct allocation *event;

	if (!size)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (event) {
		event->pid = thread >> 32;
		event->size = *size;
		event->pointer = pointer;
		bpf_ringbuf_submit(event, 0);
	} else {
		count_lost();
	}
	bpf_map_delete_elem(&sizes, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
