/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * execs: every program started, its parent, and the result of execve. Based on lesson 21.3.1 of the
 * course, which uses execsnoop.
 *
 * Demonstrates two hooks for one record. The entry of execve has the file name, the exit the
 * result. After success the program is another one, but the thread, which is the key, is the same.
 * bpf_ringbuf_output() copies an existing record. (execveat(2), and execve by a thread other than
 * the first, are not reported.)
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct exec {
	pid_t pid;
	pid_t parent;
	uid_t uid;
	int ret;
	char comm[TASK_COMM_LEN]; /* of the new program, if it worked */
	char file[128];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct exec);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct exec);
} starting SEC(".maps");

SEC("tp/syscalls/sys_enter_execve")
int execs_enter(struct trace_event_raw_sys_enter *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 thread = bpf_get_current_pid_tgid();
	struct exec exec = {.pid = thread >> 32};

	exec.parent = BPF_CORE_READ(task, real_parent, tgid);
	exec.uid = (uid_t)bpf_get_current_uid_gid();
	bpf_probe_read_user_str(exec.file, sizeof(exec.file), (void *)ctx->args[0]);
	bpf_map_update_elem(&starting, &thread, &exec, BPF_ANY);
	return 0;
}

SEC("tp/syscalls/sys_exit_execve")
int execs_exit(struct trace_event_raw_sys_exit *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct exec *exec = bpf_map_lookup_elem(&starting, &thread);
	long ret = ctx->ret;

	if (!exec)
		return 0;
	exec->ret = (int)ret;
	bpf_get_current_comm(exec->comm, sizeof(exec->comm));
	if (bpf_ringbuf_output(&events, exec, sizeof(*exec), 0))
		count_lost();
	bpf_map_delete_elem(&starting, &thread);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
