/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The target: what one kernel offers. Either the running one, or a folder of files that describes
 * another:
 *
 *     release        text: uname -r                      machine   text: uname -m
 *     btf            its BTF (raw, as in /sys/kernel/btf/vmlinux); absent: a kernel without
 *     modules/NAME   the BTF of its modules; config    its configuration (CONFIG_X=y)
 *     possible_cpus  number of possible CPUs (1)         page_size in bytes (4096)
 *
 * Every fact is read when it is first asked for, and once. A folder is not trusted.
 */
#ifndef SONDE_TARGET_H
#define SONDE_TARGET_H

#include "elf/base/arena.h"
#include "elf/btf/kernel_types.h"
#include "elf/base/err.h"
#include "kfs.h"
#include "sys.h"

struct target {
	const char *config_file; /* a file with the kernel's configuration (--kconfig), or NULL */
	const char *btf_file; /* a file of types to take instead (--btf), NULL: the kernel's own */
	const char *dir;      /* NULL: the running kernel */
	struct arena *arena;
	struct kfs *kfs; /* borrowed */
	const struct sys_watch *watch;
	const char *release, *machine;
	const char *version;               /* uname -v; "" or NULL of another kernel */
	uint32_t possible_cpus, page_size; /* 0: not asked yet */
	bool btf_tried, btf_found;
	struct btf btf;
	struct arena btf_arena;    /* of its index */
	struct span config;        /* text of its configuration, once asked for */
	struct span map;           /* the bytes of btf, mapped or in pages of their own */
	const char *btf_from;      /* for people: "/sys/kernel/btf/vmlinux (mapped)" */
	struct kernel_types types; /* of kernel and modules, see target_types() */
	bool types_asked;
	const struct btf **type_list;
	const char **modules; /* names, as type_list; [0] is the kernel itself */
	size_t types_room, modules_room;
};

/* dir: NULL or a folder, as above. Fails when the folder has no readable `release`. */
bool target_open(struct target *t, const char *dir, struct arena *a, struct kfs *k,
	const struct sys_watch *watch, struct err *e);

/*
 * The BTF of the kernel, or of btf_file; NULL without e set when it has none, NULL with e set when
 * it has one that can't be used. Running kernel: mapped from sysfs (6.16), else read from there
 * (5.4), else asked for by BPF_BTF_GET_FD_BY_ID, which works without any file system (5.13;
 * CAP_SYS_ADMIN). btf_file holds raw BTF, as the section .BTF of a vmlinux does.
 */
const struct btf *target_btf(struct target *t, struct err *e);

/*
 * The same and, once somebody asks for more, the types of its modules (5.11), whose names are in
 * t->modules in the same order; without btf_file only. n 0 when the kernel has no types; e as
 * above. Lives until target_close().
 */
struct kernel_types *target_types(struct target *t, struct err *e);

/* A descriptor of the types of a module of the running kernel, or -errno: -ENOENT when there is no
 * such module with types. CAP_SYS_ADMIN. */
long target_types_fd(const struct sys_watch *watch, const char *module);

/* What externs ask (target_facts.c): the configuration from config_file, DIR/config, or the usual
 * places of the running kernel. t is borrowed. */
struct kernel_facts target_facts(struct target *t);

/* LINUX_VERSION_CODE of the kernel: 5.10.7 is 0x050a07. */
uint32_t target_version_code(const struct target *t);

/* Reads the types with that id into a; empty when there are none. CAP_SYS_ADMIN. */
struct span target_types_bytes(const struct sys_watch *watch, uint32_t id, struct arena *a);
/* The same for those that continue no others, opened. */
bool target_read_types(
	const struct sys_watch *watch, uint32_t id, struct arena *a, struct btf *out);

/* The BTF id of a function of a loaded program, or -errno: -ENOENT when it has none of that name,
 * or no types. CAP_SYS_ADMIN. */
int64_t target_func_id(const struct sys_watch *watch, int prog_fd, const char *name);

uint32_t target_possible_cpus(struct target *t);
uint32_t target_page_size(struct target *t);

/* Gives the bytes of the BTF back; target_btf() must not be asked again. */
void target_close(struct target *t);

#endif
