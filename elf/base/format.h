/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * printf() without the C library's, which brings streams, locales and floating point with it.
 *
 * Conversions: d i u x c s p %, with the flags - 0 + #, a width, for s a precision, both also as *,
 * and the lengths hh h l ll j z t. Compilers check the arguments as those of printf();
 * tests/rooms.t, that formats contain nothing else.
 */
#ifndef SONDE_FORMAT_H
#define SONDE_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Receives the next n bytes of a formatted text. */
typedef void (*format_put)(void *ctx, const char *text, size_t n);

/* Formats fmt with ap, in as many pieces as it happens to have. */
__attribute__((format(printf, 3, 0))) void format_pieces(
	format_put put, void *ctx, const char *fmt, va_list ap);

/* snprintf() and vsnprintf(): the text is cut to size - 1 bytes, and terminated if size is not 0.
 * Return the length of the whole text. */
__attribute__((format(printf, 3, 4))) int text_print(char *buf, size_t size, const char *fmt, ...);
__attribute__((format(printf, 3, 0))) int text_vprint(
	char *buf, size_t size, const char *fmt, va_list ap);

#endif
