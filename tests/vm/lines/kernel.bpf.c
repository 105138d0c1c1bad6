/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* All kinds of kprobes, observing the files that `act` opens; for guest.sh. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>

struct event {
	char what[8];
	__s64 n;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct event);

static __always_inline int tell(const char *what, __s64 n)
{
	char comm[16];
	struct event *e;
	bpf_get_current_comm(comm, sizeof comm);
	if (comm[0] != 'a' || comm[1] != 'c' || comm[2] != 't' || comm[3])
		return 0;
	e = bpf_ringbuf_reserve(&events, sizeof *e, 0);
	if (!e)
		return 0;
	__builtin_memcpy(e->what, what, sizeof e->what);
	e->n = n;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

SEC("?kprobe/do_sys_openat2")
int entry(struct pt_regs *ctx)
{
	return tell("entry\0\0", (int)PT_REGS_PARM1(ctx));
}

SEC("?kretprobe/do_sys_openat2")
int result(struct pt_regs *ctx)
{
	return tell("result\0", (int)PT_REGS_RC(ctx));
}

SEC("?ksyscall/openat")
int call(struct pt_regs *ctx)
{
	return tell("call\0\0\0", 0);
}

SEC("?kretsyscall/openat")
int answer(struct pt_regs *ctx)
{
	return tell("answer\0", (int)PT_REGS_RC(ctx));
}

/* Where there are wrappers, the function has another name. */
SEC("?kprobe/sys_openat")
int wrapped(struct pt_regs *ctx)
{
	return tell("wrapped", 0);
}

SEC("?kprobe/do_sys_openta2")
int missing(struct pt_regs *ctx)
{
	return 0;
}

/* Rejected by the verifier: reads past the end of the context. */
SEC("?kprobe/do_sys_openat2")
int wrong(void *ctx)
{
	return *(int *)(ctx + 4096);
}

char LICENSE[] SEC("license") = "GPL";
