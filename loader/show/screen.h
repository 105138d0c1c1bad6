/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Frames of text that replace one another on a terminal (terminal_moves()), and the keys that steer them. What was written
 * before the first frame stays above it, and so does what others write between two of them, if they say
 * so (screen_keep()). The last frame stays when the screen is closed.
 */
#ifndef SONDE_SCREEN_H
#define SONDE_SCREEN_H

#include <stdio.h>
#include <termios.h>

struct screen {
	FILE *out;
	FILE *frame; /* collects the next one */
	char *text;
	size_t n;
	unsigned lines; /* of the last frame, above the cursor */
	int keys;       /* the keyboard, -1: none */
	struct termios before;
};

enum screen_key { SCREEN_NONE, SCREEN_QUIT, SCREEN_PAUSE, SCREEN_SORT };

/* Takes the keys of standard input if that is a terminal whose foreground is ours: they arrive one by
 * one and are not echoed; Ctrl-C and Ctrl-Z work as before. To be closed. */
void screen_open(struct screen *s, FILE *out);
void screen_close(struct screen *s);

/* The stream to write a frame to, until screen_end() shows it: no more lines than the terminal has, cut
 * to its width. NULL if out of memory; nothing is to be ended then. */
FILE *screen_begin(struct screen *s);
void screen_end(struct screen *s);

/* Something else has been written to the terminal: the next frame begins below it. */
void screen_keep(struct screen *s);

/* The key that has been pressed, if s->keys is readable. At the end of input, s->keys becomes -1. */
enum screen_key screen_key(struct screen *s);

#endif
