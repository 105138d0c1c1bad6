/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which bpf_printk() call a line came from: matching text against format strings. */
#ifndef SONDE_PRINTK_FORMAT_H
#define SONDE_PRINTK_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Can this text be the output of bpf_printk() with this format? Conversions are those of
 * bpf_trace_printk() and bpf_trace_vprintk(): %d %i %u %x %X with l and ll, %s %c %p %pK %px %pB
 * %ps %pS %pks %pus %pi4 %pI4 %pi6 %pI6 %%, flags 0 + - space # and widths. True if in doubt: for
 * unknown conversions, for the end of a text that the kernel truncated, and for any one line of a
 * format that contains newlines. Both strings are untrusted; the time taken is proportional to
 * the product of their lengths.
 */
bool printk_format_matches(const char *format, const char *text, size_t len);

/* Copies a format of which only the fixed text matters: `any` is put where a conversion is. to has room for
 * it, terminated. */
void printk_format_pattern(const char *format, char any, char *to);

#endif
