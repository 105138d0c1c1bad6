/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "contents.h"

#include "elf/btf/type_names.h"

enum {
	CALLS_MAX = 256,
	MEMBERS_MAX = 512, /* of one struct */
	DEPTH_MAX = 8,
	STACK_BUILD_ID = 1 << 11, /* flags of bpf_get_stack() */
	STACK_USER = 1 << 8,
	WORD = 8,
};

#define PREFIX "sonde:record:"

/* Tags of results of helpers, by enum value_meaning. */
static const char *const result_tags[] = {
	[MEANS_KERNEL_STACK] = PREFIX "kernel_stack",
	[MEANS_USER_STACK] = PREFIX "user_stack",
	[MEANS_KERNEL_ADDRESS] = PREFIX "kernel_addr",
	[MEANS_CGROUP] = PREFIX "cgroup",
	[MEANS_TIME] = PREFIX "time",
	[MEANS_BOOT_TIME] = PREFIX "boot_time",
	[MEANS_NS] = PREFIX "ns",
	[MEANS_US] = PREFIX "us",
	[MEANS_MS] = PREFIX "ms",
};

/* Tags of what is copied from members of these types. */
static const struct {
	const char *type, *tag;
	uint8_t size;
} copied_tags[] = {
#define ROW(name, size, means) {name, PREFIX means, size},
	TYPE_NAMES(ROW)
#undef ROW
};

static const char zero[] = "", conflict[] = "?"; /* instead of a tag */

struct tagger {
	struct contents *c;
	const struct write_list *lists; /* by call */
	size_t n;
	bool kernel; /* the records come from code that the kernel calls */
};

struct member {
	const char *name;
	uint32_t type;
	struct btf_type t; /* without typedefs */
	uint32_t off, size;
	bool in_union;
};

static bool is_word(const struct member *m, uint32_t size)
{
	return m->size == size && (m->t.kind == BTF_INT || m->t.kind == BTF_ENUM);
}

/* ---- what the code writes ---- */

/* The tag of something that is copied from an object of type `id`. */
static const char *copied_tag(
	const struct object *o, uint32_t id, int64_t off, const struct member *m)
{
	uint32_t type = flow_type_at(&o->btf, id, off, m->size);
	struct btf_type t;
	for (int depth = 0; depth < BTF_DEPTH && type && btf_type(&o->btf, type, &t); depth++) {
		for (size_t i = 0; i < sizeof copied_tags / sizeof *copied_tags; i++)
			if (copied_tags[i].size == m->size &&
				!strcmp(copied_tags[i].type, btf_name(&t)))
				/* Two ports are no address. */
				return m->size == 4 && strstr(m->name, "port") ? conflict
				                                               : copied_tags[i].tag;
		if (!btf_kind_in(t.kind, BTF_MODIFIERS))
			break;
		type = t.type;
	}
	return conflict;
}

static const char *stored_tag(const struct object *o, struct value v, const struct member *m)
{
	bool stack = v.means == MEANS_KERNEL_STACK || v.means == MEANS_USER_STACK;
	bool duration = v.means >= MEANS_NS && v.means <= MEANS_MS;
	bool whole = v.part == PART_WHOLE && !v.vague && (v.kind != VALUE_RESULT || !v.off);
	if (v.kind == VALUE_NUMBER && !v.off)
		return zero;
	/* A stack's id is an int. */
	whole |= stack && v.part == PART_LOW && m->size == 4;
	if (whole && (stack || duration) && (is_word(m, 4) || is_word(m, 8)))
		return result_tags[v.means];
	if (whole && v.means >= MEANS_KERNEL_ADDRESS && v.means <= MEANS_BOOT_TIME && is_word(m, 8))
		return result_tags[v.means];
	return v.kind == VALUE_PIECE && (v.width == m->size || !v.width) && !v.means
	               ? copied_tag(o, v.id, v.off, m)
	               : conflict;
}

/* bpf_get_stack() with these flags. */
static const char *trace_tag(const struct btf *b, struct value flags, const struct member *m)
{
	struct btf_type element;
	if (flags.kind != VALUE_NUMBER || flags.off & STACK_BUILD_ID || m->t.kind != BTF_ARRAY ||
		!btf_skip(b, m->t.type, &element) || element.kind != BTF_INT ||
		element.size != WORD)
		return conflict;
	return flags.off & STACK_USER ? PREFIX "user_trace" : PREFIX "kernel_trace";
}

/* What one write tells about a member; NULL: nothing. */
static const char *written_tag(
	const struct tagger *g, const struct write *w, const struct member *m)
{
	int64_t off = w->to.off, end = off + w->len;
	bool exact = off == m->off && w->len == m->size && !w->to.vague;
	bool begins = off == m->off && off + w->len <= m->off + m->size && !w->to.vague;
	if (w->to.vague || !w->len ? off < m->off || off >= m->off + m->size
				   : off >= m->off + m->size || end <= m->off)
		return NULL;
	if (w->kind == WRITE_STACK && begins)
		return trace_tag(g->c->types, w->v, m);
	if (w->kind == WRITE_STORE && w->v.kind == VALUE_NUMBER && !w->v.off)
		return zero;
	if (!exact || w->partial)
		return m->in_union && !w->partial ? NULL : conflict;
	if (w->kind == WRITE_STORE)
		return stored_tag(g->c->o, w->v, m);
	return w->kind == WRITE_COPY && w->v.kind == VALUE_ADDRESS && !w->v.vague
	               ? copied_tag(g->c->o, w->v.id, w->v.off, m)
	               : conflict;
}

/* The tag on which two writes agree. */
static const char *agree(const char *x, const char *y)
{
	if (!x || x == zero)
		return y ? y : x;
	return !y || y == zero || !strcmp(x, y) ? x : conflict;
}

/* The tag on which all calls agree, or NULL. */
static const char *tag_of_code(struct tagger *g, const struct member *m)
{
	const char *all = zero;
	for (size_t i = 0; i < g->n; i++) {
		const struct write_list *list = &g->lists[i];
		const char *one = NULL;
		if (g->c->steps < list->n)
			return NULL;
		g->c->steps -= list->n;
		for (size_t k = 0; k < list->n; k++)
			one = agree(one, written_tag(g, &list->items[k], m));
		if (!one) /* written elsewhere, or not at all */
			return NULL;
		all = agree(all, one);
	}
	return all == zero || all == conflict ? NULL : all;
}

/* ---- names ---- */

static bool is_signed(const struct btf_type *t)
{
	return t->kind == BTF_INT && btf_int_encoding(t) & BTF_INT_SIGNED;
}

static const char *tag_of_name(const struct tagger *g, const struct member *m)
{
	static const struct {
		const char *name;
		bool result;
	} names[] = {
		{"ret", true},
		{"retval", true},
		{"rc", true},
		{"err", true},
		{"error", true},
		{"cgroup_id", false},
		{"cgroupid", false},
		{"cgid", false},
		{"cgrp_id", false},
	};
	size_t n = strlen(m->name);
	n -= n && m->name[n - 1] == '?';
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strlen(names[i].name) != n || strncmp(names[i].name, m->name, n))
			continue;
		if (names[i].result)
			return g->kernel && is_signed(&m->t) && (is_word(m, 4) || is_word(m, 8))
			               ? PREFIX "named_errno"
			               : NULL;
		return is_word(m, 8) ? PREFIX "named_cgroup" : NULL;
	}
	return NULL;
}

/* Functions of processes have other results than an errno: -1, or EAI_NONAME. */
static bool is_of_process(const struct obj_func *f)
{
	static const char *const words[] = {"uprobe", "uretprobe", "usdt"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strncmp(f->sec, words[i], strlen(words[i])))
			return true;
	return false;
}

static bool is_of_kernel(const struct object *o, const struct record_call *const *calls, size_t n)
{
	bool others = false, kernel = true;
	for (size_t i = 0; i < o->n_funcs; i++)
		others |= o->funcs[i].entry && is_of_process(&o->funcs[i]);
	for (size_t i = 0; i < n && others; i++)
		kernel &= calls[i]->func->entry && !is_of_process(calls[i]->func);
	return kernel;
}

/* ---- types ---- */

/* Whether the object itself has a tag for a member. */
static bool has_tag(struct tagger *g, uint32_t type, uint32_t member)
{
	static const char ours[] = "sonde:";
	const struct btf *b = g->c->types;
	struct btf_type t = {0};
	g->c->steps -= g->c->steps < b->end ? g->c->steps : b->end;
	while (g->c->steps && btf_next_in(b, &t, 1u << BTF_DECL_TAG))
		if (t.type == type && btf_decl_tag_component(&t) == (int32_t)member &&
			!strncmp(btf_name(&t), ours, strlen(ours)))
			return true;
	return !g->c->steps;
}

static const char *tag_of(struct tagger *g, uint32_t type, uint32_t i, const struct member *m)
{
	const char *tag = tag_of_code(g, m);
	if (!tag)
		tag = tag_of_name(g, m);
	return tag && !has_tag(g, type, i) ? tag : NULL;
}

static void copy_tags(const struct contents *c, uint32_t from, uint32_t to)
{
	struct btf_type t = {0};
	while (btf_next_in(c->types, &t, 1u << BTF_DECL_TAG))
		if (t.type == from)
			btf_append_decl_tag(
				c->append, btf_name(&t), to, btf_decl_tag_component(&t));
}

static void append_copy(const struct contents *c, const struct btf_type *t, const uint32_t *types,
	const char *const *tags, uint32_t *id)
{
	*id = btf_append_type(c->append, t->kind, btf_name(t), t->vlen, t->kflag, t->size);
	for (uint32_t i = 0; i < t->vlen; i++) {
		struct btf_member m = btf_member(t, i);
		uint32_t place = (uint32_t)m.bit_off | (t->kflag ? (uint32_t)m.bit_size << 24 : 0);
		btf_append_member(c->append, m.name, types[i], place);
	}
	copy_tags(c, t->id, *id);
	for (uint32_t i = 0; i < t->vlen; i++)
		if (tags[i])
			btf_append_decl_tag(c->append, tags[i], *id, (int32_t)i);
}

/* A copy with tags of a struct or union at an offset of the record; 0 if there are none. */
static uint32_t tag_type(
	struct tagger *g, uint32_t type, uint32_t base, bool in_union, unsigned depth)
{
	struct contents *c = g->c;
	struct btf_type t = {0}, named;
	btf_skip(c->types, type, &t);
	if (!btf_is_composite(&t) || depth == DEPTH_MAX || t.vlen > MEMBERS_MAX)
		return 0;
	uint32_t *types = arena_array(c->scratch, t.vlen, sizeof *types), id = 0;
	const char **tags = arena_array(c->scratch, t.vlen, sizeof *tags);
	bool any = false;
	for (uint32_t i = 0; types && tags && i < t.vlen && c->steps; i++) {
		struct btf_member m = btf_member(&t, i);
		c->steps--;
		int64_t size = btf_size(c->types, m.type);
		struct member x = {m.name, m.type, {0}, base + (uint32_t)(m.bit_off / 8),
			size > 0 && size < INT32_MAX ? (uint32_t)size : 0,
			in_union || t.kind == BTF_UNION};
		types[i] = m.type;
		btf_skip(c->types, m.type, &x.t);
		if (!x.size || m.bit_size || m.bit_off % 8)
			continue;
		uint32_t inner = tag_type(g, m.type, x.off, x.in_union, depth + 1);
		if (inner)
			types[i] = inner;
		if (!btf_is_composite(&x.t))
			tags[i] = tag_of(g, t.id, i, &x);
		any |= inner || tags[i];
	}
	if (!any || !c->steps)
		return 0;
	append_copy(c, &t, types, tags, &id);
	/* The name of a typedef may have a meaning. */
	if (btf_type(c->types, type, &named) && named.kind == BTF_TYPEDEF)
		id = btf_append_type(c->append, BTF_TYPEDEF, btf_name(&named), 0, false, id);
	return id;
}

uint32_t contents_tag(
	struct contents *c, const struct record_call *const *calls, size_t n, uint32_t type)
{
	struct write_list *lists = arena_array(c->scratch, n, sizeof *lists);
	struct tagger g = {.c = c, .lists = lists, .n = n, .kernel = is_of_kernel(c->o, calls, n)};
	if (!lists || !n || n > CALLS_MAX)
		return type;
	for (size_t i = 0; i < n; i++)
		if (!writes_to_record(c->writes, calls[i], &lists[i]))
			return type;
	uint32_t tagged = tag_type(&g, type, 0, false, 0);
	return tagged ? tagged : type;
}
