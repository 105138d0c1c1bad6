/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "sys.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <time.h>
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

long sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size)
{
	struct {
		uint32_t fd, info_len;
		uint64_t info;
	} ask = {(uint32_t)fd, *size, sys_ptr(info)};
	long r = sys_bpf(w, BPF_OBJ_GET_INFO_BY_FD, &ask, sizeof ask);
	*size = ask.info_len;
	return r;
}

/* The first fields of the attr of all commands for ids. */
struct id_attr {
	uint32_t id, next, flags;
};

long sys_open_id(const struct sys_watch *w, int cmd, uint32_t id)
{
	struct id_attr get = {.id = id};
	return sys_bpf(w, cmd, &get, sizeof get);
}

long sys_open_pin_for(const struct sys_watch *w, const char *path, uint32_t file_flags)
{
	struct {
		uint64_t pathname;
		uint32_t bpf_fd, file_flags;
	} get = {.pathname = sys_ptr(path), .file_flags = file_flags};
	return sys_bpf(w, BPF_OBJ_GET, &get, sizeof get);
}

long sys_open_pin(const struct sys_watch *w, const char *path)
{
	return sys_open_pin_for(w, path, 0);
}

long sys_next_id(const struct sys_watch *w, int cmd, uint32_t *id)
{
	struct id_attr get = {.id = *id};
	long r = sys_bpf(w, cmd, &get, sizeof get);
	if (!r)
		*id = get.next;
	return r;
}

long sys_perf_event_open(const void *attr, int pid, int cpu, int group_fd, unsigned long flags)
{
	long r = syscall(SYS_perf_event_open, attr, pid, cpu, group_fd, flags);
	return r < 0 ? -errno : r;
}

long sys_get_fd(int pid, int fd)
{
	enum { PIDFD_OPEN = 434, PIDFD_GETFD = 438 }; /* the same on all architectures */
	long process = syscall(PIDFD_OPEN, pid, 0);
	if (process < 0)
		return -errno;
	long r = syscall(PIDFD_GETFD, process, fd, 0);
	r = r < 0 ? -errno : r;
	close((int)process);
	return r;
}

long sys_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

size_t sys_page_size(void)
{
	return getauxval(AT_PAGESZ);
}

unsigned sys_cpus(void)
{
	uint8_t set[1024];
	unsigned n = 0;
	long size = syscall(SYS_sched_getaffinity, 0, sizeof set, set);
	for (long i = 0; i < size; i++)
		for (unsigned bits = set[i]; bits; bits &= bits - 1)
			n++;
	return n ? n : 1;
}

uint64_t sys_now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t sys_boot_ns(void)
{
	return clock_ns(CLOCK_BOOTTIME);
}
