/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usage: peer-load FILE [FD | load] [BTF]
 *
 * A minimal libbpf loader: opens, loads and attaches an object. With FD, it then writes a newline
 * to FD and waits for a signal; otherwise it exits. load: without attaching. BTF: a file with the
 * types of the kernel.
 */
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = argc > 3 ? argv[3] : NULL);
	struct bpf_object *object = argc > 1 ? bpf_object__open_file(argv[1], &options) : NULL;
	struct bpf_program *program;

	if (!object || bpf_object__load(object))
		return 1;
	if (argc > 2 && !strcmp(argv[2], "load"))
		return 0;
	bpf_object__for_each_program(program, object) if (!bpf_program__attach(program)) return 1;
	if (argc < 3)
		return 0;
	if (write(atoi(argv[2]), "\n", 1) != 1)
		return 1;
	return pause();
}
