/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Denies opening any file named "shadow". */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define EPERM 1

char LICENSE[] SEC("license") = "GPL";

SEC("lsm/file_open")
int BPF_PROG(deny_shadow, struct file *file)
{
	struct dentry *dentry = file->f_path.dentry;
	const unsigned char *name = dentry->d_name.name;
	char buf[64];

	if (bpf_probe_read_kernel_str(buf, sizeof(buf), name) < 0)
		return 0;
	if (bpf_strncmp(buf, sizeof(buf), "shadow") == 0)
		return -EPERM;
	return 0;
}
