/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "names.h"

#include "loader/kernel/map_read.h"
#include "symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SEGMENTS = 8,
	COMM = 16,
	MAPPINGS_MAX = 65536,
	CHECK_NS = 100000000, /* how often it is looked whether a process runs another program */
	AGAIN_NS = 200000000, /* when mappings don't explain an address they are read again, after
	                       * twice the time each time: addresses may be wrong */
};

/* A file that somebody has mapped. */
struct names_file {
	struct names_file *next;
	char *path; /* as the process sees it */
	uint64_t inode, device;
	struct symbols_place *functions; /* ascending by place in the file */
	size_t n;
	struct segment {
		uint64_t offset, size, address;
	} segments[SEGMENTS];
	unsigned n_segments;
};

/* Code in the memory of a process. */
struct mapping {
	uint64_t start, end, offset;
	uint64_t inode, device;
	const char *path; /* "" without a file */
	struct names_file *file;
};

struct names_process {
	uint32_t pid;
	uint64_t again_ns, wait_ns; /* when it may be read again, and how long after that */
	uint64_t checked_ns;        /* when it was seen to run the same program still */
	uint64_t inode, device;     /* of that program */
	char comm[COMM];
	struct mapping *mappings; /* ascending */
	size_t n;
};

/* ---- files ---- */

static void keep_segments(struct names_file *f, const struct elf *elf)
{
	for (size_t i = 0; i < elf->n_segments && f->n_segments < SEGMENTS; i++) {
		const struct elf_segment *g = &elf->segments[i];
		if (g->type == ELF_LOAD && g->flags & ELF_SEGMENT_X)
			f->segments[f->n_segments++] =
				(struct segment){g->file_off, g->file_size, g->address};
	}
}

/* The file behind a mapping by way of the process, which works for files that are deleted or in
 * another root, else by its path. */
static bool open_mapped(struct symbols *s, const struct names *n, const struct names_process *p,
	const struct mapping *m, struct arena *a)
{
	struct err none = {0};
	char *ways[3] = {arena_printf(n->arena, "/proc/%" PRIu32 "/map_files/%" PRIx64 "-%" PRIx64,
				 p->pid, m->start, m->end),
		arena_printf(n->arena, "/proc/%" PRIu32 "/root%s", p->pid, m->path),
		arena_strdup(n->arena, m->path)};
	for (int i = 0; i < 3; i++)
		if (ways[i] && symbols_open(s, ways[i], a, &none))
			return true;
	return false;
}

static struct names_file *read_file(
	struct names *n, const struct names_process *p, const struct mapping *m)
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
	struct names *n, const struct names_process *p, const struct mapping *m)
{
	for (struct names_file *f = n->files; f; f = f->next)
		if (f->inode == m->inode && f->device == m->device && f->path &&
			!strcmp(f->path, m->path))
			return f;
	return read_file(n, p, m);
}

/* ---- processes ---- */

/* "55d0a000-55d0b000 r-xp 00001000 08:01 1234    /usr/bin/x" */
static bool parse_mapping(struct names *n, char *line, struct mapping *m)
{
	char rights[8];
	unsigned major, minor;
	int path = 0;
	*m = (struct mapping){.path = ""};
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %x:%x %" SCNu64 " %n", &m->start,
		    &m->end, rights, &m->offset, &major, &minor, &m->inode, &path) < 7 ||
		rights[2] != 'x')
		return false;
	m->device = (uint64_t)major << 32 | minor;
	if (!path)
		return true;
	line[path + strcspn(line + path, "\n")] = 0;
	char *deleted = strstr(line + path, " (deleted)");
	if (deleted)
		*deleted = 0;
	for (struct names_file *f = n->files; f; f = f->next)
		if (f->path && !strcmp(f->path, line + path))
			m->path = f->path; /* most are known */
	if (!*m->path)
		m->path = arena_strdup(n->arena, line + path);
	return m->path;
}

static FILE *open_text(struct names *n, uint32_t pid, const char *file)
{
	char path[48];
	snprintf(path, sizeof path, "%" PRIu32 "/%s", pid, file);
	int fd = kfs_open(n->kfs, KFS_PROC, path, O_RDONLY);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	if (!f && fd >= 0)
		close(fd);
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

/* Does it run another program than when it was read (execve)? No, if it can't be seen any more. */
static bool runs_another(struct names *n, struct names_process *p)
{
	char path[32];
	struct stat st;
	int proc = kfs_dir(n->kfs, KFS_PROC);
	snprintf(path, sizeof path, "%" PRIu32 "/exe", p->pid);
	if (proc < 0 || fstatat(proc, path, &st, 0))
		return false;
	bool other = p->inode != st.st_ino || p->device != st.st_dev;
	p->inode = st.st_ino;
	p->device = st.st_dev;
	return other;
}

/* A process that has ended keeps what it had. */
static void read_process(struct names *n, struct names_process *p)
{
	char line[PATH_MAX + 128];
	size_t room = 0, count = 0;
	struct mapping *list = NULL, m;
	p->wait_ns = p->wait_ns ? 2 * p->wait_ns : AGAIN_NS;
	p->again_ns = sys_now_ns() + p->wait_ns;
	FILE *f = open_text(n, p->pid, "maps");
	while (f && count < MAPPINGS_MAX && fgets(line, sizeof line, f)) {
		if (!parse_mapping(n, line, &m))
			continue;
		struct mapping *grown = arena_grow(n->arena, list, count, &room, sizeof *list);
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
	/* Now, while its files can still be reached through it. */
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
	if (!pid || !grow_processes(n))
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
	if (runs_another(n, n->process) || first)
		read_process(n, n->process);
}

const char *names_comm(const struct names *n)
{
	return n->process ? n->process->comm : "";
}

static const struct mapping *mapping_at(const struct names_process *p, uint64_t address)
{
	size_t low = 0, high = p->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct mapping *m = &p->mappings[middle];
		if (address < m->start)
			high = middle;
		else if (address >= m->end)
			low = middle + 1;
		else
			return m;
	}
	return NULL;
}

/* ---- addresses ---- */

/* The last function that begins at or before this byte of the file, if it reaches that far. */
static const struct symbols_place *function_at(const struct names_file *f, uint64_t offset)
{
	size_t low = 0, high = f->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (f->functions[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	const struct symbols_place *p = low ? &f->functions[low - 1] : NULL;
	return p && (!p->size || offset - p->offset < p->size) ? p : NULL;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* "libc.so.6+0x2718a" */
static const char *in_file(struct names *n, const struct mapping *m, uint64_t offset)
{
	for (unsigned i = 0; i < m->file->n_segments; i++) {
		const struct segment *g = &m->file->segments[i];
		if (offset >= g->offset && offset - g->offset < g->size) {
			offset = offset - g->offset + g->address;
			break;
		}
	}
	snprintf(n->text, sizeof n->text, "%.200s+0x%" PRIx64, base_name(m->path), offset);
	return n->text;
}

const char *names_user(struct names *n, uint64_t address, uint64_t *plus)
{
	struct names_process *p = n->process;
	*plus = 0;
	if (!p)
		return NULL;
	const struct mapping *m = mapping_at(p, address);
	if (!m && sys_now_ns() >= p->again_ns) {
		read_process(n, p);
		m = mapping_at(p, address);
	}
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
	if (!n->kernel_read) {
		n->kernel_read = true;
		ksyms_read(&n->kernel, n->kfs, n->arena);
	}
	const char *name = ksyms_at(&n->kernel, address, plus);
	/* The room that some kernels leave in front of a function has a name of its own. */
	bool front = name && (!strncmp(name, "__pfx_", 6) || !strncmp(name, "__cfi_", 6));
	return front ? name + 6 : name;
}

/* ---- for those who show values ---- */

static bool name_address(void *ctx, bool user, uint64_t address, char *buf, size_t size)
{
	uint64_t plus;
	const char *name =
		user ? names_user(ctx, address, &plus) : names_kernel(ctx, address, &plus);
	if (!name)
		return false;
	if (plus)
		snprintf(buf, size, "%s+0x%" PRIx64, name, plus);
	else
		snprintf(buf, size, "%s", name);
	return true;
}

/* On its way to a program the kernel goes through functions that have nothing to do with where it
 * was. */
static bool is_our_own(const char *name)
{
	static const char *const prefixes[] = {"bpf_prog_", "__bpf_prog_run", "___bpf_prog_run",
		"bpf_trace_run", "__bpf_trace_", "__traceiter_", "__probestub_", "bpf_trampoline_",
		"trace_call_bpf", "perf_trace_", "bpf_get_stackid", "kprobe_perf_func",
		"kprobe_dispatcher"};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

static void drop_our_own(struct names *n)
{
	size_t i = 0;
	const char *name;
	uint64_t plus;
	while (i < n->stack.n && (name = names_kernel(n, n->stack.frames[i], &plus)) &&
		is_our_own(name))
		i++;
	n->stack.n -= i;
	memmove(n->stack.frames, n->stack.frames + i, n->stack.n * sizeof *n->stack.frames);
}

/* The addresses of a stack; none when the kernel had no room for it, or there was no stack. */
static void read_stack(struct names *n, int map, uint32_t size)
{
	uint64_t value[NAMES_FRAMES];
	uint32_t key = (uint32_t)n->stack.id;
	n->stack.n = 0;
	if (n->stack.id < 0 || map < 0 || size > sizeof value ||
		map_lookup(n->watch, map, &key, value, 0) < 0)
		return;
	while (n->stack.n < size / 8 && value[n->stack.n]) {
		n->stack.frames[n->stack.n] = value[n->stack.n];
		n->stack.n++;
	}
}

/* Most architectures give the kernel the upper half; where it doesn't, its symbols tell. */
static bool is_kernel(struct names *n, uint64_t address)
{
	uint64_t plus;
	return address >> 63 || names_kernel(n, address, &plus);
}

/*
 * But for the innermost one, frames are where a call returns to: behind it, which may be the next
 * function already if the call was the last instruction.
 */
static const char *frame(void *ctx, enum stack_kind kind, int64_t id, size_t i)
{
	struct names *n = ctx;
	uint64_t plus;
	/* Ids of 32 bits without a sign, too, are errors at their upper end. */
	if (id > INT32_MAX)
		id = (int32_t)id;
	if (!n->stack.read || n->stack.kind != kind || n->stack.id != id) {
		n->stack.read = true;
		n->stack.kind = kind;
		n->stack.id = id;
		read_stack(n, n->stacks[kind].map, n->stacks[kind].size);
		if (kind == STACK_KERNEL)
			drop_our_own(n);
	}
	if (id == -EEXIST && !i)
		return "[another stack took its place]";
	if (i >= n->stack.n)
		return NULL;
	uint64_t address = n->stack.frames[i], at = address - (i > 0);
	bool kernel = kind == STACK_KERNEL || (kind == STACK_EITHER && is_kernel(n, at));
	const char *name = kernel ? names_kernel(n, at, &plus) : names_user(n, at, &plus);
	if (name)
		return name;
	if (!kernel)
		return "[unknown]";
	snprintf(n->text, sizeof n->text, "0x%" PRIx64, address);
	return n->text;
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
	n->viewer = (struct address_names){name_address, NULL, set_process, get_comm, n};
}

void names_stacks(struct names *n, enum stack_kind kind, int map_fd, uint32_t value_size)
{
	n->viewer.frame = frame;
	n->stacks[kind].map = map_fd;
	n->stacks[kind].size = value_size;
}
