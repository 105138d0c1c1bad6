/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Finds programs and libraries by path or by name: "libc.so.6", "libssl", "bash".
 *
 *     /usr/bin/x, ./x, a/x   that file. If a path without a leading slash does not exist, the same
 *                            path with one
 *     libc.so.6, libssl      a library: of a given process, the one it has mapped; else from the
 *                            directories of the dynamic linkers (glibc's /etc/ld.so.conf, musl's
 *                            /etc/ld-musl-*.path, the standard ones). "libssl" is libssl.so, or
 *                            libssl.so.N if there is only one
 *     bash                   a program in PATH
 *
 * A process may have another root directory (a container): its files are accessed through
 * /proc/PID/root, and symbolic links are followed inside that root. The same applies to a path that
 * begins with /proc/PID/root.
 */
#ifndef SONDE_BINARY_PATH_H
#define SONDE_BINARY_PATH_H

#include "elf/base/arena.h"
#include "elf/base/err.h"

#include <stdint.h>

struct binary_path {
	const char *path; /* absolute, as passed to the kernel */
	const char *note; /* how it was found if that is not obvious from the name, or NULL */
};

/*
 * machine: uname -m of the kernel; libraries for other machines are skipped. pid: the process whose
 * files are searched, 0 for our own. Memory from a. False with e set; the hint says where it
 * searched.
 */
bool binary_path_find(struct binary_path *f, const char *name, const char *machine, int32_t pid,
	struct arena *a, struct err *e);

#endif
