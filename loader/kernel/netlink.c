/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "netlink.h"

#include "elf/base/text.h"
#include "elf/base/netlink_abi.h"
#include "elf/base/span.h"

#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	SEQUENCE = 1,
	MESSAGE_MAX = 4096,
	REPLY_MAX = 16384, /* enough for an interface with many virtual functions */
};

/* What to extract from the messages that precede the acknowledgement. */
struct reply {
	size_t echo;      /* offset of a number; 0: none */
	uint8_t *message; /* buffer for the whole message, or NULL */
	size_t room;
	int64_t result;
};

static void take(struct reply *r, struct span s)
{
	if (r->message && s.n <= r->room) {
		memcpy(r->message, s.p, s.n);
		r->result = (int64_t)s.n;
	} else {
		bool number = !r->message && span_has(s, r->echo, 4);
		r->result = number ? (int64_t)span_u32(s, r->echo) : -EBADMSG;
	}
}

/* Reads a datagram: a reply, or the acknowledgement, after which there are no more. */
static bool read_reply(struct span s, struct reply *r)
{
	if (!span_has(s, 0, NLMSG_HEADER + 4) || span_u32(s, NLMSG_SEQUENCE) != SEQUENCE) {
		r->result = -EBADMSG;
		return false;
	}
	if (span_u16(s, NLMSG_TYPE) != NLMSG_ERROR) {
		take(r, s);
		return true;
	}
	int32_t error = span_s32(s, NLMSG_HEADER);
	if (error)
		r->result = error < 0 ? error : -EBADMSG;
	return false;
}

static int64_t read_replies(int fd, struct reply *r)
{
	uint8_t datagram[REPLY_MAX];
	bool more = true;
	r->result = r->echo || r->message ? -EBADMSG : 0;
	while (more) {
		ssize_t n = recv(fd, datagram, sizeof datagram, 0);
		if (n >= 0)
			more = read_reply((struct span){datagram, (size_t)n, host_is_big()}, r);
		else if (errno != EINTR)
			return -errno;
	}
	return r->result;
}

static int64_t exchange(const uint8_t *message, size_t size, int family, struct reply *r)
{
	uint8_t copy[MESSAGE_MAX];
	if (size < NLMSG_HEADER || size > sizeof copy)
		return -EMSGSIZE;
	memcpy(copy, message, size);
	uint64_t flags = bytes_get(copy + NLMSG_FLAGS, 2, host_is_big()) | NLM_F_REQUEST |
	                 NLM_F_ACK | (r->echo ? NLM_F_ECHO : 0);
	bytes_put(copy, 4, host_is_big(), size);
	bytes_put(copy + NLMSG_FLAGS, 2, host_is_big(), flags);
	bytes_put(copy + NLMSG_SEQUENCE, 4, host_is_big(), SEQUENCE);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family);
	if (fd < 0)
		return -errno;
	int64_t result = send(fd, copy, size, 0) < 0 ? -errno : read_replies(fd, r);
	close(fd);
	return result;
}

int64_t netlink_request(const uint8_t *message, size_t size, int family, size_t echo)
{
	return exchange(message, size, family, &(struct reply){.echo = echo});
}

int64_t netlink_get(const uint8_t *message, size_t size, int family, uint8_t *reply, size_t room)
{
	return exchange(message, size, family, &(struct reply){.message = reply, .room = room});
}

long netlink_ifindex(const char *name)
{
	unsigned number = if_nametoindex(name);
	return number ? (long)number : errno ? -errno : -ENODEV;
}

char *netlink_interfaces(char *buf, size_t size)
{
	struct if_nameindex *all = if_nameindex();
	buf[0] = 0;
	for (struct if_nameindex *i = all; i && i->if_index; i++)
		text_list(buf, size, "%s", i->if_name);
	if (all)
		if_freenameindex(all);
	return buf;
}
