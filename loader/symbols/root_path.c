/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "root_path.h"

#include "elf/base/format.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };

/* Appends a component to a path below the root; ".." does not leave it. */
static bool append(char *to, size_t size, const char *name, size_t n)
{
	size_t len = strlen(to);
	if (!n || (n == 1 && *name == '.'))
		return true;
	if (n == 2 && !strncmp(name, "..", 2)) {
		char *slash = strrchr(to, '/');
		if (slash)
			*slash = 0;
		return true;
	}
	return (size_t)text_print(to + len, size - len, "/%.*s", (int)n, name) < size - len;
}

const char *root_path(const char *root, const char *path, struct arena *a)
{
	char done[PATH_MAX] = "", todo[PATH_MAX], full[PATH_MAX], link[PATH_MAX];
	int links = 0;
	if ((size_t)text_print(todo, sizeof todo, "%s", path) >= sizeof todo)
		return NULL;
	while (*todo) {
		size_t skip = strspn(todo, "/"), n = strcspn(todo + skip, "/");
		char rest[PATH_MAX], before[PATH_MAX];
		text_print(rest, sizeof rest, "%s", todo + skip + n);
		text_print(before, sizeof before, "%s", done);
		if (!append(done, sizeof done, todo + skip, n) ||
			(size_t)text_print(full, sizeof full, "%s%s", root, done) >= sizeof full)
			return NULL;
		/* The root itself is a link that must not be followed. */
		ssize_t len = *done ? readlink(full, link, sizeof link - 1) : -1;
		if (len > 0) {
			link[len] = 0;
			if (++links > LINKS_MAX || (size_t)text_print(todo, sizeof todo, "%s%s",
							   link, rest) >= sizeof todo)
				return NULL;
			text_print(done, sizeof done, "%s", *link == '/' ? "" : before);
		} else {
			text_print(todo, sizeof todo, "%s", rest);
		}
	}
	return arena_printf(a, "%s%s", root, done);
}
