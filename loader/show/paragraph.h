/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Wraps words into lines of at most TERMINAL_WIDTH columns. */
#ifndef SONDE_PARAGRAPH_H
#define SONDE_PARAGRAPH_H

#include <stddef.h>
#include "terminal.h"

#include <stdio.h>

struct paragraph {
	FILE *out;
	size_t col;    /* current column */
	size_t indent; /* of the following lines */
};

/* Adds words separated by blanks; words are cut to 159 bytes. The caller ends the last line. */
void paragraph_add(struct paragraph *g, const char *text);

#endif
