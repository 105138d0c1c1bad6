/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Numbers of capabilities, as bits of CapEff in /proc/PID/status. */
#ifndef SONDE_CAP_ABI_H
#define SONDE_CAP_ABI_H

enum {
	CAP_NET_ADMIN = 12,
	CAP_NET_RAW = 13,
	CAP_SYS_ADMIN = 21,
	CAP_PERFMON = 38, /* 5.8; part of CAP_SYS_ADMIN before */
	CAP_BPF = 39,     /* 5.8; part of CAP_SYS_ADMIN before */
};

#endif
