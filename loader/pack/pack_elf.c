/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Executables with a payload in a segment and a section of its own, which strip(1) keeps. */
#include "pack.h"

#include "elf/base/arch.h"
#include "elf/object/elf.h"
#include "loader/plan/packed_form.h"

enum {
	IDENT = 16,
	RUNNER_AT = 0x180,       /* runner.ld */
	SEGMENT_ALIGN = 1 << 16, /* the largest page */
	EXEC = 1,
	WRITE = 2,
	READ = 4, /* flags of segments */
	GNU_STACK = 0x6474e551,
	TYPE_DYN = 3,
	SEGMENTS = 3,
	SECTIONS = 4,
};

/* Sizes and places in files of 64 and 32 bits. */
struct layout {
	uint8_t word, head, segment, section;
	uint8_t flags_at, shoff_at;                        /* in the header */
	uint8_t file_off, address, file_size, memory_size; /* in a program header */
	uint8_t sec_address, sec_off, sec_size;            /* in a section header */
};

static struct layout layout_of(bool wide)
{
	return wide ? (struct layout){8, 64, 56, 64, 48, 40, 8, 16, 32, 40, 16, 24, 32}
	            : (struct layout){4, 52, 32, 40, 36, 32, 4, 8, 16, 20, 12, 16, 20};
}

struct segment {
	uint32_t type, flags;
	uint64_t at, address, size;
};

static void put_segment(struct flat *f, const struct layout *l, const struct segment *s)
{
	flat_put(f, 4, s->type);
	if (l->word == 8)
		flat_put(f, 4, s->flags);
	flat_put(f, l->word, s->at);
	flat_put(f, l->word, s->address);
	flat_put(f, l->word, s->address);
	flat_put(f, l->word, s->size);
	flat_put(f, l->word, s->size);
	if (l->word == 4)
		flat_put(f, 4, s->flags);
	flat_put(f, l->word, s->type == ELF_LOAD ? SEGMENT_ALIGN : 16);
}

static void put_section(struct flat *f, const struct layout *l, uint32_t name, uint32_t type,
	uint64_t flags, const struct segment *s)
{
	flat_put(f, 4, name);
	flat_put(f, 4, type);
	flat_put(f, l->word, flags);
	flat_put(f, l->word, s->address);
	flat_put(f, l->word, s->at);
	flat_put(f, l->word, s->size);
	flat_put(f, 8, 0); /* link, info */
	flat_put(f, l->word, type ? PACKED_ALIGN : 0);
	flat_put(f, l->word, 0);
}

static void put_head(
	struct flat *f, const struct layout *l, const struct elf *runner, uint64_t sections)
{
	struct span file = runner->file;
	flat_bytes(f, file.p, IDENT);
	flat_put(f, 2, TYPE_DYN);
	flat_put(f, 2, runner->machine);
	flat_put(f, 4, 1);
	flat_put(f, l->word, RUNNER_AT);
	flat_put(f, l->word, l->head);
	flat_put(f, l->word, sections);
	flat_put(f, 4, span_u32(file, l->flags_at));
	const uint16_t sizes[] = {
		l->head, l->segment, SEGMENTS, l->section, SECTIONS, SECTIONS - 1};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		flat_put(f, 2, sizes[i]);
}

/* The code of a runner, which is loaded at RUNNER_AT: its section .text and, for records, the one after it.
 * Empty if it is no runner. */
static struct span code_of(const struct elf *elf, bool records)
{
	const struct elf_section *text = &elf->sections[elf_find(elf, ".text")],
				 *more = &elf->sections[elf_find(elf, ".records")];
	if (!elf_find(elf, ".text") || !elf_find(elf, ".records") || text->address != RUNNER_AT)
		return (struct span){0};
	return span_sub(elf->file, text->file_off,
		records ? more->address + more->size - text->address : text->size);
}

static bool check_machine(const struct elf *runner, const char *machine, struct err *e)
{
	const struct arch *arch = arch_of_machine(machine), *own = arch_of_elf(runner->machine);
	if (arch && arch->elf == runner->machine && (arch->word == 8) == runner->wide)
		return true;
	err_set(e, "the plans are for %s, the runner is for %s", machine,
		own ? own->title : "another machine");
	return err_hint(e, "--runner BINARY names another one: make ARCH=... build/.../runner");
}

struct span pack_runner_file(struct span runner, const struct pack *w, struct span payload,
	struct arena *a, struct err *e)
{
	static const char names[] = "\0.text\0" PACKED_NAME "\0.shstrtab";
	struct elf elf;
	if (!elf_open_any(&elf, runner, a, e))
		return (struct span){0};
	const struct layout l = layout_of(elf.wide);
	struct span code = code_of(&elf, w->records);
	if (!code.n || elf.file.big != payload.big) {
		err_set(e, "the runner is not one, or for another byte order");
		return (struct span){0};
	}
	if (!check_machine(&elf, w->machine, e))
		return (struct span){0};
	struct flat f = {.arena = a, .big = payload.big};
	const size_t at = (RUNNER_AT + code.n + PACKED_ALIGN - 1) & ~(size_t)(PACKED_ALIGN - 1);
	const size_t names_at = at + payload.n,
		     sections = (names_at + sizeof names + 7) & ~(size_t)7;
	const struct segment segments[SEGMENTS] = {
		{ELF_LOAD, READ | EXEC, 0, 0, RUNNER_AT + code.n},
		{GNU_STACK, READ | WRITE, 0, 0, 0},
		{ELF_LOAD, READ, at, (code.n / SEGMENT_ALIGN + 1) * SEGMENT_ALIGN + at, payload.n}};
	const struct segment none = {0}, all = {0, 0, RUNNER_AT, RUNNER_AT, code.n},
			     strings = {0, 0, names_at, 0, sizeof names};
	put_head(&f, &l, &elf, sections);
	for (int i = 0; i < SEGMENTS; i++)
		put_segment(&f, &l, &segments[i]);
	flat_align(&f, RUNNER_AT);
	flat_bytes(&f, code.p, code.n);
	flat_align(&f, PACKED_ALIGN);
	flat_bytes(&f, payload.p, payload.n);
	flat_bytes(&f, names, sizeof names);
	flat_align(&f, 8);
	put_section(&f, &l, 0, 0, 0, &none);
	put_section(&f, &l, 1, ELF_PROGBITS, ELF_ALLOC | ELF_EXEC, &all);
	put_section(&f, &l, 7, ELF_PROGBITS, ELF_ALLOC, &segments[2]);
	put_section(&f, &l, 8 + sizeof PACKED_NAME - 1, ELF_STRTAB, 0, &strings);
	if (f.failed)
		err_nomem(e);
	return (struct span){f.p, f.failed ? 0 : f.n, payload.big};
}

/* ---- sonde ---- */

/* The program header of the segment that was left empty for this, and its section header. */
static bool find_room(
	const struct elf *elf, const struct layout *l, size_t *segment, size_t *section)
{
	struct span file = elf->file;
	uint32_t i = elf_find(elf, PACKED_NAME);
	*section = (size_t)span_uint(file, l->shoff_at, l->word) + i * l->section;
	for (size_t k = 0; i && k < elf->n_segments; k++) {
		const struct elf_segment *s = &elf->segments[k];
		*segment = l->head + k * l->segment;
		if (s->type == ELF_LOAD && s->address == elf->sections[i].address && !s->file_size)
			return true;
	}
	return false;
}

struct span pack_sonde_file(
	const char *path, struct span sonde, struct span payload, struct arena *a, struct err *e)
{
	const struct span failed = {0};
	struct elf elf;
	size_t segment, section;
	if (!elf_open_any(&elf, sonde, a, e)) {
		err_where(e, "%s", path);
		return failed;
	}
	const struct layout l = layout_of(elf.wide);
	if (!find_room(&elf, &l, &segment, &section) ||
		l.head != span_uint(elf.file, l.shoff_at - l.word, l.word)) {
		err_set(e, "%s: not a static sonde, or one that is packed already", path);
		err_hint(e, "--sonde FILE names another one");
		return failed;
	}
	struct flat f = {.arena = a, .big = elf.file.big};
	const size_t at = (sonde.n + PACKED_ALIGN - 1) & ~(size_t)(PACKED_ALIGN - 1);
	flat_bytes(&f, sonde.p, sonde.n);
	flat_align(&f, PACKED_ALIGN);
	flat_bytes(&f, payload.p, payload.n);
	if (f.failed) {
		err_nomem(e);
		return failed;
	}
	const uint64_t align = span_uint(
		elf.file, segment + l.memory_size + l.word + (l.word == 4 ? 4 : 0), l.word);
	const uint64_t page = align ? align : SEGMENT_ALIGN;
	const uint64_t address =
		(span_uint(elf.file, segment + l.address, l.word) & ~(page - 1)) + at % page;
	const struct {
		size_t at;
		uint64_t value;
	} fields[] = {{segment + l.file_off, at}, {segment + l.address, address},
		{segment + l.address + l.word, address}, {segment + l.file_size, payload.n},
		{segment + l.memory_size, payload.n}, {section + l.sec_address, address},
		{section + l.sec_off, at}, {section + l.sec_size, payload.n}};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		bytes_put(f.p + fields[i].at, l.word, f.big, fields[i].value);
	bytes_put(f.p + section + 4, 4, f.big, ELF_PROGBITS);
	return (struct span){f.p, f.n, f.big};
}

/* ---- objects ---- */

static bool is_debug(const struct elf_section *s)
{
	const char *name = s->name + (strncmp(s->name, ".rel", 4) ? 0 : s->name[4] == 'a' ? 5 : 4);
	return !strncmp(name, ".debug_", 7);
}

/* Section headers keep their numbers, on which symbols and relocations depend. */
struct span pack_strip(struct span object, struct arena *a, struct err *e)
{
	struct elf elf;
	if (!elf_open_any(&elf, object, a, e))
		return (struct span){0};
	const struct layout l = layout_of(elf.wide);
	struct flat f = {.arena = a, .big = elf.file.big};
	const size_t headers = elf.n_sections * l.section;
	struct span old = span_sub(object, span_uint(elf.file, l.shoff_at, l.word), headers);
	uint8_t *copy = arena_copy(a, old.p, old.n);
	flat_bytes(&f, object.p, object.n < l.head ? object.n : l.head);
	for (size_t i = 1; i < elf.n_sections && copy; i++) {
		const struct elf_section *s = &elf.sections[i];
		bool drop = is_debug(s);
		flat_align(&f, 8);
		bytes_put(copy + i * l.section + l.sec_off, l.word, f.big, f.n);
		if (drop)
			bytes_put(copy + i * l.section + l.sec_size, l.word, f.big, 0);
		else
			flat_bytes(&f, s->data.p, s->data.n);
	}
	flat_align(&f, 8);
	const size_t at = f.n;
	flat_bytes(&f, copy, copy ? headers : 0);
	if (!copy || f.failed || old.n != headers) {
		err_nomem(e);
		return (struct span){0};
	}
	bytes_put(f.p + l.shoff_at, l.word, f.big, at);
	return (struct span){f.p, f.n, object.big};
}
