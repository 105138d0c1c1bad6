/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Generates the events of the pitfall tests.
 *
 *   does getppid           getppid(2), once
 *   does open FLAGS FILE   openat(2) with these flags
 *   does sleep             prints its pid and waits for a line on stdin; then two threads sleep
 *                          three times each, concurrently
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLEEPS = 3 };

struct duration {
	long seconds, nanoseconds;
};

static void *sleeper(void *start)
{
	struct duration d = {1, 0};
	pthread_barrier_wait(start);
	for (int i = 0; i < SLEEPS; i++)
		syscall(SYS_nanosleep, &d, NULL);
	return NULL;
}

static int sleep_by_two(void)
{
	pthread_t t[2];
	pthread_barrier_t start;
	printf("%d\n", (int)getpid());
	fflush(stdout);
	if (getchar() == EOF)
		return 1;
	pthread_barrier_init(&start, NULL, 2);
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, sleeper, &start);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "getppid"))
		return syscall(SYS_getppid) < 0;
	if (argc == 4 && !strcmp(argv[1], "open"))
		return syscall(SYS_openat, AT_FDCWD, argv[3], (int)strtol(argv[2], NULL, 0), 0600) <
		       0;
	if (argc == 2 && !strcmp(argv[1], "sleep"))
		return sleep_by_two();
	return 2;
}
