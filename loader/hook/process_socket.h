/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Sockets of other processes as targets: setsockopt(2) attaches the program, on a duplicate of the
 * descriptor (pidfd_getfd, 5.6).
 */
#ifndef SONDE_HOOK_PROCESS_SOCKET_H
#define SONDE_HOOK_PROCESS_SOCKET_H

#include "hook.h"

/* Does the text have the syntax of such a socket: "tcp:8080", "udp:53", "1234:5" (PID:FD)? */
bool process_socket_is_spec(const char *text);

/*
 * Finds the socket (text: untrusted) and adds the step that duplicates its descriptor. A port selects
 * the first socket that listens on it (TCP) or is bound to it and not connected (UDP), in our network
 * namespace and in a process whose descriptors we may read. Returns the slot, or PLAN_NONE with the
 * planner failed.
 */
int16_t process_socket_open(struct plan_builder *b, const struct hook_use *use, const char *text);

#endif
