/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The system calls that sonde makes, in one place. Each returns what the kernel returned, or
 * -errno; none touches the global errno contract of its caller.
 *
 * Rule: an attr is cleared before it is filled, and its size is the end of the last field used, so
 * that an older kernel is never handed more than it has to know.
 */
#ifndef SONDE_SYS_H
#define SONDE_SYS_H

#include <stddef.h>
#include <stdint.h>

/* Who wants to see each bpf(2) call as it happens (-vv). fn may be NULL. */
struct sys_watch {
	void (*fn)(void *ctx, int cmd, const void *attr, unsigned size, long result);
	void *ctx;
};

/* bpf(2) (Linux 3.18). attr: size bytes, changed by commands that answer in it. */
long sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size);

/* What the kernel knows of an open program, map, link or BTF (4.13). info: *size bytes, those that it
 * asks for filled, the others zero; *size becomes the bytes that the kernel knows. 0 or -errno. */
long sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size);

/* A descriptor by id (4.13), or -errno: -ENOENT when it is gone. cmd: BPF_MAP_GET_FD_BY_ID and the
 * like. */
long sys_open_id(const struct sys_watch *w, int cmd, uint32_t id);

/* Goes on from *id (0: from the start) to the next one, BPF_MAP_GET_NEXT_ID and the like (4.13). 0,
 * -ENOENT behind the last, or -errno. */
long sys_next_id(const struct sys_watch *w, int cmd, uint32_t *id);

/* perf_event_open(2) (2.6.31). attr: a struct perf_event_attr whose size field says its length. */
long sys_perf_event_open(const void *attr, int pid, int cpu, int group_fd, unsigned long flags);

/* A copy of a descriptor of another process (pidfd_getfd(2), 5.6), close-on-exec, or -errno. */
long sys_get_fd(int pid, int fd);

/* open(2), close-on-exec. */
long sys_open(const char *path, int flags);

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t sys_now_ns(void);

/* A user pointer as bpf_attr wants it: 64 bits on every architecture. */
static inline uint64_t sys_ptr(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

#endif
