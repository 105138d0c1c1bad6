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

/* The online CPUs, in ascending order; without sysfs, all configured CPUs. Returns how many; 0: memory
 * is exhausted. */
unsigned cpus_online(struct kfs *k, struct arena *a, unsigned **cpus);

/* An upper bound on the number of possible CPUs that needs no file system. */
unsigned cpus_bound(void);

#endif
