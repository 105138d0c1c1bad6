/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names for addresses: kernel functions from /proc/kallsyms, functions of processes from the files
 * they have mapped (/proc/PID/maps), position-independent or not.
 *
 * An address without a symbol is shown as "libc.so.6+0x2718a" (the address as the file counts it,
 * for addr2line), or "[anon]" if the code is in no file. The mappings of a process that has been
 * seen once are kept, so its stacks still have names after it has exited.
 *
 * Everything is read on demand: kallsyms once (some MB of names), each file once for all processes
 * that have it mapped.
 */
#ifndef SONDE_NAMES_H
#define SONDE_NAMES_H

#include "address_names.h"
#include "ksyms.h"
#include "loader/kernel/cgroup_path.h"
#include "loader/kernel/sys.h"

enum { NAMES_FRAMES = 127 }; /* of a stack: the maximum the kernel stores */

struct names_process;
struct names_file;

struct names {
	struct kfs *kfs;
	const struct sys_watch *watch;
	struct arena *arena;
	struct ksyms_table kernel;
	bool kernel_read;
	bool no_kernel, no_processes; /* do not read kallsyms, or files of processes (sandbox.h) */
	struct names_process **processes; /* hash table by process id */
	size_t n_processes, processes_size;
	struct names_file *files;      /* a list */
	struct names_process *process; /* the current process, or NULL */
	struct {
		int map;       /* -1: none */
		uint32_t size; /* of its values, in bytes */
	} stacks[STACK_KINDS];
	struct names_stack {
		bool read; /* false: nothing has been read yet */
		enum stack_kind kind;
		int64_t id;
		size_t n;
		uint64_t frames[NAMES_FRAMES];
	} stack;                      /* the last one read */
	struct cgroup_paths *cgroups; /* NULL until the first is asked for */
	char text[300];
	struct address_names viewer; /* for code that prints values */
};

/* Memory from a, which must outlive n. */
void names_open(struct names *n, struct kfs *k, const struct sys_watch *w, struct arena *a);

/* Sets the map that ids of stacks of this kind refer to: a BPF_MAP_TYPE_STACK_TRACE with values of
 * value_size bytes. */
void names_stacks(struct names *n, enum stack_kind kind, int map_fd, uint32_t value_size);

/* Makes pid the current process. Reads its mappings unless they are known. */
void names_process(struct names *n, uint32_t pid);

/* The name (comm) of the current process, "" if unknown. */
const char *names_comm(const struct names *n);

/* The function that contains an address, NULL if unknown; *plus: offset from its start. Valid until
 * the next call. */
const char *names_kernel(struct names *n, uint64_t address, uint64_t *plus);
const char *names_user(struct names *n, uint64_t address, uint64_t *plus);

#endif
