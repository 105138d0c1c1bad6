/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "progress.h"

#include "elf/base/format.h"
#include "loader/kernel/sys.h"
#include "loader/show/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_ROOM = 72, SECOND_MS = 1000 };
#define CLEAR "\r\033[K"

static void say(const char *text)
{
	(void)!write(STDERR_FILENO, text, strlen(text));
}

/* Replaces the text by the next one; false: there will be no more. */
static bool hear(int from, char text[static TEXT_ROOM])
{
	ssize_t n = read(from, text, TEXT_ROOM - 1);
	text[n > 0 ? n : 0] = 0;
	return n > 0;
}

static _Noreturn void show(int from)
{
	char text[TEXT_ROOM] = "", line[2 * TEXT_ROOM];
	const uint64_t began = sys_now_ns();
	uint64_t seconds = 0;
	struct pollfd fd = {from, POLLIN, 0};
	for (;;) {
		uint64_t ms = (sys_now_ns() - began) / 1000000;
		if (ms / SECOND_MS > seconds) {
			seconds = ms / SECOND_MS;
			text_print(line, sizeof line, CLEAR "%s, %llu s", text,
				(unsigned long long)seconds);
			say(line);
		}
		if (poll(&fd, 1, (int)(SECOND_MS - ms % SECOND_MS)) > 0 && !hear(from, text))
			break;
	}
	if (seconds)
		say(CLEAR);
	_exit(EXIT_SUCCESS);
}

/* Signals of the terminal are for the parent, whose end closes the pipe. */
static void begin(struct progress *p)
{
	int ends[2];
	p->silent = !terminal_moves(stderr);
	if (p->silent || pipe2(ends, O_CLOEXEC | O_DIRECT /* one text a read */))
		return;
	p->child = fork();
	if (!p->child) {
		static const int signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
		for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
			signal(signals[i], SIG_IGN);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[1]);
		show(ends[0]);
	}
	close(ends[0]);
	p->pipe = ends[1];
	if (p->child < 0) {
		close(p->pipe);
		p->child = 0;
	}
}

void progress_tell(struct progress *p, const char *text)
{
	if (!p->child && !p->silent)
		begin(p);
	if (p->child)
		(void)!write(p->pipe, text, strlen(text));
}

void progress_end(struct progress *p)
{
	if (!p->child)
		return;
	close(p->pipe);
	while (waitpid(p->child, NULL, 0) < 0 && errno == EINTR)
		;
	p->child = 0;
}
