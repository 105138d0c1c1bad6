/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Test runs of a loaded program with a packet or a context, and what came of it. Nothing is attached. */
#ifndef SONDE_TRIAL_H
#define SONDE_TRIAL_H

#include "elf/base/arena.h"
#include "loader/kernel/prog_run.h"
#include "packet.h"

#include <stdio.h>

/* What programs of a type are run with. */
enum trial_takes {
	TRIAL_NOTHING, /* the kernel does not run them */
	TRIAL_PACKET,  /* a packet, and a context if it is given */
	TRIAL_LOOKUP,  /* a context, which can be made from a packet */
	TRIAL_CONTEXT, /* a context, or none */
};
enum trial_takes trial_takes(uint32_t prog_type);

struct trial {
	int fd;
	uint32_t prog_type;
	const char *prog; /* its name, for messages */
	const struct sys_watch *watch;
	struct arena *arena;
};

struct trial_input {
	const struct packet *packet; /* NULL: none */
	const uint8_t *ctx;          /* NULL: none */
	uint32_t ctx_n;
	uint32_t repeat; /* runs to measure; 0: one, unmeasured */
};

struct trial_result {
	uint32_t retval, duration_ns;
	const uint8_t
		*out; /* out_n bytes: the packet as the program left it; NULL: it takes none */
	uint32_t out_n;
};

/* Memory from the arena. False with e set. */
bool trial_run(
	const struct trial *t, const struct trial_input *in, struct trial_result *r, struct err *e);

/* Sets e for a test run with size and ctx_size bytes that failed with no (-errno). Returns false. */
bool trial_explain(const struct trial *t, uint32_t size, uint32_t ctx_size, long no, struct err *e);

/* Prints the verdict, what was measured, and what has changed in the packet. */
void trial_print(const struct trial *t, const struct trial_input *in, const struct trial_result *r,
	bool json, FILE *out);

/* Prints two packets as lines of hexadecimal bytes, those that differ with - and +, each after prefix. Prints
 * nothing if they are equal. */
void trial_print_changes(const uint8_t *before, size_t n, const uint8_t *after, size_t m,
	const char *prefix, FILE *out);

#endif
