/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reads a BPF ring buffer (BPF_MAP_TYPE_RINGBUF, Linux 5.8): one buffer for all CPUs, in which
 * programs reserve, fill in and submit records. The reader sees them in the order of reservation.
 *
 * The kernel shares three areas with a reader (bpf_abi.h has the layout): the consumer position,
 * which the reader writes; the producer position, which it reads; and the data, mapped twice in a
 * row so that no record wraps around. Positions count bytes since the map was created, and are taken
 * modulo the size of the data. The header of a record has 8 bytes: its length with a busy bit
 * (reserved but not submitted: neither it nor later records may be read) and a discard bit (to be
 * skipped).
 *
 * Memory order: the length is loaded with acquire semantics, because the kernel stores it last. The
 * consumer position is stored with release semantics, after the record has been read.
 *
 * Width: positions are unsigned longs *of the kernel*. With 8 bytes they are loaded and stored as 8
 * bytes. A 32-bit process on such a kernel maintains the upper half itself and stores both halves,
 * the upper one first, because the kernel compares all 64 bits: if only the lower half were stored,
 * the buffer would be full forever after 4 GiB. While the two halves are stored at such a 4 GiB
 * boundary, a program may once see a full buffer in error. With 4 bytes, positions wrap at 4 GiB and
 * only differences matter. For loads the lower half always suffices, because no buffer exceeds
 * 2 GiB.
 *
 * Losses: if the buffer is full, the reservation fails in the program, and only the program can
 * count that. ring.peak is the highest fill level the reader has seen: a peak close to ring.size
 * means that records were probably lost.
 *
 * Waiting: the map's file descriptor polls readable (EPOLLIN) as long as there are unread bytes,
 * including busy records. After a drain that returns 0 the caller should sleep briefly (1 ms) before
 * it polls again; otherwise it spins while a program holds a reservation.
 *
 * Not for maps with BPF_F_RB_OVERWRITE (Linux 6.19), which use a different protocol, nor for
 * BPF_MAP_TYPE_USER_RINGBUF, where the process is the producer.
 */
#ifndef SONDE_RING_H
#define SONDE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/err.h"

struct ring {
	uint8_t *consumer;       /* page with the consumer position; writable */
	const uint8_t *producer; /* page with the producer position; read-only */
	const uint8_t *data;     /* the data, mapped twice */
	uint32_t size;           /* size of the data in bytes, a power of two: max_entries */
	size_t page;             /* page size of this kernel in bytes */
	unsigned word;           /* size of a position in bytes: 4 or 8 */
	uint64_t position;       /* of the next record, all 64 bits */
	uint32_t peak;           /* highest number of unread bytes seen */
	bool broken;             /* the shared memory was invalid; nothing more is read */
};

/*
 * Maps the ring buffer of map_fd, which is borrowed; poll it for records. max_entries: as at
 * creation (available from BPF_OBJ_GET_INFO_BY_FD). Reading continues where the last reader of this
 * map stopped; there must be only one reader at a time.
 */
bool ring_map(struct ring *r, int map_fd, uint32_t max_entries, struct err *e);

/* Unmaps the buffer; does not close the map. */
void ring_unmap(struct ring *r);

/*
 * Receives a record: len bytes, 8-aligned, valid during the call only. Returns false to stop after
 * this record, which counts as read.
 */
typedef bool (*ring_fn)(void *ctx, const void *record, size_t len);

/*
 * Delivers the records submitted before the call, up to the first busy one. The space of each is
 * released to the kernel right after its callback. Returns the number of records, not counting
 * discarded ones, or -EBADMSG if a length or position exceeds the buffer: the ring is then
 * permanently broken, because the next record cannot be found.
 */
long ring_drain(struct ring *r, ring_fn fn, void *ctx);

/* The number of unread bytes, including headers and busy records. */
uint32_t ring_unread(const struct ring *r);

/* The size of an unsigned long in the running kernel. In a 64-bit process it is 8. A 32-bit process
 * derives it from uname(), which is wrong under setarch(8). */
unsigned ring_kernel_word(void);

#endif
