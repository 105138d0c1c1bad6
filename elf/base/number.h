/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * strtoull() and its kin: blanks, a sign and digits of the base; 0 is the base of C, decimal unless the
 * digits begin with 0 or 0x. The largest value, and ERANGE in errno, if the number does not fit. *end:
 * after it, text itself if there is none; end may be NULL.
 */
#ifndef SONDE_NUMBER_H
#define SONDE_NUMBER_H

#include <stdint.h>

uint64_t text_u64(const char *text, char **end, unsigned base);
int64_t text_s64(const char *text, char **end, unsigned base);

/* A long has 32 bits on some machines. */
unsigned long text_ulong(const char *text, char **end, unsigned base);

#endif
