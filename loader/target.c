/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "target.h"

#include "abi.h"
#include "file.h"
#include "mapread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { FIRST_BTF_ID = 1, TEXT_MAX = 256 };

/* ---- the folder of another kernel ---- */

static char *read_line(struct target *t, const char *name)
{
	char path[4096], text[TEXT_MAX];
	if ((size_t)snprintf(path, sizeof path, "%s/%s", t->dir, name) >= sizeof path)
		return NULL;
	FILE *f = fopen(path, "re");
	if (!f)
		return NULL;
	char *line = fgets(text, sizeof text, f);
	fclose(f);
	if (!line)
		return NULL;
	text[strcspn(text, "\n")] = 0;
	return arena_strdup(t->arena, text);
}

static uint32_t read_count(struct target *t, const char *name, uint32_t otherwise)
{
	const char *text = read_line(t, name);
	unsigned long n = text ? strtoul(text, NULL, 0) : 0;
	return n && n < UINT32_MAX ? (uint32_t)n : otherwise;
}

bool target_open(struct target *t, const char *dir, struct arena *a, struct kfs *k,
	const struct sys_watch *watch, struct err *e)
{
	*t = (struct target){.dir = dir, .arena = a, .kfs = k, .watch = watch};
	struct utsname un;
	if (dir) {
		t->release = read_line(t, "release");
		t->machine = read_line(t, "machine");
		if (!t->release || !t->machine) {
			err_set(e, "%s: no file '%s' that describes a kernel", dir,
				t->release ? "machine" : "release");
			return err_hint(e,
				"write the output of uname -r to %s/release and of "
				"uname -m to %s/machine",
				dir, dir);
		}
		return true;
	}
	if (uname(&un))
		return err_sys(e, errno, "uname");
	t->release = arena_strdup(a, un.release);
	t->machine = arena_strdup(a, un.machine);
	return (t->release && t->machine) || err_nomem(e);
}

/* ---- BTF ---- */

/* Maps a file of types where the kernel can, reads it where not. 0 or -errno. */
static int btf_from_file(struct target *t, int fd, const char *path)
{
	struct stat st;
	if (fstat(fd, &st))
		return -errno;
	size_t size = st.st_size > 0 && st.st_size < FILE_SIZE_MAX ? (size_t)st.st_size : 0;
	void *p = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	bool mapped = p != MAP_FAILED;
	int no = 0;
	if (mapped)
		t->map = (struct span){p, size, host_is_big()};
	else
		no = file_read_fd(fd, size, &t->map);
	t->btf_from = path;
	return no;
}

/* The kernel's own types have the first id that BTF ever gets. */
static int btf_from_id(struct target *t)
{
	struct {
		uint32_t id, next, flags;
	} get = {.id = FIRST_BTF_ID};
	struct {
		uint64_t btf;
		uint32_t btf_size, id;
		uint64_t name;
		uint32_t name_len, kernel_btf;
	} info = {0};
	struct {
		uint32_t fd, info_len;
		uint64_t info;
	} ask = {.info_len = sizeof info, .info = sys_ptr(&info)};
	char name[16] = "";
	long fd = sys_bpf(t->watch, BPF_BTF_GET_FD_BY_ID, &get, sizeof get);
	if (fd < 0)
		return (int)fd;
	ask.fd = (uint32_t)fd;
	info.name = sys_ptr(name);
	info.name_len = sizeof name;
	long r = sys_bpf(t->watch, BPF_OBJ_GET_INFO_BY_FD, &ask, sizeof ask);
	void *p = NULL;
	size_t size = info.btf_size;
	if (!r && info.kernel_btf && !strcmp(name, "vmlinux") && size && (p = file_pages(size))) {
		memset(&info, 0, sizeof info);
		info.btf = sys_ptr(p);
		info.btf_size = (uint32_t)size;
		ask.info_len = sizeof info;
		r = sys_bpf(t->watch, BPF_OBJ_GET_INFO_BY_FD, &ask, sizeof ask);
	} else if (!r) {
		r = -ENOENT;
	}
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

static int btf_from_path(struct target *t, const char *path)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	int no = fd < 0 ? -errno : btf_from_file(t, fd, path);
	if (fd >= 0)
		close(fd);
	return no;
}

static int find_btf(struct target *t)
{
	if (t->btf_file)
		return btf_from_path(t, t->btf_file);
	if (t->dir)
		return btf_from_path(t, arena_printf(t->arena, "%s/btf", t->dir));
	int fd = kfs_open(t->kfs, KFS_SYS, "kernel/btf/vmlinux", O_RDONLY);
	if (fd < 0)
		return btf_from_id(t);
	int no = btf_from_file(t, fd, "/sys/kernel/btf/vmlinux");
	close(fd);
	return no;
}

/* BTF of another machine may have the other byte order: its magic number tells. */
static bool magic_is_big(struct span s)
{
	return s.n >= 2 && s.p[0] == 0xeb && s.p[1] == 0x9f;
}

const struct btf *target_btf(struct target *t, struct err *e)
{
	if (!t->btf_tried) {
		t->btf_tried = true;
		int no = find_btf(t);
		if (no && t->btf_file) {
			err_sys(e, -no, "types of the kernel: %s", t->btf_file);
			return NULL;
		}
		if (no == -ENOENT || no == -ENODEV || no == -EINVAL || no == -EPERM)
			return NULL;
		if (no) {
			err_sys(e, -no, "types of the kernel (BTF)");
			return NULL;
		}
		t->map.big = magic_is_big(t->map);
		t->btf_found = btf_open(&t->btf, t->map, NULL, &t->btf_arena, e);
		if (!t->btf_found)
			err_where(e, "%s", t->btf_from);
	}
	return t->btf_found ? &t->btf : NULL;
}

/* ---- numbers ---- */

uint32_t target_possible_cpus(struct target *t)
{
	if (!t->possible_cpus)
		t->possible_cpus = t->dir ? read_count(t, "possible_cpus", 1) : map_cpus(t->kfs);
	return t->possible_cpus;
}

uint32_t target_page_size(struct target *t)
{
	if (!t->page_size)
		t->page_size =
			t->dir ? read_count(t, "page_size", 4096) : (uint32_t)sysconf(_SC_PAGESIZE);
	return t->page_size;
}

void target_close(struct target *t)
{
	file_free(&t->map);
	arena_free(&t->btf_arena);
	t->btf_found = false;
	t->btf_tried = true;
}
