/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "names_impl.h"

#include "process_maps.h"

#include "elf/base/format.h"
#include "elf/base/search.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum {
	MAPPINGS_MAX = 65536,
	CHECK_NS = 100000000, /* how often a process is checked for having called execve() */
	AGAIN_NS = 200000000, /* delay before mappings are read again for an unknown address; it
	                       * doubles each time, as addresses may be garbage */
};

/* ---- files ---- */

static void keep_segments(struct names_file *f, const struct elf *elf)
{
	for (size_t i = 0; i < elf->n_segments && f->n_segments < NAMES_SEGMENTS; i++) {
		const struct elf_segment *g = &elf->segments[i];
		if (g->type == ELF_LOAD && g->flags & ELF_SEGMENT_X)
			f->segments[f->n_segments++] =
				(struct segment){g->file_off, g->file_size, g->address};
	}
}

/* Opens the file of a mapping through the process, which works for files that are deleted or in
 * another root directory, else by its path. */
static bool open_mapped(struct symbols *s, const struct names *n, const struct names_process *p,
	const struct names_mapping *m, struct arena *a)
{
	struct err none = {0};
	char *paths[3] = {arena_printf(n->arena, "/proc/%" PRIu32 "/map_files/%" PRIx64 "-%" PRIx64,
				  p->pid, m->start, m->end),
		arena_printf(n->arena, "/proc/%" PRIu32 "/root%s", p->pid, m->path),
		arena_strdup(n->arena, m->path)};
	for (int i = 0; i < 3; i++)
		if (paths[i] && symbols_open(s, paths[i], a, &none))
			return true;
	return false;
}

static struct names_file *read_file(
	struct names *n, const struct names_process *p, const struct names_mapping *m)
{
	struct names_file *f = arena_alloc(n->arena, sizeof *f);
	struct arena scratch = {0};
	struct symbols s;
	if (!f)
		return NULL;
	*f = (struct names_file){.next = n->files,
		.inode = m->inode,
		.device = m->device,
		.path = arena_strdup(n->arena, m->path)};
	n->files = f;
	if (*m->path == '/' && open_mapped(&s, n, p, m, &scratch)) {
		keep_segments(f, &s.elf);
		f->functions = symbols_functions(&s, n->arena, &f->n);
		symbols_close(&s);
	}
	arena_free(&scratch);
	return f;
}

static struct names_file *file_of(
	struct names *n, const struct names_process *p, const struct names_mapping *m)
{
	for (struct names_file *f = n->files; f; f = f->next)
		if (f->inode == m->inode && f->device == m->device && f->path &&
			!strcmp(f->path, m->path))
			return f;
	return read_file(n, p, m);
}

/* ---- processes ---- */

static bool parse_mapping(struct names *n, char *line, struct names_mapping *m)
{
	struct process_mapping p;
	if (!process_mapping_parse(line, &p))
		return false;
	*m = (struct names_mapping){p.start, p.end, p.offset, p.inode, p.device, "", NULL};
	for (struct names_file *f = n->files; f; f = f->next)
		if (f->path && !strcmp(f->path, p.path))
			m->path = f->path; /* share the string */
	if (!*m->path && *p.path)
		m->path = arena_strdup(n->arena, p.path);
	return m->path;
}

static FILE *open_text(struct names *n, uint32_t pid, const char *file)
{
	char path[48];
	FILE *f;
	text_print(path, sizeof path, "%" PRIu32 "/%s", pid, file);
	kfs_stream(n->kfs, KFS_PROC, path, &f);
	return f;
}

static void read_comm(struct names *n, struct names_process *p)
{
	FILE *f = open_text(n, p->pid, "comm");
	if (f && fgets(p->comm, sizeof p->comm, f))
		p->comm[strcspn(p->comm, "\n")] = 0;
	if (f)
		fclose(f);
}

/* Has the process called execve() since it was last checked? False if it has exited. */
static bool has_execed(struct names *n, struct names_process *p)
{
	char path[32];
	struct stat st;
	int proc = kfs_dir(n->kfs, KFS_PROC);
	text_print(path, sizeof path, "%" PRIu32 "/exe", p->pid);
	if (proc < 0 || fstatat(proc, path, &st, 0))
		return false;
	bool other = p->inode != st.st_ino || p->device != st.st_dev;
	p->inode = st.st_ino;
	p->device = st.st_dev;
	return other;
}

/* Reads the mappings. A process that has exited keeps its old ones. */
static void read_mappings(struct names *n, struct names_process *p)
{
	char line[PATH_MAX + 128];
	size_t room = 0, count = 0;
	struct names_mapping *list = NULL, m;
	p->wait_ns = p->wait_ns ? 2 * p->wait_ns : AGAIN_NS;
	p->again_ns = sys_now_ns() + p->wait_ns;
	FILE *f = open_text(n, p->pid, "maps");
	while (f && count < MAPPINGS_MAX && fgets(line, sizeof line, f)) {
		if (!parse_mapping(n, line, &m))
			continue;
		struct names_mapping *grown =
			arena_grow(n->arena, list, count, &room, sizeof *list);
		if (!grown)
			break;
		list = grown;
		list[count++] = m;
	}
	if (f)
		fclose(f);
	if (!count)
		return;
	p->mappings = list;
	p->n = count;
	/* Read the files now, while they can be reached through the process. */
	for (size_t i = 0; i < count; i++)
		list[i].file = *list[i].path == '/' ? file_of(n, p, &list[i]) : NULL;
	read_comm(n, p);
}

static struct names_process **slot_of(struct names_process **table, size_t size, uint32_t pid)
{
	size_t i = pid * UINT32_C(2654435761);
	while (table[i & (size - 1)] && table[i & (size - 1)]->pid != pid)
		i++;
	return &table[i & (size - 1)];
}

static bool grow_processes(struct names *n)
{
	if (n->processes && n->n_processes < n->processes_size / 2)
		return true;
	size_t size = n->processes ? n->processes_size * 2 : 64;
	struct names_process **fresh = arena_array(n->arena, size, sizeof(void *));
	if (!fresh)
		return false;
	for (size_t i = 0; i < n->processes_size; i++)
		if (n->processes[i])
			*slot_of(fresh, size, n->processes[i]->pid) = n->processes[i];
	n->processes = fresh;
	n->processes_size = size;
	return true;
}

void names_process(struct names *n, uint32_t pid)
{
	n->process = NULL;
	if (!pid || n->no_processes || !grow_processes(n))
		return;
	struct names_process **slot = slot_of(n->processes, n->processes_size, pid);
	if (!*slot) {
		struct names_process *p = arena_alloc(n->arena, sizeof *p);
		if (!p)
			return;
		p->pid = pid;
		*slot = p;
		n->n_processes++;
	}
	n->process = *slot;
	uint64_t now = sys_now_ns();
	if (now - n->process->checked_ns < CHECK_NS)
		return;
	bool first = !n->process->checked_ns;
	n->process->checked_ns = now;
	if (has_execed(n, n->process) || first)
		read_mappings(n, n->process);
}

const char *names_comm(const struct names *n)
{
	return n->process ? n->process->comm : "";
}

static const struct names_mapping *find_mapping(const struct names_process *p, uint64_t address)
{
	const struct names_mapping *list = p->mappings;
	size_t i = search_above(
		list, p->n, sizeof *list, offsetof(struct names_mapping, start), address);
	return i && address < list[i - 1].end ? &list[i - 1] : NULL;
}

const struct names_mapping *names_mapping_at(struct names *n, uint64_t address)
{
	struct names_process *p = n->process;
	const struct names_mapping *m = p ? find_mapping(p, address) : NULL;
	if (m || !p || sys_now_ns() < p->again_ns)
		return m;
	read_mappings(n, p);
	return find_mapping(p, address);
}
