/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What is known about types of a kernel that has no BTF, as a list of types for CO-RE:
 *
 *     struct trace_event_raw_*,       from the format files of tracefs, of which the kernel makes them
 *     trace_entry, syscall_trace_*
 *     packet headers, contexts of     as the object was compiled: they are the same on all kernels, since they
 *     programs, registers             are part of a protocol or of the user space ABI
 *
 * All other types may differ. The name of a record is that of a class of tracepoints, which has no file: it is
 * that of a tracepoint of the same name, else of the one that the program is attached to that reads it.
 */
#ifndef SONDE_LAYOUTS_H
#define SONDE_LAYOUTS_H

#include "elf/btf/kernel_types.h"
#include "elf/object/object.h"

struct layout_source {
	const char *type; /* "trace_event_raw_sys_enter", "iphdr" */
	const char *file; /* the format file, NULL: the object */
};

struct layouts {
	struct kernel_types types; /* for core_new() */
	struct layout_source *sources;
	size_t n;
	bool of_kernel; /* some are those of this kernel, from its files */
	struct btf btf[2];
	const struct btf *list[2];
};

/*
 * Collects the layouts of the types that CO-RE relocations of an object name. facts may be NULL. Memory
 * from o->arena; *l must not be copied. False with e set if a file of the kernel is malformed.
 */
bool layouts_find(
	struct layouts *l, const struct object *o, const struct kernel_facts *facts, struct err *e);

#endif
