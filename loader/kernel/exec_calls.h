/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the executor calls, as one table: everything that a step can do to a kernel passes through it.
 * Tests pass a table of their own, and need no kernel.
 *
 * Unless noted, each returns a result that is not negative, or -errno; the headers above each group, or
 * the manual page of the call, describe it.
 */
#ifndef SONDE_EXEC_CALLS_H
#define SONDE_EXEC_CALLS_H

#include <signal.h>
#include <sys/socket.h>

#include "kfs.h"
#include "pin_folder.h"
#include "pin_record.h"
#include "loader/plan/fit.h"
#include "sys.h"

struct exec_calls {
	/* sys.h */
	long (*bpf)(const struct sys_watch *w, int cmd, void *attr, unsigned size);
	long (*info)(const struct sys_watch *w, int fd, void *info, uint32_t *size);
	long (*perf_event_open)(
		const void *attr, int pid, int cpu, int group_fd, unsigned long flags);
	long (*get_fd)(int pid, int fd);
	long (*open)(const char *path, int flags);
	uint64_t (*now_ns)(void);

	/* kfs.h and what reads these file systems: machine.h, functions.h, kallsyms.h, target.h */
	int (*kfs_open)(struct kfs *k, enum kfs_which which, const char *path, int flags);
	long (*kfs_read_text)(
		struct kfs *k, enum kfs_which which, const char *path, char *buf, size_t size);
	int (*kfs_read_number)(struct kfs *k, enum kfs_which which, const char *path, int64_t *out);
	int (*kfs_append)(struct kfs *k, enum kfs_which which, const char *path, const char *line);
	bool (*kfs_mount)(struct kfs *k, enum kfs_which which, struct err *e);
	bool (*machine_facts)(
		struct machine *m, unsigned needs, struct kfs *k, struct arena *a, struct err *e);
	int64_t (*functions_addresses)(
		struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size);
	int64_t (*functions_names)(
		struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size);
	int64_t (*kallsyms_address)(struct kfs *k, const char *name, bool weak);
	long (*types_fd)(const struct sys_watch *w, const char *module);
	int64_t (*func_id)(const struct sys_watch *w, int fd, const char *name);

	/* netlink.h, interface.h */
	int64_t (*netlink_request)(const uint8_t *message, size_t size, int family, size_t echo);
	long (*netlink_ifindex)(const char *name);
	int64_t (*interface_has_filters)(uint32_t index);
	int64_t (*interface_has_default_route)(uint32_t index);
	int64_t (*interface_has_generic_xdp)(uint32_t index);
	int64_t (*interface_has_xdp)(uint32_t index, uint32_t id);

	/* pin_folder.h, pin_record.h */
	int64_t (*pin_folder_stage)(const char *stage, const char *dir, enum pin_replace how);
	int64_t (*pin_folder_access)(
		const char *folder, const char *like, long mode, long uid, long gid);
	int64_t (*pin_folder_move)(const char *from, const char *to, bool exchange);
	int64_t (*pin_folder_clear)(const char *folder);
	void (*pin_record_sign)(struct pin_record *r);

	/* The number of the file that a descriptor refers to: its inode. */
	int64_t (*file_number)(int fd);

	/* system calls with these names */
	long (*dup)(int fd); /* close-on-exec */
	long (*mkdir)(const char *path, unsigned mode);
	long (*remove)(const char *path);
	long (*ioctl)(int fd, unsigned request, long argument);
	long (*setns)(int fd, int kind);
	long (*socket)(int domain, int type, int protocol);
	long (*bind)(int fd, const struct sockaddr *address, unsigned size);
	long (*setsockopt)(int fd, int level, int option, int value);
	long (*unlimit_memlock)(void); /* setrlimit(RLIMIT_MEMLOCK, infinity) */
	long (*getpid)(void);
	long (*close)(int fd);
	/* Readable and writable memory; NULL: not mapped, *error is the errno. */
	void *(*mmap)(void *at, size_t size, int flags, int fd, int *error);
	void (*munmap)(void *at, size_t size);
	void (*sigprocmask)(int how, const sigset_t *set, sigset_t *before);
};

/* Those of the running kernel. */
extern const struct exec_calls exec_kernel;

#endif
