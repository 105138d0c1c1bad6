/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * lsmdeny: deny opening files of a given name, in any directory. Based on example 12 of the course.
 *
 *	sonde run build/progs/lsmdeny.bpf.o --set name=secret.txt --for 60s
 *
 * Demonstrates:
 * - An LSM hook decides: 0 permits the operation, a negative error number is returned to the
 *   process. This applies to root as well.
 * - `file` is a typed pointer: its members can be read directly, without a helper. Only the name,
 *   whose length varies, has to be copied.
 *
 * Pitfalls avoided:
 * - The name is the *last* path component, so the course's "shadow" would match every file of that
 *   name, including /etc/shadow, without which nobody can log in. Choose another name, and a time
 *   limit (--for).
 * - bpf_strncmp() requires Linux 5.17 and takes the constant as its third argument; a loop with a
 *   constant bound works on 5.7.
 *
 * Requires "bpf" among the active modules in /sys/kernel/security/lsm; CONFIG_BPF_LSM alone is not
 * enough.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

enum {
	EPERM = 1,
	NAME_SIZE = 32, /* including the NUL */
};

struct refused {
	pid_t pid;
	uid_t uid;
	char comm[TASK_COMM_LEN];
	char name[NAME_SIZE];
};

const volatile char name[NAME_SIZE] = "shadow";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct refused);

static __always_inline bool is_it(const char *found)
{
	for (int i = 0; i < NAME_SIZE; i++) {
		if (found[i] != name[i])
			return false;
		if (!found[i])
			break;
	}
	return true;
}

SEC("lsm/file_open")
int BPF_PROG(lsmdeny, struct file *file)
{
	const unsigned char *at = file->f_path.dentry->d_name.name;
	char found[NAME_SIZE] = {};
	struct refused *event;

	if (bpf_probe_read_kernel_str(found, sizeof(found), at) < 0 || !is_it(found))
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (event) {
		event->pid = bpf_get_current_pid_tgid() >> 32;
		event->uid = (uid_t)bpf_get_current_uid_gid();
		bpf_get_current_comm(event->comm, sizeof(event->comm));
		__builtin_memcpy(event->name, found, sizeof(event->name));
		bpf_ringbuf_submit(event, 0);
	} else {
		count_lost();
	}
	return -EPERM;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
