/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

long sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	long r = syscall(SYS_bpf, cmd, attr, size);
	if (r < 0)
		r = -errno;
	if (w && w->fn)
		w->fn(w->ctx, cmd, attr, size, r);
	return r;
}

long sys_perf_event_open(const void *attr, int pid, int cpu, int group_fd, unsigned long flags)
{
	long r = syscall(SYS_perf_event_open, attr, pid, cpu, group_fd, flags);
	return r < 0 ? -errno : r;
}

long sys_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
