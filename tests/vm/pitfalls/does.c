/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Generates the events of the pitfall tests.
 *
 *   does getppid           getppid(2), once
 *   does open FLAGS FILE   openat(2) with these flags
 *   does sleep             prints its pid and waits for a line on stdin; then one thread sleeps
 *                          five times while another one sleeps once
 *   does filtered ERRNO COMMAND...   executes the command under a seccomp filter that fails bpf(2)
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLEEPS = 5 };

struct duration {
	long seconds, nanoseconds;
};

static void nothing(int signal)
{
	(void)signal;
}

/* One long sleep, which a signal ends. */
static void *sleeper(void *id)
{
	struct duration hour = {3600, 0};
	*(pid_t volatile *)id = (pid_t)syscall(SYS_gettid);
	syscall(SYS_nanosleep, &hour, NULL);
	return NULL;
}

static bool is_asleep(pid_t thread)
{
	char path[64], text[256] = "";
	snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)thread);
	FILE *f = fopen(path, "r");
	if (!f)
		return false;
	size_t n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = 0;
	return strstr(text, ") S ");
}

static int sleep_by_two(void)
{
	struct duration moment = {0, 10000000};
	struct sigaction wakes = {.sa_handler = nothing};
	pthread_t other;
	volatile pid_t id = 0;
	printf("%d\n", (int)getpid());
	fflush(stdout);
	if (getchar() == EOF)
		return 1;
	sigaction(SIGUSR1, &wakes, NULL);
	pthread_create(&other, NULL, sleeper, (void *)&id);
	while (!id || !is_asleep(id))
		sched_yield();
	for (int i = 0; i < SLEEPS; i++)
		syscall(SYS_nanosleep, &moment, NULL);
	pthread_kill(other, SIGUSR1);
	return pthread_join(other, NULL);
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
