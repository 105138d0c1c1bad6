/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * execping: one line per execve, with the program's file name. Based on example 14 of the course.
 *
 *	sonde run build/progs/execping.bpf.o
 *
 * Demonstrates system call arguments in a kprobe. The probed function, __x64_sys_execve, takes
 * *one* argument: a pointer to the registers of the caller in user space, which hold the arguments.
 * These registers are not the context, so they are read by CO-RE. The name itself is in user
 * memory: hence bpf_probe_read_user_str().
 *
 * The page with the name may not be present yet and then cannot be read; schedexec in 05.3-hooks
 * runs later and always has it. 32-bit ARM kernels have no such wrapper: the arguments are in the
 * context itself, and a tracepoint is the better hook.
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
