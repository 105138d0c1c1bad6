/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SAMPLED_H
#define SAMPLED_H

#include <stdlib.h>

/*
 * The stride of loops over all cases: n in `make check`, which must be fast and sets SONDE_SAMPLE; a
 * fraction of it in `make test`, which compiles with sanitizers; and 1 with SONDE_ALL.
 */
static inline unsigned every(unsigned n)
{
	return getenv("SONDE_SAMPLE") ? n : getenv("SONDE_ALL") ? 1 : n / 4 + 1;
}

#endif
