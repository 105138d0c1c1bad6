/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What people who learn BPF get wrong. mistakes.txt has what sonde must say about each. */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

int printf(const char *format, ...);
extern int strlen_user(const char *s);
extern int my_missing_kfunc(int x) __ksym;
extern int my_weak_kfunc(int x) __ksym __weak;
extern struct task_struct *bpf_task_form_pid(s32 pid) __ksym;

struct task_struct___mine {
	int no_such_field;
} __attribute__((preserve_access_index));

struct args {
	u64 unused;
	long id;
	const char *filename;
};

#define EXECVE SEC("?tp/syscalls/sys_enter_execve")

EXECVE int bad_field(void *ctx)
{
	struct task_struct___mine *task = (void *)bpf_get_current_task();
	return BPF_CORE_READ(task, no_such_field);
}

EXECVE int user_pointer(struct args *ctx)
{
	return *(volatile const char *)ctx->filename;
}

EXECVE int kernel_pointer(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	return *(volatile int *)&task->pid;
}

EXECVE int libc_printf(void *ctx)
{
	return printf("hello");
}

EXECVE int undefined(void *ctx)
{
	return strlen_user(ctx);
}

EXECVE int missing_kfunc(void *ctx)
{
	return my_missing_kfunc(3);
}

EXECVE int unguarded_kfunc(void *ctx)
{
	return my_weak_kfunc(3);
}

EXECVE int misspelt_kfunc(void *ctx)
{
	return bpf_task_form_pid(3) != 0;
}

EXECVE int other_helper(void *ctx)
{
	char bytes[8];
	bpf_skb_load_bytes(ctx, 0, bytes, sizeof bytes);
	return bytes[0];
}

/* Programs that differ by their section only. */
#define EMPTY(name, section)                                                                       \
	SEC("?" section) int name(void *ctx)                                                       \
	{                                                                                          \
		return 0;                                                                          \
	}

EMPTY(tp_without_category, "tp/sys_enter_execve")
EMPTY(tp_category, "tp/syscall/sys_enter_execve")
EMPTY(tp_name, "tp/syscalls/sys_enter_excve")
EMPTY(raw_name, "raw_tp/sched_swicth")
EMPTY(btf_tp_name, "tp_btf/sched_swicth")
EMPTY(kprobe_name, "kprobe/tcp_sendmgs")
EMPTY(kprobe_forbidden, "kprobe/get_kprobe")
EMPTY(kprobe_tp, "kprobe/sys_enter_openat")
EMPTY(syscall_name, "ksyscall/opennat")
EMPTY(fentry_name, "fentry/tcp_sendmgs")
EMPTY(lsm_name, "lsm/file_opne")
EMPTY(iter_name, "iter/taks")
EMPTY(uprobe_slash, "uprobe/bin/nosuch:readline")
EMPTY(uprobe_path, "uprobe//usr/bin/nosuch:main")
EMPTY(uprobe_file, "uprobe/SSL_write")
EMPTY(uprobe_name, "uprobe//act:mian")
EMPTY(no_interface, "xdp")

SEC("?xdp") int packet_end(struct xdp_md *ctx)
{
	return *(volatile u8 *)(long)ctx->data;
}

char LICENSE[] SEC("license") = "GPL";
