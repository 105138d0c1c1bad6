/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "symbols_impl.h"

#include "elf/base/arch.h"
#include "elf/base/format.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool map_file(const char *path, struct span *out, struct err *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int no = fd < 0 || fstat(fd, &st) ? errno : 0;
	*out = (struct span){0};
	if (no) {
		err_sys(e, no, "%s", path);
	} else if (!S_ISREG(st.st_mode)) {
		err_set(e, "%s: not a regular file", path);
	} else if (!st.st_size || st.st_size > PTRDIFF_MAX) {
		err_set(e, "%s: the file is %s", path, st.st_size ? "too large" : "empty");
	} else {
		void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (p == MAP_FAILED)
			err_sys(e, errno, "%s", path);
		else
			*out = (struct span){p, (size_t)st.st_size, false};
	}
	if (fd >= 0)
		close(fd);
	return out->p;
}

static void unmap(struct elf *elf)
{
	if (elf->file.n)
		munmap((void *)(uintptr_t)elf->file.p, elf->file.n);
	*elf = (struct elf){0};
}

static bool open_elf(struct elf *elf, const char *path, struct arena *a, struct err *e)
{
	struct span bytes;
	*elf = (struct elf){0};
	if (!map_file(path, &bytes, e))
		return false;
	if (elf_open_any(elf, bytes, a, e))
		return true;
	err_where(e, "%s", path);
	elf->file = bytes;
	unmap(elf);
	return false;
}

const struct elf_section *symbols_section(const struct elf *elf, uint32_t type)
{
	for (size_t i = 1; i < elf->n_sections; i++)
		if (elf->sections[i].type == type)
			return &elf->sections[i];
	return NULL;
}

/* The separate debug file of a stripped file: both contain the same build ID. */
static const char *debug_path(const struct symbols *s)
{
	uint32_t at = elf_find(&s->elf, ".note.gnu.build-id");
	struct span note = s->elf.sections ? s->elf.sections[at].data : (struct span){0};
	struct span id = span_sub(note, 16, span_u32(note, 4));
	char hex[64] = "";
	if (!at || id.n < 2 || id.n * 2 >= sizeof hex)
		return NULL;
	for (size_t i = 0; i < id.n; i++)
		text_print(hex + 2 * i, 3, "%02x", id.p[i]);
	return arena_printf(s->arena, "/usr/lib/debug/.build-id/%.2s/%s.debug", hex, hex + 2);
}

bool symbols_open(struct symbols *s, const char *path, struct arena *a, struct err *e)
{
	*s = (struct symbols){.path = path, .arena = a};
	if (!open_elf(&s->elf, path, a, e))
		return false;
	const char *debug = symbols_section(&s->elf, ELF_SYMTAB) ? NULL : debug_path(s);
	struct err none = {0};
	if (debug)
		open_elf(&s->debug, debug, a, &none); /* optional */
	return true;
}

void symbols_close(struct symbols *s)
{
	unmap(&s->elf);
	unmap(&s->debug);
}

bool symbols_check_machine(const struct symbols *s, const char *machine, struct err *e)
{
	const struct arch *kernel = arch_of_machine(machine);
	if (!kernel || arch_runs(kernel, s->elf.machine, s->elf.file.big))
		return true;
	const struct arch *file = arch_of_elf(s->elf.machine);
	return err_set(e, "%s: built for %s%s, but the kernel is %s", s->path,
		s->elf.machine == kernel->elf ? "the other byte order of " : "",
		file ? file->title : "another machine", machine);
}

bool symbols_is_thumb(const struct symbols *s, uint64_t value)
{
	const struct arch *a = arch_of_elf(s->elf.machine);
	return a && a->thumb && value & 1;
}

bool symbols_offset(const struct symbols *s, uint64_t address, uint64_t *offset)
{
	for (size_t i = 0; i < s->elf.n_segments; i++) {
		const struct elf_segment *g = &s->elf.segments[i];
		if (g->type == ELF_LOAD && address >= g->address &&
			address - g->address < g->file_size) {
			*offset = address - g->address + g->file_off;
			return true;
		}
	}
	return false;
}

bool symbols_is_code(const struct symbols *s, uint64_t offset)
{
	for (size_t i = 0; i < s->elf.n_segments; i++) {
		const struct elf_segment *g = &s->elf.segments[i];
		if (g->type == ELF_LOAD && g->flags & ELF_SEGMENT_X && offset >= g->file_off &&
			offset - g->file_off < g->file_size)
			return true;
	}
	return false;
}

bool symbols_is_stripped(const struct symbols *s)
{
	return !symbols_section(&s->elf, ELF_SYMTAB) && !symbols_section(&s->debug, ELF_SYMTAB);
}
