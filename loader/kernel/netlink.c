/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "netlink.h"

#include "elf/base/text.h"
#include "elf/base/span.h"

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
	ANSWER_MAX = 16384, /* about an interface with many functions */
};

/* What is wanted of the messages in front of the acknowledgement, and the result so far. */
struct wanted {
	size_t echo;     /* where a number stands, 0: none */
	uint8_t *answer; /* takes a whole message; NULL: none */
	size_t room;
	int64_t result;
};

static void take(struct wanted *w, struct span s)
{
	if (w->answer && s.n <= w->room) {
		memcpy(w->answer, s.p, s.n);
		w->result = (int64_t)s.n;
	} else {
		bool number = !w->answer && span_has(s, w->echo, 4);
		w->result = number ? (int64_t)span_u32(s, w->echo) : -EBADMSG;
	}
}

/* One datagram: an answer, or the acknowledgement, which ends it. */
static bool read_answer(struct span s, struct wanted *w)
{
	if (!span_has(s, 0, HEADER + 4) || span_u32(s, AT_SEQUENCE) != SEQUENCE) {
		w->result = -EBADMSG;
		return false;
	}
	if (span_u16(s, AT_TYPE) != TYPE_ERROR) {
		take(w, s);
		return true;
	}
	int32_t error = span_s32(s, HEADER);
	if (error)
		w->result = error < 0 ? error : -EBADMSG;
	return false;
}

static int64_t read_answers(int fd, struct wanted *w)
{
	uint8_t answer[ANSWER_MAX];
	bool more = true;
	w->result = w->echo || w->answer ? -EBADMSG : 0;
	while (more) {
		ssize_t n = recv(fd, answer, sizeof answer, 0);
		if (n >= 0)
			more = read_answer((struct span){answer, (size_t)n, host_is_big()}, w);
		else if (errno != EINTR)
			return -errno;
	}
	return w->result;
}

static int64_t talk(const uint8_t *message, size_t size, int family, struct wanted *w)
{
	uint8_t copy[MESSAGE_MAX];
	if (size < HEADER || size > sizeof copy)
		return -EMSGSIZE;
	memcpy(copy, message, size);
	uint64_t flags = bytes_get(copy + AT_FLAGS, 2, host_is_big()) | FLAG_REQUEST | FLAG_ACK |
	                 (w->echo ? FLAG_ECHO : 0);
	bytes_put(copy, 4, host_is_big(), size);
	bytes_put(copy + AT_FLAGS, 2, host_is_big(), flags);
	bytes_put(copy + AT_SEQUENCE, 4, host_is_big(), SEQUENCE);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family);
	if (fd < 0)
		return -errno;
	int64_t r = send(fd, copy, size, 0) < 0 ? -errno : read_answers(fd, w);
	close(fd);
	return r;
}

int64_t netlink_request(const uint8_t *message, size_t size, int family, size_t echo)
{
	return talk(message, size, family, &(struct wanted){.echo = echo});
}

int64_t netlink_get(const uint8_t *message, size_t size, int family, uint8_t *answer, size_t room)
{
	return talk(message, size, family, &(struct wanted){.answer = answer, .room = room});
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
