/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "test_session.h"

#include "elf/base/format.h"
#include "elf/base/text.h"
#include "loader/explain/kernel_error.h"
#include "loader/kernel/cpus.h"
#include "loader/kernel/map_match.h"
#include "loader/plan/variable.h"
#include "loader/show/map_view.h"
#include "loader/trial/cases.h"

#include <string.h>

bool test_session_open(struct test_session *s, const char *path, const struct cmd_object *a,
	const char *const *sets, size_t n, struct err *e)
{
	const struct plan_options opt = {.load_only = true, .at_once = true};
	struct cmd_steps steps = {0, &s->s.progress};
	const struct exec_report report = {
		.ctx = &steps, .go_on = cmd_go_on, .explain = kernel_error_explain};
	const char *log = NULL;
	*s = (struct test_session){.open = true};
	bool ok = session_open(&s->s, NULL, e) && cmd_object_plan(&s->s, &s->plan, path, a, opt, e);
	for (size_t i = 0; ok && i < n; i++)
		ok = plan_set_variable(&s->plan, sets[i], e);
	ok = ok && exec_run(&s->x, &s->plan, &s->s.arena, &s->s.kfs, &s->s.watch, &report, &log, e);
	progress_end(&s->s.progress);
	if (!ok && !s->x.explained)
		cmd_log(log, false);
	return ok;
}

void test_session_close(struct test_session *s)
{
	struct err ignored = {0};
	if (!s->open)
		return;
	exec_close(&s->x, &ignored);
	session_close(&s->s);
	*s = (struct test_session){0};
}

/* ---- programs ---- */

static bool none(const struct test_session *s, const char *name, struct err *e)
{
	char names[300] = "";
	for (size_t i = 0; i < s->plan.n_progs; i++)
		text_list(names, sizeof names, "%s", s->plan.progs[i].name);
	if (name)
		err_set(e, "%s: there is no program '%s'", s->plan.path, name);
	else
		err_set(e, "%s: the kernel has no test runs of its programs", s->plan.path);
	return *names ? err_hint(e, "its programs are: %s", names) : false;
}

bool test_session_next(
	struct test_session *s, const char *name, size_t *i, struct trial *t, struct err *e)
{
	bool first = !*i;
	for (; *i < s->plan.n_progs; ++*i) {
		const struct plan_prog *p = &s->plan.progs[*i];
		int fd = exec_prog_fd(&s->x, p);
		if (fd < 0 || (name ? strcmp(p->name, name) != 0
				    : trial_takes(p->prog_type) == TRIAL_NOTHING))
			continue;
		*t = (struct trial){fd, p->prog_type, p->name, &s->s.watch, &s->s.arena};
		return true;
	}
	return first ? none(s, name, e) : false;
}

bool test_session_only(
	struct test_session *s, const char *name, size_t *i, struct trial *t, struct err *e)
{
	struct trial other;
	if (!test_session_next(s, name, i, t, e))
		return false;
	size_t next = *i + 1;
	if (name || !test_session_next(s, NULL, &next, &other, e))
		return true;
	err_set(e, "several programs can be run: %s, %s", t->prog, other.prog);
	return err_hint(e, "choose one: --prog NAME, or a line 'prog NAME' before the cases");
}

/* ---- maps ---- */

static bool is_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

static bool show_map(struct test_session *s, const struct plan_map *m, const struct btf *types,
	bool json, FILE *out, struct err *e)
{
	unsigned cpus = cpus_possible(&s->s.kfs);
	struct arena scratch = {0};
	struct map_entries entries;
	const struct map_info info = {
		m->name, m->map_type, m->key_size, m->value_size, m->max_entries, m->map_flags};
	const struct map_view view = {
		.info = &info, .btf = types, .key_type = m->key_type, .value_type = m->value_type};
	bool ok = map_snapshot(
		&s->s.watch, exec_fd(&s->x, m->slot), &info, cpus, &scratch, &entries, e);
	bool empty = ok && is_zero(entries.values, entries.n * entries.cpus * entries.stride);
	if (ok && !empty)
		ok = json ? map_view_json(out, &view, &entries, &scratch, e)
		          : map_view_text(out, &view, &entries, NULL, 0, &scratch, e);
	arena_free(&scratch);
	return ok || err_where(e, "map '%s'", m->name);
}

/* Opens a map of the object with its types. */
static bool open_map(struct test_session *s, const char *name, struct live_map *m, struct err *e)
{
	const struct plan_map *planned = plan_find_map(&s->plan, name);
	struct bpf_map_info info = {0};
	uint32_t n = sizeof info;
	int fd = planned ? exec_fd(&s->x, planned->slot) : -1;
	if (fd < 0)
		return err_set(e, "there is no map '%s'", name);
	long no = sys_info(&s->s.watch, fd, &info, &n);
	if (no)
		return err_sys(e, (int)-no, "map '%s'", name);
	const struct live_ref ref = {.how = LIVE_BY_ID, .id = info.id, .text = name};
	return live_map_open_ref(m, &ref, &s->s.watch, &s->s.arena, e);
}

static struct map_writer writer_of(struct test_session *s, struct live_map *m)
{
	return (struct map_writer){
		m, cpus_possible(&s->s.kfs), MAP_ALL_CPUS, &s->s.watch, &s->s.arena};
}

bool test_session_put(struct test_session *s, const struct case_entry *entry, struct err *e)
{
	struct live_map m;
	if (!open_map(s, entry->map, &m, e))
		return err_where(e, "put");
	const struct map_writer w = writer_of(s, &m);
	bool ok = map_write_element(&w, entry->key, entry->value, e);
	live_map_close(&m);
	return ok || err_where(e, "put");
}

bool test_session_has(struct test_session *s, const struct case_entry *entry, char *why,
	size_t size, struct err *e)
{
	struct live_map m;
	enum map_match match = MAP_DIFFERS;
	bool none = !strcmp(entry->value, "none");
	if (!open_map(s, entry->map, &m, e))
		return false;
	const struct map_writer w = writer_of(s, &m);
	bool ok = map_match_element(&w, entry->key, none ? "" : entry->value, &match, e);
	live_map_close(&m);
	if (match == MAP_NO_ENTRY || none)
		text_print(why, size, "map '%s' has %s entry %s", entry->map,
			match == MAP_NO_ENTRY ? "no" : "an", entry->key);
	else
		text_print(why, size, "map '%s': entry %s is not %s", entry->map, entry->key,
			entry->value);
	return ok && match == (none ? MAP_NO_ENTRY : MAP_MATCHES);
}

bool test_session_maps(struct test_session *s, bool json, FILE *out, struct err *e)
{
	struct btf types;
	bool typed = s->plan.btf.n && btf_open(&types, s->plan.btf, NULL, &s->s.arena, e);
	for (size_t i = 0; i < s->plan.n_maps && !e->set; i++) {
		const struct plan_map *m = &s->plan.maps[i];
		if (exec_fd(&s->x, m->slot) < 0 || (m->data && m->frozen) ||
			map_access(m->map_type) == MAP_OPAQUE)
			continue;
		show_map(s, m, typed ? &types : NULL, json, out, e);
	}
	return !e->set;
}
