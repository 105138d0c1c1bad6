/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Durations as people write and read them. */
#ifndef SONDE_DURATION_H
#define SONDE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* "10", "1.5s", "200ms", "2m", "1h30m" in milliseconds; false if malformed, 0, or more than 24 days. */
bool duration_ms(const char *text, uint32_t *ms);

enum { DECIMAL_TEXT = 32 };

/* Writes v, which is not negative, rounded to places (0 to 2) decimals. Returns the length of the text, which
 * is not terminated. */
unsigned decimal_text(char to[static DECIMAL_TEXT], double v, unsigned places);

/* Writes a time in at most 8 columns: "532 ns", "1.24 ms", "3600 s". unit: 0 ns, 1 us, 2 ms. Returns as
 * above. */
unsigned time_text(char to[static DECIMAL_TEXT], uint64_t v, unsigned unit);

#endif
