/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Calls of other processes as steps of a plan, which is how they are printed and compared: the attr and
 * what its pointers lead to are blobs, file descriptors are slots with the names of their objects.
 *
 * Names come from earlier calls: those that created an object, opened its pin, or asked for information
 * about it. Objects are recognised by their ids in procfs, whichever process and descriptor.
 */
#ifndef SONDE_SEEN_H
#define SONDE_SEEN_H

#include "loader/kernel/exec.h"
#include "loader/kernel/tracee.h"

/* One call, as a plan with one step. All text in it is untrusted. */
struct seen {
	struct plan plan;
	struct plan_prog prog;
	struct exec exec; /* of the plan; for printing alone: never to be closed */
	int outcome;      /* exec.outcomes: the errno, or 0 */
	long result;      /* of the call, or -errno */
	bool returned;
	const char *log;     /* what the kernel wrote about a failure, or NULL */
	struct span info;    /* what BPF_OBJ_GET_INFO_BY_FD has returned, or empty */
	uint8_t info_layout; /* of it, as in abi.h */
	pid_t pid, tid;
	uint64_t took_ns;
};

struct known;

/* Start with {0} and a kfs. */
struct seeing {
	struct kfs *kfs;   /* borrowed */
	struct arena call; /* of the last call */
	struct arena names;
	struct known *known;
	size_t n_known, known_room;
};

/*
 * Reads a call from the memory of its thread, which is stopped. False if it has nothing to do with BPF, or,
 * with e set, if memory is exhausted. out is valid until the next call. Pointers that lead nowhere, or to more
 * than the kernel would read, remain numbers.
 */
bool seen_read(struct seeing *s, const struct tracee_call *c, struct seen *out, struct err *e);

void seeing_close(struct seeing *s);

#endif
