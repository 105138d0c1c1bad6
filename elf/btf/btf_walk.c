/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Type records: they have no fixed size, so that the one with a given id is found by walking there
 * from the nearest one in the index.
 *
 * The first walk over a kernel's 130,000 types is most of what it costs to link an object with CO-RE
 * relocations. explore() validates, indexes and filters each record in one go. A record that needs
 * more than a look at the table of its kind (an unknown kind, the last one, an invalid one, or any in
 * foreign byte order) is left to step().
 */
#include "btf_impl.h"

enum { LAYOUT = 4, HEAD = 4, TOPS = 256 }; /* LAYOUT: bytes of an entry of the layout section */
enum { BEYOND = 1 << 30 };                 /* added to a position, beyond the end of any blob */
enum { WINDOW = 1 << 16, FOUND = 1024 };   /* bytes read at a time; offsets of names */
enum { NEAR = 256 };                       /* positions that are remembered */

/* Loops over all records of a kernel: what they call must be inlined. */
#define HOT static inline __attribute__((always_inline))

/*
 * What a walk over a blob that is not in memory needs: the part of the types (or of the strings, before)
 * that it has reached, and where the strings begin that may be one of the names.
 */
struct window {
	size_t at, n;                  /* position in the types, bytes */
	const struct btf_names *names; /* of the offsets */
	uint32_t found[FOUND];         /* ascending */
	uint32_t n_found;
	bool all; /* there are more */
	uint8_t bytes[WINDOW + HEAD];
};

/*
 * How far the records of a lazily opened blob are known: n of them, up to pos. size, each: by the first
 * byte of a record's second word, flag and kind, its size without parts and that of each part. The size
 * of wanted kinds is BEYOND too large, that of unknown kinds twice that: one comparison with the end of
 * the blob tells records that only have to be skipped from all others.
 */
struct btf_frontier {
	uint32_t *index, n, pos;
	uint32_t last;   /* the last position at which a record can begin; 0: only step() */
	uint32_t wanted; /* set of kinds */
	uint32_t size[TOPS];
	uint8_t each[TOPS];
	struct window *window; /* NULL: the blob is in memory */
	struct {
		uint32_t n, pos;
	} near[NEAR]; /* where type first + n begins, by n modulo NEAR; pos 0: unknown */
};

static unsigned info_kind(uint32_t info)
{
	return info >> 24 & 0x7f;
}

static uint32_t info_vlen(uint32_t info)
{
	return info & 0xffffff;
}

/* Four bytes within bounds. swap: they are not in host byte order. */
HOT uint32_t load32(const uint8_t *p, bool swap)
{
	uint32_t v;
	memcpy(&v, p, sizeof v);
	return swap ? v >> 24 | (v >> 8 & 0xff00) | (v & 0xff00) << 8 | v << 24 : v;
}

HOT bool swapped(const struct btf *b)
{
	return b->data.big != host_is_big();
}

/* The size of the tail by the layout section, for unknown kinds; UINT32_MAX without an entry. */
static uint32_t new_kind_tail(const struct btf *b, uint32_t info)
{
	uint64_t at = (uint64_t)info_kind(info) * LAYOUT;
	if (!span_has(b->layout, at, LAYOUT))
		return UINT32_MAX;
	/* at most 255 * 2^24: no overflow */
	return span_u8(b->layout, at) + span_u8(b->layout, at + 1) * info_vlen(info);
}

/* The columns of btf_kinds with the size of the tail, without what is between. */
#define FIXED(kind, word, fixed, each, ...) fixed,
#define EACH(kind, word, fixed, each, ...)  each,
static const uint8_t tail_fixed[] = {BTF_KIND_LIST(FIXED)}, tail_each[] = {BTF_KIND_LIST(EACH)};

/* The size of the tail, UINT32_MAX for an unknown kind without an entry in the layout section. */
HOT uint32_t tail_size(const struct btf *b, uint32_t info)
{
	unsigned kind = info >> 24 & 0x7f;
	if (kind >= BTF_KINDS)
		return new_kind_tail(b, info);
	return tail_fixed[kind] + tail_each[kind] * (info & 0xffffff);
}

static bool bad_record(const struct btf *b, uint32_t id, uint32_t pos, struct err *e)
{
	size_t left = b->types.n - pos;
	if (left < BTF_RECORD)
		return err_set(e, "BTF type %u is truncated: %zu bytes are left", id, left);
	struct span record = span_from(b->types, pos);
	uint32_t name = span_u32(record, 0), info = span_u32(record, 4);
	unsigned kind = info_kind(info);
	if (!kind)
		return err_set(e, "BTF type %u has the invalid kind 0", id);
	if (tail_size(b, info) == UINT32_MAX) {
		err_hint(e, "use a newer version of sonde, or BTF without this kind");
		return err_set(e,
			"BTF type %u has the unknown kind %u (the newest known kind is %d, "
			"ENUM64, of Linux 6.0), and there is no layout section to skip it",
			id, kind, BTF_KINDS - 1);
	}
	if (left - BTF_RECORD < tail_size(b, info))
		return err_set(e,
			"BTF type %u (%s, vlen %u) is truncated: it has %u bytes, %zu are left", id,
			btf_kind_name(kind), info_vlen(info), BTF_RECORD + tail_size(b, info),
			left);
	return err_set(e, "BTF type %u: name offset %u is outside the string section", id, name);
}

/* ---- validation and index ---- */

static uint32_t *new_index(struct btf *b, uint32_t stride, struct arena *a, struct err *e)
{
	b->stride = stride;
	uint32_t *index = arena_array(a, b->types.n / BTF_RECORD / b->stride + 1, sizeof *index);
	b->index = index;
	if (!index)
		err_nomem(e);
	return index;
}

bool btf_open_types(struct btf *b, struct arena *a, struct err *e)
{
	uint32_t *index = new_index(b, b->types.n <= BTF_SMALL ? 1 : BTF_STRIDE, a, e);
	const bool swap = swapped(b);
	const uint64_t strings = (uint64_t)b->first_string + b->strings.n;
	uint32_t pos = 0, n = 0;
	for (; index && pos < b->types.n; n++) {
		const uint8_t *p = b->types.p + pos;
		size_t left = b->types.n - pos;
		if (left < BTF_RECORD)
			return bad_record(b, b->first + n, pos, e);
		uint32_t name = load32(p, swap), info = load32(p + 4, swap);
		uint32_t tail = tail_size(b, info);
		if (left - BTF_RECORD < tail || !info_kind(info) || (name >= strings && name))
			return bad_record(b, b->first + n, pos, e);
		if (n % b->stride == 0)
			index[n / b->stride] = pos;
		pos += BTF_RECORD + tail;
	}
	b->end = b->first + n;
	if (index && b->stride == 1 && (b->finder = arena_alloc(a, sizeof *b->finder)))
		b->finder->arena = a;
	return (index && (b->finder || b->stride > 1)) || err_nomem(e);
}

/* Prepares the tables for a set of kinds. */
static void want(struct btf_frontier *f, uint32_t kinds)
{
	for (unsigned top = 0; top < TOPS; top++) {
		unsigned kind = top & 0x7f;
		bool known = kind && kind < BTF_KINDS;
		f->each[top] = known ? btf_kinds[kind].each : 0;
		f->size[top] = known ? BTF_RECORD + (uint32_t)btf_kinds[kind].fixed : 2u * BEYOND;
		if (known && kinds >> kind & 1)
			f->size[top] += BEYOND;
	}
	f->wanted = kinds;
}

bool btf_open_frontier(struct btf *b, struct arena *a, struct err *e)
{
	struct btf_frontier *f = arena_alloc(a, sizeof *f);
	if (!f)
		return err_nomem(e);
	f->index = new_index(b, BTF_STRIDE, a, e);
	f->last = swapped(b) || b->types.n < BTF_RECORD ? 0 : (uint32_t)(b->types.n - BTF_RECORD);
	want(f, 0);
	b->frontier = f;
	b->end = b->first + (uint32_t)(b->types.n / BTF_RECORD);
	if (b->pages && !(f->window = arena_alloc(a, sizeof *f->window)))
		return err_nomem(e);
	return f->index != NULL;
}

/* ---- decoding ---- */

static void load_record(const struct btf *b, const uint8_t *p)
{
	btf_load_pages(b, p, BTF_RECORD);
	btf_load_pages(b, p + BTF_RECORD, tail_size(b, load32(p + 4, swapped(b))));
}

/* Decodes the record at pos, which is valid. */
static void decode(const struct btf *b, uint32_t pos, uint32_t id, struct btf_type *t)
{
	const uint8_t *p = b->types.p + pos;
	const bool swap = swapped(b);
	if (b->pages)
		load_record(b, p);
	uint32_t info = load32(p + 4, swap), third = load32(p + 8, swap);
	unsigned kind = info_kind(info);
	t->id = id;
	t->name_off = load32(p, swap);
	t->kind = (uint8_t)kind;
	t->kflag = info >> 31;
	t->vlen = info_vlen(info);
	uint32_t in = kind < BTF_KINDS ? 1u << kind : 0;
	t->size = in & BTF_SIZED ? third : 0;
	t->type = in & BTF_REFERRING ? third : 0;
	t->tail = (struct span){p + BTF_RECORD, tail_size(b, info), b->data.big};
	t->btf = b;
	if (kind == BTF_ARRAY)
		t->type = load32(p + BTF_RECORD, swap);
}

static void decode_void(const struct btf *b, struct btf_type *t)
{
	*t = (struct btf_type){.btf = b, .tail.big = b->data.big};
}

/* ---- names ---- */

/* Four characters, of which the first is in the lowest byte. */
HOT uint32_t head_hash(uint32_t head)
{
	return head * 2654435761u >> 22;
}

/* The first characters of a name; pad follows a shorter one. */
static uint32_t head_of(const char *name, size_t len, char pad)
{
	uint32_t head = 0;
	for (unsigned i = 0; i < HEAD; i++)
		head |= (uint32_t)(uint8_t)(i < len ? name[i] : pad) << 8 * i;
	return head;
}

static void add_name(struct btf_names *names, const char *name, size_t len, uint32_t head)
{
	uint8_t *first = &names->first[head_hash(head)];
	if (names->n < BTF_NAMES && *first != BTF_ANY) {
		names->list[names->n].name = name;
		names->list[names->n].len = (uint32_t)len;
		names->list[names->n].next = *first;
		*first = (uint8_t)++names->n;
	} else {
		*first = BTF_ANY;
	}
}

void btf_names_add(struct btf_names *names, uint32_t kinds, const char *name, size_t len)
{
	names->kinds |= kinds;
	if (!len)
		memset(names->first, BTF_ANY, sizeof names->first);
	add_name(names, name, len, head_of(name, len, 0));
	if (len < HEAD)
		add_name(names, name, len, head_of(name, len, '_'));
}

/* Whether a string may be one of the names. room: bytes that can be read, at least HEAD, of its own and
 * of the strings that follow. */
HOT bool may_be(const uint8_t *name, size_t room, const struct btf_names *names)
{
	uint32_t head = load32(name, host_is_big());
	/* the lowest bit is in the first byte that is 0, which ends the name */
	uint32_t zero = (head - 0x01010101) & ~head & 0x80808080;
	uint8_t i = names->first[head_hash(zero ? head & (((zero & -zero) >> 7) - 1) : head)];
	/* Hundreds of names begin with the same word: compare the last character and what follows. */
	for (; i && i != BTF_ANY; i = names->list[i - 1].next) {
		uint32_t last = names->list[i - 1].len - 1;
		if (room > last + 1 && name[last] == (uint8_t)names->list[i - 1].name[last] &&
			(!name[last + 1] || name[last + 1] == '_'))
			return true;
	}
	return i;
}

/* Index of the first byte from i on that is 0, n if there is none. Most strings are shorter than what
 * memchr() needs to get going. */
static size_t end_of(const uint8_t *p, size_t i, size_t n)
{
	const uint64_t ones = UINT64_MAX / 255;
	for (uint64_t word; n - i >= sizeof word; i += sizeof word) {
		memcpy(&word, p + i, sizeof word);
		if ((word - ones) & ~word & ones << 7)
			break;
	}
	while (i < n && p[i])
		i++;
	return i;
}

/* One pass over the strings of a blob that is not in memory: w->found. */
static void find_strings(const struct btf *b, struct window *w, const struct btf_names *names)
{
	size_t at = 0, used;
	w->names = names;
	w->n_found = 0;
	w->n = 0; /* the bytes of types are lost */
	w->all = false;
	for (; at < b->strings.n && !w->all; at += used) {
		size_t n = b->strings.n - at < WINDOW ? b->strings.n - at : WINDOW;
		w->all = !btf_read_pages(b, b->strings.p + at, w->bytes, n);
		for (used = 0; used < n && !w->all;) {
			size_t end = end_of(w->bytes, used, n);
			if (end == n)
				break;
			w->all = w->n_found == FOUND;
			if (!w->all && may_be(w->bytes + used, end - used + HEAD, names))
				w->found[w->n_found++] = (uint32_t)(at + used);
			used = end + 1;
		}
		used = used ? used : n; /* longer than any name */
	}
}

static bool is_found(const struct window *w, uint32_t off)
{
	uint32_t low = 0, high = w->n_found;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (w->found[middle] < off)
			low = middle + 1;
		else
			high = middle;
	}
	return w->all || (low < w->n_found && w->found[low] == off);
}

/* Whether the string at an offset of the blob's own may be one of the names. */
HOT bool has_name(const struct btf *b, uint32_t off, const struct btf_names *names)
{
	if (b->pages && b->frontier)
		return is_found(b->frontier->window, off);
	if (off >= b->strings.n || b->strings.n - off < HEAD)
		return true; /* the last one */
	return may_be(b->strings.p + off, b->strings.n - off, names);
}

/* Whether a walk stops at the record at pos. names: NULL for any. UINT32_MAX as a set includes unknown
 * kinds. */
HOT bool is_wanted(const struct btf *b, uint32_t pos, unsigned kind, uint32_t kinds,
	const struct btf_names *names)
{
	bool in = kinds == UINT32_MAX || (kind < 32 && kinds >> kind & 1);
	if (!in || !names)
		return in;
	/* the base may have the string */
	return b->base || has_name(b, load32(b->types.p + pos, swapped(b)), names);
}

/* ---- walks ---- */

/* Validates the record at the frontier, which moves past it. */
static bool step(const struct btf *b)
{
	struct btf_frontier *f = b->frontier;
	size_t left = b->types.n - f->pos;
	if (left < BTF_RECORD)
		return false;
	btf_load(b, b->types.p + f->pos, BTF_RECORD);
	uint32_t info = load32(b->types.p + f->pos + 4, swapped(b)), tail = tail_size(b, info);
	if (left - BTF_RECORD < tail || !info_kind(info))
		return false;
	if (f->n % BTF_STRIDE == 0)
		f->index[f->n / BTF_STRIDE] = f->pos;
	f->n++;
	f->pos += BTF_RECORD + tail;
	return true;
}

/* The types in memory: all, or those from the frontier on. */
struct view {
	const uint8_t *types;
	size_t base; /* position of the first byte */
	size_t last,
		end; /* where a record can begin, in memory and at all, both relative to base */
};

static bool look(const struct btf *b, struct view *v)
{
	const struct btf_frontier *f = b->frontier;
	struct window *w = f->window;
	*v = (struct view){b->types.p, 0, f->last, f->last};
	if (f->pos > f->last || !f->last)
		return false;
	if (!w)
		return true;
	if (f->pos < w->at || f->pos - w->at + BTF_RECORD > w->n) {
		size_t left = b->types.n - f->pos;
		w->at = f->pos;
		w->n = left < WINDOW ? left : WINDOW;
		if (!btf_read_pages(b, b->types.p + f->pos, w->bytes, w->n))
			return false;
	}
	*v = (struct view){w->bytes, w->at, w->n - BTF_RECORD, f->last - w->at};
	return true;
}

static void move(struct btf_frontier *f, uint32_t n, size_t pos)
{
	f->n = n;
	f->pos = (uint32_t)pos;
}

/* Moves the frontier past a record that is wanted, whose position is *found, or to record `most`, or
 * to one that step() must look at. Only the first case returns true. */
static bool run(const struct btf *b, uint32_t kinds, const struct btf_names *names, uint32_t most,
	uint32_t *found)
{
	struct btf_frontier *f = b->frontier;
	struct view v;
	if (f->wanted != kinds)
		want(f, kinds);
	while (f->n < most && look(b, &v)) {
		const uint8_t *types = v.types;
		const size_t last = v.last;
		size_t pos, next = f->pos - v.base;
		uint32_t n = f->n;
		while (n < most && next <= last) {
			uint32_t stop = (n | (BTF_STRIDE - 1)) + 1, left;
			stop = stop < most ? stop : most;
			left = stop - n;
			if (n % BTF_STRIDE == 0)
				f->index[n / BTF_STRIDE] = (uint32_t)(v.base + next);
			do {
				pos = next;
				uint32_t info = load32(types + pos + 4, false);
				size_t top = info >> 24;
				next = pos + f->size[top] + f->each[top] * (info & 0xffffff);
			} while (next <= last && --left);
			n = stop - left;
			if (!left)
				continue;
			bool wanted = next - BEYOND <= v.end;
			next -= wanted ? BEYOND : 0;
			if (next > v.end) {
				move(f, n, v.base + pos);
				return false;
			}
			n++;
			if (wanted && (!names || has_name(b, load32(types + pos, false), names))) {
				*found = (uint32_t)(v.base + pos);
				move(f, n, v.base + next);
				return true;
			}
		}
		move(f, n, v.base + next);
	}
	return false;
}

/* Walks on from the frontier, to the first record that is wanted or to record `most`. False at the
 * latter, at the end, and at an invalid record. */
static bool explore(const struct btf *b, uint32_t kinds, const struct btf_names *names,
	uint32_t most, struct btf_type *t)
{
	const struct btf_frontier *f = b->frontier;
	uint32_t pos;
	while (f->n < most) {
		if (run(b, kinds, names, most, &pos)) {
			decode(b, pos, b->first + f->n - 1, t);
			return true;
		}
		pos = f->pos;
		if (f->n >= most || !step(b))
			return false;
		unsigned kind = info_kind(load32(b->types.p + pos + 4, swapped(b)));
		if (is_wanted(b, pos, kind, kinds, names)) {
			decode(b, pos, b->first + f->n - 1, t);
			return true;
		}
	}
	return false;
}

uint32_t btf_end(const struct btf *b, struct err *e)
{
	const struct btf_frontier *f = b->frontier;
	struct btf_type t;
	if (!f)
		return b->end;
	explore(b, 0, NULL, UINT32_MAX, &t);
	if (btf_pages_failed(b))
		err_set(e, "the types cannot be read");
	else if (f->pos == b->types.n)
		return b->first + f->n;
	else
		bad_record(b, b->first + f->n, f->pos, e);
	if (b->origin)
		err_where(e, "%s", b->origin);
	return 0;
}

/* The position of record n, which is known, if only every BTF_STRIDE-th one is in the index. */
static uint32_t position(const struct btf *b, uint32_t n)
{
	struct btf_frontier *f = b->frontier;
	if (f && f->near[n % NEAR].pos && f->near[n % NEAR].n == n)
		return f->near[n % NEAR].pos;
	uint32_t i = n / BTF_STRIDE, pos = b->index[i];
	if (b->pages && f)
		btf_load_pages(b, b->types.p + pos,
			((i + 1) * BTF_STRIDE < f->n ? b->index[i + 1] : f->pos) - pos);
	for (uint32_t left = n % BTF_STRIDE; left; left--)
		pos += BTF_RECORD + tail_size(b, load32(b->types.p + pos + 4, swapped(b)));
	if (f) {
		f->near[n % NEAR].n = n;
		f->near[n % NEAR].pos = pos;
	}
	return pos;
}

bool btf_type(const struct btf *b, uint32_t id, struct btf_type *t)
{
	while (id < b->first && b->base)
		b = b->base;
	uint32_t n = id - b->first;
	bool valid = id >= b->first && id < b->end;
	if (valid && b->frontier && n >= b->frontier->n) {
		explore(b, 0, NULL, n + 1, t);
		valid = n < b->frontier->n;
	}
	if (valid)
		decode(b, b->stride == 1 ? b->index[n] : position(b, n), id, t);
	else
		decode_void(b, t);
	return valid || !id;
}

static bool next(
	const struct btf *b, struct btf_type *t, uint32_t kinds, const struct btf_names *names)
{
	const bool swap = swapped(b);
	const uint32_t known = b->frontier ? b->first + b->frontier->n : b->end;
	uint32_t id = t->id ? t->id + 1 : b->first, pos = 0;
	if (id < b->first)
		return false;
	if (t->id && id <= known)
		pos = (uint32_t)(t->tail.p + t->tail.n - b->types.p);
	struct window *w = b->frontier ? b->frontier->window : NULL;
	if (w && names && (!t->id || w->names != names))
		find_strings(b, w, names);
	const bool paged = b->pages;
	for (; id < known; id++) {
		if (paged)
			btf_load(b, b->types.p + pos, BTF_RECORD);
		uint32_t info = load32(b->types.p + pos + 4, swap);
		if (is_wanted(b, pos, info_kind(info), kinds, names)) {
			decode(b, pos, id, t);
			return true;
		}
		pos += BTF_RECORD + tail_size(b, info);
	}
	return b->frontier && id == known && explore(b, kinds, names, UINT32_MAX, t);
}

bool btf_next_in(const struct btf *b, struct btf_type *t, uint32_t kinds)
{
	return next(b, t, kinds, NULL);
}

bool btf_next(const struct btf *b, struct btf_type *t)
{
	return next(b, t, UINT32_MAX, NULL);
}

bool btf_next_named(const struct btf *b, struct btf_type *t, const struct btf_names *names)
{
	return next(b, t, names->kinds, names);
}
