/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "event_names.h"

#include "elf/base/format.h"

#include <stdio.h>
#include <string.h>

void events_each(struct kfs *k, event_fn fn, void *ctx)
{
	char line[160];
	FILE *f;
	bool more = true;
	kfs_stream(k, KFS_TRACE, "available_events", &f);
	while (f && more && fgets(line, sizeof line, f)) {
		char *colon = strchr(line, ':');
		line[strcspn(line, "\n")] = 0;
		if (!colon)
			continue;
		*colon = '/';
		more = fn(ctx, line);
	}
	if (f)
		fclose(f);
}

struct sought {
	const char *name;
	char *buf;
	size_t size;
	bool found;
};

static bool compare(void *ctx, const char *event)
{
	struct sought *s = ctx;
	s->found = !strcmp(strchr(event, '/') + 1, s->name);
	if (s->found)
		text_print(s->buf, s->size, "%s", event);
	return !s->found;
}

bool event_find(struct kfs *k, const char *name, char *buf, size_t size)
{
	struct sought s = {name, buf, size, false};
	events_each(k, compare, &s);
	return s.found;
}
