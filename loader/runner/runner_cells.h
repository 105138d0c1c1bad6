/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Values in columns, as loader/show prints them. */
#ifndef SONDE_RUNNER_CELLS_H
#define SONDE_RUNNER_CELLS_H

#include "runner.h"

/* Where values are printed, and what they depend on. */
struct cells {
	struct out *out;
	const struct run *x;
	uint64_t start[2]; /* of the run, in ns: CLOCK_MONOTONIC, CLOCK_BOOTTIME */
};

/* Prints a value of a record of size bytes, neither of which is trusted; "?" if it is not inside. */
RECORDS_ONLY void cell_put(
	struct cells *w, const struct packed_cell *c, const uint8_t *record, uint32_t size);

#endif
