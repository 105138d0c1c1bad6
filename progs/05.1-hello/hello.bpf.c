/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * hello: one line in the trace pipe per execve(2). Based on lesson 21.5.1 of the course.
 *
 *	sonde run build/progs/hello.bpf.o	and start a command in another terminal
 *
 * Demonstrates:
 * - A tracepoint is a place marked by the kernel developers: it has the same stable name on every
 *   architecture, while kprobes depend on function names that change. So this program requires
 *   neither BTF nor CO-RE and runs on any kernel with BPF tracepoints (4.7; read-only data: 5.2).
 * - Helpers are the only kernel functions that a program may call. Two of them pack two ids into 64
 *   bits: the upper half of pid_tgid is what user space calls the pid (the lower half is the thread
 *   id), the lower half of uid_gid is the uid.
 * - bpf_printk() places its format in section .rodata, from which the loader makes a read-only map.
 *   At most three values are allowed here, and no newline, which the kernel adds (since 5.9).
 *
 * At the *entry* of execve the process is unchanged, so comm is that of the caller, for instance a
 * shell, not of the new program. The tracepoint sched/sched_process_exec fires afterwards.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("tp/syscalls/sys_enter_execve")
int hello(void *ctx)
{
	char comm[TASK_COMM_LEN];
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u32 uid = (__u32)bpf_get_current_uid_gid();

	bpf_get_current_comm(comm, sizeof(comm));
	bpf_printk("execve by %s, pid %u, uid %u", comm, pid, uid);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
