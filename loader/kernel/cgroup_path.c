/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cgroup_path.h"

#include "elf/base/format.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { FILEID_KERNFS = 0xfe, HANDLE = 8 };

/* Opens the directory with this id, or returns -1. */
static int open_id(int root, uint64_t id)
{
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + HANDLE];
	} handle = {.head = {.handle_bytes = HANDLE, .handle_type = FILEID_KERNFS}};
	memcpy(handle.head.f_handle, &id, HANDLE);
	return open_by_handle_at(root, &handle.head, O_PATH | O_CLOEXEC);
}

/* The path of an open directory, as this process sees it. */
static bool path_of(struct kfs *k, int fd, char *path, size_t size)
{
	char link[32];
	int proc = kfs_dir(k, KFS_PROC);
	text_print(link, sizeof link, "self/fd/%d", fd);
	ssize_t n = proc < 0 ? -1 : readlinkat(proc, link, path, size);
	if (n <= 0 || (size_t)n == size)
		return false;
	path[n] = 0;
	return true;
}

/* Below the root, whose path is a prefix unless the mount is private and has none. */
static bool find_path(struct kfs *k, uint64_t id, char out[static CGROUP_PATH_MAX])
{
	char top[CGROUP_PATH_MAX + KFS_PLACE_MAX], path[sizeof top];
	int root = kfs_open(k, KFS_CGROUP2, ".", O_RDONLY | O_DIRECTORY);
	int fd = root < 0 ? -1 : open_id(root, id);
	bool ok = fd >= 0 && path_of(k, root, top, sizeof top) && path_of(k, fd, path, sizeof path);
	size_t n = ok ? strlen(top) : 0;
	if (n == 1) /* "/" */
		n = 0;
	ok = ok && !strncmp(path, top, n) && strlen(path + n) < CGROUP_PATH_MAX;
	if (ok)
		strcpy(out, path[n] ? path + n : "/");
	if (fd >= 0)
		close(fd);
	if (root >= 0)
		close(root);
	return ok;
}

const char *cgroup_path(struct cgroup_paths *c, struct kfs *k, uint64_t id)
{
	unsigned i = 0;
	if (!id)
		return NULL;
	while (i < CGROUP_PATHS && c->items[i].id != id)
		i++;
	if (i == CGROUP_PATHS) {
		i = c->next++ % CGROUP_PATHS;
		c->items[i].id = id;
		if (!find_path(k, id, c->items[i].path))
			c->items[i].path[0] = 0;
	}
	return c->items[i].path[0] ? c->items[i].path : NULL;
}
