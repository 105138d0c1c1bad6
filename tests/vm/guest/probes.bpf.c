/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* All kinds of user-space probes, attached to tests/vm/guest/probed.c; for uprobe.sh. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/usdt.bpf.h>

struct event {
	pid_t pid;
	char what[8];
	__s64 a, b;
	char text[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct event);

static __always_inline int tell(const char *what, __s64 a, __s64 b, const void *text)
{
	struct event *e = bpf_ringbuf_reserve(&events, sizeof *e, 0);
	if (!e)
		return 0;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	__builtin_memcpy(e->what, what, sizeof e->what);
	e->a = a;
	e->b = b;
	__builtin_memset(e->text, 0, sizeof e->text);
	if (text)
		bpf_probe_read_user_str(e->text, sizeof e->text, text);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

/* A result has the size of the kernel's long. */
#if defined __TARGET_ARCH_arm
#define RESULT(ctx) (__s32) PT_REGS_RC(ctx)
#else
#define RESULT(ctx) (__s64) PT_REGS_RC(ctx)
#endif

SEC("?uprobe//probed:given")
int entry(struct pt_regs *ctx)
{
	return tell("entry\0\0", PT_REGS_PARM1(ctx), 0, (const void *)PT_REGS_PARM2(ctx));
}

SEC("?uretprobe//probed:given")
int result(struct pt_regs *ctx)
{
	return tell("result\0", RESULT(ctx), 0, 0);
}

SEC("?uprobe")
int anywhere(struct pt_regs *ctx)
{
	return tell("any\0\0\0\0", (int)PT_REGS_PARM1(ctx), 0, 0);
}

SEC("?uprobe.s//probed:given")
int sleeping(struct pt_regs *ctx)
{
	char text[8] = "";
	bpf_copy_from_user(text, sizeof text - 1, (const void *)PT_REGS_PARM2(ctx));
	return tell("sleep\0\0", PT_REGS_PARM1(ctx), text[5] - '0', 0);
}

SEC("?uprobe.multi//probed:many_?")
int many(struct pt_regs *ctx)
{
	return tell("many\0\0\0", (int)PT_REGS_PARM1(ctx), 0, 0);
}

SEC("?uretprobe.multi//probed:many_*")
int many_out(struct pt_regs *ctx)
{
	return tell("out\0\0\0\0", (int)PT_REGS_RC(ctx), 0, 0);
}

SEC("?uprobe.session//probed:many_a")
int session(struct pt_regs *ctx)
{
	return tell("session", 0, 0, 0);
}

SEC("?usdt//probed:app:plain")
int BPF_USDT(plain, int n, const char *text, short s, int place)
{
	tell("plain\0\0", n, s, text);
	return tell("place\0\0", place, bpf_usdt_arg_cnt(ctx), 0);
}

SEC("?usdt//probed:app:watched")
int watched(struct pt_regs *ctx)
{
	long i = 0, none;
	int error = bpf_usdt_arg(ctx, 0, &i);
	return tell("watched", error ? error : i, bpf_usdt_arg(ctx, 1, &none), 0);
}

SEC("?uprobe/SSL_write")
int plaintext(struct pt_regs *ctx)
{
	return tell("ssl\0\0\0\0", PT_REGS_PARM3(ctx), 0, (const void *)PT_REGS_PARM2(ctx));
}

char LICENSE[] SEC("license") = "GPL";
