/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "pin_folder.h"

#include "elf/base/format.h"
#include "kfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RENAME_BOTH = 2 /* RENAME_EXCHANGE */ };

static const char *const names[PIN_KINDS] = {"link", "prog", "map"};
static const char record[] = "record";

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static int open_folder(int at, const char *path, int flags)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
	return fd < 0 ? -errno : fd;
}

/* The entries of a folder that has been opened, which stays open; NULL with errno set. */
static DIR *entries_of(int folder)
{
	int fd = open_folder(folder, ".", 0);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (!d && fd >= 0)
		close(fd);
	return d;
}

/* ---- removing ---- */

/* Removes all files. Deleting while reading makes the kernel skip some: it is read until it is empty. */
static int remove_files(int folder, unsigned *n)
{
	for (unsigned before = *n;; before = *n) {
		int no = 0;
		DIR *d = entries_of(folder);
		if (!d)
			return errno;
		for (struct dirent *entry; !no && (entry = readdir(d));) {
			if (is_dots(entry->d_name))
				continue;
			no = unlinkat(folder, entry->d_name, 0) ? errno : 0;
			*n += !no;
		}
		closedir(d);
		if (no || *n == before)
			return no;
	}
}

static int remove_kind(int dir, const char *name, unsigned *n)
{
	int folder = open_folder(dir, name, O_NOFOLLOW);
	if (folder < 0)
		return -folder;
	int no = remove_files(folder, n);
	close(folder);
	return no ? no : unlinkat(dir, name, AT_REMOVEDIR) ? errno : 0;
}

/* Removes what sonde makes. *any: there was something. Returns 0 or an errno, and *where it came from. */
static int remove_own(int dir, struct pin_folder *out, bool *any, const char **where)
{
	for (int kind = 0; kind < PIN_KINDS; kind++) {
		int no = remove_kind(dir, *where = names[kind], &out->n[kind]);
		*any |= !no;
		if (no && no != ENOENT)
			return no;
	}
	int no = unlinkat(dir, *where = record, 0) ? errno : 0;
	*any |= !no;
	return no == ENOENT ? 0 : no;
}

int64_t pin_folder_clear(const char *folder)
{
	struct pin_folder gone = {0};
	const char *where;
	bool any = false;
	int fd = open_folder(AT_FDCWD, folder, O_NOFOLLOW);
	if (fd < 0)
		return fd;
	int no = -kfs_is(fd, KFS_BPF);
	if (!no)
		no = remove_own(fd, &gone, &any, &where);
	close(fd);
	return no ? -no : rmdir(folder) ? -errno : 0;
}

static char *beside(char buf[static PIN_PATH_MAX], const char *dir, const char *suffix)
{
	int n = (int)strlen(dir);
	while (n > 1 && dir[n - 1] == '/')
		n--;
	text_print(buf, PIN_PATH_MAX, "%.*s%s", n, dir, suffix);
	return buf;
}

/* A lock that ends with its descriptor, which is returned, or -errno: -EBUSY if another process has it. */
static int lock(const char *folder)
{
	int fd = open_folder(AT_FDCWD, folder, O_NOFOLLOW);
	if (fd < 0 || !flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	int no = errno == EWOULDBLOCK ? EBUSY : errno;
	close(fd);
	return -no;
}

/* Removes what a killed sonde has left beside the folder. */
static int remove_leftovers(const char *dir, struct pin_folder *out)
{
	char new[PIN_PATH_MAX], old[PIN_PATH_MAX];
	int held = lock(beside(new, dir, PIN_NEW));
	int64_t no = held < 0 && held != -ENOENT ? held : 0;
	out->leftover = held >= 0 || !access(beside(old, dir, PIN_OLD), F_OK);
	if (!no && held >= 0)
		no = pin_folder_clear(new);
	if (!no)
		no = pin_folder_clear(beside(old, dir, PIN_OLD));
	if (held >= 0)
		close(held);
	return no == -ENOENT ? 0 : (int)no;
}

static bool remove_all(int dir, const char *path, struct pin_folder *out, struct err *e)
{
	bool any = false;
	const char *where;
	int no = remove_own(dir, out, &any, &where);
	if (no)
		return err_sys(e, no, "%s/%s", path, where);
	if (any || out->leftover)
		return true;
	return err_set(
		e, "%s: no pins of sonde load: there is no folder link, prog or map in it", path);
}

bool pin_folder_remove(const char *path, struct pin_folder *out, struct err *e)
{
	*out = (struct pin_folder){0};
	int no = remove_leftovers(path, out);
	if (no == -EBUSY) {
		err_sys(e, EBUSY, "%s", path);
		return err_hint(e, "another sonde load is making it");
	}
	int dir = no ? no : open_folder(AT_FDCWD, path, 0);
	if (dir == -ENOENT && out->leftover)
		return true;
	if (dir < 0)
		return err_sys(e, -dir, "%s", path);
	no = -kfs_is(dir, KFS_BPF);
	bool ok = !no;
	if (no == ENOENT) {
		err_set(e, "%s: not in a bpf file system", path);
		err_hint(e, "name the directory that was given to sonde load --pin");
	} else if (no) {
		err_sys(e, no, "%s", path);
	}
	ok = ok && remove_all(dir, path, out, e);
	close(dir);
	if (!ok)
		return false;
	if (!rmdir(path))
		return true;
	out->others = errno == ENOTEMPTY;
	return out->others || err_sys(e, errno, "%s", path);
}

/* ---- making ---- */

/* 0 if the folder that contains the path is in a bpf file system, -EINVAL if it is not, or -errno. */
static int check_place(const char *path)
{
	char parent[PIN_PATH_MAX];
	if (text_print(parent, sizeof parent, "%s", path) >= PIN_PATH_MAX)
		return -ENAMETOOLONG;
	char *slash = strrchr(parent, '/');
	if (slash)
		slash[slash == parent] = 0;
	int fd = open_folder(AT_FDCWD, slash ? parent : ".", 0);
	if (fd < 0)
		return fd;
	int r = kfs_is(fd, KFS_BPF);
	close(fd);
	return r == -ENOENT ? -EINVAL : r;
}

/* Whether an entry may be replaced. */
static bool is_replaced(const char *name, enum pin_replace how)
{
	bool own = !strcmp(name, record);
	for (int kind = how == PIN_REPLACE ? PIN_LINK : PIN_LINK + 1; kind < PIN_KINDS; kind++)
		own |= !strcmp(name, names[kind]);
	return own && how != PIN_REPLACE_NONE;
}

/* Whether a folder may become dir. */
static int check_free(const char *dir, enum pin_replace how)
{
	int fd = open_folder(AT_FDCWD, dir, O_NOFOLLOW), r = 0;
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd == -ENOTDIR ? -EEXIST : fd;
	DIR *d = entries_of(fd);
	for (struct dirent *entry; d && (entry = readdir(d));)
		if (!is_dots(entry->d_name) && !is_replaced(entry->d_name, how))
			r = how == PIN_REPLACE_NONE ? -EEXIST : -ENOTEMPTY;
	if (d)
		closedir(d);
	close(fd);
	return d ? r : -EACCES;
}

int64_t pin_folder_stage(const char *stage, const char *dir, enum pin_replace how)
{
	char old[PIN_PATH_MAX];
	struct pin_folder gone = {0};
	const char *where;
	bool any = false;
	int64_t r = check_place(dir);
	if (r || (mkdir(stage, 0700) && errno != EEXIST))
		return r ? r : -errno;
	int fd = lock(stage);
	if (fd < 0)
		return fd;
	/* A replacement that was killed between two renames. */
	beside(old, dir, PIN_OLD);
	if (access(dir, F_OK) && !rename(old, dir))
		old[0] = 0;
	r = *old ? pin_folder_clear(old) : 0;
	if (!r || r == -ENOENT)
		r = -remove_own(fd, &gone, &any, &where);
	if (!r)
		r = check_free(dir, how);
	if (!r)
		return fd;
	rmdir(stage);
	close(fd);
	return r;
}

static int64_t exchange(const char *from, const char *to)
{
	char old[PIN_PATH_MAX];
	if (!syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, RENAME_BOTH))
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (rename(to, beside(old, to, PIN_OLD)))
		return -errno;
	if (!rename(from, to))
		return rename(old, from) ? -errno : 0;
	int no = errno;
	rename(old, to);
	return -no;
}

int64_t pin_folder_move(const char *from, const char *to, bool both)
{
	if (both && !access(to, F_OK))
		return exchange(from, to);
	return rename(from, to) ? -errno : 0;
}

/* ---- access ---- */

struct rights {
	mode_t mode; /* of files */
	bool chmod;
	uid_t uid;
	gid_t gid;
};

static int set_rights(int dir, const char *name, const struct rights *r, bool folder)
{
	mode_t mode = folder ? r->mode | (r->mode & 0444) >> 2 : r->mode;
	bool own = r->uid != (uid_t)-1 || r->gid != (gid_t)-1;
	if (own && fchownat(dir, name, r->uid, r->gid, AT_SYMLINK_NOFOLLOW))
		return errno;
	return r->chmod && fchmodat(dir, name, mode, 0) ? errno : 0;
}

/* Of a folder and what is in it, two levels deep: the folder of one kind has files only. */
static int set_all(int folder, const struct rights *r, bool top)
{
	struct stat st;
	int no = 0;
	DIR *d = entries_of(folder);
	if (!d)
		return errno;
	for (struct dirent *entry; !no && (entry = readdir(d));) {
		const char *name = entry->d_name;
		if (is_dots(name))
			continue;
		no = fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) ? errno : 0;
		bool below = !no && S_ISDIR(st.st_mode);
		int fd = below && top ? open_folder(folder, name, O_NOFOLLOW) : -1;
		if (fd >= 0) {
			no = set_all(fd, r, false);
			close(fd);
		} else if (!no && !below) {
			no = set_rights(folder, name, r, false);
		}
	}
	closedir(d);
	return no ? no : set_rights(folder, ".", r, true);
}

int64_t pin_folder_access(const char *folder, const char *like, long mode, long uid, long gid)
{
	struct stat st;
	struct rights r = {(mode_t)mode, mode >= 0, (uid_t)uid, (gid_t)gid};
	if (like && !stat(like, &st)) {
		r.mode = mode < 0 ? st.st_mode & 0666 : r.mode;
		r.chmod = true;
		r.uid = uid < 0 ? st.st_uid : r.uid;
		r.gid = gid < 0 ? st.st_gid : r.gid;
	}
	int fd = open_folder(AT_FDCWD, folder, O_NOFOLLOW);
	if (fd < 0)
		return fd;
	int no = set_all(fd, &r, true);
	close(fd);
	return -no;
}

const char pin_folders_are_executed = 1; /* HOOK_NEEDS */
