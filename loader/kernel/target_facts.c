/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Facts about a kernel that externs refer to: its configuration, and LINUX_* numbers. */
#include "target.h"

#include "elf/base/arch.h"
#include "elf/base/format.h"
#include "elf/base/gzip.h"
#include "elf/base/number.h"
#include "loader/plan/abi.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* ---- configuration ---- */

/* Reads a configuration file, compressed or not, and closes fd. Returns 0 or -errno. */
static int read_config(struct target *t, int fd, const char *path, struct err *e)
{
	struct span bytes = {0};
	if (fd < 0)
		return fd;
	int no = file_read_fd(fd, 0, &bytes);
	close(fd);
	if (no)
		return no;
	if (gzip_is(bytes)) {
		inflate_gzip(bytes, t->arena, &t->config, e);
	} else {
		const uint8_t *p = arena_copy(t->arena, bytes.p, bytes.n);
		t->config = (struct span){p, p ? bytes.n : 0, bytes.big};
		if (!p)
			err_nomem(e);
	}
	file_free(&bytes);
	err_where(e, "%s", path);
	return 0;
}

static int open_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int find_config(struct target *t, struct err *e)
{
	static const char *const places[] = {"/boot/config-%s", "/lib/modules/%s/config",
		"/lib/modules/%s/build/.config", "/usr/lib/modules/%s/config"};
	char path[4096];
	if (t->config_file || t->dir) {
		text_print(path, sizeof path, "%s%s", t->config_file ? t->config_file : t->dir,
			t->config_file ? "" : "/config");
		return read_config(t, open_path(path), path, e);
	}
	int no = read_config(
		t, kfs_open(t->kfs, KFS_PROC, "config.gz", O_RDONLY), "/proc/config.gz", e);
	for (size_t i = 0; no && i < sizeof places / sizeof *places; i++) {
		text_print(path, sizeof path, places[i], t->release);
		no = read_config(t, open_path(path), path, e);
	}
	return no;
}

static bool config(void *ctx, struct span *text, struct err *e)
{
	struct target *t = ctx;
	t->config_needed = true;
	int no = t->config.n ? 0 : find_config(t, e);
	*text = t->config;
	if (!no || e->set)
		return !e->set;
	if (t->config_file)
		return err_sys(e, -no, "%s", t->config_file);
	return err_set(e,
		"the kernel's configuration is neither in /proc/config.gz nor in "
		"/boot/config-%s; use --kconfig FILE",
		t->release);
}

/* ---- numbers ---- */

static bool has_enumerator(const struct btf *b, const char *type, const char *name)
{
	struct btf_type t = {0};
	btf_type(b, btf_find(b, BTF_ENUM, type), &t);
	for (uint32_t i = 0; btf_is_enum(&t) && i < t.vlen; i++)
		if (!strcmp(btf_enumerator(&t, i).name, name))
			return true;
	return false;
}

/* Whether these are all types of a kernel, not just those that some objects need. */
static bool is_whole(const struct btf *b)
{
	struct btf_type t = {0};
	return b && btf_next_in(b, &t, 1u << BTF_FUNC);
}

/* The types show features backported by distributions; the release does not. */
static bool has_cookies(struct target *t, const struct btf *b)
{
	if (is_whole(b))
		return has_enumerator(b, "bpf_func_id", "BPF_FUNC_get_attach_cookie");
	return abi_parse_version(t->release) >= ABI_VERSION(5, 15);
}

/* Whether system calls receive their arguments in a struct pt_regs (4.17): bpf(2) has three. */
static bool has_wrappers(const struct target *t, const struct btf *b)
{
	const struct arch *a = arch_of_machine(t->machine);
	struct btf_type type;
	char wrapper[32];
	if (!a || !a->syscall_prefix)
		return false;
	text_print(wrapper, sizeof wrapper, "%ssys_bpf", a->syscall_prefix);
	if (is_whole(b))
		return btf_type(b, btf_find(b, BTF_FUNC, wrapper), &type) &&
		       btf_type(b, type.type, &type) && type.vlen == 1;
	return a->wrappers_since && abi_parse_version(t->release) >= a->wrappers_since;
}

/* Converts "5.10.223-1" to a version code; the third number is limited to 255. */
static uint32_t version_code(const char *p)
{
	unsigned long part[3] = {0};
	for (int i = 0; i < 3; i++) {
		char *end;
		part[i] = text_ulong(p, &end, 10);
		p = *end == '.' ? end + 1 : end;
	}
	return (uint32_t)(part[0] << 16 | part[1] << 8 | (part[2] > 255 ? 255 : part[2]));
}

/*
 * The releases of two distributions do not contain the full kernel version. Debian has it in uname
 * -v ("#1 SMP Debian 5.10.223-1"), Ubuntu as the last word of /proc/version_signature.
 */
uint32_t target_version_code(const struct target *t)
{
	static const char debian[] = "Debian ";
	char text[256];
	const char *built = t->version ? strstr(t->version, debian) : NULL, *p;
	long n = t->dir || !t->kfs
	                 ? -1
	                 : kfs_read_text(t->kfs, KFS_PROC, "version_signature", text, sizeof text);
	if (n > 0 && (p = strrchr(text, ' ')) && version_code(p + 1))
		return version_code(p + 1);
	if (built && version_code(built + sizeof debian - 1))
		return version_code(built + sizeof debian - 1);
	return version_code(t->release);
}

static bool number(void *ctx, const char *name, uint64_t *value)
{
	struct target *t = ctx;
	struct err e = {0};
	const struct btf *b = target_btf(t, &e);
	if (!strcmp(name, "LINUX_KERNEL_VERSION"))
		*value = target_version_code(t);
	else if (!strcmp(name, "LINUX_HAS_BPF_COOKIE"))
		*value = has_cookies(t, b);
	else if (!strcmp(name, "LINUX_HAS_SYSCALL_WRAPPER"))
		*value = has_wrappers(t, b);
	else
		return false;
	return true;
}

bool target_extends_sign(const struct target *t)
{
	return arch_word(t->machine) == 4 && abi_parse_version(t->release) >= ABI_VERSION(6, 6);
}

struct kernel_facts target_facts(struct target *t)
{
	return (struct kernel_facts){.config = config,
		.number = number,
		.machine = t->machine,
		.extends_sign = target_extends_sign(t),
		.ctx = t};
}
