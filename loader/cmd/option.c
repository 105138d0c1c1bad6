/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Options of the command line. getopt's own messages would write words to the terminal as they are. */
#include "cmd.h"

#include "elf/base/format.h"

#include <getopt.h>
#include <string.h>

enum { TEXT_MAX = 256 };

/* An option that is no known one, nor the start of a single one. */
static void refuse_word(const char *label, const char *name, const struct option *longs)
{
	char text[TEXT_MAX];
	size_t n = strcspn(name, "="), matches = 0;
	for (; longs->name; longs++)
		matches += !strncmp(longs->name, name, n);
	text_print(text, sizeof text, "%s: %s",
		matches ? "option is ambiguous" : "unrecognized option", name);
	cmd_say(label, text);
}

/* An option of one letter, or with an argument too many or too few. */
static void refuse_letter(
	const char *label, int letter, const char *shorts, const struct option *longs)
{
	char text[TEXT_MAX], name[2] = {letter < 0x80 ? (char)letter : '?', 0};
	bool known = letter < 0x80 && strchr(shorts, letter);
	while (longs->name && longs->val != letter)
		longs++;
	known |= longs->name != NULL;
	text_print(text, sizeof text, "%s: %s",
		!known                           ? "unrecognized option"
		: longs->name && !longs->has_arg ? "option does not take an argument"
						 : "option requires an argument",
		longs->name ? longs->name : name);
	cmd_say(label, text);
}

int cmd_check_options(
	const struct verb *v, const char *action, unsigned extra, const char *const *names)
{
	for (; extra; extra >>= 1, names++)
		if (extra & 1)
			return cmd_usage(v, "%s: has no option %s", action, *names);
	return OPTION_TAKEN;
}

int cmd_option(int argc, char **argv, const char *shorts, const struct option *longs)
{
	opterr = 0;
	int c = getopt_long(argc, argv, shorts, longs, NULL);
	if (c == '?' && optopt)
		refuse_letter(argv[0], optopt, shorts, longs);
	else if (c == '?')
		refuse_word(argv[0], argv[optind - 1] + strlen("--"), longs);
	return c;
}
