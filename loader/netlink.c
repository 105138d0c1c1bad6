/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "netlink.h"

#include "../elf/span.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* struct nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 port. */
enum {
	HEADER = 16,
	AT_TYPE = 4,
	AT_FLAGS = 6,
	AT_SEQUENCE = 8,
	TYPE_ERROR = 2,
	FLAG_REQUEST = 1,
	FLAG_ACK = 4,
	SEQUENCE = 1,
	MESSAGE_MAX = 4096,
};

/* The answer to our one question: an error message whose number is 0 when all is well. */
static long read_ack(int fd)
{
	uint8_t answer[MESSAGE_MAX];
	ssize_t n;
	do
		n = recv(fd, answer, sizeof answer, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	struct span s = {answer, (size_t)n, host_is_big()};
	if (!span_has(s, 0, HEADER + 4) || span_u16(s, AT_TYPE) != TYPE_ERROR ||
		span_u32(s, AT_SEQUENCE) != SEQUENCE)
		return -EBADMSG;
	return span_s32(s, HEADER);
}

long netlink_ask(const uint8_t *message, size_t size, int family)
{
	uint8_t copy[MESSAGE_MAX];
	if (size < HEADER || size > sizeof copy)
		return -EMSGSIZE;
	memcpy(copy, message, size);
	uint64_t flags = bytes_get(copy + AT_FLAGS, 2, host_is_big()) | FLAG_REQUEST | FLAG_ACK;
	bytes_put(copy, 4, host_is_big(), size);
	bytes_put(copy + AT_FLAGS, 2, host_is_big(), flags);
	bytes_put(copy + AT_SEQUENCE, 4, host_is_big(), SEQUENCE);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family);
	if (fd < 0)
		return -errno;
	long r = send(fd, copy, size, 0) < 0 ? -errno : read_ack(fd);
	close(fd);
	return r;
}
