/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What is missing from the output. */
#include "watch_impl.h"

#include "lost_count.h"
#include "print.h"

#include <inttypes.h>

static void loss_json(const struct watch *w, const char *name, uint64_t n)
{
	if (w->opt->json)
		lost_json(w->opt->out, name, n);
}

void watch_lost(struct watch_source *s, uint64_t n)
{
	if (n)
		loss_json(s->w, s->name, n);
	s->lost += n;
}

/* The source whose losses the map `lost` counts: unknown if there are several. */
static const char *counted_name(const struct watch *w)
{
	const char *name = NULL;
	size_t rings = 0;
	for (size_t i = 0; i < w->n_sources; i++)
		if (w->sources[i].kind == SOURCE_RING) {
			name = w->sources[i].name;
			rings++;
		}
	return rings == 1 ? name : NULL;
}

/* The kernel does not count records lost by a full ring buffer, but how full it was is known. */
static bool was_nearly_full(const struct watch_source *s)
{
	const struct ring *r = &s->ring;
	return s->kind == SOURCE_RING && r->peak > r->size - r->size / 8;
}

void watch_tell_losses(const struct watch *w)
{
	FILE *status = w->opt->status;
	uint64_t counted = watch_has_kind(w, SOURCE_MAP) ? 0 : watch_counted_losses(w);
	if (counted) {
		loss_json(w, counted_name(w), counted);
		if (status)
			print(status,
				"note: %" PRIu64
				" records were lost because the ring buffer was full\n",
				counted);
		return;
	}
	for (size_t i = 0; i < w->n_sources; i++) {
		const struct watch_source *s = &w->sources[i];
		const char *what = s->map ? "map '" : "the buffer for ", *end = s->map ? "'" : "";
		if (was_nearly_full(s))
			loss_json(w, s->name, LOST_UNKNOWN);
		if (status && s->lost)
			print(status, "note: %s%s%s: %" PRIu64 " records were lost\n", what,
				s->name, end, s->lost);
		else if (status && was_nearly_full(s))
			print(status, "note: %s%s%s was nearly full: records were probably lost\n",
				what, s->name, end);
	}
}
