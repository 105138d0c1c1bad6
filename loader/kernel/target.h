/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The target: the properties of a kernel, which is the running one, or one described by a directory
 * with the files
 *
 *     release        uname -r
 *     machine        uname -m
 *     btf            raw BTF as in /sys/kernel/btf/vmlinux, or any file of btf_file.h; absent if it has none
 *     modules/NAME   the BTF of its modules
 *     events/GROUP/EVENT/format   records of tracepoints as in tracefs, for a kernel without BTF
 *     config         its configuration (CONFIG_X=y)
 *     possible_cpus  the number of possible CPUs (default 1)
 *     page_size      in bytes (default 4096)
 *
 * Each property is read once, on first use. The files are untrusted.
 */
#ifndef SONDE_TARGET_H
#define SONDE_TARGET_H

#include "elf/base/arena.h"
#include "elf/btf/kernel_types.h"
#include "elf/base/err.h"
#include "kfs.h"
#include "machine.h"
#include "sys.h"

struct target {
	const char *config_file; /* file with the kernel's configuration (--kconfig), or NULL */
	const char *btf_file;    /* file with the types (--btf); NULL: those of the kernel */
	const char *dir;         /* NULL: the running kernel */
	struct arena *arena;
	struct kfs *kfs; /* borrowed */
	const struct sys_watch *watch;
	const char *release, *machine;
	const char *version;               /* uname -v; "" or NULL if not the running kernel */
	uint32_t possible_cpus, page_size; /* 0: not read yet */
	bool btf_tried, btf_found;
	bool btf_needed, config_needed; /* somebody asked for them */
	struct btf btf;
	struct arena btf_arena; /* for the index of btf and everything about modules */
	struct span config;     /* text of the configuration, once read */
	struct span map;        /* the bytes of btf, mapped or in allocated pages */
	int btf_fd;             /* 1 + the file that fills the pages when they are needed, or 0 */
	const char *btf_from;   /* for messages: "/sys/kernel/btf/vmlinux" */
	struct kernel_types types; /* of kernel and modules, see target_types() */
	bool types_asked;
	const struct btf **type_list;
	const char **modules; /* names, in the order of type_list; [0] is the kernel itself */
	size_t types_room, modules_room;
};

/* dir: NULL, or a directory as above; fails if it has no readable release and machine. All
 * arguments are borrowed. */
bool target_open(struct target *t, const char *dir, struct arena *a, struct kfs *k,
	const struct sys_watch *watch, struct err *e);

/*
 * The BTF of the kernel, or of btf_file (btf_file.h).
 * NULL without e set if there is none, NULL with e set if it is unusable. For the running kernel it
 * is mapped from sysfs (6.16), else read from there (5.4), else read with BPF_BTF_GET_FD_BY_ID,
 * which needs no file system (5.13; CAP_SYS_ADMIN).
 */
const struct btf *target_btf(struct target *t, struct err *e);

/*
 * The types of the kernel and, once more are requested from it, of its modules (5.11; not with
 * btf_file), whose names are in t->modules in the same order. n is 0 if the kernel has no types; e
 * as above. Valid until target_close().
 */
struct kernel_types *target_types(struct target *t, struct err *e);

/* The same for a caller that calls btf_end() if it reads all types (image_link()): the types of the
 * kernel are validated when they are reached. */
struct kernel_types *target_types_lazily(struct target *t, struct err *e);

/* Opens the BTF of a module of the running kernel. Returns a file descriptor or -errno: -ENOENT if
 * there is no such module with BTF. CAP_SYS_ADMIN. */
long target_types_fd(const struct sys_watch *watch, const char *module);

/* Facts for linking (target_facts.c): the configuration from config_file, DIR/config, or the standard paths of
 * the running kernel, and LINUX_* numbers. t is borrowed. */
struct kernel_facts target_facts(struct target *t);

/* The format of a tracepoint (target_events.c), for struct kernel_facts; ctx: a target. */
bool target_event_format(void *ctx, const char *group, const char *event, struct span *text,
	const char **path, struct err *e);

/* Whether its long is read with sign extension, see struct kernel_types. */
bool target_extends_sign(const struct target *t);

/* LINUX_VERSION_CODE of the kernel: 0x050a07 for 5.10.7. */
uint32_t target_version_code(const struct target *t);

/* Reads the BTF with that id into a; empty on failure. CAP_SYS_ADMIN. */
struct span target_types_bytes(const struct sys_watch *watch, uint32_t id, struct arena *a);
/* The same for BTF without a base, and opens it. */
bool target_read_types(
	const struct sys_watch *watch, uint32_t id, struct arena *a, struct btf *out);

/* The BTF id of a function in a loaded program, or -errno: -ENOENT if it has no such function or no
 * BTF. CAP_SYS_ADMIN. */
int64_t target_func_id(const struct sys_watch *watch, int prog_fd, const char *name);

uint32_t target_possible_cpus(struct target *t);
uint32_t target_page_size(struct target *t);
/* What plan_fit() asks. A described kernel has all its possible CPUs online. */
bool target_machine(struct target *t, struct machine *m, struct err *e);

/* Frees the types; they must not be used or requested again. */
void target_close(struct target *t);

#endif
