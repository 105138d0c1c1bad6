/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records of tracepoints, from tracefs or from a directory that describes another kernel. */
#include "target.h"

#include "elf/base/format.h"
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

/* Whether a name from an object is that of a file, not a path. */
static bool is_plain(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

static int open_events(struct target *t, struct err *e)
{
	char path[PATH_SIZE];
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	if (!t->dir) {
		int fd = kfs_open(t->kfs, KFS_TRACE, "events", flags);
		if (fd < 0)
			kfs_explain(t->kfs, KFS_TRACE, "events", fd, e);
		return fd;
	}
	text_print(path, sizeof path, "%s/events", t->dir);
	int fd = open(path, flags);
	if (fd < 0)
		err_sys(e, errno, "%s", path);
	return fd;
}

static int open_format(int events, const char *group, const char *event)
{
	char path[PATH_SIZE];
	bool fits =
		(size_t)text_print(path, sizeof path, "%s/%s/format", group, event) < sizeof path;
	int fd = fits ? openat(events, path, O_RDONLY | O_CLOEXEC) : -1;
	return fd >= 0 ? fd : fits ? -errno : -ENOENT;
}

/* The first group, in alphabetical order, that has an event; NULL if none has. */
static const char *find_group(struct target *t, int events, const char *event)
{
	const char *first = NULL;
	int copy = fcntl(events, F_DUPFD_CLOEXEC, 0), fd;
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		const char *name = entry->d_name;
		if (*name == '.' || (first && strcmp(name, first) >= 0) ||
			(fd = open_format(events, name, event)) < 0)
			continue;
		close(fd);
		first = arena_strdup(t->arena, name);
	}
	if (d)
		closedir(d);
	else if (copy >= 0)
		close(copy);
	return first;
}

/* Reads a file completely. Returns 0 or -errno. */
static int read_all(struct target *t, int fd, struct span *text)
{
	struct span bytes = {0};
	int no = file_read_fd(fd, 0, &bytes);
	if (no)
		return no;
	const uint8_t *p = arena_copy(t->arena, bytes.p, bytes.n);
	*text = (struct span){p, p ? bytes.n : 0, bytes.big};
	file_free(&bytes);
	return p ? 0 : -ENOMEM;
}

bool target_event_format(void *ctx, const char *group, const char *event, struct span *text,
	const char **path, struct err *e)
{
	struct target *t = ctx;
	if ((group && !is_plain(group)) || !is_plain(event))
		return false;
	int events = open_events(t, e);
	if (events < 0)
		return false;
	group = group ? group : find_group(t, events, event);
	int fd = group ? open_format(events, group, event) : -ENOENT;
	int no = fd < 0 ? fd : read_all(t, fd, text);
	close(events);
	if (fd >= 0)
		close(fd);
	if (no == -ENOENT || no == -ENOTDIR)
		return false;
	*path = arena_printf(t->arena, "%s/events/%s/%s/format",
		t->dir ? t->dir : kfs_where(t->kfs, KFS_TRACE), group, event);
	if (no)
		return err_sys(e, -no, "%s", *path ? *path : event);
	return *path || err_nomem(e);
}
