/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement names.h. */
#ifndef SONDE_NAMES_IMPL_H
#define SONDE_NAMES_IMPL_H

#include "names.h"
#include "symbols.h"

enum { NAMES_SEGMENTS = 8, NAMES_COMM = 16 };

/* A file mapped by at least one process. */
struct names_file {
	struct names_file *next;
	char *path; /* as the process sees it */
	uint64_t inode, device;
	struct symbols_place *functions; /* by offset, ascending */
	size_t n;
	struct segment {
		uint64_t offset, size, address;
	} segments[NAMES_SEGMENTS];
	unsigned n_segments;
};

/* An executable mapping of a process. */
struct names_mapping {
	uint64_t start, end, offset;
	uint64_t inode, device;
	const char *path; /* "" without a file */
	struct names_file *file;
};

struct names_process {
	uint32_t pid;
	uint64_t again_ns, wait_ns; /* when mappings may be read again, and the delay after that */
	uint64_t checked_ns;        /* when its program was last checked */
	uint64_t inode, device;     /* of that program */
	char comm[NAMES_COMM];
	struct names_mapping *mappings; /* ascending */
	size_t n;
};

/* Implements address_names.trace. */
const char *names_trace(void *ctx, enum stack_kind kind, struct span addresses, size_t i);

/* The mapping at an address of the current process, whose mappings are read again if necessary and
 * allowed by now. NULL if there is none. */
const struct names_mapping *names_mapping_at(struct names *n, uint64_t address);

#endif
