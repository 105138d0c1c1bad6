/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Marks tell what sonde attached, but not which: one that is running still owns its attachments. */
#include "stale_impl.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "loader/kernel/kfs.h"

#include <ctype.h>
#include <dirent.h>
#include <unistd.h>

enum { PATH_SIZE = 64, TEXT_SIZE = 256 };

static bool read_text(struct kfs *k, const char *pid, const char *file, char *text)
{
	char path[PATH_SIZE];
	text_print(path, sizeof path, "%.20s/%s", pid, file);
	return kfs_read_text(k, KFS_PROC, path, text, TEXT_SIZE) > 0;
}

/* Whether the descriptor is that of a program of one of the types. */
static bool holds(struct kfs *k, const char *pid, const char *fd, uint64_t types)
{
	static const char field[] = "prog_type:";
	char file[PATH_SIZE], text[TEXT_SIZE];
	text_print(file, sizeof file, "fdinfo/%.20s", fd);
	const char *at = read_text(k, pid, file, text) ? strstr(text, field) : NULL;
	unsigned long type = at ? text_ulong(at + sizeof field - 1, NULL, 10) : 0;
	return type < 64 && types >> type & 1;
}

static bool is_owner(struct kfs *k, const char *pid, uint64_t types)
{
	char path[PATH_SIZE], name[TEXT_SIZE], own[TEXT_SIZE];
	if (!read_text(k, pid, "comm", name) || !read_text(k, "self", "comm", own) ||
		(strcmp(name, own) != 0 && strcmp(name, "sonde\n") != 0))
		return false;
	text_print(path, sizeof path, "%.20s/fd", pid);
	DIR *dir = kfs_list(k, KFS_PROC, path);
	bool found = false;
	for (struct dirent *d; dir && !found && (d = readdir(dir));)
		found = isdigit((unsigned char)*d->d_name) && holds(k, pid, d->d_name, types);
	if (dir)
		closedir(dir);
	return found;
}

bool stale_is_owned(struct stale *l, uint64_t types, struct err *e)
{
	struct kfs *k = l->kernel->kfs;
	unsigned long owner = 0;
	DIR *dir = kfs_list(k, KFS_PROC, ".");
	for (struct dirent *d; dir && !owner && (d = readdir(dir));) {
		unsigned long pid = text_ulong(d->d_name, NULL, 10);
		if (pid && pid != (unsigned long)getpid() && is_owner(k, d->d_name, types))
			owner = pid;
	}
	if (dir)
		closedir(dir);
	if (!owner)
		return false;
	err_set(e, "%s: process %lu, which is running, may own what is attached there", l->place,
		owner);
	return err_hint(e, "it detaches when it ends: kill %lu", owner), true;
}
