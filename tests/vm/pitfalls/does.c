/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Generates the events of the pitfall tests.
 *
 *   does getppid           getppid(2), once
 *   does open FLAGS FILE   openat(2) with these flags
 *   does sleep             prints its pid and waits for a line on stdin; then two threads sleep
 *                          three times each, concurrently
 *   does filtered ERRNO COMMAND...   executes the command under a seccomp filter that fails bpf(2)
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLEEPS = 3 };

struct duration {
	long seconds, nanoseconds;
};

static void *sleeper(void *start)
{
	struct duration d = {0, 300000000};
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

/* As in <linux/filter.h> and <linux/seccomp.h>, which musl does not have. */
struct filter {
	unsigned short code;
	unsigned char yes, no;
	unsigned value;
};
struct program {
	unsigned short length;
	const struct filter *filter;
};
enum {
	LOAD = 0x20,
	EQUAL = 0x15,
	RETURN = 0x06,
	ALLOW = 0x7fff0000,
	FAIL = 0x00050000,
	FILTER = 2
};

static int filtered(unsigned no, char **command)
{
	const struct filter filter[] = {{LOAD, 0, 0, 0}, {EQUAL, 0, 1, SYS_bpf},
		{RETURN, 0, 0, FAIL | no}, {RETURN, 0, 0, ALLOW}};
	const struct program program = {4, filter};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, FILTER, &program))
		return 3;
	execv(command[0], command);
	return 3;
}

int main(int argc, char **argv)
{
	if (argc > 3 && !strcmp(argv[1], "filtered"))
		return filtered((unsigned)strtoul(argv[2], NULL, 10), argv + 3);
	if (argc == 2 && !strcmp(argv[1], "getppid"))
		return syscall(SYS_getppid) < 0;
	if (argc == 4 && !strcmp(argv[1], "open"))
		return syscall(SYS_openat, AT_FDCWD, argv[3], (int)strtol(argv[2], NULL, 0), 0600) <
		       0;
	if (argc == 2 && !strcmp(argv[1], "sleep"))
		return sleep_by_two();
	return 2;
}
