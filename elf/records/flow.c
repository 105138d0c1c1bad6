/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "flow_impl.h"

enum {
	STEPS_MAX = 16 << 20, /* instructions executed in total */
	BLOCK_VISITS = 8,
	BLOCK_SIZE = 64, /* instructions: bounds flow_before() */
	BLOCKS_MAX = 1 << 15,
	WIDEN_AFTER = 3, /* visits, after which values that still change become unknown */
	SCAN_COST = 16,  /* skipped blocks that cost one step */
};

static uint32_t after(struct insn insn, uint32_t at)
{
	return at + 1 + insn_is_wide(insn);
}

int64_t flow_jump(struct insn insn, uint32_t at)
{
	unsigned op = insn_op(insn);
	if (!insn_is_jump(insn) || op == BPF_CALL || op == BPF_EXIT)
		return -1;
	bool far = insn_class(insn) == BPF_JMP32 && op == BPF_JA;
	return (int64_t)at + 1 + (far ? insn.imm : insn.off);
}

/* ---- tables of sections ---- */

/* The type of the member that an access string names ("0:1:2": indices, the first of which is that
 * of the object itself), 0: none, or a bit-field. */
static uint32_t accessed_type(const struct btf *b, uint32_t type, const char *access)
{
	struct btf_type t;
	bool first = true;
	for (int depth = 0; depth < BTF_DEPTH && *access >= '0' && *access <= '9'; depth++) {
		uint32_t index = 0;
		for (; *access >= '0' && *access <= '9'; access++)
			index = index * 10 + (uint32_t)(*access - '0');
		access += *access == ':';
		btf_skip(b, type, &t);
		if (first) {
			first = false;
			continue;
		}
		struct btf_member m = btf_member(&t, index);
		if (t.kind != BTF_ARRAY && (!btf_is_composite(&t) || m.bit_size))
			return 0;
		type = t.kind == BTF_ARRAY ? t.type : m.type;
	}
	return *access ? 0 : type;
}

static void read_core(struct flow *w, uint32_t section, uint32_t *types, size_t n)
{
	enum { INSN_OFF = 0, TYPE = 4, ACCESS = 8, KIND = 12, FIELD_BYTE_OFFSET = 0 };
	const struct object *o = w->o;
	uint32_t size;
	if (!o->has_btf || !o->has_ext)
		return;
	struct span list = btf_ext_section(
		&o->ext, BTF_EXT_CORE, &o->btf, o->elf.sections[section].name, &size);
	for (uint64_t at = 0; span_has(list, at, size) && size; at += size) {
		uint32_t insn = span_u32(list, at + INSN_OFF) / INSN_SIZE;
		if (insn < n && span_u32(list, at + KIND) == FIELD_BYTE_OFFSET)
			types[insn] = accessed_type(&o->btf, span_u32(list, at + TYPE),
				btf_str(&o->btf, span_u32(list, at + ACCESS)));
	}
}

static bool read_section(struct flow *w, uint32_t section)
{
	const struct elf *elf = &w->o->elf;
	struct flow_section *to = &w->sections[section];
	size_t n = elf->sections[section].data.n / INSN_SIZE;
	to->symbols = arena_array(w->arena, n, sizeof *to->symbols);
	to->types = arena_array(w->arena, n, sizeof *to->types);
	if (!to->symbols || !to->types)
		return false;
	for (size_t i = 1; i < elf->n_sections; i++) {
		const struct elf_section *s = &elf->sections[i];
		struct elf_rel rel;
		if ((s->type != ELF_REL && s->type != ELF_RELA) || s->info != section)
			continue;
		for (size_t k = 0; elf_rel(elf, s, k, &rel); k++)
			if (rel.symbol && rel.off / INSN_SIZE < n)
				to->symbols[rel.off / INSN_SIZE] = rel.symbol + 1;
	}
	read_core(w, section, to->types, n);
	return true;
}

/* The type of the function from .BTF.ext, whose records are in order of their offsets. */
static uint32_t type_of_func(const struct flow *w)
{
	const struct object *o = w->o;
	uint32_t size;
	if (!o->has_btf || !o->has_ext)
		return 0;
	struct span list = btf_ext_section(
		&o->ext, BTF_EXT_FUNC, &o->btf, o->elf.sections[w->f->section].name, &size);
	size_t low = 0, high = size ? list.n / size : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint64_t off = span_u32(list, middle * size);
		if (off == w->f->off)
			return span_u32(list, middle * size + 4);
		if (off < w->f->off)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static void read_params(struct flow *w)
{
	struct btf_type func, proto, pointer;
	uint32_t type = type_of_func(w);
	memset(w->params, 0, sizeof w->params);
	if (!type || !btf_type(&w->o->btf, type, &func) || func.kind != BTF_FUNC ||
		!btf_type(&w->o->btf, func.type, &proto) || proto.kind != BTF_FUNC_PROTO)
		return;
	for (uint32_t i = 0; i < 5 && i < proto.vlen; i++)
		if (btf_skip(&w->o->btf, btf_param(&proto, i).type, &pointer) &&
			pointer.kind == BTF_PTR)
			w->params[i + 1] = pointer.type;
}

/* ---- joins ---- */

int32_t flow_most(struct value v)
{
	if (v.kind == VALUE_PIECE)
		return (int32_t)v.at - 1;
	return v.kind == VALUE_NUMBER || v.kind == VALUE_UPTO ? v.off : -1;
}

/* NULL or 0, which the other path replaces: what is known about that remains true enough. */
static bool is_default_of(struct value zero, struct value v)
{
	return zero.kind == VALUE_NUMBER && !zero.off && (v.kind >= VALUE_MAP || v.means);
}

/* The meaning of a value that is nothing but that. */
static uint8_t whole_meaning(struct value v)
{
	bool computed = v.kind == VALUE_RESULT && v.off;
	return v.part == PART_WHOLE && !v.vague && !computed ? v.means : MEANS_NOTHING;
}

static bool may_be_either(struct value v)
{
	return (v.kind == VALUE_RESULT || v.kind == VALUE_EITHER) && flow_is_place(v) && !v.off &&
	       !v.vague && !v.means;
}

struct join {
	uint32_t at; /* instruction */
	bool widen;  /* values that still change become unknown */
};

/* x: what holder `id`, a register or slot, held so far. */
static struct value join(struct value x, struct value y, const struct join *j, uint32_t id)
{
	bool either = x.kind == VALUE_EITHER && x.at == j->at && x.id == id;
	if (flow_same(x, y) || is_default_of(y, x))
		return x;
	if (is_default_of(x, y))
		return y;
	if (x.kind == VALUE_PIECE && y.kind == VALUE_PIECE) {
		uint32_t at = x.at > y.at ? x.at : y.at;
		x.at = y.at = x.at && y.at && !j->widen ? at : 0;
		if (flow_same(x, y))
			return x;
	}
	int32_t most = flow_most(x), other = flow_most(y);
	if (most >= 0 && other >= 0 && !j->widen)
		return (struct value){.kind = VALUE_UPTO,
			.means = x.means == y.means ? x.means : MEANS_NOTHING,
			.off = most > other ? most : other};
	if (flow_is_place(x) && x.kind == y.kind && x.id == y.id && x.at == y.at &&
		x.part == y.part) {
		if (j->widen)
			return (struct value){0};
		x.vague = true;
		x.off = x.off < y.off ? x.off : y.off;
		return x;
	}
	if (either && flow_is_place(y))
		return x;
	if (may_be_either(x) && may_be_either(y))
		return (struct value){.kind = VALUE_EITHER, .id = id, .at = j->at};
	uint8_t means = whole_meaning(x);
	return (struct value){.is_signed = x.is_signed && y.is_signed,
		.means = means == whole_meaning(y) ? means : MEANS_NOTHING,
		.width = x.width == y.width ? x.width : 0};
}

/* Joins the slots of s into those of t. Returns whether these changed. */
static bool join_slots(struct flow_state *t, const struct flow_state *s, const struct join *j)
{
	unsigned n = 0, k = 0;
	bool changed = false;
	for (unsigned i = 0; i < t->n_slots; i++) {
		struct flow_slot *x = &t->slots[i];
		while (k < s->n_slots && s->slots[k].off < x->off)
			k++;
		bool both = k < s->n_slots && s->slots[k].off == x->off &&
		            s->slots[k].width == x->width;
		struct value v = {0};
		if (both)
			v = join(x->v, s->slots[k].v, j, flow_slot_id(x->off));
		bool kept = v.kind || v.means ||
		            (both && x->width == 8 && !v.width && v.part == PART_WHOLE);
		changed |= !kept || !flow_same(v, x->v);
		if (kept)
			t->slots[n++] = (struct flow_slot){x->off, x->width, v};
	}
	t->n_slots = (uint8_t)n;
	return changed;
}

void flow_merge(struct flow *w, uint32_t from, int64_t to, const struct flow_state *s)
{
	if (to < 0 || to >= w->n || !w->blocks[to])
		return;
	uint32_t block = w->blocks[to] - 1;
	struct flow_state *t = w->in[block];
	for (size_t i = 0; i < w->n_visitors && t; i++)
		if (w->visitors[i].edge)
			w->visitors[i].edge(w->visitors[i].ctx, w, from, (uint32_t)to, s);
	if (w->n_visitors)
		return;
	if (!t) {
		w->in[block] = arena_copy(&w->scratch, s, flow_size(s));
		w->dirty[block] = true;
		if (block < w->next) /* a jump back to code that nothing else has reached */
			w->next = block;
		return;
	}
	const struct join j = {(uint32_t)to, w->visits[block] >= WIDEN_AFTER};
	bool changed = false;
	for (unsigned r = 0; r < FLOW_REGS; r++) {
		if (flow_same(t->reg[r], s->reg[r])) /* most are */
			continue;
		struct value v = join(t->reg[r], s->reg[r], &j, r);
		changed |= !flow_same(v, t->reg[r]);
		t->reg[r] = v;
	}
	changed |= join_slots(t, s, &j);
	w->dirty[block] |= changed;
	if (changed && block < w->next)
		w->next = block;
}

/* ---- one function ---- */

static void start_block(struct flow *w, uint32_t at)
{
	if (!w->blocks[at])
		w->blocks[at] = ++w->n_blocks;
}

static bool decode(struct flow *w)
{
	const uint8_t *code = w->o->elf.sections[w->f->section].data.p + w->f->off;
	struct insn *insns = arena_array(&w->scratch, w->n, sizeof *insns);
	for (uint32_t i = 0; insns && i < w->n; i++)
		insns[i] = insn_get(code + (size_t)i * INSN_SIZE, w->o->elf.file.big);
	w->insns = insns;
	return insns != NULL;
}

/* Blocks start at jump targets, and after every BLOCK_SIZE instructions. They are numbered in address
 * order. */
static bool find_blocks(struct flow *w)
{
	w->n_blocks = 0;
	w->blocks = arena_array(&w->scratch, w->n, sizeof *w->blocks);
	w->is_target = arena_array(&w->scratch, w->n, sizeof *w->is_target);
	if (!w->blocks || !w->is_target)
		return false;
	for (uint32_t i = 0; i < w->n;) {
		struct insn insn = flow_insn(w, i);
		int64_t to = flow_jump(insn, i);
		if (to >= 0 && to < w->n)
			w->is_target[to] = true;
		i = after(insn, i);
	}
	uint32_t wide = 0; /* the second slot of a wide instruction; only jumps lead there */
	for (uint32_t i = 0, since = 0; i < w->n; i++, since++) {
		if (!i || w->is_target[i] || (since >= BLOCK_SIZE && i != wide)) {
			start_block(w, i);
			since = 0;
		}
		if (i != wide || !i)
			wide = insn_is_wide(flow_insn(w, i)) ? i + 1 : 0;
	}
	w->starts = arena_array(&w->scratch, w->n_blocks, sizeof *w->starts);
	w->in = arena_array(&w->scratch, w->n_blocks, sizeof *w->in);
	w->visits = arena_array(&w->scratch, w->n_blocks, sizeof *w->visits);
	w->dirty = arena_array(&w->scratch, w->n_blocks, sizeof *w->dirty);
	for (uint32_t i = 0; w->starts && i < w->n; i++)
		if (w->blocks[i])
			w->starts[w->blocks[i] - 1] = i;
	return !w->scratch.full;
}

/* Nothing is known before the function, or any more; slots are left out. */
static void forget_all(struct flow_state *s)
{
	memset(s, 0, offsetof(struct flow_state, slots));
	s->reached = true;
	s->reg[BPF_REG_FP].kind = VALUE_STACK;
}

/* Executes a block; reports to the visitors if there are any. */
static void run_block(struct flow *w, uint32_t block)
{
	struct flow_state s;
	flow_copy(&s, w->in[block]);
	for (uint32_t i = w->starts[block];;) {
		struct insn insn = flow_insn(w, i);
		uint32_t next = after(insn, i);
		for (size_t k = 0; k < w->n_visitors; k++)
			if (w->visitors[k].before)
				w->visitors[k].before(w->visitors[k].ctx, w, i, insn, &s);
		if (w->steps)
			w->steps--;
		if (!flow_execute(w, &s, i, insn, true) || next >= w->n)
			return;
		if (w->blocks[next]) {
			flow_merge(w, i, next, &s);
			return;
		}
		i = next;
	}
}

/* Visits blocks until nothing changes; false if steps or memory are exhausted. */
static bool interpret(struct flow *w)
{
	struct flow_state s;
	forget_all(&s);
	for (uint8_t r = 1; r <= 5; r++)
		s.reg[r] = (struct value){.kind = VALUE_PARAM, .id = r};
	w->n_visitors = 0;
	flow_merge(w, 0, 0, &s);
	for (uint32_t block = 0, skipped = 0; block < w->n_blocks; block = w->next) {
		w->next = block + 1;
		if (!w->dirty[block]) {
			if (++skipped % SCAN_COST == 0 && w->steps)
				w->steps--;
			continue;
		}
		if (!w->steps || w->scratch.full)
			return false;
		if (w->visits[block] == BLOCK_VISITS)
			forget_all(w->in[block]);
		else
			w->visits[block]++;
		w->dirty[block] = false;
		run_block(w, block);
	}
	return !w->scratch.full;
}

bool flow_run(
	struct flow *w, const struct obj_func *f, const struct flow_visitor *visitors, size_t n)
{
	uint64_t size = f->size / INSN_SIZE;
	arena_free(&w->scratch);
	w->f = f;
	w->n = 0;
	w->loads = 0;
	if (size > w->steps)
		return true;
	if (!w->sections[f->section].types && !read_section(w, f->section))
		return false;
	w->n = (uint32_t)size;
	read_params(w);
	if (!decode(w) || !find_blocks(w)) {
		w->n = 0;
		return false;
	}
	if (w->n_blocks > BLOCKS_MAX || !interpret(w)) {
		w->n = 0;
		return !w->scratch.full;
	}
	for (size_t i = 0; i < n; i++)
		if (visitors[i].start)
			visitors[i].start(visitors[i].ctx, w);
	w->visitors = visitors;
	w->n_visitors = n;
	for (uint32_t block = 0; block < w->n_blocks && n; block++)
		if (w->in[block])
			run_block(w, block);
	w->n_visitors = 0;
	for (size_t i = 0; i < n; i++)
		if (visitors[i].end)
			visitors[i].end(visitors[i].ctx, w);
	return !w->scratch.full;
}

void flow_step(struct flow *w, struct flow_state *s, uint32_t at)
{
	s->reached = flow_execute(w, s, at, flow_insn(w, at), false);
}

void flow_before(struct flow *w, uint32_t at, struct flow_state *s)
{
	uint32_t i = at;
	s->reached = false;
	if (at >= w->n)
		return;
	while (!w->blocks[i])
		i--;
	if (!w->in[w->blocks[i] - 1])
		return;
	flow_copy(s, w->in[w->blocks[i] - 1]);
	while (i < at && s->reached) {
		uint32_t next = after(flow_insn(w, i), i);
		flow_step(w, s, i);
		i = next;
	}
	s->reached &= i == at;
}

const struct obj_func *flow_callee(const struct flow *w, uint32_t at, struct insn insn)
{
	if (insn.code != (BPF_JMP | BPF_CALL) || insn.src != BPF_PSEUDO_CALL)
		return NULL;
	uint64_t place = w->f->off / INSN_SIZE + at;
	uint32_t section = w->f->section, symbol = w->sections[section].symbols[place];
	int64_t off = ((int64_t)place + 1 + insn.imm) * INSN_SIZE;
	if (symbol) {
		const struct elf_symbol *sym = &w->o->elf.symbols[symbol - 1];
		section = sym->section;
		off = (int64_t)sym->value + ((int64_t)insn.imm + 1) * INSN_SIZE;
	}
	return off < 0 ? NULL : object_func_at(w->o, section, (uint64_t)off);
}

bool flow_open(struct flow *w, const struct object *o, struct arena *a)
{
	*w = (struct flow){.o = o, .arena = a, .steps = STEPS_MAX};
	w->sections = arena_array(a, o->elf.n_sections, sizeof *w->sections);
	return w->sections != NULL;
}

void flow_close(struct flow *w)
{
	arena_free(&w->scratch);
}
