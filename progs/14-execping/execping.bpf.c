/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * execping: one line for each execve, with the name of the program. After the course's example 14.
 *
 *	sonde run build/progs/execping.bpf.o
 *
 * Learned here: arguments of a system call in a kprobe. The probed function, __x64_sys_execve, gets
 * *one* argument: a pointer to the registers that user space called with, and what we want is in
 * there, one level deeper. These registers are not the context, so they are read by CO-RE. The name
 * itself is in the memory of the process: hence bpf_probe_read_user_str().
 *
 * It may be that the name is not in memory yet at this moment and can't be read; schedexec in
 * 05.3-hooks comes later and has it always. And 32-bit ARM kernels have no such wrapper: there the
 * arguments are in the context itself, and a tracepoint is the better hook.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("ksyscall/execve")
int execping(struct pt_regs *ctx)
{
	struct pt_regs *user = PT_REGS_SYSCALL_REGS(ctx);
	const char *filename = (const char *)PT_REGS_PARM1_CORE_SYSCALL(user);
	char name[64] = "?";

	bpf_probe_read_user_str(name, sizeof(name), filename);
	bpf_printk("execve of %s", name);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
