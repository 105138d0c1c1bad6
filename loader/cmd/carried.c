/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "carried.h"
#include "cmd.h"

#include <stdlib.h>
#include <string.h>

/* Which of the options a verb has. */
enum options { NONE, OF_OBJECT, ALL };

static const struct {
	const char *name;
	enum options options;
} verbs[] = {{"run", ALL}, {"load", OF_OBJECT}, {"plan", OF_OBJECT}, {"inspect", NONE},
	{"init", OF_OBJECT}};

static int find_verb(const char *word)
{
	for (int i = 0; i < (int)(sizeof verbs / sizeof *verbs); i++)
		if (!strcmp(word, verbs[i].name))
			return i;
	return -1;
}

static bool asks_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

/* Whether it is about a recording, and not about the object. */
static bool collects(int argc, char **argv)
{
	return argc > 2 && !strcmp(argv[1], "init") &&
	       (!strcmp(argv[2], "--collect") || !strcmp(argv[2], "-c"));
}

int carried_arguments(const struct packed_head *head, bool first, int *argc, char ***argv)
{
	const char *base = (const char *)head, *word = *argc > 1 ? (*argv)[1] : "";
	if (first) { /* the arguments are words of the kernel's command line */
		*argc = 1;
		word = "init";
	}
	const struct packed_option *options = (const void *)(base + head->args);
	int verb = find_verb(word), given = verb >= 0 ? 2 : 1, n = 0;
	if (asks_help(word) && *argc == 2) {
		fputs(base + head->help, stdout);
		return cmd_finish();
	}
	if (!first && collects(*argc, *argv))
		return -1;
	if (verb < 0 && *word &&
		(*word != '-' || !strcmp(word, "--version") || !strcmp(word, "-V")))
		return -1;
	verb = verb < 0 ? 0 : verb;
	const char **list = calloc((size_t)*argc + head->n_args + 3, sizeof *list);
	if (!list) {
		struct err e = {0};
		err_nomem(&e);
		return cmd_fail(&e);
	}
	list[n++] = (*argv)[0];
	list[n++] = verbs[verb].name;
	for (uint32_t i = 0; i < head->n_args && verbs[verb].options != NONE; i++)
		if (verbs[verb].options == ALL || !options[i].run_only)
			list[n++] = base + options[i].text;
	list[n++] = base + head->name; /* packed_read() knows it by its address */
	for (int i = given; i < *argc; i++)
		list[n++] = (*argv)[i];
	*argc = n;
	*argv = (char **)(uintptr_t)list;
	return -1;
}
