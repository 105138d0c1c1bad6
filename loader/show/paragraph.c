/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "paragraph.h"

#include "print.h"

#include "elf/base/format.h"

#include <string.h>

enum { WORD_MAX = 160 };

static void say(struct paragraph *g, const char *word)
{
	size_t n = strlen(word);
	if (g->col + n + 1 > TERMINAL_WIDTH) {
		print(g->out, "\n%*s", (int)g->indent, "");
		g->col = g->indent;
	} else if (g->col > g->indent) {
		fputc(' ', g->out);
		g->col++;
	}
	fputs(word, g->out);
	g->col += n;
}

void paragraph_add(struct paragraph *g, const char *text)
{
	char word[WORD_MAX];
	while (*text) {
		size_t n = strcspn(text, " ");
		text_print(word, sizeof word, "%.*s", (int)n, text);
		if (n)
			say(g, word);
		text += n + (text[n] == ' ');
	}
}
