/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P4, P5: hooks that exist but are never hit. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 entered;

static int count(void)
{
	__sync_fetch_and_add(&entered, 1);
	return 0;
}

SEC("?tp/syscalls/sys_enter_open") int old_open(void *ctx)
{
	return count();
}
SEC("?tp/syscalls/sys_enter_openat") int new_open(void *ctx)
{
	return count();
}
SEC("?kprobe/do_sys_open") int bypassed(void *ctx)
{
	return count();
}
SEC("?kprobe/finish_task_switch") int cloned(void *ctx)
{
	return count();
}
SEC("?tp/syscalls/sys_enter_opnat") int misspelt(void *ctx)
{
	return count();
}

char LICENSE[] SEC("license") = "GPL";
