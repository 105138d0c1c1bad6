/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_prog.h"
#include "elf/base/format.h"

#include "elf/base/text.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { PART_MAX = 1 << 28, CUT = BPF_OBJ_NAME_LEN - 1 };

/* ---- parts ---- */

/* Where a list is described in struct bpf_prog_info. */
static const struct part {
	uint8_t pointer, count;
	uint8_t size; /* offset of the size of a record; 0: unit is it */
	uint8_t unit;
} list[LIVE_PARTS] = {
#define AT(field) offsetof(struct bpf_prog_info, field)
	[LIVE_MAPS] = {AT(map_ids), AT(nr_map_ids), 0, 4},
	[LIVE_XLATED] = {AT(xlated_prog_insns), AT(xlated_prog_len), 0, 1},
	[LIVE_JITED] = {AT(jited_prog_insns), AT(jited_prog_len), 0, 1},
	[LIVE_FUNCS] = {AT(func_info), AT(nr_func_info), AT(func_info_rec_size), 0},
	[LIVE_LINES] = {AT(line_info), AT(nr_line_info), AT(line_info_rec_size), 0},
	[LIVE_JITED_LINES] = {AT(jited_line_info), AT(nr_jited_line_info),
		AT(jited_line_info_rec_size), 0},
	[LIVE_KSYMS] = {AT(jited_ksyms), AT(nr_jited_ksyms), 0, 8},
	[LIVE_LENS] = {AT(jited_func_lens), AT(nr_jited_func_lens), 0, 4},
#undef AT
};

static uint32_t number(const struct bpf_prog_info *info, uint8_t at)
{
	return bytes_get32((const uint8_t *)info + at, host_is_big());
}

static uint32_t unit_of(const struct bpf_prog_info *info, const struct part *p)
{
	return p->size ? number(info, p->size) : p->unit;
}

/* Adds a buffer for a part to the question. */
static long ask_for(struct bpf_prog_info *ask, const struct bpf_prog_info *info,
	const struct part *p, struct span *out, struct arena *a)
{
	uint8_t *to = (uint8_t *)ask;
	uint32_t count = number(info, p->count), unit = unit_of(info, p);
	if ((uint64_t)count * unit > PART_MAX)
		return -E2BIG;
	uint8_t *bytes = arena_array(a, count, unit);
	if (!bytes)
		return -ENOMEM;
	*out = (struct span){bytes, (size_t)count * unit, host_is_big()};
	if (!out->n)
		return 0;
	bytes_put(to + p->count, 4, host_is_big(), count);
	bytes_put(to + p->pointer, 8, host_is_big(), sys_ptr(bytes));
	if (p->size)
		bytes_put(to + p->size, 4, host_is_big(), unit);
	return 0;
}

long live_prog_parts(const struct live_prog *p, unsigned set, struct span parts[static LIVE_PARTS],
	const struct sys_watch *watch, struct arena *a)
{
	struct bpf_prog_info ask = {0};
	uint32_t size = sizeof ask;
	long r = 0;
	for (int i = 0; i < LIVE_PARTS; i++) {
		parts[i] = (struct span){.big = host_is_big()};
		if (set >> i & 1 && r >= 0)
			r = ask_for(&ask, &p->info, &list[i], &parts[i], a);
	}
	r = r < 0 ? r : sys_info(watch, p->fd, &ask, &size);
	for (int i = 0; i < LIVE_PARTS; i++) {
		/* The kernel clears the pointer of what it hides. */
		uint64_t n = (uint64_t)number(&ask, list[i].count) * unit_of(&ask, &list[i]);
		bool given = !r && bytes_get((uint8_t *)&ask + list[i].pointer, 8, host_is_big());
		parts[i].n = !given ? 0 : n < parts[i].n ? (size_t)n : parts[i].n;
	}
	return r;
}

/* ---- facts ---- */

/* The name of the first function, which is the program, as its BTF spells it. */
static void read_name(struct live_prog *p, struct live_types *types)
{
	struct arena scratch = {0};
	struct span parts[LIVE_PARTS];
	struct btf_type t;
	text_print(p->name, sizeof p->name, "%.*s", CUT, p->info.name);
	const struct btf *b = strlen(p->name) == CUT ? live_types_get(types, p->info.btf_id) : NULL;
	if (b && p->info.func_info_rec_size >= 8 &&
		!live_prog_parts(p, 1u << LIVE_FUNCS, parts, types->kernel->watch, &scratch) &&
		btf_type(b, span_u32(parts[LIVE_FUNCS], 4), &t) && t.kind == BTF_FUNC &&
		!strncmp(btf_name(&t), p->name, CUT))
		text_print(p->name, sizeof p->name, "%s", btf_name(&t));
	arena_free(&scratch);
}

long live_prog_read(struct live_prog *p, int fd, struct live_types *types)
{
	uint32_t size = sizeof p->info;
	*p = (struct live_prog){.fd = fd};
	long r = sys_info(types->kernel->watch, fd, &p->info, &size);
	if (!r)
		read_name(p, types);
	return r;
}

/* ---- selecting ---- */

struct walk {
	const struct live_ref *ref;
	struct live_types *types;
	bool (*fn)(void *ctx, const struct live_prog *p);
	void *ctx;
	unsigned found;
};

static bool selects(const struct live_ref *r, const struct live_prog *p)
{
	if (!r)
		return true;
	if (r->how == LIVE_BY_TAG)
		return !memcmp(p->info.tag, &r->tag, sizeof p->info.tag);
	return !strcmp(r->text, p->name) ||
	       (strlen(r->text) == CUT && !strncmp(r->text, p->name, CUT));
}

static bool visit(void *ctx, uint32_t id, int fd)
{
	struct walk *w = ctx;
	struct live_prog p;
	(void)id;
	if (live_prog_read(&p, fd, w->types) < 0 || !selects(w->ref, &p))
		return true;
	w->found++;
	return w->fn(w->ctx, &p);
}

bool live_prog_each(const struct live_ref *r, struct live_types *types,
	bool (*fn)(void *ctx, const struct live_prog *p), void *ctx, struct err *e)
{
	struct walk w = {r, types, fn, ctx, 0};
	struct live_prog p;
	if (r && (r->how == LIVE_BY_ID || r->how == LIVE_BY_PIN)) {
		if (!live_prog_open(&p, r, types, e))
			return false;
		fn(ctx, &p);
		close(p.fd);
		return true;
	}
	if (!live_each(LIVE_PROG, types->kernel->watch, visit, &w, e))
		return false;
	if (!r || w.found)
		return true;
	if (r->how == LIVE_BY_TAG)
		err_set(e, "there is no program with the tag %s", r->text);
	else
		err_set(e, "there is no program '%s' in the kernel", r->text);
	return err_hint(e, "sonde prog list lists all; a pinned one can be named by its path");
}

struct only {
	struct live_prog *p;
	unsigned n;
	char ids[100];
};

static bool keep(void *ctx, const struct live_prog *p)
{
	struct only *o = ctx;
	if (!o->n++) {
		*o->p = *p;
		o->p->fd = fcntl(p->fd, F_DUPFD_CLOEXEC, 0);
	}
	text_list(o->ids, sizeof o->ids, "%" PRIu32, p->info.id);
	return true;
}

bool live_prog_open(
	struct live_prog *p, const struct live_ref *r, struct live_types *types, struct err *e)
{
	struct only o = {.p = p};
	if (r->how == LIVE_BY_ID || r->how == LIVE_BY_PIN) {
		int fd = live_ref_open(LIVE_PROG, r, types->kernel->watch, e);
		long n = fd < 0 ? 0 : live_prog_read(p, fd, types);
		if (fd >= 0 && n < 0) {
			close(fd);
			err_sys(e, (int)-n, "program %s", r->text);
		}
		return fd >= 0 && !n;
	}
	if (!live_prog_each(r, types, keep, &o, e))
		return false;
	if (o.n == 1 && p->fd >= 0)
		return true;
	if (p->fd >= 0)
		close(p->fd);
	err_set(e, "%u programs match '%s'", o.n, r->text);
	return err_hint(e, "select one by its id: %s", o.ids);
}
