/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SONDE_PROCESS_STATUS_H
#define SONDE_PROCESS_STATUS_H

#include "kfs.h"

/* A number of /proc/self/status, by the beginning of its line ("CapEff:"), in that base. False if there is
 * none, or no /proc. */
bool process_status(struct kfs *k, const char *name, int base, uint64_t *value);

#endif
