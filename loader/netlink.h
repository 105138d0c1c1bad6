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
 * (0) and the like. 0 or -errno; -EBADMSG when the answer makes no sense.
 */
long netlink_ask(const uint8_t *message, size_t size, int family);

#endif
