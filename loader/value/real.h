/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Floating-point numbers and their text, exactly and without the C library's conversions. */
#ifndef SONDE_REAL_H
#define SONDE_REAL_H

#include <stdbool.h>
#include <stddef.h>

enum { REAL_TEXT = 32, REAL_DIGITS_MAX = 17 };

/* printf("%.*g"): d rounded to 1 to REAL_DIGITS_MAX digits, "inf", or "nan"; terminated. */
void real_text(char buf[static REAL_TEXT], double d, unsigned digits);

/*
 * strtod() or, if single, strtof() of text, which is not trusted: the nearest number; infinite if it is
 * too large, 0 if it is too small. *end: after the number, text itself if there is none. Blanks before
 * it are not skipped.
 */
double real_read(const char *text, const char **end, bool single);

#endif
