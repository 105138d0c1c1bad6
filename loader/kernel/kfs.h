/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Access to the kernel's own file systems, whether they are mounted or not (in an initramfs, in a
 * container, or because nothing has needed tracefs yet).
 *
 * A file system is looked up at its standard mount points, then among all mounts of this namespace
 * (/proc/self/mountinfo; containers have those of the host elsewhere), and a directory is only accepted if
 * fstatfs() reports the right type, which an empty mount point does not. If it is not mounted, it is
 * mounted privately: the mount has no path, is invisible to other processes, and goes away with its
 * last file descriptor, even if the process is killed. Two methods:
 *
 *	fsopen, fsconfig, fsmount	Linux 5.2: a detached mount
 *	fork, unshare, mount		before 5.2, or if a seccomp filter blocks the new calls:
 *					a child mounts it in its own mount namespace and passes
 *					the directory
 *
 * Both require CAP_SYS_ADMIN. Up to about Linux 5.x another mount of tracefs or debugfs resets the
 * mode and gid options that an administrator set for the first mount. This can only happen if it is
 * mounted in another mount namespace but not in ours.
 *
 * tracefs is not mounted privately if lockdown=confidentiality: it has no files then, and kernels up
 * to at least 7.2 crash when such a mount is released.
 *
 * The bpf file system is never mounted privately: each mount of it is a separate, empty instance,
 * which contains no existing pins, and in which new pins would be lost on exit.
 */
#ifndef SONDE_KFS_H
#define SONDE_KFS_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "elf/base/err.h"
#include "loader/plan/kernel_fs.h"

enum { KFS_PLACE_MAX = 128 }; /* longer mount points are not found */

/* Initialize with {0}. Each file system is looked up once, on first use. */
struct kfs {
	struct kfs_dir {
		int fd_or_error;   /* 0: not looked up; n > 0: file descriptor n - 1; else -errno */
		const char *where; /* mount point, for messages; NULL: mounted privately */
	} dir[KFS_COUNT];
	char found[KFS_COUNT][KFS_PLACE_MAX]; /* mount points that are no standard ones */
	bool mounts_read;
};

/*
 * The root directory of a file system: a file descriptor owned by k for openat() etc. (O_PATH), or
 * -errno: -ENODEV if the kernel does not support it, -EPERM if it is not mounted and mounting it is
 * not permitted, -ENOENT if it is not mounted (bpf). A failure is cached until kfs_close().
 */
int kfs_dir(struct kfs *k, enum kfs_which which);

/*
 * Opens a file. relative_path is relative to the root of the file system; "." is the root itself.
 * Absolute paths and paths with ".." are rejected with -EINVAL, so paths may contain names from an
 * object file. flags: as for open(2), without O_CREAT; O_CLOEXEC is added. Returns a file descriptor
 * for the caller to close, or -errno.
 */
int kfs_open(struct kfs *k, enum kfs_which which, const char *relative_path, int flags);

/* Opens a file to be read line by line. Returns 0 and a stream for the caller to close, or -errno
 * as kfs_open() and NULL. */
int kfs_stream(struct kfs *k, enum kfs_which which, const char *relative_path, FILE **out);

/* How much the kernel is locked down (Linux 5.4), from securityfs. */
enum kfs_lockdown { LOCKDOWN_NONE, LOCKDOWN_INTEGRITY, LOCKDOWN_CONFIDENTIALITY };
enum kfs_lockdown kfs_lockdown(struct kfs *k);

/* Opens a directory to be listed; the caller closes it. NULL if that fails. */
DIR *kfs_list(struct kfs *k, enum kfs_which which, const char *relative_path);

/*
 * Reads a whole file into buf, which is always terminated (size is at least 1). Returns its length
 * without the terminator, or -errno: -EFBIG if it does not fit; buf then contains its start.
 */
long kfs_read_text(
	struct kfs *k, enum kfs_which which, const char *relative_path, char *buf, size_t size);

/*
 * Appends a line (without newline) to a control file, in one write(2). Returns 0 or -errno: -ENODEV
 * if there is no such file, so that -ENOENT is always the kernel's reply to the line.
 */
int kfs_append(struct kfs *k, enum kfs_which which, const char *relative_path, const char *line);

/* Reads a file with one decimal number and a newline. Returns 0 or -errno: -EINVAL if it contains
 * anything else, -ERANGE if the number is too large; *out is then unchanged. */
int kfs_read_number(struct kfs *k, enum kfs_which which, const char *relative_path, int64_t *out);

/* For messages: "/sys/kernel/tracing", "tracefs (private mount)" or "tracefs (not available)". */
const char *kfs_where(struct kfs *k, enum kfs_which which);

/*
 * Explains an -errno of the functions above as an error with a hint: the missing capability, the
 * command that mounts the file system, or the file and errno. relative_path NULL: the file system
 * itself. Returns false.
 */
bool kfs_explain(
	struct kfs *k, enum kfs_which which, const char *relative_path, int error, struct err *e);

/* Calls fn with every mount point of a file system in this namespace, as far as /proc tells; else with the
 * standard one, if it is mounted there. */
void kfs_mounts(enum kfs_which which, void (*fn)(void *ctx, const char *path), void *ctx);

/* 0 if an open file or directory is of this file system, -ENOENT if of another, or -errno. */
int kfs_is(int fd, enum kfs_which which);

/*
 * Mounts a file system publicly at its standard mount point, whose last component is created if
 * missing. For process 1, or on request. True also if it is already mounted.
 */
bool kfs_mount(struct kfs *k, enum kfs_which which, struct err *e);

/* Uses the directory fd, which k then owns, as the root of a file system, for instance of a copy.
 * where: for messages, borrowed. */
void kfs_use(struct kfs *k, enum kfs_which which, int fd, const char *where);

/* Closes all file descriptors, which ends private mounts, and resets k to {0}. */
void kfs_close(struct kfs *k);

#endif
