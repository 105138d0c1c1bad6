/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * opentap: every file name opened, by any of the system calls. Based on example 06 of the course.
 *
 *	sonde run build/progs/opentap.bpf.o
 *
 * On arm64 and riscv64, which have no open(2): --only tap_openat --only tap_openat2
 *
 * Demonstrates building a record in the ring buffer itself: reserve, fill, submit. It uses none of
 * the 512 bytes of stack.
 *
 * Pitfall avoided: with a program on sys_enter_open alone, the screen stays empty. The C library
 * uses openat(2); open(2) remains for old binaries, and newer architectures lack it. openat2(2) is
 * another entry since Linux 5.6. Each is a hook; all three share one function.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

enum call {
	OPEN,
	OPENAT,
	OPENAT2,
};

struct opened {
	pid_t pid;
	uid_t uid;
	char comm[TASK_COMM_LEN];
	enum call call;
	int flags; /* O_*; 0 for openat2, which passes a struct */
	char filename[256];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct opened);

static __always_inline int tap(enum call call, const char *name, int flags)
{
	struct opened *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = (uid_t)bpf_get_current_uid_gid();
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->call = call;
	event->flags = flags;
	if (bpf_probe_read_user_str(event->filename, sizeof(event->filename), name) < 0)
		event->filename[0] = '\0';
	bpf_ringbuf_submit(event, 0);
	return 0;
}

SEC("tp/syscalls/sys_enter_open")
int tap_open(struct trace_event_raw_sys_enter *ctx)
{
	return tap(OPEN, (const char *)ctx->args[0], (int)ctx->args[1]);
}

SEC("tp/syscalls/sys_enter_openat")
int tap_openat(struct trace_event_raw_sys_enter *ctx)
{
	return tap(OPENAT, (const char *)ctx->args[1], (int)ctx->args[2]);
}

SEC("tp/syscalls/sys_enter_openat2")
int tap_openat2(struct trace_event_raw_sys_enter *ctx)
{
	return tap(OPENAT2, (const char *)ctx->args[1], 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
