/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An example of embedding libsonde: loads and attaches an object and, for five seconds, counts the
 * records of a ring buffer.
 *
 *     make lib
 *     musl-gcc -static -Iloader docs/embed.c build/libsonde.a -o embed
 *     ./embed build/progs/opensnoop.bpf.o events
 */
#include <poll.h>
#include <stdio.h>

#include "sonde.h"

static bool count(void *ctx, const void *record, size_t size)
{
	(void)record;
	(void)size;
	++*(unsigned long *)ctx;
	return true;
}

static int fail(const struct sonde *s, const struct sonde_error *e)
{
	if (s && *sonde_log(s))
		fprintf(stderr, "%s\n", sonde_log(s));
	fprintf(stderr, "%s\n%s%s\n", e->text, *e->hint ? "hint: " : "", e->hint);
	return 1;
}

int main(int argc, char **argv)
{
	struct sonde_error e;
	unsigned long records = 0;
	if (argc < 2)
		return 2;
	struct sonde *s = sonde_open(argv[1], NULL, &e);
	if (!s || !sonde_attach(s, &e)) {
		int status = fail(s, &e);
		sonde_close(s);
		return status;
	}
	for (int tick = 0; tick < 50 && argc > 2; tick++) {
		struct pollfd ring = {sonde_map_fd(s, argv[2]), POLLIN, 0};
		poll(&ring, 1, 100);
		if (sonde_read_ring(s, argv[2], count, &records) < 0)
			break;
	}
	printf("%lu records\n", records);
	sonde_close(s); /* detaches */
	return 0;
}
