/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Files of cases, a unit test of a program in words:
 *
 *     # a comment
 *     prog gate                         the program of the cases that follow
 *     set limit=3                       a variable, for these cases
 *     one address is blocked:  eth/ip src=192.168.1.100/tcp syn   -> XDP_DROP
 *     others pass:             eth/ip/tcp syn                     -> XDP_PASS
 *     many are too many:       eth/ip/tcp syn x 101               -> XDP_DROP
 *     + and still are:         eth/ip/tcp syn                     -> XDP_DROP
 *     an answer:               eth/ip/icmp echo -> XDP_TX = eth/ip/icmp reply
 *       map counts[10.0.0.1] = {packets = 1}
 *     put allowed[10.0.0.7] = 1         an entry of a map, for the cases that follow
 *
 * Each case starts with the maps as they are loaded; + continues with those of the case before. "x N": the
 * packet comes N times, and the last verdict counts. After '=': the packet that the program leaves. Below: entries
 * of maps afterwards, of which members that are not named may be anything; none: there is no such entry.
 */
#ifndef SONDE_CASES_H
#define SONDE_CASES_H

#include "elf/base/arena.h"
#include "elf/base/err.h"
#include "elf/base/span.h"

#include <stdint.h>

enum { CASE_SETS = 16, CASE_TIMES_MAX = 1000000 };

/* An entry of a map, as text. */
struct case_entry {
	const char *map, *key, *value;
};

struct trial_case {
	unsigned line;
	const char *name, *packet, *verdict;
	const char *output; /* NULL: whatever it leaves */
	const char *prog;   /* NULL: the only one, or --prog */
	const char *sets[CASE_SETS];
	struct case_entry puts[CASE_SETS], maps[CASE_SETS]; /* before and after */
	unsigned n_sets, n_puts, n_maps;
	uint32_t times;
	bool continues; /* the case before */
};

struct cases {
	struct trial_case *list;
	size_t n, room;
};

/* Parses a file, which is untrusted. Memory from a. False with e set, which begins with the line. */
bool cases_parse(struct cases *c, struct span text, struct arena *a, struct err *e);

#endif
