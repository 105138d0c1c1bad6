/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Paths in another root directory, such as that of a container. */
#ifndef SONDE_ROOT_PATH_H
#define SONDE_ROOT_PATH_H

#include "elf/base/arena.h"

/*
 * The path of a file in the root directory `root` ("/proc/PID/root"), as seen from ours. Symbolic
 * links in `path` are followed inside that root: the kernel would resolve a link that begins with a
 * slash in our root. Memory from a. NULL if the path is too long or has too many links.
 */
const char *root_path(const char *root, const char *path, struct arena *a);

#endif
