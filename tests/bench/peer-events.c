/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usage: peer-events opensnoop.bpf.o PID FD
 *
 * A libbpf program that prints the files PID opens to stdout, in the same columns as sonde. Writes
 * a newline to FD once everything is attached.
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* As in opensnoop.bpf.c. */
struct open_event {
	int pid;
	unsigned uid;
	char comm[16];
	int ret;
	char filename[256];
};

static int show(void *ctx, void *data, size_t size)
{
	const struct open_event *e = data;

	if (ctx || size < sizeof *e)
		return 0;
	printf("%-6d %-6u %-16s %-4d %s\n", e->pid, e->uid, e->comm, e->ret, e->filename);
	return 0;
}

int main(int argc, char **argv)
{
	struct bpf_object *object = argc > 3 ? bpf_object__open_file(argv[1], NULL) : NULL;
	struct bpf_map *globals = object ? bpf_object__find_map_by_name(object, ".rodata") : NULL;
	struct bpf_program *program;
	struct ring_buffer *ring;
	int only_pid = argc > 3 ? atoi(argv[2]) : 0;

	if (!globals || bpf_map__set_initial_value(globals, &only_pid, sizeof only_pid))
		return 1;
	if (bpf_object__load(object))
		return 1;
	bpf_object__for_each_program(program, object) if (!bpf_program__attach(program)) return 1;
	ring = ring_buffer__new(
		bpf_object__find_map_fd_by_name(object, "events"), show, NULL, NULL);
	if (!ring || write(atoi(argv[3]), "\n", 1) != 1)
		return 1;
	while (ring_buffer__poll(ring, -1) >= 0)
		fflush(stdout);
	return 1;
}
