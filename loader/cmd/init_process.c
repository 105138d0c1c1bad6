/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "init_process.h"
#include "init_recorder.h"

#include "elf/base/format.h"
#include "loader/boot/kernel_log.h"
#include "loader/boot/next_init.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_ROOM = 1024 };

/* The child that records, as long as process 1 waits for it. */
struct starting {
	pid_t pid;
	int messages, ready; /* pipes from it */
	char line[LINE_ROOM];
	size_t n; /* bytes in line */
};

static void write_log(enum kernel_log_level level, const char *text)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int log = root < 0 ? -1 : kernel_log_open(root, true);
	kernel_log(log, level, text);
	if (log >= 0)
		close(log);
	if (root >= 0)
		close(root);
}

/* The labels of messages (cmd.h), and how they are told in the kernel's log. */
static const struct {
	const char *label, *prefix;
	enum kernel_log_level level;
} labels[] = {
	{"sonde: ", "", KERNEL_LOG_ERROR},
	{"sonde init: ", "", KERNEL_LOG_ERROR},
	{"hint: ", "hint: ", KERNEL_LOG_WARNING},
	{"note: ", "", KERNEL_LOG_INFO},
};

/* Passes on a line of a message. */
static void tell_line(const struct init_args *a, const char *line)
{
	char text[LINE_ROOM];
	enum kernel_log_level level = KERNEL_LOG_WARNING;
	const char *prefix = "";
	if (!a->first) {
		int n = text_print(text, sizeof text, "%s\n", line);
		(void)!write(
			STDERR_FILENO, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
		return;
	}
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		size_t n = strlen(labels[i].label);
		if (!strncmp(line, labels[i].label, n)) {
			line += n;
			prefix = labels[i].prefix;
			level = labels[i].level;
			break;
		}
	}
	text_print(text, sizeof text, "%s%s", prefix, line);
	write_log(level, text);
}

void init_say(const struct init_args *a, const char *label, const char *text)
{
	char line[LINE_ROOM];
	if (!a->first) {
		cmd_say(label, text);
		return;
	}
	text_print(line, sizeof line, "%s: %s", label, text);
	tell_line(a, line);
}

static void say_error(const struct init_args *a, const char *what, int error)
{
	char text[200];
	text_print(text, sizeof text, "%s: %s", what, strerror(error));
	init_say(a, "sonde", text);
}

/* ---- the recorder ---- */

static _Noreturn void be_recorder(const struct init_args *a, int messages, int ready)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(messages, fd);
	close(messages);
	_exit(init_recorder(a, ready));
}

static bool start(struct starting *s, const struct init_args *a)
{
	int messages[2], ready[2];
	if (pipe2(messages, O_CLOEXEC)) {
		say_error(a, "pipe", errno);
		return false;
	}
	if (pipe2(ready, O_CLOEXEC)) {
		say_error(a, "pipe", errno);
		close(messages[0]);
		close(messages[1]);
		return false;
	}
	*s = (struct starting){.messages = messages[0], .ready = ready[0]};
	s->pid = fork();
	if (!s->pid) {
		close(messages[0]);
		close(ready[0]);
		be_recorder(a, messages[1], ready[1]);
	}
	int error = errno;
	close(messages[1]);
	close(ready[1]);
	if (s->pid < 0) {
		say_error(a, "fork", error);
		close(messages[0]);
		close(ready[0]);
	}
	return s->pid > 0;
}

/* Reads messages and tells the lines that are complete. False at their end. */
static bool relay(struct starting *s, const struct init_args *a)
{
	char *end;
	ssize_t n = read(s->messages, s->line + s->n, sizeof s->line - 1 - s->n);
	s->n += n > 0 ? (size_t)n : 0;
	s->line[s->n] = 0;
	while ((end = memchr(s->line, '\n', s->n)) || s->n == sizeof s->line - 1) {
		size_t used = end ? (size_t)(end - s->line) + 1 : s->n;
		if (end)
			*end = 0;
		tell_line(a, s->line);
		memmove(s->line, s->line + used, s->n - used);
		s->n -= used;
	}
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Waits until everything is attached, the child has ended, or it has taken too long. False if it has ended. */
static bool wait_ready(struct starting *s, const struct init_args *a)
{
	uint64_t end = sys_now_ns() + a->wait_ms * UINT64_C(1000000), now;
	bool open = true;
	char byte;
	while (open && (now = sys_now_ns()) < end) {
		struct pollfd messages = {s->messages, POLLIN, 0};
		poll(&messages, 1, (int)((end - now) / 1000000) + 1);
		if (messages.revents)
			open = relay(s, a); /* it closes them when it is ready, or ends */
	}
	bool alive = open || read(s->ready, &byte, 1) == 1;
	if (open)
		init_say(a, "sonde",
			"the recorder is not ready in time (--wait); the boot goes on meanwhile");
	close(s->messages);
	close(s->ready);
	if (!alive)
		waitpid(s->pid, NULL, 0);
	return alive;
}

/* ---- process 1 ---- */

static void not_executed(void *ctx, const char *path, int error)
{
	say_error(ctx, path, error);
}

int init_process(const struct init_args *a)
{
	struct starting s;
	if (a->first && a->refused)
		init_say(a, "sonde", "wrong options: see the console, and sonde init --help");
	bool recording = !a->refused && start(&s, a) && wait_ready(&s, a);
	if (!a->first && !a->command)
		return recording ? cmd_finish() : EXIT_REFUSED;
	if (!recording)
		init_say(a, "note", "nothing is recorded; the boot goes on");
	const struct next_init next = {.only_command = !a->first,
		.command = a->command,
		.arguments = a->arguments,
		.words = &a->words,
		.failed = not_executed,
		.ctx = (void *)(uintptr_t)a};
	next_init(&next);
	if (a->first)
		init_say(a, "sonde", "no init can be executed: sonde.init= names one");
	return EXIT_REFUSED;
}
