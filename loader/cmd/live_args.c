/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_args.h"

#include "elf/base/text.h"
#include "loader/show/clean.h"

#include <getopt.h>
#include <string.h>

static int go(struct live_args *a, const struct live_action *action, bool json)
{
	struct err e = {0};
	bool ok = session_open(&a->s, NULL, &e);
	FILE *out = json ? stdout : clean_open(stdout, false);
	if (ok && out) {
		live_open(&a->l, &a->s.target, json, out);
		ok = action->run(a, &e);
	} else if (ok) {
		ok = err_nomem(&e);
	}
	clean_close(out, stdout);
	int status = ok ? cmd_finish() : cmd_fail(&e);
	session_close(&a->s);
	return status;
}

/* Takes the words of an action. Returns OPTION_TAKEN, else the exit status. */
static int parse(const struct verb *v, struct live_args *a, const struct live_action *action,
	char **words, int n)
{
	struct err e = {0};
	if (action->what) {
		const char *const *w = action->what;
		while (n && *w && strcmp(*w, *words) != 0)
			w++;
		if (!n || !*w)
			return cmd_usage(v, "%s: expected %s or %s", action->name, action->what[0],
				action->what[1]);
		a->what = *w;
		words++;
		n--;
	}
	if (action->object == LIVE_ARG_REQUIRED || (action->object && n)) {
		int taken = live_ref_parse(&a->ref, words, n, action->path || action->program, &e);
		if (!taken)
			return cmd_usage(v, "%s: %s", action->name,
				n ? e.text : "nothing to select it by was given");
		a->named = true;
		words += taken;
		n -= taken;
	}
	if (action->program) {
		int taken = live_ref_parse(&a->program, words, n, 0, &e);
		if (!taken)
			return cmd_usage(
				v, "%s: %s", action->name, n ? e.text : "no program given");
		words += taken;
		n -= taken;
	}
	if (action->words) {
		a->words = words;
		a->n_words = n;
		return OPTION_TAKEN;
	}
	if (action->path && !n)
		return cmd_usage(v, "%s: no path given", action->name);
	if (action->path) {
		a->path = *words;
		n--;
	}
	return n ? cmd_usage(v, "%s: too many arguments", action->name) : OPTION_TAKEN;
}

static int unknown(const struct verb *v, const struct live_action *actions, const char *word)
{
	char names[100] = "";
	for (; actions->name; actions++)
		text_list(names, sizeof names, "%s", actions->name);
	return cmd_usage(v, "unknown action '%s': expected %s", word, names);
}

int live_args_run(const struct verb *v, const struct live_action *actions, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, CMD_HELP, {0}};
	static const char *const names[] = {"--json"};
	struct live_args a = {0};
	bool json = false;
	for (int c; (c = cmd_option(argc, argv, "jh", options)) != -1;)
		switch (c) {
		case 'j':
			json = true;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	const struct live_action *action = actions;
	if (optind < argc) {
		while (action->name && strcmp(action->name, argv[optind]) != 0)
			action++;
		if (!action->name)
			return unknown(v, actions, argv[optind]);
		optind++;
	}
	int status = parse(v, &a, action, argv + optind, argc - optind);
	if (status == OPTION_TAKEN)
		status = cmd_check_options(v, action->name, json && !action->json, names);
	return status == OPTION_TAKEN ? go(&a, action, json) : status;
}
