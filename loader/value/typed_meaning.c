/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What values mean beyond their type: by the names of types and members, and by tags. */
#include "typed_shape_impl.h"

#include "elf/btf/type_names.h"

#include <stdlib.h>
#include <string.h>

#define TAG    "sonde:"
#define RECORD "record:"

/* Types that have the meaning of a tag. */
static const struct {
	const char *name, *tag;
} type_names[] = {
#define ROW(name, size, means) {name, TAG means},
	TYPE_NAMES(ROW)
#undef ROW
};

/* Meanings by the name of the typedef or struct, or by a tag "sonde:NAME". Those of records need a tag
 * "sonde:record:NAME", which all others that are tags can have, too. */
static const struct meaning {
	const char *name;
	uint8_t kind, size; /* enum typed_kind; required size of the type, 0: any */
	uint8_t unit;       /* enum typed_unit, or typed_clock */
} meanings[] = {
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
	{TAG "nothing", TYPED_KERNEL, 0, UNIT_NONE},
	{TAG "ip", TYPED_IP, 16, UNIT_NONE},
	{TAG "ip4", TYPED_IP4, 4, UNIT_NONE},
	{TAG "ip6", TYPED_IP6, 16, UNIT_NONE},
	{TAG "port", TYPED_NET, 2, UNIT_NONE},
	{TAG "ports", TYPED_NET, 4, UNIT_NONE},
	{TAG "dev", TYPED_DEV, 4, UNIT_NONE},
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
	{RECORD "named_errno", TYPED_ERRNO, 0, UNIT_NONE},
	{RECORD "cgroup", TYPED_CGROUP, 8, UNIT_NONE},
	{RECORD "named_cgroup", TYPED_CGROUP, 8, UNIT_NONE},
	{RECORD "time", TYPED_INSTANT, 8, TYPED_MONOTONIC},
	{RECORD "boot_time", TYPED_INSTANT, 8, TYPED_BOOTTIME},
	{RECORD "kernel_trace", TYPED_KTRACE, 0, UNIT_NONE},
	{RECORD "user_trace", TYPED_UTRACE, 0, UNIT_NONE},
};
enum {
	MEANINGS = sizeof meanings / sizeof *meanings,
	FROM_CODE = 0x80, /* in typed_field.means: the code has told it */
};
_Static_assert(MEANINGS < FROM_CODE, "typed_field.means has room for both");

static uint8_t find_meaning(const char *name, const char *tag)
{
	size_t n = strlen(tag);
	for (uint8_t i = 0; *name && i < MEANINGS; i++) {
		const char *row = meanings[i].name;
		if (n ? !strncmp(row, tag, n) && !strcmp(row + n, name)
		      : *row == *name && !strcmp(row, name))
			return (uint8_t)(i + 1);
	}
	return 0;
}

uint8_t typed_meaning(const char *name)
{
	static const char both[] = TAG RECORD;
	size_t n = strlen(both);
	for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
		if (*name == *type_names[i].name && !strcmp(name, type_names[i].name))
			return find_meaning(type_names[i].tag, "");
	if (strncmp(name, both, n))
		return strncmp(name, RECORD, strlen(RECORD)) ? find_meaning(name, "") : 0;
	uint8_t means = find_meaning(name + n, TAG);
	if (!means)
		means = find_meaning(name + n, RECORD);
	return means ? (uint8_t)(means | FROM_CODE) : 0;
}

bool typed_is_of_record(uint8_t means)
{
	return means & FROM_CODE;
}

bool typed_is_named(uint8_t means)
{
	static const char named[] = RECORD "named_";
	means &= (uint8_t)~FROM_CODE;
	return means && !strncmp(meanings[means - 1].name, named, strlen(named));
}

/* The declaration of a type tells more than the code that uses it. */
uint8_t typed_stronger_meaning(uint8_t of_field, uint8_t of_type)
{
	return of_field & FROM_CODE && of_type ? of_type : of_field ? of_field : of_type;
}

/* Common names of members that hold stacks and addresses, in programs without our tags. Whether a
 * stack without a prefix is of the kernel depends on its addresses. */
uint8_t typed_member_meaning(const char *name, uint64_t size)
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
			return typed_meaning(table[i].means);
	return 0;
}

/* Tags are sorted by type and component. */
uint8_t typed_tag_meaning(const struct btf *b, uint32_t type, int32_t component)
{
	size_t low = 0, high = b->meanings ? b->meanings->n_tags : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct typed_tag *t = &b->meanings->tags[middle];
		if (t->type == type && t->component == component)
			return t->means;
		if (t->type < type || (t->type == type && t->component < component))
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static int by_type(const void *a, const void *b)
{
	const struct typed_tag *x = a, *y = b;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return (x->component > y->component) - (x->component < y->component);
}

bool typed_read_meanings(
	struct btf *b, struct btf_meanings *out, const struct address_names *names, struct arena *a)
{
	struct btf_type t = {0};
	struct typed_tag *tags = NULL;
	size_t n = 0, room = 0;
	while (btf_next_in(b, &t, 1u << BTF_DECL_TAG)) {
		uint8_t means = typed_meaning(btf_name(&t));
		if (!means)
			continue;
		struct typed_tag *grown = arena_grow(a, tags, n, &room, sizeof *tags);
		if (!grown)
			return false;
		tags = grown;
		tags[n++] = (struct typed_tag){t.type, btf_decl_tag_component(&t), means};
	}
	if (n)
		qsort(tags, n, sizeof *tags, by_type);
	*out = (struct btf_meanings){.tags = tags, .n_tags = n, .names = names};
	b->meanings = out;
	return true;
}

enum typed_kind typed_variable(const struct btf *b, const char *name, enum typed_unit *unit)
{
	*unit = UNIT_NONE;
	for (size_t i = 0; b && b->meanings && i < b->meanings->n_tags; i++) {
		const struct typed_tag *tag = &b->meanings->tags[i];
		struct btf_type t;
		if (!btf_type(b, tag->type, &t) || t.kind != BTF_VAR || strcmp(btf_name(&t), name))
			continue;
		if (tag->means & FROM_CODE)
			continue;
		*unit = meanings[tag->means - 1].unit;
		return meanings[tag->means - 1].kind;
	}
	return TYPED_NONE;
}

static bool is_int(const struct typed_shape *s)
{
	return s->t.kind == BTF_INT || s->t.kind == BTF_PTR || s->t.kind == BTF_ENUM;
}

/* Of addresses. */
static bool is_array_of_words(const struct typed_shape *s)
{
	struct btf_type element;
	return s->t.kind == BTF_ARRAY && btf_skip(s->t.btf, s->t.type, &element) &&
	       element.kind == BTF_INT && element.size == 8;
}

void typed_give_meaning(struct typed_shape *s, uint8_t means)
{
	means &= (uint8_t)~FROM_CODE;
	const struct meaning *m = means ? &meanings[means - 1] : NULL;
	if (!m || (m->size && m->size != s->size))
		return;
	bool number = m->kind == TYPED_INT || (m->kind >= TYPED_NET && m->kind <= TYPED_STACK);
	bool trace = m->kind == TYPED_KTRACE || m->kind == TYPED_UTRACE;
	if ((number && !is_int(s)) || (m->kind == TYPED_LOG2 && s->t.kind != BTF_ARRAY) ||
		(trace && !is_array_of_words(s)))
		return;
	s->kind = m->kind;
	s->unit = m->unit;
}
