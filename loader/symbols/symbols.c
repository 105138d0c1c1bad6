/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "symbols.h"

#include "elf/base/arch.h"
#include "ksyms.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	VERSION_HIDDEN = 0x8000, /* not the one to link with today */
	VERSION_FIRST = 2,       /* numbers below say only local or global */

	NEAR_MAX = 5,   /* near names in a hint */
	NAME_LONG = 64, /* longer ones are compared by what they contain, not letter by letter */
	PLACES_SHOWN = 6,
};

/* ---- the file ---- */

static bool map_file(const char *path, struct span *out, struct err *e)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int no = fd < 0 || fstat(fd, &st) ? errno : 0;
	*out = (struct span){0};
	if (no) {
		err_sys(e, no, "%s", path);
	} else if (!S_ISREG(st.st_mode)) {
		err_set(e, "%s: not a file", path);
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

static const struct elf_section *section_of_type(const struct elf *elf, uint32_t type)
{
	for (size_t i = 1; i < elf->n_sections; i++)
		if (elf->sections[i].type == type)
			return &elf->sections[i];
	return NULL;
}

/* Where the names of a stripped file are kept: the build id is a hash that both have. */
static const char *debug_path(const struct symbols *s)
{
	uint32_t at = elf_find(&s->elf, ".note.gnu.build-id");
	struct span note = s->elf.sections ? s->elf.sections[at].data : (struct span){0};
	struct span id = span_sub(note, 16, span_u32(note, 4));
	char hex[64] = "";
	if (!at || id.n < 2 || id.n * 2 >= sizeof hex)
		return NULL;
	for (size_t i = 0; i < id.n; i++)
		snprintf(hex + 2 * i, 3, "%02x", id.p[i]);
	return arena_printf(s->arena, "/usr/lib/debug/.build-id/%.2s/%s.debug", hex, hex + 2);
}

bool symbols_open(struct symbols *s, const char *path, struct arena *a, struct err *e)
{
	*s = (struct symbols){.path = path, .arena = a};
	if (!open_elf(&s->elf, path, a, e))
		return false;
	const char *debug = section_of_type(&s->elf, ELF_SYMTAB) ? NULL : debug_path(s);
	struct err none = {0};
	if (debug)
		open_elf(&s->debug, debug, a, &none); /* nobody has promised it */
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
	return err_set(e, "%s: made for %s%s, the kernel is one of %s", s->path,
		s->elf.machine == kernel->elf ? "the other byte order of " : "",
		file ? file->title : "another machine", machine);
}

/* Whether a symbol of this file marks Thumb code. */
static bool is_thumb(const struct symbols *s, uint64_t value)
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

/* ---- walking over the symbols ---- */

struct walk {
	const struct elf *elf;
	size_t table, next; /* section, and the symbol in it that comes after this one */
	struct elf_symbol sym;
	const char *version; /* "GLIBC_2.14", "" without */
	bool hidden;         /* a version that is kept for old programs only */
};

/* The name of a version by its number: a list of records, each with the offset of the next. */
static const char *version_name(const struct elf *elf, unsigned number)
{
	const struct elf_section *s = section_of_type(elf, ELF_GNU_VERDEF);
	if (!s || s->link >= elf->n_sections)
		return "";
	uint64_t at = 0;
	for (uint32_t k = 0; k < s->info && span_has(s->data, at, 20); k++) {
		if (span_u16(s->data, at + 4) == number) {
			uint64_t name = span_u32(s->data, at + span_u32(s->data, at + 12));
			const char *text = span_str(elf->sections[s->link].data, name);
			return text ? text : "";
		}
		uint32_t next = span_u32(s->data, at + 16);
		if (!next)
			break;
		at += next;
	}
	return "";
}

static void find_version(struct walk *w)
{
	const struct elf_section *numbers = section_of_type(w->elf, ELF_GNU_VERSYM);
	w->version = "";
	w->hidden = false;
	if (w->elf->sections[w->table].type != ELF_DYNSYM || !numbers)
		return;
	uint16_t number = span_u16(numbers->data, (uint64_t)(w->next - 1) * 2);
	w->hidden = number & VERSION_HIDDEN;
	number &= VERSION_HIDDEN - 1;
	if (number >= VERSION_FIRST && w->sym.section != ELF_UNDEF)
		w->version = version_name(w->elf, number);
}

/* Starts with {.elf = &s->elf}. */
static bool walk_next(const struct symbols *s, struct walk *w)
{
	for (;;) {
		while (w->table < w->elf->n_sections) {
			const struct elf_section *table = &w->elf->sections[w->table];
			bool symbols = table->type == ELF_SYMTAB || table->type == ELF_DYNSYM;
			if (w->table && symbols && elf_symbol_at(w->elf, table, w->next, &w->sym)) {
				w->next++;
				return true;
			}
			w->table++;
			w->next = 0;
		}
		if (w->elf == &s->debug)
			return false;
		*w = (struct walk){.elf = &s->debug};
	}
}

/* A relocatable file has no addresses: values count from the start of the section. */
static bool offset_of(const struct symbols *s, const struct walk *w, uint64_t *offset)
{
	uint64_t value = w->sym.value;
	value -= is_thumb(s, value);
	if (s->elf.type != ELF_TYPE_REL)
		return symbols_offset(s, value, offset);
	if (w->sym.section >= s->elf.n_sections || w->elf != &s->elf)
		return false;
	const struct elf_section *in = &s->elf.sections[w->sym.section];
	*offset = in->file_off + value;
	return value < in->data.n && in->flags & ELF_EXEC;
}

static bool in_code(const struct symbols *s, const struct walk *w, uint64_t *offset)
{
	return offset_of(s, w, offset) &&
	       (s->elf.type == ELF_TYPE_REL || symbols_is_code(s, *offset));
}

/* Something that a probe could go to, or that a person could mistake for it. */
static bool is_function(const struct symbols *s, const struct walk *w)
{
	uint64_t offset;
	if (w->sym.section == ELF_UNDEF || !*w->sym.name || *w->sym.name == '$')
		return false; /* $x, $d: marks of the assembler on ARM and RISC-V */
	if (w->sym.type == ELF_FUNC || w->sym.type == ELF_IFUNC)
		return true;
	return w->sym.type == ELF_NOTYPE && in_code(s, w, &offset);
}

/* ---- names ---- */

/* How many letters have to be put in, taken out or changed; rows of the usual table, two at a
 * time. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[NAME_LONG + 1];
	size_t n = strlen(b);
	if (n > NAME_LONG || strlen(a) > NAME_LONG)
		return UINT_MAX;
	for (unsigned k = 0; k <= n; k++)
		row[k] = k;
	for (; *a; a++) {
		unsigned diagonal = row[0]++;
		for (size_t k = 1; k <= n; k++) {
			unsigned best = diagonal + (*a != b[k - 1]);
			diagonal = row[k];
			best = row[k] + 1 < best ? row[k] + 1 : best;
			row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
		}
	}
	return row[n];
}

/* 0 is nearest; UINT_MAX: not near. A mangled name contains the plain one. */
static unsigned nearness(const char *wanted, const char *name)
{
	size_t n = strlen(wanted), m = strlen(name);
	if (n >= 3 && m > n && strstr(name, wanted))
		return (unsigned)(2 + (m - n) / 4);
	unsigned d = distance(wanted, name);
	return d <= 1 + n / 4 ? 2 * d : UINT_MAX;
}

struct near_name {
	const char *name;
	unsigned score;
};

static void note_near(struct near_name *list, const char *name, unsigned score)
{
	for (size_t k = 0; k < NEAR_MAX && list[k].name; k++)
		if (!strcmp(list[k].name, name))
			return;
	if (score >= list[NEAR_MAX - 1].score)
		return;
	size_t k = NEAR_MAX - 1;
	for (; k > 0 && score < list[k - 1].score; k--)
		list[k] = list[k - 1];
	list[k] = (struct near_name){name, score};
}

/* Names near to the wanted one, with commas between; false if there are none. Given an address only
 * those that are not there: the IFUNC itself has other names too. */
static bool near_names(const struct symbols *s, const char *wanted, char *buf, size_t size)
{
	struct near_name list[NEAR_MAX] = {0};
	size_t n = 0;
	for (const char *colons = wanted; (colons = strstr(colons, "::"));)
		wanted = colons += 2; /* of Class::method */
	for (size_t k = 0; k < NEAR_MAX; k++)
		list[k].score = UINT_MAX;
	for (struct walk w = {.elf = &s->elf}; walk_next(s, &w);)
		if (is_function(s, &w))
			note_near(list, w.sym.name, nearness(wanted, w.sym.name));
	*buf = 0;
	for (size_t k = 0; k < NEAR_MAX && list[k].name && n < size; k++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s", k ? ", " : "", list[k].name);
	return n;
}

static bool is_stripped(const struct symbols *s)
{
	return !section_of_type(&s->elf, ELF_SYMTAB) && !section_of_type(&s->debug, ELF_SYMTAB);
}

/* ---- one name ---- */

/* What is wanted: "memcpy@@GLIBC_2.14+4" in its parts. */
struct wanted {
	const char *name, *version; /* version NULL: any */
	bool today;                 /* @@: the version must be today's */
	uint64_t plus;
};

/* What has been found of it. */
struct hits {
	struct hit {
		struct walk at;
		uint64_t offset;
	} hit[PLACES_SHOWN]; /* of the best rank, different places */
	size_t n;            /* of them in all */
	int rank;
	bool undefined, data, no_code;
};

/* With the number as text behind a name: "+0x10" or "+16". */
static bool parse_number(const char *text, uint64_t *out)
{
	char *end;
	errno = 0;
	*out = strtoull(text, &end, 0);
	return *text >= '0' && *text <= '9' && !*end && !errno;
}

static bool parse_wanted(struct arena *a, const char *spec, struct wanted *out, struct err *e)
{
	char *name = arena_strdup(a, spec);
	if (!name)
		return err_nomem(e);
	*out = (struct wanted){.name = name};
	char *plus = strrchr(name, '+');
	if (plus && plus != name) {
		*plus = 0;
		if (!parse_number(plus + 1, &out->plus))
			return err_set(e, "'%s' is not FUNCTION or FUNCTION+OFFSET", spec);
	}
	char *at = strchr(name, '@');
	if (at && at != name) {
		out->today = at[1] == '@';
		out->version = at + 1 + out->today;
		*at = 0;
	}
	return *name || err_set(e, "no function is named");
}

/* Old linkers wrote versions into the names of .symtab. */
static bool same_name(struct walk *w, const struct wanted *want)
{
	size_t n = strlen(want->name);
	if (strncmp(w->sym.name, want->name, n) || (w->sym.name[n] && w->sym.name[n] != '@'))
		return false;
	find_version(w);
	if (w->sym.name[n]) {
		w->hidden = w->sym.name[n + 1] != '@';
		w->version = w->sym.name + n + 2 - w->hidden;
	}
	return !want->version ||
	       (!strcmp(want->version, w->version) && !(want->today && w->hidden));
}

static void note_hit(const struct symbols *s, struct hits *h, const struct walk *w)
{
	uint64_t offset;
	int rank = 2 * (w->sym.bind != ELF_LOCAL) + !w->hidden;
	if (!in_code(s, w, &offset)) {
		h->no_code = true;
		return;
	}
	if (rank < h->rank)
		return;
	if (rank > h->rank)
		h->n = 0;
	h->rank = rank;
	for (size_t i = 0; i < h->n && i < PLACES_SHOWN; i++)
		if (h->hit[i].offset == offset)
			return;
	if (h->n < PLACES_SHOWN)
		h->hit[h->n] = (struct hit){*w, offset};
	h->n++;
}

static void collect(const struct symbols *s, const struct wanted *want, struct hits *h)
{
	*h = (struct hits){.rank = -1};
	for (struct walk w = {.elf = &s->elf}; walk_next(s, &w);) {
		if (!same_name(&w, want))
			continue;
		if (w.sym.section == ELF_UNDEF)
			h->undefined = true;
		else if (w.sym.type == ELF_FUNC || w.sym.type == ELF_IFUNC ||
			 w.sym.type == ELF_NOTYPE)
			note_hit(s, h, &w);
		else if (w.sym.type != ELF_SECTION && w.sym.type != ELF_FILE)
			h->data = true;
	}
}

/* The libraries that it asks for: DT_NEEDED. */
static void needed_libraries(const struct symbols *s, char *buf, size_t size)
{
	const struct elf_section *dynamic = section_of_type(&s->elf, ELF_DYNAMIC);
	size_t n = 0, word = s->elf.wide ? 8 : 4;
	*buf = 0;
	if (!dynamic || dynamic->link >= s->elf.n_sections)
		return;
	struct span d = dynamic->data;
	for (uint64_t at = 0; span_has(d, at, 2 * word) && n < size; at += 2 * word) {
		const char *name = span_str(s->elf.sections[dynamic->link].data,
			span_uint(d, at + word, (unsigned)word));
		if (span_uint(d, at, (unsigned)word) == 1 && name)
			n += (size_t)snprintf(buf + n, size - n, "%s%s", n ? ", " : "", name);
	}
}

static bool explain_nothing(
	const struct symbols *s, const struct wanted *want, const struct hits *h, struct err *e)
{
	char names[300];
	if (h->undefined) {
		needed_libraries(s, names, sizeof names);
		err_set(e, "%s: uses '%s' but does not define it", s->path, want->name);
		return err_hint(e, "probe it in the library that does%s%s",
			*names ? "; this file needs " : "", names);
	}
	if (h->data || h->no_code)
		return err_set(e, "%s: '%s' is data, not a function", s->path, want->name);
	if (want->version)
		err_set(e, "%s: there is no function '%s' of version %s", s->path, want->name,
			want->version);
	else
		err_set(e, "%s: there is no function '%s'", s->path, want->name);
	if (near_names(s, want->name, names, sizeof names))
		return err_hint(e, "near names: %s", names);
	return !is_stripped(s) ? false
	                       : err_hint(e, "it is stripped: only what it exports has a name "
					     "(its debug package brings the others)");
}

/* The functions that an IFUNC picks from are usually called __strcmp_sse2, __strcmp_avx2. */
static bool is_variant(const struct symbols *s, const struct walk *w, const char *name)
{
	const char *at = strstr(w->sym.name, name);
	return w->sym.type == ELF_FUNC && is_function(s, w) && at && at[strlen(name)] == '_' &&
	       (at == w->sym.name || at[-1] == '_') && !strstr(at, "_ifunc");
}

static bool explain_ifunc(const struct symbols *s, const char *name, struct err *e)
{
	char list[300] = "";
	struct near_name seen[NEAR_MAX] = {0};
	size_t n = 0;
	unsigned count = 0;
	err_set(e,
		"%s: '%s' is chosen at run time (IFUNC): what has this name runs once and picks "
		"a variant",
		s->path, name);
	for (size_t k = 0; k < NEAR_MAX; k++)
		seen[k].score = UINT_MAX;
	for (struct walk w = {.elf = &s->elf}; walk_next(s, &w);)
		if (is_variant(s, &w, name))
			note_near(seen, w.sym.name, count++);
	for (size_t k = 0; k < NEAR_MAX && seen[k].name && n < sizeof list; k++)
		n += (size_t)snprintf(
			list + n, sizeof list - n, "%s%s", k ? ", " : "", seen[k].name);
	if (n)
		return err_hint(
			e, "probe its variants: %s%s", list, count > NEAR_MAX ? ", ..." : "");
	return err_hint(e, "its variants have no names here: the file is stripped");
}

static bool explain_several(
	const struct symbols *s, const struct wanted *want, const struct hits *h, struct err *e)
{
	char list[300] = "";
	size_t n = 0, shown = h->n < PLACES_SHOWN ? h->n : PLACES_SHOWN;
	bool versions = *h->hit[0].at.version;
	for (size_t i = 0; i < shown && n < sizeof list; i++)
		if (versions)
			n += (size_t)snprintf(list + n, sizeof list - n, "%s%s@%s", i ? ", " : "",
				want->name, h->hit[i].at.version);
		else
			n += (size_t)snprintf(list + n, sizeof list - n, "%s0x%llx", i ? ", " : "",
				(unsigned long long)h->hit[i].offset);
	err_set(e, "%s: there are %zu functions '%s'", s->path, h->n, want->name);
	return err_hint(e, "name one instead: %s%s", list, h->n > shown ? ", ..." : "");
}

/* The uprobes of 32-bit ARM know its wide instructions only. */
static bool check_thumb(const struct symbols *s, const struct walk *w, struct err *e)
{
	if (!is_thumb(s, w->sym.value))
		return true;
	err_set(e, "%s: '%s' is Thumb code, and the kernel only has uprobes for ARM code", s->path,
		w->sym.name);
	return err_hint(e, "gcc makes ARM code with -marm");
}

static bool find_number(
	const struct symbols *s, uint64_t offset, struct symbols_place *out, struct err *e)
{
	uint64_t other;
	*out = (struct symbols_place){.name = "", .offset = offset};
	if (!offset) {
		err_set(e, "%s: byte 0 is the file's header, not code", s->path);
		return err_hint(e, "name the function; 0 does not mean that it is looked up");
	}
	if (symbols_is_code(s, offset))
		return true;
	err_set(e, "%s: byte 0x%llx of the file is not code", s->path, (unsigned long long)offset);
	if (symbols_offset(s, offset, &other) && symbols_is_code(s, other))
		return err_hint(e, "as an address, as nm prints it, it would be byte 0x%llx",
			(unsigned long long)other);
	return false;
}

bool symbols_find(
	const struct symbols *s, const char *spec, struct symbols_place *out, struct err *e)
{
	struct wanted want = {0};
	struct hits h;
	uint64_t number;
	if (parse_number(spec, &number))
		return find_number(s, number, out, e);
	if (!parse_wanted(s->arena, spec, &want, e))
		return false;
	collect(s, &want, &h);
	const struct walk *w = &h.hit[0].at;
	if (!h.n)
		return explain_nothing(s, &want, &h, e);
	if (w->sym.type == ELF_IFUNC)
		return explain_ifunc(s, want.name, e);
	if (h.n > 1)
		return explain_several(s, &want, &h, e);
	if (!check_thumb(s, w, e))
		return false;
	const char *at = !*w->version ? "" : w->hidden ? "@" : "@@";
	*out = (struct symbols_place){
		.name = arena_printf(s->arena, "%s%s%s", want.name, at, w->version),
		.offset = h.hit[0].offset + want.plus,
		.size = w->sym.size,
		.plus = want.plus};
	if (!out->name)
		return err_nomem(e);
	if (want.plus && out->size && want.plus >= out->size)
		return err_set(e, "%s: '%s' has only %llu bytes", s->path, want.name,
			(unsigned long long)out->size);
	return !want.plus || s->elf.type == ELF_TYPE_REL || symbols_is_code(s, out->offset) ||
	       err_set(e, "%s: '%s' is not code", s->path, spec);
}

/* ---- many names ---- */

static int by_offset(const void *a, const void *b)
{
	const struct symbols_place *x = a, *y = b;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static bool is_candidate(
	const struct symbols *s, const struct walk *w, const char *pattern, uint64_t *offset)
{
	return w->sym.type == ELF_FUNC && w->sym.section != ELF_UNDEF &&
	       ksyms_match(pattern, w->sym.name) && in_code(s, w, offset) &&
	       !is_thumb(s, w->sym.value);
}

bool symbols_match(const struct symbols *s, const char *pattern, size_t max,
	struct symbols_place **out, size_t *n, struct err *e)
{
	struct symbols_place *list = NULL;
	size_t count = 0, room = 0, kept = 0;
	uint64_t offset;
	for (struct walk w = {.elf = &s->elf}; walk_next(s, &w);) {
		if (!is_candidate(s, &w, pattern, &offset))
			continue;
		struct symbols_place *grown =
			arena_grow(s->arena, list, count, &room, sizeof *list);
		if (!grown)
			return err_nomem(e);
		list = grown;
		list[count++] = (struct symbols_place){
			.name = w.sym.name, .offset = offset, .size = w.sym.size};
	}
	if (count)
		qsort(list, count, sizeof *list, by_offset);
	for (size_t i = 0; i < count; i++)
		if (!kept || list[kept - 1].offset != list[i].offset)
			list[kept++] = list[i];
	for (size_t i = 0; i < kept; i++)
		if (!(list[i].name = arena_strdup(s->arena, list[i].name)))
			return err_nomem(e);
	*out = list;
	*n = kept;
	if (kept > max)
		return err_set(e, "%s: %zu functions match '%s', at most %zu can be probed",
			s->path, kept, pattern, max);
	if (!kept) {
		err_set(e, "%s: no function matches '%s'", s->path, pattern);
		return is_stripped(s)
		               ? err_hint(e, "it is stripped: only what it exports has a name")
		               : false;
	}
	return true;
}

/* ---- all names, by place ---- */

struct candidate {
	struct symbols_place place;
	unsigned rank;
};

/* Of several names the exported one with the fewest underscores in front; what has a size first. */
static unsigned rank_of(const struct walk *w)
{
	size_t underscores = strspn(w->sym.name, "_");
	return (w->sym.size ? 0 : 64u) + (w->sym.bind == ELF_LOCAL ? 32u : 0) +
	       (underscores < 31 ? (unsigned)underscores : 31);
}

static int by_place_and_rank(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = by_offset(&x->place, &y->place);
	if (!order)
		order = (x->rank > y->rank) - (x->rank < y->rank);
	return order ? order : strcmp(x->place.name, y->place.name);
}

struct symbols_place *symbols_functions(const struct symbols *s, struct arena *a, size_t *n)
{
	struct arena scratch = {0};
	struct candidate *list = NULL;
	size_t count = 0, room = 0;
	uint64_t offset;
	*n = 0;
	for (struct walk w = {.elf = &s->elf}; walk_next(s, &w);) {
		if (!is_function(s, &w) || !in_code(s, &w, &offset))
			continue;
		struct candidate *grown = arena_grow(&scratch, list, count, &room, sizeof *list);
		if (!grown)
			break;
		list = grown;
		list[count++] = (struct candidate){
			{.name = w.sym.name, .offset = offset, .size = w.sym.size}, rank_of(&w)};
	}
	if (count)
		qsort(list, count, sizeof *list, by_place_and_rank);
	struct symbols_place *out = count ? arena_array(a, count, sizeof *out) : NULL;
	for (size_t i = 0; out && i < count; i++) {
		if (*n && out[*n - 1].offset == list[i].place.offset)
			continue;
		out[*n] = list[i].place;
		out[*n].name =
			arena_strndup(a, list[i].place.name, strcspn(list[i].place.name, "@"));
		if (out[*n].name)
			++*n;
	}
	arena_free(&scratch);
	return out;
}
