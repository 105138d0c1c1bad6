/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "perf_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { RING_BYTES = 32 << 10 };

static bool open_cpu(struct perf_buffer *b, struct perf_attr *attr, int map_fd, unsigned cpu,
	const struct sys_watch *w, struct err *e)
{
	struct perf_ring *r = &b->rings[b->n];
	int fd = perf_ring_open(attr, cpu);
	if (fd == -ENODEV)
		return true; /* went offline in the meantime */
	if (fd < 0)
		return err_sys(e, -fd, "perf event on CPU %u", cpu);
	if (!perf_ring_map(r, fd, cpu, RING_BYTES, attr, e))
		return false;
	b->n++;
	int no = -perf_ring_put(w, map_fd, cpu, fd);
	struct epoll_event readable = {.events = EPOLLIN};
	if (!no && epoll_ctl(b->fd, EPOLL_CTL_ADD, fd, &readable))
		no = errno;
	return !no || err_sys(e, no, "perf event of CPU %u", cpu);
}

bool perf_buffer_open(struct perf_buffer *b, int map_fd, struct arena *a, struct kfs *k,
	const struct sys_watch *w, struct err *e)
{
	struct perf_attr attr = perf_attr_output();
	unsigned *cpus, n = cpus_online(k, a, &cpus);
	*b = (struct perf_buffer){.fd = epoll_create1(EPOLL_CLOEXEC)};
	b->rings = arena_array(a, n, sizeof *b->rings);
	bool ok = n && b->rings && b->fd >= 0;
	if (!ok)
		err_nomem(e);
	for (unsigned i = 0; i < n && ok; i++)
		ok = open_cpu(b, &attr, map_fd, cpus[i], w, e);
	if (!ok)
		perf_buffer_close(b);
	return ok;
}

long perf_buffer_drain(struct perf_buffer *b, perf_ring_fn fn, void *ctx)
{
	long all = 0;
	for (unsigned i = 0; i < b->n; i++) {
		long n = perf_ring_drain(&b->rings[i], fn, ctx);
		if (n < 0)
			return n;
		all += n;
	}
	return all;
}

uint64_t perf_buffer_lost(const struct perf_buffer *b)
{
	uint64_t lost = 0;
	for (unsigned i = 0; i < b->n; i++)
		lost += perf_ring_lost(&b->rings[i]);
	return lost;
}

void perf_buffer_close(struct perf_buffer *b)
{
	for (unsigned i = 0; i < b->n; i++)
		perf_ring_close(&b->rings[i]);
	b->n = 0;
	if (b->fd >= 0)
		close(b->fd);
	b->fd = -1;
}
