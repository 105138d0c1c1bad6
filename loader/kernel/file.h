/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Reading and writing whole files. Their memory is mapped, so that it can be returned at once. */
#ifndef SONDE_FILE_H
#define SONDE_FILE_H

#include "elf/base/err.h"
#include "elf/base/span.h"

enum { FILE_SIZE_MAX = 1 << 28 };

/* Zeroed pages; NULL if out of memory. */
void *file_pages(size_t size);

/* Reads fd to its end. size: the expected length, 0 if unknown. Returns 0 or -errno: -ENODATA if the
 * file is empty, -EFBIG if it exceeds FILE_SIZE_MAX. The span has host byte order. */
int file_read_fd(int fd, size_t size, struct span *out);

/* Reads a file named by the user; a file of 256 KiB and more is mapped, so that its bytes change with
 * the file, and SIGBUS follows if another process truncates it in the meantime. Fails, with an error that starts with path, if it is empty,
 * unreadable, or not a regular file. */
bool file_read(const char *path, struct span *out, struct err *e);

/* Writes or replaces a file atomically. Anything but a regular file (a device, a symbolic link) is
 * written in place. */
bool file_write(const char *path, struct span bytes, struct err *e);

/* The same for a file that can be executed. */
bool file_write_program(const char *path, struct span bytes, struct err *e);

/* Frees a span returned by the functions above; it may be empty. */
void file_free(struct span *s);

#endif
