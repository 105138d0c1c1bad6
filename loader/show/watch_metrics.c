/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The numbers of maps for Prometheus: in a file that is replaced at intervals, or as the answer to a request. */
#include "watch_impl.h"

#include "clean.h"
#include "scrape.h"

#include "elf/base/format.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { MODE = 0644 };

static bool add_map(struct metrics *page, struct watch_source *s, struct err *e)
{
	const struct watch *w = s->w;
	struct map_entries entries;
	s->view.info = &s->info; /* s may have moved since it was added */
	if (map_snapshot(
		    w->x->watch, s->fd, &s->info, w->cpus ? w->cpus : 1, page->arena, &entries, e))
		return map_view_metrics(page, &s->view, &entries, e);
	return err_where(e, "map '%s'", s->info.name);
}

static bool add_own(struct metrics *page, const char *name, const char *help, uint64_t v)
{
	struct metric m;
	if (!metric_begin_own(page, &m, name, help))
		return false;
	metric_sample(&m, "");
	metric_unsigned(&m, v);
	return true;
}

static uint64_t all_losses(const struct watch *w)
{
	uint64_t lost = watch_counted_losses(w);
	for (size_t i = 0; i < w->n_sources; i++)
		lost += w->sources[i].lost;
	return lost;
}

bool watch_metrics(struct watch *w, FILE *out, struct err *e)
{
	struct arena scratch = {0};
	FILE *clean = clean_open(out, false);
	struct metrics page = {clean, w->x->plan->name, &scratch, NULL};
	bool ok = clean || err_nomem(e);
	for (size_t i = 0; ok && i < w->n_sources; i++)
		ok = w->sources[i].kind != SOURCE_METRICS || add_map(&page, &w->sources[i], e);
	if (ok && (!add_own(&page, "records", "records and lines that were shown", w->events) ||
			  !add_own(&page, "lost_records", "records and lines that were lost",
				  all_losses(w))))
		ok = err_nomem(e);
	clean_close(clean, out);
	arena_free(&scratch);
	return ok;
}

static bool page(void *ctx, FILE *out)
{
	struct err ignored = {0};
	return watch_metrics(ctx, out, &ignored);
}

void watch_answer(struct watch *w)
{
	scrape_answer(w->opt->metrics_fd, page, w);
}

/* A reader of the file sees all of it or the one before. */
bool watch_write_metrics(struct watch *w, struct err *e)
{
	const char *path = w->opt->metrics_file;
	char new[PATH_MAX];
	if (text_print(new, sizeof new, "%s.new", path) >= PATH_MAX)
		return err_sys(e, ENAMETOOLONG, "%s", path);
	int fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, MODE);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!out)
		return err_sys(e, errno, "%s", new);
	bool ok = watch_metrics(w, out, e);
	bool failed = ferror(out);
	if ((fclose(out) || failed) && ok)
		ok = err_sys(e, errno, "write %s", new);
	if (ok && rename(new, path))
		ok = err_sys(e, errno, "rename %s to %s", new, path);
	if (!ok)
		unlink(new);
	return ok;
}
