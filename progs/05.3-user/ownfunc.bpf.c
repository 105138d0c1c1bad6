/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ownfunc: calls of a function in your own program, with its arguments. Based on lesson 21.5.3 of
 * the course.
 *
 *	int my_function(int number, const char *text)	in myapp.c
 *	gcc myapp.c -o myapp
 *	sonde run build/progs/ownfunc.bpf.o
 *
 * For another program or function: --on ownfunc=/path/to/program:function
 *
 * Demonstrates:
 * - A uprobe requires nothing from the program but its symbols. The loader looks up the function
 *   and converts its address to an offset in the *file*, which the kernel expects.
 * - The text is in the memory of that process: bpf_probe_read_user_str() copies it, limited to the
 *   size of our field. It does not fault pages in; if one is missing, the field stays empty.
 *
 * Pitfalls avoided: strip removes the symbols, and the compiler may inline a small static function,
 * which leaves nothing to be called. In both cases the loader suggests similar names.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/sonde_event.h>
#include <bpf/sonde_lost.h>

struct call {
	pid_t pid;
	int number;
	char text[64];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

SONDE_EVENT(events, struct call);

SEC("uprobe/./myapp:my_function")
int BPF_UPROBE(ownfunc, int number, const char *text)
{
	struct call *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_lost();
		return 0;
	}
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->number = number;
	if (bpf_probe_read_user_str(event->text, sizeof(event->text), text) < 0)
		event->text[0] = 0;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
