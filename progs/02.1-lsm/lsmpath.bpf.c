/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * lsmpath: deny opening one file. Based on lesson 21.2.1 of the course.
 *
 *	sonde run build/progs/lsmpath.bpf.o --set path=/home/me/secret --for 60s
 *
 * Demonstrates bpf_d_path(), which returns the full path (in LSM hooks since Linux 5.11), so that
 * files of the same name elsewhere are not affected (compare 12-lsmdeny). It is the path by which
 * the file was reached: in another mount namespace, or through a hard link, the same file has
 * another one.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum {
	EPERM = 1,
	SIZE = 64,
};

const volatile char path[SIZE] = "/tmp/secret";

__u64 refused;

SEC("lsm/file_open")
int BPF_PROG(lsmpath, struct file *file)
{
	char found[SIZE] = {};

	if (bpf_d_path(&file->f_path, found, sizeof(found)) < 0)
		return 0; /* longer than the buffer */
	for (int i = 0; i < SIZE; i++) {
		if (found[i] != path[i])
			return 0;
		if (!found[i])
			break;
	}
	__sync_fetch_and_add(&refused, 1);
	return -EPERM;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
