/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "screen.h"

#include "print.h"
#include "terminal.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define UP       "\r\033[%uA"
#define REST     "\033[K" /* clears the rest of a line */
#define ALL_REST "\033[J" /* and of the screen */

/* Reading or setting a terminal from the background would stop the process. */
static bool take_keys(struct termios *before)
{
	if (tcgetpgrp(STDIN_FILENO) != getpgrp() || tcgetattr(STDIN_FILENO, before) < 0)
		return false;
	struct termios one_by_one = *before;
	one_by_one.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	one_by_one.c_cc[VMIN] = 1;
	one_by_one.c_cc[VTIME] = 0;
	return !tcsetattr(STDIN_FILENO, TCSANOW, &one_by_one);
}

void screen_open(struct screen *s, FILE *out)
{
	*s = (struct screen){.out = out, .keys = -1};
	if (take_keys(&s->before))
		s->keys = STDIN_FILENO;
}

void screen_close(struct screen *s)
{
	if (s->keys >= 0)
		tcsetattr(STDIN_FILENO, TCSANOW, &s->before);
	s->keys = -1;
}

FILE *screen_begin(struct screen *s)
{
	return s->frame = open_memstream(&s->text, &s->n);
}

/* The length of what fits into columns. Frames are cleaned: each character is one column. */
static size_t fitting(const char *line, size_t n, unsigned columns)
{
	const uint8_t *p = (const uint8_t *)line;
	size_t at = 0;
	uint32_t c;
	while (at < n && columns--) {
		unsigned len = utf8_char(p + at, n - at, &c);
		at += len ? len : 1;
	}
	return at;
}

void screen_end(struct screen *s)
{
	const unsigned width = terminal_width(s->out), height = terminal_height(s->out);
	const unsigned room = height > 1 ? height - 1 : UINT32_MAX;
	bool whole = !fclose(s->frame) && s->text;
	if (s->lines)
		print(s->out, UP, s->lines);
	s->lines = 0;
	for (const char *line = s->text; whole && line < s->text + s->n && s->lines < room;
		s->lines++) {
		size_t rest = (size_t)(s->text + s->n - line);
		const char *end = memchr(line, '\n', rest);
		size_t n = end ? (size_t)(end - line) : rest;
		fwrite(line, 1, fitting(line, n, width), s->out);
		fputs(REST "\n", s->out);
		line += n + 1;
	}
	fputs(ALL_REST, s->out);
	free(s->text);
	s->text = NULL;
	s->frame = NULL;
}

void screen_keep(struct screen *s)
{
	s->lines = 0;
}

enum screen_key screen_key(struct screen *s)
{
	char key;
	if (read(s->keys, &key, 1) != 1) {
		screen_close(s);
		return SCREEN_NONE;
	}
	switch (key) {
	case 'q':
		return SCREEN_QUIT;
	case ' ':
		return SCREEN_PAUSE;
	case 's':
		return SCREEN_SORT;
	default:
		return SCREEN_NONE;
	}
}
