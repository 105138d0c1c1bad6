/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Finds the calls that send records, and their arguments.
 *
 * Compilers merge the ends of branches: two calls that send different records become one, preceded by
 * branches that set up size and data. Therefore all paths to the last join before a call are kept,
 * and each counts as a separate call.
 */
#include "calls.h"

enum {
	TAIL = 16,         /* maximum instructions between a join and the call */
	JOINS_MAX = 64,    /* in one function */
	SIZE_MAX_BITS = 28 /* of a record */
};

/* Helpers that send records, and the registers of their arguments. */
static const struct {
	int32_t helper;
	uint8_t map, data, size; /* data 0: the result is the record; map, size 0: none */
} senders[] = {
	{BPF_FUNC_perf_event_output, 2, 4, 5}, /* (ctx, map, flags, data, size) */
	{BPF_FUNC_skb_output, 2, 4, 5},
	{BPF_FUNC_xdp_output, 2, 4, 5},
	{BPF_FUNC_ringbuf_output, 1, 2, 3},         /* (map, data, size, flags) */
	{BPF_FUNC_ringbuf_reserve, 1, 0, 2},        /* (map, size, flags) */
	{BPF_FUNC_ringbuf_reserve_dynptr, 1, 0, 2}, /* (map, size, flags, dynptr) */
	{BPF_FUNC_map_push_elem, 1, 2, 0},          /* (map, value, flags); as large as a value */
	{BPF_FUNC_seq_write, 0, 2, 3},              /* (seq, data, size) */
	/* Text, in the same place as records of seq_write. */
	{BPF_FUNC_seq_printf, 0, 2, 0},
	{BPF_FUNC_seq_printf_btf, 0, 2, 0},
};

/* The paths that join before a call. */
struct join {
	uint32_t at; /* instruction */
	struct {
		struct flow_state state;
		uint32_t from; /* the last instruction before the join */
	} path[CALL_PATHS];
	unsigned n;
	bool many; /* there are more */
};

/* A call of a helper in senders. */
struct sending {
	uint32_t insn;
	int sender;
	struct value reg[FLOW_REGS];
};

struct finder {
	const bool *wanted; /* by map, then whether those of iterators are */
	struct arena *arena;
	struct record_calls *calls;

	/* The current function. */
	struct join *joins[JOINS_MAX];
	size_t n_joins;
	struct sending *sendings;
	size_t n_sendings, room;
	int64_t lowest; /* stack offset in use */
};

/* The index of a helper call in senders, or -1. */
static int sender_of(struct insn insn)
{
	for (size_t k = 0; insn_calls_helper(insn) && k < sizeof senders / sizeof *senders; k++)
		if (senders[k].helper == insn.imm)
			return (int)k;
	return -1;
}

static struct join *join_at(const struct finder *f, uint32_t at)
{
	for (size_t i = 0; i < f->n_joins; i++)
		if (f->joins[i]->at == at)
			return f->joins[i];
	return NULL;
}

/* The last join in the straight-line code before instruction i. */
static bool find_join(const struct flow *w, uint32_t i, uint32_t *at)
{
	for (uint32_t back = 0; back <= TAIL && back <= i; back++) {
		if (back && insn_is_jump(flow_insn(w, i - back)))
			return false;
		if (w->is_target[i - back]) {
			*at = i - back;
			return true;
		}
	}
	return false;
}

/* Notes the joins before calls that send records. */
static void note_joins(void *ctx, struct flow *w)
{
	struct finder *f = ctx;
	f->n_joins = f->n_sendings = f->room = 0;
	f->lowest = 0;
	for (uint32_t i = 0, at; i < w->n; i++) {
		struct insn insn = flow_insn(w, i);
		uint32_t call = i;
		i += insn_is_wide(insn);
		if (sender_of(insn) < 0 || !find_join(w, call, &at) || join_at(f, at) ||
			f->n_joins == JOINS_MAX)
			continue;
		struct join *j = arena_alloc(&w->scratch, sizeof *j);
		if (!j)
			return;
		j->at = at;
		f->joins[f->n_joins++] = j;
	}
}

static bool same_registers(const struct flow_state *x, const struct flow_state *y)
{
	for (unsigned r = 0; r < FLOW_REGS; r++)
		if (!flow_same(x->reg[r], y->reg[r]))
			return false;
	return true;
}

/* Notes the paths to them. */
static void note_path(
	void *ctx, struct flow *w, uint32_t from, uint32_t to, const struct flow_state *s)
{
	struct join *j = join_at(ctx, to);
	(void)w;
	for (unsigned i = 0; j && i < j->n; i++)
		if (same_registers(&j->path[i].state, s))
			return;
	if (!j)
		return;
	if (j->n == CALL_PATHS) {
		j->many = true;
		return;
	}
	flow_copy(&j->path[j->n].state, s);
	j->path[j->n++].from = from;
}

/* Returns the call, which may be known already; NULL if it sends no record. */
static struct record_call *add_call(
	struct finder *f, struct flow *w, const struct value *reg, uint32_t i, int sender)
{
	const struct value output = {.kind = VALUE_MAP, .id = (uint32_t)w->o->n_maps}, none = {0};
	unsigned data = senders[sender].data, size_in = senders[sender].size;
	struct value map = senders[sender].map ? reg[senders[sender].map] : output;
	struct value size = size_in ? reg[size_in] : none;
	struct record_calls *c = f->calls;
	if (map.kind != VALUE_MAP || !f->wanted[map.id])
		return NULL;
	struct record_call new = {.func = w->f, .map = map.id, .insn = i, .output = data};
	if (data && !reg[data].vague)
		new.data = reg[data];
	if (!size_in && map.id < w->o->n_maps)
		new.size = w->o->maps[map.id].value_size;
	if (size.kind == VALUE_NUMBER && size.off > 0 && size.off < 1 << SIZE_MAX_BITS)
		new.size = (uint32_t)size.off;
	for (size_t k = c->n; k-- && c->items[k].func == w->f && c->items[k].insn == i;)
		if (c->items[k].map == new.map &&
			c->items[k].size == new.size &&flow_same(c->items[k].data, new.data))
			return &c->items[k];
	struct record_call *list = arena_grow(f->arena, c->items, c->n, &c->room, sizeof *list);
	if (!list)
		return NULL;
	c->items = list;
	list[c->n] = new;
	return &list[c->n++];
}

/* Follows one path from a join to the call. */
static void follow_path(struct finder *f, struct flow *w, const struct join *j, unsigned path,
	uint32_t i, int sender)
{
	struct flow_state s;
	flow_copy(&s, &j->path[path].state);
	for (uint32_t k = j->at; k < i; k++) {
		flow_step(w, &s, k);
		k += insn_is_wide(flow_insn(w, k));
	}
	struct record_call *c = add_call(f, w, s.reg, i, sender);
	if (!c || c->n_from == CALL_PATHS)
		return;
	c->from[c->n_from++] = j->path[path].from;
	c->join = j->at;
}

static void see_stack(struct finder *f, const struct flow_state *s, unsigned reg, int64_t off)
{
	if (reg < FLOW_REGS && s->reg[reg].kind == VALUE_STACK && s->reg[reg].off + off < f->lowest)
		f->lowest = s->reg[reg].off + off;
}

/* Notes the calls. */
static void note_call(
	void *ctx, struct flow *w, uint32_t i, struct insn insn, const struct flow_state *s)
{
	struct finder *f = ctx;
	int sender = sender_of(insn);
	unsigned class = insn_class(insn);
	if (class == BPF_LDX)
		see_stack(f, s, insn.src, insn.off);
	else if (class == BPF_ST || class == BPF_STX)
		see_stack(f, s, insn.dst, insn.off);
	for (unsigned r = 1; insn.code == (BPF_JMP | BPF_CALL) && r <= 5; r++)
		see_stack(f, s, r, 0);
	if (sender < 0)
		return;
	struct sending *list = arena_grow(&w->scratch, f->n_sendings ? f->sendings : NULL,
		f->n_sendings, &f->room, sizeof *list);
	if (!list)
		return;
	f->sendings = list;
	list[f->n_sendings] = (struct sending){.insn = i, .sender = sender};
	memcpy(list[f->n_sendings++].reg, s->reg, sizeof list->reg);
}

/* All joins and their paths are known. */
static void collect(void *ctx, struct flow *w)
{
	struct finder *f = ctx;
	size_t before = f->calls->n;
	for (size_t i = 0; i < f->n_sendings; i++) {
		const struct sending *x = &f->sendings[i];
		uint32_t at;
		const struct join *j = find_join(w, x->insn, &at) ? join_at(f, at) : NULL;
		if (!j || j->many)
			add_call(f, w, x->reg, x->insn, x->sender);
		for (unsigned k = 0; j && !j->many && k < j->n; k++)
			follow_path(f, w, j, k, x->insn, x->sender);
	}
	for (size_t k = before; k < f->calls->n; k++)
		f->calls->items[k].frame = (-f->lowest + 7) / 8 * 8;
}

bool calls_are_in(const struct object *o)
{
	for (size_t i = 0; i < o->n_funcs; i++) {
		const struct obj_func *f = &o->funcs[i];
		const uint8_t *code = o->elf.sections[f->section].data.p + f->off;
		for (uint64_t at = 0; at + INSN_SIZE <= f->size; at += INSN_SIZE)
			if (sender_of(insn_get(code + at, o->elf.file.big)) >= 0)
				return true;
	}
	return false;
}

bool calls_visitor(const bool *wanted, struct arena *a, struct record_calls *calls,
	struct flow_visitor *visitor)
{
	struct finder *f = arena_alloc(a, sizeof *f);
	*calls = (struct record_calls){0};
	if (!f)
		return false;
	*f = (struct finder){.wanted = wanted, .arena = a, .calls = calls};
	*visitor = (struct flow_visitor){f, note_joins, collect, note_call, note_path};
	return true;
}

bool calls_hold(struct flow *w, const struct obj_func *f, struct value v, uint32_t before,
	bool slot, int64_t where)
{
	struct flow_state s;
	struct value is = {0};
	if ((w->f != f || !w->n) && !flow_run(w, f, NULL, 0))
		return false;
	flow_before(w, before, &s);
	if (s.reached && slot)
		is = flow_load(&s, where, 8);
	else if (s.reached && where >= 0 && where < FLOW_REGS)
		is = s.reg[where];
	return is.kind == v.kind && is.at == v.at && is.off == v.off && !is.vague &&
	       is.part == PART_WHOLE && (v.kind != VALUE_PARAM || is.id == v.id);
}
