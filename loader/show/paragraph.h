/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Words in lines of at most PARAGRAPH_WIDTH columns. */
#ifndef SONDE_PARAGRAPH_H
#define SONDE_PARAGRAPH_H

#include <stddef.h>
#include <stdio.h>

enum { PARAGRAPH_WIDTH = 80 };

struct paragraph {
	FILE *out;
	size_t col;    /* where the current line has come to */
	size_t indent; /* where further lines begin */
};

/* Adds words, separated by blanks; a word of more than 159 bytes is cut. The caller ends the last
 * line. */
void paragraph_add(struct paragraph *g, const char *text);

#endif
