/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "symbols_impl.h"

#include "elf/base/number.h"
#include "elf/base/text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

enum { PLACES_SHOWN = 6 };

/* "memcpy@@GLIBC_2.14+4", parsed. */
struct wanted {
	const char *name, *version; /* version NULL: any */
	bool current;               /* @@: only the default version */
	uint64_t plus;
};

/* Symbols of that name. */
struct hits {
	struct hit {
		struct symbols_walk at;
		uint64_t offset;
	} hit[PLACES_SHOWN]; /* at different offsets, all of the best rank */
	size_t n;            /* may exceed PLACES_SHOWN */
	int rank;
	bool undefined, data, no_code;
};

/* "0x10" or "16". */
static bool parse_number(const char *text, uint64_t *out)
{
	char *end;
	errno = 0;
	*out = text_u64(text, &end, 0);
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
		out->current = at[1] == '@';
		out->version = at + 1 + out->current;
		*at = 0;
	}
	return *name || err_set(e, "no function name given");
}

/* Old linkers append the version to names in .symtab. */
static bool same_name(struct symbols_walk *w, const struct wanted *want)
{
	size_t n = strlen(want->name);
	if (strncmp(w->sym.name, want->name, n) || (w->sym.name[n] && w->sym.name[n] != '@'))
		return false;
	symbols_find_version(w);
	if (w->sym.name[n]) {
		w->hidden = w->sym.name[n + 1] != '@';
		w->version = w->sym.name + n + 2 - w->hidden;
	}
	return !want->version ||
	       (!strcmp(want->version, w->version) && !(want->current && w->hidden));
}

static void note_hit(const struct symbols *s, struct hits *h, const struct symbols_walk *w)
{
	uint64_t offset;
	int rank = 2 * (w->sym.bind != ELF_LOCAL) + !w->hidden;
	if (!symbols_code_offset(s, w, &offset)) {
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
	for (struct symbols_walk w = {.elf = &s->elf}; symbols_next(s, &w);) {
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

/* The libraries in DT_NEEDED, separated by commas. */
static void needed_libraries(const struct symbols *s, char *buf, size_t size)
{
	const struct elf_section *dynamic = symbols_section(&s->elf, ELF_DYNAMIC);
	size_t word = s->elf.wide ? 8 : 4;
	*buf = 0;
	if (!dynamic || dynamic->link >= s->elf.n_sections)
		return;
	struct span d = dynamic->data;
	for (uint64_t at = 0; span_has(d, at, 2 * word); at += 2 * word) {
		const char *name = span_str(s->elf.sections[dynamic->link].data,
			span_uint(d, at + word, (unsigned)word));
		if (span_uint(d, at, (unsigned)word) == 1 && name)
			text_list(buf, size, "%s", name);
	}
}

/* Libraries that glibc has merged into libc. */
static bool is_stub(const char *path)
{
	static const char *const names[] = {"libpthread.so", "libdl.so", "librt.so", "libutil.so"};
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strncmp(file, names[i], strlen(names[i])))
			return true;
	return false;
}

static bool explain_nothing(
	const struct symbols *s, const struct wanted *want, const struct hits *h, struct err *e)
{
	char names[300];
	if (h->undefined) {
		needed_libraries(s, names, sizeof names);
		err_set(e, "%s: uses '%s' but does not define it", s->path, want->name);
		return err_hint(e, "probe it in the library that defines it%s%s",
			*names ? "; needed libraries: " : "", names);
	}
	if (h->data || h->no_code)
		return err_set(e, "%s: '%s' is data, not a function", s->path, want->name);
	if (want->version)
		err_set(e, "%s: there is no function '%s' of version %s", s->path, want->name,
			want->version);
	else
		err_set(e, "%s: there is no function '%s'", s->path, want->name);
	if (is_stub(s->path))
		return err_hint(e, "since glibc 2.34 its functions are in libc: probe libc");
	if (symbols_suggest(s, want->name, names, sizeof names))
		return err_hint(e, "similar names: %s", names);
	return !symbols_is_stripped(s)
	               ? false
	               : err_hint(e, "the file is stripped: only exported functions have names "
				     "(its debug package has the others)");
}

/* The candidates of an IFUNC are usually called __strcmp_sse2, __strcmp_avx2 and so on. */
static bool is_variant(const struct symbols *s, const struct symbols_walk *w, const char *name)
{
	const char *at = strstr(w->sym.name, name);
	return w->sym.type == ELF_FUNC && symbols_is_function(s, w) && at &&
	       at[strlen(name)] == '_' && (at == w->sym.name || at[-1] == '_') &&
	       !strstr(at, "_ifunc");
}

static bool explain_ifunc(const struct symbols *s, const char *name, struct err *e)
{
	char list[300] = "";
	struct symbols_suggestion seen[SUGGESTIONS_MAX] = {0};
	unsigned count = 0;
	err_set(e,
		"%s: '%s' is chosen at run time (IFUNC): the symbol is a resolver that runs once "
		"and selects a variant",
		s->path, name);
	for (size_t k = 0; k < SUGGESTIONS_MAX; k++)
		seen[k].score = UINT_MAX;
	for (struct symbols_walk w = {.elf = &s->elf}; symbols_next(s, &w);)
		if (is_variant(s, &w, name))
			symbols_suggestion_add(seen, w.sym.name, count++);
	for (size_t k = 0; k < SUGGESTIONS_MAX && seen[k].name; k++)
		text_list(list, sizeof list, "%s", seen[k].name);
	if (*list)
		return err_hint(e, "probe its variants: %s%s", list,
			count > SUGGESTIONS_MAX ? ", ..." : "");
	return err_hint(e, "the variants have no names because the file is stripped");
}

static bool explain_several(
	const struct symbols *s, const struct wanted *want, const struct hits *h, struct err *e)
{
	char list[300] = "";
	size_t shown = h->n < PLACES_SHOWN ? h->n : PLACES_SHOWN;
	bool versions = *h->hit[0].at.version;
	for (size_t i = 0; i < shown; i++)
		if (versions)
			text_list(list, sizeof list, "%s@%s", want->name, h->hit[i].at.version);
		else
			text_list(
				list, sizeof list, "0x%llx", (unsigned long long)h->hit[i].offset);
	err_set(e, "%s: there are %zu functions '%s'", s->path, h->n, want->name);
	return err_hint(e, "specify one of them: %s%s", list, h->n > shown ? ", ..." : "");
}

/* uprobes on 32-bit ARM support only ARM instructions. */
static bool check_thumb(const struct symbols *s, const struct symbols_walk *w, struct err *e)
{
	if (!symbols_is_thumb(s, w->sym.value))
		return true;
	err_set(e, "%s: '%s' is Thumb code; the kernel supports uprobes only in ARM code", s->path,
		w->sym.name);
	return err_hint(e, "compile it with gcc -marm");
}

static bool find_number(
	const struct symbols *s, uint64_t offset, struct symbols_place *out, struct err *e)
{
	uint64_t other;
	*out = (struct symbols_place){.name = "", .offset = offset};
	if (!offset) {
		err_set(e, "%s: byte 0 is the file's header, not code", s->path);
		return err_hint(
			e, "specify the function; offset 0 does not mean that it is looked up");
	}
	if (symbols_is_code(s, offset))
		return true;
	err_set(e, "%s: byte 0x%llx of the file is not code", s->path, (unsigned long long)offset);
	if (symbols_offset(s, offset, &other) && symbols_is_code(s, other))
		return err_hint(e, "if this is an address printed by nm, the file offset is 0x%llx",
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
	const struct symbols_walk *w = &h.hit[0].at;
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
