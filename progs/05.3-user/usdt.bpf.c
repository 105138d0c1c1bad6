/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usdt: functions called by a Python program. Based on lesson 21.5.3 of the course.
 *
 *	sonde run build/progs/usdt.bpf.o
 *
 * Debian builds python3 without probes, which the loader reports. For one with probes (configure
 * --with-dtrace): --on usdt=/path/to/python3. For one process: --on usdt=/path/to/python3@1234
 *
 * Demonstrates:
 * - A USDT probe is placed in a program by its *author*: its name and arguments remain stable when
 *   the functions around it change. In the code it is a nop; a note in the file gives its location
 *   and the registers that hold the arguments.
 * - This one has a semaphore: Python prepares the arguments only while a probe is attached. The
 *   kernel increments it on attach and decrements it on detach.
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
