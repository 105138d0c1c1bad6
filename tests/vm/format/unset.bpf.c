/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Refers to a kconfig option that no kernel has. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

extern int CONFIG_NO_SUCH_THING __kconfig;

SEC("tp/syscalls/sys_enter_execve") int unset(void *ctx)
{
	return CONFIG_NO_SUCH_THING;
}

char LICENSE[] SEC("license") = "GPL";
