/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The kernel's own file systems, wherever they are: mounted, or not mounted at all (an initramfs, a
 * container, a machine on which nobody wanted tracefs so far).
 *
 * Rule: a file system is looked for at its usual places, and a directory only counts when fstatfs()
 * names the right type: an empty mount point is not it. Where it is not mounted it is mounted
 * privately: no path leads to that mount, nobody else sees it, and it ends with its last descriptor
 * even when the process is killed. The kernel's part for that:
 *
 *	fsopen, fsconfig, fsmount	Linux 5.2: a mount that is attached nowhere
 *	fork, unshare, mount		before, or where a seccomp filter knows no new calls: a
 * child mounts in its own mount namespace and passes the directory
 *
 * Both need CAP_SYS_ADMIN. Up to about Linux 5.x another mount of tracefs or debugfs resets the
 * mode and gid options that an administrator gave the first one; that can only happen where it is
 * mounted for others but not for us.
 *
 * The bpf file system is never mounted privately: each mount of it is an empty one of its own, in
 * which there are no pins to find and new ones would vanish with the process.
 */
#ifndef SONDE_KFS_H
#define SONDE_KFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/base/err.h"
#include "loader/plan/kernel_fs.h"

/* {0} is a valid start: nothing has been looked for. Looked for once, on first use. */
struct kfs {
	struct kfs_dir {
		int fd_or_error;   /* 0 not looked for; n > 0: descriptor n - 1; else -errno */
		const char *where; /* where it is mounted, for people; NULL: mounted privately */
	} dir[KFS_COUNT];
};

/*
 * The directory of a file system: a descriptor that belongs to k and is good for openat() and the
 * like (O_PATH), or -errno: -ENODEV the kernel has none, -EPERM not mounted and no right to mount
 * it, -ENOENT not mounted (bpf). A failure is remembered until kfs_close().
 */
int kfs_dir(struct kfs *k, enum kfs_which which);

/*
 * Opens a file. relative_path: below the root of the file system, "." for the root itself. Absolute
 * paths and those with ".." are refused with -EINVAL, so that a name from an object file may be a
 * part of one. flags as of open(2), without O_CREAT; O_CLOEXEC is
 * added. Returns a descriptor for the caller to
 * close, or -errno.
 */
int kfs_open(struct kfs *k, enum kfs_which which, const char *relative_path, int flags);

/*
 * Reads a whole file into buf, which is terminated in any case (size is at least 1). Returns its
 * length without the terminator, or -errno: -EFBIG when it does not fit; buf then has its start.
 */
long kfs_read_text(
	struct kfs *k, enum kfs_which which, const char *relative_path, char *buf, size_t size);

/*
 * Appends a line to a file that takes commands, in one call; its newline is left out. 0 or -errno:
 * -ENODEV when there is no such file, so that -ENOENT is what the kernel says to the line.
 */
int kfs_append(struct kfs *k, enum kfs_which which, const char *relative_path, const char *line);

/* Reads a file that holds one decimal number and a newline. 0 or -errno: -EINVAL when it holds
 * something else, -ERANGE when the number is too large; *out is then unchanged. */
int kfs_read_number(struct kfs *k, enum kfs_which which, const char *relative_path, int64_t *out);

/* For people: "/sys/kernel/tracing", "tracefs (private mount)" or "tracefs (not available)". */
const char *kfs_where(struct kfs *k, enum kfs_which which);

/*
 * What an -errno of the functions above means, as an error with a hint: which right is missing,
 * which command mounts it, or just the file and its errno. relative_path may be NULL: the
 * file system as such. Returns false.
 */
bool kfs_explain(
	struct kfs *k, enum kfs_which which, const char *relative_path, int error, struct err *e);

/*
 * Mounts a file system for all to see at its usual place, whose last component is made if it is
 * missing; for process 1 and on request only. True also when it is mounted already.
 */
bool kfs_mount(struct kfs *k, enum kfs_which which, struct err *e);

/* Takes the directory fd (it then belongs to k) for a file system: a copy of one, for instance.
 * where: for people, not copied. */
void kfs_use(struct kfs *k, enum kfs_which which, int fd, const char *where);

/* Closes what is open, with which private mounts end; k is as new. */
void kfs_close(struct kfs *k);

#endif
