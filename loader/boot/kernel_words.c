/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_words.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Cuts the next parameter off and removes its quotes, which may begin before it or before its value. NULL at
 * the end. */
static char *next_parameter(char **line)
{
	char *from = *line, *to, *word;
	bool quoted = false;
	while (is_blank(*from))
		from++;
	if (!*from)
		return NULL;
	for (word = to = from; *from && (quoted || !is_blank(*from)); from++) {
		if (*from == '"')
			quoted = !quoted;
		else
			*to++ = *from;
	}
	*line = from + (*from != 0);
	*to = 0;
	return word;
}

/* The value of a parameter, or NULL if it is another one. */
static char *value_of(char *word, const char *name)
{
	size_t n = strlen(name);
	return strncmp(word, name, n) ? NULL : word + n;
}

/* Adds the parts of text between the separators. */
static bool add_parts(const char **list, size_t *n, char *text, const char *separators)
{
	char *rest;
	for (char *part = strtok_r(text, separators, &rest); part;
		part = strtok_r(NULL, separators, &rest)) {
		if (*n == KERNEL_WORDS_MAX)
			return false;
		list[(*n)++] = part;
	}
	return true;
}

void kernel_words_read(struct kernel_words *w, char *line)
{
	*w = (struct kernel_words){.n_objects = 0};
	for (char *word, *v; (word = next_parameter(&line)) && strcmp(word, "--") != 0;) {
		if ((v = value_of(word, "sonde.obj=")))
			w->full |= !add_parts(w->objects, &w->n_objects, v, ",");
		else if ((v = value_of(word, "sonde.opt=")))
			w->full |= !add_parts(w->options, &w->n_options, v, " \t\n");
		else if ((v = value_of(word, "sonde.init=")) && *v)
			w->init = v;
		else if ((v = value_of(word, "init=")) && *v)
			w->kernel_init = v;
	}
}
