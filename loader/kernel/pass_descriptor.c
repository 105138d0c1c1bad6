/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "pass_descriptor.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* A control message with one file descriptor, aligned for its header. */
union descriptor_message {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

bool pass_descriptor(int socket, int fd, int error)
{
	union descriptor_message control = {.bytes = {0}};
	struct iovec io = {&error, sizeof error};
	struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1};
	if (fd >= 0) {
		m.msg_control = control.bytes;
		m.msg_controllen = sizeof control.bytes;
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(c), &fd, sizeof fd);
	}
	return sendmsg(socket, &m, MSG_NOSIGNAL) == sizeof error;
}

int passed_descriptor(int socket)
{
	union descriptor_message control;
	int error = 0, fd = -1;
	struct iovec io = {&error, sizeof error};
	struct msghdr m = {.msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof control.bytes};
	ssize_t n;
	do
		n = recvmsg(socket, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != sizeof error)
		return n < 0 ? -errno : -EIO;
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	if (error || !c || c->cmsg_type != SCM_RIGHTS)
		return error ? -error : -EIO;
	memcpy(&fd, CMSG_DATA(c), sizeof fd);
	return fd;
}
