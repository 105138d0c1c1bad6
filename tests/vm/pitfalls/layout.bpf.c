/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* P19: tracepoint records read through structs written by hand, for 64 and for 32 bits. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct of_64_bits {
	__u64 common;
	__s64 nr, folder, name, flags;
};

struct of_32_bits {
	__u64 common;
	__s32 nr, folder, name, flags;
};

__u64 read;

SEC("?tp/syscalls/sys_enter_openat")
int long_ones(struct of_64_bits *ctx)
{
	read += ctx->folder;
	return 0;
}

SEC("?tp/syscalls/sys_enter_openat")
int far_ones(struct of_64_bits *ctx)
{
	read += ctx->flags;
	return 0;
}

SEC("?tp/syscalls/sys_enter_openat")
int int_ones(struct of_32_bits *ctx)
{
	read += ctx->folder;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
