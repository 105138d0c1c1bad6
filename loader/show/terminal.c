/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 40 }; /* smaller widths are ignored */

unsigned terminal_width(FILE *out)
{
	struct winsize size;
	if (!isatty(fileno(out)))
		return 0;
	bool known = !ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col >= NARROWEST;
	return known ? size.ws_col : TERMINAL_WIDTH;
}

unsigned terminal_height(FILE *out)
{
	struct winsize size;
	return isatty(fileno(out)) && !ioctl(fileno(out), TIOCGWINSZ, &size) ? size.ws_row : 0;
}

bool terminal_moves(FILE *out)
{
	const char *term = getenv("TERM");
	return term && *term && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}

bool terminal_colors(FILE *out)
{
	const char *no = getenv("NO_COLOR");
	return (!no || !*no) && terminal_moves(out);
}
