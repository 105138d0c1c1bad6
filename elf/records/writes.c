/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "writes_impl.h"

enum {
	CALL_DEPTH = 8,       /* the verifier's limit of nested calls */
	FRAME = 512,          /* bytes of a stack frame: larger ones are not loaded */
	STEPS_MAX = 16 << 20, /* instructions and writes looked at, for all records */
	ALIASES_MAX = 16,     /* of one place */
	LIST_MAX = 1 << 14,   /* writes to the records of one map */
};

/* ---- reading ---- */

static void add_write(struct writes *w, struct write new)
{
	struct write *list = arena_grow(w->arena, w->items, w->n, &w->room, sizeof *list);
	if (!list)
		return;
	w->items = list;
	list[w->n++] = new;
}

static void see_store(
	struct writes *w, const struct write *like, struct insn insn, const struct flow_state *s)
{
	struct write new = *like;
	if (insn.dst >= FLOW_REGS || insn.src >= FLOW_REGS || !flow_is_place(s->reg[insn.dst]) ||
		(insn_class(insn) == BPF_STX && insn_mode(insn) != BPF_MEM))
		return;
	new.to = s->reg[insn.dst];
	new.to.off = flow_off((int64_t) new.to.off + insn.off);
	new.len = insn_width(insn);
	new.v = (struct value){.kind = VALUE_NUMBER, .off = insn.imm};
	if (insn_class(insn) == BPF_STX)
		new.v = s->reg[insn.src];
	add_write(w, new);
}

static void see_fill(struct writes *w, const struct write *like, const struct flow_fill *f,
	const struct flow_state *s)
{
	static const uint8_t kinds[] = {
		[FILL_BYTES] = WRITE_BYTES,
		[FILL_TEXT] = WRITE_TEXT,
		[FILL_COPY] = WRITE_COPY,
		[FILL_STACK] = WRITE_STACK,
	};
	struct write new = *like;
	struct value size = {.kind = VALUE_NUMBER, .off = f->bytes};
	if (f->size)
		size = s->reg[f->size];
	if (!flow_is_place(s->reg[f->to]))
		return;
	new.kind = kinds[f->kind];
	new.to = s->reg[f->to];
	if (f->from)
		new.v = s->reg[f->from];
	if (f->kind == FILL_STACK) /* the flags */
		new.v = s->reg[f->size + 1];
	if (size.kind == VALUE_NUMBER)
		new.len = size.off > 0 ? (uint32_t)size.off : 0;
	else if (flow_most(size) > 0)
		new.most = (uint32_t)flow_most(size);
	if (new.len || size.kind != VALUE_NUMBER)
		add_write(w, new);
}

static void see_passing(struct writes *w, struct flow *flow, uint32_t at, struct insn insn,
	const struct flow_state *s)
{
	bool any = false;
	struct passing new = {.insn = at, .from = flow->f};
	for (unsigned r = 1; r <= 5; r++) {
		any |= flow_is_place(s->reg[r]);
		new.args[r - 1] = s->reg[r];
	}
	new.to = any ? flow_callee(flow, at, insn) : NULL;
	if (!new.to)
		return;
	struct passing *list =
		arena_grow(w->arena, w->passings, w->n_passings, &w->passings_room, sizeof *list);
	if (!list)
		return;
	w->passings = list;
	list[w->n_passings++] = new;
}

static void see_insn(
	void *ctx, struct flow *flow, uint32_t at, struct insn insn, const struct flow_state *s)
{
	struct writes *w = ctx;
	struct write like = {.insn = at, .f = flow->f};
	unsigned class = insn_class(insn);
	if (class == BPF_ST || class == BPF_STX)
		see_store(w, &like, insn, s);
	if (insn.code != (BPF_JMP | BPF_CALL))
		return;
	map_times_see(w, insn, s);
	const struct flow_fill *f = flow_fill(insn);
	if (f)
		see_fill(w, &like, f, s);
	else
		see_passing(w, flow, at, insn, s);
}

static void add_alias(
	struct writes *w, struct value either, struct value is, uint32_t at, uint32_t id)
{
	if (either.at != at || either.id != id || !flow_is_place(is))
		return;
	struct alias *list =
		arena_grow(w->arena, w->aliases, w->n_aliases, &w->aliases_room, sizeof *list);
	if (!list)
		return;
	w->aliases = list;
	list[w->n_aliases++] = (struct alias){either, is};
}

static void see_edge(
	void *ctx, struct flow *flow, uint32_t from, uint32_t to, const struct flow_state *s)
{
	const struct flow_state *joined = flow->in[flow->blocks[to] - 1];
	(void)from;
	for (uint32_t r = 0; r < FLOW_REGS; r++)
		if (joined->reg[r].kind == VALUE_EITHER)
			add_alias(ctx, joined->reg[r], s->reg[r], to, r);
	for (unsigned i = 0; i < joined->n_slots; i++) {
		const struct flow_slot *slot = &joined->slots[i];
		if (slot->v.kind == VALUE_EITHER)
			add_alias(ctx, slot->v, flow_load(s, slot->off, slot->width), to,
				flow_slot_id(slot->off));
	}
}

/* Reads all functions; or, with times, what is known about the values of maps, those again that load
 * from such a map. */
static bool read_functions(struct writes *w, const struct flow_time *times, size_t n_times,
	const struct flow_visitor *also)
{
	struct flow flow;
	const struct object *o = w->o;
	const struct flow_visitor visitors[] = {{.ctx = w, .before = see_insn, .edge = see_edge},
		also ? *also : (struct flow_visitor){0}};
	bool ok = flow_open(&flow, o, w->arena);
	flow.times = times;
	flow.n_times = n_times;
	uint64_t maps = 0;
	for (size_t i = 0; i < n_times; i++)
		maps |= flow_map_bit(times[i].map);
	for (size_t i = 0; i < o->n_funcs && ok; i++) {
		struct range *r = &w->ranges[i];
		if (times && !(r->loads & maps))
			continue;
		for (uint32_t k = r->first_passing; k < r->end_passing; k++)
			w->passings[k].to = NULL; /* replaced */
		r->first_write = (uint32_t)w->n;
		r->first_passing = (uint32_t)w->n_passings;
		r->first_alias = (uint32_t)w->n_aliases;
		ok = flow_run(&flow, &o->funcs[i], visitors, 1 + (also != NULL)) && !w->arena->full;
		w->incomplete |= !flow.n;
		r->loads = flow.loads;
		r->end_write = (uint32_t)w->n;
		r->end_passing = (uint32_t)w->n_passings;
		r->end_alias = (uint32_t)w->n_aliases;
	}
	flow_close(&flow);
	return ok;
}

struct writes *writes_read(const struct object *o, const struct flow_visitor *also, struct arena *a)
{
	struct writes *w = arena_alloc(a, sizeof *w);
	if (!w)
		return NULL;
	*w = (struct writes){.o = o, .arena = a, .steps = STEPS_MAX};
	w->ranges = arena_array(a, o->n_funcs, sizeof *w->ranges);
	w->updates = arena_array(a, o->n_maps, sizeof *w->updates);
	if (!w->ranges || !w->updates || !read_functions(w, NULL, 0, also))
		return NULL;
	/* Differences to these times are known only now. */
	size_t n;
	const struct flow_time *times = map_times_find(w, &n);
	return times && (!n || w->incomplete || read_functions(w, times, n, NULL)) ? w : NULL;
}

/* ---- the writes to one record ---- */

/* Where a record is: the memory of `size` bytes at place. */
struct target {
	const struct obj_func *f;
	struct value place;
	uint32_t size;  /* 0 unknown */
	int64_t start;  /* offset in the record of what is at `place` */
	unsigned depth; /* of calls */
	struct write_list *list;
};

static const struct range *range_of(const struct writes *w, const struct obj_func *f)
{
	return &w->ranges[f - w->o->funcs];
}

/* Adds a write at an offset of the record, if it is in there. */
static void keep(struct writes *w, const struct target *t, const struct write *x, bool partial)
{
	struct write new = *x;
	new.partial = partial;
	new.to.off = flow_off((int64_t)x->to.off - t->place.off + t->start);
	if (t->list->n == LIST_MAX || new.to.off < 0 ||
		(t->size && (uint64_t) new.to.off + new.len > t->size))
		return;
	struct write *list =
		arena_grow(w->arena, t->list->items, t->list->n, &t->list->room, sizeof *list);
	if (!list)
		return;
	t->list->items = list;
	list[t->list->n++] = new;
}

static void collect(struct writes *w, const struct target *t);

/* The writes of a subprogram to the record whose address is an argument. */
static void collect_passed(struct writes *w, const struct target *t, const struct passing *p)
{
	for (unsigned r = 0; r < 5 && t->depth < CALL_DEPTH; r++) {
		if (!writes_same_memory(p->args[r], t->place) || p->args[r].vague)
			continue;
		struct target inner = *t;
		inner.f = p->to;
		inner.place = (struct value){.kind = VALUE_PARAM, .id = r + 1};
		inner.start = t->start + p->args[r].off - t->place.off;
		inner.depth++;
		if (inner.start >= 0)
			collect(w, &inner);
	}
}

/* All writes of the function to this memory. */
static void collect_one(struct writes *w, const struct target *t)
{
	const struct range *r = range_of(w, t->f);
	if (!writes_spend(w, 1 + r->end_write - r->first_write + r->end_passing - r->first_passing))
		return;
	for (uint32_t i = r->first_write; i < r->end_write; i++)
		if (writes_same_memory(w->items[i].to, t->place))
			keep(w, t, &w->items[i], false);
	for (uint32_t i = r->first_passing; i < r->end_passing; i++)
		collect_passed(w, t, &w->passings[i]);
}

/* Whether an alias leads from a place to another one: from one of several to what may be it. If the
 * record itself is one of several, all of them are records. */
static bool leads(const struct alias *a, struct value place, bool down, struct value *to)
{
	if (writes_same_memory(a->is, place) && a->is.off == place.off && !a->is.vague) {
		*to = a->either;
		return true;
	}
	*to = a->is;
	return down && writes_same_memory(a->either, place);
}

/* The same through other names of the memory. */
static void collect(struct writes *w, const struct target *t)
{
	const struct range *r = range_of(w, t->f);
	struct value places[ALIASES_MAX] = {t->place}, to;
	size_t n = 1;
	for (size_t i = 0; i < n && writes_spend(w, 1 + r->end_alias - r->first_alias); i++) {
		struct target one = *t;
		one.place = places[i];
		collect_one(w, &one);
		for (uint32_t k = r->first_alias; k < r->end_alias; k++) {
			bool is_new = leads(&w->aliases[k], places[i],
				t->place.kind == VALUE_EITHER && !i, &to);
			for (size_t p = 0; p < n && is_new; p++)
				is_new = !writes_same_memory(places[p], to);
			if (is_new && n < ALIASES_MAX)
				places[n++] = to;
		}
	}
}

/* ---- stack frames ---- */

/* A set of bytes of the record. */
struct bytes {
	uint64_t bits[FRAME / 64];
};

static bool any_of(const struct bytes *b)
{
	uint64_t any = 0;
	for (unsigned i = 0; i < FRAME / 64; i++)
		any |= b->bits[i];
	return any != 0;
}

/* How many of [from, to) are in the set; removes them on request. */
static unsigned overlap(struct bytes *b, int64_t from, int64_t to, bool remove)
{
	unsigned n = 0;
	for (int64_t i = from < 0 ? 0 : from; i < to && i < FRAME; i++) {
		n += b->bits[i / 64] >> (i % 64) & 1;
		if (remove)
			b->bits[i / 64] &= ~((uint64_t)1 << (i % 64));
	}
	return n;
}

/* Going back from the call. */
struct walk {
	struct writes *w;
	struct arena *arena; /* for this walk */
	const struct target *t;
	const uint8_t *code;
	uint32_t n; /* instructions */
	uint32_t *first,
		*from;      /* by instruction: the part of `from` with the jumps that lead there */
	struct bytes *seen; /* by jump target: bytes that were searched before it */
	uint32_t *target;   /* by instruction: index in seen + 1, 0: not a jump target */
	uint8_t *kept;      /* by write of the function: 1 a part of it is, 2 all of it */
	struct {
		uint32_t before;
		struct bytes need;
	} * todo;
	size_t n_todo, todo_room;
};

static struct insn get(const struct walk *k, uint32_t at)
{
	return insn_get(k->code + (size_t)at * INSN_SIZE, k->w->o->elf.file.big);
}

/* Counts, then lists, the jumps to each instruction. */
static bool find_jumps(struct walk *k)
{
	struct arena *a = k->arena;
	uint32_t targets = 0;
	k->first = arena_array(a, (size_t)k->n + 2, sizeof *k->first);
	k->target = arena_array(a, k->n, sizeof *k->target);
	if (!k->first || !k->target)
		return false;
	for (unsigned pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < k->n; i++) {
			struct insn insn = get(k, i);
			int64_t to = flow_jump(insn, i);
			if (to >= 0 && to < k->n && !pass)
				k->first[to + 2]++;
			else if (to >= 0 && to < k->n)
				k->from[k->first[to + 1]++] = i;
			i += insn_is_wide(insn);
		}
		for (uint32_t i = 0; i < k->n && !pass; i++) {
			if (k->first[i + 2])
				k->target[i] = ++targets;
			k->first[i + 2] += k->first[i + 1];
		}
		if (!pass && !(k->from = arena_array(a, k->first[k->n + 1] + 1, sizeof *k->from)))
			return false;
	}
	k->seen = arena_array(a, targets, sizeof *k->seen);
	return k->seen != NULL;
}

static void push(struct walk *k, uint32_t before, const struct bytes *need)
{
	void *list = arena_grow(k->arena, k->todo, k->n_todo, &k->todo_room, sizeof *k->todo);
	if (!list)
		return;
	k->todo = list;
	k->todo[k->n_todo].before = before;
	k->todo[k->n_todo++].need = *need;
}

/* The effect of instruction i. *write, *passing: the ends of those before it. */
static void go_back(
	struct walk *k, uint32_t i, uint32_t *write, uint32_t *passing, struct bytes *need)
{
	const struct target *t = k->t;
	const struct range *r = range_of(k->w, t->f);
	while (*passing > r->first_passing && k->w->passings[*passing - 1].insn >= i) {
		const struct passing *p = &k->w->passings[--*passing];
		if (p->insn == i)
			collect_passed(k->w, t, p);
	}
	while (*write > r->first_write && k->w->items[*write - 1].insn >= i) {
		const struct write *x = &k->w->items[--*write];
		if (x->insn != i || !writes_same_memory(x->to, t->place))
			continue;
		int64_t off = (int64_t)x->to.off - t->place.off;
		int64_t end = off + (x->len ? x->len : x->most ? x->most : 1);
		unsigned n = overlap(need, off, end, x->len && !x->to.vague);
		bool partial = n < x->len;
		uint8_t *kept = &k->kept[*write - r->first_write], bit = partial ? 1 : 2;
		if (n && *kept < bit)
			keep(k->w, t, x, partial);
		*kept |= n ? bit : 0;
	}
}

/* The ends of the writes and passings before an instruction. */
static void find_ends(const struct walk *k, uint32_t before, uint32_t *write, uint32_t *passing)
{
	const struct range *r = range_of(k->w, k->t->f);
	uint32_t low = r->first_write, high = r->end_write;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (k->w->items[middle].insn < before)
			low = middle + 1;
		else
			high = middle;
	}
	*write = low;
	for (*passing = r->end_passing;
		*passing > r->first_passing && k->w->passings[*passing - 1].insn >= before;)
		--*passing;
}

/* Walks back from an instruction to the start of the function, or until nothing is needed. */
static void walk_back(struct walk *k, uint32_t before, struct bytes need)
{
	uint32_t write, passing;
	find_ends(k, before, &write, &passing);
	for (uint32_t i = before; writes_spend(k->w, 1);) {
		if (i < k->n && k->target[i]) {
			struct bytes *seen = &k->seen[k->target[i] - 1];
			for (unsigned b = 0; b < FRAME / 64; b++) {
				need.bits[b] &= ~seen->bits[b];
				seen->bits[b] |= need.bits[b];
			}
			for (uint32_t j = k->first[i]; j < k->first[i + 1] && any_of(&need); j++)
				push(k, k->from[j], &need);
		}
		if (!i || !any_of(&need))
			return;
		struct insn insn = get(k, --i);
		if (insn.code == (BPF_JMP | BPF_EXIT) ||
			(insn_is_jump(insn) && insn_op(insn) == BPF_JA))
			return;
		go_back(k, i, &write, &passing, &need);
	}
}

/* The effect of instructions [from, to). */
static void go_back_over(struct walk *k, uint32_t from, uint32_t to, struct bytes *need)
{
	uint32_t write, passing;
	find_ends(k, to, &write, &passing);
	while (to > from)
		go_back(k, --to, &write, &passing, need);
}

/* path: of the paths to its `join` only those of the call, if it does not have all. */
static void search_frame(struct walk *k, uint32_t before, const struct record_call *path)
{
	struct bytes need = {{0}};
	const struct target *t = k->t;
	unsigned n = path ? path->n_from : 0;
	for (uint32_t i = 0; i < FRAME && (i < t->size || !t->size); i++)
		need.bits[i / 64] |= (uint64_t)1 << (i % 64);
	if (n)
		go_back_over(k, path->join, before, &need);
	else
		push(k, before, &need);
	for (unsigned i = 0; i < n; i++) {
		struct bytes one = need;
		go_back_over(k, path->from[i], path->from[i] + 1, &one);
		push(k, path->from[i], &one);
	}
	while (k->n_todo) {
		k->n_todo--;
		walk_back(k, k->todo[k->n_todo].before, k->todo[k->n_todo].need);
	}
}

/* The writes to a stack frame that reach an instruction. */
static void collect_frame(
	struct writes *w, const struct target *t, uint32_t before, const struct record_call *path)
{
	struct arena arena = {0};
	const struct range *r = range_of(w, t->f);
	struct walk k = {.w = w,
		.arena = &arena,
		.t = t,
		.code = w->o->elf.sections[t->f->section].data.p + t->f->off,
		.n = (uint32_t)(t->f->size / INSN_SIZE),
		.kept = arena_array(&arena, r->end_write - r->first_write, sizeof *k.kept)};
	if (k.kept && writes_spend(w, k.n) && find_jumps(&k))
		search_frame(&k, before, path);
	w->arena->full |= arena.full;
	arena_free(&arena);
}

/* ---- all together ---- */

static void collect_place(
	struct writes *w, const struct target *t, uint32_t before, const struct record_call *path);

/* The callers of a subprogram that sends its argument. */
static void collect_callers(struct writes *w, const struct target *t)
{
	if (!writes_spend(w, w->n_passings))
		return;
	for (size_t i = 0; i < w->n_passings && t->depth < CALL_DEPTH; i++) {
		const struct passing *p = &w->passings[i];
		struct target outer = *t;
		if (p->to != t->f || t->place.id - 1 >= 5)
			continue;
		outer.f = p->from;
		outer.place = p->args[t->place.id - 1];
		outer.place.off = flow_off((int64_t)outer.place.off + t->place.off);
		outer.depth++;
		if (flow_is_place(outer.place) && !outer.place.vague)
			collect_place(w, &outer, p->insn, NULL);
	}
}

static void collect_place(
	struct writes *w, const struct target *t, uint32_t before, const struct record_call *path)
{
	struct target any = *t;
	switch (t->place.kind) {
	case VALUE_STACK:
		collect_frame(w, t, before, path);
		break;
	case VALUE_PARAM:
		collect(w, t);
		collect_callers(w, t);
		break;
	case VALUE_EITHER:
		collect(w, t);
		break;
	case VALUE_RESULT:
	case VALUE_DATA:
		if (t->place.kind == VALUE_RESULT && !t->place.id) {
			collect(w, t);
			break;
		}
		/* Any function may fill a map's element, or a variable. */
		for (size_t i = 0; i < w->o->n_funcs; i++) {
			any.f = &w->o->funcs[i];
			collect(w, &any);
		}
		break;
	default:
		break;
	}
}

bool writes_to_record(struct writes *w, const struct record_call *call, struct write_list *list)
{
	struct target t = {.f = call->func, .place = call->data, .size = call->size, .list = list};
	if (!call->output)
		t.place = (struct value){.kind = VALUE_RESULT, .at = call->insn};
	collect_place(w, &t, call->insn, call);
	return !w->arena->full;
}
