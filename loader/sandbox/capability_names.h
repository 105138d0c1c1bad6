/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SONDE_CAPABILITY_NAMES_H
#define SONDE_CAPABILITY_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* Those in a set (bits 1 << CAP_...) that BPF has to do with: "CAP_BPF, CAP_PERFMON". */
void capabilities_text(uint64_t caps, char *buf, size_t size);

#endif
