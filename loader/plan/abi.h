/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names, fields and versions of the ABI in elf/base/bpf_abi.h and perf_abi.h: what each number is
 * called, which fields a command has, and the first kernel that supports each. Plans are printed,
 * checked and explained from these tables. Sources: include/uapi/linux/bpf.h of 5.10, 6.1, 6.12 and
 * 7.2, checked by tests/unit/test_abi.c.
 */
#ifndef SONDE_ABI_H
#define SONDE_ABI_H

#include "elf/base/bpf_abi.h"
#include "elf/base/perf_abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* The value of the field with this C name; 0 if the layout has no such field. */
uint64_t abi_get_by_name(unsigned layout, const char *name, const void *attr, unsigned size);

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

#endif
