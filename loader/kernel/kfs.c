/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kfs.h"
#include "pass_descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The same on all architectures except alpha and mips, where the libc headers must define them. */
#ifndef SYS_fsopen
#define SYS_fsopen   430
#define SYS_fsconfig 431
#define SYS_fsmount  432
#endif

enum {
	FSOPEN_CLOEXEC_ = 1,
	FSCONFIG_CMD_CREATE_ = 6,
	FSMOUNT_CLOEXEC_ = 1,
	MOUNT_ATTR_NOSUID_ = 2,
	MOUNT_ATTR_NODEV_ = 4,
	MOUNT_ATTR_NOEXEC_ = 8,
};

/* The standard mount point comes first, followed by others in use. */
static const struct kind {
	const char *type;   /* for mount(2) */
	uint32_t magic;     /* f_type */
	bool never_private; /* see kfs.h */
	const char *config; /* the kernel option for it */
	const char *place[3];
} kinds[KFS_COUNT] = {
	[KFS_PROC] = {"proc", 0x9fa0, false, "CONFIG_PROC_FS", {"/proc"}},
	[KFS_SYS] = {"sysfs", 0x62656572, false, "CONFIG_SYSFS", {"/sys"}},
	[KFS_TRACE] = {"tracefs", 0x74726163, false, "CONFIG_FTRACE",
		{"/sys/kernel/tracing", "/sys/kernel/debug/tracing", "/tracing"}},
	[KFS_BPF] = {"bpf", 0xcafe4a11, true, "CONFIG_BPF_SYSCALL", {"/sys/fs/bpf"}},
	[KFS_SECURITY] = {"securityfs", 0x73636673, false, "CONFIG_SECURITYFS",
		{"/sys/kernel/security"}},
	[KFS_CGROUP2] = {"cgroup2", 0x63677270, false, "CONFIG_CGROUPS",
		{"/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/mnt/cgroup2"}},
};

/* 0 if the directory is of this file system, -ENOENT if of another, or -errno. */
static int is_kind(int fd, const struct kind *kind)
{
	struct statfs s;
	if (fstatfs(fd, &s) < 0)
		return -errno;
	return (uint32_t)s.f_type == kind->magic ? 0 : -ENOENT;
}

int kfs_is(int fd, enum kfs_which which)
{
	return is_kind(fd, &kinds[which]);
}

/* Opens a directory if it is of this file system; else -ENOENT, or -errno if that is not known. */
static int open_kind(const char *path, const struct kind *kind)
{
	int fd = openat(AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOTDIR ? -ENOENT : -errno;
	int r = is_kind(fd, kind);
	if (!r)
		return fd;
	close(fd);
	return r;
}

/* -ENOENT if it is at none of its places, or -errno of one that could not be looked at. */
static int find_mounted(const struct kind *kind, const char **where)
{
	int unknown = -ENOENT;
	for (unsigned i = 0; i < 3 && kind->place[i]; i++) {
		int fd = open_kind(kind->place[i], kind);
		if (fd >= 0) {
			*where = kind->place[i];
			return fd;
		}
		if (fd != -ENOENT)
			unknown = fd;
	}
	return unknown;
}

static bool is_usual(const struct kind *kind, const char *place)
{
	for (unsigned i = 0; i < 3 && kind->place[i]; i++)
		if (!strcmp(kind->place[i], place))
			return true;
	return false;
}

/* Replaces \040 etc., as which mountinfo writes blanks. */
static void unescape(char *s)
{
	char *to = s;
	for (; *s; s++, to++) {
		bool octal = s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] && s[3];
		*to = octal ? (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0')) : *s;
		s += octal ? 3 : 0;
	}
	*to = 0;
}

/* The file system of a line of mountinfo, "ID PARENT DEV ROOT MOUNTPOINT OPTIONS ... - TYPE ...", or
 * KFS_COUNT. */
static enum kfs_which kind_of(const char *line)
{
	const char *type = strstr(line, " - ");
	enum kfs_which which = 0;
	for (; type && which < KFS_COUNT; which++) {
		size_t n = strlen(kinds[which].type);
		if (!strncmp(type + 3, kinds[which].type, n) && type[3 + n] == ' ')
			return which;
	}
	return KFS_COUNT;
}

/* The mount point in such a line, which is cut, if it shows the whole file system. */
static char *mount_point(char *line)
{
	char *field[5], *rest = line;
	for (int i = 0; i < 5; i++)
		if (!(field[i] = strsep(&rest, " ")))
			return NULL;
	unescape(field[4]);
	return strcmp(field[3], "/") ? NULL : field[4];
}

/* The mounts of this namespace, if /proc is mounted: one that is not knows no others, and with a private
 * one for the purpose Linux 6.18 stalls in the next perf_event_open(). NULL if unknown. */
static FILE *open_mounts(void)
{
	const char *ignored;
	int proc = find_mounted(&kinds[KFS_PROC], &ignored);
	int fd = proc < 0 ? -1 : openat(proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	if (!f && fd >= 0)
		close(fd);
	if (proc >= 0)
		close(proc);
	return f;
}

/* Notes where else than at their usual places file systems are mounted, once for all of them. Pins have
 * paths, so the bpf file system must be where it is expected. */
static void read_mounts(struct kfs *k)
{
	char line[1024], *at;
	FILE *f = k->mounts_read ? NULL : open_mounts();
	k->mounts_read = true;
	while (f && fgets(line, sizeof line, f)) {
		enum kfs_which which = kind_of(line);
		if (which == KFS_COUNT || kinds[which].never_private || k->found[which][0])
			continue;
		at = mount_point(line);
		if (!at || strlen(at) >= KFS_PLACE_MAX || is_usual(&kinds[which], at))
			continue;
		int fd = open_kind(at, &kinds[which]);
		if (fd < 0)
			continue;
		strcpy(k->found[which], at);
		close(fd);
	}
	if (f)
		fclose(f);
}

static int find_elsewhere(struct kfs *k, enum kfs_which which, const char **where)
{
	if (which == KFS_PROC)
		return -ENOENT;
	read_mounts(k);
	if (!k->found[which][0])
		return -ENOENT;
	*where = k->found[which];
	int fd = open_kind(*where, &kinds[which]);
	return fd < 0 ? -ENOENT : fd;
}

void kfs_mounts(enum kfs_which which, void (*fn)(void *ctx, const char *path), void *ctx)
{
	char line[1024];
	FILE *f = open_mounts();
	while (f && fgets(line, sizeof line, f)) {
		const char *at = kind_of(line) == which ? mount_point(line) : NULL;
		if (at)
			fn(ctx, at);
	}
	const char *where = NULL;
	int fd = f ? -1 : find_mounted(&kinds[which], &where);
	if (fd >= 0) {
		close(fd);
		fn(ctx, where);
	}
	if (f)
		fclose(f);
}

static int mount_detached(const char *type)
{
	int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC_);
	if (fs < 0)
		return -errno;
	int fd = -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE_, NULL, NULL, 0) == 0)
		fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC_,
			MOUNT_ATTR_NOSUID_ | MOUNT_ATTR_NODEV_ | MOUNT_ATTR_NOEXEC_);
	if (fd < 0)
		fd = -errno;
	close(fs);
	return fd;
}

/* Runs in the child, where locks may be held by threads that do not exist: only system calls. Any
 * directory can be the mount point, because the mount is visible in this namespace only. */
static int mount_in_own_namespace(const char *type)
{
	static const char *const place[] = {"/proc", "/sys", "/dev", "/tmp", "/run", "/mnt"};
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	int error = ENOENT;
	for (unsigned i = 0; i < sizeof place / sizeof *place; i++) {
		if (mount(type, place[i], type, MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0) {
			int fd = open(place[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
			return fd < 0 ? -errno : fd;
		}
		error = errno;
		if (error != ENOENT && error != ENOTDIR)
			break;
	}
	return -error;
}

/* When the child exits, its namespace goes away and detaches its mounts; the one that the file
 * descriptor refers to stays usable. */
static int mount_by_child(const char *type)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	pid_t pid = fork();
	if (pid == 0) {
		int fd = mount_in_own_namespace(type);
		pass_descriptor(pair[1], fd, fd < 0 ? -fd : 0);
		_exit(0);
	}
	int fd = pid < 0 ? -errno : 0;
	close(pair[1]);
	if (pid > 0) {
		fd = passed_descriptor(pair[0]);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(pair[0]);
	return fd;
}

static int mount_privately(struct kfs *k, enum kfs_which which)
{
	const struct kind *kind = &kinds[which];
	if (kind->never_private ||
		(which == KFS_TRACE && kfs_lockdown(k) == LOCKDOWN_CONFIDENTIALITY))
		return -ENOENT;
	int fd = mount_detached(kind->type);
	if (fd == -ENOSYS || fd == -EPERM)
		fd = mount_by_child(kind->type);
	if (fd >= 0 && is_kind(fd, kind)) {
		close(fd);
		return -ENODEV;
	}
	return fd;
}

int kfs_dir(struct kfs *k, enum kfs_which which)
{
	struct kfs_dir *d = &k->dir[which];
	if (!d->fd_or_error) {
		d->where = NULL;
		int fd = find_mounted(&kinds[which], &d->where);
		if (fd < 0)
			fd = find_elsewhere(k, which, &d->where);
		if (fd < 0)
			fd = mount_privately(k, which);
		d->fd_or_error = fd < 0 ? fd : fd + 1;
	}
	return d->fd_or_error < 0 ? d->fd_or_error : d->fd_or_error - 1;
}

int kfs_open(struct kfs *k, enum kfs_which which, const char *relative_path, int flags)
{
	if (!kfs_stays_below(relative_path))
		return -EINVAL;
	int dir = kfs_dir(k, which);
	if (dir < 0)
		return dir;
	int fd = openat(dir, relative_path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int kfs_stream(struct kfs *k, enum kfs_which which, const char *relative_path, FILE **out)
{
	int fd = kfs_open(k, which, relative_path, O_RDONLY);
	*out = fd < 0 ? NULL : fdopen(fd, "r");
	if (!*out && fd >= 0)
		close(fd);
	if (fd < 0)
		return fd;
	return *out ? 0 : -ENOMEM;
}

DIR *kfs_list(struct kfs *k, enum kfs_which which, const char *relative_path)
{
	int fd = kfs_open(k, which, relative_path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

/* line: the text is one line, which the kernel gives as a whole. */
static long read_text(struct kfs *k, enum kfs_which which, const char *relative_path, bool line,
	char *buf, size_t size)
{
	bool done = false;
	buf[0] = 0;
	int fd = kfs_open(k, which, relative_path, O_RDONLY);
	if (fd < 0)
		return fd;
	size_t used = 0;
	ssize_t n;
	char more;
	do {
		bool full = used == size - 1;
		n = full ? read(fd, &more, 1) : read(fd, buf + used, size - 1 - used);
		if (full && n > 0) {
			n = -1;
			errno = EFBIG;
		}
		if (n > 0)
			used += (size_t)n;
		done = line && n > 0 && !full && buf[used - 1] == '\n';
	} while (!done && (n > 0 || (n < 0 && errno == EINTR)));
	int error = n < 0 ? -errno : 0;
	close(fd);
	buf[used] = 0;
	return error ? error : (long)used;
}

long kfs_read_text(
	struct kfs *k, enum kfs_which which, const char *relative_path, char *buf, size_t size)
{
	return read_text(k, which, relative_path, false, buf, size);
}

enum kfs_lockdown kfs_lockdown(struct kfs *k)
{
	char text[128];
	if (read_text(k, KFS_SECURITY, "lockdown", true, text, sizeof text) <= 0)
		return LOCKDOWN_NONE;
	return strstr(text, "[confidentiality]") ? LOCKDOWN_CONFIDENTIALITY
	       : strstr(text, "[integrity]")     ? LOCKDOWN_INTEGRITY
	                                         : LOCKDOWN_NONE;
}

int kfs_append(struct kfs *k, enum kfs_which which, const char *relative_path, const char *line)
{
	int fd = kfs_open(k, which, relative_path, O_WRONLY | O_APPEND);
	if (fd < 0)
		return fd == -ENOENT ? -ENODEV : fd;
	size_t size = strlen(line);
	ssize_t n = write(fd, line, size);
	int error = n < 0 ? -errno : (size_t)n < size ? -EIO : 0;
	close(fd);
	return error;
}

int kfs_read_number(struct kfs *k, enum kfs_which which, const char *relative_path, int64_t *out)
{
	char text[32];
	long n = read_text(k, which, relative_path, true, text, sizeof text);
	if (n < 0)
		return n == -EFBIG ? -EINVAL : (int)n;
	const char *p = text;
	bool negative = *p == '-';
	uint64_t v = 0, limit = (uint64_t)INT64_MAX + negative;
	p += negative;
	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');
		if (v > (limit - digit) / 10)
			return -ERANGE;
		v = v * 10 + digit;
	}
	if (p[*p == '\n'] || p + (*p == '\n') != text + n)
		return -EINVAL;
	*out = (int64_t)(negative ? 0 - v : v);
	return 0;
}

const char *kfs_where(struct kfs *k, enum kfs_which which)
{
	static const char *const absent[KFS_COUNT] = {
#define FS(id, name) [KFS_##id] = name " (not available)",
		KERNEL_FILE_SYSTEMS(FS)
#undef FS
	};
	static const char *const private_mount[KFS_COUNT] = {
#define FS(id, name) [KFS_##id] = name " (private mount)",
		KERNEL_FILE_SYSTEMS(FS)
#undef FS
	};
	if (kfs_dir(k, which) < 0)
		return absent[which];
	return k->dir[which].where ? k->dir[which].where : private_mount[which];
}

static bool explain_lockdown(struct kfs *k, enum kfs_which which, struct err *e)
{
	return which == KFS_TRACE && kfs_lockdown(k) == LOCKDOWN_CONFIDENTIALITY &&
	       (err_hint(e, "the kernel is locked down (lockdown=confidentiality), which leaves "
			    "tracefs empty: use raw_tp, tp_btf or fentry, and a ring buffer for "
			    "output"),
		       true);
}

static bool explain_absence(struct kfs *k, enum kfs_which which, int error, struct err *e)
{
	const struct kind *kind = &kinds[which];
	const char *name = kfs_name(which);
	if (error == ENODEV) {
		err_set(e, "this kernel has no %s", name);
		e->no = error;
		return err_hint(e, "it requires a kernel with %s", kind->config);
	}
	if (error == EPERM || error == EACCES) {
		err_set(e, "%s is not mounted, and mounting it requires CAP_SYS_ADMIN", name);
		e->no = error;
	} else if (kind->never_private || error == ENOENT) {
		err_set(e, "%s is not mounted", name);
		e->no = error;
		if (explain_lockdown(k, which, e))
			return false;
	} else {
		err_sys(e, error, "%s is not mounted, and mounting it privately failed", name);
	}
	return err_hint(e, "as root: mount -t %s %s %s", kind->type, kind->type, kind->place[0]);
}

bool kfs_explain(
	struct kfs *k, enum kfs_which which, const char *relative_path, int error, struct err *e)
{
	int no = error < 0 ? -error : error;
	if (kfs_dir(k, which) < 0)
		return explain_absence(k, which, no, e);
	const char *where = kfs_where(k, which);
	if (!relative_path)
		return err_sys(e, no, "%s", where);
	err_sys(e, no, "%s/%s", where, relative_path);
	if (no == ENOENT)
		explain_lockdown(k, which, e);
	else if (no == EACCES || no == EPERM)
		err_hint(e, "%s is accessible to root only: run as root", kfs_name(which));
	return false;
}

bool kfs_mount(struct kfs *k, enum kfs_which which, struct err *e)
{
	const struct kind *kind = &kinds[which];
	struct kfs_dir *d = &k->dir[which];
	if (d->fd_or_error > 0 && d->where)
		return true;
	const char *place = kind->place[0];
	int fd = find_mounted(kind, &d->where);
	/* A second mount would hide what the first has. */
	if (fd < 0 && fd != -ENOENT)
		return err_sys(e, -fd, "look for %s at %s", kfs_name(which), place);
	if (fd < 0) {
		if (mkdir(place, 0755) < 0 && errno != EEXIST)
			return err_sys(e, errno, "create the directory %s", place);
		fd = find_mounted(kind, &d->where); /* it may have been there all the time */
	}
	if (fd == -ENOENT) {
		if (mount(kind->type, place, kind->type, MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) <
			0) {
			int no = errno;
			if (no == ENODEV)
				return explain_absence(k, which, no, e);
			return err_sys(e, no, "mount %s at %s", kfs_name(which), place);
		}
		fd = find_mounted(kind, &d->where);
		if (fd < 0)
			umount2(place, MNT_DETACH);
	}
	if (fd < 0)
		return err_sys(e, -fd, "open %s at %s", kfs_name(which), place);
	kfs_use(k, which, fd, d->where);
	return true;
}

void kfs_use(struct kfs *k, enum kfs_which which, int fd, const char *where)
{
	struct kfs_dir *d = &k->dir[which];
	if (d->fd_or_error > 0)
		close(d->fd_or_error - 1);
	*d = (struct kfs_dir){fd + 1, where};
}

void kfs_close(struct kfs *k)
{
	for (unsigned i = 0; i < KFS_COUNT; i++)
		if (k->dir[i].fd_or_error > 0)
			close(k->dir[i].fd_or_error - 1);
	*k = (struct kfs){0};
}
