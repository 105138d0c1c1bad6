/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SAMPLED_H
#define SAMPLED_H

#include <stdlib.h>

/*
 * The stride of loops over all cases: 1 to test every case, or n in `make check`, which must be
 * fast and sets SONDE_SAMPLE.
 */
static inline unsigned every(unsigned n)
{
	return getenv("SONDE_SAMPLE") ? n : 1;
}

#endif
