/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading a BPF ring buffer (BPF_MAP_TYPE_RINGBUF, Linux 5.8): one buffer for all CPUs, in which
 * programs reserve, fill and submit records; the reader sees them in the order of reservation.
 *
 * The kernel shows three things to a reader (bpf_abi.h has the layout): the consumer position, which
 * the reader writes; the producer position, which it reads; and the data, mapped twice in a row so
 * that a record is never cut at the end. Positions count bytes since the map was made; a position
 * modulo the size is the place. The header of a record is 8 bytes: its length with a busy bit
 * (reserved, not yet submitted: nothing behind it may be read) and a discard bit (to be skipped).
 *
 * Order: the length is loaded with acquire, for submitting stores it last; the consumer position is
 * stored with release, after the last look at the record that it gives back.
 *
 * Width: positions are unsigned longs *of the kernel*. Where it has 8 bytes they are loaded and
 * stored as 8 bytes; a 32-bit process on such a kernel keeps the upper half itself and stores both
 * halves, the upper one first, because the kernel compares the whole number: a reader that stored
 * only the low half would find the buffer full for good after 4 GiB. While it stores the two halves
 * at such a 4 GiB boundary, a program may find the buffer full by mistake once. Where the kernel
 * has 4 bytes, positions wrap at 4 GiB and only differences count. For loading, the low half is
 * enough everywhere, since no buffer is larger than 2 GiB.
 *
 * Losses: when the buffer is full, reserving fails in the program and nothing here can tell how
 * often; only the program can count that. ring.peak says how full the reader has seen the buffer: a
 * peak close to ring.size means that records were probably lost.
 *
 * Waiting: the map's descriptor polls readable (EPOLLIN) as long as unread bytes exist, a busy
 * record included. After a drain that returned 0 the caller should sleep a little (1 ms) before it
 * polls again, or it spins for as long as a program holds its reservation.
 *
 * Not for maps with BPF_F_RB_OVERWRITE (Linux 6.19), whose readers need another protocol, nor for
 * BPF_MAP_TYPE_USER_RINGBUF, in which the process is the producer.
 */
#ifndef SONDE_RING_H
#define SONDE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/err.h"

struct ring {
	uint8_t *consumer;       /* page with the consumer position; writable */
	const uint8_t *producer; /* page with the producer position, read only */
	const uint8_t *data;     /* the data, twice */
	uint32_t size;           /* bytes of data, a power of two; max_entries of the map */
	size_t page;             /* bytes of a page of this kernel */
	unsigned word;           /* bytes of a position: 4 or 8 */
	uint64_t position;       /* of the next record, all 64 bits of it */
	uint32_t peak;           /* most unread bytes seen */
	bool broken;             /* the kernel's data made no sense; nothing more is read */
};

/*
 * Maps the ring buffer of map_fd, which stays the caller's and is what to poll. max_entries: as the
 * map was created with (for somebody else's: BPF_OBJ_GET_INFO_BY_FD). Reading goes on where the
 * last reader of this map stopped; two readers at a time make no sense. False with *e set on
 * failure.
 */
bool ring_map(struct ring *r, int map_fd, uint32_t max_entries, struct err *e);

/* Gives the memory back; the map lives on. */
void ring_unmap(struct ring *r);

/*
 * Takes one record: len bytes, 8-aligned, to be read during the call only. Returns false to stop
 * after this record, which counts as read.
 */
typedef bool (*ring_fn)(void *ctx, const void *record, size_t len);

/*
 * Delivers every record that was submitted when the call began, up to the first busy one. Each is
 * given back to the kernel right after its callback. Returns how many were delivered (discarded
 * ones don't count), or -EBADMSG when a length or a position does not fit the buffer: then this
 * ring is broken for good, for there is no way to find the next record.
 */
long ring_drain(struct ring *r, ring_fn fn, void *ctx);

/* Bytes that wait to be read, headers and busy records included. */
uint32_t ring_unread(const struct ring *r);

/* The width of an unsigned long in the running kernel, for ring_map() and whoever else needs it. In
 * a 64-bit process: 8. In a 32-bit one the machine name of uname() tells; under setarch(8) it lies.
 */
unsigned ring_kernel_word(void);

#endif
