/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Files of programs and libraries, found by what people call them: a path, "libc.so.6", "libssl",
 * "bash".
 *
 *     /usr/bin/x, ./x, a/x   that file. Without a leading slash and not there: the same with one
 *     libc.so.6, libssl      a library. Of the named process: what it has mapped. Else the folders
 *                            of the dynamic linkers: glibc's /etc/ld.so.conf, musl's
 *                            /etc/ld-musl-*.path, and the usual ones. "libssl" is libssl.so or the
 *                            one libssl.so.N that there is
 *     bash                   a program in the PATH
 *
 * A process may live in another root folder (a container): its files are reached through
 * /proc/PID/root, and symbolic links in there are followed inside of it. The same goes for a path
 * that begins so.
 */
#ifndef SONDE_BINFILE_H
#define SONDE_BINFILE_H

#include "elf/base/arena.h"
#include "elf/base/err.h"

#include <stdint.h>

struct binfile {
	const char *path; /* absolute, as the kernel is to get it */
	const char *note; /* how it was found when the name didn't say it, or NULL */
};

/*
 * machine: uname -m of the kernel; libraries of other machines are passed over. pid: the process
 * whose files are meant, 0: ours. Memory from a. Fails with what was looked for, and where.
 */
bool binfile_find(struct binfile *f, const char *name, const char *machine, int32_t pid,
	struct arena *a, struct err *e);

#endif
