/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names, fields and versions for the ABI in elf/base/bpf_abi.h and perf_abi.h: the name of each
 * number, the fields of each command, and the first kernel that supports each. Plans are printed,
 * checked and explained from these tables. Sources: include/uapi/linux/bpf.h of 5.10, 6.1, 6.12 and
 * 7.2, compared by tests/unit/test_abi.c.
 */
#ifndef SONDE_ABI_H
#define SONDE_ABI_H

#include "elf/base/bpf_attr.h"
#include "elf/base/perf_abi.h"
#include "elf/base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sets of names: enumerations and families of flags, each member with its number and first kernel.
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
	ABI_FIRST_FLAGS,      /* members of the following sets are bits */
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

struct abi_member {
	const char *name; /* as in the kernel's headers: "BPF_MAP_TYPE_HASH"; static */
	uint32_t number;
	uint16_t since; /* ABI_VERSION() */
};
/* The member that follows *m, the first if m->name is NULL. i: its number, from 0. */
bool abi_next_member(enum abi_set set, unsigned i, struct abi_member *m);
/* The i-th member (from 0) of a set; slower. */
bool abi_member(enum abi_set set, unsigned i, struct abi_member *out);

/* The kernel's name for a number, or NULL if it is not in the table. */
const char *abi_name(enum abi_set set, uint64_t number);

/* The number for a name: the kernel's ("BPF_MAP_TYPE_LRU_HASH") or without its prefix
 * ("lru_hash"), in upper or lower case. False if it is not in the table. name: untrusted. */
bool abi_number(enum abi_set set, const char *name, uint32_t *number);

/* The first kernel that supports this number (for flags: all known bits), 0 if unknown. */
uint16_t abi_since(enum abi_set set, uint64_t number);

/* The name as bpftool prints it: "lru_hash"; "77" if unknown. Returns buf. */
char *abi_nick(enum abi_set set, uint64_t number, char buf[static 48]);

/* A C expression. Flags: "BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG", followed by unknown bits in hex,
 * or "0". Enumerations: the name or number. Truncated to n bytes including the NUL. Returns buf. */
char *abi_expr(enum abi_set set, uint64_t number, char *buf, size_t n);

/* "5.15"; "?" for 0. Returns buf. */
char *abi_version(uint16_t version, char buf[static 8]);

/* ABI_VERSION(6, 1) for "6.1.0-13-amd64"; 0 if release does not start with two numbers. */
uint16_t abi_parse_version(const char *release);

/* The meaning of a field, which decides how it is shown. */
enum abi_kind {
	ABI_UINT,
	ABI_INT,  /* signed */
	ABI_HEX,  /* cookie, address: shown in hexadecimal */
	ABI_BIT,  /* a bit-field of one bit */
	ABI_ENUM, /* a member of field.set */
	ABI_FLAGS,
	ABI_NAME,  /* char[16] within the structure */
	ABI_BYTES, /* uint8_t[] within the structure */
	/* 64-bit pointers; abi_pointee() returns the size of what they point to */
	ABI_PTR,   /* to bytes */
	ABI_STR,   /* to a C string */
	ABI_STRS,  /* to an array of 64-bit pointers to C strings */
	ABI_INSNS, /* to instructions */
	ABI_FDS,   /* to an array of s32 file descriptors */
	/* File descriptors; 0 means none in optional fields */
	ABI_FD_MAP,
	ABI_FD_PROG,
	ABI_FD_BTF,
	ABI_FD_LINK,
	ABI_FD_TOKEN,
	ABI_FD_TARGET, /* the attach target: cgroup, network namespace, map, perf event */
	ABI_FD_DIR,
	ABI_FD_ANY,
	/* Ids of kernel objects */
	ABI_ID_MAP,
	ABI_ID_PROG,
	ABI_ID_BTF,
	ABI_ID_LINK,
	ABI_ID_ANY,
	ABI_TYPE_ID, /* id of a BTF type */
	ABI_IFINDEX,
	ABI_PID,
	ABI_KVERSION, /* LINUX_VERSION_CODE: major << 16 | minor << 8 | patch */
};

enum abi_dir { ABI_IN = 1, ABI_OUT = 2, ABI_INOUT = 3 };

/*
 * When a field is in use: some members of bpf_attr share their bytes, and which of them is meant
 * depends on other fields. A condition on the attach type or program type, optionally combined with
 * one of the last three bits.
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
	ABI_BY_FD = 0x40, /* or'ed: BPF_F_ID is not set in the flags */
	ABI_BY_ID = 0x80, /* or'ed: BPF_F_ID is set in the flags */
	/* or'ed: another name for the preceding field; nothing in the attr distinguishes them */
	ABI_ALIAS = 0x20,
};

struct abi_field {
	const char *name; /* as in C after "attr.": "map_type", "link_create.tcx.relative_fd" */
	const char *what; /* a short description; "" for structures unless built with ABI_DOCS */
	uint16_t since;
	uint8_t offset, size; /* bytes */
	uint8_t kind;         /* enum abi_kind */
	uint8_t dir;          /* enum abi_dir of the field, for pointers of the pointee */
	uint8_t when;         /* enum abi_when */
	uint8_t set;          /* ABI_ENUM, ABI_FLAGS: enum abi_set */
	uint8_t bit;          /* ABI_BIT: its number, in the order of C declarations */
	uint8_t len_at;       /* pointers: offset of the u32 count; ABI_ONE: one item */
	uint8_t unit;         /* pointers: bytes per item, or an enum abi_unit */
};

enum { ABI_ONE = 0xff };
enum abi_unit {
	ABI_UNIT_RECORD = 0x80, /* or'ed with offset / 4 of the u32 with the bytes per item */
	ABI_UNIT_KEY = 0xf0,    /* the map's key size */
	ABI_UNIT_VALUE = 0xf1,  /* the map's value size; per-CPU maps: for all CPUs */
	ABI_UNIT_NONE = 0xff,   /* a string, or the length is not in the attr */
};

/* A field of an attr: a constant expression, ATTR(link_create.flags) for union bpf_attr, PERF(config)
 * for struct perf_event_attr. The caller ensures that the
 * command has it. */
struct attr_field {
	uint16_t at, size; /* in bytes */
};
#define ATTR(field) ATTR_FIELD(union bpf_attr, field)
#define PERF(field) ATTR_FIELD(struct perf_event_attr, field)
#define ATTR_FIELD(type, field)                                                                    \
	((struct attr_field){offsetof(type, field), sizeof(((type *)0)->field)})

/* The field of an attr or of a result in host byte order; 0 beyond the size bytes that there are. */
static inline uint64_t attr_number(const void *attr, size_t size, struct attr_field field)
{
	return span_uint((struct span){attr, size, host_is_big()}, field.at, field.size);
}

/* Structures with a list of fields: the attr of a command (0 to 38), or one of these. */
enum abi_layout {
	ABI_COMMON_ATTR = 64, /* struct bpf_common_attr */
	ABI_PROG_INFO,        /* results of BPF_OBJ_GET_INFO_BY_FD, by type of fd */
	ABI_MAP_INFO,
	ABI_BTF_INFO,
	ABI_LINK_INFO, /* here abi_field.when is an enum bpf_link_type, or 0 for all */
	ABI_TOKEN_INFO,
	ABI_PERF_ATTR, /* struct perf_event_attr */
};

struct abi_cmd {
	const char *name; /* "BPF_MAP_CREATE" */
	const char *what; /* a short sentence without full stop */
	uint16_t since;
	uint8_t fields; /* number of fields for abi_field() */
	uint8_t size;   /* size of the attr with the newest field, in bytes */
};

/* False if the number is unknown. BPF_COMMON_ATTRS is ignored. */
bool abi_cmd(unsigned cmd, struct abi_cmd *out);

/* The fields of a command or structure, in order of offset:
 *	struct abi_walk w = {.layout = BPF_MAP_CREATE};
 *	while (abi_next_field(&w, &f)) */
struct abi_walk {
	unsigned layout, i;
	bool plain;       /* without names and descriptions, which are inflated first */
	const char *text; /* used by abi_next_field() */
};
bool abi_next_field(struct abi_walk *w, struct abi_field *out);
/* The i-th of them, from 0; slower. */
bool abi_field(unsigned layout, unsigned i, struct abi_field *out);

/* The field with this C name, e.g. "link_create.attach_type". */
bool abi_field_by_name(unsigned layout, const char *name, struct abi_field *out);

/*
 * In the following functions attr has size bytes in the byte order of this machine. Fields beyond
 * its end read as 0, as in the kernel.
 */

/* The value; sign-extended for ABI_INT, 0 or 1 for ABI_BIT, 0 for ABI_NAME and ABI_BYTES. */
uint64_t abi_get(const struct abi_field *f, const void *attr, unsigned size);

/* The value of the field with this C name; 0 if the layout has no such field. */
uint64_t abi_get_by_name(unsigned layout, const char *name, const void *attr, unsigned size);

/* Writes a value; false if the field does not end within size. */
bool abi_put(const struct abi_field *f, void *attr, unsigned size, uint64_t value);

/* Whether the field is in use in this attr (see enum abi_when). Aliases never are. */
bool abi_applies(unsigned layout, const struct abi_field *f, const void *attr, unsigned size);

/* The size in bytes of what the pointer points to. False if the attr does not contain it (strings,
 * ABI_UNIT_NONE). */
bool abi_pointee(const struct abi_field *f, const void *attr, unsigned size, uint32_t key_size,
	uint32_t value_size, uint64_t *bytes);

/* The value as text, a C expression if possible. n > 0. Returns buf. */
char *abi_show(const struct abi_field *f, const void *attr, unsigned size, char *buf, size_t n);

/*
 * The first kernel that accepts this attr: the newest version among the command, its nonzero
 * fields, and the enumerators and flags in them. *why is set to the name of the newest (static),
 * for messages such as "BPF_MAP_TYPE_RINGBUF needs Linux 5.8".
 */
uint16_t abi_needs(unsigned cmd, const void *attr, unsigned size, const char **why);

#endif
