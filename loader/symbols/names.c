/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "names_impl.h"

#include "elf/base/format.h"
#include "elf/base/search.h"

#include <inttypes.h>
#include <string.h>

/* The function that contains this byte of the file. */
static const struct symbols_place *function_at(const struct names_file *f, uint64_t offset)
{
	size_t i = search_above(f->functions, f->n, sizeof *f->functions,
		offsetof(struct symbols_place, offset), offset);
	const struct symbols_place *p = i ? &f->functions[i - 1] : NULL;
	return p && (!p->size || offset - p->offset < p->size) ? p : NULL;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* "libc.so.6+0x2718a" */
static const char *in_file(struct names *n, const struct names_mapping *m, uint64_t offset)
{
	for (unsigned i = 0; i < m->file->n_segments; i++) {
		const struct segment *g = &m->file->segments[i];
		if (offset >= g->offset && offset - g->offset < g->size) {
			offset = offset - g->offset + g->address;
			break;
		}
	}
	text_print(n->text, sizeof n->text, "%.200s+0x%" PRIx64, base_name(m->path), offset);
	return n->text;
}

const char *names_user(struct names *n, uint64_t address, uint64_t *plus)
{
	*plus = 0;
	const struct names_mapping *m = names_mapping_at(n, address);
	if (!m)
		return NULL;
	if (!m->file)
		return *m->path == '[' ? m->path : "[anon]";
	uint64_t offset = address - m->start + m->offset;
	const struct symbols_place *at = function_at(m->file, offset);
	if (!at)
		return in_file(n, m, offset);
	*plus = offset - at->offset;
	return at->name;
}

const char *names_kernel(struct names *n, uint64_t address, uint64_t *plus)
{
	if (n->no_kernel)
		return NULL;
	if (!n->kernel_read) {
		n->kernel_read = true;
		ksyms_read(&n->kernel, n->kfs, n->arena);
	}
	const char *name = ksyms_at(&n->kernel, address, plus);
	/* The padding that some kernels place before a function has its own symbol. */
	bool padding = name && (!strncmp(name, "__pfx_", 6) || !strncmp(name, "__cfi_", 6));
	return padding ? name + 6 : name;
}

static bool name_address(void *ctx, bool user, uint64_t address, char *buf, size_t size)
{
	uint64_t plus;
	const char *name =
		user ? names_user(ctx, address, &plus) : names_kernel(ctx, address, &plus);
	if (!name)
		return false;
	if (plus)
		text_print(buf, size, "%s+0x%" PRIx64, name, plus);
	else
		text_print(buf, size, "%s", name);
	return true;
}

static const char *name_cgroup(void *ctx, uint64_t id)
{
	struct names *n = ctx;
	if (!n->cgroups)
		n->cgroups = arena_alloc(n->arena, sizeof *n->cgroups);
	return n->cgroups ? cgroup_path(n->cgroups, n->kfs, id) : NULL;
}

static void set_process(void *ctx, uint32_t pid)
{
	names_process(ctx, pid);
}

static const char *get_comm(void *ctx)
{
	return names_comm(ctx);
}

void names_open(struct names *n, struct kfs *k, const struct sys_watch *w, struct arena *a)
{
	*n = (struct names){
		.kfs = k, .watch = w, .arena = a, .stacks = {{-1, 0}, {-1, 0}, {-1, 0}}};
	n->viewer = (struct address_names){
		name_address, NULL, names_trace, name_cgroup, set_process, get_comm, n};
}
