/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Netlink requests, which attach XDP (before 5.9) and tc (before 6.6) programs to network
 * interfaces, and the names and indices of interfaces.
 */
#ifndef SONDE_NETLINK_H
#define SONDE_NETLINK_H

#include "elf/base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NETLINK_NAME_MAX = 127 /* characters in a name of an interface, ALTIFNAMSIZ - 1 */ };

/*
 * Sends a message (a struct nlmsghdr and its payload; its length, sequence number and flags are set
 * in a copy) and waits for the acknowledgement. family: NETLINK_ROUTE (0) etc.
 *
 * echo: 0, or the offset of a u32 in the message that the kernel chooses, such as the handle of a tc
 * filter. The kernel is then requested to echo what it has created (NLM_F_ECHO), and this number is
 * returned.
 *
 * Returns the number, 0, or -errno: -EBADMSG if the reply is invalid.
 */
int64_t netlink_request(const uint8_t *message, size_t size, int family, size_t echo);

/*
 * The same for a message that requests information. The reply, a message, is copied to reply.
 * Returns its length, or -errno: -EBADMSG also if it exceeds room.
 */
int64_t netlink_get(const uint8_t *message, size_t size, int family, uint8_t *reply, size_t room);

/* The payload of the attribute with that type in s, from offset `at`; empty if there is none. */
struct span netlink_attribute(struct span s, uint64_t at, uint16_t type);

/* Receives a message of a dump without its header (untrusted). Returns false if memory is
 * exhausted. */
typedef bool (*netlink_fn)(void *ctx, struct span payload);

enum {
	NETLINK_DUMP_PAYLOAD = 20 /* bytes: the longest header of a kind of object, struct tcmsg */
};

/* Requests all objects of a kind (RTM_GETLINK, ...) that the header selects. Returns 0 or -errno. */
int64_t netlink_dump(
	uint16_t type, const uint8_t header[static NETLINK_DUMP_PAYLOAD], netlink_fn fn, void *ctx);

/*
 * The index of a network interface in the network namespace of this process, by its name, by an
 * alternative name (5.5) or, unless an interface is named like this, by its index. Returns -errno:
 * -ENODEV if there is no such interface. name: untrusted.
 */
long netlink_ifindex(const char *name);

/* The names of all interfaces, separated by ", ", as many as fit. Returns buf. */
char *netlink_interfaces(char *buf, size_t size);

#endif
