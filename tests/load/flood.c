/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * flood SECONDS [THREADS]: makes system calls as fast as possible.
 * flood slow BYTES:        copies stdin to stdout, at most BYTES a second.
 * flood count START:       copies stdin to stdout but for lines that begin with START, and prints their
 *                          number to stderr. Ten minutes of records would not fit into memory.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_bool over;

static void *call(void *unused)
{
	(void)unused;
	while (!over)
		syscall(SYS_getppid);
	return NULL;
}

static int slow(size_t rate)
{
	char buffer[65536];
	size_t size = rate / 10 < sizeof buffer ? rate / 10 : sizeof buffer;
	for (ssize_t n; (n = read(0, buffer, size)) > 0;) {
		if (write(1, buffer, (size_t)n) != n)
			return 1;
		usleep(100000);
	}
	return 0;
}

static int count(const char *start)
{
	static char line[1 << 16];
	unsigned long n = 0;
	size_t length = strlen(start);
	while (fgets(line, sizeof line, stdin))
		if (!strncmp(line, start, length))
			n++;
		else
			fputs(line, stdout);
	fprintf(stderr, "%lu\n", n);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "count"))
		return count(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "slow"))
		return slow((size_t)atoi(argv[2]));
	if (argc < 2)
		return 2;
	pthread_t threads[8];
	int n = argc > 2 ? atoi(argv[2]) : 1;
	for (int i = 0; i < n && i < 8; i++)
		if (pthread_create(&threads[i], NULL, call, NULL))
			return 1;
	sleep((unsigned)atoi(argv[1]));
	over = true;
	for (int i = 0; i < n && i < 8; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
