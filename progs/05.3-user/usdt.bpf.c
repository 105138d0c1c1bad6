/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usdt: the functions that a Python program calls. After the course's lesson 21.5.3.
 *
 *	sonde run build/progs/usdt.bpf.o
 *
 * Debian's python3 is built without probes, and the loader says so. One with them (configure
 * --with-dtrace): --on usdt=/path/to/python3. One process only: --on usdt=/path/to/python3@1234
 *
 * Learned here:
 * - A USDT is a probe that the *author* of a program has put into it: a name and arguments that
 *   stay, whatever becomes of the functions around it. In the code it is a nop, and a note in the
 *   file says where it is and in which registers the arguments are.
 * - This one has a semaphore: Python prepares the arguments only while somebody looks. The kernel
 *   counts it up when the program is attached, and down when it is gone.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>
#include <bpf/usdt.bpf.h>

struct call {
	pid_t pid;
	int line;
	char function[64];
	char file[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct call);

SEC("usdt//usr/bin/python3:python:function__entry")
int BPF_USDT(usdt, const char *file, const char *function, int line)
{
	struct call *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->line = line;
	event->function[0] = event->file[0] = 0;
	bpf_probe_read_user_str(event->function, sizeof(event->function), function);
	bpf_probe_read_user_str(event->file, sizeof(event->file), file);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
