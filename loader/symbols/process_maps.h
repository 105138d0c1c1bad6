/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines of /proc/PID/maps. */
#ifndef SONDE_PROCESS_MAPS_H
#define SONDE_PROCESS_MAPS_H

#include <stdbool.h>
#include <stdint.h>

/* An executable mapping. */
struct process_mapping {
	uint64_t start, end; /* addresses */
	uint64_t offset;     /* in the file */
	uint64_t inode, device;
	const char *path; /* as the process sees it, "[vdso]", or "" */
};

/* Parses a line, which it changes and m refers to. False if the mapping is not executable or the
 * line is malformed. */
bool process_mapping_parse(char *line, struct process_mapping *m);

#endif
