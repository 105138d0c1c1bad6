/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * hello: one line in the trace pipe for each execve(2). After the course's lesson 21.5.1.
 *
 *	sonde run build/progs/hello.bpf.o	and start a command in another terminal
 *
 * Learned here:
 * - A tracepoint is a place that the kernel's authors have marked: it has a stable name, on every
 *   architecture, while kprobes follow function names that change. Thus this program needs
 *   neither BTF nor CO-RE and runs on any kernel with BPF tracepoints (4.7; read-only data: 5.2).
 * - Helpers are the only functions of the kernel that a program may call. Pid and uid come packed
 *   into 64 bits: what user space calls pid is the upper half (the lower one is the thread), the
 *   uid is the lower half (the upper one is the gid).
 * - bpf_printk() puts its format into section .rodata, which the loader makes a read-only map.
 *   Up to three values here, and no newline: the kernel ends the line (since 5.9).
 *
 * At the *entry* of execve the process is still the old one, so comm names the caller, a shell for
 * instance, and not the new program. Tracepoint sched/sched_process_exec shows the other side.
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
