/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Numbers of perf_event_open(2) and its ring buffers. Excludes <linux/perf_event.h>. */
#ifndef SONDE_PERF_ABI_H
#define SONDE_PERF_ABI_H

#include "bpf_attr.h"

/* The fields that plans use, up to PERF_ATTR_SIZE_VER2 (2.6.31 to 4.17). */
struct perf_event_attr {
	uint32_t type;
	uint32_t size;
	abi_u64 config;
	union {
		abi_u64 sample_period;
		abi_u64 sample_freq;
	};
	abi_u64 sample_type;
	abi_u64 read_format;
	union { /* the word of the bit-fields, by the name of each: see PERF_ATTR_DISABLED etc. */
		abi_u64 disabled;
		abi_u64 inherit;
		abi_u64 exclude_user;
		abi_u64 exclude_kernel;
		abi_u64 freq;
		abi_u64 watermark;
	};
	union {
		uint32_t wakeup_events;
		uint32_t wakeup_watermark;
	};
	union {
		abi_u64 kprobe_func;
		abi_u64 uprobe_path;
	};
	union {
		abi_u64 probe_offset;
		abi_u64 kprobe_addr;
	};
};

/* Constants for it. */
enum {
	PERF_ATTR_SIZE_VER0 = 64, /* a size that every kernel accepts */

	PERF_TYPE_HARDWARE = 0, /* type; dynamic PMUs (kprobe, uprobe) from sysfs */
	PERF_TYPE_SOFTWARE = 1,
	PERF_TYPE_TRACEPOINT = 2,
	PERF_TYPE_HW_CACHE = 3,
	PERF_TYPE_RAW = 4,
	PERF_TYPE_BREAKPOINT = 5,

	PERF_COUNT_HW_CPU_CYCLES = 0, /* config of PERF_TYPE_HARDWARE */

	PERF_COUNT_SW_CPU_CLOCK = 0, /* config of PERF_TYPE_SOFTWARE */
	PERF_COUNT_SW_TASK_CLOCK = 1,
	PERF_COUNT_SW_DUMMY = 9,       /* 3.12 */
	PERF_COUNT_SW_BPF_OUTPUT = 10, /* 4.4 */

	PERF_SAMPLE_RAW = 1 << 10, /* sample_type */

	/* Bit-fields of the u64 at offset 40. Bit 0 is the least significant bit on little-endian
	 * hosts, the most significant one on big-endian hosts: see perf_attr_bits(). */
	PERF_ATTR_DISABLED = 1 << 0,
	PERF_ATTR_INHERIT = 1 << 1,
	PERF_ATTR_EXCLUDE_USER = 1 << 4,
	PERF_ATTR_EXCLUDE_KERNEL = 1 << 5,
	PERF_ATTR_FREQ = 1 << 10,
	PERF_ATTR_WATERMARK = 1 << 14,

	PERF_FLAG_FD_NO_GROUP = 1 << 0, /* flags of perf_event_open() */
	PERF_FLAG_FD_CLOEXEC = 1 << 3,  /* 3.14 */

	PERF_RECORD_LOST = 2, /* type in the header of a record */
	PERF_RECORD_SAMPLE = 9,
};

/* Offsets of u64 fields in the first mapped page of a perf buffer; size of a record header. */
enum {
	PERF_PAGE_DATA_HEAD = 1024,
	PERF_PAGE_DATA_TAIL = 1032,
	PERF_RECORD_HEADER = 8, /* u32 type, u16 misc, u16 size */
};

/*
 * ioctl request numbers depend on the architecture: mips, powerpc, sparc and alpha have a 13-bit
 * size and one-hot directions, the others a 14-bit size and a 2-bit direction.
 */
enum { ABI_IOC_NONE, ABI_IOC_W, ABI_IOC_R, ABI_IOC_WR }; /* W: the kernel reads the argument */

static inline uint32_t abi_ioc(unsigned dir, unsigned type, unsigned number, unsigned size)
{
#if defined __mips__ || defined __powerpc__ || defined __sparc__ || defined __alpha__
	static const uint8_t one_hot[] = {1, 4, 2, 6};
	return (uint32_t)one_hot[dir] << 29 | size << 16 | type << 8 | number;
#else
	return dir << 30 | size << 16 | type << 8 | number;
#endif
}

/* ioctl() requests on the fd of perf_event_open(2). */
#define PERF_EVENT_IOC_ENABLE  abi_ioc(ABI_IOC_NONE, '$', 0, 0)
#define PERF_EVENT_IOC_DISABLE abi_ioc(ABI_IOC_NONE, '$', 1, 0)
#define PERF_EVENT_IOC_SET_BPF abi_ioc(ABI_IOC_W, '$', 8, 4) /* argument: program fd, 4.1 */

#endif
