/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "netlink.h"

#include "../elf/span.h"

#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
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
	FLAG_ECHO = 8,
	SEQUENCE = 1,
	MESSAGE_MAX = 4096,
};

/* One datagram: an echo, whose number goes to *number, or the acknowledgement, which ends it. */
static bool read_answer(struct span s, size_t echo, int64_t *number)
{
	if (!span_has(s, 0, HEADER + 4) || span_u32(s, AT_SEQUENCE) != SEQUENCE) {
		*number = -EBADMSG;
		return false;
	}
	if (span_u16(s, AT_TYPE) != TYPE_ERROR) {
		*number = span_has(s, echo, 4) ? (int64_t)span_u32(s, echo) : -EBADMSG;
		return true;
	}
	int32_t error = span_s32(s, HEADER);
	if (error)
		*number = error < 0 ? error : -EBADMSG;
	return false;
}

static int64_t read_answers(int fd, size_t echo)
{
	uint8_t answer[MESSAGE_MAX];
	int64_t number = echo ? -EBADMSG : 0;
	bool more = true;
	while (more) {
		ssize_t n = recv(fd, answer, sizeof answer, 0);
		if (n >= 0)
			more = read_answer(
				(struct span){answer, (size_t)n, host_is_big()}, echo, &number);
		else if (errno != EINTR)
			return -errno;
	}
	return number;
}

int64_t netlink_ask(const uint8_t *message, size_t size, int family, size_t echo)
{
	uint8_t copy[MESSAGE_MAX];
	if (size < HEADER || size > sizeof copy)
		return -EMSGSIZE;
	memcpy(copy, message, size);
	uint64_t flags = bytes_get(copy + AT_FLAGS, 2, host_is_big()) | FLAG_REQUEST | FLAG_ACK |
	                 (echo ? FLAG_ECHO : 0);
	bytes_put(copy, 4, host_is_big(), size);
	bytes_put(copy + AT_FLAGS, 2, host_is_big(), flags);
	bytes_put(copy + AT_SEQUENCE, 4, host_is_big(), SEQUENCE);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family);
	if (fd < 0)
		return -errno;
	int64_t r = send(fd, copy, size, 0) < 0 ? -errno : read_answers(fd, echo);
	close(fd);
	return r;
}

long netlink_ifindex(const char *name)
{
	unsigned number = if_nametoindex(name);
	return number ? (long)number : errno ? -errno : -ENODEV;
}

char *netlink_interfaces(char *buf, size_t size)
{
	struct if_nameindex *all = if_nameindex();
	size_t n = 0;
	buf[0] = 0;
	for (struct if_nameindex *i = all; i && i->if_index && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s", n ? ", " : "", i->if_name);
	if (all)
		if_freenameindex(all);
	return buf;
}
