/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What is probed in a test machine: functions and USDT with known arguments.
 *
 *   probed COUNT    waits for a line on stdin, then COUNT times, for i = 0, 1, ...:
 *                   given(4242 + i, "text I"), which returns -2 * (4242 + i);
 *                   many_a(i) and many_b(i), which return i + 1 and i + 2;
 *                   the probes app:plain, at two places, and app:watched, if anybody watches.
 *                   Prints "SEMAPHORE SENT", the counter and how often app:watched was passed
 */
#include <stdio.h>
#include <stdlib.h>

/* ---- <sys/sdt.h> in small: a nop, and a note that says where it is and where the arguments are
 * ---- */

#if defined __s390__
#define NOP "nop 0"
#else
#define NOP "nop"
#endif
#define WORD_OF(size)  WORD_OF_(size)
#define WORD_OF_(size) "." #size "byte "
#define WORD           WORD_OF(__SIZEOF_POINTER__)
#if __SIZEOF_POINTER__ == 8
#define POINTER "8"
#else
#define POINTER "4"
#endif
/* How assemblers write a constant. */
#if defined __x86_64__ || defined __i386__
#define MARK "$"
#elif defined __arm__
#define MARK "#"
#else
#define MARK ""
#endif
#define PROBE(name, semaphore, args, ...)                                                          \
	__asm__ volatile("990: " NOP "\n"                                                          \
			 ".pushsection .note.stapsdt, \"\", \"note\"\n"                            \
			 ".balign 4\n"                                                             \
			 ".4byte 992f - 991f, 994f - 993f, 3\n"                                    \
			 "991: .asciz \"stapsdt\"\n"                                               \
			 "992: .balign 4\n"                                                        \
			 "993: " WORD "990b\n" WORD "_.stapsdt.base\n" WORD semaphore "\n"         \
			 ".asciz \"app\"\n"                                                        \
			 ".asciz \"" name "\"\n"                                                   \
			 ".asciz \"" args "\"\n"                                                   \
			 "994: .balign 4\n"                                                        \
			 ".popsection\n" ::__VA_ARGS__)

__asm__(".pushsection .stapsdt.base, \"a\"\n"
	".globl _.stapsdt.base\n"
	".hidden _.stapsdt.base\n"
	"_.stapsdt.base: .space 1\n"
	".popsection\n");

__attribute__((section(".probes"), used)) volatile unsigned short semaphore;

/* ---- what can be seen ---- */

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

/* Once with everything in registers, once with it in memory. */
__attribute__((noinline)) static void plain(int n, const char *text, short s)
{
	int in_memory = n;
	const char *volatile pointer = text;
	PROBE("plain", "0", "-4@%0 " POINTER "@%1 -2@%2 -4@" MARK "-7", "r"(n), "r"(text),
		"r"((int)s));
	PROBE("plain", "0", "-4@%0 " POINTER "@%1 -2@%2 -4@" MARK "-8", "m"(in_memory),
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
			PROBE("watched", "semaphore", "-4@%0", "r"(i));
			sent++;
		}
	}
	printf("%d %d\n", semaphore, sent);
	return 0;
}
