/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "type_source.h"

#include "elf/object/elf.h"
#include "loader/kernel/file.h"

#include <stdlib.h>
#include <unistd.h>

static bool is_elf(struct span s)
{
	return s.n >= 4 && !memcmp(s.p, "\177ELF", 4);
}

/* Of its own, BTF has an empty string first: what another one's strings go on in has not. */
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
		err_set(e, "the kernel has no types (BTF)");
		err_hint(e,
			"it takes CONFIG_DEBUG_INFO_BTF and, to see them, /sys or CAP_SYS_ADMIN; "
			"types in a file can be named");
	}
	return b;
}

static bool open_kernel(struct typefile *f, struct target *t, struct err *e)
{
	f->btf = kernel(t, e);
	f->from = t->btf_from;
	return f->btf != NULL;
}

/* ---- files ---- */

/* The types in an ELF file, and those that they continue if it has them, too. */
static bool elf_types(
	struct span file, struct span *types, struct span *base, struct arena *a, struct err *e)
{
	struct elf elf;
	if (!elf_open_any(&elf, file, a, e))
		return false;
	uint32_t own = elf_find(&elf, ".BTF"), other = elf_find(&elf, ".BTF.base");
	if (!own) {
		err_set(e, "no section .BTF: it has no types");
		return err_hint(
			e, "objects get it from clang -g, kernels by CONFIG_DEBUG_INFO_BTF");
	}
	*types = elf.sections[own].data;
	*base = other ? elf.sections[other].data : (struct span){0};
	return true;
}

/* Reads a file; of an ELF file *types and *base are parts. */
static bool read_types(const char *path, struct span *bytes, struct span *types, struct span *base,
	struct arena *a, struct err *e)
{
	*base = (struct span){0};
	if (!file_read(path, bytes, e))
		return false;
	*types = *bytes;
	return !is_elf(*bytes) || elf_types(*bytes, types, base, a, e) || err_where(e, "%s", path);
}

/* What a split file continues: its own base, a file that was named, or the kernel. */
static const struct btf *find_base(struct typefile *f, struct span own_base, const char *path,
	struct target *t, struct arena *a, struct err *e)
{
	struct span none;
	if (!path && !own_base.n)
		return kernel(t, e);
	if (path && !read_types(path, &f->base_bytes, &own_base, &none, a, e))
		return NULL;
	if (btf_open(&f->own_base, own_base, NULL, a, e))
		return &f->own_base;
	err_where(e, "%s", path ? path : ".BTF.base");
	return NULL;
}

static bool open_file(struct typefile *f, const char *path, const char *base_path, struct target *t,
	struct arena *a, struct err *e)
{
	struct span types, own_base;
	const struct btf *base = NULL;
	if (!read_types(path, &f->bytes, &types, &own_base, a, e))
		return false;
	if (is_split(types) && !(base = find_base(f, own_base, base_path, t, a, e)))
		return err_where(e, "%s: the types that it continues", path);
	f->btf = &f->own;
	f->from = path;
	return btf_open(&f->own, types, base, a, e) || err_where(e, "%s", path);
}

/* ---- in the kernel ---- */

static bool open_id(
	struct typefile *f, uint32_t id, struct target *t, struct arena *a, struct err *e)
{
	struct span types = target_types_bytes(t->watch, id, a);
	const struct btf *base = NULL;
	f->btf = &f->own;
	f->from = arena_printf(a, "BTF id %u", (unsigned)id);
	if (!f->from)
		return err_nomem(e);
	if (!types.n) {
		err_set(e, "there are no types with the id %u in the kernel", (unsigned)id);
		return err_hint(e, "the kernel's own are 1 (5.11), others follow; to read them "
				   "takes CAP_SYS_ADMIN");
	}
	if (is_split(types) && !(base = kernel(t, e))) /* of a module */
		return false;
	return btf_open(&f->own, types, base, a, e) || err_where(e, "%s", f->from);
}

static bool open_module(struct typefile *f, const char *name, struct target *t, struct err *e)
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
	return err_hint(e, "ls /sys/kernel/btf shows the modules that have types");
}

bool typefile_open(struct typefile *f, const char *which, const char *base, struct target *t,
	struct arena *a, struct err *e)
{
	*f = (struct typefile){0};
	if (!which)
		return open_kernel(f, t, e);
	if (strchr(which, '/') || !access(which, F_OK))
		return open_file(f, which, base, t, a, e);
	if (!strcmp(which, "vmlinux"))
		return open_kernel(f, t, e);
	char *end;
	unsigned long id = strtoul(which, &end, 10);
	if (*which >= '0' && *which <= '9' && !*end && id <= UINT32_MAX)
		return open_id(f, (uint32_t)id, t, a, e);
	return open_module(f, which, t, e);
}

void typefile_close(struct typefile *f)
{
	file_free(&f->bytes);
	file_free(&f->base_bytes);
}
