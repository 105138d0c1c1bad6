/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Reasons why a run that is being shown still needs rights. needs.def has the table. */
#ifndef SONDE_NEEDS_H
#define SONDE_NEEDS_H

/* Bits of a set of needs. NEED_SHOW is part of every set. */
enum sandbox_need_index {
#define NEED(name, ...) NEED_##name##_INDEX,
#include "needs.def"
#undef NEED
	SANDBOX_NEEDS
};
enum sandbox_need {
#define NEED(name, ...) NEED_##name = 1 << NEED_##name##_INDEX,
#include "needs.def"
#undef NEED
};

#endif
