/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "binary_path_impl.h"

#include "process_maps.h"

#include "elf/base/format.h"
#include "elf/base/text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char default_path[] = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

bool path_is_file(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISREG(st.st_mode);
}

bool path_same_file(const char *a, const char *b)
{
	struct stat x, y;
	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

const char *path_in_root(const struct path_search *s, const char *path)
{
	return *s->root ? root_path(s->root, path, s->a) : path;
}

/* Length of the prefix "/proc/PID/root", or 0. */
static size_t root_length(const char *path)
{
	size_t n = strlen("/proc/");
	if (strncmp(path, "/proc/", n))
		return 0;
	size_t digits = strspn(path + n, "0123456789");
	n += digits;
	if (!digits || strncmp(path + n, "/root", 5) || (path[n + 5] && path[n + 5] != '/'))
		return 0;
	return n + 5;
}

static bool is_called(const char *file, const char *name)
{
	size_t n = strlen(name);
	if (strncmp(file, name, n))
		return false;
	return !file[n] || file[n] == '.' || !strncmp(file + n, "-", 1);
}

/* /proc/PID/maps has paths as seen by us or by the process: compare the inode. */
static const char *mapped_path(const struct path_search *s, const char *path, uint64_t inode)
{
	const char *copy = arena_strdup(s->a, path);
	const char *paths[] = {copy ? path_in_root(s, copy) : NULL, copy};
	struct stat st;
	for (int i = 0; i < 2; i++)
		if (paths[i] && !stat(paths[i], &st) && S_ISREG(st.st_mode) && st.st_ino == inode)
			return paths[i];
	return NULL;
}

/* The executable mappings of a process tell which file it uses. */
static const char *try_maps(const struct path_search *s, const char *name, int32_t pid)
{
	char line[PATH_MAX + 128];
	struct process_mapping m;
	const char *found = NULL, *maps = arena_printf(s->a, "/proc/%d/maps", (int)pid);
	FILE *f = maps ? fopen(maps, "re") : NULL;
	while (f && !found && fgets(line, sizeof line, f))
		if (process_mapping_parse(line, &m) && *m.path == '/' &&
			is_called(strrchr(m.path, '/') + 1, name))
			found = mapped_path(s, m.path, m.inode);
	if (f)
		fclose(f);
	return found;
}

static bool is_library(const char *name)
{
	return strstr(name, ".so") || !strncmp(name, "lib", 3);
}

static bool not_found(
	const struct path_search *s, const char *name, const char *what, struct err *e)
{
	char list[480] = "";
	for (size_t i = 0; i < s->n; i++)
		text_list(list, sizeof list, "%s", s->directories[i]);
	err_set(e, "there is no %s '%s'%s%s", what, name, *s->root ? " under " : "", s->root);
	return err_hint(e, "searched in %s", list);
}

/* Drops the prefix /proc/PID/root if the process shares our root directory. */
static void shorten(struct binary_path *f, const struct path_search *s)
{
	size_t n = strlen(s->root);
	if (n && !strncmp(f->path, s->root, n) && f->path[n] == '/' &&
		path_same_file(f->path, f->path + n))
		f->path += n;
}

static bool find_bare(
	struct binary_path *f, struct path_search *s, const char *name, int32_t pid, struct err *e)
{
	bool library = is_library(name);
	const char *path = getenv("PATH");
	f->path = pid ? try_maps(s, name, pid) : NULL;
	if (!f->path && library) {
		path_search_add_library_dirs(s);
		f->path = path_search_library(s, name, e);
	} else if (!f->path) {
		path_search_add(s, path && !*s->root ? path : default_path, ":");
		for (size_t i = 0; i < s->n && !f->path; i++)
			f->path = path_search_file(s, s->directories[i], name);
	}
	if (e->set)
		return false;
	if (!f->path)
		return not_found(s, name, library ? "library" : "program", e);
	shorten(f, s);
	f->note = arena_printf(s->a, "'%s' is %s", name, f->path);
	return true;
}

static bool find_relative(struct binary_path *f, const char *name, struct arena *a, struct err *e)
{
	char here[PATH_MAX];
	if (!getcwd(here, sizeof here))
		return err_sys(e, errno, "current directory");
	const char *rest = name;
	while (!strncmp(rest, "./", 2))
		rest += 2 + strspn(rest + 2, "/");
	f->path = arena_printf(a, "%s/%s", strcmp(here, "/") ? here : "", rest);
	if (!f->path)
		return err_nomem(e);
	if (path_is_file(f->path))
		return true;
	const char *rooted =
		*name == '.' || !strcmp(here, "/") ? NULL : arena_printf(a, "/%s", name);
	if (!rooted || !path_is_file(rooted)) {
		err_set(e, "there is no file '%s' in the current%s directory", name,
			rooted ? " or root" : "");
		e->no = ENOENT;
		return err_hint(
			e, "tried %s%s%s", f->path, rooted ? " and " : "", rooted ? rooted : "");
	}
	f->path = rooted;
	f->note = arena_printf(a, "'%s' lacks a leading slash: using %s", name, rooted);
	return true;
}

static bool fail_absolute(const char *name, int no, struct err *e)
{
	const char *base = strrchr(name, '/') + 1;
	err_sys(e, no, "%s", name);
	if (no == ENOENT && *base)
		err_hint(e,
			"'%s' without directories is looked up where programs and libraries are",
			base);
	return false;
}

static bool find_absolute(
	struct binary_path *f, struct path_search *s, const char *name, struct err *e)
{
	size_t n = root_length(name);
	f->path = name;
	if (n) {
		const char *root = arena_strndup(s->a, name, n);
		f->path = root ? root_path(root, name + n, s->a) : NULL;
	} else if (*s->root) {
		const char *inside = path_in_root(s, name);
		if (inside && path_is_file(inside) && !path_same_file(inside, name))
			f->path = inside;
	}
	struct stat st;
	if (!f->path || stat(f->path, &st))
		return fail_absolute(name, f->path ? errno : ELOOP, e);
	return S_ISREG(st.st_mode) || err_set(e, "%s: not a regular file", name);
}

bool binary_path_find(struct binary_path *f, const char *name, const char *machine, int32_t pid,
	struct arena *a, struct err *e)
{
	char root[32] = "";
	struct path_search s = {.a = a, .machine = machine, .root = ""};
	*f = (struct binary_path){0};
	if (pid) {
		text_print(root, sizeof root, "/proc/%d/root", (int)pid);
		bool seen = !access(root, F_OK);
		if (!seen && (errno == ENOENT || !strchr(name, '/')))
			return err_sys(e, errno == ENOENT ? ESRCH : errno,
				"the files of process %d", (int)pid);
		s.root = seen ? root : "";
	}
	if (!*name)
		return err_set(e, "empty file name");
	if (strchr(name, '/'))
		return *name == '/' ? find_absolute(f, &s, name, e) : find_relative(f, name, a, e);
	return find_bare(f, &s, name, pid, e);
}
