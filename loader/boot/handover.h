/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How a recording gets from the recorder, which started in an initramfs, to a process of the booted system: over
 * a Unix socket with an abstract name. It has no path, so no mount can hide it, none is kept busy, and it goes
 * with the recorder. Both are in the first network namespace.
 *
 * Whoever connects asks the recorder to end. It passes the descriptor of the recording, and only to root.
 */
#ifndef SONDE_HANDOVER_H
#define SONDE_HANDOVER_H

#include "elf/base/err.h"

/* Listens; the descriptor polls readable when somebody asks. -1 with e set, e->no EADDRINUSE: there is a
 * recorder. */
int handover_listen(struct err *e);

/* The connection of somebody who asks, or -1 if there was none, or it was not root. Does not block. */
int handover_accept(int listening);

/* Asks the recorder, waits until it has ended, and returns the descriptor of its recording. -1 with e set. */
int handover_collect(struct err *e);

#endif
