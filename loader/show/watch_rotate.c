/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A file that gets all output and is limited in size. */
#include "watch_impl.h"

#include "elf/base/format.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE = 0644 };

static bool is_full(const struct watch *w)
{
	struct stat st;
	return !fstat(fileno(w->opt->out), &st) && (uint64_t)st.st_size >= w->opt->rotate_bytes;
}

bool watch_rotate(struct watch *w, struct err *e)
{
	const char *path = w->opt->output;
	char old[PATH_MAX];
	if (!w->opt->rotate_bytes || !is_full(w))
		return true;
	if (text_print(old, sizeof old, "%s.1", path) >= PATH_MAX)
		return err_sys(e, ENAMETOOLONG, "%s", path);
	if (rename(path, old))
		return err_sys(e, errno, "rename %s to %s", path, old);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, MODE);
	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	bool ok = dup3(fd, fileno(w->opt->out), O_CLOEXEC) >= 0 || err_sys(e, errno, "%s", path);
	close(fd);
	w->last = NULL; /* a heading for the new file */
	w->last_table = NULL;
	return ok;
}
