/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A socket that waits for connections, at an address that the user has given. */
#ifndef SONDE_LISTENER_H
#define SONDE_LISTENER_H

#include "elf/base/err.h"

#include <stdbool.h>

struct listener {
	int fd; /* -1: none */
	const char
		*path; /* of a unix socket, which was made; else NULL. Borrowed from the address */
};

/* Whether text is an address: :PORT, IPV4:PORT, [IPV6]:PORT, unix:PATH. :PORT is of all addresses of this
 * machine. Anything else is the name of a file. */
bool listener_is_address(const char *text);

/* Opens it. A unix socket that nobody listens to any more is replaced. False with e set. */
bool listener_open(struct listener *l, const char *text, struct err *e);

/* Closes it, and removes its unix socket. */
void listener_close(struct listener *l);

#endif
