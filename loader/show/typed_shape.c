/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What types come down to, and what values mean beyond them. */
#include "typed.h"

#include <stdlib.h>
#include <string.h>

#define TAG "sonde:"

/* Values that mean more than their bytes say: by the name of the typedef or struct, or by a tag
 * "sonde:NAME". */
static const struct meaning {
	const char *name;
	uint8_t kind, size; /* enum typed_kind; the size that the type must have, 0: any */
	uint8_t unit;       /* enum typed_unit */
} meanings[] = {
	{"__be32", TYPED_IP4, 4, UNIT_NONE},
	{"in_addr_t", TYPED_IP4, 4, UNIT_NONE},
	{"in_addr", TYPED_IP4, 4, UNIT_NONE},
	{"in6_addr", TYPED_IP6, 16, UNIT_NONE},
	{"__be16", TYPED_NET, 2, UNIT_NONE},
	{"in_port_t", TYPED_NET, 2, UNIT_NONE},
	{"__be64", TYPED_NET, 8, UNIT_NONE},
	{"bpf_spin_lock", TYPED_KERNEL, 0, UNIT_NONE},
	{"bpf_timer", TYPED_KERNEL, 0, UNIT_NONE},
	{"bpf_wq", TYPED_KERNEL, 0, UNIT_NONE},
	{"bpf_task_work", TYPED_KERNEL, 0, UNIT_NONE},
	{"bpf_list_head", TYPED_KERNEL, 0, UNIT_NONE},
	{"bpf_list_node", TYPED_KERNEL, 0, UNIT_NONE},
	{"bpf_rb_root", TYPED_KERNEL, 0, UNIT_NONE},
	{"bpf_rb_node", TYPED_KERNEL, 0, UNIT_NONE},
	{"bpf_refcount", TYPED_KERNEL, 0, UNIT_NONE},
	{"bpf_res_spin_lock", TYPED_KERNEL, 0, UNIT_NONE},
	{"ip_addr_t", TYPED_IP, 16, UNIT_NONE},
	{"kernel_addr_t", TYPED_KADDR, 8, UNIT_NONE},
	{"user_addr_t", TYPED_UADDR, 8, UNIT_NONE},
	{"kernel_stack_t", TYPED_KSTACK, 4, UNIT_NONE},
	{"user_stack_t", TYPED_USTACK, 4, UNIT_NONE},
	{"stack_id_t", TYPED_STACK, 4, UNIT_NONE},
	{"time_ns_t", TYPED_TIME, 0, UNIT_NS},
	{"time_us_t", TYPED_TIME, 0, UNIT_US},
	{"time_ms_t", TYPED_TIME, 0, UNIT_MS},
	{"dev_t", TYPED_DEV, 4, UNIT_NONE},
	{TAG "nothing", TYPED_KERNEL, 0, UNIT_NONE},
	{TAG "ip", TYPED_IP, 16, UNIT_NONE},
	{TAG "ip4", TYPED_IP4, 4, UNIT_NONE},
	{TAG "ip6", TYPED_IP6, 16, UNIT_NONE},
	{TAG "port", TYPED_NET, 2, UNIT_NONE},
	{TAG "hex", TYPED_HEX, 0, UNIT_NONE},
	{TAG "kernel_addr", TYPED_KADDR, 8, UNIT_NONE},
	{TAG "user_addr", TYPED_UADDR, 8, UNIT_NONE},
	{TAG "kernel_stack", TYPED_KSTACK, 0, UNIT_NONE},
	{TAG "user_stack", TYPED_USTACK, 0, UNIT_NONE},
	{TAG "stack", TYPED_STACK, 0, UNIT_NONE},
	{TAG "ns", TYPED_TIME, 0, UNIT_NS},
	{TAG "us", TYPED_TIME, 0, UNIT_US},
	{TAG "ms", TYPED_TIME, 0, UNIT_MS},
	{TAG "bytes", TYPED_INT, 0, UNIT_BYTES},
	{TAG "log2", TYPED_LOG2, 0, UNIT_NONE},
	{TAG "log2_ns", TYPED_LOG2, 0, UNIT_NS},
	{TAG "log2_us", TYPED_LOG2, 0, UNIT_US},
	{TAG "log2_ms", TYPED_LOG2, 0, UNIT_MS},
	{TAG "log2_bytes", TYPED_LOG2, 0, UNIT_BYTES},
};

enum { MEANINGS = sizeof meanings / sizeof *meanings };

/* Its number in the table, from 1 on; 0: nothing known. */
static uint8_t meaning_of(const char *name)
{
	for (uint8_t i = 0; *name && i < MEANINGS; i++)
		if (*meanings[i].name == *name && !strcmp(meanings[i].name, name))
			return (uint8_t)(i + 1);
	return 0;
}

/* Members that hold stacks and addresses in programs that were not written for this viewer. Of whom
 * an address of a stack is, it tells itself. */
static uint8_t meaning_of_member(const char *name, uint64_t size)
{
	static const struct {
		const char *name, *means;
		uint8_t size;
	} table[] = {
		{"kernel_stack_id", TAG "kernel_stack", 4},
		{"kern_stack_id", TAG "kernel_stack", 4},
		{"kernel_stack", TAG "kernel_stack", 4},
		{"kern_stack", TAG "kernel_stack", 4},
		{"kstack_id", TAG "kernel_stack", 4},
		{"kstack", TAG "kernel_stack", 4},
		{"kernstack", TAG "kernel_stack", 4},
		{"user_stack_id", TAG "user_stack", 4},
		{"user_stack", TAG "user_stack", 4},
		{"ustack_id", TAG "user_stack", 4},
		{"ustack", TAG "user_stack", 4},
		{"userstack", TAG "user_stack", 4},
		{"stack_id", TAG "stack", 4},
		{"stackid", TAG "stack", 4},
		{"kernel_ip", TAG "kernel_addr", 8},
		{"kern_ip", TAG "kernel_addr", 8},
		{"kip", TAG "kernel_addr", 8},
		{"call_site", TAG "kernel_addr", 8},
		{"callsite", TAG "kernel_addr", 8},
		{"caller", TAG "kernel_addr", 8},
		{"func_ip", TAG "kernel_addr", 8},
	};
	for (unsigned i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].size == size && !strcmp(table[i].name, name))
			return meaning_of(table[i].means);
	return 0;
}

/* Tags are in the order of type and component. */
static uint8_t tag_of(const struct btf *b, uint32_t type, int32_t component)
{
	size_t low = 0, high = b->notes ? b->notes->n_tags : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct typed_tag *t = &b->notes->tags[middle];
		if (t->type == type && t->component == component)
			return t->means;
		if (t->type < type || (t->type == type && t->component < component))
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct typed_tag *x = a, *y = b;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return (x->component > y->component) - (x->component < y->component);
}

bool typed_note(
	struct btf *b, struct btf_notes *notes, const struct address_names *names, struct arena *a)
{
	struct btf_type t = {0};
	struct typed_tag *tags = NULL;
	size_t n = 0, room = 0;
	while (btf_next_in(b, &t, 1u << BTF_DECL_TAG)) {
		uint8_t means = meaning_of(btf_name(&t));
		if (!means)
			continue;
		struct typed_tag *grown = arena_grow(a, tags, n, &room, sizeof *tags);
		if (!grown)
			return false;
		tags = grown;
		tags[n++] = (struct typed_tag){t.type, btf_decl_tag_component(&t), means};
	}
	if (n)
		qsort(tags, n, sizeof *tags, by_place);
	*notes = (struct btf_notes){tags, n, names};
	b->notes = notes;
	return true;
}

enum typed_kind typed_variable(const struct btf *b, const char *name, enum typed_unit *unit)
{
	*unit = UNIT_NONE;
	for (size_t i = 0; b && b->notes && i < b->notes->n_tags; i++) {
		const struct typed_tag *tag = &b->notes->tags[i];
		struct btf_type t;
		if (!btf_type(b, tag->type, &t) || t.kind != BTF_VAR || strcmp(btf_name(&t), name))
			continue;
		*unit = meanings[tag->means - 1].unit;
		return meanings[tag->means - 1].kind;
	}
	return TYPED_NONE;
}

bool typed_needs_names(enum typed_kind kind)
{
	return kind >= TYPED_KADDR && kind <= TYPED_STACK;
}

bool typed_is_stack(enum typed_kind kind, enum stack_kind *stack)
{
	*stack = kind == TYPED_KSTACK   ? STACK_KERNEL
	         : kind == TYPED_USTACK ? STACK_USER
	                                : STACK_EITHER;
	return kind >= TYPED_KSTACK && kind <= TYPED_STACK;
}

const char *typed_unit_name(enum typed_unit unit)
{
	static const char *const names[] = {
		[UNIT_NONE] = "",
		[UNIT_NS] = "ns",
		[UNIT_US] = "us",
		[UNIT_MS] = "ms",
		[UNIT_BYTES] = "bytes",
	};
	return names[unit];
}

static enum typed_kind int_kind(const struct btf_type *t)
{
	uint8_t encoding = btf_int_encoding(t);
	if (encoding & BTF_INT_BOOL)
		return TYPED_BOOL;
	/* Compilers say SIGNED for char, if anything: its name tells. */
	if (t->size == 1 && (encoding & BTF_INT_CHAR || !strcmp(btf_name(t), "char")))
		return TYPED_CHAR;
	return TYPED_INT;
}

static enum typed_kind array_kind(const struct btf *b, const struct btf_type *t)
{
	struct btf_type element;
	btf_skip(b, t->type, &element);
	if (element.kind != BTF_INT || element.size != 1)
		return TYPED_ARRAY;
	switch (int_kind(&element)) {
	case TYPED_CHAR:
		return TYPED_STRING;
	case TYPED_INT:
		return btf_int_encoding(&element) & BTF_INT_SIGNED ? TYPED_ARRAY : TYPED_BYTES;
	default:
		return TYPED_ARRAY;
	}
}

static void shape_kind(struct typed_shape *s, const struct btf *b)
{
	static const uint8_t kinds[BTF_KINDS] = {
		[BTF_PTR] = TYPED_PTR,
		[BTF_STRUCT] = TYPED_STRUCT,
		[BTF_UNION] = TYPED_UNION,
		[BTF_ENUM] = TYPED_ENUM,
		[BTF_ENUM64] = TYPED_ENUM,
		[BTF_FLOAT] = TYPED_FLOAT,
		[BTF_DATASEC] = TYPED_SECTION,
	};
	s->kind = s->t.kind < BTF_KINDS ? kinds[s->t.kind] : TYPED_NONE;
	if (s->t.kind == BTF_INT) {
		s->kind = int_kind(&s->t);
		s->is_signed = btf_int_encoding(&s->t) & BTF_INT_SIGNED;
	} else if (s->t.kind == BTF_ARRAY) {
		s->kind = array_kind(b, &s->t);
	} else if (s->kind == TYPED_ENUM) {
		s->is_signed = s->t.kflag;
	}
}

static bool is_int(const struct typed_shape *s)
{
	return s->t.kind == BTF_INT || s->t.kind == BTF_PTR || s->t.kind == BTF_ENUM;
}

/* Meanings of numbers are of no use on anything else, and those of bytes only fit their size. */
static void give_meaning(struct typed_shape *s, uint8_t means)
{
	const struct meaning *m = means ? &meanings[means - 1] : NULL;
	if (!m || (m->size && m->size != s->size))
		return;
	bool number = m->kind == TYPED_INT || (m->kind >= TYPED_NET && m->kind <= TYPED_STACK);
	if ((number && !is_int(s)) || (m->kind == TYPED_LOG2 && s->t.kind != BTF_ARRAY))
		return;
	s->kind = m->kind;
	s->unit = m->unit;
}

struct typed_shape typed_shape(const struct btf *b, uint32_t type)
{
	return typed_field_shape(b, (struct typed_field){.type = type});
}

struct typed_shape typed_field_shape(const struct btf *b, struct typed_field f)
{
	struct typed_shape s = {.id = f.type};
	uint8_t means = f.means;
	for (unsigned depth = 0; b && depth < BTF_DEPTH; depth++) {
		if (!btf_type(b, s.id, &s.t))
			break;
		if (!means && (s.t.kind == BTF_TYPEDEF || s.t.kind == BTF_STRUCT))
			means = meaning_of(btf_name(&s.t));
		if (!means && b->notes && s.t.kind == BTF_TYPEDEF)
			means = tag_of(b, s.id, -1);
		if (btf_kind_in(s.t.kind, BTF_MODIFIERS | 1u << BTF_VAR)) {
			s.id = s.t.type;
			continue;
		}
		int64_t size = btf_size(b, s.id);
		s.size = size > 0 ? (uint64_t)size : 0;
		shape_kind(&s, b);
		give_meaning(&s, means);
		return s;
	}
	return (struct typed_shape){.kind = TYPED_NONE};
}

bool typed_part(const struct typed_shape *s, struct typed_field f, uint32_t i, const char **name,
	struct typed_field *part)
{
	if (i >= s->t.vlen)
		return false;
	if (s->t.kind == BTF_DATASEC) {
		struct btf_secinfo v = btf_secinfo(&s->t, i);
		struct btf_type var;
		btf_type(s->t.btf, v.type, &var);
		*name = btf_name(&var);
		*part = (struct typed_field){
			.type = v.type, .bit_off = f.bit_off + v.offset * UINT64_C(8)};
		return true;
	}
	if (!btf_is_composite(&s->t))
		return false;
	struct btf_member m = btf_member(&s->t, i);
	bool last = i + 1 == s->t.vlen || s->t.kind == BTF_UNION;
	*name = m.name;
	*part = (struct typed_field){m.type, f.bit_off + m.bit_off, m.bit_size, f.open && last, 0};
	const struct btf *b = s->t.btf;
	if (b && b->notes) {
		part->means = tag_of(b, s->id, (int32_t)i);
		if (!part->means && b->notes->names && *m.name) {
			int64_t size = btf_size(b, m.type);
			part->means = meaning_of_member(m.name, size > 0 ? (uint64_t)size : 0);
		}
	}
	return true;
}

/* The process that a member tells: by its name, else by its type. */
static bool find_process(const struct btf *b, const struct typed_shape *s, struct span record,
	bool by_name, uint64_t *pid)
{
	struct typed_field part;
	const char *name;
	for (uint32_t i = 0; typed_part(s, (struct typed_field){0}, i, &name, &part); i++) {
		struct btf_type t;
		bool fits = by_name ? !strcmp(name, "pid") || !strcmp(name, "tgid")
		                    : btf_type(b, part.type, &t) && !strcmp(btf_name(&t), "pid_t");
		if (fits && typed_number(b, part, record, pid))
			return true;
	}
	return false;
}

bool typed_process(const struct btf *b, uint32_t type, struct span record)
{
	const struct address_names *names = b && b->notes ? b->notes->names : NULL;
	struct typed_shape s = typed_shape(b, type);
	struct btf_type t;
	uint64_t pid = 0;
	if (!names)
		return false;
	bool found =
		s.kind == TYPED_STRUCT
			? find_process(b, &s, record, true, &pid) ||
				  find_process(b, &s, record, false, &pid)
			: btf_type(b, type, &t) && !strcmp(btf_name(&t), "pid_t") &&
				  typed_number(b, (struct typed_field){.type = type}, record, &pid);
	if (found)
		names->process(names->ctx, (uint32_t)pid);
	return found;
}
