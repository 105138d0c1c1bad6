/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P2, P3: kprobes on system calls by function name, with arguments read from the wrapper. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum { UNLIKELY = 0x2a5 }; /* open flags that no other process uses */

__u64 entered, right_flags;

SEC("?kprobe/sys_getppid")
int plain(void *ctx)
{
	__sync_fetch_and_add(&entered, 1);
	return 0;
}

/* The wrapper's only argument is a struct pt_regs; this program reads the call's arguments. */
SEC("?kprobe/sys_openat")
int BPF_KPROBE(misled, int folder, const char *name, int flags)
{
	if (flags == UNLIKELY)
		__sync_fetch_and_add(&right_flags, 1);
	return 0;
}

SEC("?ksyscall/openat")
int BPF_KSYSCALL(led, int folder, const char *name, int flags)
{
	if (flags == UNLIKELY)
		__sync_fetch_and_add(&right_flags, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
