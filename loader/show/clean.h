/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Protects terminals: names in an object are arbitrary bytes, and control characters among them
 * could hide other output.
 */
#ifndef SONDE_CLEAN_H
#define SONDE_CLEAN_H

#include <stdbool.h>
#include <stdio.h>

/*
 * A stream that writes to `out`, with '?' for every control character except newline and tab, for
 * every mark that changes the direction of text, and for every byte that is not part of valid
 * UTF-8. Colours (ESC [ digits m) pass if color is true. Closing it leaves `out` open. NULL if out of
 * memory. clean_close() ignores NULL, and `out` itself, which need not be cleaned for JSON.
 */
FILE *clean_open(FILE *out, bool color);
void clean_close(FILE *clean, FILE *out);

/* The same for a string, in place. */
void clean_text(char *s);

#endif
