/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Records of tracepoints, as tracefs describes them in events/GROUP/EVENT/format:
 *
 *	format:
 *		field:unsigned short common_type;	offset:0;	size:2;	signed:0;
 *		...
 *		field:char comm[16];	offset:8;	size:16;	signed:0;
 *		field:__data_loc char[] name;	offset:24;	size:4;	signed:0;
 *
 * Kernels with BTF have the same records as struct trace_event_raw_CLASS: `ent`, a struct trace_entry with
 * the common fields, the fields of the event (of which that of a string is __data_loc_NAME), and __data. For
 * other kernels these structs are made here.
 */
#ifndef SONDE_EVENT_FORMAT_H
#define SONDE_EVENT_FORMAT_H

#include "btf_append.h"

struct event_field {
	const char *type; /* as in C: "unsigned long", "const char *" */
	const char *name; /* as that of the member: "comm", "__data_loc_name" */
	uint32_t offset, size;
	uint32_t n;     /* elements if it is an array, else 0 */
	bool is_signed; /* or its elements */
	bool common;    /* of struct trace_entry */
};

struct event_format {
	struct event_field *fields;
	size_t n;
};

/* Reads a format file, which is not trusted. word: bytes of an unsigned long of its kernel. Memory from a. False
 * with e set if it is malformed. */
bool event_format_read(
	struct event_format *f, struct span text, unsigned word, struct arena *a, struct err *e);

/* Whether the struct has a member of this name. */
bool event_format_has(const struct event_format *f, const char *member);

/*
 * Turns the format of sys_enter_NAME or sys_exit_NAME (group syscalls), whose fields are the arguments of
 * that call, into that of struct syscall_trace_enter or syscall_trace_exit: nr, and args[] or ret.
 */
void event_format_syscall(struct event_format *f, unsigned word);

/* Adds struct trace_entry. Returns its id, 0 after a failure. */
uint32_t event_format_entry(const struct event_format *f, struct btf_append *to);

/* Adds the record as a struct with this name; entry: the id of struct trace_entry. */
void event_format_struct(const struct event_format *f, const char *name, uint32_t entry,
	unsigned word, struct btf_append *to);

#endif
