/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "stale_impl.h"

#include "elf/base/bpf_abi.h"
#include "loader/hook/process_socket.h"
#include "loader/show/print.h"

#include <inttypes.h>

static bool is_device(const char *text)
{
	return !strncmp(text, "/dev/", 5);
}

/* Directories below the root of cgroup2 as well: "a/b", "./a", ".". */
static bool is_directory(const char *text)
{
	return strchr(text, '/') || !strcmp(text, ".");
}

static bool remove_probes(struct stale *l, struct err *e)
{
	return stale_run(l, "tracefs", removal_probes, e);
}

#define TYPE(name) (UINT64_C(1) << BPF_PROG_TYPE_##name)

static bool remove_route(struct stale *l, struct err *e)
{
	const uint64_t types = TYPE(LWT_IN) | TYPE(LWT_OUT) | TYPE(LWT_XMIT) | TYPE(LWT_SEG6LOCAL);
	return !stale_is_owned(l, types, e) && stale_run(l, "route", removal_route, e);
}

static bool remove_socket_options(struct stale *l, struct err *e)
{
	return stale_run(l, "socket", removal_socket_options, e);
}

/* tc filters bear our mark, XDP programs do not. */
static bool remove_from_interface(struct stale *l, struct err *e)
{
	const uint64_t types = TYPE(SCHED_CLS) | TYPE(SCHED_ACT);
	return (l->id || (!stale_is_owned(l, types, e) && stale_run(l, "tc", removal_tc, e))) &&
	       stale_xdp(l, e);
}

static const struct stale_place places[] = {
	{"own", NULL, true, stale_namespace},
	{"probes", NULL, false, remove_probes},
	{"struct_ops", NULL, true, stale_struct_ops},
	{NULL, process_socket_is_spec, false, remove_socket_options},
	{NULL, removal_is_route, false, remove_route},
	{NULL, is_device, true, stale_receiver},
	{NULL, is_directory, true, stale_cgroup},
	{NULL, NULL, true, remove_from_interface},
};

const struct stale_place *stale_place(const char *text)
{
	const struct stale_place *p = places;
	while (p->word ? strcmp(p->word, text) : p->matches && !p->matches(text))
		p++;
	return p;
}

bool stale_remove(struct stale *l, bool *listed, struct err *e)
{
	static const char *const heads[] = {"id", "hook", "name", NULL};
	const struct stale_place *place = stale_place(l->place);
	const char *title = arena_printf(l->arena, "%s: attached without a link", l->place);
	l->programs = listing(l->arena, "program", title ? title : l->place, heads);
	*listed = false;
	if (l->id && !place->has_ids)
		return err_set(e, "%s: nothing there is identified by an id", l->place);
	if (!place->remove(l, e))
		return false;
	if (l->id && !l->removed) {
		err_set(e, "%s: nothing with id %" PRIu32 " is attached there without a link",
			l->place, l->id);
		return err_hint(e, "`sonde detach %s` lists those that are", l->place);
	}
	*listed = l->programs.n > 0;
	listing_print(&l->programs, false, l->out);
	if (!l->removed && !*listed)
		print(l->out, "%s: no stale attachment of sonde's\n", l->place);
	return true;
}
