/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "perf_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { RING_BYTES = 32 << 10 };

static bool open_cpu(struct perf_buffer *b, unsigned cpu, struct err *e)
{
	struct perf_event_attr attr = perf_attr_output();
	struct perf_ring *r = &b->rings[b->n];
	int fd = perf_ring_open(&attr, cpu);
	if (fd == -ENODEV)
		return true; /* went offline in the meantime */
	if (fd < 0)
		return err_sys(e, -fd, "perf event on CPU %u", cpu);
	if (!perf_ring_map(r, fd, cpu, RING_BYTES, &attr, e))
		return false;
	b->n++;
	int no = -perf_ring_put(b->watch, b->map_fd, cpu, fd);
	struct epoll_event readable = {.events = EPOLLIN};
	if (!no && epoll_ctl(b->fd, EPOLL_CTL_ADD, fd, &readable))
		no = errno;
	return !no || err_sys(e, no, "perf event of CPU %u", cpu);
}

bool perf_buffer_open(struct perf_buffer *b, int map_fd, struct arena *a, struct kfs *k,
	const struct sys_watch *w, struct err *e)
{
	unsigned *cpus, n = cpus_list(k, CPUS_ONLINE, a, &cpus);
	*b = (struct perf_buffer){.fd = epoll_create1(EPOLL_CLOEXEC),
		.map_fd = map_fd,
		.watch = w,
		.room = cpus_possible(k)};
	b->room = b->room < n ? n : b->room;
	b->rings = arena_array(a, b->room, sizeof *b->rings);
	bool ok = n && b->rings && b->fd >= 0;
	if (!ok)
		err_nomem(e);
	for (unsigned i = 0; i < n && ok; i++)
		ok = open_cpu(b, cpus[i], e);
	if (!ok)
		perf_buffer_close(b);
	return ok;
}

static void close_cpu(struct perf_buffer *b, unsigned cpu)
{
	for (unsigned i = 0; i < b->n; i++)
		if (b->rings[i].cpu == cpu) {
			b->lost += perf_ring_lost(&b->rings[i]);
			perf_ring_close(&b->rings[i]);
			b->rings[i] = b->rings[--b->n];
			return;
		}
}

bool perf_buffer_cpu(struct perf_buffer *b, unsigned cpu, bool online, struct err *e)
{
	close_cpu(b, cpu);
	return !online || b->n == b->room || open_cpu(b, cpu, e);
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
	uint64_t lost = b->lost;
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
