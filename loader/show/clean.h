/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Text for terminals. Names in an object are bytes that somebody has chosen: sent to a terminal as
 * they are, control characters among them could hide what the rest says.
 */
#ifndef SONDE_CLEAN_H
#define SONDE_CLEAN_H

#include <stdbool.h>
#include <stdio.h>

/*
 * A stream whose text goes on to `out`, with a '?' for every control character but newline and tab;
 * colours (ESC [ digits m) pass when colour is true. Closing it leaves `out` open. `out` itself
 * when memory is short.
 */
FILE *clean_open(FILE *out, bool color);
void clean_close(FILE *clean, FILE *out);

/* The same for a string, in place. */
void clean_text(char *s);

#endif
