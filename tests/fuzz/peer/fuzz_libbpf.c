/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as an object for libbpf's bpf_object__open_mem(), with the limits of ../harness.c: an input
 * must not take more than 4 seconds of CPU time. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "libbpf.h"

static int print(enum libbpf_print_level level, const char *format, va_list list)
{
	(void)level, (void)format, (void)list;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	clock_t start = clock();
	libbpf_set_print(print);
	struct bpf_object *object = bpf_object__open_mem(data, size, NULL);
	if (object)
		bpf_object__close(object);
	if (clock() - start > 4 * CLOCKS_PER_SEC)
		abort();
	return 0;
}
