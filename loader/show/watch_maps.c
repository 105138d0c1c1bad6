/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "watch_impl.h"

#include "lost_count.h"
#include "terminal.h"

#include "loader/kernel/cpus.h"

#include <string.h>

enum { ROWS_MAX = 40 }; /* of a map on a terminal */

bool watch_add_map(struct watch *w, const struct plan_map *map, struct err *e)
{
	const bool shown = !watch_has_metrics(w);
	struct watch_source *s = watch_add_source(w, shown ? SOURCE_MAP : SOURCE_METRICS, map, e);
	if (!s)
		return false;
	s->info = map_info_of(map);
	s->view = (struct map_view){.btf = watch_types(w),
		.key_type = map->key_type,
		.value_type = map->value_type,
		.rows = ROWS_MAX,
		.cpus = w->opt->cpus,
		.stopped = w->x->watch ? w->x->watch->stopped : NULL};
	if (!watch_bind(w, &s->view.where, (uint32_t[]){map->key_type, map->value_type}, 2, e))
		return false;
	s->stacks = map_view_has_stacks(watch_types(w), map->key_type);
	s->folded = s->view.folded = s->stacks && (!terminal_width(w->opt->out) || w->opt->folded);
	if (map_is_percpu(map->map_type) && !w->cpus)
		w->cpus = cpus_possible(w->x->kfs);
	return true;
}

bool watch_is_stack_map(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_STACK_TRACE && m->key_size == 4;
}

/* If there are several stack maps, their names tell which one holds kernel or user stacks; a kind
 * without its own map shares one. */
void watch_open_names(struct watch *w)
{
	static const char *const words[] = {"kern", "user", ""};
	const struct plan *p = w->x->plan;
	names_open(&w->names, w->x->kfs, w->x->watch, w->arena);
	for (enum stack_kind kind = 0; kind < STACK_KINDS; kind++)
		for (size_t i = p->n_maps; i--;)
			if (watch_is_stack_map(&p->maps[i]) &&
				(w->names.stacks[kind].map < 0 ||
					strstr(p->maps[i].name, words[kind])))
				names_stacks(&w->names, kind, exec_fd(w->x, p->maps[i].slot),
					p->maps[i].value_size);
}

void watch_see_processes(struct watch *w)
{
	for (size_t i = 0; i < w->n_sources; i++) {
		struct watch_source *s = &w->sources[i];
		struct arena scratch = {0};
		struct map_entries entries;
		struct err ignored = {0};
		if (s->kind == SOURCE_MAP && s->stacks &&
			map_snapshot(w->x->watch, s->fd, &s->info, w->cpus ? w->cpus : 1, &scratch,
				&entries, &ignored))
			map_view_see_processes(&s->view, &entries);
		arena_free(&scratch);
	}
}

/* Folded stacks are summed by the program that reads them: write them once. */
static bool waits_for_end(const struct watch_source *s)
{
	return s->folded && !s->w->opt->json && !s->w->ending;
}

/* A line about an empty map would break the format of folded stacks. */
static bool breaks_folded(const struct watch_source *s, const struct map_entries *entries)
{
	const struct watch *w = s->w;
	bool folds = false;
	for (size_t i = 0; i < w->n_sources; i++)
		folds |= w->sources[i].folded;
	return folds && !s->folded && !w->opt->json && !entries->n;
}

/* Reads the first entries, and prints them with the rates since the last time. */
static bool show_table(struct watch_source *s, const struct map_handle *m, struct err *e)
{
	struct watch *w = s->w;
	unsigned now = s->shown % 2, before = !now;
	struct arena scratch = {0};
	arena_free(&s->memory[now]);
	s->taken_ns[now] = sys_now_ns();
	if (!map_top(&s->view, m, &s->entries[now], &s->memory[now], e))
		return err_where(e, "map '%s'", s->info.name);
	if (breaks_folded(s, &s->entries[now]))
		return true;
	if (!s->folded && w->last)
		fputc('\n', w->out);
	w->last = s;
	if (s->shown && !map_index(&s->entries[before], &s->memory[before]))
		return err_nomem(e);
	watch_snapshot(s, s->taken_ns[now]);
	bool ok = map_view_text(w->out, &s->view, &s->entries[now],
		s->shown ? &s->entries[before] : NULL, s->taken_ns[now] - s->taken_ns[before],
		&scratch, e);
	arena_free(&scratch);
	s->shown++;
	return ok;
}

static bool show_json(struct watch_source *s, const struct map_handle *m, struct err *e)
{
	struct arena scratch = {0};
	s->w->last = s;
	watch_snapshot(s, sys_now_ns());
	bool ok = map_dump(s->w->opt->out, &s->view, m, true, &scratch, e) ||
	          err_where(e, "map '%s'", s->info.name);
	arena_free(&scratch);
	s->shown++;
	return ok;
}

bool watch_show_map(struct watch_source *s, struct err *e)
{
	struct watch *w = s->w;
	const struct map_handle m = {w->x->watch, s->fd, w->cpus ? w->cpus : 1};
	s->view.info = &s->info; /* s may have moved since it was added */
	s->view.width = terminal_width(w->opt->out);
	if (waits_for_end(s))
		return true;
	return w->opt->json ? show_json(s, &m, e) : show_table(s, &m, e);
}

uint64_t watch_counted_losses(const struct watch *w)
{
	return lost_count(w->x, watch_types(w), w->cpus);
}
