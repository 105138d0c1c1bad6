/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement binary_path.h. */
#ifndef SONDE_BINARY_PATH_IMPL_H
#define SONDE_BINARY_PATH_IMPL_H

#include "binary_path.h"
#include "root_path.h"

enum { DIRECTORIES_MAX = 64 };

/* Where files are searched for. */
struct path_search {
	struct arena *a;
	const char *machine; /* uname -m of the kernel */
	const char *root;    /* prefix of every path: "" or "/proc/PID/root" */
	const char *directories[DIRECTORIES_MAX];
	size_t n;
	unsigned conf_files; /* configuration files of dynamic linkers read so far */
};

bool path_is_file(const char *path);
bool path_same_file(const char *a, const char *b);

/* A path in s->root as seen from our root directory; NULL if it cannot be resolved. */
const char *path_in_root(const struct path_search *s, const char *path);

/* Appends the directories of a list such as "a:b:c". */
void path_search_add(struct path_search *s, const char *list, const char *separators);

/* Appends the directories that the dynamic linkers search. */
void path_search_add_library_dirs(struct path_search *s);

/* The ELF file `name` in a directory if it is for this machine, else NULL. */
const char *path_search_file(const struct path_search *s, const char *directory, const char *name);

/* A library ("libssl", "libc.so.6") in the directories of s. NULL if it is not found, with e set if
 * it is ambiguous. */
const char *path_search_library(struct path_search *s, const char *name, struct err *e);

#endif
