/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usage: opener COUNT [BATCH]
 *
 * Waits for a byte on stdin, then opens /dev/null COUNT times, pausing for 2 ms after every BATCH
 * opens so that the consumer can keep up. Calls openat(2) directly, because musl's open() uses
 * open(2) where it exists, which opensnoop does not trace.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 0, batch = argc > 2 ? atol(argv[2]) : 0;
	const struct timespec rest = {.tv_nsec = 2000000};
	char start;

	if (read(0, &start, 1) != 1)
		return 1;
	for (long i = 1; i <= count; i++) {
		int fd = openat(AT_FDCWD, "/dev/null", O_RDONLY);

		if (fd < 0)
			return 1;
		close(fd);
		if (batch && i % batch == 0)
			nanosleep(&rest, NULL);
	}
	return 0;
}
