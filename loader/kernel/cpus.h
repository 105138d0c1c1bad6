/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* CPUs of the running kernel, as sysfs lists them. */
#ifndef SONDE_CPUS_H
#define SONDE_CPUS_H

#include "kfs.h"

#include "elf/base/arena.h"

/*
 * Reads a list such as "0-3,8" from a file of sysfs ("devices/system/cpu/online") into cpus, in
 * ascending order, at most room of them. Returns the number of CPUs in the list, which may exceed
 * room, or -errno: -EINVAL if the file holds anything else.
 */
long cpus_read(struct kfs *k, const char *relative_path, unsigned *cpus, unsigned room);

/*
 * The number of possible CPUs, which is the number of values in an element of a per-CPU map. Read
 * from /sys/devices/system/cpu/possible. Without sysfs (or with k NULL) it is cpus_bound(): the
 * surplus values then read as zeros, and sums remain correct.
 */
unsigned cpus_possible(struct kfs *k);

/* Files of devices/system/cpu. */
#define CPUS_ONLINE  "online"
#define CPUS_PRESENT "present" /* including those that are offline */

/* The CPUs of a file, in ascending order; without sysfs, all configured CPUs. Returns how many; 0:
 * memory is exhausted. */
unsigned cpus_list(struct kfs *k, const char *file, struct arena *a, unsigned **cpus);

/* Notices CPUs that come and go. */
struct cpu_changes {
	struct kfs *kfs; /* borrowed */
	bool *online;    /* of each possible CPU, when it was last looked at */
	unsigned n;
	unsigned *list; /* room for the CPUs of the file */
};

/* The CPUs that are online now. False: memory is exhausted. */
bool cpu_changes_start(struct cpu_changes *c, struct kfs *k, struct arena *a);

/* Calls fn for each CPU whose state is another than last time. */
void cpu_changes_tell(
	struct cpu_changes *c, void (*fn)(void *ctx, unsigned cpu, bool online), void *ctx);

/* An upper bound on the number of possible CPUs that needs no file system. */
unsigned cpus_bound(void);

#endif
