/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Numbers of capabilities, as bits of CapEff in /proc/PID/status. */
#ifndef SONDE_CAP_ABI_H
#define SONDE_CAP_ABI_H

enum {
	CAP_DAC_OVERRIDE = 1,
	CAP_DAC_READ_SEARCH = 2,
	CAP_NET_ADMIN = 12,
	CAP_NET_RAW = 13,
	CAP_IPC_LOCK = 14,
	CAP_SYS_PTRACE = 19,
	CAP_SYS_ADMIN = 21,
	CAP_SYSLOG = 34,
	CAP_PERFMON = 38,            /* 5.8; part of CAP_SYS_ADMIN before */
	CAP_BPF = 39,                /* 5.8; part of CAP_SYS_ADMIN before */
	CAP_CHECKPOINT_RESTORE = 40, /* 5.9; part of CAP_SYS_ADMIN before */
};

#endif
