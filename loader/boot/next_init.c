/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "next_init.h"

#include "loader/kernel/kfs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 128, FIRST_PID_NAMESPACE = (int)0xeffffffc /* PROC_PID_INIT_INO */ };

bool next_init_is_first(void)
{
	struct kfs k = {0};
	struct stat s;
	if (getpid() != 1)
		return false;
	int fd = kfs_open(&k, KFS_PROC, "self/ns/pid", O_RDONLY);
	/* A container has no right to mount proc, unless it is mounted. */
	bool first = fd == -ENODEV || (fd >= 0 && !fstat(fd, &s) &&
					      (uint32_t)s.st_ino == (uint32_t)FIRST_PID_NAMESPACE);
	if (fd >= 0)
		close(fd);
	kfs_close(&k);
	return first;
}

/* Where it could not be opened, hold_standard_descriptors() has put a directory, which is not to be inherited. */
static void release_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int flags = fcntl(fd, F_GETFL);
		if (flags >= 0 && flags & O_PATH)
			close(fd);
	}
}

static bool is_own_file(const char *path)
{
	const char *own = (const char *)(uintptr_t)getauxval(AT_EXECFN);
	struct stat a, b;
	return own && !stat(own, &a) && !stat(path, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* Executes path with the arguments that the kernel has passed. */
static void become(const struct next_init *n, const char *path)
{
	char *argv[ARGUMENTS_MAX + 2];
	size_t used = 0;
	argv[used++] = (char *)(uintptr_t)path;
	for (char **a = n->arguments; a && *a && used <= ARGUMENTS_MAX; a++)
		argv[used++] = *a;
	argv[used] = NULL;
	if (!is_own_file(path))
		execv(path, argv);
	else
		errno = ELOOP;
}

void next_init(const struct next_init *n)
{
	static const char *const usual[] = {"/sbin/init", "/etc/init", "/bin/init", "/bin/sh"};
	const char *asked = n->words ? n->words->init : NULL;
	release_standard_descriptors();
	signal(SIGPIPE, SIG_DFL); /* which sonde ignores */
	if (n->command) {
		execvp(*n->command, n->command);
		n->failed(n->ctx, *n->command, errno);
	}
	if (n->only_command)
		return;
	if (asked) {
		become(n, asked);
		n->failed(n->ctx, asked, errno);
	}
	become(n, "/init");
	if (n->words && n->words->kernel_init)
		become(n, n->words->kernel_init);
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		become(n, usual[i]);
}
