/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sysclone: a greeting for each clone(2). Based on lesson 21.4 of the course, which has it three
 * times: for BCC, bpftrace and libbpf.
 *
 * Demonstrates what each of those tools generates in the end: a function, a section name, a
 * license. fork(), vfork() and threads use clone or, with newer C libraries, clone3.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("ksyscall/clone")
int sysclone(void *ctx)
{
	bpf_printk("Hello from clone, pid %d", (pid_t)(bpf_get_current_pid_tgid() >> 32));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
