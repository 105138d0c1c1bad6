/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * opensnoop: who opens which file, with the result. Based on example 15 and lesson 21.3.1 of the
 * course.
 *
 *	sonde run build/progs/opensnoop.bpf.o --set only_pid=1234
 *
 * Demonstrates:
 * - Two hooks for one event: the file name is known at entry, the result at exit, and a hash map
 *   connects them. The key is the *thread*: keyed by process, two threads that open files at the
 *   same time would get each other's name.
 * - A ring buffer streams records to user space: reserve, fill in place, submit. If the reader is
 *   too slow, reserve fails. This is counted, as losses would go unnoticed otherwise.
 * - A global constant is a parameter: the loader writes only_pid before the program is loaded. The
 *   verifier then knows its value and removes the test if it is 0. `volatile` keeps the compiler
 *   from using the initial value.
 * - CO-RE: the offsets of args and ret are those of the running kernel, not those at compile time.
 *   On a 32-bit kernel both are narrower, too, and the loader adjusts the loads.
 *
 * Only openat(2) is traced, which the C library uses for open() and fopen(). Programs that use
 * openat2(2) require a second pair of hooks.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>

/* One record; its members are shown in this order. */
struct open_event {
	pid_t pid;
	uid_t uid;
	char comm[TASK_COMM_LEN];
	int ret; /* file descriptor, or negative error number */
	char filename[256];
};

/* Trace this process only; 0: all. */
const volatile pid_t only_pid = 0;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024); /* bytes: a power of two, a multiple of the page size */
} events SEC(".maps");

SONDE_EVENT(events, struct open_event);

/* Threads in openat, with the address of the file name. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} opening SEC(".maps");

/* Lost records, per CPU, so no atomic operation is needed. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

SEC("tp/syscalls/sys_enter_openat")
int openat_enter(struct trace_event_raw_sys_enter *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 name = ctx->args[1];

	if (only_pid && only_pid != (pid_t)(thread >> 32))
		return 0;
	bpf_map_update_elem(&opening, &thread, &name, BPF_ANY);
	return 0;
}

static void count_lost(void)
{
	__u32 slot = 0;
	__u64 *count = bpf_map_lookup_elem(&lost, &slot);

	if (count)
		*count += 1;
}

SEC("tp/syscalls/sys_exit_openat")
int openat_exit(struct trace_event_raw_sys_exit *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *name = bpf_map_lookup_elem(&opening, &thread);
	long ret = ctx->ret;
	struct open_event *event;
	long len;

	if (!name)
		return 0; /* another process, or it entered before we were attached */
	barrier_var(ret); /* read as a whole, which CO-RE can adjust to a narrower field */
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (event) {
		event->pid = (pid_t)(thread >> 32);
		event->uid = (uid_t)bpf_get_current_uid_gid();
		bpf_get_current_comm(event->comm, sizeof(event->comm));
		event->ret = (int)ret;
		len = bpf_probe_read_user_str(
			event->filename, sizeof(event->filename), (void *)*name);
		if (len < 0)
			event->filename[0] = '\0';
		bpf_ringbuf_submit(event, 0);
	} else {
		count_lost();
	}
	bpf_map_delete_elem(&opening, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
