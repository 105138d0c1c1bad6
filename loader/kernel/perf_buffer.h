/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Perf buffers: records sent by bpf_perf_event_output() through a BPF_MAP_TYPE_PERF_EVENT_ARRAY
 * (Linux 4.4), the predecessor of the BPF ring buffer. There is one ring per CPU; records of
 * different CPUs are unordered.
 */
#ifndef SONDE_PERF_BUFFER_H
#define SONDE_PERF_BUFFER_H

#include "elf/base/arena.h"
#include "cpus.h"
#include "perf_ring.h"

struct perf_buffer {
	int fd; /* polls readable for all CPUs together; owned */
	int map_fd;
	const struct sys_watch *watch;
	struct perf_ring *rings;
	unsigned n, room;
	uint64_t lost; /* of rings that are closed */
};

/* Opens a ring for every online CPU and stores it in the map; map_fd and w are borrowed. Memory from a.
 * On failure everything is closed. */
bool perf_buffer_open(struct perf_buffer *b, int map_fd, struct arena *a, struct kfs *k,
	const struct sys_watch *w, struct err *e);

/* A CPU came online or went offline: its ring is opened or closed. The kernel never writes to a ring
 * again whose CPU was offline. Fails if no ring can be opened. */
bool perf_buffer_cpu(struct perf_buffer *b, unsigned cpu, bool online, struct err *e);

/* Delivers all available records, like perf_ring_drain(). */
long perf_buffer_drain(struct perf_buffer *b, perf_ring_fn fn, void *ctx);

/* The number of records lost because a ring was full, as far as the kernel has reported it. */
uint64_t perf_buffer_lost(const struct perf_buffer *b);

void perf_buffer_close(struct perf_buffer *b);

#endif
