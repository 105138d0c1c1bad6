/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The traced program of the uprobe tests: functions and USDT probes with known arguments.
 *
 *   probed COUNT    waits for a line on stdin, then COUNT times, for i = 0, 1, ..., calls
 *                   given(4242 + i, "text I"), which returns -2 * (4242 + i),
 *                   many_a(i) and many_b(i), which return i + 1 and i + 2, and fires the USDT
 *                   probes app:plain, at two locations, and app:watched, if its semaphore is set.
 *                   Prints "SEMAPHORE SENT": its value, and how often app:watched fired
 */
#include "sdt.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- functions and probes ---- */

__attribute__((noinline)) long given(long n, const char *text)
{
	__asm__ volatile("" ::"r"(text) : "memory");
	return -2 * n;
}

__attribute__((noinline)) int many_a(int n)
{
	__asm__ volatile("" ::: "memory");
	return n + 1;
}

__attribute__((noinline)) int many_b(int n)
{
	__asm__ volatile("" ::: "memory");
	return n + 2;
}

/* One location has its arguments in registers, the other in memory. */
__attribute__((noinline)) static void plain(int n, const char *text, short s)
{
	int in_memory = n;
	const char *volatile pointer = text;
	PROBE("app", "plain", "0", "-4@%0 " POINTER "@%1 -2@%2 -4@" MARK "-7", "r"(n), "r"(text),
		"r"((int)s));
	PROBE("app", "plain", "0", "-4@%0 " POINTER "@%1 -2@%2 -4@" MARK "-8", "m"(in_memory),
		"m"(pointer), "r"((int)s));
}

int main(int argc, char **argv)
{
	char text[16];
	int count = argc > 1 ? atoi(argv[1]) : 1, sent = 0;
	if (getchar() == EOF)
		return 1;
	for (int i = 0; i < count; i++) {
		snprintf(text, sizeof text, "text %d", i);
		if (given(4242 + i, text) != -2 * (4242 + i) || many_a(i) != i + 1 ||
			many_b(i) != i + 2)
			return 1;
		plain(-5 - i, text, (short)(-300 - i));
		if (semaphore) {
			PROBE("app", "watched", "semaphore", "-4@%0", "r"(i));
			sent++;
		}
	}
	printf("%d %d\n", semaphore, sent);
	return 0;
}
