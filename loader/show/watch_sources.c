/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "watch_impl.h"

#include "elf/base/text.h"

#include "loader/plan/abi.h"

struct watch_source *watch_add_source(
	struct watch *w, enum source_kind kind, const struct plan_map *map, struct err *e)
{
	struct watch_source *s =
		arena_grow(w->arena, w->sources, w->n_sources, &w->room, sizeof *s);
	if (!s) {
		err_nomem(e);
		return NULL;
	}
	w->sources = s;
	s += w->n_sources++;
	*s = (struct watch_source){.kind = kind,
		.w = w,
		.map = map,
		.name = map ? map->name : "bpf_printk",
		.fd = map ? exec_fd(w->x, map->slot) : -1};
	return s;
}

bool watch_has_kind(const struct watch *w, enum source_kind kind)
{
	for (size_t i = 0; i < w->n_sources; i++)
		if (w->sources[i].kind == kind)
			return true;
	return false;
}

void watch_snapshot(const struct watch_source *s, uint64_t taken_ns)
{
	struct json j = json_start(s->w->opt->out);
	if (!s->w->opt->json)
		return;
	json_open(&j, '{');
	json_member_uint(&j, "snapshot", s->shown + UINT64_C(1));
	json_member_str(&j, "of", s->name);
	json_member_uint(&j, "time_ns", taken_ns);
	json_line(&j);
}

bool watch_can_show(const struct plan *p, const char *name, struct err *e)
{
	const struct plan_map *m = plan_find_map(p, name);
	char names[400] = "", nick[48];
	if (m && (is_ring(m) || is_perf(m) || is_listable(m)))
		return true;
	if (m)
		return err_set(e, "map '%s': a map of type %s has no entries to list", name,
			abi_nick(ABI_MAP_TYPES, m->map_type, nick));
	for (size_t i = 0; i < p->n_maps; i++)
		text_list(names, sizeof names, "%s", p->maps[i].name);
	err_set(e, "%s: there is no map '%s'", p->path, name);
	return err_hint(e, "%s%s", *names ? "its maps are: " : "it has no maps", names);
}

static bool add_wanted_map(struct watch *w, const char *name, struct err *e)
{
	const struct plan_map *m = plan_find_map(w->x->plan, name);
	if (!watch_can_show(w->x->plan, name, e))
		return false;
	if (is_ring(m) || is_perf(m))
		return true; /* always shown */
	if (!watch_add_map(w, m, e))
		return false;
	return !w->opt->folded || w->sources[w->n_sources - 1].folded ||
	       err_set(e, "--folded: map '%s' has no stacks", name);
}

/* Not shown unless requested: maps tagged as hidden, and stacks that are shown with the map whose
 * keys refer to them. */
static bool is_hidden(const struct watch *w, const struct plan_map *m)
{
	const struct plan *p = w->x->plan;
	enum typed_unit unit;
	if (typed_variable(watch_types(w), m->name, &unit) == TYPED_KERNEL)
		return true;
	for (size_t i = 0; watch_is_stack_map(m) && i < p->n_maps; i++)
		if (map_view_has_stacks(watch_types(w), p->maps[i].key_type))
			return true;
	return false;
}

/* All but constant data sections; with --folded, only those with stacks. */
static bool add_all_maps(struct watch *w, struct err *e)
{
	const struct plan *p = w->x->plan;
	for (size_t i = 0; i < p->n_maps; i++) {
		const struct plan_map *m = &p->maps[i];
		if (is_listable(m) && !(m->data && m->frozen) && !is_hidden(w, m) &&
			(!w->opt->folded || map_view_has_stacks(watch_types(w), m->key_type)) &&
			!watch_add_map(w, m, e))
			return false;
	}
	return true;
}

/* Whether something is shown. */
static bool shows_any(const struct watch *w)
{
	bool any = false;
	for (size_t i = 0; i < w->n_sources; i++)
		any |= !w->opt->folded || w->sources[i].folded;
	return any;
}

bool watch_add_sources(struct watch *w, struct err *e)
{
	const struct plan *p = w->x->plan;
	bool prints = false;
	for (size_t i = 0; i < p->n_maps; i++)
		if ((is_ring(&p->maps[i]) && !watch_add_ring(w, &p->maps[i], e)) ||
			(is_perf(&p->maps[i]) && !watch_add_perf(w, &p->maps[i], e)))
			return false;
	for (size_t i = 0; i < p->n_progs; i++)
		prints |= p->progs[i].prints;
	if (prints && !w->opt->folded && !watch_add_printk(w, e))
		return false;
	if (!w->opt->folded && !watch_add_streams(w, e))
		return false;
	if (!watch_add_iterators(w, e))
		return false;
	for (size_t i = 0; i < w->opt->n_maps; i++)
		if (!add_wanted_map(w, w->opt->maps[i], e))
			return false;
	bool all = !shows_any(w) || (watch_has_metrics(w) && !w->opt->n_maps);
	if (all && !add_all_maps(w, e))
		return false;
	if (shows_any(w) || !w->opt->folded)
		return true;
	err_set(e, "--folded: there are no stacks in records or in keys of maps");
	return err_hint(e, "docs/records.md tells which members are stacks");
}
