/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * boot: what a machine executes, opens and loads while it boots. `sonde init` attaches it before anything
 * else runs (docs/init.md), and `sonde timeline` draws its records.
 *
 *	rdinit=/sonde				on the kernel's command line
 *	sonde init --collect			once the machine is up
 *
 * Demonstrates:
 * - One record type for several hooks, with an enum that tells which.
 * - The clock of the boot: bpf_ktime_get_boot_ns() (Linux 5.8) counts from the start of the kernel, so the time
 *   of a record is the time since boot.
 * - Tracepoints alone: no registers, no kernel structures but the records of the tracepoints. The same object
 *   runs on every architecture of its byte order.
 *
 * Some architectures have no open(2), which klibc and musl call on others, and a kernel without modules never loads
 * one. `sonde init` leaves out what the kernel does not have.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

/* What happened: the name is that of the program, of the file, or of the module. */
enum boot_what {
	exec,
	exit,
	open,
	module,
};

struct boot_event {
	__u64 time;
	pid_t pid;
	enum boot_what event;
	int ret; /* of open: the descriptor, or a negative error number */
	char comm[TASK_COMM_LEN];
	char name[128];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries,
		1024 * 1024); /* while the recorder waits for its turn, much may happen */
} events SEC(".maps");

SONDE_EVENT(events, struct boot_event);

/* Threads in open, openat or openat2, with the address of the file name. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u64);
} opening SEC(".maps");

/* As in opensnoop: CO-RE cannot resize a signed load. */
struct trace_event_raw_sys_exit___unsigned {
	struct trace_entry ent;
	long id;
	unsigned long ret;
} __attribute__((preserve_access_index));

static __always_inline struct boot_event *begin(enum boot_what what)
{
	struct boot_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_lost();
		return 0;
	}
	event->time = bpf_ktime_get_boot_ns();
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->event = what;
	event->ret = 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	__builtin_memset(event->name, 0, sizeof(event->name));
	return event;
}

SEC("tp/sched/sched_process_exec")
int executed(struct trace_event_raw_sched_process_exec *ctx)
{
	struct boot_event *event = begin(exec);

	if (!event)
		return 0;
	bpf_probe_read_kernel_str(event->name, sizeof(event->name),
		(void *)ctx + (ctx->__data_loc_filename & 0xffff));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/* Of processes: their first thread has their id. */
SEC("tp/sched/sched_process_exit")
int exited(void *ctx)
{
	__u64 id = bpf_get_current_pid_tgid();
	struct boot_event *event;

	if (id >> 32 != (__u32)id)
		return 0;
	event = begin(exit);
	if (event)
		bpf_ringbuf_submit(event, 0);
	return 0;
}

static __always_inline int enter(__u64 name)
{
	__u64 thread = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&opening, &thread, &name, BPF_ANY);
	return 0;
}

static __always_inline int leave(struct trace_event_raw_sys_exit___unsigned *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 *name = bpf_map_lookup_elem(&opening, &thread);
	unsigned long ret = ctx->ret;
	struct boot_event *event;

	if (!name)
		return 0;
	barrier_var(ret); /* read as a whole, see opensnoop */
	event = begin(open);
	if (event) {
		event->ret = (int)ret;
		bpf_probe_read_user_str(event->name, sizeof(event->name), (void *)*name);
		bpf_ringbuf_submit(event, 0);
	}
	bpf_map_delete_elem(&opening, &thread);
	return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int openat_enter(struct trace_event_raw_sys_enter *ctx)
{
	return enter(ctx->args[1]);
}

SEC("tp/syscalls/sys_exit_openat")
int openat_exit(struct trace_event_raw_sys_exit___unsigned *ctx)
{
	return leave(ctx);
}

SEC("tp/syscalls/sys_enter_openat2")
int openat2_enter(struct trace_event_raw_sys_enter *ctx)
{
	return enter(ctx->args[1]);
}

SEC("tp/syscalls/sys_exit_openat2")
int openat2_exit(struct trace_event_raw_sys_exit___unsigned *ctx)
{
	return leave(ctx);
}

SEC("tp/syscalls/sys_enter_open")
int open_enter(struct trace_event_raw_sys_enter *ctx)
{
	return enter(ctx->args[0]);
}

SEC("tp/syscalls/sys_exit_open")
int open_exit(struct trace_event_raw_sys_exit___unsigned *ctx)
{
	return leave(ctx);
}

SEC("tp/module/module_load")
int module_loaded(struct trace_event_raw_module_load *ctx)
{
	struct boot_event *event = begin(module);

	if (!event)
		return 0;
	bpf_probe_read_kernel_str(
		event->name, sizeof(event->name), (void *)ctx + (ctx->__data_loc_name & 0xffff));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
