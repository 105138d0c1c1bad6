/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Passing a file descriptor to another process, over a Unix socket with messages. */
#ifndef SONDE_PASS_DESCRIPTOR_H
#define SONDE_PASS_DESCRIPTOR_H

#include <stdbool.h>

/* Sends fd, which stays open, or, if it is negative, an errno instead of it. Makes only system calls. */
bool pass_descriptor(int socket, int fd, int error);

/* Waits for what the other end has passed: a descriptor for the caller to close, or -errno: that which was
 * sent, -EIO if there was neither. */
int passed_descriptor(int socket);

#endif
