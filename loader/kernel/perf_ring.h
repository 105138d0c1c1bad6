/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading the ring buffer of a perf event (Linux 2.6.31): how the records of programs arrive that
 * use a BPF_MAP_TYPE_PERF_EVENT_ARRAY (4.4), as those for kernels before 5.8 do. There is one event
 * and one ring for each CPU (cpus_read()).
 *
 * The mapping is a control page and 2^n pages of data. The kernel writes data_head after the
 * record, the reader data_tail after it has read one. Both are u64 on every architecture and count
 * bytes; the kernel itself only uses them modulo the size, so the low 32 bits are enough: they are
 * loaded and stored by one instruction on 32-bit machines as well. A record may be cut at the end
 * of the data; it is then copied together.
 *
 * A full ring loses records. The kernel then puts a record that says how many before the next one
 * that fits, so that losses at the very end would never be told; since Linux 6.0 (and in later
 * releases of 5.10) a counter can be read at any time as well (read_format PERF_FORMAT_LOST).
 */
#ifndef SONDE_PERF_RING_H
#define SONDE_PERF_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/err.h"
#include "sys.h"

/* The argument of perf_event_open(2) in its first size, which every kernel takes. */
struct perf_attr {
	uint32_t type;
	uint32_t size; /* of this structure */
	uint64_t config;
	uint64_t sample_period;
	uint64_t sample_type;
	uint64_t read_format;
	uint64_t flags; /* single bits, none of which is needed here */
	uint32_t wakeup_events;
	uint32_t bp_type;
	uint64_t config1;
};

enum { PERF_LOST_COUNTER = 16 }; /* read_format PERF_FORMAT_LOST, Linux 6.0 */

/* The event of what bpf_perf_event_output() writes: all of it goes into the ring, and wakes the
 * reader. */
struct perf_attr perf_attr_output(void);

/*
 * Opens the event on one CPU, for all processes, starting at once (CAP_PERFMON, before 5.8
 * CAP_SYS_ADMIN, unless kernel.perf_event_paranoid is -1). The counter of losses, which older
 * kernels refuse with EINVAL, is then taken out of *a, for the following CPUs too. Returns a
 * descriptor that polls readable once for what came since the last poll, or -errno: -ENODEV that
 * CPU is offline, -EINVAL there is no such CPU.
 */
int perf_ring_open(struct perf_attr *a, unsigned cpu);

/* Puts an event into the map that bpf_perf_event_output() writes to, at the index of its CPU; the
 * map then holds the event too. 0 or -errno. */
int perf_ring_put(const struct sys_watch *w, int map_fd, unsigned cpu, int event_fd);

struct perf_ring {
	int fd; /* the event: owned; for polling */
	unsigned cpu;
	uint8_t *control;    /* the mapping; NULL: not mapped */
	uint8_t *data;       /* borrowed from it */
	uint32_t size;       /* bytes of data, a power of two */
	uint32_t page;       /* bytes of a page */
	uint32_t head;       /* end of what perf_ring_look() has seen, modulo 2^32 */
	uint32_t tail;       /* start of what has not been given back */
	uint32_t taking;     /* bytes of the record that perf_ring_next() returned */
	uint8_t *copy;       /* a record that was cut, allocated when the first is met; owned */
	uint32_t copy_size;  /* bytes there */
	uint64_t lost_told;  /* losses that records in the ring spoke of */
	bool has_lost_count; /* the event was opened with PERF_LOST_COUNTER */
	bool broken;         /* a length made no sense; nothing more is read */
};

/*
 * Maps the ring of event fd, which then belongs to r (also on failure: it is closed). bytes: wanted
 * room for data, made a power of two of at least one page; halved for as long as the kernel refuses
 * for lack of memory that may be locked (EPERM; kernel.perf_event_mlock_kb). a: as it was opened.
 */
bool perf_ring_map(struct perf_ring *r, int fd, unsigned cpu, size_t bytes,
	const struct perf_attr *a, struct err *e);

/* Unmaps, closes the event. r is as {0} but for fd -1, and may be closed again. */
void perf_ring_close(struct perf_ring *r);

/* A record: 8-aligned if the kernel's are, all of it readable until the next call for this ring. */
struct perf_record {
	uint32_t type;
	const uint8_t *body; /* behind the header of 8 bytes */
	size_t len;
};

/* Takes note of what has arrived; perf_ring_next() goes no further. */
void perf_ring_look(struct perf_ring *r);

/*
 * The oldest record that perf_ring_look() has seen and that was not taken. False when there is none
 * (or memory for a copy is short, or the ring is broken). Records about losses are counted and left
 * out. The same record is returned until perf_ring_take() gives its room back to the kernel.
 */
bool perf_ring_next(struct perf_ring *r, struct perf_record *out);
void perf_ring_take(struct perf_ring *r);

/* How many records were lost so far. */
uint64_t perf_ring_lost(const struct perf_ring *r);

/* Takes what a program wrote on a CPU; the kernel pads it: len may be up to 7 bytes more than the
 * program said, so that len + 4 is a multiple of 8. data is 4-aligned. False stops, as in ring.h.
 */
typedef bool (*perf_ring_fn)(void *ctx, unsigned cpu, const void *data, size_t len);

/* Delivers what bpf_perf_event_output() wrote into a ring opened with perf_attr_output(), up to
 * what was there at the start. Returns how many records, or -EBADMSG when the ring is broken. */
long perf_ring_drain(struct perf_ring *r, perf_ring_fn fn, void *ctx);

#endif
