/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "pin_folder.h"
#include "kfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char *const names[PIN_KINDS] = {"link", "prog", "map"};

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* The entries of a folder that has been opened, which stays open; NULL with errno set. */
static DIR *entries_of(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d && fd >= 0)
		close(fd);
	return d;
}

/* Removes all files. Deleting while reading makes the kernel skip some: it is read until it is empty. */
static int remove_files(int folder, unsigned *n)
{
	for (unsigned before = *n;; before = *n) {
		int no = 0;
		DIR *d = entries_of(folder);
		if (!d)
			return errno;
		for (struct dirent *entry; !no && (entry = readdir(d));) {
			if (is_dots(entry->d_name))
				continue;
			no = unlinkat(folder, entry->d_name, 0) ? errno : 0;
			*n += !no;
		}
		closedir(d);
		if (no || *n == before)
			return no;
	}
}

static int remove_kind(int dir, const char *name, unsigned *n)
{
	int folder = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return errno;
	int no = remove_files(folder, n);
	close(folder);
	return no ? no : unlinkat(dir, name, AT_REMOVEDIR) ? errno : 0;
}

static bool remove_all(int dir, const char *path, struct pin_folder *out, struct err *e)
{
	bool any = false;
	for (int kind = 0; kind < PIN_KINDS; kind++) {
		int no = remove_kind(dir, names[kind], &out->n[kind]);
		any |= !no;
		if (no && no != ENOENT)
			return err_sys(e, no, "%s/%s", path, names[kind]);
	}
	if (any)
		return true;
	err_set(e, "%s: no pins of sonde load: there is no folder link, prog or map in it", path);
	return false;
}

bool pin_folder_remove(const char *path, struct pin_folder *out, struct err *e)
{
	*out = (struct pin_folder){0};
	int dir = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_sys(e, errno, "%s", path);
	int no = -kfs_is(dir, KFS_BPF);
	bool ok = !no;
	if (no == ENOENT) {
		err_set(e, "%s: not in a bpf file system", path);
		err_hint(e, "name the directory that was given to sonde load --pin");
	} else if (no) {
		err_sys(e, no, "%s", path);
	}
	ok = ok && remove_all(dir, path, out, e);
	close(dir);
	if (!ok)
		return false;
	if (!rmdir(path))
		return true;
	out->others = errno == ENOTEMPTY;
	return out->others || err_sys(e, errno, "%s", path);
}
