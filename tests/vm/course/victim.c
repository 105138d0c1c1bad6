/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The program traced by the course's lessons on user space. It imitates a program of the reader's
 * own, a MariaDB server, Python, and a TLS client. Each verb prints "pid N", waits for a line on
 * stdin, and then:
 *
 *   victim own    calls my_function(4242, "text 0"), (4243, "text 1"), (4244, "text 2")
 *   victim sql    calls mysql_parse() with a 300-byte query "select xxx...", which takes 1 s, and
 *                 with "select 1"; neither is NUL-terminated
 *   victim call   fires the USDT probe python:function__entry while its semaphore is set: f0 at
 *                 line 10 of app.py, f1 at line 11. Prints "watched N", the semaphore
 *   victim tls    calls SSL_write() with "secret" and SSL_read() twice; the first returns nothing,
 *                 the second "answer"
 */
#include "../guest/sdt.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* From libssl.c, linked statically or as a library. */
int SSL_write(void *ssl, const void *text, int size);
int SSL_read(void *ssl, void *buffer, int size);

int my_function(int number, const char *text);
__attribute__((noinline)) int my_function(int number, const char *text)
{
	__asm__ volatile("" ::"r"(text) : "memory");
	return -number;
}

static int own(void)
{
	char text[] = "text 0";
	for (int i = 0; i < 3; i++, text[5]++)
		if (my_function(4242 + i, text) != -4242 - i)
			return 1;
	return 0;
}

/* With the mangled C++ name. */
void mysql_parse(void *session, const char *text, unsigned size, void *state) __asm__(
	"_Z11mysql_parseP3THDPcjP12Parser_state");
__attribute__((noinline)) void mysql_parse(
	void *session, const char *text, unsigned size, void *state)
{
	struct timespec t = {size > 100, 0};
	__asm__ volatile("" ::"r"(session), "r"(text), "r"(state) : "memory");
	nanosleep(&t, NULL);
}

static int sql(void)
{
	char text[400];
	memset(text, 'x', sizeof text);
	memcpy(text, "select ", 7);
	mysql_parse(text, text, 300, text);
	memcpy(text, "select 1", 8);
	mysql_parse(text, text, 8, text);
	return 0;
}

static int call(void)
{
	char function[] = "f0", file[] = "app.py";
	for (int line = 10; semaphore && line < 12; line++, function[1]++)
		PROBE("python", "function__entry", "semaphore", POINTER "@%0 " POINTER "@%1 -4@%2",
			"r"(file), "r"(function), "r"(line));
	printf("watched %d\n", semaphore);
	return 0;
}

static int tls(void)
{
	char buffer[64] = "secret";
	if (SSL_write(NULL, buffer, 6) != 6 || SSL_read(NULL, buffer, 0) != -1)
		return 1;
	return SSL_read(NULL, buffer, sizeof buffer) != 6;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*act)(void);
	} verbs[] = {{"own", own}, {"sql", sql}, {"call", call}, {"tls", tls}};
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("pid %d\n", (int)getpid());
	for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
		if (!strcmp(argv[1], verbs[i].name))
			return getchar() == EOF || verbs[i].act();
	fprintf(stderr, "victim: wrong usage, see the top of victim.c\n");
	return 2;
}
