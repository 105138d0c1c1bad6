/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Durations as people write them. */
#ifndef SONDE_DURATION_H
#define SONDE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* "10", "1.5s", "200ms", "2m", "1h" in milliseconds; false if malformed, 0, or too long. */
bool duration_ms(const char *text, uint32_t *ms);

#endif
