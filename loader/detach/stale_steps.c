/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "stale_impl.h"

#include "loader/plan/abi.h"
#include "loader/plan/check.h"
#include "loader/show/print.h"

#include <errno.h>

/* The plan under construction and what its execution found. */
struct removal {
	struct stale *l;
	struct plan plan;
	struct plan_builder b;
	struct hook_use use;
	int no;           /* errno of a failure other than "nothing to remove" */
	const char *hint; /* of the step that failed, or NULL */
};

static void start(struct removal *r, struct stale *l, const char *who, struct err *e)
{
	*r = (struct removal){.l = l,
		.plan = {.arena = l->arena,
			.path = l->place,
			.name = l->place,
			.release = "",
			.machine = l->kernel->machine,
			.big = host_is_big()},
		.use = {.arg = l->place,
			.kernel = l->kernel,
			.like = {.who = who, .doing = "clean up", .prog = PLAN_NONE}}};
	r->b = (struct plan_builder){.plan = &r->plan, .e = e};
}

static void keep_failure(struct removal *r, const struct plan_step *s, int no)
{
	r->no = no;
	r->hint = NULL;
	for (int i = 0; i < PLAN_HINTS && s->hints[i].no; i++)
		if (s->hints[i].no == no)
			r->hint = s->hints[i].text;
}

static bool means_none(long result)
{
	return result == -ENOENT || result == -EINVAL || result == -ESRCH || result == -EOPNOTSUPP;
}

static void report(void *ctx, const struct exec *x, size_t step, long result)
{
	struct removal *r = ctx;
	const struct plan_step *s = &x->plan->steps[step];
	if (r->l->report && r->l->report->step)
		r->l->report->step(r->l->report->ctx, x, step, result);
	if (!(s->flags & STEP_NOTICE) || means_none(result))
		return;
	if (result < 0) {
		keep_failure(r, s, (int)-result);
		return;
	}
	print(r->l->out, "%s: %s\n", r->l->place, s->note);
	r->l->removed++;
}

static bool execute(struct removal *r)
{
	struct exec live = {0};
	const char *log;
	struct stale *l = r->l;
	struct err *e = r->b.e;
	const struct exec_report to = {
		.ctx = r, .step = report, .explain = l->report ? l->report->explain : NULL};
	if (r->b.failed)
		return err_where(e, "%s", l->place);
	bool ok = plan_check(&r->plan, e) &&
	          exec_run(&live, &r->plan, l->arena, l->kernel->kfs, l->watch, &to, &log, e);
	ok = exec_close(&live, e) && ok;
	if (!ok || !r->no)
		return ok;
	stale_explain(l, r->no, e);
	return r->hint && err_hint(e, "%s", r->hint);
}

bool stale_run(struct stale *l, const char *who,
	void (*plan)(struct plan_builder *b, const struct hook_use *use), struct err *e)
{
	struct removal r;
	start(&r, l, who, e);
	plan(&r.b, &r.use);
	return execute(&r);
}

bool stale_run_xdp(struct stale *l, uint32_t mode, struct err *e)
{
	struct removal r;
	start(&r, l, "xdp", e);
	removal_xdp(&r.b, &r.use, mode);
	return execute(&r);
}
