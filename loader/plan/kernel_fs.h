/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's own file systems, as steps name them (their field cmd). */
#ifndef SONDE_KERNEL_FS_H
#define SONDE_KERNEL_FS_H

enum kfs_which {
	KFS_PROC,
	KFS_SYS,
	KFS_TRACE,    /* tracefs, Linux 4.1 */
	KFS_BPF,      /* 4.4 */
	KFS_SECURITY, /* 2.6.14 */
	KFS_CGROUP2,  /* 4.5 */
	KFS_COUNT
};

#endif
