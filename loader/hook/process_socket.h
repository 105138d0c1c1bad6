/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Sockets that other processes have: a program is attached to one by setsockopt(2), on a copy of the
 * descriptor (pidfd_getfd, 5.6).
 */
#ifndef SONDE_HOOK_PROCSOCK_H
#define SONDE_HOOK_PROCSOCK_H

#include "hook.h"

/* Is it the name of such a socket: "tcp:8080", "udp:53", "1234:5" (process and descriptor)? */
bool process_socket_is_spec(const char *text);

/*
 * Finds the socket that is named so: by its port, the first that listens there (TCP) or is bound to
 * it and not connected (UDP), of our network namespace and of a process that we may look into. Adds
 * the step that copies its descriptor. Returns the slot; PLAN_NONE with the planner failed when
 * there is none.
 */
int16_t process_socket_open(struct planner *b, const struct hook_use *use, const char *text);

#endif
