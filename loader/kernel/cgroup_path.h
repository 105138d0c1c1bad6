/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Paths of cgroups by their ids, which bpf_get_current_cgroup_id() and its like return. The id is the
 * handle of the directory in the file system of cgroup2; to open it requires CAP_DAC_READ_SEARCH and
 * Linux 5.5, where the handle became the id.
 */
#ifndef SONDE_CGROUP_PATH_H
#define SONDE_CGROUP_PATH_H

#include "kfs.h"

enum { CGROUP_PATHS = 64, CGROUP_PATH_MAX = 256 };

/* Those looked up last. Initialise with {0}. */
struct cgroup_paths {
	struct {
		uint64_t id;                /* 0: free */
		char path[CGROUP_PATH_MAX]; /* "": unknown */
	} items[CGROUP_PATHS];
	unsigned next;
};

/* The path below the root of the hierarchy, "/" for that; NULL if there is no such cgroup (any more,
 * unless it was looked up before), it cannot be opened, or its path is too long. The path is not
 * trusted: users name cgroups. Valid until the next call. */
const char *cgroup_path(struct cgroup_paths *c, struct kfs *k, uint64_t id);

#endif
