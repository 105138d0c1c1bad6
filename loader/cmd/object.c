/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The options that say how an object is to be planned: the same for every verb that plans one. */
#include "cmd.h"

bool cmd_object_option(struct cmd_object *a, int c, const char *value, const char **wrong)
{
	*wrong = NULL;
	switch (c) {
	case 'p':
		a->full |= !cmd_list_add(&a->only, value);
		return true;
	case CMD_OPT_ON:
		a->full |= !cmd_list_add(&a->on, value);
		return true;
	case CMD_OPT_EVENT:
		a->full |= !cmd_list_add(&a->events, value);
		return true;
	case 's':
		if (!strchr(value, '='))
			*wrong = "--set: '%s' is not VAR=VALUE";
		a->full |= !cmd_list_add(&a->set, value);
		return true;
	case CMD_OPT_BTF:
		a->btf = value;
		return true;
	case CMD_OPT_TOKEN:
		a->token = value;
		return true;
	case CMD_OPT_KCONFIG:
		a->kconfig = value;
		return true;
	default:
		return false;
	}
}

bool cmd_object_plan(struct sonde *s, struct plan *plan, const char *path,
	const struct cmd_object *a, struct plan_options opt, struct err *e)
{
	opt.only = a->only.items;
	opt.n_only = a->only.n;
	opt.on = a->on.items;
	opt.n_on = a->on.n;
	opt.events = a->events.items;
	opt.n_events = a->events.n;
	opt.token = a->token;
	s->target.btf_file = a->btf;
	s->target.config_file = a->kconfig;
	bool ok = sonde_plan(s, plan, path, &opt, e);
	for (size_t i = 0; ok && i < a->set.n; i++)
		ok = plan_set(plan, a->set.items[i], e);
	return ok;
}
