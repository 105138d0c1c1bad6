/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Uses the macros of <bpf/bpf_tracing.h>; compiled for each architecture (make check-progs). */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

__u64 out[32];

struct pair {
	__u64 first, second;
};

struct tiny {
	__u16 value;
};

SEC("fentry/f")
int BPF_PROG(no_argument)
{
	return 0;
}

SEC("fentry/f")
int BPF_PROG(mixed, struct sock *sk, struct msghdr *msg, size_t size, char c)
{
	out[0] = (__u64)sk + (__u64)msg + size + c + (__u64)ctx;
	return 0;
}

SEC("fexit/f")
int BPF_PROG(twelve, int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k,
	void *last)
{
	return a + b + c + d + e + f + g + h + i + j + k + (int)(long)last;
}

SEC("fexit/f")
int BPF_PROG2(by_value, struct pair, pair, struct tiny, tiny, int, n, char *, s)
{
	out[0] = pair.first + pair.second + tiny.value + n + (__u64)s;
	return 0;
}

SEC("kprobe/f")
int BPF_KPROBE(entry0)
{
	return 0;
}

SEC("kprobe/f")
int BPF_KPROBE(entry4, int dfd, const char *name, long flags, __u64 mode)
{
	out[0] = dfd + (__u64)name + flags + mode;
	return 0;
}

SEC("kretprobe/f")
int BPF_KRETPROBE(return0)
{
	return 0;
}

SEC("kretprobe/f")
int BPF_KRETPROBE(return1, long ret)
{
	out[0] = ret;
	return 0;
}

SEC("uprobe//bin/true:f")
int BPF_UPROBE(user_entry, void *p)
{
	out[0] = (__u64)p;
	return 0;
}

SEC("uretprobe//bin/true:f")
int BPF_URETPROBE(user_return, void *p)
{
	out[0] = (__u64)p;
	return 0;
}

SEC("ksyscall/sync")
int BPF_KSYSCALL(syscall0)
{
	return 0;
}

SEC("ksyscall/splice")
int BPF_KSYSCALL(syscall5, int fd_in, void *off_in, int fd_out, void *off_out, size_t len)
{
	out[0] = fd_in + (__u64)off_in + fd_out + (__u64)off_out + len;
	return 0;
}

SEC("kprobe/f")
int registers(struct pt_regs *ctx)
{
	struct pt_regs *user = PT_REGS_SYSCALL_REGS(ctx);

	out[0] = PT_REGS_PARM1(ctx) + PT_REGS_PARM2(ctx) + PT_REGS_PARM3(ctx) + PT_REGS_PARM4(ctx);
	out[1] = PT_REGS_RET(ctx) + PT_REGS_FP(ctx) + PT_REGS_RC(ctx) + PT_REGS_SP(ctx);
	out[2] = PT_REGS_IP(ctx);
	out[3] = PT_REGS_PARM1_CORE(ctx) + PT_REGS_PARM4_CORE(ctx);
	out[4] = PT_REGS_RET_CORE(ctx) + PT_REGS_FP_CORE(ctx) + PT_REGS_RC_CORE(ctx);
	out[5] = PT_REGS_SP_CORE(ctx) + PT_REGS_IP_CORE(ctx);
	out[6] = PT_REGS_PARM1_CORE_SYSCALL(user) + PT_REGS_PARM4_CORE_SYSCALL(user);
	out[7] = PT_REGS_PARM1_SYSCALL(ctx) + PT_REGS_PARM4_SYSCALL(ctx);
	out[8] = PT_REGS_PARM5_CORE_SYSCALL(user) + PT_REGS_PARM6_CORE_SYSCALL(user);
	BPF_KPROBE_READ_RET_IP(out[9], ctx);
	BPF_KRETPROBE_READ_RET_IP(out[10], ctx);
	return 0;
}

SEC("perf_event")
int sample(struct bpf_perf_event_data *ctx)
{
	out[0] = PT_REGS_IP(&ctx->regs) + ctx->sample_period;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
