/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "sonde.h"

#include "loader/kernel/file.h"

bool sonde_open(struct sonde *s, const char *target_dir, struct err *e)
{
	*s = (struct sonde){0};
	return target_open(&s->target, target_dir, &s->arena, &s->kfs, &s->watch, e);
}

/* Offsets in its code are those of one kernel: on another they would read something else. */
static bool check_release(const struct sonde *s, const struct plan *p, struct err *e)
{
	if (!*p->release || !strcmp(p->release, s->target.release))
		return true;
	err_set(e, "%s: made for Linux %s, this is %s", p->path, p->release, s->target.release);
	return err_hint(
		e, "its programs depend on the types of that kernel: plan again from the object");
}

static bool load_saved(struct sonde *s, struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct err *e)
{
	if (!plan_load(p, path, bytes, &s->arena, e))
		return false;
	if (opt->n_only)
		return err_set(e,
			"%s: a saved plan is run as a whole; choose programs when planning", path);
	return check_release(s, p, e);
}

bool sonde_plan(struct sonde *s, struct plan *p, const char *path, const struct plan_options *opt,
	struct err *e)
{
	struct span bytes = {0};
	if (!file_read(path, &bytes, e))
		return false;
	bool ok = plan_is_saved(bytes) ? load_saved(s, p, path, bytes, opt, e)
	                               : plan_object(p, path, bytes, opt, &s->target, &s->arena, e);
	file_free(&bytes);
	return ok;
}

bool sonde_leftovers(struct sonde *s, const char *target, uint32_t id,
	const struct exec_report *report, FILE *out, bool *listed, struct err *e)
{
	struct stale l = {.place = target,
		.id = id,
		.kernel = &s->target,
		.arena = &s->arena,
		.watch = &s->watch,
		.report = report,
		.out = out};
	return stale_remove(&l, listed, e);
}

void sonde_close(struct sonde *s)
{
	target_close(&s->target);
	kfs_close(&s->kfs);
	arena_free(&s->arena);
}
