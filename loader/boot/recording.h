/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A recording: the plans of a boot and the records of their buffers, as bytes, to be shown later by whoever has
 * the time. docs/init.md describes the format.
 *
 *	16 bytes	"sonde boot 1\n\0\0\0"
 *	4 bytes		0x01020304, in the byte order of the machine
 *	chunks		a header of 24 bytes, then bytes
 *
 * The writer appends, so a recording is valid at any time, whatever ends the recorder. The reader trusts nothing.
 */
#ifndef SONDE_RECORDING_H
#define SONDE_RECORDING_H

#include "elf/base/err.h"
#include "elf/base/span.h"

#include <stdint.h>

enum recording_kind {
	RECORDING_PLAN = 1, /* a saved plan (loader/plan/save.h); the first one is plan 0 */
	RECORDING_ROW, /* a record of a map; zeros at its end are left out, up to RECORDING_TRIMMED bytes */
	RECORDING_LOST, /* a map lost `length` records, as far as known; 0: an unknown number */
	RECORDING_END,  /* the recorder ended in good order; `length`: enum recording_end */
};

enum recording_end {
	RECORDING_COLLECTED,
	RECORDING_STOPPED, /* by a signal */
	RECORDING_TIME,    /* --for */
	RECORDING_FULL,    /* --size */
};

enum {
	RECORDING_PLANS = 64,
	RECORDING_SIZE_MIN = 64 << 10,
	RECORDING_BUFFER = 16 << 10,
	RECORDING_TRIMMED = 64 << 10
};

struct recording_chunk {
	uint16_t kind;      /* enum recording_kind */
	uint16_t plan, map; /* of ROW, LOST: indices */
	uint32_t length;    /* of ROW: of the whole record */
	uint64_t time_ns;   /* CLOCK_BOOTTIME, when it was read from the buffer */
	struct span bytes;  /* at most `length` of a ROW */
};

/* ---- writing ---- */

struct recording_writer {
	int fd; /* of a file or memory, borrowed */
	uint64_t size, limit;
	uint32_t n; /* bytes in the buffer */
	bool full;  /* a chunk did not fit */
	int error;  /* errno of a write that failed: nothing more is written */
	uint8_t buffer[RECORDING_BUFFER];
};

/* limit: bytes of the whole, at least RECORDING_SIZE_MIN. */
void recording_begin(struct recording_writer *w, int fd, uint64_t limit);

/* Appends a chunk. False if it does not fit or an earlier one did not: w->full; or if writing failed: w->error. */
bool recording_add(struct recording_writer *w, const struct recording_chunk *c);

/* The last chunk, for which there always is room. */
bool recording_finish(struct recording_writer *w, enum recording_end how, uint64_t time_ns);

/* Writes what is in the buffer. */
bool recording_flush(struct recording_writer *w);

/* ---- reading ---- */

struct recording {
	struct span bytes;
	uint64_t at; /* of the next chunk */
};

/* bytes: untrusted, borrowed. path: for messages. False with e set if it is no recording. */
bool recording_open(struct recording *r, const char *path, struct span bytes, struct err *e);

/* The next chunk; false at the end, or where the rest is damaged. Its bytes are borrowed. */
bool recording_next(struct recording *r, struct recording_chunk *c);

#endif
