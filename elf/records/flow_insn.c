/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Executes one instruction on abstract values. */
#include "flow_impl.h"

enum {
	HIGH_HALF = 32,         /* shift */
	BPF_F_USER_STACK = 256, /* flag of get_stackid and get_stack */
	TYPE_DEPTH = 16,        /* of nested members */
	TYPE_NODES = 64,        /* members that one search looks at */
	TYPE_COST = 64,         /* steps of such a search */
};

/* clang-format off */

#define F(helper, ...) {BPF_FUNC_##helper, __VA_ARGS__}
static const struct flow_fill fills[] = {
	/*                          to size kind      from bytes */
	F(get_current_comm,         1, 2, FILL_TEXT,  0, 0),
	F(probe_read_str,           1, 2, FILL_TEXT,  0, 0),
	F(probe_read_user_str,      1, 2, FILL_TEXT,  0, 0),
	F(probe_read_kernel_str,    1, 2, FILL_TEXT,  0, 0),
	F(d_path,                   2, 3, FILL_TEXT,  0, 0),
	F(snprintf,                 1, 2, FILL_TEXT,  0, 0),
	F(snprintf_btf,             1, 2, FILL_TEXT,  0, 0),
	F(sysctl_get_name,          2, 3, FILL_TEXT,  0, 0),
	F(sysctl_get_current_value, 2, 3, FILL_TEXT,  0, 0),
	F(sysctl_get_new_value,     2, 3, FILL_TEXT,  0, 0),
	F(probe_read,               1, 2, FILL_COPY,  3, 0),
	F(probe_read_user,          1, 2, FILL_COPY,  3, 0),
	F(probe_read_kernel,        1, 2, FILL_COPY,  3, 0),
	F(copy_from_user,           1, 2, FILL_COPY,  3, 0),
	F(copy_from_user_task,      1, 2, FILL_COPY,  3, 0),
	F(skb_load_bytes,           3, 4, FILL_COPY,  0, 0),
	F(skb_load_bytes_relative,  3, 4, FILL_COPY,  0, 0),
	F(xdp_load_bytes,           3, 4, FILL_COPY,  0, 0),
	F(dynptr_read,              1, 2, FILL_COPY,  0, 0),
	F(get_stack,                2, 3, FILL_STACK, 0, 0),
	F(get_task_stack,           2, 3, FILL_STACK, 0, 0),
	F(perf_event_read_value,    3, 4, FILL_BYTES, 0, 0),
	F(perf_prog_read_value,     2, 3, FILL_BYTES, 0, 0),
	F(read_branch_records,      2, 3, FILL_BYTES, 0, 0),
	F(get_branch_snapshot,      1, 2, FILL_BYTES, 0, 0),
	F(get_ns_current_pid_tgid,  3, 4, FILL_BYTES, 0, 0),
	F(getsockopt,               4, 5, FILL_BYTES, 0, 0),
	F(fib_lookup,               2, 3, FILL_BYTES, 0, 0),
	F(skb_get_tunnel_key,       2, 3, FILL_BYTES, 0, 0),
	F(ima_inode_hash,           2, 3, FILL_BYTES, 0, 0),
	F(ima_file_hash,            2, 3, FILL_BYTES, 0, 0),
	F(strtol,                   4, 0, FILL_BYTES, 0, 8),
	F(strtoul,                  4, 0, FILL_BYTES, 0, 8),
	F(get_func_arg,             3, 0, FILL_BYTES, 0, 8),
	F(get_func_ret,             2, 0, FILL_BYTES, 0, 8),
};
#undef F

/* clang-format on */

/* Helpers that return the address of a map's value; the map is argument 1. */
static bool is_lookup(int32_t helper)
{
	switch (helper) {
	case BPF_FUNC_map_lookup_elem:
	case BPF_FUNC_map_lookup_percpu_elem:
	case BPF_FUNC_get_local_storage:
	case BPF_FUNC_sk_storage_get:
	case BPF_FUNC_inode_storage_get:
	case BPF_FUNC_task_storage_get:
	case BPF_FUNC_cgrp_storage_get:
		return true;
	default:
		return false;
	}
}

/* flags: argument 3. */
static enum value_meaning meaning_of(int32_t helper, struct value flags)
{
	switch (helper) {
	case BPF_FUNC_get_current_pid_tgid:
		return MEANS_PID_TGID;
	case BPF_FUNC_get_current_uid_gid:
		return MEANS_UID_GID;
	case BPF_FUNC_get_func_ip:
		return MEANS_KERNEL_ADDRESS;
	case BPF_FUNC_ktime_get_ns:
	case BPF_FUNC_ktime_get_coarse_ns:
		return MEANS_TIME;
	case BPF_FUNC_ktime_get_boot_ns:
		return MEANS_BOOT_TIME;
	case BPF_FUNC_get_current_cgroup_id:
	case BPF_FUNC_get_current_ancestor_cgroup_id:
	case BPF_FUNC_skb_cgroup_id:
	case BPF_FUNC_skb_ancestor_cgroup_id:
	case BPF_FUNC_sk_cgroup_id:
	case BPF_FUNC_sk_ancestor_cgroup_id:
		return MEANS_CGROUP;
	case BPF_FUNC_get_stackid:
		if (flags.kind != VALUE_NUMBER)
			return MEANS_NOTHING;
		return flags.off & BPF_F_USER_STACK ? MEANS_USER_STACK : MEANS_KERNEL_STACK;
	default:
		return MEANS_NOTHING;
	}
}

const struct flow_fill *flow_fill(struct insn insn)
{
	for (size_t i = 0; i < sizeof fills / sizeof *fills; i++)
		if (insn_calls_helper(insn) && fills[i].helper == insn.imm)
			return &fills[i];
	return NULL;
}

/* ---- types ---- */

static uint32_t type_at(const struct btf *b, uint32_t type, uint64_t off, uint64_t width,
	unsigned depth, unsigned *nodes)
{
	struct btf_type t;
	if (++*nodes > TYPE_NODES || depth == TYPE_DEPTH)
		return 0;
	int64_t size = btf_size(b, type);
	if (size < 0 || off >= (uint64_t)size || width > (uint64_t)size - off)
		return 0;
	if (!off && width == (uint64_t)size)
		return type;
	btf_skip(b, type, &t);
	if (t.kind == BTF_ARRAY) {
		int64_t element = btf_size(b, t.type);
		return element > 0 ? type_at(b, t.type, off % (uint64_t)element, width, depth + 1,
					     nodes)
		                   : 0;
	}
	if (!btf_is_composite(&t))
		return 0;
	/* The last member that starts at or before this offset; of a union any member may fit. */
	uint32_t low = 0, high = t.vlen;
	while (t.kind == BTF_STRUCT && high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (btf_member(&t, middle).bit_off <= off * 8)
			low = middle;
		else
			high = middle;
	}
	for (uint32_t i = low; i < high && *nodes <= TYPE_NODES; i++) {
		struct btf_member m = btf_member(&t, i);
		if (m.bit_size || m.bit_off % 8 || m.bit_off / 8 > off)
			continue;
		uint32_t found = type_at(b, m.type, off - m.bit_off / 8, width, depth + 1, nodes);
		if (found)
			return found;
	}
	return 0;
}

uint32_t flow_type_at(const struct btf *b, uint32_t type, int64_t off, uint64_t width)
{
	unsigned nodes = 0;
	return type && off >= 0 && width ? type_at(b, type, (uint64_t)off, width, 0, &nodes) : 0;
}

/* The object that a pointer in memory points to, 0 unknown. */
static uint32_t pointee(struct flow *w, struct value v)
{
	struct btf_type t;
	const struct btf *b = &w->o->btf;
	if (v.kind != VALUE_PIECE)
		return 0;
	w->steps -= w->steps < TYPE_COST ? w->steps : TYPE_COST;
	uint32_t type = flow_type_at(b, v.id, v.off, b->ptr_size);
	return type && btf_skip(b, type, &t) && t.kind == BTF_PTR ? t.type : 0;
}

/* The meaning of the 8 bytes at v + off, if they are those of a map's value. */
static uint8_t time_in_map(const struct flow *w, struct value v, int64_t off)
{
	for (size_t i = 0; i < w->n_times && v.kind == VALUE_RESULT && !v.vague; i++)
		if (w->times[i].map + 1 == v.id && w->times[i].off == v.off + off)
			return w->times[i].means;
	return MEANS_NOTHING;
}

/* What is at v + off in memory other than the stack. */
static struct value content(struct flow *w, struct value v, int64_t off, unsigned width)
{
	struct value piece = {.kind = VALUE_PIECE,
		.width = (uint8_t)width,
		.means = width == 8 ? time_in_map(w, v, off) : MEANS_NOTHING,
		.off = flow_off(v.off + off)};
	if (width == 8 && v.kind == VALUE_RESULT && v.id)
		w->loads |= flow_map_bit(v.id - 1);
	if (v.kind == VALUE_ADDRESS)
		piece.id = v.id;
	else if (v.kind == VALUE_PARAM && v.id <= 5)
		piece.id = w->params[v.id];
	else if (v.kind == VALUE_RESULT && v.id)
		piece.id = w->o->maps[v.id - 1].value_type;
	else if ((piece.id = pointee(w, v)))
		piece.off = flow_off(off);
	if (!piece.id || v.vague)
		return (struct value){.width = (uint8_t)width, .means = piece.means};
	/* An element of an array of numbers, such as the arguments of a function. */
	if (v.kind == VALUE_PARAM && btf_size(&w->o->btf, piece.id) == (int64_t)width)
		return (struct value){0};
	return piece;
}

/* ---- stack slots ---- */

struct value flow_load(const struct flow_state *s, int64_t off, unsigned width)
{
	for (unsigned i = 0; i < s->n_slots; i++)
		if (s->slots[i].off == off && s->slots[i].width == width)
			return s->slots[i].v;
	return (struct value){.width = (uint8_t)width};
}

/* Forgets what is in [from, to). */
static void forget(struct flow_state *s, int64_t from, int64_t to)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->n_slots; i++)
		if (s->slots[i].off >= to || s->slots[i].off + s->slots[i].width <= from)
			s->slots[n++] = s->slots[i];
	s->n_slots = (uint8_t)n;
}

/* A register that holds a computed number is spilled whole; without that, the number would seem to be
 * copied from memory. */
static bool is_spill(unsigned width, struct value v)
{
	return width == 8 && !v.kind && !v.width && v.part == PART_WHOLE;
}

static void put(struct flow_state *s, int64_t off, unsigned width, struct value v)
{
	unsigned room = v.kind || v.means ? FLOW_SLOTS : is_spill(width, v) ? FLOW_SPILLS : 0;
	forget(s, off, off + width);
	if (s->n_slots >= room || off < INT16_MIN || off > INT16_MAX)
		return;
	unsigned i = s->n_slots++;
	for (; i && s->slots[i - 1].off > off; i--)
		s->slots[i] = s->slots[i - 1];
	s->slots[i] = (struct flow_slot){(int16_t)off, (uint8_t)width, v};
}

/* ---- instructions ---- */

/* The value of a 64-bit load: the address of a map or data, or a number. */
static struct value constant(const struct flow *w, uint32_t at, struct insn insn)
{
	const struct object *o = w->o;
	uint32_t symbol = w->sections[w->f->section].symbols[w->f->off / INSN_SIZE + at];
	if (!symbol) {
		uint64_t high = at + 1 < w->n ? (uint32_t)flow_insn(w, at + 1).imm : 0;
		return (struct value){.kind = VALUE_NUMBER,
			.off = flow_off((int64_t)(high << HIGH_HALF | (uint32_t)insn.imm))};
	}
	const struct elf_symbol *sym = &o->elf.symbols[symbol - 1];
	int64_t off = (int64_t)sym->value + insn.imm;
	const struct obj_map *m = object_map_at(o, sym->section, sym->value);
	/* Map addresses are those of symbols; the imm that gcc's assembler emits is ignored. */
	if (sym->type == ELF_SECTION || (m && m->kind == OBJ_MAP_DATA))
		m = off < 0 ? NULL : object_map_at(o, sym->section, (uint64_t)off);
	if (!m)
		return (struct value){0};
	uint32_t id = (uint32_t)(m - o->maps);
	if (m->kind == OBJ_MAP_DATA)
		return (struct value){.kind = VALUE_DATA, .id = id, .off = flow_off(off)};
	return (struct value){.kind = VALUE_MAP, .id = id};
}

static struct value add(struct flow *w, struct value x, struct value y, bool minus)
{
	struct value unknown = {0};
	if (!minus && !flow_is_place(x) && (flow_is_place(y) || x.kind == VALUE_OFFSET)) {
		struct value swap = x;
		x = y;
		y = swap;
	}
	if (y.kind == VALUE_OFFSET && !minus)
		return (struct value){.kind = VALUE_ADDRESS, .id = y.id};
	if (y.kind != VALUE_NUMBER) {
		x.vague = true;
		return flow_is_place(x) ? x : unknown;
	}
	int64_t off = minus ? -(int64_t)y.off : y.off;
	if (x.kind == VALUE_PIECE) {
		uint32_t type = pointee(w, x);
		x = (struct value){.kind = type ? VALUE_ADDRESS : VALUE_UNKNOWN, .id = type};
	}
	if (!flow_is_place(x) && x.kind != VALUE_NUMBER && x.kind != VALUE_ADDRESS)
		return unknown;
	bool far = x.off == FLOW_FAR || y.off == FLOW_FAR;
	x.off = far ? FLOW_FAR : flow_off(x.off + off);
	return x.off == FLOW_FAR && x.kind != VALUE_NUMBER ? unknown : x;
}

static struct value shift(struct value x, unsigned op)
{
	bool halves = x.kind == VALUE_RESULT && !x.off && !x.id;
	if (x.kind == VALUE_UPTO && (op == BPF_LSH) == (x.part != PART_SHIFTED)) {
		x.part = op == BPF_LSH ? PART_SHIFTED : PART_WHOLE; /* to 32 bits and back */
	} else if (halves && op == BPF_LSH && x.part != PART_HIGH) {
		x.part = PART_SHIFTED;
	} else if (halves && op != BPF_LSH && x.part != PART_LOW && x.part != PART_HIGH) {
		x.part = x.part == PART_SHIFTED ? PART_LOW : PART_HIGH;
		x.is_signed = op == BPF_ARSH;
	} else {
		x = (struct value){.is_signed = op == BPF_ARSH,
			.part = op == BPF_LSH ? PART_SHIFTED : PART_WHOLE};
	}
	return x;
}

static struct value compute(uint64_t x, uint64_t y, unsigned op)
{
	uint64_t v = 0;
	switch (op) {
	case BPF_MUL:
		v = x * y;
		break;
	case BPF_OR:
		v = x | y;
		break;
	case BPF_AND:
		v = x & y;
		break;
	case BPF_XOR:
		v = x ^ y;
		break;
	case BPF_LSH:
		v = x << (y & 63);
		break;
	case BPF_RSH:
		v = x >> (y & 63);
		break;
	default:
		return (struct value){0};
	}
	return (struct value){.kind = VALUE_NUMBER, .off = flow_off((int64_t)v)};
}

/* The low 32 bits, zero-extended. */
static struct value low_half(struct value v)
{
	if (v.kind == VALUE_NUMBER)
		v.off = v.off < 0 ? FLOW_FAR : v.off;
	else if (v.kind == VALUE_RESULT && v.part == PART_WHOLE && !v.off && !v.id)
		v.part = PART_LOW;
	else if (v.kind != VALUE_PIECE && v.kind != VALUE_UPTO &&
		 !(v.kind == VALUE_RESULT && v.part != PART_SHIFTED && v.part != PART_WHOLE))
		v = (struct value){.width = v.width, .part = v.part};
	return v;
}

/* The difference of two times, or such a difference in a larger unit; else nothing. */
static uint8_t duration(struct value x, struct value y, unsigned op)
{
	enum { THOUSAND = 1000, MILLION = 1000000 };
	bool more = op == BPF_DIV && y.kind == VALUE_NUMBER && x.kind == VALUE_UNKNOWN;
	if (op == BPF_SUB && flow_is_time(x) && flow_is_time(y) && x.means == y.means)
		return MEANS_NS;
	if (more && x.means == MEANS_NS)
		return y.off == THOUSAND ? MEANS_US : y.off == MILLION ? MEANS_MS : MEANS_NOTHING;
	return more && x.means == MEANS_US && y.off == THOUSAND ? MEANS_MS : MEANS_NOTHING;
}

static struct value operate(
	struct flow *w, struct value x, struct value y, unsigned op, struct insn insn)
{
	bool wide = insn_class(insn) == BPF_ALU64;
	if (op == BPF_MOV && insn.off && insn.code & BPF_X) /* sign-extending, or a special move */
		return y.kind == VALUE_NUMBER ? (struct value){0}
		                              : (struct value){.is_signed = true};
	if (op == BPF_MOV)
		return y;
	uint8_t means = wide ? duration(x, y, op) : MEANS_NOTHING;
	if (means)
		return (struct value){.means = means};
	if ((op == BPF_ADD || op == BPF_SUB) && (wide || x.kind == VALUE_NUMBER)) {
		struct value sum = add(w, x, y, op == BPF_SUB);
		if (sum.kind)
			return sum;
	}
	bool far = x.off == FLOW_FAR || y.off == FLOW_FAR; /* a constant nevertheless */
	if (x.kind == VALUE_NUMBER && y.kind == VALUE_NUMBER)
		return far ? (struct value){.kind = VALUE_NUMBER, .off = FLOW_FAR}
		           : compute((uint64_t)x.off, (uint64_t)y.off, op);
	if (op == BPF_AND && flow_most(y) >= 0)
		return (struct value){.kind = VALUE_UPTO, .off = flow_most(y)};
	bool half = y.kind == VALUE_NUMBER && y.off == HIGH_HALF && wide;
	if (half && (op == BPF_LSH || op == BPF_RSH || op == BPF_ARSH))
		return shift(x, op);
	/* Two values in one: a shifted one, then both. */
	bool shifted = x.part == PART_SHIFTED || y.part == PART_SHIFTED;
	return (struct value){.is_signed = op == BPF_ARSH,
		.part = op == BPF_LSH                                ? PART_SHIFTED
	                : shifted && (op == BPF_OR || op == BPF_ADD) ? PART_HIGH
	                                                             : PART_WHOLE};
}

static void do_alu(struct flow *w, struct flow_state *s, uint32_t member, struct insn insn)
{
	struct value operand = {.kind = VALUE_NUMBER, .off = insn.imm}, *to = &s->reg[insn.dst];
	unsigned op = insn_op(insn);
	if (insn.code & BPF_X)
		operand = s->reg[insn.src];
	else if (member)
		operand = (struct value){.kind = VALUE_OFFSET, .id = member};
	if (op == BPF_NEG || op == BPF_END)
		*to = (struct value){0};
	else
		*to = operate(w, *to, operand, op, insn);
	if (insn_class(insn) == BPF_ALU)
		*to = low_half(*to);
}

static void do_load(struct flow *w, struct flow_state *s, uint32_t member, struct insn insn)
{
	struct value base = s->reg[insn.src], *to = &s->reg[insn.dst];
	unsigned width = insn_width(insn);
	if (member)
		*to = (struct value){.kind = VALUE_PIECE, .width = (uint8_t)width, .id = member};
	else if (base.kind == VALUE_STACK && !base.vague)
		*to = flow_load(s, (int64_t)base.off + insn.off, width);
	else
		*to = content(w, base, insn.off, width);
	if (insn_mode(insn) == BPF_MEMSX && !to->kind)
		to->is_signed = true;
}

static void do_store(struct flow_state *s, struct insn insn)
{
	struct value base = s->reg[insn.dst];
	bool atomic = insn_class(insn) == BPF_STX && insn_mode(insn) == BPF_ATOMIC;
	struct value v = {.kind = VALUE_NUMBER, .off = insn.imm};
	if (insn_class(insn) == BPF_STX)
		v = s->reg[insn.src];
	if (base.kind == VALUE_STACK && base.vague)
		forget(s, base.off, INT16_MAX); /* may be an array of any size */
	else if (base.kind == VALUE_STACK)
		put(s, (int64_t)base.off + insn.off, insn_width(insn),
			atomic ? (struct value){0} : v);
	if (atomic && insn.imm & BPF_FETCH)
		s->reg[insn.imm == BPF_CMPXCHG ? 0 : insn.src] = (struct value){0};
	if (atomic && insn.imm == BPF_LOAD_ACQ)
		s->reg[insn.dst] = (struct value){0};
}

/* What a call writes to the stack. */
static void fill_stack(struct flow_state *s, struct insn insn)
{
	const struct flow_fill *f = flow_fill(insn);
	if (!f) {
		/* Helpers that are not in the table only read. Others may write what they get the
		 * address of; spilled registers are below that. */
		for (unsigned r = 1; insn.src && r <= 5; r++)
			if (s->reg[r].kind == VALUE_STACK)
				forget(s, s->reg[r].off, INT16_MAX);
		return;
	}
	struct value to = s->reg[f->to], size = {.kind = VALUE_NUMBER, .off = f->bytes};
	struct value from = f->from ? s->reg[f->from] : (struct value){0};
	if (f->size)
		size = s->reg[f->size];
	if (to.kind != VALUE_STACK)
		return;
	bool exact = size.kind == VALUE_NUMBER && size.off >= 0 && size.off <= INT16_MAX;
	forget(s, to.off, exact && !to.vague ? (int64_t)to.off + size.off : INT16_MAX);
	if (exact && size.off <= 8 && !to.vague && from.kind == VALUE_ADDRESS)
		put(s, to.off, (unsigned)size.off,
			(struct value){.kind = VALUE_PIECE, .id = from.id, .off = from.off});
}

static struct value result_of(const struct flow_state *s, uint32_t at, struct insn insn)
{
	struct value result = {.kind = VALUE_RESULT, .at = at};
	if (!insn_calls_helper(insn))
		return result;
	result.means = (uint8_t)meaning_of(insn.imm, s->reg[3]);
	if (is_lookup(insn.imm) && s->reg[1].kind == VALUE_MAP)
		result.id = s->reg[1].id + 1;
	if (insn.imm == BPF_FUNC_dynptr_data && s->reg[1].kind == VALUE_STACK) {
		struct value dynptr = flow_load(s, s->reg[1].off, 8);
		if (dynptr.kind == VALUE_DYNPTR) {
			result.at = dynptr.at;
			result.off = s->reg[2].off;
			result.vague = s->reg[2].kind != VALUE_NUMBER;
		}
	}
	return result;
}

static void do_call(struct flow_state *s, uint32_t at, struct insn insn)
{
	struct value result = result_of(s, at, insn), dynptr = s->reg[4];
	fill_stack(s, insn);
	if (insn_calls_helper(insn) && insn.imm == BPF_FUNC_ringbuf_reserve_dynptr &&
		dynptr.kind == VALUE_STACK && !dynptr.vague) {
		forget(s, dynptr.off, (int64_t)dynptr.off + 16);
		put(s, dynptr.off, 8, (struct value){.kind = VALUE_DYNPTR, .at = at});
	}
	for (unsigned r = 1; r <= 5; r++)
		s->reg[r] = (struct value){0};
	s->reg[0] = result;
}

/* Where a comparison with a constant leads, a number is bounded by it. */
static void bound(struct flow_state *s, struct insn insn, bool jumped)
{
	struct value *v = &s->reg[insn.dst], limit = {.kind = VALUE_NUMBER, .off = insn.imm};
	unsigned op = insn_op(insn);
	bool less = op == BPF_JLT || op == BPF_JLE, more = op == BPF_JGT || op == BPF_JGE;
	if (insn.code & BPF_X)
		limit = s->reg[insn.src];
	if (insn.code & BPF_X && v->kind == VALUE_NUMBER) { /* constant < number */
		limit = *v;
		v = &s->reg[insn.src];
		bool swap = less;
		less = more;
		more = swap;
	}
	if (insn_class(insn) != BPF_JMP || limit.kind != VALUE_NUMBER || limit.off <= 0 ||
		(jumped ? !less : !more))
		return;
	bool with = op == BPF_JLE || op == BPF_JGE ? jumped : !jumped;
	int32_t most = limit.off - !with;
	if (!v->kind)
		*v = (struct value){
			.kind = VALUE_UPTO, .width = v->width, .means = v->means, .off = most};
	else if (v->kind == VALUE_PIECE)
		v->at = (uint32_t)most + 1;
}

static bool do_jump(struct flow *w, struct flow_state *s, uint32_t at, struct insn insn, bool jumps)
{
	if (insn_op(insn) == BPF_EXIT)
		return false;
	if (insn_op(insn) == BPF_JA && jumps)
		flow_merge(w, at, flow_jump(insn, at), s);
	if (insn_op(insn) == BPF_JA)
		return false;
	if (jumps) {
		struct value dst = s->reg[insn.dst], src = s->reg[insn.src];
		bound(s, insn, true);
		flow_merge(w, at, flow_jump(insn, at), s);
		s->reg[insn.dst] = dst;
		s->reg[insn.src] = src;
	}
	bound(s, insn, false);
	return true;
}

bool flow_execute(struct flow *w, struct flow_state *s, uint32_t at, struct insn insn, bool jumps)
{
	unsigned class = insn_class(insn);
	uint32_t member = w->sections[w->f->section].types[w->f->off / INSN_SIZE + at];
	if (insn.dst >= FLOW_REGS || insn.src >= FLOW_REGS)
		return true;
	if (insn_is_jump(insn) && insn_op(insn) != BPF_CALL)
		return do_jump(w, s, at, insn, jumps);
	if (insn_is_alu(insn)) {
		do_alu(w, s, member, insn);
	} else if (insn_is_wide(insn)) {
		s->reg[insn.dst] = member ? (struct value){.kind = VALUE_OFFSET, .id = member}
		                          : constant(w, at, insn);
	} else if (class == BPF_LD) {
		for (unsigned r = 0; r <= 5; r++)
			s->reg[r] = (struct value){0};
	} else if (class == BPF_LDX) {
		do_load(w, s, member, insn);
	} else if (class == BPF_ST || class == BPF_STX) {
		do_store(s, insn);
	} else {
		do_call(s, at, insn);
	}
	/* Nothing may change the frame pointer. */
	s->reg[BPF_REG_FP] = (struct value){.kind = VALUE_STACK};
	return true;
}
