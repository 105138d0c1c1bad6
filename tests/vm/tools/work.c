/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Generates the events that the course's tools observe, in functions with telling names. Prints
 * "pid N" first.
 *
 *   work spin SECONDS        computes in spin_here(), called by call_spin()
 *   work sleep COUNT         sleeps 50 ms in sleep_here(), COUNT times
 *   work leak COUNT BYTES    waits for a line, allocates BYTES in leak_here() COUNT times, frees
 *                            every other one, and waits for another line
 *   work connect PORT        connects to a closed port at 127.0.0.1 and at ::1
 *   work write BYTES FILE    writes to a disk with O_DIRECT, 4096 bytes at a time
 *   work open COUNT FILE     openat(2) and close(2), COUNT times
 *   work tty COMMAND...      runs COMMAND on a terminal of 80 columns and prints its output
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define APART __attribute__((noinline, noclone))

static volatile unsigned long sink;

/* A leaf function often has no frame, whatever the compiler flags; __builtin_frame_address() forces
 * one. The statement after each call prevents a tail call. */
APART static void spin_here(void)
{
	sink += (unsigned long)__builtin_frame_address(0);
	for (unsigned long i = 0; i < 200000; i++)
		sink += i;
}

APART static void call_spin(void)
{
	spin_here();
	sink++;
}

/* The C library's nanosleep() has no frame, so its direct caller is missing from the stack. */
APART static void nap(void)
{
	struct timespec t = {0, 50000000};
	nanosleep(&t, NULL);
	sink++;
}

APART static void sleep_here(void)
{
	nap();
	sink++;
}

APART static void *leak_here(size_t bytes)
{
	void *p = malloc(bytes);
	sink++;
	return p;
}

static void wait_for_line(void)
{
	char c = 0;
	while (c != '\n' && read(STDIN_FILENO, &c, 1) == 1)
		;
}

static int spin(char **a)
{
	time_t end = time(NULL) + atoi(a[0]);
	while (time(NULL) < end)
		call_spin();
	return 0;
}

static int naps(char **a)
{
	for (int i = atoi(a[0]); i; i--)
		sleep_here();
	return 0;
}

static int leak(char **a)
{
	wait_for_line();
	for (int i = 0; i < atoi(a[0]); i++) {
		void *p = leak_here((size_t)atol(a[1]));
		if (i % 2)
			free(p);
	}
	(void)!write(STDOUT_FILENO, "leaked\n", 7);
	wait_for_line();
	return 0;
}

static int connects(char **a)
{
	in_port_t port = htons((in_port_t)atoi(a[0]));
	struct sockaddr_in v4 = {
		.sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6, .sin6_port = port, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int four = socket(AF_INET, SOCK_STREAM, 0), six = socket(AF_INET6, SOCK_STREAM, 0);
	return !connect(four, (struct sockaddr *)&v4, sizeof v4) ||
	       !connect(six, (struct sockaddr *)&v6, sizeof v6);
}

static int writes(char **a)
{
	static char block[4096] __attribute__((aligned(4096)));
	int fd = open(a[1], O_WRONLY | O_DIRECT);
	for (long left = atol(a[0]); left > 0; left -= (long)sizeof block)
		if (write(fd, block, sizeof block) != sizeof block)
			return 1;
	return 0;
}

static int opens(char **a)
{
	for (int i = atoi(a[0]); i; i--)
		close(open(a[1], O_RDONLY));
	return 0;
}

static int on_tty(char **a)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	char text[4096];
	int terminal, status = 1;
	ssize_t n;
	pid_t child = forkpty(&terminal, NULL, NULL, &size);
	if (!child) {
		execvp(a[0], a);
		_exit(127);
	}
	while ((n = read(terminal, text, sizeof text)) > 0)
		if (write(STDOUT_FILENO, text, (size_t)n) != n)
			return 1;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(char **a);
		int args;
	} verbs[] = {{"spin", spin, 1}, {"sleep", naps, 1}, {"leak", leak, 2},
		{"connect", connects, 1}, {"write", writes, 2}, {"open", opens, 2},
		{"tty", on_tty, 1}};
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (argc < 2 || strcmp(argv[1], verbs[i].name) || argc < 2 + verbs[i].args)
			continue;
		if (verbs[i].run != on_tty) {
			printf("pid %d\n", (int)getpid());
			fflush(stdout);
		}
		return verbs[i].run(argv + 2);
	}
	return 2;
}
