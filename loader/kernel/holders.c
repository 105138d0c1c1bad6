/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "holders.h"
#include "elf/base/number.h"
#include "elf/base/format.h"
#include "pin_walk.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 64, TEXT_SIZE = 512 };

struct search {
	struct holders *h;
	struct kfs *kfs;
	const struct sys_watch *watch;
	struct arena *arena;
};

static bool add(struct search *s, struct holder found)
{
	struct holders *h = s->h;
	struct holder *grown = arena_grow(s->arena, h->list, h->n, &h->room, sizeof *grown);
	if (!grown || !found.name)
		return false;
	h->list = grown;
	grown[h->n++] = found;
	return true;
}

/* The ids come first; new kernels add thousands of lines about a link. */
static void read_start(struct search *s, const char *path, char text[static TEXT_SIZE])
{
	text[0] = 0;
	kfs_read_text(s->kfs, KFS_PROC, path, text, TEXT_SIZE);
}

/* ---- processes ---- */

static void note_event(struct search *s, uint32_t pid, uint32_t fd)
{
	struct holders *h = s->h;
	struct holder_event *grown =
		arena_grow(s->arena, h->events, h->n_events, &h->events_room, sizeof *grown);
	if (grown) {
		h->events = grown;
		grown[h->n_events++] = (struct holder_event){pid, fd};
	}
}

/* The link of a descriptor is cheaper to read than its fdinfo. */
static void look_at(struct search *s, uint32_t pid, const char *fd, const char **comm)
{
	char path[PATH_SIZE], text[TEXT_SIZE];
	enum live_kind kind;
	uint32_t id;
	int proc = kfs_dir(s->kfs, KFS_PROC);
	text_print(path, sizeof path, "%u/fd/%.20s", pid, fd);
	ssize_t n = readlinkat(proc, path, text, sizeof text - 1);
	text[n > 0 ? n : 0] = 0;
	if (!strcmp(text, "anon_inode:[perf_event]"))
		note_event(s, pid, (uint32_t)text_ulong(fd, NULL, 10));
	if (strncmp(text, "anon_inode:bpf", 14) != 0)
		return;
	text_print(path, sizeof path, "%u/fdinfo/%.20s", pid, fd);
	read_start(s, path, text);
	if (!pin_identified(text, &kind, &id))
		return;
	if (!*comm) {
		text_print(path, sizeof path, "%u/comm", pid);
		kfs_read_text(s->kfs, KFS_PROC, path, text, sizeof text);
		text[strcspn(text, "\n")] = 0;
		*comm = arena_strdup(s->arena, text);
	}
	add(s, (struct holder){kind, id, pid, *comm});
}

static void look_at_process(struct search *s, uint32_t pid)
{
	char path[PATH_SIZE];
	const char *comm = NULL;
	text_print(path, sizeof path, "%u/fd", pid);
	DIR *dir = kfs_list(s->kfs, KFS_PROC, path);
	for (struct dirent *d; dir && (d = readdir(dir));)
		if (isdigit((unsigned char)*d->d_name))
			look_at(s, pid, d->d_name, &comm);
	if (dir)
		closedir(dir);
}

/* ---- pins ---- */

static void look_at_pin(void *ctx, const char *path, const struct stat *st)
{
	struct search *s = ctx;
	enum live_kind kind;
	uint32_t id;
	if (S_ISREG(st->st_mode) && pin_identify(s->kfs, s->watch, path, &kind, &id))
		add(s, (struct holder){kind, id, 0, arena_strdup(s->arena, path)});
}

void holders_find(struct holders *h, struct kfs *k, const struct sys_watch *watch, struct arena *a)
{
	struct search s = {h, k, watch, a};
	*h = (struct holders){0};
	DIR *dir = kfs_list(k, KFS_PROC, ".");
	for (struct dirent *d; dir && (d = readdir(dir));) {
		uint32_t pid = (uint32_t)text_ulong(d->d_name, NULL, 10);
		if (pid && pid != (uint32_t)getpid())
			look_at_process(&s, pid);
	}
	if (dir)
		closedir(dir);
	int pins = kfs_open(k, KFS_BPF, ".", O_RDONLY | O_DIRECTORY);
	if (pins >= 0)
		pin_walk(pins, kfs_where(k, KFS_BPF), look_at_pin, &s);
}

const struct holder *holders_next(
	const struct holders *h, enum live_kind kind, uint32_t id, const struct holder *after)
{
	for (const struct holder *x = after ? after + 1 : h->list; x && x < h->list + h->n; x++)
		if (x->kind == kind && x->id == id)
			return x;
	return NULL;
}
