/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "pack_args.h"

#include "elf/base/format.h"

#include <getopt.h>
#include <string.h>

enum {
	OPT_HERE = 256,
	OPT_FULL,
	OPT_SONDE,
	OPT_RUNNER,
	OPT_FIRST_OF_RUN, /* what follows are options that only run has */
	OPT_YES,
	OPT_NO_SANDBOX,
	OPT_FOLDED,
	OPT_WHERE,
	OPT_FIELDS,
	OPT_METRICS,
};

static const struct option options[] = {CMD_OBJECT_OPTIONS, CMD_RECORD_OPTIONS,
	{"output", required_argument, NULL, 'o'}, {"target", required_argument, NULL, 't'},
	{"here", no_argument, NULL, OPT_HERE}, {"full", no_argument, NULL, OPT_FULL},
	{"sonde", required_argument, NULL, OPT_SONDE},
	{"runner", required_argument, NULL, OPT_RUNNER}, {"for", required_argument, NULL, 'f'},
	{"map", required_argument, NULL, 'm'}, {"every", required_argument, NULL, 'e'},
	{"json", no_argument, NULL, 'j'}, {"folded", no_argument, NULL, OPT_FOLDED},
	{"verbose", no_argument, NULL, 'v'}, {"yes", no_argument, NULL, OPT_YES},
	{"where", required_argument, NULL, OPT_WHERE},
	{"fields", required_argument, NULL, OPT_FIELDS},
	{"metrics", required_argument, NULL, OPT_METRICS},
	{"no-sandbox", no_argument, NULL, OPT_NO_SANDBOX}, CMD_HELP, {0}};

const char *cmd_pack_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : !strcmp(path, "-") ? "stdin" : path;
}

static const char *name_of(int c)
{
	const struct option *o = options;
	while (o->name && o->val != c)
		o++;
	return o->name;
}

/* Keeps an option as one word, "--for=10s". of_run: only run has it, so that it goes after the others. */
static bool keep(struct pack_args *a, int c, const char *value, bool of_run)
{
	char *word = a->text + a->used;
	size_t left = sizeof a->text - a->used;
	size_t n = (size_t)text_print(
		word, left, "--%s%s%s", name_of(c), value ? "=" : "", value ? value : "");
	if (n >= left || a->given.n == PACK_OPTIONS_MAX)
		return false;
	a->used += n + 1;
	size_t at = of_run ? a->given.n : a->first_run++;
	memmove(a->given.items + at + 1, a->given.items + at,
		(a->given.n - at) * sizeof *a->given.items);
	a->given.items[at] = word;
	a->given.n++;
	return true;
}

/* Options of pack alone. */
static bool own_option(struct pack_args *a, int c, const char *value)
{
	switch (c) {
	case 'o':
		a->output = value;
		return true;
	case 't':
		a->object.full |= !cmd_list_add(&a->targets, value);
		return true;
	case OPT_HERE:
		a->here = true;
		return true;
	case OPT_FULL:
		a->full = true;
		return true;
	case OPT_SONDE:
		a->sonde = value;
		return true;
	case OPT_RUNNER:
		a->runner = value;
		return true;
	default:
		return false;
	}
}

static bool is_of_run(int c)
{
	return c == 'f' || c == 'm' || c == 'e' || c == 'j' || c == 'v' || c > OPT_FIRST_OF_RUN;
}

/* Options of run, checked as run does. */
static int run_option(const struct verb *v, struct pack_args *a, int c, const char *value)
{
	uint32_t every;
	if (c == 'f' && !duration_ms(value, &a->for_ms))
		return cmd_usage(v, "--for expects a time such as 10s, got '%s'", value);
	if (c == 'e' && !duration_ms(value, &every))
		return cmd_usage(v, "--every expects a time such as 2s, got '%s'", value);
	if (c != 'f' && c != OPT_YES && c != OPT_NO_SANDBOX)
		a->unplanned = name_of(c);
	return OPTION_TAKEN;
}

static int take(const struct verb *v, struct pack_args *a, int c, const char *value)
{
	bool of_run = c < CMD_OPT_ON && is_of_run(c);
	int status =
		of_run ? run_option(v, a, c, value) : cmd_object_option(v, &a->object, c, value);
	if (status != OPTION_TAKEN)
		return status;
	if (c == CMD_OPT_KCONFIG || c == CMD_OPT_TYPES || c == CMD_OPT_DEBUG)
		a->unpackable = name_of(c);
	a->object.full |= !keep(a, c, value, of_run);
	return OPTION_TAKEN;
}

int cmd_pack_args(const struct verb *v, int argc, char **argv, struct pack_args *a)
{
	int status;
	memset(a, 0, sizeof *a);
	a->unplanned = "";
	for (int c; (c = cmd_option(argc, argv, "o:t:f:m:e:p:s:jvh", options)) != -1;) {
		if (own_option(a, c, optarg))
			continue;
		status = take(v, a, c, optarg);
		if (status != OPTION_TAKEN)
			return status;
	}
	status = cmd_object_file(v, &a->object, argc - optind);
	if (status != OPTION_TAKEN)
		return status;
	a->path = argv[optind];
	if (!a->output)
		return cmd_usage(v, "--output FILE is missing: the executable to write");
	if (!strcmp(a->path, "-"))
		return cmd_usage(v, "the object must be a file, not standard input");
	if (a->full && (a->targets.n || a->here))
		return cmd_usage(
			v, "--full plans where it runs: --target and --here have no effect");
	return OPTION_TAKEN;
}
