/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Whole files in memory of their own, which goes back to the system at once. */
#ifndef SONDE_FILE_H
#define SONDE_FILE_H

#include "elf/base/err.h"
#include "elf/base/span.h"

enum { FILE_SIZE_MAX = 1 << 28 };

/* Pages of zeroes; NULL when memory is short. */
void *file_pages(size_t size);

/* Reads fd to its end. size: the expected length, 0 if unknown. 0 or -errno; -ENODATA when the
 * file is empty, -EFBIG from FILE_SIZE_MAX on. The span has the byte order of this machine. */
int file_read_fd(int fd, size_t size, struct span *out);

/* Reads a file that a user has named. Not a regular file, empty or unreadable: an error that begins
 * with its path. */
bool file_read(const char *path, struct span *out, struct err *e);

/* Writes a new file or replaces one: whole or not at all. What is no regular file (a device, a
 * link) is written to. */
bool file_write(const char *path, struct span bytes, struct err *e);

/* Gives the memory of a span that came from here back; an empty span is fine. */
void file_free(struct span *s);

#endif
