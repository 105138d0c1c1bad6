/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SONDE_TERMINAL_H
#define SONDE_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

enum { TERMINAL_WIDTH = 80 }; /* columns, if the terminal does not tell */

/* The width of the terminal that out writes to, 0 if it is not a terminal. */
unsigned terminal_width(FILE *out);

/* Its lines, 0 if it is not a terminal or does not tell. */
unsigned terminal_height(FILE *out);

/* Whether it is a terminal that understands escape sequences: TERM is neither empty nor dumb. */
bool terminal_moves(FILE *out);

/* The same, and its user wants colours: NO_COLOR is empty or not set. */
bool terminal_colors(FILE *out);

#endif
