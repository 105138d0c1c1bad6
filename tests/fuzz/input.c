/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "input.h"

#include "harness.h"

#include <stdlib.h>

enum { TYPES = 24, PARTS = 20 };

static const char *const words[] = {"", "pid", "tgid", "comm", "u8", "u32", "u64", "char", "count",
	"total_bytes", "latency_us", "hist", "slots", "kstack", "user_stack_id", "stack_id",
	"stack_id_t", "kernel_stack_t", "kernel_addr_t", "user_addr_t", "call_site", "__be16",
	"__be32", "in6_addr", "ip_addr_t", "dev_t", "time_ns_t", "bpf_spin_lock", "sonde:log2_us",
	"sonde:stack", "sonde:hex", "sonde:bytes", "sonde:nothing", "flags", "map", "value", "lost",
	"x\033[2J\"\n", "\xc3\xa9\xe2\x80\xae", "\xff", "libbpf_tristate", "a.b"};

uint8_t take_byte(struct input *in)
{
	if (!in->n)
		return 0;
	in->n--;
	return *in->p++;
}

uint16_t take_word(struct input *in)
{
	uint16_t low = take_byte(in);
	return (uint16_t)(low | take_byte(in) << 8);
}

struct span take_span(struct input *in, size_t n)
{
	struct span s = {in->p, n < in->n ? n : in->n, false};
	in->p += s.n;
	in->n -= s.n;
	return s;
}

static const char *take_name(struct input *in)
{
	return words[take_byte(in) % (sizeof words / sizeof *words)];
}

/* Mostly of an earlier type: values of types that contain themselves take long to print. */
static uint32_t take_id(const struct bb *b, struct input *in)
{
	uint8_t byte = take_byte(in);
	return byte % (byte < 240 ? b->n + 1 : TYPES + 3);
}

/* Small, or hostile. */
static uint32_t take_size(struct input *in)
{
	static const uint32_t odd[] = {
		0, 1, 16, 64, 256, 4096, 1 << 20, UINT32_MAX / 8, UINT32_MAX};
	uint8_t byte = take_byte(in);
	return byte < 240 ? byte : odd[byte % (sizeof odd / sizeof *odd)];
}

static void add_members(struct bb *b, struct input *in)
{
	for (unsigned n = take_byte(in) % PARTS; n--;) {
		const char *name = take_name(in);
		uint32_t type = take_id(b, in), at = take_word(in);
		uint8_t bits = take_byte(in);
		if (bits & 0x80)
			bb_bits(b, name, type, at % 2048, bits & 0x7f);
		else
			bb_member(b, name, type, at % 2048 * (bits & 1 ? 1 : 8));
	}
}

static void add_section(struct bb *b, struct input *in)
{
	bb_datasec(b, take_byte(in) & 1 ? ".bss" : ".rodata", take_size(in));
	for (unsigned n = take_byte(in) % PARTS; n--;) {
		uint32_t variable = take_id(b, in), at = take_word(in);
		bb_secinfo(b, variable, at % 600, take_size(in));
	}
}

static void add_enum(struct bb *b, struct input *in)
{
	uint8_t form = take_byte(in);
	if (form & 1)
		bb_enum64(b, take_name(in), form & 2);
	else
		bb_enum(b, take_name(in), form & 4 ? take_size(in) : 4, form & 2);
	for (unsigned n = take_byte(in) % PARTS; n--;) {
		const char *name = take_name(in);
		bb_value(b, name, (int8_t)take_byte(in));
	}
}

static void add_type(struct bb *b, struct input *in)
{
	static const uint8_t sizes[] = {1, 2, 4, 8, 16, 4, 8, 3};
	static const enum btf_kind refs[] = {
		BTF_TYPEDEF, BTF_CONST, BTF_VOLATILE, BTF_RESTRICT, BTF_TYPE_TAG};
	uint8_t what = take_byte(in), how = take_byte(in);
	const char *name = take_name(in);
	switch (what % 10) {
	case 0:
	case 1:
		bb_int(b, name, sizes[how % 8], how >> 3 & 7);
		break;
	case 2:
		bb_array(b, take_id(b, in), take_size(in));
		break;
	case 3:
	case 4:
		if (how & 1)
			bb_struct(b, name, take_size(in));
		else
			bb_union(b, name, take_size(in));
		add_members(b, in);
		break;
	case 5:
		bb_ref(b, refs[how % 5], how % 5 ? "" : name, take_id(b, in));
		break;
	case 6:
		add_enum(b, in);
		break;
	case 7:
		bb_var(b, name, take_id(b, in), how & 1);
		break;
	case 8:
		add_section(b, in);
		break;
	case 9:
		if (how & 1)
			bb_decl_tag(b, name, take_id(b, in), (how >> 1 & 15) - 1);
		else
			bb_ptr(b, take_id(b, in));
		break;
	}
}

void types_build(struct types *t, struct input *in, const struct address_names *names)
{
	struct err e = {0};
	own_memory(true);
	bb_init(&t->builder, host_is_big());
	for (unsigned n = 1 + take_byte(in) % TYPES; n--;)
		add_type(&t->builder, in);
	if (!btf_open(&t->btf, bb_done(&t->builder), NULL, &t->builder.arena, &e) ||
		!typed_read_meanings(&t->btf, &t->meanings, names, &t->builder.arena))
		abort();
	own_memory(false);
}

void types_free(struct types *t)
{
	bb_free(&t->builder);
}
