/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The types of the kernel and its modules, from sysfs, from a directory that describes another
 * kernel, or by BTF id, which needs no file system.
 */
#include "target.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "btf_file.h"
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_BTF_ID = 1, NAME_SIZE = 64, MODULE_NAME_MAX = 55 };

/* ---- BTF by id ---- */

struct btf_info {
	uint64_t btf;
	uint32_t btf_size, id;
	uint64_t name;
	uint32_t name_len, kernel_btf;
};

/* Gets information about a BTF. name: a buffer of NAME_SIZE bytes (5.11), or NULL. btf: a buffer of
 * size bytes for its contents, or NULL. */
static long btf_info(const struct sys_watch *watch, long fd, struct btf_info *info, char *name,
	void *btf, size_t size)
{
	uint32_t known = name ? sizeof *info : offsetof(struct btf_info, name);
	*info = (struct btf_info){.btf = btf ? sys_ptr(btf) : 0, .btf_size = (uint32_t)size};
	if (name) {
		info->name = sys_ptr(name);
		info->name_len = NAME_SIZE;
		name[0] = 0;
	}
	return sys_info(watch, (int)fd, info, &known);
}

static long btf_fd(const struct sys_watch *watch, uint32_t id)
{
	return sys_open_id(watch, BPF_BTF_GET_FD_BY_ID, id);
}

/* The BTF of vmlinux always has the first id. */
static int btf_from_id(struct target *t)
{
	struct btf_info info;
	char name[NAME_SIZE];
	long fd = btf_fd(t->watch, FIRST_BTF_ID);
	if (fd < 0)
		return (int)fd;
	long r = btf_info(t->watch, fd, &info, name, NULL, 0);
	size_t size = info.btf_size;
	void *p = NULL;
	if (!r && info.kernel_btf && !strcmp(name, "vmlinux") && size && (p = file_pages(size)))
		r = btf_info(t->watch, fd, &info, name, p, size);
	else if (!r)
		r = -ENOENT;
	close((int)fd);
	if (r) {
		if (p)
			munmap(p, size);
		return (int)r;
	}
	t->map = (struct span){p, size, host_is_big()};
	t->btf_from = "bpf(BPF_BTF_GET_FD_BY_ID)";
	return 0;
}

long target_types_fd(const struct sys_watch *watch, const char *module)
{
	struct btf_info info;
	uint32_t id = 0;
	char name[NAME_SIZE];
	long r;
	while (!(r = sys_next_id(watch, BPF_BTF_GET_NEXT_ID, &id))) {
		long fd = btf_fd(watch, id);
		if (fd == -ENOENT) /* freed in the meantime */
			continue;
		if (fd < 0)
			return fd;
		r = btf_info(watch, fd, &info, name, NULL, 0);
		if (!r && info.kernel_btf && !strcmp(name, module))
			return fd;
		close((int)fd);
	}
	return r;
}

/* The id of a program's BTF; 0 if it was loaded without. */
static long types_of_program(const struct sys_watch *watch, int prog_fd)
{
	struct bpf_prog_info info = {0};
	uint32_t n = sizeof info;
	long r = sys_info(watch, prog_fd, &info, &n);
	return r < 0 ? r : (long)info.btf_id;
}

struct span target_types_bytes(const struct sys_watch *watch, uint32_t id, struct arena *a)
{
	struct btf_info info;
	struct span none = {0};
	long fd = btf_fd(watch, id);
	if (fd < 0)
		return none;
	long r = btf_info(watch, fd, &info, NULL, NULL, 0);
	size_t size = info.btf_size;
	uint8_t *p = r ? NULL : arena_alloc(a, size);
	bool ok = p && !btf_info(watch, fd, &info, NULL, p, size);
	close((int)fd);
	return ok ? (struct span){p, size, host_is_big()} : none;
}

bool target_read_types(const struct sys_watch *watch, uint32_t id, struct arena *a, struct btf *out)
{
	struct err e = {0};
	struct span bytes = target_types_bytes(watch, id, a);
	return bytes.n && btf_open(out, bytes, NULL, a, &e);
}

int64_t target_func_id(const struct sys_watch *watch, int prog_fd, const char *name)
{
	struct arena a = {0};
	struct btf btf;
	int64_t id = types_of_program(watch, prog_fd);
	if (id > 0)
		id = target_read_types(watch, (uint32_t)id, &a, &btf)
		             ? btf_find(&btf, BTF_FUNC, name)
		             : 0;
	arena_free(&a);
	return id ? id : -ENOENT;
}

/* ---- the kernel's own types ---- */

static bool read_at(void *ctx, size_t off, uint8_t *to, size_t n)
{
	const struct target *t = ctx;
	while (n) {
		ssize_t done = pread(t->btf_fd - 1, to, n, (off_t)off);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		to += done;
		off += (size_t)done;
		n -= (size_t)done;
	}
	return true;
}

/* Keeps the file for pages to be read when they are needed. Only the header is read now. */
static bool begin_pages(struct target *t, int fd, size_t size)
{
	uint8_t *p = file_pages(size);
	if (p)
		madvise(p, size, MADV_NOHUGEPAGE); /* a page is 4 KB, not 2 MB */
	t->btf_fd = p ? fcntl(fd, F_DUPFD_CLOEXEC, 0) + 1 : 0;
	if (!t->btf_fd || !read_at(t, 0, p, BTF_HEADER)) {
		if (p)
			munmap(p, size);
		return false;
	}
	t->map = (struct span){p, size, host_is_big()};
	return true;
}

/* Maps a BTF file, or reads it if it cannot be mapped: page by page if lazily. Returns 0 or -errno. */
static int btf_from_file(struct target *t, int fd, const char *path, bool lazily)
{
	struct stat st;
	if (fstat(fd, &st))
		return -errno;
	size_t size = st.st_size > 0 && st.st_size < FILE_SIZE_MAX ? (size_t)st.st_size : 0;
	void *p = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	t->btf_from = path;
	if (p == MAP_FAILED)
		return lazily && size > BTF_SMALL && begin_pages(t, fd, size)
		               ? 0
		               : file_read_fd(fd, size, &t->map);
	t->map = (struct span){p, size, host_is_big()};
	return 0;
}

static int btf_from_path(struct target *t, const char *path)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	int no = fd < 0 ? -errno : btf_from_file(t, fd, path, false);
	if (fd >= 0)
		close(fd);
	return no;
}

static int find_btf(struct target *t, bool lazily)
{
	if (t->dir)
		return btf_from_path(t, arena_printf(t->arena, "%s/btf", t->dir));
	int fd = kfs_open(t->kfs, KFS_SYS, "kernel/btf/vmlinux", O_RDONLY);
	if (fd < 0)
		return btf_from_id(t);
	int no = btf_from_file(t, fd, "/sys/kernel/btf/vmlinux", lazily);
	close(fd);
	return no;
}

/* BTF from another machine may have the other byte order, which its magic number shows. */
static bool magic_is_big(struct span s)
{
	return s.n >= 2 && bytes_get(s.p, 2, true) == BTF_MAGIC;
}

/* Opens the types of the kernel once. lazily: they are validated when they are reached. */
static const struct btf *open_btf(struct target *t, bool lazily, struct err *e)
{
	if (!t->btf_tried) {
		t->btf_tried = t->btf_needed = true;
		t->btf_from = t->btf_file;
		if (t->btf_file && !file_read(t->btf_file, &t->map, e)) {
			err_where(e, "types of the kernel");
			return NULL;
		}
		int no = t->btf_file ? 0 : find_btf(t, lazily);
		if (no == -ENOENT || no == -ENODEV || no == -EINVAL || no == -EPERM)
			return NULL;
		if (no) {
			err_sys(e, -no, "types of the kernel (BTF)");
			return NULL;
		}
		const struct btf_source source = {read_at, t};
		struct span types, base;
		const struct btf_file_of of = {t->release, t->machine};
		t->btf_found = btf_file_types(t->map, of, &types, &base, &t->btf_arena, e);
		types.big = magic_is_big(types);
		t->map.big = types.big;
		t->btf_found = t->btf_found &&
		               (lazily ? btf_open_lazily(&t->btf, types, t->btf_fd ? &source : NULL,
						 &t->btf_arena, e)
				       : btf_open(&t->btf, types, NULL, &t->btf_arena, e));
		t->btf.origin = t->btf_from;
		if (!t->btf_found)
			err_where(e, "%s", t->btf_from);
	}
	return t->btf_found ? &t->btf : NULL;
}

const struct btf *target_btf(struct target *t, struct err *e)
{
	if (!open_btf(t, false, e))
		return NULL;
	t->btf.end = btf_end(&t->btf, e);
	t->btf_found = t->btf.end;
	return t->btf_found ? &t->btf : NULL;
}

/* ---- modules ---- */

/* Appends the types of a module; invalid or empty BTF is skipped. */
static void add_module(struct target *t, int dir, const char *name)
{
	struct err e = {0};
	struct span bytes = {0};
	size_t n = t->types.n;
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	struct btf *b = arena_alloc(&t->btf_arena, sizeof *b);
	bool read = b && !file_read_fd(fd, 0, &bytes) && bytes.n;
	close(fd);
	const uint8_t *kept = read ? arena_copy(&t->btf_arena, bytes.p, bytes.n) : NULL;
	struct span data = {kept, kept ? bytes.n : 0, t->map.big};
	file_free(&bytes);
	char *copy = kept ? arena_strdup(&t->btf_arena, name) : NULL;
	if (!copy || !btf_open(b, data, &t->btf, &t->btf_arena, &e))
		return;
	const struct btf **list =
		arena_grow(&t->btf_arena, t->type_list, n, &t->types_room, sizeof *list);
	const char **modules =
		arena_grow(&t->btf_arena, t->modules, n, &t->modules_room, sizeof *modules);
	t->type_list = list ? list : t->type_list;
	t->modules = modules ? modules : t->modules;
	if (!list || !modules)
		return;
	t->type_list[n] = b;
	t->modules[n] = copy;
	t->types.list = t->type_list;
	t->types.n++;
}

static bool add_modules(struct kernel_types *k, struct err *e)
{
	struct target *t = k->ctx;
	char path[4096];
	text_print(path, sizeof path, "%s/modules", t->dir ? t->dir : "");
	DIR *d = t->dir ? opendir(path) : kfs_list(t->kfs, KFS_SYS, "kernel/btf");
	if (!d)
		return true; /* before 5.11 no module has types */
	for (struct dirent *entry; (entry = readdir(d));)
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "vmlinux") &&
			strlen(entry->d_name) <= MODULE_NAME_MAX)
			add_module(t, dirfd(d), entry->d_name);
	closedir(d);
	return !t->btf_arena.full || err_nomem(e);
}

/* kernel: its types, NULL if there are none or if they are invalid. */
static struct kernel_types *list_types(struct target *t, const struct btf *kernel, struct err *e)
{
	if (!kernel)
		t->types = (struct kernel_types){0};
	if (!kernel || t->types.n || t->types_asked)
		return &t->types;
	t->types_asked = true;
	t->types_room = t->modules_room = 8;
	t->type_list = arena_array(&t->btf_arena, t->types_room, sizeof *t->type_list);
	t->modules = arena_array(&t->btf_arena, t->modules_room, sizeof *t->modules);
	if (!t->type_list || !t->modules) {
		err_nomem(e);
		return &t->types;
	}
	t->type_list[0] = kernel;
	t->modules[0] = "vmlinux";
	t->types = (struct kernel_types){.list = t->type_list,
		.n = 1,
		.more = t->btf_file ? NULL : add_modules,
		.ctx = t,
		.extends_sign = target_extends_sign(t)};
	return &t->types;
}

struct kernel_types *target_types(struct target *t, struct err *e)
{
	return list_types(t, target_btf(t, e), e);
}

struct kernel_types *target_types_lazily(struct target *t, struct err *e)
{
	return list_types(t, open_btf(t, true, e), e);
}

void target_close(struct target *t)
{
	file_free(&t->map);
	if (t->btf_fd)
		close(t->btf_fd - 1);
	t->btf_fd = 0;
	arena_free(&t->btf_arena);
	t->types = (struct kernel_types){0};
	t->btf_found = false;
	t->btf_tried = t->types_asked = true;
}
