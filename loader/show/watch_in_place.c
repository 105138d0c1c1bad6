/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Maps that are shown in place, and the keys for it. */
#include "watch_impl.h"

#include "terminal.h"

void watch_in_place(struct watch *w)
{
	w->out = w->opt->out;
	w->in_place = w->n_sources && !w->opt->json && terminal_moves(w->opt->out);
	for (size_t i = 0; i < w->n_sources; i++)
		w->in_place &= w->sources[i].kind == SOURCE_MAP && !w->sources[i].folded;
	if (w->in_place)
		screen_open(&w->screen, w->opt->out);
}

bool watch_show_frame(struct watch *w, struct err *e)
{
	bool ok = true;
	FILE *frame = screen_begin(&w->screen);
	if (!frame)
		return err_nomem(e);
	w->out = frame;
	w->last = NULL;
	for (size_t i = 0; ok && i < w->n_sources; i++)
		ok = watch_show_map(&w->sources[i], e);
	if (!w->ending && w->screen.keys >= 0)
		fputs(w->paused ? "\nPaused. Keys: q quit, space go on, s sort\n"
				: "\nKeys: q quit, space pause, s sort\n",
			frame);
	w->out = w->opt->out;
	screen_end(&w->screen);
	return ok;
}

static void next_order(struct map_view *v)
{
	v->order = (v->order + 1) % map_view_orders(v);
}

bool watch_key(struct watch *w)
{
	switch (screen_key(&w->screen)) {
	case SCREEN_QUIT:
		w->done = true;
		return false;
	case SCREEN_PAUSE:
		w->paused = !w->paused;
		return true;
	case SCREEN_SORT:
		for (size_t i = 0; i < w->n_sources; i++)
			next_order(&w->sources[i].view);
		return true;
	default:
		return false;
	}
}

void watch_interrupted(struct watch *w)
{
	screen_keep(&w->screen);
}
