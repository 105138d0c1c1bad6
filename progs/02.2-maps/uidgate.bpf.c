/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * uidgate: tells of the programs that some users start; which ones, a map says. After the course's
 * lesson 21.5.2.
 *
 * Learned here: a map as a switch. The program runs for everybody and is silent, until user space
 * writes a user into the map; from then on, without anything being loaded again, it speaks:
 *
 *	bpftool map update name watched key 0xe8 0x03 0 0 value 1	for user 1000
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct started {
	pid_t pid;
	uid_t uid;
	char by[TASK_COMM_LEN]; /* the program that was there before */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 100);
	__type(key, uid_t);
	__type(value, __u8); /* 0: not any more */
} watched SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct started);

SEC("tp/syscalls/sys_enter_execve")
int uidgate(void *ctx)
{
	uid_t uid = (uid_t)bpf_get_current_uid_gid();
	__u8 *on = bpf_map_lookup_elem(&watched, &uid);
	struct started *event;

	if (!on || !*on)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = uid;
	bpf_get_current_comm(event->by, sizeof(event->by));
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
