/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Perf buffers: the records of bpf_perf_event_output() through a BPF_MAP_TYPE_PERF_EVENT_ARRAY
 * (Linux 4.4), the ring buffer's elder: one ring for each CPU, records of different CPUs in no
 * particular order.
 */
#ifndef SONDE_PERFBUF_H
#define SONDE_PERFBUF_H

#include "elf/base/arena.h"
#include "cpus.h"
#include "perf_ring.h"

struct perfbuf {
	int fd; /* polls readable for all CPUs together; owned */
	struct perfring *rings;
	unsigned n;
};

/* Opens a ring for every CPU that is online and puts it into the map. The map's fd stays the
 * caller's. Memory from a. On failure nothing is left open. */
bool perfbuf_open(struct perfbuf *b, int map_fd, struct arena *a, struct kfs *k,
	const struct sys_watch *w, struct err *e);

/* Delivers what is there; as perfring_drain(). */
long perfbuf_drain(struct perfbuf *b, perfring_fn fn, void *ctx);

/* How many records found a ring full, as far as the kernel has told. */
uint64_t perfbuf_lost(const struct perfbuf *b);

void perfbuf_close(struct perfbuf *b);

#endif
