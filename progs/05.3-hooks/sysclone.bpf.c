/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sysclone: a greeting for each clone(2). After the course's lesson 21.4, where it is written three
 * times: for BCC, for bpftrace and for libbpf.
 *
 * Learned here: what each of those tools generates comes down to this: a function, a section name,
 * a license. fork(), vfork() and threads end up in clone or, with newer C libraries, in clone3.
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
