/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Determines the arguments of calls by data flow analysis within one function.
 *
 * Registers are followed forward. Where paths join (at jump targets) a register keeps its value only
 * if all paths agree on it. Passes over the function are repeated until nothing changes, which takes
 * few, since registers only lose information.
 *
 * Compilers merge the ends of branches: two calls that send different records become one, preceded by
 * branches that set up size and data. Therefore all paths to the last join before a call are kept,
 * and each counts as a separate call.
 */
#include "records_impl.h"

enum {
	REGS = 11,
	PASSES_MAX = 16,
	WINDOW = 64,          /* instructions of straight-line code that a value is followed */
	TAIL = 16,            /* maximum instructions between a join and the call */
	PATHS_MAX = 8,        /* per join */
	JOINS_MAX = 64,       /* in one function */
	STEPS_MAX = 16 << 20, /* visited instructions in total: functions may overlap */
	STATES_MAX = 1 << 16, /* jump targets in one function */
};

/* Helpers that send records, and the registers of their arguments. */
static const struct {
	int32_t helper;
	uint8_t map, data, size; /* data 0: the result is the record; map, size 0: none */
} senders[] = {
	{BPF_FUNC_perf_event_output, 2, 4, 5}, /* (ctx, map, flags, data, size) */
	{BPF_FUNC_skb_output, 2, 4, 5},
	{BPF_FUNC_xdp_output, 2, 4, 5},
	{BPF_FUNC_ringbuf_output, 1, 2, 3},  /* (map, data, size, flags) */
	{BPF_FUNC_ringbuf_reserve, 1, 0, 2}, /* (map, size, flags) */
	{BPF_FUNC_seq_write, 0, 2, 3},       /* (seq, data, size) */
	/* Text, in the same place as records of seq_write. */
	{BPF_FUNC_seq_printf, 0, 2, 0},
	{BPF_FUNC_seq_printf_btf, 0, 2, 0},
};

struct state {
	struct value reg[REGS];
	bool reached;
};

/* The paths that join before a call. */
struct join {
	uint32_t at; /* instruction */
	struct state path[PATHS_MAX];
	unsigned n;
	bool many; /* there are more */
};

struct flow {
	const struct object *o;
	const bool *wanted;            /* by map */
	struct arena *arena, *scratch; /* for results; for one function */
	struct record_calls *calls;
	uint32_t **symbols; /* by section: for each instruction its symbol + 1, 0 none */
	uint64_t steps;     /* left */

	/* The current function. */
	const struct obj_func *f;
	const uint8_t *code;
	uint32_t n;        /* instructions */
	uint32_t *targets; /* by instruction: index of its state + 1, 0: not a jump target */
	struct state *at;  /* those states */
	struct join *joins;
	size_t n_joins, joins_room;
	bool changed, gather, collect; /* a state changed; purpose of the current pass */
	int64_t lowest;                /* stack offset in use */
};

static struct insn get(const struct flow *w, uint32_t i)
{
	return insn_get(w->code + (size_t)i * INSN_SIZE, w->o->elf.file.big);
}

/* ---- relocations ---- */

static uint32_t *read_symbols(struct flow *w, uint32_t section)
{
	const struct elf *elf = &w->o->elf;
	size_t n = elf->sections[section].data.n / INSN_SIZE;
	uint32_t *list = arena_array(w->arena, n, sizeof *list);
	for (size_t i = 1; list && i < elf->n_sections; i++) {
		const struct elf_section *s = &elf->sections[i];
		struct elf_rel rel;
		if ((s->type != ELF_REL && s->type != ELF_RELA) || s->info != section)
			continue;
		for (size_t k = 0; elf_rel(elf, s, k, &rel); k++)
			if (rel.symbol && rel.off / INSN_SIZE < n)
				list[rel.off / INSN_SIZE] = rel.symbol + 1;
	}
	return list;
}

/* The value of a 64-bit load: the address of a map or data, or a number. */
static struct value load_value(const struct flow *w, uint32_t i, struct insn insn)
{
	const struct object *o = w->o;
	uint32_t symbol = w->symbols[w->f->section][w->f->off / INSN_SIZE + i];
	if (!symbol) {
		uint64_t high = i + 1 < w->n ? (uint32_t)get(w, i + 1).imm : 0;
		return (struct value){
			VALUE_NUMBER, 0, 0, (int64_t)(high << 32 | (uint32_t)insn.imm)};
	}
	const struct elf_symbol *sym = &o->elf.symbols[symbol - 1];
	int64_t off = (int64_t)sym->value + insn.imm;
	const struct obj_map *m = object_map_at(o, sym->section, sym->value);
	/* Map addresses are those of symbols; the imm that gcc's assembler emits is ignored. */
	if (sym->type == ELF_SECTION || (m && m->kind == OBJ_MAP_DATA))
		m = off < 0 ? NULL : object_map_at(o, sym->section, (uint64_t)off);
	if (!m)
		return (struct value){0};
	if (m->kind == OBJ_MAP_DATA)
		return (struct value){VALUE_DATA, (uint32_t)(m - o->maps), 0, off};
	return (struct value){VALUE_MAP, (uint32_t)(m - o->maps), 0, 0};
}

/* ---- one instruction ---- */

static bool same(struct value x, struct value y)
{
	return x.kind == y.kind && x.id == y.id && x.at == y.at && x.off == y.off;
}

static bool same_state(const struct state *x, const struct state *y)
{
	for (unsigned r = 0; r < REGS; r++)
		if (!same(x->reg[r], y->reg[r]))
			return false;
	return true;
}

static struct join *join_at(struct flow *w, uint32_t at)
{
	for (size_t i = 0; i < w->n_joins; i++)
		if (w->joins[i].at == at)
			return &w->joins[i];
	return NULL;
}

static void add_path(struct flow *w, uint32_t to, const struct state *s)
{
	struct join *m = join_at(w, to);
	for (unsigned i = 0; m && i < m->n; i++)
		if (same_state(&m->path[i], s))
			return;
	if (m && m->n < PATHS_MAX)
		m->path[m->n++] = *s;
	else if (m)
		m->many = true;
}

/* Merges state s of one path into that of instruction `to`. */
static void merge(struct flow *w, int64_t to, const struct state *s)
{
	if (to < 0 || to >= w->n || !w->targets[to])
		return;
	struct state *t = &w->at[w->targets[to] - 1];
	if (w->gather)
		add_path(w, (uint32_t)to, s);
	if (!t->reached) {
		*t = *s;
		w->changed = true;
		return;
	}
	for (unsigned r = 0; r < REGS; r++)
		if (t->reg[r].kind != VALUE_UNKNOWN && !same(t->reg[r], s->reg[r])) {
			t->reg[r] = (struct value){0};
			w->changed = true;
		}
}

/* The index of a helper call in senders, or -1. */
static int sender_of(struct insn insn)
{
	for (size_t k = 0; k < sizeof senders / sizeof *senders; k++)
		if (insn_calls_helper(insn) && senders[k].helper == insn.imm)
			return (int)k;
	return -1;
}

static void add_call(struct flow *w, const struct state *s, uint32_t i, int sender)
{
	const struct value output = {VALUE_MAP, (uint32_t)w->o->n_maps, 0, 0}, none = {0};
	unsigned data = senders[sender].data, size_in = senders[sender].size;
	struct value map = senders[sender].map ? s->reg[senders[sender].map] : output;
	struct value size = size_in ? s->reg[size_in] : none;
	struct record_calls *c = w->calls;
	if (map.kind != VALUE_MAP || !w->wanted[map.id])
		return;
	struct record_call new = {.func = w->f, .map = map.id, .insn = i, .output = data};
	if (data)
		new.data = s->reg[data];
	if (size.kind == VALUE_NUMBER && size.off > 0 && size.off < 1 << 28)
		new.size = (uint32_t)size.off;
	for (size_t k = c->n; k-- && c->items[k].func == w->f && c->items[k].insn == i;)
		if (c->items[k].map == new.map &&
			c->items[k].size == new.size &&same(c->items[k].data, new.data))
			return;
	struct record_call *list = arena_grow(w->arena, c->items, c->n, &c->room, sizeof *list);
	if (!list)
		return;
	c->items = list;
	list[c->n++] = new;
}

/* The last join in the straight-line code before instruction i. */
static bool find_join(const struct flow *w, uint32_t i, uint32_t *at)
{
	for (uint32_t back = 0; back <= TAIL && back <= i; back++) {
		unsigned class = insn_class(get(w, i - back));
		if (back && (class == BPF_JMP || class == BPF_JMP32))
			return false;
		if (w->targets[i - back]) {
			*at = i - back;
			return true;
		}
	}
	return false;
}

static bool do_insn(struct flow *w, struct state *s, uint32_t i, struct insn insn);

/* Follows one path from a join to the call. */
static void follow_path(struct flow *w, struct state s, uint32_t from, uint32_t i, int sender)
{
	for (uint32_t k = from; k < i; k++) {
		struct insn insn = get(w, k);
		do_insn(w, &s, k, insn);
		if (insn_is_wide(insn))
			k++;
	}
	add_call(w, &s, i, sender);
}

static void collect(struct flow *w, const struct state *s, uint32_t i, int sender)
{
	uint32_t at;
	const struct join *m = find_join(w, i, &at) ? join_at(w, at) : NULL;
	if (!m || m->many)
		add_call(w, s, i, sender);
	for (unsigned k = 0; m && !m->many && k < m->n; k++)
		follow_path(w, m->path[k], at, i, sender);
}

static void do_call(struct flow *w, struct state *s, uint32_t i, struct insn insn)
{
	struct value result = {VALUE_RESULT, 0, i, 0};
	bool helper = insn_calls_helper(insn);
	int sender = w->collect ? sender_of(insn) : -1;
	if (sender >= 0)
		collect(w, s, i, sender);
	bool lookup =
		insn.imm == BPF_FUNC_map_lookup_elem || insn.imm == BPF_FUNC_map_lookup_percpu_elem;
	if (helper && lookup && s->reg[1].kind == VALUE_MAP)
		result.id = s->reg[1].id + 1;
	for (unsigned r = 1; r <= 5; r++)
		s->reg[r] = (struct value){0};
	s->reg[0] = result;
}

static struct value add(struct value x, struct value y, bool minus)
{
	if (x.kind == VALUE_UNKNOWN || x.kind == VALUE_MAP || y.kind != VALUE_NUMBER)
		return (struct value){0};
	uint64_t off = (uint64_t)y.off;
	x.off = (int64_t)((uint64_t)x.off + (minus ? 0 - off : off));
	return x;
}

static void do_alu(struct flow *w, struct state *s, struct insn insn)
{
	struct value none = {0}, operand = {VALUE_NUMBER, 0, 0, insn.imm}, *to = &s->reg[insn.dst];
	unsigned op = insn_op(insn);
	if (insn.code & BPF_X)
		operand = insn.src < REGS ? s->reg[insn.src] : none;
	bool wide = insn_class(insn) == BPF_ALU64;
	if (op == BPF_MOV && !insn.off)
		*to = operand;
	else if (wide && (op == BPF_ADD || op == BPF_SUB))
		*to = add(*to, operand, op == BPF_SUB);
	else
		*to = none;
	if (!wide) {
		if (to->kind == VALUE_NUMBER)
			to->off = (uint32_t)to->off;
		else
			*to = none;
	}
	if (to->kind == VALUE_STACK && to->off < w->lowest)
		w->lowest = to->off;
}

static void do_store(struct flow *w, struct state *s, struct insn insn)
{
	unsigned base = insn_class(insn) == BPF_LDX ? insn.src : insn.dst;
	if (base < REGS && s->reg[base].kind == VALUE_STACK &&
		s->reg[base].off + insn.off < w->lowest)
		w->lowest = s->reg[base].off + insn.off;
	bool atomic = insn_class(insn) == BPF_STX && insn_mode(insn) == BPF_ATOMIC;
	if (insn_class(insn) == BPF_LDX)
		s->reg[insn.dst] = (struct value){0};
	if (atomic && insn.imm & BPF_FETCH)
		s->reg[insn.imm == BPF_CMPXCHG ? 0 : insn.src] = (struct value){0};
	if (atomic && insn.imm == BPF_LOAD_ACQ)
		s->reg[insn.dst] = (struct value){0};
}

/* Returns false if execution does not continue with the next instruction. */
static bool do_insn(struct flow *w, struct state *s, uint32_t i, struct insn insn)
{
	unsigned class = insn_class(insn), op = insn_op(insn);
	if (insn.dst >= REGS || insn.src >= REGS)
		return true;
	if (insn_is_alu(insn)) {
		do_alu(w, s, insn);
	} else if (insn_is_wide(insn)) {
		s->reg[insn.dst] = load_value(w, i, insn);
	} else if (class == BPF_LD) {
		for (unsigned r = 0; r <= 5; r++)
			s->reg[r] = (struct value){0};
	} else if (class == BPF_LDX || class == BPF_ST || class == BPF_STX) {
		do_store(w, s, insn);
	} else if (op == BPF_CALL) {
		do_call(w, s, i, insn);
	} else if (op == BPF_EXIT) {
		return false;
	} else {
		bool far = class == BPF_JMP32 && op == BPF_JA;
		merge(w, (int64_t)i + 1 + (far ? insn.imm : insn.off), s);
		return op != BPF_JA;
	}
	return true;
}

/* ---- one function ---- */

/* *many: there are more than STATES_MAX. */
static bool find_targets(struct flow *w, bool *many)
{
	uint32_t n = 0;
	w->targets = arena_array(w->scratch, w->n, sizeof *w->targets);
	if (!w->targets)
		return false;
	for (uint32_t i = 0; i < w->n; i++) {
		struct insn insn = get(w, i);
		unsigned class = insn_class(insn), op = insn_op(insn);
		if (insn_is_wide(insn))
			i++;
		if ((class != BPF_JMP && class != BPF_JMP32) || op == BPF_CALL || op == BPF_EXIT)
			continue;
		bool far = class == BPF_JMP32 && op == BPF_JA;
		int64_t to = (int64_t)i + 1 + (far ? insn.imm : insn.off);
		if (to >= 0 && to < w->n && !w->targets[to] && n < STATES_MAX)
			w->targets[to] = ++n;
	}
	*many = n == STATES_MAX;
	w->at = arena_array(w->scratch, n, sizeof *w->at);
	return w->at != NULL;
}

static void pass(struct flow *w)
{
	struct state s = {.reached = true};
	for (unsigned r = 1; r <= 5; r++)
		s.reg[r] = (struct value){VALUE_PARAM, r, 0, 0};
	s.reg[BPF_REG_FP] = (struct value){VALUE_STACK, 0, 0, 0};
	w->changed = false;
	for (uint32_t i = 0; i < w->n; i++) {
		struct insn insn = get(w, i);
		if (w->targets[i]) {
			if (s.reached)
				merge(w, i, &s);
			s = w->at[w->targets[i] - 1];
		}
		if (s.reached)
			s.reached = do_insn(w, &s, i, insn);
		if (insn_is_wide(insn))
			i++;
	}
}

/* Finds the joins before calls that send records. */
static bool find_joins(struct flow *w)
{
	uint32_t at;
	w->joins = NULL;
	w->n_joins = w->joins_room = 0;
	for (uint32_t i = 0; i < w->n; i++) {
		struct insn insn = get(w, i);
		if (sender_of(insn) >= 0 && find_join(w, i, &at) && !join_at(w, at) &&
			w->n_joins < JOINS_MAX) {
			struct join *list = arena_grow(
				w->scratch, w->joins, w->n_joins, &w->joins_room, sizeof *list);
			if (!list)
				return false;
			w->joins = list;
			list[w->n_joins++] = (struct join){.at = at};
		}
		if (insn_is_wide(insn))
			i++;
	}
	return true;
}

/* False if memory is exhausted. Functions that are too large or complex are skipped. */
static bool read_func(struct flow *w, const struct obj_func *f)
{
	const struct elf_section *section = &w->o->elf.sections[f->section];
	size_t before = w->calls->n;
	bool many;
	w->f = f;
	w->code = section->data.p + f->off;
	w->n = (uint32_t)(f->size / INSN_SIZE);
	w->lowest = 0;
	if (f->size / INSN_SIZE > w->steps)
		return true;
	if (!w->symbols[f->section])
		w->symbols[f->section] = read_symbols(w, f->section);
	if (!w->symbols[f->section] || !find_targets(w, &many))
		return false;
	unsigned passes = 0;
	do {
		if (many || w->steps < w->n || passes++ == PASSES_MAX)
			return true;
		w->steps -= w->n;
		pass(w);
	} while (w->changed);
	if (!find_joins(w))
		return false;
	w->gather = w->n_joins > 0;
	if (w->gather)
		pass(w);
	w->gather = false;
	w->collect = true;
	pass(w);
	w->collect = false;
	for (size_t i = before; i < w->calls->n; i++)
		w->calls->items[i].frame = (-w->lowest + 7) / 8 * 8;
	return !w->arena->full;
}

bool records_find_calls(
	const struct object *o, const bool *wanted, struct arena *a, struct record_calls *calls)
{
	struct arena scratch = {0};
	struct flow w = {.o = o,
		.wanted = wanted,
		.arena = a,
		.scratch = &scratch,
		.calls = calls,
		.steps = STEPS_MAX};
	bool ok = true;
	*calls = (struct record_calls){0};
	w.symbols = arena_array(a, o->elf.n_sections, sizeof *w.symbols);
	if (!w.symbols)
		return false;
	for (size_t i = 0; i < o->n_funcs && ok; i++) {
		ok = read_func(&w, &o->funcs[i]);
		arena_free(&scratch);
	}
	return ok;
}

/* ---- straight-line code ---- */

/* The locations of a value: a set of registers, and at most one stack slot. */
struct holders {
	uint32_t regs;
	bool has_slot;
	int16_t slot;
};

static bool step(struct holders *h, struct insn insn)
{
	unsigned class = insn_class(insn), op = insn_op(insn);
	bool whole = (insn.code & 0xf8) == (BPF_MEM | BPF_DW);
	uint32_t dst = 1u << insn.dst;
	if (class == BPF_ALU64 && op == BPF_MOV && insn.code & BPF_X && !insn.off) {
		h->regs = h->regs >> insn.src & 1 ? h->regs | dst : h->regs & ~dst;
	} else if (class == BPF_LDX && whole && insn.src == BPF_REG_FP && h->has_slot &&
		   insn.off == h->slot) {
		h->regs |= dst;
	} else if (insn_is_alu(insn) || class == BPF_LDX || insn_is_wide(insn)) {
		h->regs &= ~dst;
	} else if (class == BPF_STX && whole && insn.dst == BPF_REG_FP) {
		if (h->regs >> insn.src & 1) {
			h->has_slot = true;
			h->slot = insn.off;
		} else if (h->has_slot && insn.off == h->slot) {
			h->has_slot = false;
		}
	} else if (class == BPF_ST && insn.dst == BPF_REG_FP && insn.off == h->slot) {
		h->has_slot = false;
	} else if (class == BPF_JMP || class == BPF_JMP32) {
		if (op == BPF_CALL)
			h->regs &= ~0x3fu;
		return op != BPF_EXIT && op != BPF_JA;
	}
	return true;
}

bool records_holds(const struct object *o, const struct obj_func *f, uint32_t from, unsigned reg,
	uint32_t to, bool slot, int64_t where)
{
	const uint8_t *code = o->elf.sections[f->section].data.p + f->off;
	struct holders h = {.regs = 1u << (reg & 15)};
	if (to < from || to - from > WINDOW || to > f->size / INSN_SIZE)
		return false;
	for (uint32_t i = from; i < to; i++) {
		struct insn insn = insn_get(code + (size_t)i * INSN_SIZE, o->elf.file.big);
		if (!step(&h, insn))
			return false;
		if (insn_is_wide(insn))
			i++;
	}
	return slot ? h.has_slot && h.slot == where
	            : where >= 0 && where < REGS && (h.regs >> where & 1);
}
