/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The payload of the file that is being executed, if `sonde pack --full` has made it. */
#ifndef SONDE_PACKED_H
#define SONDE_PACKED_H

#include "elf/base/err.h"
#include "loader/plan/packed_form.h"

/* The payload, where the kernel has mapped it, or NULL if there is none; NULL with e set if it is cut or
 * damaged. Requires neither /proc nor the file. */
const struct packed_head *packed_here(struct err *e);

/* Whether path is the name of a packed file, the object or that of an option: the same address, not just the
 * same text. Its bytes are in *out then, borrowed. */
bool packed_read(const char *path, struct span *out);

#endif
