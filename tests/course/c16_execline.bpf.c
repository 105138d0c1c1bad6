/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Prints caller, pid and uid of each execve. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct execve_args {
	unsigned long long unused;
	long id;
	unsigned long args[6];
};

SEC("tp/syscalls/sys_enter_execve")
int exec_line(struct execve_args *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	__u32 uid = bpf_get_current_uid_gid() & 0xffffffff;
	char comm[16];

	bpf_get_current_comm(&comm, sizeof(comm));
	bpf_printk("[execve] caller: %s, pid: %d, uid: %d\n", comm, pid, uid);
	return 0;
}
