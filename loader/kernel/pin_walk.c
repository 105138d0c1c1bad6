/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "pin_walk.h"

#include "elf/base/format.h"
#include "elf/base/number.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PIN_DEPTH = 8, PIN_PATH = 512, FDINFO_MAX = 512 };

bool pin_identified(const char *fdinfo, enum live_kind *kind, uint32_t *id)
{
	/* A link tells its program's id, too, and a program's maps are not told. */
	static const struct {
		const char *field;
		enum live_kind kind;
	} fields[] = {
		{"\nlink_id:", LIVE_LINK}, {"\nprog_id:", LIVE_PROG}, {"\nmap_id:", LIVE_MAP}};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const char *at = strstr(fdinfo, fields[i].field);
		if (at) {
			*kind = fields[i].kind;
			*id = (uint32_t)text_ulong(at + strlen(fields[i].field), NULL, 10);
			return true;
		}
	}
	return false;
}

bool pin_identify(struct kfs *k, const struct sys_watch *watch, const char *path,
	enum live_kind *kind, uint32_t *id)
{
	char own[40], text[FDINFO_MAX] = "";
	long fd = sys_open_pin(watch, path);
	if (fd < 0)
		return false;
	text_print(own, sizeof own, "self/fdinfo/%ld", fd);
	kfs_read_text(k, KFS_PROC, own, text, sizeof text); /* its start is enough */
	close((int)fd);
	return pin_identified(text, kind, id);
}

static void walk(int folder, const char *where, unsigned depth,
	void (*fn)(void *ctx, const char *path, const struct stat *st), void *ctx)
{
	char path[PIN_PATH];
	struct stat st;
	DIR *dir = fdopendir(folder);
	for (struct dirent *d; dir && (d = readdir(dir));) {
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, "..") ||
			text_print(path, sizeof path, "%s/%s", where, d->d_name) >= PIN_PATH ||
			fstatat(folder, d->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		fn(ctx, path, &st);
		int below = S_ISDIR(st.st_mode) && depth < PIN_DEPTH
		                    ? openat(folder, d->d_name,
					      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
		                    : -1;
		if (below >= 0)
			walk(below, path, depth + 1, fn, ctx);
	}
	if (dir)
		closedir(dir);
	else
		close(folder);
}

void pin_walk(int folder, const char *where,
	void (*fn)(void *ctx, const char *path, const struct stat *st), void *ctx)
{
	walk(folder, where, 0, fn, ctx);
}
