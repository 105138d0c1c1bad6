/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Options of every verb that plans an object. */
#include "cmd.h"

#include "elf/records/records.h"
#include "loader/plan/variable.h"
#include "loader/planner/plan_source.h"

int cmd_object_option(const struct verb *v, struct cmd_object *a, int c, const char *value)
{
	switch (c) {
	case 'p':
		a->full |= !cmd_list_add(&a->only, value);
		break;
	case CMD_OPT_SKIP:
		a->full |= !cmd_list_add(&a->skip, value);
		break;
	case CMD_OPT_ON:
		a->full |= !cmd_list_add(&a->on, value);
		break;
	case CMD_OPT_EVENT:
		a->full |= !cmd_list_add(&a->events, value);
		break;
	case CMD_OPT_ENTRIES:
		a->full |= !cmd_list_add(&a->entries, value);
		break;
	case 's':
		if (!strchr(value, '='))
			return cmd_usage(v, "--set expects VAR=VALUE, got '%s'", value);
		a->full |= !cmd_list_add(&a->set, value);
		break;
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
		return cmd_usage(v, NULL);
	}
	return OPTION_TAKEN;
}

int cmd_object_file(const struct verb *v, const struct cmd_object *a, int files)
{
	if (a->full)
		return cmd_usage(
			v, "more than %d times --map, --only, --skip, --on or --set", CMD_LIST_MAX);
	if (files != 1)
		return cmd_usage(v, files ? "more than one file given" : "no file given");
	return OPTION_TAKEN;
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
	opt.target_args = a->on.items;
	opt.n_target_args = a->on.n;
	opt.events = a->events.items;
	opt.n_events = a->events.n;
	opt.entries = a->entries.items;
	opt.n_entries = a->entries.n;
	opt.token = a->token;
	opt.records = &record_finder;
	s->target.btf_file = a->btf;
	s->target.config_file = a->kconfig;
	bool ok = planner_check_once("--set", a->set.items, a->set.n, "all variables", e) &&
	          plan_from_file(plan, path, &opt, &s->target, &s->arena, e);
	for (size_t i = 0; ok && i < a->set.n; i++)
		ok = plan_set_variable(plan, a->set.items[i], e);
	if (ok)
		note_unused(s, a);
	return ok;
}
