/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names for addresses: of the kernel's functions by /proc/kallsyms, of those of processes by the
 * files that they have mapped (/proc/PID/maps): programs, also position-independent ones, and
 * libraries.
 *
 * What is not known: "libc.so.6+0x2718a" (the address as the file counts it, for addr2line),
 * "[anon]" for code that is in no file, "[unknown]" when the process is gone. Of a process that is
 * known the mappings are kept: its stacks have names after its end.
 *
 * Nothing is read before it is needed: kallsyms once (some MB of names), a file once for all
 * processes that run it.
 */
#ifndef SONDE_NAMES_H
#define SONDE_NAMES_H

#include "address_names.h"
#include "ksyms.h"
#include "loader/kernel/sys.h"

enum { NAMES_FRAMES = 127 }; /* of a stack: what the kernel keeps at most */

struct names_process;
struct names_file;

struct names {
	struct kfs *kfs;
	const struct sys_watch *watch;
	struct arena *arena;
	struct ksyms_table kernel;
	bool kernel_read;
	struct names_process **processes; /* a hash table by process id */
	size_t n_processes, processes_size;
	struct names_file *files;      /* a list */
	struct names_process *process; /* whose addresses are asked for; NULL: nobody's */
	struct {
		int map;       /* -1: none */
		uint32_t size; /* of a value */
	} stacks[STACK_KINDS];
	struct names_stack {
		bool read; /* false: nothing yet */
		enum stack_kind kind;
		int64_t id;
		size_t n;
		uint64_t frames[NAMES_FRAMES];
	} stack; /* the one that was asked for last */
	char text[300];
	struct address_names viewer; /* the same for those who show values */
};

/* Memory from a, as long as n is used. */
void names_open(struct names *n, struct kfs *k, const struct sys_watch *w, struct arena *a);

/* Sets the map that ids of stacks of this kind refer to: a BPF_MAP_TYPE_STACK_TRACE with values of
 * value_size bytes. */
void names_stacks(struct names *n, enum stack_kind kind, int map_fd, uint32_t value_size);

/* Addresses are those of this process from now on; what it has mapped is read when it is new. */
void names_process(struct names *n, uint32_t pid);

/* What a process is called, "" when it is not known (any more). */
const char *names_comm(const struct names *n);

/* The function at an address, NULL when unknown; *plus: bytes behind its start. Valid until the
 * next call. */
const char *names_kernel(struct names *n, uint64_t address, uint64_t *plus);
const char *names_user(struct names *n, uint64_t address, uint64_t *plus);

#endif
