/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "handover.h"

#include "loader/kernel/pass_descriptor.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The first byte is 0. */
static const char name[] = "\0sonde-init";

static socklen_t address(struct sockaddr_un *a)
{
	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(a->sun_path, name, sizeof name - 1);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof name - 1);
}

static int fail(int fd, struct err *e, const char *what)
{
	int no = errno;
	if (fd >= 0)
		close(fd);
	err_sys(e, no, "%s", what);
	return -1;
}

/* Fails with an errno that says less than the text. */
static int fail_plainly(int fd, struct err *e, const char *what)
{
	int no = errno;
	close(fd);
	err_set(e, "%s", what);
	e->no = no;
	return -1;
}

int handover_listen(struct err *e)
{
	struct sockaddr_un a;
	socklen_t n = address(&a);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fail(fd, e, "socket for collecting");
	if (!bind(fd, (struct sockaddr *)&a, n) && !listen(fd, 1))
		return fd;
	if (errno != EADDRINUSE)
		return fail(fd, e, "socket for collecting");
	fail_plainly(fd, e, "a recorder is running");
	err_hint(e, "sonde init --collect ends it and prints what it has recorded");
	return -1;
}

/* Of the process at the other end, as of when it connected. */
static bool is_root(int fd)
{
	struct ucred who;
	socklen_t n = sizeof who;
	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) && who.uid == 0;
}

int handover_accept(int listening)
{
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0 || is_root(fd))
		return fd;
	close(fd);
	return -1;
}

int handover_collect(struct err *e)
{
	struct sockaddr_un a;
	socklen_t n = address(&a);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail(fd, e, "socket for collecting");
	if (connect(fd, (struct sockaddr *)&a, n))
		return fail_plainly(fd, e, "no recorder is running");
	int recording = is_root(fd) ? passed_descriptor(fd) : -EPERM;
	char end;
	while (recording >= 0 && read(fd, &end, 1) < 0 && errno == EINTR)
		; /* it ends when the recorder does */
	close(fd);
	if (recording < 0)
		err_sys(e, recording == -EIO ? EPERM : -recording, "the recorder passed nothing");
	return recording < 0 ? -1 : recording;
}
