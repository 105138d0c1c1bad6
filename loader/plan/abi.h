/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ABI of bpf(2) and of the few other kernel interfaces that sonde speaks: our own header, so
 * that it builds with a bare musl and knows commands newer than the machine's headers. The constants
 * carry the kernel's names; this header and <linux/bpf.h> therefore exclude each other.
 *
 * Each fact stands once. A row of an X list is
 *
 *	X(name, number, major, minor)	number of the constant, first kernel that has it
 *
 * and makes the enumerator here as well as the row of the table in abi.c. Numbers never change: the
 * kernel only appends. Sources: include/uapi/linux/bpf.h of 5.10, 6.1, 6.12 and 7.2, checked by
 * tests/unit/test_abi.c.
 */
#ifndef SONDE_ABI_H
#define SONDE_ABI_H

#if defined __LINUX_BPF_H__ || defined _UAPI__LINUX_BPF_H__
#error "abi.h replaces <linux/bpf.h>"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A kernel version, packed: ABI_VERSION(5, 15) is 0x050f. Compares as a number; 0: unknown. */
#define ABI_VERSION(major, minor) ((uint16_t)((major) << 8 | (minor)))

#define ABI_ENUMERATOR(name, number, major, minor) name = (number),

/* clang-format off */

/* Commands: the first argument of bpf(2). */
#define BPF_CMDS(X) \
	X(BPF_MAP_CREATE,                   0, 3, 18) \
	X(BPF_MAP_LOOKUP_ELEM,              1, 3, 18) \
	X(BPF_MAP_UPDATE_ELEM,              2, 3, 18) \
	X(BPF_MAP_DELETE_ELEM,              3, 3, 18) \
	X(BPF_MAP_GET_NEXT_KEY,             4, 3, 18) \
	X(BPF_PROG_LOAD,                    5, 3, 18) \
	X(BPF_OBJ_PIN,                      6, 4, 4) \
	X(BPF_OBJ_GET,                      7, 4, 4) \
	X(BPF_PROG_ATTACH,                  8, 4, 10) \
	X(BPF_PROG_DETACH,                  9, 4, 10) \
	X(BPF_PROG_TEST_RUN,               10, 4, 12) \
	X(BPF_PROG_GET_NEXT_ID,            11, 4, 13) \
	X(BPF_MAP_GET_NEXT_ID,             12, 4, 13) \
	X(BPF_PROG_GET_FD_BY_ID,           13, 4, 13) \
	X(BPF_MAP_GET_FD_BY_ID,            14, 4, 13) \
	X(BPF_OBJ_GET_INFO_BY_FD,          15, 4, 13) \
	X(BPF_PROG_QUERY,                  16, 4, 15) \
	X(BPF_RAW_TRACEPOINT_OPEN,         17, 4, 17) \
	X(BPF_BTF_LOAD,                    18, 4, 18) \
	X(BPF_BTF_GET_FD_BY_ID,            19, 4, 18) \
	X(BPF_TASK_FD_QUERY,               20, 4, 18) \
	X(BPF_MAP_LOOKUP_AND_DELETE_ELEM,  21, 4, 20) \
	X(BPF_MAP_FREEZE,                  22, 5, 2) \
	X(BPF_BTF_GET_NEXT_ID,             23, 5, 4) \
	X(BPF_MAP_LOOKUP_BATCH,            24, 5, 6) \
	X(BPF_MAP_LOOKUP_AND_DELETE_BATCH, 25, 5, 6) \
	X(BPF_MAP_UPDATE_BATCH,            26, 5, 6) \
	X(BPF_MAP_DELETE_BATCH,            27, 5, 6) \
	X(BPF_LINK_CREATE,                 28, 5, 7) \
	X(BPF_LINK_UPDATE,                 29, 5, 7) \
	X(BPF_LINK_GET_FD_BY_ID,           30, 5, 8) \
	X(BPF_LINK_GET_NEXT_ID,            31, 5, 8) \
	X(BPF_ENABLE_STATS,                32, 5, 8) \
	X(BPF_ITER_CREATE,                 33, 5, 8) \
	X(BPF_LINK_DETACH,                 34, 5, 9) \
	X(BPF_PROG_BIND_MAP,               35, 5, 10) \
	X(BPF_TOKEN_CREATE,                36, 6, 9) \
	X(BPF_PROG_STREAM_READ_BY_FD,      37, 6, 17) \
	X(BPF_PROG_ASSOC_STRUCT_OPS,       38, 7, 0)

enum bpf_cmd {
	BPF_CMDS(ABI_ENUMERATOR)
	BPF_PROG_RUN = BPF_PROG_TEST_RUN, /* the same command by its newer name, 5.14 */

	/* Or'ed into any command: arguments 4 and 5 of bpf(2) are a struct bpf_common_attr and its
	 * size, which takes the log of every command. Older kernels answer EINVAL. 7.2 */
	BPF_COMMON_ATTRS = 1 << 16,
};

/* map_type of BPF_MAP_CREATE. */
#define BPF_MAP_TYPES(X) \
	X(BPF_MAP_TYPE_HASH,                   1, 3, 19) \
	X(BPF_MAP_TYPE_ARRAY,                  2, 3, 19) \
	X(BPF_MAP_TYPE_PROG_ARRAY,             3, 4, 2) \
	X(BPF_MAP_TYPE_PERF_EVENT_ARRAY,       4, 4, 3) \
	X(BPF_MAP_TYPE_PERCPU_HASH,            5, 4, 6) \
	X(BPF_MAP_TYPE_PERCPU_ARRAY,           6, 4, 6) \
	X(BPF_MAP_TYPE_STACK_TRACE,            7, 4, 6) \
	X(BPF_MAP_TYPE_CGROUP_ARRAY,           8, 4, 8) \
	X(BPF_MAP_TYPE_LRU_HASH,               9, 4, 10) \
	X(BPF_MAP_TYPE_LRU_PERCPU_HASH,       10, 4, 10) \
	X(BPF_MAP_TYPE_LPM_TRIE,              11, 4, 11) \
	X(BPF_MAP_TYPE_ARRAY_OF_MAPS,         12, 4, 12) \
	X(BPF_MAP_TYPE_HASH_OF_MAPS,          13, 4, 12) \
	X(BPF_MAP_TYPE_DEVMAP,                14, 4, 14) \
	X(BPF_MAP_TYPE_SOCKMAP,               15, 4, 14) \
	X(BPF_MAP_TYPE_CPUMAP,                16, 4, 15) \
	X(BPF_MAP_TYPE_XSKMAP,                17, 4, 18) \
	X(BPF_MAP_TYPE_SOCKHASH,              18, 4, 18) \
	X(BPF_MAP_TYPE_CGROUP_STORAGE,        19, 4, 19) \
	X(BPF_MAP_TYPE_REUSEPORT_SOCKARRAY,   20, 4, 19) \
	X(BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, 21, 4, 20) \
	X(BPF_MAP_TYPE_QUEUE,                 22, 4, 20) \
	X(BPF_MAP_TYPE_STACK,                 23, 4, 20) \
	X(BPF_MAP_TYPE_SK_STORAGE,            24, 5, 2) \
	X(BPF_MAP_TYPE_DEVMAP_HASH,           25, 5, 4) \
	X(BPF_MAP_TYPE_STRUCT_OPS,            26, 5, 6) \
	X(BPF_MAP_TYPE_RINGBUF,               27, 5, 8) \
	X(BPF_MAP_TYPE_INODE_STORAGE,         28, 5, 10) \
	X(BPF_MAP_TYPE_TASK_STORAGE,          29, 5, 11) \
	X(BPF_MAP_TYPE_BLOOM_FILTER,          30, 5, 16) \
	X(BPF_MAP_TYPE_USER_RINGBUF,          31, 6, 1) \
	X(BPF_MAP_TYPE_CGRP_STORAGE,          32, 6, 2) \
	X(BPF_MAP_TYPE_ARENA,                 33, 6, 9) \
	X(BPF_MAP_TYPE_INSN_ARRAY,            34, 6, 19) \
	X(BPF_MAP_TYPE_RHASH,                 35, 7, 2)

enum bpf_map_type {
	BPF_MAP_TYPE_UNSPEC,
	BPF_MAP_TYPES(ABI_ENUMERATOR)
};

/* prog_type of BPF_PROG_LOAD. */
#define BPF_PROG_TYPES(X) \
	X(BPF_PROG_TYPE_SOCKET_FILTER,            1, 3, 19) \
	X(BPF_PROG_TYPE_KPROBE,                   2, 4, 1) \
	X(BPF_PROG_TYPE_SCHED_CLS,                3, 4, 1) \
	X(BPF_PROG_TYPE_SCHED_ACT,                4, 4, 1) \
	X(BPF_PROG_TYPE_TRACEPOINT,               5, 4, 7) \
	X(BPF_PROG_TYPE_XDP,                      6, 4, 8) \
	X(BPF_PROG_TYPE_PERF_EVENT,               7, 4, 9) \
	X(BPF_PROG_TYPE_CGROUP_SKB,               8, 4, 10) \
	X(BPF_PROG_TYPE_CGROUP_SOCK,              9, 4, 10) \
	X(BPF_PROG_TYPE_LWT_IN,                  10, 4, 10) \
	X(BPF_PROG_TYPE_LWT_OUT,                 11, 4, 10) \
	X(BPF_PROG_TYPE_LWT_XMIT,                12, 4, 10) \
	X(BPF_PROG_TYPE_SOCK_OPS,                13, 4, 13) \
	X(BPF_PROG_TYPE_SK_SKB,                  14, 4, 14) \
	X(BPF_PROG_TYPE_CGROUP_DEVICE,           15, 4, 15) \
	X(BPF_PROG_TYPE_SK_MSG,                  16, 4, 17) \
	X(BPF_PROG_TYPE_RAW_TRACEPOINT,          17, 4, 17) \
	X(BPF_PROG_TYPE_CGROUP_SOCK_ADDR,        18, 4, 17) \
	X(BPF_PROG_TYPE_LWT_SEG6LOCAL,           19, 4, 18) \
	X(BPF_PROG_TYPE_LIRC_MODE2,              20, 4, 18) \
	X(BPF_PROG_TYPE_SK_REUSEPORT,            21, 4, 19) \
	X(BPF_PROG_TYPE_FLOW_DISSECTOR,          22, 4, 20) \
	X(BPF_PROG_TYPE_CGROUP_SYSCTL,           23, 5, 2) \
	X(BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, 24, 5, 2) \
	X(BPF_PROG_TYPE_CGROUP_SOCKOPT,          25, 5, 3) \
	X(BPF_PROG_TYPE_TRACING,                 26, 5, 5) \
	X(BPF_PROG_TYPE_STRUCT_OPS,              27, 5, 6) \
	X(BPF_PROG_TYPE_EXT,                     28, 5, 6) \
	X(BPF_PROG_TYPE_LSM,                     29, 5, 7) \
	X(BPF_PROG_TYPE_SK_LOOKUP,               30, 5, 9) \
	X(BPF_PROG_TYPE_SYSCALL,                 31, 5, 14) \
	X(BPF_PROG_TYPE_NETFILTER,               32, 6, 4)

enum bpf_prog_type {
	BPF_PROG_TYPE_UNSPEC,
	BPF_PROG_TYPES(ABI_ENUMERATOR)
};

/* expected_attach_type of BPF_PROG_LOAD, attach_type of BPF_PROG_ATTACH and BPF_LINK_CREATE. */
#define BPF_ATTACH_TYPES(X) \
	X(BPF_CGROUP_INET_INGRESS,             0, 4, 10) \
	X(BPF_CGROUP_INET_EGRESS,              1, 4, 10) \
	X(BPF_CGROUP_INET_SOCK_CREATE,         2, 4, 10) \
	X(BPF_CGROUP_SOCK_OPS,                 3, 4, 13) \
	X(BPF_SK_SKB_STREAM_PARSER,            4, 4, 14) \
	X(BPF_SK_SKB_STREAM_VERDICT,           5, 4, 14) \
	X(BPF_CGROUP_DEVICE,                   6, 4, 15) \
	X(BPF_SK_MSG_VERDICT,                  7, 4, 17) \
	X(BPF_CGROUP_INET4_BIND,               8, 4, 17) \
	X(BPF_CGROUP_INET6_BIND,               9, 4, 17) \
	X(BPF_CGROUP_INET4_CONNECT,           10, 4, 17) \
	X(BPF_CGROUP_INET6_CONNECT,           11, 4, 17) \
	X(BPF_CGROUP_INET4_POST_BIND,         12, 4, 17) \
	X(BPF_CGROUP_INET6_POST_BIND,         13, 4, 17) \
	X(BPF_CGROUP_UDP4_SENDMSG,            14, 4, 18) \
	X(BPF_CGROUP_UDP6_SENDMSG,            15, 4, 18) \
	X(BPF_LIRC_MODE2,                     16, 4, 18) \
	X(BPF_FLOW_DISSECTOR,                 17, 4, 20) \
	X(BPF_CGROUP_SYSCTL,                  18, 5, 2) \
	X(BPF_CGROUP_UDP4_RECVMSG,            19, 5, 2) \
	X(BPF_CGROUP_UDP6_RECVMSG,            20, 5, 2) \
	X(BPF_CGROUP_GETSOCKOPT,              21, 5, 3) \
	X(BPF_CGROUP_SETSOCKOPT,              22, 5, 3) \
	X(BPF_TRACE_RAW_TP,                   23, 5, 5) \
	X(BPF_TRACE_FENTRY,                   24, 5, 5) \
	X(BPF_TRACE_FEXIT,                    25, 5, 5) \
	X(BPF_MODIFY_RETURN,                  26, 5, 7) \
	X(BPF_LSM_MAC,                        27, 5, 7) \
	X(BPF_TRACE_ITER,                     28, 5, 8) \
	X(BPF_CGROUP_INET4_GETPEERNAME,       29, 5, 8) \
	X(BPF_CGROUP_INET6_GETPEERNAME,       30, 5, 8) \
	X(BPF_CGROUP_INET4_GETSOCKNAME,       31, 5, 8) \
	X(BPF_CGROUP_INET6_GETSOCKNAME,       32, 5, 8) \
	X(BPF_XDP_DEVMAP,                     33, 5, 8) \
	X(BPF_CGROUP_INET_SOCK_RELEASE,       34, 5, 9) \
	X(BPF_XDP_CPUMAP,                     35, 5, 9) \
	X(BPF_SK_LOOKUP,                      36, 5, 9) \
	X(BPF_XDP,                            37, 5, 9) \
	X(BPF_SK_SKB_VERDICT,                 38, 5, 13) \
	X(BPF_SK_REUSEPORT_SELECT,            39, 5, 14) \
	X(BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, 40, 5, 14) \
	X(BPF_PERF_EVENT,                     41, 5, 15) \
	X(BPF_TRACE_KPROBE_MULTI,             42, 5, 18) \
	X(BPF_LSM_CGROUP,                     43, 6, 0) \
	X(BPF_STRUCT_OPS,                     44, 6, 4) \
	X(BPF_NETFILTER,                      45, 6, 4) \
	X(BPF_TCX_INGRESS,                    46, 6, 6) \
	X(BPF_TCX_EGRESS,                     47, 6, 6) \
	X(BPF_TRACE_UPROBE_MULTI,             48, 6, 6) \
	X(BPF_CGROUP_UNIX_CONNECT,            49, 6, 7) \
	X(BPF_CGROUP_UNIX_SENDMSG,            50, 6, 7) \
	X(BPF_CGROUP_UNIX_RECVMSG,            51, 6, 7) \
	X(BPF_CGROUP_UNIX_GETPEERNAME,        52, 6, 7) \
	X(BPF_CGROUP_UNIX_GETSOCKNAME,        53, 6, 7) \
	X(BPF_NETKIT_PRIMARY,                 54, 6, 7) \
	X(BPF_NETKIT_PEER,                    55, 6, 7) \
	X(BPF_TRACE_KPROBE_SESSION,           56, 6, 10) \
	X(BPF_TRACE_UPROBE_SESSION,           57, 6, 13) \
	X(BPF_TRACE_FSESSION,                 58, 7, 0) \
	X(BPF_TRACE_FENTRY_MULTI,             59, 7, 2) \
	X(BPF_TRACE_FEXIT_MULTI,              60, 7, 2) \
	X(BPF_TRACE_FSESSION_MULTI,           61, 7, 2)

enum bpf_attach_type {
	BPF_ATTACH_TYPES(ABI_ENUMERATOR)
};

/* type in bpf_link_info: what BPF_LINK_CREATE and BPF_RAW_TRACEPOINT_OPEN made. */
#define BPF_LINK_TYPES(X) \
	X(BPF_LINK_TYPE_RAW_TRACEPOINT,  1, 5, 8) \
	X(BPF_LINK_TYPE_TRACING,         2, 5, 8) \
	X(BPF_LINK_TYPE_CGROUP,          3, 5, 8) \
	X(BPF_LINK_TYPE_ITER,            4, 5, 8) \
	X(BPF_LINK_TYPE_NETNS,           5, 5, 8) \
	X(BPF_LINK_TYPE_XDP,             6, 5, 9) \
	X(BPF_LINK_TYPE_PERF_EVENT,      7, 5, 15) \
	X(BPF_LINK_TYPE_KPROBE_MULTI,    8, 5, 18) \
	X(BPF_LINK_TYPE_STRUCT_OPS,      9, 6, 4) \
	X(BPF_LINK_TYPE_NETFILTER,      10, 6, 4) \
	X(BPF_LINK_TYPE_TCX,            11, 6, 6) \
	X(BPF_LINK_TYPE_UPROBE_MULTI,   12, 6, 6) \
	X(BPF_LINK_TYPE_NETKIT,         13, 6, 7) \
	X(BPF_LINK_TYPE_SOCKMAP,        14, 6, 10) \
	X(BPF_LINK_TYPE_TRACING_MULTI,  15, 7, 2)

enum bpf_link_type {
	BPF_LINK_TYPE_UNSPEC,
	BPF_LINK_TYPES(ABI_ENUMERATOR)
};

/* clang-format on */

/* flags of BPF_MAP_UPDATE_ELEM and its relatives. */
enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_EXIST = 2,
	BPF_F_LOCK = 4,
	BPF_F_CPU = 8, /* of a per-CPU map one value; the CPU is in the upper 32 bits of flags */
	BPF_F_ALL_CPUS = 16,
};

/* map_flags of BPF_MAP_CREATE; some also stand in file_flags, attach_flags or another *_flags. */
enum {
	BPF_F_NO_PREALLOC = 1 << 0,
	BPF_F_NO_COMMON_LRU = 1 << 1,
	BPF_F_NUMA_NODE = 1 << 2,
	BPF_F_RDONLY = 1 << 3,
	BPF_F_WRONLY = 1 << 4,
	BPF_F_STACK_BUILD_ID = 1 << 5,
	BPF_F_ZERO_SEED = 1 << 6,
	BPF_F_RDONLY_PROG = 1 << 7,
	BPF_F_WRONLY_PROG = 1 << 8,
	BPF_F_CLONE = 1 << 9,
	BPF_F_MMAPABLE = 1 << 10,
	BPF_F_PRESERVE_ELEMS = 1 << 11,
	BPF_F_INNER_MAP = 1 << 12,
	BPF_F_LINK = 1 << 13,
	BPF_F_PATH_FD = 1 << 14,
	BPF_F_VTYPE_BTF_OBJ_FD = 1 << 15,
	BPF_F_TOKEN_FD = 1 << 16,
	BPF_F_SEGV_ON_FAULT = 1 << 17,
	BPF_F_NO_USER_CONV = 1 << 18,
	BPF_F_RB_OVERWRITE = 1 << 19,
};

/* prog_flags of BPF_PROG_LOAD. */
enum {
	BPF_F_STRICT_ALIGNMENT = 1 << 0,
	BPF_F_ANY_ALIGNMENT = 1 << 1,
	BPF_F_TEST_RND_HI32 = 1 << 2,
	BPF_F_TEST_STATE_FREQ = 1 << 3,
	BPF_F_SLEEPABLE = 1 << 4,
	BPF_F_XDP_HAS_FRAGS = 1 << 5,
	BPF_F_XDP_DEV_BOUND_ONLY = 1 << 6,
	BPF_F_TEST_REG_INVARIANTS = 1 << 7,
};

/* attach_flags of BPF_PROG_ATTACH, flags of BPF_LINK_CREATE (tcx, netkit, cgroup) and of
 * BPF_LINK_UPDATE (only REPLACE). */
enum {
	BPF_F_ALLOW_OVERRIDE = 1 << 0,
	BPF_F_ALLOW_MULTI = 1 << 1,
	BPF_F_REPLACE = 1 << 2,
	BPF_F_BEFORE = 1 << 3,
	BPF_F_AFTER = 1 << 4,
	BPF_F_ID = 1 << 5,
	BPF_F_PREORDER = 1 << 6,
};

/* Flags of single commands and kinds of links. */
enum {
	BPF_F_QUERY_EFFECTIVE = 1 << 0,            /* query.query_flags */
	BPF_F_TEST_RUN_ON_CPU = 1 << 0,            /* test.flags */
	BPF_F_TEST_XDP_LIVE_FRAMES = 1 << 1,       /* test.flags */
	BPF_F_TEST_SKB_CHECKSUM_COMPLETE = 1 << 2, /* test.flags */
	BPF_F_KPROBE_MULTI_RETURN = 1 << 0,        /* link_create.kprobe_multi.flags */
	BPF_F_UPROBE_MULTI_RETURN = 1 << 0,        /* link_create.uprobe_multi.flags */
	BPF_F_UPROBE_MULTI_PATH_FD = 1 << 1,       /* link_create.uprobe_multi.flags */
	BPF_F_NETFILTER_IP_DEFRAG = 1 << 0,        /* link_create.netfilter.flags */
	XDP_FLAGS_UPDATE_IF_NOEXIST = 1 << 0,      /* IFLA_XDP_FLAGS of netlink */
	XDP_FLAGS_SKB_MODE = 1 << 1,               /* also link_create.flags of XDP */
	XDP_FLAGS_DRV_MODE = 1 << 2,
	XDP_FLAGS_HW_MODE = 1 << 3,
	XDP_FLAGS_REPLACE = 1 << 4,
};

/* Small enumerations of single fields. */
enum {
	BPF_STATS_RUN_TIME = 0, /* enable_stats.type */

	BPF_STREAM_STDOUT = 1, /* prog_stream_read.stream_id */
	BPF_STREAM_STDERR = 2,

	BPF_FD_TYPE_RAW_TRACEPOINT = 0, /* task_fd_query.fd_type */
	BPF_FD_TYPE_TRACEPOINT,
	BPF_FD_TYPE_KPROBE,
	BPF_FD_TYPE_KRETPROBE,
	BPF_FD_TYPE_UPROBE,
	BPF_FD_TYPE_URETPROBE,

	BPF_PERF_EVENT_UNSPEC = 0, /* bpf_link_info.perf_event.type */
	BPF_PERF_EVENT_UPROBE,
	BPF_PERF_EVENT_URETPROBE,
	BPF_PERF_EVENT_KPROBE,
	BPF_PERF_EVENT_KRETPROBE,
	BPF_PERF_EVENT_TRACEPOINT,
	BPF_PERF_EVENT_EVENT,
};

enum {
	BPF_OBJ_NAME_LEN = 16, /* map_name, prog_name: with the terminator */
	BPF_TAG_SIZE = 8,      /* bpf_prog_info.tag */
	BPF_BUILD_ID_SIZE = 20,
};

/*
 * Ring buffer (BPF_MAP_TYPE_RINGBUF, 5.8). mmap offset 0: consumer position, one page, writable.
 * Offset page size: producer position, one page, then the data twice in a row, read only. A record:
 * u32 length with the two bits below, u32 page offset, data; rounded up to 8 bytes.
 */
enum {
	BPF_RINGBUF_DISCARD_BIT = 1 << 30,
	BPF_RINGBUF_HDR_SZ = 8,
};
#define BPF_RINGBUF_BUSY_BIT (1u << 31)

/* Helper flags that a loader meets: index of bpf_perf_event_output(). */
#define BPF_F_CURRENT_CPU 0xffffffffu

/* perf_event_open(2), 2.6.31: constants for struct perf_event_attr. */
enum {
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

	PERF_ATTR_DISABLED = 1 << 0, /* bits of the u64 flags at offset 40, counted from the low */
	PERF_ATTR_INHERIT = 1 << 1,  /* end on a little-endian, from the high end on a big-endian */
	PERF_ATTR_EXCLUDE_USER = 1 << 4, /* machine: perf_attr_bits() */
	PERF_ATTR_EXCLUDE_KERNEL = 1 << 5,
	PERF_ATTR_FREQ = 1 << 10,
	PERF_ATTR_WATERMARK = 1 << 14,

	PERF_FLAG_FD_NO_GROUP = 1 << 0, /* flags of perf_event_open() */
	PERF_FLAG_FD_CLOEXEC = 1 << 3,  /* 3.14 */

	PERF_RECORD_LOST = 2, /* type in the header of a record */
	PERF_RECORD_SAMPLE = 9,
};

/* Bytes in the mapped first page of a perf buffer and in a record. u64 unless said. */
enum {
	PERF_PAGE_DATA_HEAD = 1024,
	PERF_PAGE_DATA_TAIL = 1032,
	PERF_RECORD_HEADER = 8, /* u32 type, u16 misc, u16 size */
};

/*
 * Sets of names: an enumeration or a family of flags, each member with its number and first kernel.
 * The numbers of ABI_CMDS are the commands, and so on.
 */
enum abi_set {
	ABI_NO_SET,
	ABI_CMDS,
	ABI_MAP_TYPES,
	ABI_PROG_TYPES,
	ABI_ATTACH_TYPES,
	ABI_LINK_TYPES,
	ABI_STATS_TYPES,      /* enable_stats.type */
	ABI_STREAMS,          /* prog_stream_read.stream_id */
	ABI_FD_TYPES,         /* task_fd_query.fd_type */
	ABI_PERF_EVENT_TYPES, /* bpf_link_info.perf_event.type */
	ABI_PERF_TYPES,       /* perf_event_attr.type */
	ABI_FIRST_FLAGS,      /* from here on the members are bits */
	ABI_ELEM_FLAGS = ABI_FIRST_FLAGS,
	ABI_MAP_FLAGS,
	ABI_PROG_FLAGS,
	ABI_ATTACH_FLAGS,
	ABI_LINK_FLAGS, /* link_create.flags of tcx, netkit and cgroup links */
	ABI_XDP_FLAGS,  /* link_create.flags of xdp links */
	ABI_UPDATE_FLAGS,
	ABI_QUERY_FLAGS,
	ABI_TEST_FLAGS,
	ABI_PIN_FLAGS,  /* file_flags of BPF_OBJ_PIN and BPF_OBJ_GET */
	ABI_OPEN_FLAGS, /* open_flags of the GET_FD_BY_ID commands */
	ABI_BTF_FLAGS,
	ABI_KPROBE_MULTI_FLAGS,
	ABI_UPROBE_MULTI_FLAGS,
	ABI_NETFILTER_FLAGS,
	ABI_SAMPLE_FLAGS, /* perf_event_attr.sample_type */
	ABI_SETS,
};

/* The i-th member (from 0) of a set. */
struct abi_member {
	const char *name; /* the kernel's: "BPF_MAP_TYPE_HASH"; static */
	uint32_t number;
	uint16_t since; /* ABI_VERSION() */
};
bool abi_member(enum abi_set set, unsigned i, struct abi_member *out);

/* The kernel's name of a number, or NULL when this table does not know it. */
const char *abi_name(enum abi_set set, uint64_t number);

/* The number of a name: the kernel's ("BPF_MAP_TYPE_LRU_HASH") or without its prefix, in any case
 * ("lru_hash"). False when there is none. name: untrusted. */
bool abi_number(enum abi_set set, const char *name, uint32_t *number);

/* The first kernel with this number (of flags: with all known bits), 0 when unknown. */
uint16_t abi_since(enum abi_set set, uint64_t number);

/* A name for people, as bpftool spells it: "lru_hash"; "77" when unknown. Returns buf. */
char *abi_nick(enum abi_set set, uint64_t number, char buf[static 48]);

/* A C expression: "BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG", unknown bits at the end in hex, "0" for
 * none; of an enumeration its name or number. Cut to n bytes with the terminator. Returns buf. */
char *abi_expr(enum abi_set set, uint64_t number, char *buf, size_t n);

/* "5.15"; "?" for 0. Returns buf. */
char *abi_version(uint16_t version, char buf[static 8]);

/* "6.1.0-13-amd64" and the like to ABI_VERSION(6, 1); 0 when it does not start with two numbers. */
uint16_t abi_parse_version(const char *release);

/* What a field holds and how to show it. */
enum abi_kind {
	ABI_UINT,
	ABI_INT,  /* signed */
	ABI_HEX,  /* cookie, address: better in hexadecimal */
	ABI_BIT,  /* a bit-field of one bit */
	ABI_ENUM, /* a member of field.set */
	ABI_FLAGS,
	ABI_NAME,  /* char[16] inside the structure */
	ABI_BYTES, /* uint8_t[] inside the structure */
	/* 64-bit pointers; abi_pointee() says to how many bytes */
	ABI_PTR,   /* to bytes */
	ABI_STR,   /* to a C string */
	ABI_STRS,  /* to an array of 64-bit pointers to C strings */
	ABI_INSNS, /* to instructions */
	ABI_FDS,   /* to an array of s32 file descriptors */
	/* File descriptors; 0 stands for none in fields that are optional */
	ABI_FD_MAP,
	ABI_FD_PROG,
	ABI_FD_BTF,
	ABI_FD_LINK,
	ABI_FD_TOKEN,
	ABI_FD_TARGET, /* cgroup, network namespace, map, perf event: whatever is attached to */
	ABI_FD_DIR,
	ABI_FD_ANY,
	/* Ids of things in the kernel */
	ABI_ID_MAP,
	ABI_ID_PROG,
	ABI_ID_BTF,
	ABI_ID_LINK,
	ABI_ID_ANY,
	ABI_TYPE_ID, /* of a type inside a BTF */
	ABI_IFINDEX,
	ABI_PID,
	ABI_KVERSION, /* LINUX_VERSION_CODE: major << 16 | minor << 8 | patch */
};

enum abi_dir { ABI_IN = 1, ABI_OUT = 2, ABI_INOUT = 3 };

/*
 * A part of bpf_attr is a union in disguise: what a field means depends on others. ABI_ALWAYS, or
 * a kind of link (from the attach type), perhaps with a bit that looks at BPF_F_ID.
 */
enum abi_when {
	ABI_ALWAYS,
	ABI_TO_FD,      /* attached to a file descriptor */
	ABI_TO_IFINDEX, /* tcx, netkit, xdp */
	ABI_PERF,
	ABI_KPROBE_MULTI,
	ABI_UPROBE_MULTI,
	ABI_TRACING, /* fentry, fexit, fmod_ret, tp_btf, lsm, freplace */
	ABI_TRACING_MULTI,
	ABI_ITER,
	ABI_NETFILTER,
	ABI_TCX,
	ABI_NETKIT,
	ABI_CGROUP,
	ABI_STRUCT_OPS,
	ABI_NOT_STRUCT_OPS,
	ABI_XDP,
	ABI_NOT_XDP,
	ABI_LOAD_EXT,     /* prog_type BPF_PROG_TYPE_EXT */
	ABI_LOAD_NOT_EXT, /* every other prog_type */
	ABI_BY_FD = 0x40, /* or'ed: BPF_F_ID not among the flags */
	ABI_BY_ID = 0x80, /* or'ed: BPF_F_ID among the flags */
	/* or'ed: another name of the field before it that nothing in the attr can tell apart */
	ABI_ALIAS = 0x20,
};

struct abi_field {
	const char *name; /* as in C after "attr.": "map_type", "link_create.tcx.relative_fd" */
	const char *what; /* one short phrase for people; of structures "" without ABI_DOCS */
	uint16_t since;
	uint8_t offset, size; /* bytes */
	uint8_t kind;         /* enum abi_kind */
	uint8_t dir;          /* enum abi_dir: who writes it, or what it points to */
	uint8_t when;         /* enum abi_when */
	uint8_t set;          /* enum abi_set of ABI_ENUM and ABI_FLAGS */
	uint8_t bit;          /* of ABI_BIT, counted from the first in C order */
	uint8_t len_at;       /* pointers: offset of the u32 count, ABI_ONE: one item */
	uint8_t unit;         /* pointers: bytes of an item, or one of enum abi_unit */
};

enum { ABI_ONE = 0xff };
enum abi_unit {
	ABI_UNIT_RECORD =
		0x80,        /* or'ed with offset / 4 of the u32 that gives the bytes of an item */
	ABI_UNIT_KEY = 0xf0, /* the map's key size */
	ABI_UNIT_VALUE = 0xf1, /* the map's value size; of a per-CPU map that of all CPUs */
	ABI_UNIT_NONE = 0xff,  /* a string, or a length that is not in the attr */
};

/* Structures with a list of fields: a command (0 to 38) or one of these. */
enum abi_layout {
	ABI_COMMON_ATTR = 64, /* struct bpf_common_attr */
	ABI_PROG_INFO,        /* what BPF_OBJ_GET_INFO_BY_FD answers, by kind of fd */
	ABI_MAP_INFO,
	ABI_BTF_INFO,
	ABI_LINK_INFO, /* here abi_field.when is an enum bpf_link_type, or 0 for all */
	ABI_TOKEN_INFO,
	ABI_PERF_ATTR, /* struct perf_event_attr */
};

struct abi_cmd {
	const char *name; /* "BPF_MAP_CREATE" */
	const char *what; /* one short sentence without the full stop */
	uint16_t since;
	uint8_t fields; /* how many fields abi_field() knows */
	uint8_t size;   /* bytes of attr up to the end of the newest field */
};

/* False when the number is unknown. BPF_COMMON_ATTRS is ignored. */
bool abi_cmd(unsigned cmd, struct abi_cmd *out);

/* The i-th field (from 0) of a command or structure, in order of offset. */
bool abi_field(unsigned layout, unsigned i, struct abi_field *out);

/* The field of this C name, e.g. "link_create.attach_type". */
bool abi_field_by_name(unsigned layout, const char *name, struct abi_field *out);

/*
 * For the following: attr is size bytes in the byte order of this machine; what lies beyond reads
 * as 0, as the kernel would have it.
 */

/* The value; sign-extended for ABI_INT, 0 or 1 for ABI_BIT, 0 for ABI_NAME and ABI_BYTES. */
uint64_t abi_get(const struct abi_field *f, const void *attr, unsigned size);

/* Writes a value; false when the field is not all inside of size. */
bool abi_put(const struct abi_field *f, void *attr, unsigned size, uint64_t value);

/* Whether the field means something in this attr. Aliases never do. */
bool abi_applies(unsigned layout, const struct abi_field *f, const void *attr, unsigned size);

/* How many bytes the pointer points to. False when the attr does not tell (strings, unit none). */
bool abi_pointee(const struct abi_field *f, const void *attr, unsigned size, uint32_t key_size,
	uint32_t value_size, uint64_t *bytes);

/* The value as text: a C expression where the kind allows it. Returns buf, n > 0. */
char *abi_show(const struct abi_field *f, const void *attr, unsigned size, char *buf, size_t n);

/*
 * The first kernel that accepts this attr: the newest of the command, of every field that is not
 * zero and of the enumerators and flags in it. *why is set to the name of what decided (static),
 * e.g. "BPF_MAP_TYPE_RINGBUF" for messages such as "BPF_MAP_TYPE_RINGBUF needs Linux 5.8".
 */
uint16_t abi_needs(unsigned cmd, const void *attr, unsigned size, const char **why);

/*
 * ioctl request numbers are an architecture's own: 13 bits of size and one-hot directions on
 * mips, powerpc, sparc and alpha, 14 bits and two elsewhere. dir: 0 none, 1 the kernel reads, 2 it
 * writes, 3 both.
 */
enum { ABI_IOC_NONE, ABI_IOC_W, ABI_IOC_R, ABI_IOC_WR };

static inline uint32_t abi_ioc(unsigned dir, unsigned type, unsigned number, unsigned size)
{
#if defined __mips__ || defined __powerpc__ || defined __sparc__ || defined __alpha__
	static const uint8_t one_hot[] = {1, 4, 2, 6};
	return (uint32_t)one_hot[dir] << 29 | size << 16 | type << 8 | number;
#else
	return dir << 30 | size << 16 | type << 8 | number;
#endif
}

/* On the fd of perf_event_open(). */
#define PERF_EVENT_IOC_ENABLE  abi_ioc(ABI_IOC_NONE, '$', 0, 0)
#define PERF_EVENT_IOC_DISABLE abi_ioc(ABI_IOC_NONE, '$', 1, 0)
#define PERF_EVENT_IOC_SET_BPF abi_ioc(ABI_IOC_W, '$', 8, 4) /* argument: program fd, 4.1 */

#endif
