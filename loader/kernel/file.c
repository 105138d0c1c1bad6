/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "file.h"
#include "packed.h"

#include "elf/base/format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 1 << 16, PATH_SIZE = 4096, FILE_PAGE_MIN = 4096, MAPPED = 1 << 18 };

void *file_pages(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

/* Doubles the room; on failure frees the old pages and returns NULL. */
static uint8_t *grow(uint8_t *p, size_t *room)
{
	void *q = *room < FILE_SIZE_MAX ? mremap(p, *room, *room * 2, MREMAP_MAYMOVE) : MAP_FAILED;
	if (q == MAP_FAILED) {
		munmap(p, *room);
		return NULL;
	}
	*room *= 2;
	return q;
}

/* The pages stay where they are; those that are not needed are given back. */
static struct span keep_pages(uint8_t *p, size_t room, size_t used)
{
	const size_t page = FILE_PAGE_MIN - 1;
	if (((room + page) & ~page) != ((used + page) & ~page))
		mremap(p, room, used, 0);
	return (struct span){p, used, host_is_big()};
}

int file_read_fd(int fd, size_t size, struct span *out)
{
	size_t room = size && size < FILE_SIZE_MAX ? size + 1 : READ_STEP, used = 0;
	uint8_t *p = file_pages(room);
	*out = (struct span){0};
	if (!p)
		return -ENOMEM;
	for (;;) {
		ssize_t n = read(fd, p + used, room - used);
		if (n < 0 && errno == EINTR)
			continue;
		used += n > 0 ? (size_t)n : 0;
		if (n <= 0 || used == size) { /* there was room for one byte more */
			int no = n < 0 ? -errno : used ? 0 : -ENODATA;
			if (no)
				munmap(p, room);
			else
				*out = keep_pages(p, room, used);
			return no;
		}
		if (used == room && !(p = grow(p, &room)))
			return -EFBIG;
	}
}

/* Suggests PATH.bpf.o if the user omitted the extension. */
static bool explain_missing(const char *path, int no, struct err *e)
{
	char object[PATH_SIZE];
	err_sys(e, no, "%s", path);
	if (no == ENOENT &&
		(size_t)text_print(object, sizeof object, "%s.bpf.o", path) < sizeof object &&
		!access(object, R_OK))
		err_hint(e, "did you mean '%s'?", object);
	return false;
}

/* Most of a large object is debug information, which is seldom read: mapped, it costs nothing. Returns 0
 * or -errno. */
static int map_or_read(int fd, size_t size, struct span *out)
{
	void *p = size >= MAPPED && size < FILE_SIZE_MAX
	                  ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0)
	                  : MAP_FAILED;
	if (p == MAP_FAILED)
		return file_read_fd(fd, size, out);
	*out = (struct span){p, size, host_is_big()};
	return 0;
}

/* What a pipe has, whose size is not known before. */
static bool read_stdin(struct span *out, struct err *e)
{
	int no = -file_read_fd(STDIN_FILENO, 0, out);
	if (no == ENODATA)
		return err_set(e, "standard input is empty");
	return !no || err_sys(e, no, "standard input");
}

/* NULL in programs that embed libsonde.a: nothing is packed with them. */
#pragma weak packed_read

static bool copy_packed(struct span from, struct span *out, struct err *e)
{
	void *p = file_pages(from.n);
	if (!p)
		return err_nomem(e);
	*out = (struct span){memcpy(p, from.p, from.n), from.n, host_is_big()};
	return true;
}

bool file_read(const char *path, struct span *out, struct err *e)
{
	struct stat st;
	struct span packed;
	if (packed_read && packed_read(path, &packed))
		return copy_packed(packed, out, e);
	if (!strcmp(path, "-"))
		return read_stdin(out, e);
	int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return explain_missing(path, errno, e);
	int no = fstat(fd, &st) ? errno : 0;
	if (!no && !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, "%s: %s, not a file", path,
			S_ISDIR(st.st_mode) ? "a directory" : "a device or pipe");
	}
	if (!no)
		no = -map_or_read(fd, (size_t)st.st_size, out);
	close(fd);
	if (no == ENODATA)
		return err_set(e, "%s: the file is empty", path);
	return !no || err_sys(e, no, "%s", path);
}

static int write_all(int fd, struct span s)
{
	for (size_t done = 0; done < s.n;) {
		ssize_t n = write(fd, s.p + done, s.n - done);
		if (n < 0 && errno != EINTR)
			return errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* For devices, pipes and symbolic links, which must not be replaced. */
static bool write_in_place(const char *path, struct span bytes, struct err *e)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	int no = write_all(fd, bytes);
	if (close(fd) && !no)
		no = errno;
	return !no || err_sys(e, no, "%s", path);
}

static bool write_file(const char *path, struct span bytes, unsigned mode, struct err *e)
{
	char temp[PATH_SIZE];
	struct stat st;
	if (!lstat(path, &st) && !S_ISREG(st.st_mode))
		return write_in_place(path, bytes, e);
	if ((size_t)text_print(temp, sizeof temp, "%s.%ld", path, (long)getpid()) >= sizeof temp)
		return err_sys(e, ENAMETOOLONG, "%s", path);
	int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	int no = write_all(fd, bytes);
	if (close(fd) && !no)
		no = errno;
	if (!no && rename(temp, path))
		no = errno;
	if (no)
		unlink(temp);
	return !no || err_sys(e, no, "%s", path);
}

bool file_write(const char *path, struct span bytes, struct err *e)
{
	return write_file(path, bytes, 0666, e);
}

bool file_write_program(const char *path, struct span bytes, struct err *e)
{
	return write_file(path, bytes, 0777, e);
}

void file_free(struct span *s)
{
	if (s->n)
		munmap((void *)(uintptr_t)s->p, s->n);
	*s = (struct span){0};
}
