/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "syscall_alias.h"

#include <stddef.h>
#include <string.h>

/* For glibc 2.34 and musl 1.2. Architectures from arm64 on lack most of the old calls. */
static const struct {
	const char *old, *today, *why;
} table[] = {
	{"open", "openat", "libc opens files with openat (few programs use openat2)"},
	{"creat", "openat", "libc opens files with openat"},
	{"fork", "clone", "libc's fork() calls clone"},
	{"stat", "newfstatat", "libc's stat() calls newfstatat (or statx)"},
	{"lstat", "newfstatat", "libc's lstat() calls newfstatat (or statx)"},
	{"access", "faccessat", "newer architectures and programs use faccessat (or faccessat2)"},
	{"unlink", "unlinkat", "newer architectures and programs use unlinkat"},
	{"mkdir", "mkdirat", "newer architectures and programs use mkdirat"},
	{"rename", "renameat2", "newer architectures and programs use renameat2"},
	{"readlink", "readlinkat", "newer architectures and programs use readlinkat"},
	{"pipe", "pipe2", "newer architectures and programs use pipe2"},
	{"dup2", "dup3", "newer architectures and programs use dup3"},
	{"poll", "ppoll", "newer architectures and programs use ppoll"},
	{"epoll_wait", "epoll_pwait", "newer architectures and programs use epoll_pwait"},
	{"nanosleep", "clock_nanosleep", "libc's sleep() and nanosleep() call clock_nanosleep"},
	{"exit", "exit_group", "a process ends with exit_group; exit ends a thread"},
	{"gettimeofday", NULL, "libc reads the clock without a system call (vDSO)"},
	{"clock_gettime", NULL, "libc reads the clock without a system call (vDSO)"},
	{"time", NULL, "libc reads the clock without a system call (vDSO)"},
};

const char *syscall_alias(const char *name, const char **why)
{
	*why = NULL;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i].old, name)) {
			*why = table[i].why;
			return table[i].today;
		}
	return NULL;
}
