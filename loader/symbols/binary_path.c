/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "binary_path.h"

#include "elf/base/arch.h"
#include "ksyms.h"
#include "symbols.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDERS_MAX = 64, LINKS_MAX = 40, CONF_DEPTH = 4 };

static const char default_path[] = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

struct search {
	struct arena *a;
	const char *machine;
	const char *root; /* put in front of every path: "" or "/proc/PID/root" */
	const char *folders[FOLDERS_MAX];
	size_t n;
};

static bool is_file(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISREG(st.st_mode);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;
	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* ---- another root folder ---- */

/* Length of a leading "/proc/PID/root", 0 if it doesn't begin so. */
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

/* One more component at the end of `to`, which is below the root; ".." stays in it. */
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
	return (size_t)snprintf(to + len, size - len, "/%.*s", (int)n, name) < size - len;
}

/*
 * A path in another root with its symbolic links followed in there: the kernel would take one that
 * begins with a slash for a path in ours. NULL when that is impossible.
 */
static const char *follow_in(const char *root, const char *path, struct arena *a)
{
	char done[PATH_MAX] = "", todo[PATH_MAX], full[PATH_MAX], link[PATH_MAX];
	int links = 0;
	if ((size_t)snprintf(todo, sizeof todo, "%s", path) >= sizeof todo)
		return NULL;
	while (*todo) {
		size_t skip = strspn(todo, "/"), n = strcspn(todo + skip, "/");
		char rest[PATH_MAX], before[PATH_MAX];
		snprintf(rest, sizeof rest, "%s", todo + skip + n);
		snprintf(before, sizeof before, "%s", done);
		if (!append(done, sizeof done, todo + skip, n) ||
			(size_t)snprintf(full, sizeof full, "%s%s", root, done) >= sizeof full)
			return NULL;
		/* The root itself is a link, which must not be followed. */
		ssize_t len = *done ? readlink(full, link, sizeof link - 1) : -1;
		if (len > 0) {
			link[len] = 0;
			if (++links > LINKS_MAX || (size_t)snprintf(todo, sizeof todo, "%s%s", link,
							   rest) >= sizeof todo)
				return NULL;
			snprintf(done, sizeof done, "%s", *link == '/' ? "" : before);
		} else {
			snprintf(todo, sizeof todo, "%s", rest);
		}
	}
	return arena_printf(a, "%s%s", root, done);
}

static const char *in_root(const struct search *s, const char *path)
{
	return *s->root ? follow_in(s->root, path, s->a) : path;
}

/* ---- the folders of libraries ---- */

static void add_folder(struct search *s, const char *folder, size_t n)
{
	char *path = n && *folder == '/' ? arena_strndup(s->a, folder, n) : NULL;
	while (path && n > 1 && path[n - 1] == '/')
		path[--n] = 0;
	for (size_t i = 0; i < s->n && path; i++)
		if (!strcmp(s->folders[i], path))
			return;
	if (path && s->n < FOLDERS_MAX)
		s->folders[s->n++] = path;
}

/* "a:b:c" */
static void add_list(struct search *s, const char *list, const char *separators)
{
	for (;; list++) {
		size_t n = strcspn(list, separators);
		add_folder(s, list, n);
		list += n;
		if (!*list)
			return;
	}
}

/* The first name in a folder behind `after` (in the order of bytes) that matches; "" none. */
static void next_name(
	const char *folder, const char *pattern, const char *after, char *out, size_t size)
{
	DIR *d = opendir(folder);
	*out = 0;
	for (struct dirent *entry; d && (entry = readdir(d));) {
		const char *name = entry->d_name;
		if (strcmp(name, after) > 0 && (!*out || strcmp(name, out) < 0) &&
			ksyms_match(pattern, name))
			snprintf(out, size, "%s", name);
	}
	if (d)
		closedir(d);
}

static void read_conf(struct search *s, const char *path, int depth);

/* include /etc/ld.so.conf.d/ *.conf (without the blank): its last part may be a pattern */
static void include_conf(struct search *s, const char *pattern, int depth)
{
	char folder[PATH_MAX], name[NAME_MAX + 1] = "", after[NAME_MAX + 1];
	const char *slash = strrchr(pattern, '/');
	if (*pattern != '/' || depth >= CONF_DEPTH)
		return;
	snprintf(folder, sizeof folder, "%.*s", (int)(slash - pattern), pattern);
	const char *real = in_root(s, folder);
	do {
		memcpy(after, name, sizeof after);
		next_name(real ? real : "", slash + 1, after, name, sizeof name);
		const char *path = arena_printf(s->a, "%s/%s", folder, name);
		if (*name && path)
			read_conf(s, path, depth + 1);
	} while (*name);
}

static void read_conf(struct search *s, const char *path, int depth)
{
	char line[PATH_MAX];
	const char *real = in_root(s, path);
	FILE *f = real ? fopen(real, "re") : NULL;
	while (f && fgets(line, sizeof line, f)) {
		line[strcspn(line, "#\n")] = 0;
		char *text = line + strspn(line, " \t");
		size_t word = strcspn(text, " \t");
		if (word == 7 && !strncmp(text, "include", 7)) {
			text += word + strspn(text + word, " \t");
			text[strcspn(text, " \t")] = 0;
			include_conf(s, text, depth);
		} else {
			add_folder(s, text, word);
		}
	}
	if (f)
		fclose(f);
}

static void read_musl_paths(struct search *s)
{
	char name[NAME_MAX + 1] = "", after[NAME_MAX + 1], line[PATH_MAX];
	const char *etc = in_root(s, "/etc");
	do {
		memcpy(after, name, sizeof after);
		next_name(etc ? etc : "", "ld-musl-*.path", after, name, sizeof name);
		const char *path = arena_printf(s->a, "/etc/%s", name);
		const char *real = *name && path ? in_root(s, path) : NULL;
		FILE *f = real ? fopen(real, "re") : NULL;
		while (f && fgets(line, sizeof line, f))
			add_list(s, line, ":\n");
		if (f)
			fclose(f);
	} while (*name);
}

static void list_folders(struct search *s)
{
	static const char *const usual[] = {
		"/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib64", "/usr/local/lib"};
	const char *own = *s->root ? NULL : getenv("LD_LIBRARY_PATH");
	const struct arch *arch = arch_of_machine(s->machine);
	const char *name = arch ? arch->triplet : NULL;
	if (own)
		add_list(s, own, ":;");
	read_conf(s, "/etc/ld.so.conf", 0);
	read_musl_paths(s);
	for (int i = 0; i < 2 && name; i++) {
		const char *path = arena_printf(s->a, "%s/%s", i ? "/usr/lib" : "/lib", name);
		if (path)
			add_folder(s, path, strlen(path));
	}
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		add_folder(s, usual[i], strlen(usual[i]));
}

/* ---- libraries ---- */

/* A library for this kernel: libc.so may be a script for the linker, /lib32 may come first. */
static bool fits(const struct search *s, const char *path)
{
	struct symbols file;
	struct err none = {0};
	struct arena scratch = {0};
	bool ok = is_file(path) && symbols_open(&file, path, &scratch, &none);
	if (ok) {
		ok = symbols_check_machine(&file, s->machine, &none);
		symbols_close(&file);
	}
	arena_free(&scratch);
	return ok;
}

/* The file `name` in a folder, or NULL. */
static const char *try_name(const struct search *s, const char *folder, const char *name)
{
	const char *path = arena_printf(s->a, "%s/%s", folder, name);
	path = path ? in_root(s, path) : NULL;
	return path && fits(s, path) ? path : NULL;
}

/* All that match in one folder have to be one file. NULL without e set: none does. */
static const char *try_pattern(
	const struct search *s, const char *folder, const char *pattern, struct err *e)
{
	char name[NAME_MAX + 1] = "", after[NAME_MAX + 1], all[300] = "";
	const char *found = NULL, *real = in_root(s, folder);
	bool several = false;
	size_t n = 0;
	do {
		memcpy(after, name, sizeof after);
		next_name(real ? real : "", pattern, after, name, sizeof name);
		const char *path = *name ? try_name(s, folder, name) : NULL;
		if (!path)
			continue;
		several |= found && !same_file(found, path);
		found = found ? found : path;
		if (n < sizeof all)
			n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", n ? ", " : "", name);
	} while (*name);
	if (!several)
		return found;
	err_set(e, "%s holds several libraries '%s'", folder, pattern);
	err_hint(e, "name one of them: %s", all);
	return NULL;
}

static const char *try_folders(struct search *s, const char *name, struct err *e)
{
	bool whole = strstr(name, ".so") != NULL;
	const char *exact = whole ? name : arena_printf(s->a, "%s.so", name);
	const char *pattern = arena_printf(s->a, "%s.so.*", name);
	size_t len = strlen(name);
	if (whole && len > 3 && !strcmp(name + len - 3, ".so"))
		pattern = arena_printf(s->a, "%s.*", name);
	else if (whole)
		pattern = NULL;
	for (size_t i = 0; i < s->n && exact; i++) {
		const char *path = try_name(s, s->folders[i], exact);
		if (!path && pattern)
			path = try_pattern(s, s->folders[i], pattern, e);
		if (path || e->set)
			return path;
	}
	return NULL;
}

static bool is_called(const char *file, const char *name)
{
	size_t n = strlen(name);
	if (strncmp(file, name, n))
		return false;
	return !file[n] || file[n] == '.' || !strncmp(file + n, "-", 1);
}

/* /proc/PID/maps has paths as we see them, or as the process does: the inode tells. */
static const char *mapped_path(const struct search *s, const char *path, uint64_t inode)
{
	const char *copy = arena_strdup(s->a, path);
	const char *ways[] = {copy ? in_root(s, copy) : NULL, copy};
	struct stat st;
	for (int i = 0; i < 2; i++)
		if (ways[i] && !stat(ways[i], &st) && S_ISREG(st.st_mode) && st.st_ino == inode)
			return ways[i];
	return NULL;
}

/* What the process has mapped as code is what it runs, whatever the folders say. */
static const char *try_maps(const struct search *s, const char *name, int32_t pid)
{
	char line[PATH_MAX + 128], rights[8];
	const char *found = NULL, *maps = arena_printf(s->a, "/proc/%d/maps", (int)pid);
	FILE *f = maps ? fopen(maps, "re") : NULL;
	while (f && !found && fgets(line, sizeof line, f)) {
		uint64_t inode;
		char *path = strchr(line, '/');
		if (!path || sscanf(line, "%*s %7s %*s %*s %" SCNu64, rights, &inode) != 2 ||
			rights[2] != 'x')
			continue;
		path[strcspn(path, "\n")] = 0;
		if (is_called(strrchr(path, '/') + 1, name))
			found = mapped_path(s, path, inode);
	}
	if (f)
		fclose(f);
	return found;
}

static bool is_library(const char *name)
{
	return strstr(name, ".so") || !strncmp(name, "lib", 3);
}

static bool tell_where(const struct search *s, const char *name, const char *what, struct err *e)
{
	char list[480] = "";
	size_t n = 0;
	for (size_t i = 0; i < s->n && n < sizeof list; i++)
		n += (size_t)snprintf(
			list + n, sizeof list - n, "%s%s", i ? ", " : "", s->folders[i]);
	err_set(e, "there is no %s '%s'%s%s", what, name, *s->root ? " below " : "", s->root);
	return err_hint(e, "looked for in %s", list);
}

/* ---- any name ---- */

/* Most processes live in our root folder: then the path says more without theirs. */
static void shorten(struct binfile *f, const struct search *s)
{
	size_t n = strlen(s->root);
	if (n && !strncmp(f->path, s->root, n) && f->path[n] == '/' &&
		same_file(f->path, f->path + n))
		f->path += n;
}

static bool find_bare(
	struct binfile *f, struct search *s, const char *name, int32_t pid, struct err *e)
{
	bool library = is_library(name);
	const char *path = getenv("PATH");
	f->path = pid ? try_maps(s, name, pid) : NULL;
	if (!f->path && library) {
		list_folders(s);
		f->path = try_folders(s, name, e);
	} else if (!f->path) {
		add_list(s, path && !*s->root ? path : default_path, ":");
		for (size_t i = 0; i < s->n && !f->path; i++)
			f->path = try_name(s, s->folders[i], name);
	}
	if (e->set)
		return false;
	if (!f->path)
		return tell_where(s, name, library ? "library" : "program", e);
	shorten(f, s);
	f->note = arena_printf(s->a, "'%s' is %s", name, f->path);
	return true;
}

static bool find_relative(struct binfile *f, const char *name, struct arena *a, struct err *e)
{
	char here[PATH_MAX];
	if (!getcwd(here, sizeof here))
		return err_sys(e, errno, "the current folder");
	const char *rest = name;
	while (!strncmp(rest, "./", 2))
		rest += 2 + strspn(rest + 2, "/");
	f->path = arena_printf(a, "%s/%s", strcmp(here, "/") ? here : "", rest);
	if (!f->path)
		return err_nomem(e);
	if (is_file(f->path))
		return true;
	const char *rooted = *name == '.' ? NULL : arena_printf(a, "/%s", name);
	if (!rooted || !is_file(rooted)) {
		err_set(e, "there is no file '%s'%s", name,
			rooted ? ", neither here nor in the root folder" : " here");
		e->no = ENOENT;
		return err_hint(e, "it was looked for as %s%s%s", f->path, rooted ? " and " : "",
			rooted ? rooted : "");
	}
	f->path = rooted;
	f->note = arena_printf(a, "'%s' lacks its first slash: %s is meant", name, rooted);
	return true;
}

static bool find_absolute(struct binfile *f, struct search *s, const char *name, struct err *e)
{
	size_t n = root_length(name);
	f->path = name;
	if (n) {
		const char *root = arena_strndup(s->a, name, n);
		f->path = root ? follow_in(root, name + n, s->a) : NULL;
	} else if (*s->root) {
		const char *inside = in_root(s, name);
		if (inside && is_file(inside) && !same_file(inside, name))
			f->path = inside;
	}
	struct stat st;
	if (!f->path || stat(f->path, &st))
		return err_sys(e, f->path ? errno : ELOOP, "%s", name);
	return S_ISREG(st.st_mode) || err_set(e, "%s: not a file", name);
}

bool binfile_find(struct binfile *f, const char *name, const char *machine, int32_t pid,
	struct arena *a, struct err *e)
{
	char root[32] = "";
	struct search s = {.a = a, .machine = machine, .root = ""};
	*f = (struct binfile){0};
	if (pid) {
		snprintf(root, sizeof root, "/proc/%d/root", (int)pid);
		bool seen = !access(root, F_OK);
		if (!seen && (errno == ENOENT || !strchr(name, '/')))
			return err_sys(e, errno == ENOENT ? ESRCH : errno,
				"the files of process %d", (int)pid);
		s.root = seen ? root : "";
	}
	if (!*name)
		return err_set(e, "no file is named");
	if (strchr(name, '/'))
		return *name == '/' ? find_absolute(f, &s, name, e) : find_relative(f, name, a, e);
	return find_bare(f, &s, name, pid, e);
}
