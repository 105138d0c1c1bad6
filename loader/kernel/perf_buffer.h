/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Perf buffers: the records of bpf_perf_event_output() through a BPF_MAP_TYPE_PERF_EVENT_ARRAY
 * (Linux 4.4), the ring buffer's elder: one ring for each CPU, records of different CPUs in no
 * particular order.
 */
#ifndef SONDE_PERF_BUFFER_H
#define SONDE_PERF_BUFFER_H

#include "elf/base/arena.h"
#include "cpus.h"
#include "perf_ring.h"

struct perf_buffer {
	int fd; /* polls readable for all CPUs together; owned */
	struct perf_ring *rings;
	unsigned n;
};

/* Opens a ring for every CPU that is online and puts it into the map. The map's fd stays the
 * caller's. Memory from a. On failure nothing is left open. */
bool perf_buffer_open(struct perf_buffer *b, int map_fd, struct arena *a, struct kfs *k,
	const struct sys_watch *w, struct err *e);

/* Delivers what is there; as perf_ring_drain(). */
long perf_buffer_drain(struct perf_buffer *b, perf_ring_fn fn, void *ctx);

/* How many records found a ring full, as far as the kernel has told. */
uint64_t perf_buffer_lost(const struct perf_buffer *b);

void perf_buffer_close(struct perf_buffer *b);

#endif
