/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "type_source.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "elf/object/elf.h"
#include "loader/kernel/btf_file.h"
#include "loader/kernel/file.h"

#include <stdio.h>
#include <unistd.h>

/* Split BTF continues the strings of its base; only base BTF begins with an empty string. */
static bool is_split(struct span s)
{
	s.big = s.n && s.p[0] == 0xeb;
	uint64_t strings = (uint64_t)span_u32(s, 4) + span_u32(s, 16);
	return span_u32(s, 20) && span_u8(s, strings);
}

static const struct btf *kernel(struct target *t, struct err *e)
{
	const struct btf *b = target_btf(t, e);
	if (!b && !e->set) {
		err_set(e, "the kernel provides no types (BTF)");
		err_hint(e, "CONFIG_DEBUG_INFO_BTF is required, and /sys or CAP_SYS_ADMIN to read "
			    "them; or specify a file with types");
	}
	return b;
}

static bool open_kernel(struct type_source *f, struct target *t, struct err *e)
{
	f->btf = kernel(t, e);
	f->from = t->btf_from;
	return f->btf != NULL;
}

/* ---- files ---- */

/* Reads a file; *types and *base point into an ELF file. */
static bool read_types(const char *path, const struct target *t, struct span *bytes,
	struct span *types, struct span *base, struct arena *a, struct err *e)
{
	const struct btf_file_of of = {t->release, t->machine};
	return file_read(path, bytes, e) &&
	       (btf_file_types(*bytes, of, types, base, a, e) || err_where(e, "%s", path));
}

/* The base of split BTF: its own .BTF.base, the given file, or the kernel. */
static const struct btf *find_base(struct type_source *f, struct span own_base, const char *path,
	struct target *t, struct arena *a, struct err *e)
{
	struct span none;
	if (!path && !own_base.n)
		return kernel(t, e);
	if (path && !read_types(path, t, &f->base_bytes, &own_base, &none, a, e))
		return NULL;
	if (btf_open(&f->own_base, own_base, NULL, a, e))
		return &f->own_base;
	err_where(e, "%s", path ? path : ".BTF.base");
	return NULL;
}

/* The release in the vermagic of a module: "6.12.5-amd64 SMP mod_unload", or "". */
static void module_release(struct span file, struct arena *a, char *buf, size_t size)
{
	static const char key[] = "vermagic=";
	struct elf elf;
	struct err ignored = {0};
	*buf = 0;
	if (!elf_open_any(&elf, file, a, &ignored))
		return;
	struct span info = elf.sections[elf_find(&elf, ".modinfo")].data;
	for (size_t i = 0; i + sizeof key < info.n; i++)
		if ((!i || !info.p[i - 1]) && !memcmp(info.p + i, key, sizeof key - 1)) {
			const char *p = (const char *)info.p + i + sizeof key - 1;
			size_t left = info.n - i - (sizeof key - 1), n = 0;
			while (n < left && p[n] && p[n] != ' ')
				n++;
			text_print(buf, size, "%.*s", (int)n, p);
			return;
		}
}

/* A name of the base begins after the end of another one. */
static bool is_name(const struct btf *b, uint32_t off)
{
	return !off || off >= b->first_string || !span_u8(b->base->strings, off - 1);
}

/* Do all names that split BTF takes from its base begin where one begins there? In another base, most
 * do not. */
static bool fits_base(const struct btf *b)
{
	for (struct btf_type t = {0}; btf_next(b, &t);) {
		if (!is_name(b, t.name_off))
			return false;
		for (uint32_t i = 0; btf_is_composite(&t) && i < t.vlen; i++)
			if (!is_name(b, btf_member(&t, i).name_off))
				return false;
	}
	return true;
}

static bool check_base(
	const struct type_source *f, struct target *t, struct arena *a, struct err *e)
{
	char release[65];
	module_release(f->bytes, a, release, sizeof release);
	if (*release ? !strcmp(release, t->release) : fits_base(&f->own))
		return true;
	err_set(e, "its types refer to those of %s%s, not of this kernel (%s)",
		*release ? "Linux " : "another kernel", release, t->release);
	return err_hint(e, "--base FILE: the types of that kernel, such as its vmlinux");
}

static bool open_file(struct type_source *f, const char *path, const char *base_path,
	struct target *t, struct arena *a, struct err *e)
{
	struct span types, own_base;
	const struct btf *base = NULL;
	if (!read_types(path, t, &f->bytes, &types, &own_base, a, e))
		return false;
	if (is_split(types) && !(base = find_base(f, own_base, base_path, t, a, e)))
		return err_where(e, "%s: base types", path);
	f->btf = &f->own;
	f->from = path;
	bool ok = btf_open(&f->own, types, base, a, e) &&
	          (!base || base == &f->own_base || check_base(f, t, a, e));
	return ok || err_where(e, "%s", path);
}

/* ---- in the kernel ---- */

static bool open_id(
	struct type_source *f, uint32_t id, struct target *t, struct arena *a, struct err *e)
{
	struct span types = target_types_bytes(t->watch, id, a);
	const struct btf *base = NULL;
	f->btf = &f->own;
	f->from = arena_printf(a, "BTF id %u", (unsigned)id);
	if (!f->from)
		return err_nomem(e);
	if (!types.n) {
		err_set(e, "there is no BTF object with the id %u in the kernel", (unsigned)id);
		return err_hint(e, "id 1 is the kernel itself (5.11); reading types by id "
				   "requires CAP_SYS_ADMIN");
	}
	if (is_split(types) && !(base = kernel(t, e))) /* of a module */
		return false;
	return btf_open(&f->own, types, base, a, e) || err_where(e, "%s", f->from);
}

static bool open_module(struct type_source *f, const char *name, struct target *t, struct err *e)
{
	struct kernel_types *types = target_types(t, e);
	bool ok = !e->set && kernel_types_all(types, e);
	for (size_t i = 1; ok && i < types->n; i++)
		if (!strcmp(t->modules[i], name)) {
			f->btf = types->list[i];
			f->from = t->modules[i];
			return true;
		}
	if (e->set)
		return false;
	err_set(e, "there is no file '%s', and no module of that name with types", name);
	return err_hint(e, "ls /sys/kernel/btf lists the modules that have types");
}

bool type_source_open(struct type_source *f, const char *which, const char *base, struct target *t,
	struct arena *a, struct err *e)
{
	*f = (struct type_source){0};
	if (!which)
		return open_kernel(f, t, e);
	if (strchr(which, '/') || !access(which, F_OK))
		return open_file(f, which, base, t, a, e);
	if (!strcmp(which, "vmlinux"))
		return open_kernel(f, t, e);
	char *end;
	unsigned long id = text_ulong(which, &end, 10);
	if (*which >= '0' && *which <= '9' && !*end && id <= UINT32_MAX)
		return open_id(f, (uint32_t)id, t, a, e);
	return open_module(f, which, t, e);
}

void type_source_close(struct type_source *f)
{
	file_free(&f->bytes);
	file_free(&f->base_bytes);
}
