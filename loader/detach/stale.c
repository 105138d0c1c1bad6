/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "stale.h"

#include "loader/plan/abi.h"
#include "loader/hook/hook.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

enum { IDS_MAX = 64 }; /* the kernel takes no more at one place */

/* ---- what is known for ours: steps ---- */

void leftovers_plan(struct leftovers *l, struct plan *p, struct planner *b, struct hook_use *use,
	const char *who, struct err *e)
{
	*p = (struct plan){.arena = l->arena,
		.path = l->target,
		.name = l->target,
		.release = "",
		.machine = l->kernel->machine,
		.big = host_is_big()};
	*b = (struct planner){.plan = p, .e = e};
	*use = (struct hook_use){.on = l->target,
		.kernel = l->kernel,
		.like = {.who = who, .doing = "clean up", .prog = PLAN_NONE}};
}

void leftovers_step(struct planner *b, int16_t step, const char *note)
{
	struct plan_step *s = plan_step_at(b, step);
	if (!s)
		return;
	s->flags |= STEP_OPTIONAL | STEP_NOTICE;
	s->note = plan_text(b, note);
}

struct removals {
	struct leftovers *l;
	int no;           /* errno of a failure that is not "there is none" */
	const char *hint; /* what its step says to that, or NULL */
};

static void keep_failure(struct removals *r, const struct plan_step *s, int no)
{
	r->no = no;
	r->hint = NULL;
	for (int i = 0; i < PLAN_HINTS && s->hints[i].no; i++)
		if (s->hints[i].no == no)
			r->hint = s->hints[i].text;
}

static void report(void *ctx, const struct exec *x, size_t step, long result)
{
	static const int none[] = {-ENOENT, -EINVAL, -ESRCH, -EOPNOTSUPP};
	struct removals *r = ctx;
	const struct plan_step *s = &x->plan->steps[step];
	if (r->l->report)
		r->l->report->step(r->l->report->ctx, x, step, result);
	if (!(s->flags & STEP_NOTICE))
		return;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (result == none[i])
			return;
	if (result < 0) {
		keep_failure(r, s, (int)-result);
		return;
	}
	fprintf(r->l->out, "%s: %s\n", r->l->target, s->note);
	r->l->removed++;
}

static bool refused(const struct leftovers *l, int no, struct err *e)
{
	err_sys(e, no, "%s", l->target);
	return no == EPERM ? err_hint(e, "to look and to remove takes root") : false;
}

bool leftovers_run(struct leftovers *l, struct planner *b)
{
	struct exec live = {0};
	const char *log;
	struct removals removals = {.l = l};
	const struct exec_report to = {.step = report, .ctx = &removals};
	if (b->failed)
		return err_where(b->e, "%s", l->target);
	bool ok = plan_check(b->plan, b->e) &&
	          exec_run(&live, b->plan, l->arena, l->kfs, l->watch, &to, &log, b->e);
	exec_close(&live);
	if (!ok || !removals.no)
		return ok;
	refused(l, removals.no, b->e);
	return removals.hint && err_hint(b->e, "%s", removals.hint);
}

/* ---- programs that anybody may have attached ---- */

static uint64_t fact(const char *name, const void *info, uint32_t size)
{
	struct abi_field f;
	return abi_field_by_name(ABI_LINK_INFO, name, &f) ? abi_get(&f, info, size) : 0;
}

/* Does the link with that id hold the program there? */
static bool link_holds(const struct leftovers *l, uint32_t id, const struct leftover *f)
{
	uint64_t info[32] = {0}; /* struct bpf_link_info */
	uint32_t n = sizeof info;
	long fd = sys_open_id(l->watch, BPF_LINK_GET_FD_BY_ID, id);
	if (fd < 0)
		return false;
	long r = sys_info(l->watch, (int)fd, info, &n);
	close((int)fd);
	/* Numbers of cgroups are cut to 32 bits where an inode has no more. */
	return !r && fact("type", info, n) == f->link_type && fact("prog_id", info, n) == f->id &&
	       (uint32_t)fact(f->at, info, n) == (uint32_t)f->place &&
	       (!f->as || fact(f->as, info, n) == f->attach_type);
}

static bool is_linked(const struct leftovers *l, const struct leftover *f)
{
	uint32_t id = 0;
	while (f->at && !sys_next_id(l->watch, BPF_LINK_GET_NEXT_ID, &id))
		if (link_holds(l, id, f))
			return true;
	return false;
}

/* Its name; "" when it has none, or the kernel does not say. */
static void name_of(const struct leftovers *l, int fd, bool map, char name[static 16])
{
	uint64_t info[32] = {0}; /* struct bpf_prog_info or bpf_map_info */
	uint32_t n = sizeof info;
	struct abi_field f;
	name[0] = 0;
	if (!sys_info(l->watch, fd, info, &n) &&
		abi_field_by_name(map ? ABI_MAP_INFO : ABI_PROG_INFO, "name", &f))
		snprintf(name, 16, "%.15s", (const char *)info + f.offset);
}

int leftovers_found(struct leftovers *l, const struct leftover *f, struct err *e)
{
	char id[16], name[16];
	if ((l->id && l->id != f->id) || is_linked(l, f))
		return -1;
	long fd =
		sys_open_id(l->watch, f->map ? BPF_MAP_GET_FD_BY_ID : BPF_PROG_GET_FD_BY_ID, f->id);
	if (fd < 0) {
		if (fd != -ENOENT)
			refused(l, (int)-fd, e);
		return -1;
	}
	if (l->id)
		return (int)fd;
	name_of(l, (int)fd, f->map, name);
	close((int)fd);
	snprintf(id, sizeof id, "%" PRIu32, f->id);
	listing_row(&l->programs, id, f->hook, name);
	return -1;
}

void leftovers_gone(struct leftovers *l, const struct leftover *f)
{
	fprintf(l->out, "%s: removed %s %" PRIu32 " (%s)\n", l->target, f->map ? "map" : "program",
		f->id, f->hook);
	l->removed++;
}

static bool detach(struct leftovers *l, int at, int prog, const struct leftover *f, struct err *e)
{
	struct {
		uint32_t target_fd, attach_bpf_fd, attach_type;
	} attr = {(uint32_t)at, (uint32_t)prog, f->attach_type};
	long r = sys_bpf(l->watch, BPF_PROG_DETACH, &attr, sizeof attr);
	if (r < 0)
		return refused(l, (int)-r, e);
	leftovers_gone(l, f);
	return true;
}

bool leftovers_query(struct leftovers *l, int fd, int detach_fd, struct leftover f, struct err *e)
{
	uint32_t ids[IDS_MAX];
	struct {
		uint32_t target_fd, attach_type, query_flags, attach_flags;
		uint64_t prog_ids;
		uint32_t prog_cnt, unused;
	} attr = {(uint32_t)fd, f.attach_type, 0, 0, sys_ptr(ids), IDS_MAX, 0};
	long r = sys_bpf(l->watch, BPF_PROG_QUERY, &attr, sizeof attr);
	if (r < 0)
		return r == -EINVAL || r == -ENOENT || refused(l, (int)-r, e);
	for (uint32_t i = 0; i < attr.prog_cnt && i < IDS_MAX && !e->set; i++) {
		f.id = ids[i];
		int prog = leftovers_found(l, &f, e);
		if (prog >= 0) {
			detach(l, detach_fd, prog, &f, e);
			close(prog);
		}
	}
	return !e->set;
}

/* ---- all ---- */

bool leftovers_remove(struct leftovers *l, bool *listed, struct err *e)
{
	static const char *const heads[] = {"id", "hook", "name", NULL};
	const struct hook_place *place = hook_place(l->target);
	const char *title = arena_printf(l->arena, "%s: attached without a link", l->target);
	l->programs = listing(l->arena, "program", title ? title : l->target, heads);
	*listed = false;
	if (l->id && !place->programs)
		return err_set(e, "%s: no programs with ids are there", l->target);
	if (!place->remove(l, e))
		return false;
	if (l->id && !l->removed) {
		err_set(e, "%s: nothing with the id %" PRIu32 " is attached there without a link",
			l->target, l->id);
		return err_hint(e, "`sonde detach %s` lists those that are", l->target);
	}
	*listed = l->programs.n > 0;
	listing_print(&l->programs, false, l->out);
	if (!l->removed && !*listed)
		fprintf(l->out, "%s: nothing of sonde's is there\n", l->target);
	return true;
}
