/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * uidgate: report programs started by selected users; a map selects them. Based on lesson 21.5.2 of
 * the course.
 *
 * Demonstrates a map as a switch. The program runs for everybody and reports nothing until user
 * space adds a user to the map; no program has to be reloaded:
 *
 *	sonde map set watched 1000 1
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct started {
	pid_t pid;
	uid_t uid;
	char by[TASK_COMM_LEN]; /* the calling program */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 100);
	__type(key, uid_t);
	__type(value, __u8); /* 0: no longer */
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
