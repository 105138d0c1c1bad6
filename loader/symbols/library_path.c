/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "binary_path_impl.h"

#include "elf/base/format.h"
#include "elf/base/glob.h"
#include "symbols.h"

#include "elf/base/text.h"
#include "elf/base/arch.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	CONF_DEPTH = 4,
	CONF_FILES = 256, /* a file of a container may include itself on each of its lines */
};

static void add_directory(struct path_search *s, const char *directory, size_t n)
{
	char *path = n && *directory == '/' ? arena_strndup(s->a, directory, n) : NULL;
	while (path && n > 1 && path[n - 1] == '/')
		path[--n] = 0;
	for (size_t i = 0; i < s->n && path; i++)
		if (!strcmp(s->directories[i], path))
			return;
	if (path && s->n < DIRECTORIES_MAX)
		s->directories[s->n++] = path;
}

void path_search_add(struct path_search *s, const char *list, const char *separators)
{
	for (;; list++) {
		size_t n = strcspn(list, separators);
		add_directory(s, list, n);
		list += n;
		if (!*list)
			return;
	}
}

/* The first name after `after` in a directory, in byte order, that matches; "" if there is none. */
static void next_name(
	const char *directory, const char *pattern, const char *after, char *out, size_t size)
{
	DIR *d = opendir(directory);
	*out = 0;
	for (struct dirent *entry; d && (entry = readdir(d));) {
		const char *name = entry->d_name;
		if (strcmp(name, after) > 0 && (!*out || strcmp(name, out) < 0) &&
			glob_match(pattern, name))
			text_print(out, size, "%s", name);
	}
	if (d)
		closedir(d);
}

static void read_conf(struct path_search *s, const char *path, int depth);

/* "include /etc/ld.so.conf.d/<pattern>": only the last component may contain wildcards. */
static void include_conf(struct path_search *s, const char *pattern, int depth)
{
	char directory[PATH_MAX], name[NAME_MAX + 1] = "", after[NAME_MAX + 1];
	const char *slash = strrchr(pattern, '/');
	if (*pattern != '/' || depth >= CONF_DEPTH)
		return;
	text_print(directory, sizeof directory, "%.*s", (int)(slash - pattern), pattern);
	const char *real = path_in_root(s, directory);
	do {
		memcpy(after, name, sizeof after);
		next_name(real ? real : "", slash + 1, after, name, sizeof name);
		const char *path = arena_printf(s->a, "%s/%s", directory, name);
		if (*name && path)
			read_conf(s, path, depth + 1);
	} while (*name && s->conf_files < CONF_FILES);
}

static void read_conf(struct path_search *s, const char *path, int depth)
{
	char line[PATH_MAX];
	const char *real = s->conf_files++ < CONF_FILES ? path_in_root(s, path) : NULL;
	FILE *f = real ? fopen(real, "re") : NULL;
	while (f && s->conf_files < CONF_FILES && fgets(line, sizeof line, f)) {
		line[strcspn(line, "#\n")] = 0;
		char *text = line + strspn(line, " \t");
		size_t word = strcspn(text, " \t");
		if (word == 7 && !strncmp(text, "include", 7)) {
			text += word + strspn(text + word, " \t");
			text[strcspn(text, " \t")] = 0;
			include_conf(s, text, depth);
		} else {
			add_directory(s, text, word);
		}
	}
	if (f)
		fclose(f);
}

static void read_musl_paths(struct path_search *s)
{
	char name[NAME_MAX + 1] = "", after[NAME_MAX + 1], line[PATH_MAX];
	const char *etc = path_in_root(s, "/etc");
	do {
		memcpy(after, name, sizeof after);
		next_name(etc ? etc : "", "ld-musl-*.path", after, name, sizeof name);
		const char *path = arena_printf(s->a, "/etc/%s", name);
		const char *real = *name && path ? path_in_root(s, path) : NULL;
		FILE *f = real ? fopen(real, "re") : NULL;
		while (f && fgets(line, sizeof line, f))
			path_search_add(s, line, ":\n");
		if (f)
			fclose(f);
	} while (*name);
}

void path_search_add_library_dirs(struct path_search *s)
{
	static const char *const standard[] = {
		"/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib64", "/usr/local/lib"};
	const char *env = *s->root ? NULL : getenv("LD_LIBRARY_PATH");
	const struct arch *arch = arch_of_machine(s->machine);
	const char *name = arch ? arch->triplet : NULL;
	if (env)
		path_search_add(s, env, ":;");
	read_conf(s, "/etc/ld.so.conf", 0);
	read_musl_paths(s);
	for (int i = 0; i < 2 && name; i++) {
		const char *path = arena_printf(s->a, "%s/%s", i ? "/usr/lib" : "/lib", name);
		if (path)
			add_directory(s, path, strlen(path));
	}
	for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
		add_directory(s, standard[i], strlen(standard[i]));
}

/* Is it a library for this kernel? libc.so may be a linker script, /lib32 may come first. */
static bool fits(const struct path_search *s, const char *path)
{
	struct symbols file;
	struct err none = {0};
	struct arena scratch = {0};
	bool ok = path_is_file(path) && symbols_open(&file, path, &scratch, &none);
	if (ok) {
		ok = symbols_check_machine(&file, s->machine, &none);
		symbols_close(&file);
	}
	arena_free(&scratch);
	return ok;
}

const char *path_search_file(const struct path_search *s, const char *directory, const char *name)
{
	const char *path = arena_printf(s->a, "%s/%s", directory, name);
	path = path ? path_in_root(s, path) : NULL;
	return path && fits(s, path) ? path : NULL;
}

/* All matches in a directory must be the same file. NULL without e set: no match. */
static const char *try_pattern(
	const struct path_search *s, const char *directory, const char *pattern, struct err *e)
{
	char name[NAME_MAX + 1] = "", after[NAME_MAX + 1], all[300] = "";
	const char *found = NULL, *real = path_in_root(s, directory);
	bool several = false;
	do {
		memcpy(after, name, sizeof after);
		next_name(real ? real : "", pattern, after, name, sizeof name);
		const char *path = *name ? path_search_file(s, directory, name) : NULL;
		if (!path)
			continue;
		several |= found && !path_same_file(found, path);
		found = found ? found : path;
		text_list(all, sizeof all, "%s", name);
	} while (*name);
	if (!several)
		return found;
	err_set(e, "%s contains several libraries '%s'", directory, pattern);
	err_hint(e, "specify one of them: %s", all);
	return NULL;
}

const char *path_search_library(struct path_search *s, const char *name, struct err *e)
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
		const char *path = path_search_file(s, s->directories[i], exact);
		if (!path && pattern)
			path = try_pattern(s, s->directories[i], pattern, e);
		if (path || e->set)
			return path;
	}
	return NULL;
}
