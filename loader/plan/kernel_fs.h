/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's own file systems, as the field cmd of steps identifies them. */
#ifndef SONDE_KERNEL_FS_H
#define SONDE_KERNEL_FS_H

#include <stdbool.h>
#include <stdint.h>

/* FS(identifier, name). The number of a file system is part of the format of saved plans: append
 * rows. */
#define KERNEL_FILE_SYSTEMS(FS)                                                                    \
	FS(PROC, "procfs")                                                                         \
	FS(SYS, "sysfs")                                                                           \
	FS(TRACE, "tracefs")       /* Linux 4.1 */                                                 \
	FS(BPF, "bpffs")           /* 4.4 */                                                       \
	FS(SECURITY, "securityfs") /* 2.6.14 */                                                    \
	FS(CGROUP2, "cgroup2")     /* 4.5 */

enum kfs_which {
#define FS(id, name) KFS_##id,
	KERNEL_FILE_SYSTEMS(FS)
#undef FS
		KFS_COUNT
};

/* The name for messages ("tracefs"); NULL from KFS_COUNT on. */
const char *kfs_name(uint32_t which);

/* Whether a path (untrusted) is below the root of its file system: no leading slash and no component
 * "..". Others are neither planned nor opened. */
bool kfs_stays_below(const char *path);

#endif
