/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usage: ready ROUNDS COMMAND… -- COMMAND…
 *
 * Runs the two commands alternately, ROUNDS times each. Each must write to descriptor 9 once it is ready,
 * and end after SIGINT. Prints the median of the microseconds from its start until then, and how far the
 * middle half of them spreads, for each command: "MEDIAN SPREAD MEDIAN SPREAD".
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READY = 9, COMMANDS = 2 };

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void become(char **command, int ready)
{
	int nowhere = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < 3; fd++)
		dup2(nowhere, fd);
	dup2(ready, READY);
	execvp(*command, command);
	_exit(127);
}

/* The time until the command is ready, or -1. */
static double measure(char **command)
{
	int ends[2];
	char byte;
	if (pipe2(ends, O_CLOEXEC))
		return -1;
	double begin = now_us();
	pid_t pid = fork();
	if (!pid)
		become(command, ends[1]);
	close(ends[1]);
	double time = read(ends[0], &byte, 1) == 1 ? now_us() - begin : -1;
	close(ends[0]);
	kill(pid, SIGINT);
	waitpid(pid, NULL, 0);
	return time;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	char **commands[COMMANDS] = {argv + 2};
	int rounds = argc > 1 ? atoi(argv[1]) : 0;
	for (int i = 2; i < argc && !commands[1]; i++)
		if (!strcmp(argv[i], "--")) {
			argv[i] = NULL;
			commands[1] = argv + i + 1;
		}
	double *times[COMMANDS];
	for (int c = 0; c < COMMANDS; c++)
		times[c] = calloc((size_t)rounds + 1, sizeof **times);
	if (rounds < 1 || !commands[1] || !times[0] || !times[1])
		return 2;
	for (int i = 0; i < rounds; i++)
		for (int c = 0; c < COMMANDS; c++)
			if ((times[c][i] = measure(commands[c])) < 0) {
				fprintf(stderr, "ready: %s is not ready\n", *commands[c]);
				return 1;
			}
	for (int c = 0; c < COMMANDS; c++) {
		qsort(times[c], (size_t)rounds, sizeof **times, by_value);
		printf("%.0f %.0f%c", times[c][rounds / 2],
			times[c][rounds * 3 / 4] - times[c][rounds / 4], c ? '\n' : ' ');
	}
	return 0;
}
