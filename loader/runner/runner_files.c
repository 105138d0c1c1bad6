/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Files of tracefs and sysfs, mounted or not: kfs.h has the rules. */
#include "runner.h"

#include "loader/plan/kernel_fs.h"

#include <errno.h>
#include <fcntl.h>

enum { NUMBER_ROOM = 32, LIST_ROOM = 4096 };

/* The same on all architectures. */
enum {
	FSOPEN = 430,
	FSCONFIG = 431,
	FSMOUNT = 432,
	FSCONFIG_CREATE = 6,
	CLOEXEC = 1,
	NO_SUID_DEV_EXEC = 14
};

static long open_place(const char *path, uint64_t magic)
{
	union {
		long size[16]; /* of struct statfs, which begins with the type */
#ifdef __s390x__
		uint32_t type;
#else
		long type;
#endif
	} s;
	long fd = SYS(SYS_openat, AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0, 0);
	if (fd < 0)
		return fd;
	if (!SYS3(SYS_fstatfs, fd, &s, 0) && (uint32_t)s.type == magic)
		return fd;
	SYS3(SYS_close, fd, 0, 0);
	return -ENOENT;
}

static long mount_detached(const char *type)
{
	long fs = SYS3(FSOPEN, type, CLOEXEC, 0);
	if (fs < 0)
		return fs;
	long r = SYS(FSCONFIG, fs, FSCONFIG_CREATE, 0, 0, 0);
	if (!r)
		r = SYS3(FSMOUNT, fs, CLOEXEC, NO_SUID_DEV_EXEC);
	SYS3(SYS_close, fs, 0, 0);
	return r;
}

static long read_at(long dir, const char *path, int line, char *text, size_t room)
{
	long fd = SYS(SYS_openat, dir, path, O_RDONLY | O_CLOEXEC, 0, 0), n = 0;
	size_t used = 0;
	while (fd >= 0 && used < room - 1) {
		n = SYS3(SYS_read, fd, text + used, room - 1 - used);
		if (n <= 0)
			break;
		used += (size_t)n;
		if (line && text[used - 1] == '\n')
			break;
	}
	if (fd < 0)
		return fd;
	SYS3(SYS_close, fd, 0, 0);
	text[used] = 0;
	return n < 0 ? n : (long)used;
}

/* A file system that is found at one of its places, or mounted without a path. */
static long open_fs(const char *type, const char *places, uint32_t magic)
{
	long fd = -ENOENT;
	for (const char *p = places; fd < 0 && *p; p += strlen(p) + 1)
		fd = open_place(p, magic);
	return fd < 0 ? mount_detached(type) : fd;
}

/* With lockdown=confidentiality, tracefs is empty, and kernels crash when such a mount is released. */
static int is_confidential(void)
{
	char text[64];
	long dir = open_fs("securityfs", "/sys/kernel/security\0", 0x73636673), n;
	if (dir < 0)
		return 0;
	n = read_at(dir, "lockdown", 1, text, sizeof text);
	SYS3(SYS_close, dir, 0, 0);
	const char *mark = n > 0 ? strchr(text, '[') : NULL;
	return mark && mark[1] == 'c';
}

static long open_dir(struct run *x, int trace)
{
	int *dir = &x->dirs[trace];
	if (!*dir) {
		long fd = trace && is_confidential() ? -EPERM
		          : trace                    ? open_fs("tracefs",
							       "/sys/kernel/tracing\0/sys/kernel/debug/tracing\0/"
										  "tracing\0",
							       0x74726163)
		                                     : open_fs("sysfs", "/sys\0", 0x62656572);
		*dir = (int)(fd < 0 ? fd : fd + 1);
	}
	return *dir < 0 ? *dir : *dir - 1;
}

long run_open_file(struct run *x, uint32_t which, const char *path, long flags)
{
	long dir = which == KFS_COUNT ? AT_FDCWD : open_dir(x, which == KFS_TRACE);
	if (dir < 0 && dir != AT_FDCWD)
		return dir;
	return SYS(SYS_openat, dir, path, flags | O_CLOEXEC, 0, 0);
}

int64_t run_read_number(struct run *x, uint32_t which, const char *path)
{
	char text[NUMBER_ROOM], *p = text;
	long n = open_dir(x, which == KFS_TRACE);
	int64_t v = 0;
	if (n >= 0)
		n = read_at(n, path, 1, text, sizeof text);
	if (n < 0)
		return n;
	while (*p >= '0' && *p <= '9' && v < INT32_MAX)
		v = v * 10 + *p++ - '0';
	return p > text && p[*p == '\n'] == 0 ? v : -EINVAL;
}

static size_t word_length(const char *p)
{
	size_t n = 0;
	while (p[n] && !strchr(", \t\n", p[n]))
		n++;
	return n;
}

static const char *next_word(const char *p)
{
	p += word_length(p);
	while (*p && !word_length(p))
		p++;
	return p;
}

/* Whether the words of a list include some in a row. */
int64_t run_expect_words(struct run *x, uint32_t which, const char *path, const char *words)
{
	char list[LIST_ROOM];
	long n = open_dir(x, which == KFS_TRACE);
	if (n >= 0)
		n = read_at(n, path, 0, list, sizeof list);
	if (n < 0)
		return n;
	for (const char *p = list; *p; p = next_word(p)) {
		const char *a = p, *b = words;
		while (*b && word_length(a) == word_length(b) && !memcmp(a, b, word_length(a))) {
			a = next_word(a);
			b = next_word(b);
		}
		if (!*b)
			return 0;
	}
	return -ENOENT;
}

int64_t run_append_line(struct run *x, uint32_t which, const char *path, const char *line)
{
	long fd = run_open_file(x, which, path, O_WRONLY | O_APPEND), size = (long)strlen(line);
	if (fd < 0)
		return fd == -ENOENT ? -ENODEV : fd;
	long n = SYS3(SYS_write, fd, line, size);
	SYS3(SYS_close, fd, 0, 0);
	return n < 0 ? n : n < size ? -EIO : 0;
}
