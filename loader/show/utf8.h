/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Characters in bytes that nobody has checked: names of processes, files and types. */
#ifndef SONDE_UTF8_H
#define SONDE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the character at the start of n bytes: returns its length of 1 to 4 bytes, and its code
 * point in *c; 0 if it is not valid UTF-8 (surrogates and overlong forms are not).
 */
unsigned utf8_char(const uint8_t *p, size_t n, uint32_t *c);

/* Control characters (C0, DEL, C1), line separators, and marks that change the direction of text:
 * never written as they are. None is above U+FFFF. */
bool utf8_is_control(uint32_t c);

#endif
