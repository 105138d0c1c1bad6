/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Prints kconfig values at /act exec 12345. Does not need the kernel's BTF. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;
extern bool LINUX_HAS_BPF_COOKIE __kconfig;
extern unsigned int CONFIG_HZ __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_TUN __kconfig;
extern char CONFIG_NET __kconfig;
extern char CONFIG_DEFAULT_HOSTNAME[16] __kconfig;
extern char CONFIG_CC_VERSION_TEXT[8] __kconfig;
extern unsigned long long CONFIG_NO_SUCH_THING __kconfig __weak;

SEC("tp/syscalls/sys_enter_execve") int facts(void *ctx)
{
	if ((__u32)bpf_get_current_uid_gid() != 12345)
		return 0;
	bpf_printk("version %x wrapper %d cookie %d", LINUX_KERNEL_VERSION,
		LINUX_HAS_SYSCALL_WRAPPER, LINUX_HAS_BPF_COOKIE);
	bpf_printk("hz %u bpf %d tun %d", CONFIG_HZ, CONFIG_BPF_SYSCALL, CONFIG_TUN);
	bpf_printk("host %s", CONFIG_DEFAULT_HOSTNAME); /* old kernels accept one string per call */
	bpf_printk("cc %s", CONFIG_CC_VERSION_TEXT);
	bpf_printk("net %d missing %llu", CONFIG_NET, CONFIG_NO_SUCH_THING);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
