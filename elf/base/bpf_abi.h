/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Numbers of the bpf(2) ABI. A header of our own, so that sonde builds with a bare musl and knows
 * commands newer than the headers of the build machine. The constants have the kernel's names:
 * this header and <linux/bpf.h> exclude each other. Instruction encodings are in insn.h.
 *
 * A row of an X list is
 *
 *	X(name, number, major, minor)	number of the constant, first kernel that has it
 *
 * and yields the enumerator here and the row of the name table in loader/plan/abi.c. Numbers never
 * change: the kernel only appends.
 */
#ifndef SONDE_BPF_ABI_H
#define SONDE_BPF_ABI_H

#if defined __LINUX_BPF_H__ || defined _UAPI__LINUX_BPF_H__
#error "bpf_abi.h replaces <linux/bpf.h>"
#endif

#include <stdint.h>

/* A kernel version: ABI_VERSION(5, 15) is 0x050f. Versions compare as numbers; 0 is unknown. */
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
	BPF_PROG_RUN = BPF_PROG_TEST_RUN, /* its name since 5.14 */

	/* Or'ed into any command: arguments 4 and 5 of bpf(2) are a struct bpf_common_attr, which
	 * provides a log buffer for every command, and its size. Older kernels return EINVAL. 7.2 */
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

/* type in bpf_link_info. */
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

/* flags of BPF_MAP_UPDATE_ELEM and the other element commands. */
enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_EXIST = 2,
	BPF_F_LOCK = 4,
	BPF_F_CPU = 8, /* one value of a per-CPU map; bits 32-63 of flags select the CPU */
	BPF_F_ALL_CPUS = 16,
};

/* map_flags of BPF_MAP_CREATE; some are also valid in file_flags, attach_flags and the like. */
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

/* Flags of individual commands and link types. */
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

/* Values of individual fields. */
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
	BPF_OBJ_NAME_LEN = 16, /* map_name, prog_name: including the NUL */
	BPF_TAG_SIZE = 8,      /* bpf_prog_info.tag */
	BPF_BUILD_ID_SIZE = 20,
};

/*
 * Ring buffer (BPF_MAP_TYPE_RINGBUF, 5.8). At mmap offset 0, one writable page: the consumer
 * position. From offset PAGE_SIZE, read-only: one page with the producer position, followed by the
 * data area, mapped twice. A record is a u32 length with the two bits below, a u32 page offset and
 * the data, padded to a multiple of 8 bytes.
 */
enum {
	BPF_RINGBUF_DISCARD_BIT = 1 << 30,
	BPF_RINGBUF_HDR_SZ = 8,
};
#define BPF_RINGBUF_BUSY_BIT (1u << 31)

/* flags of bpf_perf_event_output(): the index of the current CPU. */
#define BPF_F_CURRENT_CPU 0xffffffffu

/* clang-format off */

/* Helper functions, numbered from 1 in this order. A comment gives the number of the first helper
 * of its group and the kernel that introduced the group. */
#define BPF_FUNCS(H) \
	/* 1: 3.19 */ \
	H(map_lookup_elem) H(map_update_elem) H(map_delete_elem) \
	/* 4: 4.1 */ \
	H(probe_read) H(ktime_get_ns) H(trace_printk) H(get_prandom_u32) H(get_smp_processor_id) \
	H(skb_store_bytes) H(l3_csum_replace) H(l4_csum_replace) \
	/* 12: 4.2 */ \
	H(tail_call) H(clone_redirect) H(get_current_pid_tgid) H(get_current_uid_gid) \
	H(get_current_comm) \
	/* 17: 4.3 */ \
	H(get_cgroup_classid) H(skb_vlan_push) H(skb_vlan_pop) H(skb_get_tunnel_key) \
	H(skb_set_tunnel_key) H(perf_event_read) \
	/* 23: 4.4 */ \
	H(redirect) H(get_route_realm) H(perf_event_output) \
	/* 26: 4.5 */ \
	H(skb_load_bytes) \
	/* 27: 4.6 */ \
	H(get_stackid) H(csum_diff) H(skb_get_tunnel_opt) H(skb_set_tunnel_opt) \
	/* 31: 4.8 */ \
	H(skb_change_proto) H(skb_change_type) H(skb_under_cgroup) H(get_hash_recalc) \
	H(get_current_task) H(probe_write_user) \
	/* 37: 4.9 */ \
	H(current_task_under_cgroup) H(skb_change_tail) H(skb_pull_data) H(csum_update) \
	H(set_hash_invalid) \
	/* 42: 4.10 */ \
	H(get_numa_node_id) H(skb_change_head) H(xdp_adjust_head) \
	/* 45: 4.11 */ \
	H(probe_read_str) \
	/* 46: 4.12 */ \
	H(get_socket_cookie) H(get_socket_uid) \
	/* 48: 4.13 */ \
	H(set_hash) H(setsockopt) H(skb_adjust_room) \
	/* 51: 4.14 */ \
	H(redirect_map) H(sk_redirect_map) H(sock_map_update) \
	/* 54: 4.15 */ \
	H(xdp_adjust_meta) H(perf_event_read_value) H(perf_prog_read_value) H(getsockopt) \
	/* 58: 4.16 */ \
	H(override_return) H(sock_ops_cb_flags_set) \
	/* 60: 4.17 */ \
	H(msg_redirect_map) H(msg_apply_bytes) H(msg_cork_bytes) H(msg_pull_data) H(bind) \
	/* 65: 4.18 */ \
	H(xdp_adjust_tail) H(skb_get_xfrm_state) H(get_stack) H(skb_load_bytes_relative) \
	H(fib_lookup) H(sock_hash_update) H(msg_redirect_hash) H(sk_redirect_hash) \
	H(lwt_push_encap) H(lwt_seg6_store_bytes) H(lwt_seg6_adjust_srh) H(lwt_seg6_action) \
	H(rc_repeat) H(rc_keydown) H(skb_cgroup_id) H(get_current_cgroup_id) \
	/* 81: 4.19 */ \
	H(get_local_storage) H(sk_select_reuseport) H(skb_ancestor_cgroup_id) \
	/* 84: 4.20 */ \
	H(sk_lookup_tcp) H(sk_lookup_udp) H(sk_release) H(map_push_elem) H(map_pop_elem) \
	H(map_peek_elem) H(msg_push_data) \
	/* 91: 5.0 */ \
	H(msg_pop_data) H(rc_pointer_rel) \
	/* 93: 5.1 */ \
	H(spin_lock) H(spin_unlock) H(sk_fullsock) H(tcp_sock) H(skb_ecn_set_ce) \
	H(get_listener_sock) \
	/* 99: 5.2 */ \
	H(skc_lookup_tcp) H(tcp_check_syncookie) H(sysctl_get_name) H(sysctl_get_current_value) \
	H(sysctl_get_new_value) H(sysctl_set_new_value) H(strtol) H(strtoul) H(sk_storage_get) \
	H(sk_storage_delete) \
	/* 109: 5.3 */ \
	H(send_signal) \
	/* 110: 5.4 */ \
	H(tcp_gen_syncookie) \
	/* 111: 5.5 */ \
	H(skb_output) H(probe_read_user) H(probe_read_kernel) H(probe_read_user_str) \
	H(probe_read_kernel_str) \
	/* 116: 5.6 */ \
	H(tcp_send_ack) H(send_signal_thread) H(jiffies64) \
	/* 119: 5.7 */ \
	H(read_branch_records) H(get_ns_current_pid_tgid) H(xdp_output) H(get_netns_cookie) \
	H(get_current_ancestor_cgroup_id) H(sk_assign) \
	/* 125: 5.8 */ \
	H(ktime_get_boot_ns) H(seq_printf) H(seq_write) H(sk_cgroup_id) H(sk_ancestor_cgroup_id) \
	H(ringbuf_output) H(ringbuf_reserve) H(ringbuf_submit) H(ringbuf_discard) \
	H(ringbuf_query) H(csum_level) \
	/* 136: 5.9 */ \
	H(skc_to_tcp6_sock) H(skc_to_tcp_sock) H(skc_to_tcp_timewait_sock) \
	H(skc_to_tcp_request_sock) H(skc_to_udp6_sock) H(get_task_stack) \
	/* 142: 5.10 */ \
	H(load_hdr_opt) H(store_hdr_opt) H(reserve_hdr_opt) H(inode_storage_get) \
	H(inode_storage_delete) H(d_path) H(copy_from_user) H(snprintf_btf) H(seq_printf_btf) \
	H(skb_cgroup_classid) H(redirect_neigh) H(per_cpu_ptr) H(this_cpu_ptr) H(redirect_peer) \
	/* 156: 5.11 */ \
	H(task_storage_get) H(task_storage_delete) H(get_current_task_btf) H(bprm_opts_set) \
	H(ktime_get_coarse_ns) H(ima_inode_hash) H(sock_from_file) \
	/* 163: 5.12 */ \
	H(check_mtu) \
	/* 164: 5.13 */ \
	H(for_each_map_elem) H(snprintf) \
	/* 166: 5.14 */ \
	H(sys_bpf) H(btf_find_by_name_kind) H(sys_close) \
	/* 169: 5.15 */ \
	H(timer_init) H(timer_set_callback) H(timer_start) H(timer_cancel) H(get_func_ip) \
	H(get_attach_cookie) H(task_pt_regs) \
	/* 176: 5.16 */ \
	H(get_branch_snapshot) H(trace_vprintk) H(skc_to_unix_sock) H(kallsyms_lookup_name) \
	/* 180: 5.17 */ \
	H(find_vma) H(loop) H(strncmp) H(get_func_arg) H(get_func_ret) H(get_func_arg_cnt) \
	/* 186: 5.18 */ \
	H(get_retval) H(set_retval) H(xdp_get_buff_len) H(xdp_load_bytes) H(xdp_store_bytes) \
	H(copy_from_user_task) H(skb_set_tstamp) H(ima_file_hash) \
	/* 194: 5.19 */ \
	H(kptr_xchg) H(map_lookup_percpu_elem) H(skc_to_mptcp_sock) H(dynptr_from_mem) \
	H(ringbuf_reserve_dynptr) H(ringbuf_submit_dynptr) H(ringbuf_discard_dynptr) \
	H(dynptr_read) H(dynptr_write) H(dynptr_data) \
	/* 204: 6.0 */ \
	H(tcp_raw_gen_syncookie_ipv4) H(tcp_raw_gen_syncookie_ipv6) \
	H(tcp_raw_check_syncookie_ipv4) H(tcp_raw_check_syncookie_ipv6) \
	/* 208: 6.1 */ \
	H(ktime_get_tai_ns) H(user_ringbuf_drain) \
	/* 210: 6.2 */ \
	H(cgrp_storage_get) H(cgrp_storage_delete)

/* clang-format on */

#define BPF_FUNC_ENUMERATOR(name) BPF_FUNC_##name,
enum bpf_func_id {
	BPF_FUNC_unspec,
	BPF_FUNCS(BPF_FUNC_ENUMERATOR) BPF_FUNC_MAX_ID,
};
#undef BPF_FUNC_ENUMERATOR

#endif
