/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "netlink.h"

#include "elf/base/number.h"
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
	NAME_MAX_IOCTL = 15, /* longer names are alternative ones */
	DUMP_MAX = 32768,    /* the kernel's limit for a datagram of a dump */
	REPLY_MAX = 16384,   /* enough for an interface with many virtual functions */
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
	int error = 0;
	bool more = true;
	r->result = r->echo || r->message ? -EBADMSG : 0;
	while (more) {
		ssize_t n = recv(fd, datagram, sizeof datagram, error ? MSG_DONTWAIT : 0);
		if (n >= 0)
			more = read_reply((struct span){datagram, (size_t)n, host_is_big()}, r);
		else if (errno != EINTR && error)
			return -error;
		else if (errno != EINTR)
			error = errno; /* the acknowledgement may still come */
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
	ssize_t sent;
	do
		sent = send(fd, copy, size, 0);
	while (sent < 0 && errno == EINTR);
	int64_t result = sent < 0 ? -errno : read_replies(fd, r);
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

struct span netlink_attribute(struct span s, uint64_t at, uint16_t type)
{
	while (span_has(s, at, NLA_HEADER)) {
		uint16_t n = span_u16(s, at);
		if (n < NLA_HEADER || !span_has(s, at, n))
			break;
		if ((span_u16(s, at + 2) & ~NLA_F_NESTED) == type)
			return span_sub(s, at + NLA_HEADER, n - NLA_HEADER);
		at += (n + 3u) & ~3u;
	}
	return (struct span){.big = s.big};
}

/* Passes the messages of a datagram to fn. Returns 1 if there are more datagrams, 0, or -errno. */
static int64_t read_messages(struct span s, netlink_fn fn, void *ctx)
{
	for (uint64_t at = 0; span_has(s, at, NLMSG_HEADER);) {
		uint32_t n = span_u32(s, at);
		uint16_t type = span_u16(s, at + NLMSG_TYPE);
		if (n < NLMSG_HEADER || !span_has(s, at, n))
			return -EBADMSG;
		if (type == NLMSG_DONE)
			return 0;
		if (type == NLMSG_ERROR)
			return n >= NLMSG_HEADER + 4 && span_s32(s, at + NLMSG_HEADER) < 0
			               ? span_s32(s, at + NLMSG_HEADER)
			               : -EBADMSG;
		if (!fn(ctx, span_sub(s, at + NLMSG_HEADER, n - NLMSG_HEADER)))
			return -ENOMEM;
		at += (n + 3u) & ~3u;
	}
	return 1;
}

/* The size of the header of a request; more than that is an attribute to the kernel, and a line in its log. */
static size_t header_of(uint16_t type)
{
	return type == RTM_GETLINK ? IFINFO_SIZE : type == RTM_GETROUTE ? RTMSG_SIZE : TCMSG_SIZE;
}

int64_t netlink_dump(
	uint16_t type, const uint8_t header[static NETLINK_DUMP_PAYLOAD], netlink_fn fn, void *ctx)
{
	uint8_t datagram[DUMP_MAX], request[NLMSG_HEADER + NETLINK_DUMP_PAYLOAD] = {0};
	size_t size = header_of(type);
	bytes_put(request, 4, host_is_big(), NLMSG_HEADER + size);
	bytes_put(request + NLMSG_TYPE, 2, host_is_big(), type);
	bytes_put(request + NLMSG_FLAGS, 2, host_is_big(), NLM_F_REQUEST | NLM_F_DUMP);
	bytes_put(request + NLMSG_SEQUENCE, 4, host_is_big(), SEQUENCE);
	memcpy(request + NLMSG_HEADER, header, size);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd < 0)
		return -errno;
	int64_t r = send(fd, request, NLMSG_HEADER + size, 0) < 0 ? -errno : 1;
	while (r == 1) {
		ssize_t n = recv(fd, datagram, sizeof datagram, MSG_TRUNC);
		if (n > (ssize_t)sizeof datagram)
			r = -EMSGSIZE;
		else if (n >= 0)
			r = read_messages(
				(struct span){datagram, (size_t)n, host_is_big()}, fn, ctx);
		else if (errno != EINTR)
			r = -errno;
	}
	close(fd);
	return r;
}

/* Names longer than those of ioctl() are alternative names (5.5). */
static long index_of_long_name(const char *name, size_t n)
{
	uint8_t get[NLMSG_HEADER + IFINFO_SIZE + NLA_HEADER + NETLINK_NAME_MAX + 4] = {0};
	uint8_t reply[REPLY_MAX], *attr = get + NLMSG_HEADER + IFINFO_SIZE;
	bytes_put(get + NLMSG_TYPE, 2, host_is_big(), RTM_GETLINK);
	bytes_put(attr, 2, host_is_big(), NLA_HEADER + n + 1);
	bytes_put(attr + 2, 2, host_is_big(), IFLA_ALT_IFNAME);
	memcpy(attr + NLA_HEADER, name, n);
	size_t size = (size_t)(attr - get) + NLA_HEADER + ((n + 4) & ~(size_t)3);
	int64_t r = netlink_get(get, size, NETLINK_ROUTE, reply, sizeof reply);
	struct span s = {reply, r < 0 ? 0 : (size_t)r, host_is_big()};
	if (r == -EINVAL) /* before 5.5 */
		return -ENODEV;
	return r < 0 ? (long)r : (long)span_u32(s, NLMSG_HEADER + IFINFO_INDEX);
}

/* The index that a text of digits names, if there is such an interface. */
static long same_index(const char *digits)
{
	char ignored[IF_NAMESIZE];
	unsigned long index = text_ulong(digits, NULL, 10);
	return index <= INT32_MAX && if_indextoname((unsigned)index, ignored) ? (long)index
	                                                                      : -ENODEV;
}

long netlink_ifindex(const char *name)
{
	size_t n = strlen(name);
	if (n > NAME_MAX_IOCTL)
		return n > NETLINK_NAME_MAX ? -ENODEV : index_of_long_name(name, n);
	unsigned number = if_nametoindex(name);
	long r = number ? (long)number : errno ? -errno : -ENODEV;
	return r == -ENODEV && n && !name[strspn(name, "0123456789")] ? same_index(name) : r;
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
