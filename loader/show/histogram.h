/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Distributions by powers of two, as bars:
 *
 *	FROM  BELOW  COUNT
 *	   8     16      4  #######
 *	  16     32     23  ########################################
 *	  1K     2K      1  ##
 *
 * K is 1024, M is 1024 K, ...
 */
#ifndef SONDE_HISTOGRAM_H
#define SONDE_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "typed.h"

enum { HISTOGRAM_MIN = 8, HISTOGRAM_MAX = 128 }; /* slots */

/* Slot n counts values from 2^n to 2^(n+1) - 1; slot 0 those below 2. */
struct histogram {
	uint64_t slots[HISTOGRAM_MAX];
	unsigned n;
};

uint64_t histogram_total(const struct histogram *h);

/* Prints lines of at most `width` columns (0: 80), indented by `indent`; nothing if all slots are
 * zero. */
void histogram_print(FILE *out, const struct histogram *h, unsigned indent, unsigned width);

/*
 * Does a name denote a distribution? "hist", "latency_hist" and "hist_us" do, and names that are
 * just a unit ("microseconds", "usecs"). *unit is the unit in the name, or UNIT_NONE.
 */
bool histogram_name(const char *name, enum typed_unit *unit);

#endif
