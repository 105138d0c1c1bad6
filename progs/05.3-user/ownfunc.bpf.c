/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ownfunc: the calls of a function of your own program, with its arguments. After the course's
 * lesson 21.5.3.
 *
 *	int my_function(int number, const char *text)	somewhere in myapp.c
 *	gcc myapp.c -o myapp
 *	sonde run build/progs/ownfunc.bpf.o
 *
 * Another program, another function: --on ownfunc=/path/to/program:function
 *
 * Learned here:
 * - A uprobe needs nothing from the program but its symbols. The loader looks up the function, and
 *   turns its address into a place in the *file*, which is what the kernel wants.
 * - The text is memory of that process: bpf_probe_read_user_str() copies it, up to its end or to
 *   that of our field. A page that is not there is not fetched; then the field stays empty.
 *
 * Traps avoided: strip takes the symbols away, and the compiler builds a small static function into
 * its callers, so that nothing is left to be called. In both cases the loader names the nearest.
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
