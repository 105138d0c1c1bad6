/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * System calls for which libc has no wrapper, and others in the same form. Each returns the result
 * of the call, or -errno. The variable errno is overwritten as by libc and not part of the contract.
 *
 * Rule: an attr is zeroed before it is filled in, and its size is the end of the last field used, so
 * that older kernels do not reject fields they do not know.
 */
#ifndef SONDE_SYS_H
#define SONDE_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A callback for each bpf(2) call (-vv). fn may be NULL. */
struct sys_watch {
	void (*fn)(void *ctx, int cmd, const void *attr, unsigned size, long result);
	void *ctx;
	/* Asked by loops that may take long, such as reading a map of a million entries: true ends
	 * them. May be NULL. */
	bool (*stopped)(void);
};

static inline bool sys_stopped(const struct sys_watch *w)
{
	return w && w->stopped && w->stopped();
}

/* bpf(2) (Linux 3.18). attr: size bytes; some commands write results to it. */
long sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size);

/* BPF_OBJ_GET_INFO_BY_FD (4.13) for a program, map, link or BTF. info: *size bytes, zero except for
 * input fields; *size is set to the number of bytes the kernel filled in. 0 or -errno. */
long sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size);

/* Opens an object by id (4.13). cmd: BPF_MAP_GET_FD_BY_ID etc. Returns a file descriptor or -errno:
 * -ENOENT if the object no longer exists. */
long sys_open_id(const struct sys_watch *w, int cmd, uint32_t id);

/* Opens a pinned object (4.4). Returns a file descriptor or -errno. _for: of a map, with file_flags such as
 * BPF_F_RDONLY (4.15), for which reading its file suffices. */
long sys_open_pin(const struct sys_watch *w, const char *path);
long sys_open_pin_for(const struct sys_watch *w, const char *path, uint32_t file_flags);

/* Advances *id (0: start) to the next id (4.13). cmd: BPF_MAP_GET_NEXT_ID etc. Returns 0, -ENOENT
 * after the last id, or -errno. */
long sys_next_id(const struct sys_watch *w, int cmd, uint32_t *id);

/* perf_event_open(2) (2.6.31). attr: a struct perf_event_attr with its size field set. */
long sys_perf_event_open(const void *attr, int pid, int cpu, int group_fd, unsigned long flags);

/* Duplicates a file descriptor of another process (pidfd_getfd(2), 5.6), close-on-exec. Returns it,
 * or -errno. */
long sys_get_fd(int pid, int fd);

/* open(2), close-on-exec. */
long sys_open(const char *path, int flags);

/* The size of a page, without the table of everything that sysconf(3) knows. */
size_t sys_page_size(void);

/* The number of CPUs that this process may run on, at least 1. */
unsigned sys_cpus(void);

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t sys_now_ns(void);

/* CLOCK_BOOTTIME, which also counts while the machine is suspended. */
uint64_t sys_boot_ns(void);

/* A user pointer as in bpf_attr: 64 bits on every architecture. */
static inline uint64_t sys_ptr(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

#endif
