/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "session.h"

bool session_open(struct session *s, const char *target_dir, struct err *e)
{
	s->arena = (struct arena){0};
	s->kfs = (struct kfs){0};
	s->watch = (struct sys_watch){0};
	s->progress = (struct progress){0};
	arena_lend(&s->arena, s->room, sizeof s->room);
	return target_open(&s->target, target_dir, &s->arena, &s->kfs, &s->watch, e);
}

void session_close(struct session *s)
{
	progress_end(&s->progress);
	target_close(&s->target);
	kfs_close(&s->kfs);
	arena_free(&s->arena);
}
