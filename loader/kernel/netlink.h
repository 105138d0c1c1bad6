/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One question to the kernel over netlink, and its answer: how XDP (before 5.9) and tc (before 6.6)
 * programs are attached to network interfaces, and the names of interfaces become numbers.
 */
#ifndef SONDE_NETLINK_H
#define SONDE_NETLINK_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sends a message (a struct nlmsghdr and what follows; its length, sequence number and
 * acknowledgement flag are set in a copy) and waits for the acknowledgement. family: NETLINK_ROUTE
 * (0) and the like.
 *
 * echo: 0, or where in a message of this kind a u32 stands that the kernel chooses, for instance
 * the handle of a tc filter. Then the kernel is asked to send back what it has made (NLM_F_ECHO),
 * and that number is the result.
 *
 * The number, 0, or -errno; -EBADMSG when the answer makes no sense.
 */
int64_t netlink_request(const uint8_t *message, size_t size, int family, size_t echo);

/*
 * The same for a message that asks for one thing: its answer, a message of its own, goes to answer.
 * Its length, or -errno; -EBADMSG also when there is no room for it.
 */
int64_t netlink_get(const uint8_t *message, size_t size, int family, uint8_t *answer, size_t room);

/* The number of a network interface in the network namespace of this process, or -errno: -ENODEV
 * when it has no such interface. name: untrusted. */
long netlink_ifindex(const char *name);

/* Their names, with ", " between, for people; as many as there is room for. Returns buf. */
char *netlink_interfaces(char *buf, size_t size);

#endif
