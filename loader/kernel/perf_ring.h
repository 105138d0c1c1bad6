/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reads the ring buffer of a perf event (Linux 2.6.31), which contains the records of programs that
 * use a BPF_MAP_TYPE_PERF_EVENT_ARRAY (4.4), as programs for kernels before 5.8 do. There is one
 * event and one ring per CPU (see cpus_read()).
 *
 * The mapping consists of a control page and 2^n pages of data. The kernel writes data_head after
 * it has written a record, the reader writes data_tail after it has read one. Both are u64 on every
 * architecture and count bytes. The kernel only uses them modulo the size, so the low 32 bits are
 * sufficient; one instruction can load or store them on 32-bit machines as well. A record may wrap
 * around at the end of the data; it is then copied to contiguous memory.
 *
 * If the ring is full, records are lost. The kernel reports their number in a record before the next
 * one that fits, so losses at the very end are not reported. Since Linux 6.0 (and stable releases of
 * 5.10) a counter can also be read at any time (read_format PERF_FORMAT_LOST).
 */
#ifndef SONDE_PERF_RING_H
#define SONDE_PERF_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/err.h"
#include "elf/base/perf_abi.h"
#include "sys.h"

enum { PERF_LOST_COUNTER = 16 }; /* read_format PERF_FORMAT_LOST, Linux 6.0 */

/* The event for bpf_perf_event_output(): each record is written to the ring and wakes the reader. */
struct perf_event_attr perf_attr_output(void);

/*
 * Opens the event on one CPU, for all processes, enabled (CAP_PERFMON, before 5.8 CAP_SYS_ADMIN,
 * unless kernel.perf_event_paranoid is -1). If the kernel rejects the counter of lost records with
 * EINVAL, it is cleared in *a, also for the following CPUs. Returns a file descriptor that polls
 * readable once for everything since the last poll, or -errno: -ENODEV if the CPU is offline,
 * -EINVAL if there is no such CPU.
 */
int perf_ring_open(struct perf_event_attr *a, unsigned cpu);

/* Stores an event in the map that bpf_perf_event_output() writes to, at the index of its CPU. The
 * map takes a reference to the event. Returns 0 or -errno. */
int perf_ring_put(const struct sys_watch *w, int map_fd, unsigned cpu, int event_fd);

struct perf_ring {
	int fd; /* the event, for polling; owned */
	unsigned cpu;
	uint8_t *control;    /* the mapping; NULL: not mapped */
	uint8_t *data;       /* points into the mapping */
	uint32_t size;       /* size of the data in bytes, a power of two */
	uint32_t page;       /* page size in bytes */
	uint32_t head;       /* data_head at the last look, modulo 2^32 */
	uint32_t tail;       /* data_tail: the start of the first record not yet taken */
	uint32_t taking;     /* size of the record being delivered */
	uint8_t *copy;       /* for records that wrap around, allocated on first use; owned */
	uint32_t copy_size;  /* size of copy in bytes */
	uint64_t lost_told;  /* lost records, as reported by records in the ring */
	bool has_lost_count; /* the event was opened with PERF_LOST_COUNTER */
	bool broken;         /* a length was invalid; nothing more is read */
};

/*
 * Maps the ring of event fd and takes ownership of it (on failure it is closed). bytes: requested
 * size of the data, rounded up to a power of two of at least a page, and halved as long as the kernel
 * reports that the limit for locked memory is exceeded (EPERM; kernel.perf_event_mlock_kb). a: the
 * attr that the event was opened with.
 */
bool perf_ring_map(struct perf_ring *r, int fd, unsigned cpu, size_t bytes,
	const struct perf_event_attr *a, struct err *e);

/* Unmaps the ring and closes the event. May be called again. */
void perf_ring_close(struct perf_ring *r);

/* A record, 8-aligned, valid until the next call for this ring. */
struct perf_record {
	uint32_t type;
	const uint8_t *body; /* after the header of 8 bytes */
	size_t len;
};

/* The number of lost records so far. */
uint64_t perf_ring_lost(const struct perf_ring *r);

/* Receives what a program wrote on a CPU, valid during the call only. The kernel pads it so that
 * len + 4 is a multiple of 8: len may exceed the program's size by up to 7. data is 4-aligned.
 * Returns false to stop after this record. */
typedef bool (*perf_ring_fn)(void *ctx, unsigned cpu, const void *data, size_t len);

/* Delivers the records of bpf_perf_event_output() in a ring opened with perf_attr_output() that are
 * available at the start. Returns their number, or -EBADMSG if the ring is broken. */
long perf_ring_drain(struct perf_ring *r, perf_ring_fn fn, void *ctx);

#endif
