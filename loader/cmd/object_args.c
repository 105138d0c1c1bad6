/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Options of every verb that plans an object. */
#include "cmd.h"
#include "record_args.h"

#include "elf/base/format.h"
#include "elf/base/text.h"
#include "loader/kernel/file.h"
#include "loader/show/clean.h"
#include "loader/plan/save.h"
#include "loader/plan/variable.h"
#include "loader/planner/plan_source.h"

enum { LAYOUT_NOTE = 1200 };

/* The list of a repeatable option; NULL if c is none. */
static struct cmd_list *list_of(struct cmd_object *a, int c)
{
	switch (c) {
	case 'p':
		return &a->only;
	case CMD_OPT_SKIP:
		return &a->skip;
	case CMD_OPT_ON:
		return &a->on;
	case CMD_OPT_TYPE:
		return &a->types;
	case CMD_OPT_ARG:
		return &a->args;
	case CMD_OPT_ENTRIES:
		return &a->entries;
	case 's':
		return &a->set;
	default:
		return NULL;
	}
}

bool cmd_record_option(struct cmd_records *a, int c, const char *value, bool *full)
{
	switch (c) {
	case CMD_OPT_EVENT:
		*full |= !cmd_list_add(&a->events, value);
		return true;
	case CMD_OPT_TYPES:
		a->types = value;
		return true;
	case CMD_OPT_DEBUG:
		a->debug = value;
		return true;
	default:
		return false;
	}
}

int cmd_object_option(const struct verb *v, struct cmd_object *a, int c, const char *value)
{
	struct cmd_list *list = list_of(a, c);
	if ((c == 's' || c == CMD_OPT_ARG) && !strchr(value, '='))
		return cmd_usage(v, "--%s expects %s=VALUE, got '%s'", c == 's' ? "set" : "arg",
			c == 's' ? "VAR" : "PROG", value);
	switch (c) {
	case CMD_OPT_BTF:
		a->btf = value;
		break;
	case CMD_OPT_KCONFIG:
		a->kconfig = value;
		break;
	case CMD_OPT_TOKEN:
		a->token = value;
		break;
	case 'h':
		return cmd_help(v);
	default:
		if (!list && !cmd_record_option(&a->records, c, value, &a->full))
			return cmd_usage(v, NULL);
		a->full |= list && !cmd_list_add(list, value);
	}
	return OPTION_TAKEN;
}

int cmd_object_file(const struct verb *v, const struct cmd_object *a, int files)
{
	if (files != 1)
		return cmd_usage(v, files ? "more than one file given" : "no file given");
	return cmd_record_check(v, &a->records, a->full);
}

int cmd_record_check(const struct verb *v, const struct cmd_records *a, bool full)
{
	if (full)
		return cmd_usage(v, "more than %d times the same option", CMD_LIST_MAX);
	if (a->types && !a->events.n)
		return cmd_usage(v,
			"--types has no effect without --event MAP=STRUCT, which selects one of "
			"them");
	return OPTION_TAKEN;
}

/* A saved plan is complete. Choices that the planner would make are refused, else they would be lost. */
static bool check_saved(
	const char *path, const struct cmd_object *a, const struct plan_options *opt, struct err *e)
{
	const struct {
		const char *name;
		bool given;
	} options[] = {
		{"--on", a->on.n},
		{"--type", a->types.n},
		{"--arg", a->args.n},
		{"--entries", a->entries.n},
		{"--token", a->token},
		{"--pin", opt->pin},
	};
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (options[i].given) {
			err_set(e, "%s: %s has no effect on a saved plan", path, options[i].name);
			return err_hint(e, "give it to `sonde plan`, or %s the object",
				opt->load_only ? "load" : "run");
		}
	return true;
}

/* Values for programs, or maps with records, that are not in the plan: --only and --skip leave them out. */
static void note_left_out(const struct plan *plan, const char *option, const struct cmd_list *list,
	struct arena *arena)
{
	for (size_t i = 0; i < list->n; i++) {
		size_t n = strcspn(list->items[i], "=");
		const char *name = arena_strndup(arena, list->items[i], n), *text;
		bool found = !name || !list->items[i][n] || plan_find_map(plan, name);
		for (size_t k = 0; k < plan->n_progs && !found; k++)
			found = !strcmp(plan->progs[k].name, name);
		text = found ? NULL
		             : arena_printf(arena, "%s %s=... has no effect: it is not loaded",
				       option, name);
		if (text)
			cmd_say("note", text);
	}
}

/* Programs that --only leaves out anyway. */
static void note_skips(const struct cmd_object *a)
{
	for (size_t i = 0; i < a->skip.n && a->only.n; i++) {
		char text[200];
		bool named = false;
		for (size_t k = 0; k < a->only.n; k++)
			named |= !strcmp(a->only.items[k], a->skip.items[i]);
		if (named)
			continue;
		text_print(text, sizeof text, "--skip %s has no effect: --only leaves it out",
			a->skip.items[i]);
		cmd_say("note", text);
	}
}

/* Called for a kernel without BTF: where the layouts of types are from. */
static void note_layouts(void *ctx, const struct layout_source *sources, size_t n)
{
	const bool *explain = ctx;
	char text[LAYOUT_NOTE], kept[LAYOUT_NOTE] = "";
	for (size_t i = 0; i < n; i++) {
		const char *file = sources[i].file;
		bool repeated = false;
		for (size_t k = 0; k < i; k++)
			repeated |= !sources[k].file && !strcmp(sources[k].type, sources[i].type);
		if (!file && !repeated)
			text_list(kept, sizeof kept, "struct %s", sources[i].type);
		text_print(text, sizeof text, "struct %s: %s", sources[i].type,
			file ? file : "as compiled");
		if (*explain && !repeated)
			cmd_say("types", text);
	}
	text_print(text, sizeof text,
		"this kernel has no BTF: fields of %s have the offsets that they were compiled "
		"with",
		kept);
	if (*kept)
		cmd_say("note", text);
}

/* A file that was named and not read had no effect: say so. */
static void note_unused(const struct session *s, const struct cmd_object *a)
{
	if (a->btf && !s->target.btf_needed)
		cmd_say("note", "--btf was not used: nothing depends on kernel types");
	if (a->kconfig && !s->target.config_needed)
		cmd_say("note", "--kconfig was not used: there are no CONFIG_ externs");
}

bool cmd_object_plan(struct session *s, struct plan *plan, const char *path,
	const struct cmd_object *a, struct plan_options opt, struct err *e)
{
	opt.only = a->only.items;
	opt.n_only = a->only.n;
	opt.skip = a->skip.items;
	opt.n_skip = a->skip.n;
	opt.types = a->types.items;
	opt.n_types = a->types.n;
	opt.args = a->args.items;
	opt.n_args = a->args.n;
	opt.target_args = a->on.items;
	opt.n_target_args = a->on.n;
	opt.entries = a->entries.items;
	opt.n_entries = a->entries.n;
	opt.token = a->token;
	opt.records = &record_finder;
	bool explain = a->explain;
	opt.watch = (struct link_watch){.layouts = note_layouts, .ctx = &explain};
	s->target.btf_file = a->btf;
	s->target.config_file = a->kconfig;
	struct record_args records;
	char doing[200];
	text_print(doing, sizeof doing, "planning %s", strcmp(path, "-") ? path : "stdin");
	clean_text(doing);
	progress_tell(&s->progress, doing);
	struct span bytes = {0};
	bool ok = record_args_open(&records, &a->records, path, s, e);
	opt.from = &records.from;
	ok = ok && planner_check_once("--set", a->set.items, a->set.n, "all variables", e) &&
	     file_read(path, &bytes, e) &&
	     (!plan_is_saved(bytes) || check_saved(path, a, &opt, e)) &&
	     plan_from_bytes(plan, strcmp(path, "-") ? path : "stdin", bytes, &opt, &s->target,
		     &s->arena, e);
	progress_end(&s->progress);
	if (ok) {
		record_args_note(&records);
		note_skips(a);
		note_left_out(plan, "--event", &a->records.events, &s->arena);
		note_left_out(plan, "--on", &a->on, &s->arena);
		note_left_out(plan, "--type", &a->types, &s->arena);
	}
	file_free(&bytes);
	record_args_close(&records);
	for (size_t i = 0; ok && i < a->set.n; i++)
		ok = plan_set_variable(plan, a->set.items[i], e);
	if (ok)
		note_unused(s, a);
	return ok;
}
