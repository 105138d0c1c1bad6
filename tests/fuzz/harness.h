/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What all fuzzers share. An input fails if it takes more than a second of CPU time (with sanitizers, which
 * are slower: four), or more than 64 MB in one piece or from one arena.
 *
 * One input in eight runs a second time, and one of its allocations fails then, or all from one on. Which
 * one is a property of the input.
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
#include <stdio.h>

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

/* Whether an allocation of this input has failed: what must succeed otherwise may fail then. */
bool is_short_of_memory(void);

/* Between on and off, allocations are those of the fuzzer itself, which do not fail. */
void own_memory(bool on);

/* A number that depends on all bytes, to choose options by. */
uint32_t checksum(const uint8_t *data, size_t size);

/* A stream to nowhere, which costs no system call. */
FILE *nowhere(void);

/* Frees an arena. */
void free_small(struct arena *a);

#endif
