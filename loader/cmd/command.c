/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "command.h"
#include "cmd.h"
#include "stop.h"

#include "elf/base/format.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_EXECUTED = 127, TRIES = 20, WAIT_US = 10000 };

static _Noreturn void become(char **argv, int go, int failed)
{
	char byte;
	signal(SIGPIPE, SIG_DFL); /* which sonde ignores */
	if (read(go, &byte, 1) != 1)
		_exit(EXIT_FAILURE); /* sonde has ended */
	execvp(*argv, argv);
	int no = errno;
	(void)!write(failed, &no, sizeof no);
	_exit(NOT_EXECUTED);
}

char **command_take(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++)
		if (!strcmp(argv[i], "--")) {
			*argc = i;
			argv[i] = NULL;
			return argv + i + 1;
		}
	return NULL;
}

bool command_prepare(struct command *c, char **argv, int private_fd, struct err *e)
{
	int go[2], failed[2];
	*c = (struct command){.argv = argv, .process = -1, .go = -1, .failed = -1};
	if (!argv)
		return true;
	if (pipe2(go, O_CLOEXEC))
		return err_sys(e, errno, "pipe for the command");
	if (pipe2(failed, O_CLOEXEC)) {
		close(go[0]);
		close(go[1]);
		return err_sys(e, errno, "pipe for the command");
	}
	c->pid = fork();
	if (!c->pid) {
		close(go[1]);
		if (private_fd >= 0)
			fcntl(private_fd, F_SETFD, FD_CLOEXEC);
		become(argv, go[0], failed[1]);
	}
	int no = errno;
	close(go[0]);
	close(failed[1]);
	c->go = go[1];
	c->failed = failed[0];
	return c->pid > 0 || err_sys(e, no, "fork for the command");
}

bool command_follow(struct command *c, pid_t pid, struct err *e)
{
	*c = (struct command){.pid = pid, .process = (int)syscall(SYS_pidfd_open, pid, 0)};
	if (c->process >= 0 || errno == ENOSYS)
		return true;
	if (errno == ESRCH)
		return err_set(e, "--pid %d: there is no such process", (int)pid);
	return err_sys(e, errno, "--pid %d", (int)pid);
}

bool command_go(struct command *c, struct err *e)
{
	int no = 0;
	if (!c->argv)
		return true;
	stop_with_children();
	(void)!write(c->go, "", 1); /* a child that is gone ends the run */
	ssize_t n;
	while ((n = read(c->failed, &no, sizeof no)) < 0 && errno == EINTR)
		;
	return n != sizeof no || err_sys(e, no, "%s", *c->argv);
}

int command_finish(struct command *c, int status)
{
	int how;
	if (!c->argv) {
		if (c->process >= 0)
			close(c->process);
		return status;
	}
	close(c->go);
	close(c->failed);
	if (c->pid <= 0 || status != EXIT_OK)
		return status;
	pid_t ended;
	/* Ctrl-C ends it, too, at about the same time. */
	for (int tries = 0; !(ended = waitpid(c->pid, &how, WNOHANG)); tries++) {
		if (!stop_requested() || tries == TRIES)
			break;
		usleep(WAIT_US);
	}
	if (ended == c->pid)
		return WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
	char text[200];
	text_print(text, sizeof text, "%s goes on as process %d", *c->argv, (int)c->pid);
	cmd_say("note", text);
	return status;
}
