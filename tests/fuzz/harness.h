/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What all fuzzers share. An input must not take more than a few seconds of CPU time.
 *
 * Each fuzzer defines its goals: what its inputs have to reach. When it exits, it prints
 *
 *     reached: columns 812, JSON 790
 *     never reached: stacks
 *
 * tests/fuzz/run fails if the seeds alone leave a goal unreached: the fuzzer would then only exercise
 * the rejection of its inputs.
 */
#ifndef FUZZ_HARNESS_H
#define FUZZ_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/arena.h"

/* Runs an input; defined by each fuzzer. */
void fuzz_input(const uint8_t *data, size_t size);

struct goal {
	const char *name; /* NULL: the end of the list */
	unsigned long times;
};

extern struct goal goals[];

/* Counts a goal if it was reached; returns `now`. */
static inline bool reach(unsigned goal, bool now)
{
	goals[goal].times += now;
	return now;
}

/* Frees an arena, which must not have grown out of proportion to an input of at most 64 KiB. */
void free_small(struct arena *a);

#endif
