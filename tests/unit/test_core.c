/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/link/core_min.h"
#include "elf/link/core_impl.h"
#include "elf/base/insn.h"
#include "btf_build.h"

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* The types of an object and of a kernel. */
struct pair {
	struct bb l, t;
	bool big;
	uint32_t l_int, l_u32, l_u64, t_int, t_u32, t_u64; /* both sides have these */
};

static void pair_init(struct pair *p, void **state)
{
	p->big = *(bool *)*state;
	bb_init(&p->l, p->big);
	bb_init(&p->t, p->big);
	p->l_int = bb_int(&p->l, "int", 4, BTF_INT_SIGNED);
	p->l_u32 = bb_int(&p->l, "u32", 4, 0);
	p->l_u64 = bb_int(&p->l, "u64", 8, 0);
	bb_int(&p->t, "unused", 1, 0); /* so that ids differ */
	p->t_int = bb_int(&p->t, "int", 4, BTF_INT_SIGNED);
	p->t_u32 = bb_int(&p->t, "u32", 4, 0);
	p->t_u64 = bb_int(&p->t, "u64", 8, 0);
}

static void pair_free(struct pair *p)
{
	bb_free(&p->l);
	bb_free(&p->t);
}

/* One relocation, its result and the patched instruction. */
struct ask {
	enum core_kind kind;
	uint32_t root;
	const char *access;
	struct insn insn; /* of the compiler */
	uint64_t wide;    /* for a 64-bit constant: its value */
};

struct answer {
	bool ok;
	struct core_result note;
	struct err e;
	struct insn insn, second;
	uint64_t wide;
};

static struct insn alu(int32_t imm)
{
	return (struct insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst = 3, .imm = imm};
}

static struct insn load(unsigned size, int16_t off)
{
	return (struct insn){
		.code = (uint8_t)(BPF_LDX | BPF_MEM | size), .dst = 2, .src = 1, .off = off};
}

static struct insn wide(void)
{
	return (struct insn){.code = BPF_LD | BPF_IMM | BPF_DW, .dst = 4};
}

static void put_ask(const struct pair *p, const struct ask *q, uint8_t insns[2 * INSN_SIZE])
{
	struct insn second = {0}, first = q->insn;
	if (insn_is_wide(first) && !first.src) {
		first.imm = (int32_t)(uint32_t)q->wide;
		second.imm = (int32_t)(uint32_t)(q->wide >> 32);
	}
	insn_put(insns, p->big, first);
	insn_put(insns + INSN_SIZE, p->big, second);
}

/* Applies relocations of one object, in order, with the types of a kernel. */
static void apply_all(const struct pair *p, const struct btf *local, struct kernel_types *kernel,
	struct span records, const struct ask *q, struct answer *out, size_t n)
{
	struct err e = {0};
	struct arena a = {0};
	uint32_t rec_size = 16;
	struct core *c = core_new(local, kernel, &records, &rec_size, 1, &a, &e);
	assert_non_null(c);
	core_describe_all(c);
	size_t used = a.used;
	bool suggests = false;
	for (size_t i = 0; i < n; i++) {
		uint8_t insns[2 * INSN_SIZE];
		struct core_relo r = core_relo_get(records, 16, (uint32_t)i);
		put_ask(p, &q[i], insns);
		out[i] = (struct answer){0};
		out[i].ok = core_apply(c, &r, insns, 2, 0, p->big, &out[i].note, &out[i].e);
		assert_true(out[i].ok != out[i].e.set);
		suggests |= strstr(out[i].note.why, "did you mean") != NULL;
		out[i].insn = insn_get(insns, p->big);
		out[i].second = insn_get(insns + INSN_SIZE, p->big);
		out[i].wide =
			(uint64_t)(uint32_t)out[i].second.imm << 32 | (uint32_t)out[i].insn.imm;
	}
	/* All candidates were found by the first scan; only similar names are looked for later. */
	assert_true(a.used == used || suggests);
	arena_free(&a);
}

/* The same with minimal types; all but ids of types must be the same. */
static void apply_minimal(const struct pair *p, const struct btf *local,
	struct kernel_types *kernel, struct span records, const struct ask *q,
	const struct answer *expected, size_t n)
{
	struct core_min m;
	struct btf min;
	const struct btf *list[] = {&min};
	struct err e = {0};
	struct arena a = {0};
	uint32_t rec_size = 16;
	struct answer *out = calloc(n, sizeof *out);
	core_min_begin(&m, kernel, &a);
	bool ok = kernel->n && core_min_add(&m, local, &records, &rec_size, 1, &e);
	struct span bytes = ok ? core_min_end(&m, &e) : (struct span){0};
	if (!bytes.n) { /* a relocation is malformed */
		arena_free(&a);
		free(out);
		return;
	}
	assert_true(btf_open(&min, bytes, NULL, &a, &e));
	assert_int_equal(min.ptr_size, kernel->list[0]->ptr_size);
	apply_all(p, local, &(struct kernel_types){.list = list, .n = 1}, records, q, out, n);
	for (size_t i = 0; i < n; i++) {
		const struct answer *x = &expected[i], *y = &out[i];
		if (strstr(x->e.text, "too complex")) /* BTF that no compiler makes */
			continue;
		if (x->ok != y->ok || x->note.poison != y->note.poison)
			fail_msg("with minimal types: '%s' '%s'", y->e.text, y->note.why);
		if (!x->ok || q[i].kind == CORE_TYPE_ID_TARGET)
			continue;
		if (!x->note.poison)
			assert_true(x->note.target == y->note.target);
		assert_memory_equal(&x->insn, &y->insn, sizeof x->insn);
		assert_memory_equal(&x->second, &y->second, sizeof x->second);
		if (!strstr(x->note.why, "has another type")) /* of which only the kind is kept */
			assert_string_equal(x->note.why, y->note.why);
	}
	arena_free(&a);
	free(out);
}

/* Applies all relocations of one object, in order. */
static void ask_all(struct pair *p, const struct btf *const *targets, size_t n_targets,
	const struct ask *q, struct answer *out, size_t n)
{
	struct btf local;
	uint8_t records[16 * 32];
	assert_true(n <= 32);
	for (size_t i = 0; i < n; i++) {
		bytes_put(records + 16 * i, 4, p->big, 0);
		bytes_put(records + 16 * i + 4, 4, p->big, q[i].root);
		bytes_put(records + 16 * i + 8, 4, p->big, bb_string(&p->l, q[i].access));
		bytes_put(records + 16 * i + 12, 4, p->big, q[i].kind);
	}
	bb_open(&p->l, NULL, &local);
	struct span s = {records, n * 16, p->big};
	struct kernel_types kernel = {.list = targets, .n = n_targets};
	apply_all(p, &local, &kernel, s, q, out, n);
	apply_minimal(p, &local, &kernel, s, q, out, n);
}

static struct answer ask(struct pair *p, enum core_kind kind, uint32_t root, const char *access,
	struct insn insn, uint64_t value)
{
	struct ask q = {kind, root, access, insn, value};
	struct answer out;
	struct btf target;
	const struct btf *targets[] = {&target};
	bb_open(&p->t, NULL, &target);
	ask_all(p, targets, 1, &q, &out, 1);
	return out;
}

static void assert_value(const struct answer *a, uint64_t expected)
{
	if (!a->ok)
		fail_msg("%s", a->e.text);
	if (a->note.poison)
		fail_msg("poison: %s", a->note.why);
	assert_true(a->note.target == expected);
	if (insn_is_wide(a->insn)) {
		assert_true(a->wide == expected);
		assert_int_equal(a->second.code + a->second.dst + a->second.src, 0);
	} else if (insn_is_alu(a->insn))
		assert_true((uint32_t)a->insn.imm == (uint32_t)expected);
	else
		assert_int_equal(a->insn.off, expected);
}

static void assert_poison(const struct answer *a, const char *why)
{
	if (!a->ok)
		fail_msg("%s", a->e.text);
	assert_true(a->note.poison);
	assert_int_equal(a->insn.code, BPF_JMP | BPF_CALL);
	assert_int_equal(a->insn.imm, CORE_POISON);
	assert_int_equal(a->insn.dst + a->insn.src + a->insn.off, 0);
	if (!strstr(a->note.why, why))
		fail_msg("'%s' is not in '%s'", why, a->note.why);
}

static void assert_refused(const struct answer *a, const char *text)
{
	assert_false(a->ok);
	if (!strstr(a->e.text, text))
		fail_msg("'%s' is not in '%s'", text, a->e.text);
}

/* struct outer { int a; struct inner { int c, d; } in; int arr[4]; }; the kernel's has a gap. */
static uint32_t outer(struct bb *b, uint32_t i, uint32_t gap)
{
	uint32_t arr = bb_array(b, i, 4 + gap), inner = bb_struct(b, "inner", 8 + gap);
	bb_member(b, "c", i, gap * 8);
	bb_member(b, "d", i, 32 + gap * 8);
	uint32_t id = bb_struct(b, "outer", 128);
	bb_member(b, "a", i, gap * 8);
	bb_member(b, "in", inner, 32 + gap * 16);
	bb_member(b, "arr", arr, 256 + gap * 8);
	return id;
}

static void field_offset(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t root = outer(&p.l, p.l_int, 0), target = outer(&p.t, p.t_int, 4);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, root, "0:0", load(BPF_W, 0), 0);
	assert_value(&a, 4);
	assert_string_equal(a.note.what, "struct outer.a");
	assert_int_equal(a.note.target_id, target);
	assert_int_equal(a.note.local, 0);
	assert_int_equal(a.insn.code, BPF_LDX | BPF_MEM | BPF_W);
	assert_int_equal(a.insn.dst, 2);
	a = ask(&p, CORE_FIELD_OFFSET, root, "0:1:1", alu(8), 0);
	assert_value(&a, 4 + 8 + 4 + 4);
	assert_string_equal(a.note.what, "struct outer.in.d");
	a = ask(&p, CORE_FIELD_OFFSET, root, "0:2:3", load(BPF_W, 32 + 12), 0);
	assert_value(&a, 32 + 4 + 12);
	assert_string_equal(a.note.what, "struct outer.arr[3]");
	a = ask(&p, CORE_FIELD_OFFSET, root, "0:2", wide(), 32);
	assert_value(&a, 36);
	/* p[2].a is a multiple of the struct's size, which is the same here */
	a = ask(&p, CORE_FIELD_OFFSET, root, "2:0", alu(256), 0);
	assert_value(&a, 256 + 4);
	assert_string_equal(a.note.what, "struct outer[2].a");
	a = ask(&p, CORE_FIELD_OFFSET, root, "1", alu(128), 0);
	assert_value(&a, 128);
	pair_free(&p);
}

static void field_size_and_exists(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t root = outer(&p.l, p.l_int, 0);
	outer(&p.t, p.t_int, 4);
	struct answer a = ask(&p, CORE_FIELD_SIZE, root, "0:1", alu(8), 0);
	assert_value(&a, 12);
	a = ask(&p, CORE_FIELD_SIZE, root, "0:2", alu(16), 0);
	assert_value(&a, 32);
	a = ask(&p, CORE_FIELD_SIZE, root, "0:2:1", alu(4), 0);
	assert_value(&a, 4);
	a = ask(&p, CORE_FIELD_EXISTS, root, "0:1:0", alu(1), 0);
	assert_value(&a, 1);
	a = ask(&p, CORE_FIELD_EXISTS, root, "0:2:1", alu(1), 0);
	assert_value(&a, 1);
	a = ask(&p, CORE_FIELD_SIGNED, root, "0:2:1", alu(1), 0);
	assert_refused(&a, "array elements only have offset, size and existence");
	assert_refused(&a, "CO-RE: field_signed of struct outer.arr[1]");
	pair_free(&p);
}

/* One kernel has the type without the field, the other lacks the type. */
static void absent_fields(void **state)
{
	static const struct {
		enum core_kind kind;
		int32_t imm;
		bool poison;
	} kinds[] = {{CORE_FIELD_OFFSET, 4, true}, {CORE_FIELD_SIZE, 4, true},
		{CORE_FIELD_EXISTS, 1, false}, {CORE_FIELD_SIGNED, 1, true},
		{CORE_FIELD_LSHIFT, 32, true}, {CORE_FIELD_RSHIFT, 32, true}};
	for (unsigned with = 0; with < 2; with++) {
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			struct pair p;
			pair_init(&p, state);
			uint32_t s = bb_struct(&p.l, "thing", 8);
			bb_member(&p.l, "first", p.l_int, 0);
			bb_member(&p.l, "counter", p.l_int, 32);
			bb_struct(&p.t, with ? "thing" : "thins", 8);
			bb_member(&p.t, "counted", p.t_int, 0);
			bb_member(&p.t, "__counter", p.t_int, 32);
			const char *why = with ? "the kernel's struct thing has no field counter"
			                       : "the kernel has no struct thing";
			struct answer a = ask(&p, kinds[k].kind, s, "0:1", alu(kinds[k].imm), 0);
			if (kinds[k].poison) {
				assert_poison(&a, why);
				assert_non_null(strstr(a.note.why,
					with ? "did you mean __counter?" : "did you mean thins?"));
			} else {
				assert_value(&a, 0);
				assert_string_equal(a.note.why, why);
			}
			assert_int_equal(a.note.target_id, 0);
			pair_free(&p);
		}
	}
}

/* The suggested names: the smallest edit distance, and none if it is too large. */
static void nearest_names(void **state)
{
	static const struct {
		const char *wanted, *there[3], *nearest;
	} cases[] = {{"state", {"stats", "__state", "slate"}, "__state"},
		{"state", {"stats", "stat", "other"}, "stats, stat"},
		{"ab", {"ac", "b", "a"}, NULL}, {"abc", {"xyz", "abd", "bc"}, "abd, bc"},
		{"abc", {"xbz", "", "x"}, NULL},
		{"vruntime", {"runtime", "vrantima", "vruntimes"}, "vruntimes, runtime"},
		{"kind", {"kid", "knds", "dink"}, "kid"},
		{"sibling", {"silbing", "sib", ""}, "silbing"},
		{"sibling", {"xxbling", "xxxling", ""}, "xxbling"},
		{"sibling", {"xxxling", "siblingxxx", "ing"}, NULL},
		{"longest_matching_field", {"longest_matching_fxxxx", "", ""},
			"longest_matching_fxxxx"},
		{"longest_matching_field", {"longest_matching_xxxxx", "", ""}, NULL}};
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct pair p;
		char text[80] = "";
		pair_init(&p, state);
		uint32_t l = bb_struct(&p.l, "s", 4);
		bb_member(&p.l, cases[k].wanted, p.l_int, 0);
		bb_struct(&p.t, "s", 12);
		for (unsigned i = 0; i < 3; i++)
			bb_member(&p.t, cases[k].there[i], p.t_int, 32 * i);
		struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(0), 0);
		assert_poison(&a, "has no field");
		if (cases[k].nearest)
			snprintf(text, sizeof text, "; did you mean %s?", cases[k].nearest);
		const char *found = strstr(a.note.why, "; did you mean ");
		assert_string_equal(found ? found : "", text);
		pair_free(&p);
	}
}

/* Names of any length: notes and errors are truncated. */
static void long_names(void **state)
{
	for (unsigned n = 60; n < 400; n += n < 70 ? 1 : 97) {
		struct pair p;
		char name[512];
		pair_init(&p, state);
		memset(name, 'n', n);
		name[n] = 0;
		uint32_t l = bb_struct(&p.l, name, 4);
		bb_member(&p.l, name, p.l_int, 0);
		uint32_t other = bb_struct(&p.l, "s", 4);
		bb_member(&p.l, name, p.l_int, 0);
		bb_member(&p.l, name, l, 0);
		bb_struct(&p.t, "s", 4);
		name[n / 2] = 'm';
		bb_member(&p.t, name, p.t_int, 0);
		struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(0), 0);
		assert_poison(&a, "the kernel has no struct nnnnn");
		assert_true(strlen(a.note.what) <= sizeof a.note.what - 1);
		assert_true(!strncmp(a.note.what, "struct nnnn", 11));
		a = ask(&p, CORE_FIELD_OFFSET, other, "0:0", alu(0), 0);
		assert_poison(&a, "the kernel's struct s has no field nnnn");
		/* 64 characters are still compared, more are not */
		assert_int_equal(strstr(a.note.why, "did you mean") != NULL, n <= 64);
		a = ask(&p, CORE_FIELD_EXISTS, other, "0:1:0:0", alu(0), 0);
		assert_refused(&a, "has no members");
		pair_free(&p);
	}
}

static void poison_takes_both_slots(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t s = bb_struct(&p.l, "gone", 4);
	bb_member(&p.l, "x", p.l_int, 0);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, s, "0:0", wide(), 0);
	assert_poison(&a, "no struct gone");
	assert_int_equal(a.second.code, BPF_JMP | BPF_CALL);
	assert_int_equal(a.second.imm, CORE_POISON);
	a = ask(&p, CORE_FIELD_OFFSET, s, "0:0", load(BPF_W, 0), 0);
	assert_poison(&a, "no struct gone");
	assert_int_equal(a.second.code, 0);
	pair_free(&p);
}

static void field_signed(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t le = bb_enum(&p.l, "e", 4, true), ls = bb_struct(&p.l, "s", 16);
	bb_member(&p.l, "i", p.l_int, 0);
	bb_member(&p.l, "u", p.l_u32, 32);
	bb_member(&p.l, "e", le, 64);
	bb_bits(&p.l, "b", p.l_int, 96, 3);
	uint32_t te = bb_enum(&p.t, "e", 4, false);
	bb_struct(&p.t, "s", 16);
	bb_member(&p.t, "i", p.t_u32, 0);
	bb_member(&p.t, "u", p.t_int, 32);
	bb_member(&p.t, "e", te, 64);
	bb_bits(&p.t, "b", p.t_u32, 96, 3);
	static const unsigned local[] = {1, 0, 1, 1}, target[] = {0, 1, 0, 0};
	for (unsigned i = 0; i < 4; i++) {
		char access[8];
		snprintf(access, sizeof access, "0:%u", i);
		struct answer a = ask(&p, CORE_FIELD_SIGNED, ls, access, alu((int32_t)local[i]), 0);
		assert_value(&a, target[i]);
		/* the sign is compared with the instruction even for bit-fields */
		a = ask(&p, CORE_FIELD_SIGNED, ls, access, alu(!local[i]), 0);
		assert_refused(&a, "in the object's types is");
	}
	pair_free(&p);
}

/*
 * A program reads a bit-field by loading SIZE bytes at OFFSET into a register, shifting left by
 * LSHIFT and right by RSHIFT. The same operations on real bytes must yield the field.
 */
static uint64_t read_bits(const uint8_t *bytes, bool order, const struct answer a[4])
{
	uint64_t v = bytes_get(bytes + a[0].note.target, (unsigned)a[1].note.target, order);
	return v << a[2].note.target >> a[3].note.target;
}

static void bitfields(void **state)
{
	/* type size, bit offset, bits; expected unit; values of 1 << 63 etc. come from the bytes */
	static const struct {
		uint32_t size, off, bits, unit_off, unit;
	} cases[] = {{4, 0, 1, 0, 4}, {4, 5, 7, 0, 4}, {4, 31, 1, 0, 4}, {4, 37, 9, 4, 4},
		{1, 11, 3, 1, 1}, {1, 6, 4, 0, 2}, {1, 15, 5, 0, 4}, {4, 28, 9, 0, 8},
		{8, 40, 20, 0, 8}, {8, 64, 64, 8, 8}, {2, 30, 20, 0, 8}, {8, 70, 33, 8, 8}};
	static const uint8_t bytes[16] = {0x81, 0x5a, 0xc3, 0x7e, 0x19, 0xf0, 0x2d, 0xb6, 0x44,
		0x9b, 0xe8, 0x35, 0x72, 0xad, 0x0f, 0xd1};
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		static const enum core_kind kinds[] = {
			CORE_FIELD_OFFSET, CORE_FIELD_SIZE, CORE_FIELD_LSHIFT, CORE_FIELD_RSHIFT};
		struct answer a[4];
		struct pair p;
		pair_init(&p, state);
		uint32_t i = bb_int(&p.l, "bits", cases[k].size, 0);
		uint32_t s = bb_struct(&p.l, "s", 16);
		bb_bits(&p.l, "f", i, 0, cases[k].bits);
		i = bb_int(&p.t, "bits", cases[k].size, 0);
		bb_struct(&p.t, "s", 16);
		bb_bits(&p.t, "f", i, cases[k].off, cases[k].bits);
		for (unsigned q = 0; q < 4; q++) {
			/* the compiler's value is compared for the right shift only */
			int32_t imm = q == 3 ? 64 - (int32_t)cases[k].bits : 77;
			a[q] = ask(&p, kinds[q], s, "0:0", alu(imm), 0);
			assert_value(&a[q], a[q].note.target);
		}
		assert_int_equal(a[0].note.target, cases[k].unit_off);
		assert_int_equal(a[1].note.target, cases[k].unit);
		assert_int_equal(a[3].note.target, 64 - cases[k].bits);
		/* Bit n of a big-endian struct counts from the top of its first byte. */
		uint64_t expected = 0;
		for (uint32_t n = 0; n < cases[k].bits; n++) {
			uint32_t bit = cases[k].off + n;
			uint64_t one = bytes[bit / 8] >> (p.big ? 7 - bit % 8 : bit % 8) & 1;
			expected |= one << (p.big ? cases[k].bits - 1 - n : n);
		}
		assert_true(read_bits(bytes, p.big, a) == expected);
		a[3] = ask(&p, CORE_FIELD_RSHIFT, s, "0:0", alu(1), 0);
		assert_refused(&a[3], "in the object's types is");
		pair_free(&p);
	}
}

static void bitfield_too_wide(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t s = bb_struct(&p.l, "s", 16);
	bb_bits(&p.l, "f", p.l_u64, 0, 40);
	bb_struct(&p.t, "s", 16);
	bb_bits(&p.t, "f", p.t_u64, 40, 40);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, s, "0:0", alu(0), 0);
	assert_refused(&a, "is not within 8 aligned bytes");
	assert_refused(&a, "in the kernel's types");
	pair_free(&p);
}

static void shifts_of_plain_fields(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t i128 = bb_int(&p.l, "i128", 16, 0);
	uint32_t s = bb_struct(&p.l, "s", 24);
	bb_member(&p.l, "f", p.l_int, 0);
	bb_member(&p.l, "wide", i128, 64);
	uint32_t u16 = bb_int(&p.t, "u16", 2, 0);
	bb_struct(&p.t, "s", 24);
	bb_member(&p.t, "f", u16, 32);
	bb_member(&p.t, "wide", u16, 64);
	struct answer a = ask(&p, CORE_FIELD_LSHIFT, s, "0:0", alu(32), 0);
	assert_value(&a, 48);
	a = ask(&p, CORE_FIELD_RSHIFT, s, "0:0", alu(32), 0);
	assert_value(&a, 48);
	a = ask(&p, CORE_FIELD_LSHIFT, s, "0:1", alu(0), 0);
	assert_refused(&a, "16 bytes, more than a register");
	assert_refused(&a, "in the object's own types");
	pair_free(&p);
}

static void type_questions(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t l_here = bb_struct(&p.l, "here", 4), l_gone = bb_struct(&p.l, "gone", 4);
	uint32_t t_here = bb_struct(&p.t, "here", 40);
	bb_union(&p.t, "gone", 4); /* another kind, hence another type */
	static const enum core_kind kinds[] = {
		CORE_TYPE_ID_TARGET, CORE_TYPE_EXISTS, CORE_TYPE_SIZE, CORE_TYPE_MATCHES};
	const uint64_t found[] = {t_here, 1, 40, 1}, local[] = {l_here, 1, 4, 1};
	for (unsigned i = 0; i < 4; i++) {
		struct answer a = ask(&p, kinds[i], l_here, "0", wide(), local[i]);
		assert_value(&a, found[i]);
		assert_int_equal(a.note.target_id, t_here);
		a = ask(&p, kinds[i], l_gone, "0", alu(i ? (int32_t)local[i] : 0), 0);
		assert_value(&a, 0);
		assert_string_equal(a.note.why, "the kernel has no struct gone");
	}
	/* linkers renumber types but not the instruction, so its value is not compared */
	struct answer a = ask(&p, CORE_TYPE_ID_LOCAL, l_gone, "0", wide(), 12345);
	assert_value(&a, l_gone);
	a = ask(&p, CORE_TYPE_ID_TARGET, l_here, "0", wide(), 12345);
	assert_value(&a, t_here);
	a = ask(&p, CORE_TYPE_EXISTS, l_here, "0", wide(), 12345);
	assert_refused(&a, "contains 12345, but the value in the object's types is 1");
	pair_free(&p);
}

static void enumerators(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t l = bb_enum(&p.l, "cmd", 4, false);
	bb_value(&p.l, "STAYS", 1);
	bb_value(&p.l, "MOVED", 2);
	bb_value(&p.l, "LEAVES", 3);
	bb_value(&p.l, "HUGE___x", 4);
	uint32_t t = bb_enum64(&p.t, "cmd", false); /* compatible with ENUM */
	bb_value(&p.t, "MOVED", 200);
	bb_value(&p.t, "STAYS", 1);
	bb_value(&p.t, "HUGE", INT64_MIN + 1);
	bb_value(&p.t, "LEAVE", 9);
	struct answer a = ask(&p, CORE_ENUM_VALUE, l, "0", wide(), 1);
	assert_value(&a, 1);
	assert_string_equal(a.note.what, "enum cmd.STAYS");
	assert_int_equal(a.note.target_id, t);
	a = ask(&p, CORE_ENUM_VALUE, l, "1", wide(), 2);
	assert_value(&a, 200);
	a = ask(&p, CORE_ENUM_VALUE, l, "1", alu(2), 0);
	assert_value(&a, 200);
	a = ask(&p, CORE_ENUM_VALUE, l, "3", wide(), 4);
	assert_value(&a, (uint64_t)INT64_MIN + 1);
	a = ask(&p, CORE_ENUM_VALUE, l, "3", alu(4), 0);
	assert_refused(&a, "does not fit into the 32 bits");
	a = ask(&p, CORE_ENUM_EXISTS, l, "1", wide(), 1);
	assert_value(&a, 1);
	a = ask(&p, CORE_ENUM_EXISTS, l, "2", wide(), 1);
	assert_value(&a, 0);
	a = ask(&p, CORE_ENUM_VALUE, l, "2", wide(), 3);
	assert_poison(&a, "the kernel's enum cmd has no enumerator LEAVES; did you mean LEAVE?");
	assert_int_equal(a.second.imm, CORE_POISON);
	a = ask(&p, CORE_ENUM_VALUE, l, "4", wide(), 3);
	assert_refused(&a, "enum 'cmd' has 4 enumerators, index 4 is out of range");
	a = ask(&p, CORE_ENUM_VALUE, p.l_int, "0", wide(), 3);
	assert_refused(&a, "is a int, not an enum");
	pair_free(&p);
}

/* Before 6.0, BTF does not record whether an ENUM is signed; the instruction shows it. */
static void enumerators_without_sign(void **state)
{
	static const struct {
		bool l_signed, t_signed;
		int64_t l_value, t_value;
		uint64_t insn, expected;
	} cases[] = {{false, false, -1, -7, UINT64_MAX, (uint64_t)-7},
		{false, false, -1, -7, UINT32_MAX, 0xfffffff9},
		{true, false, -1, -7, UINT64_MAX, (uint64_t)-7},
		{false, true, -1, -7, UINT64_MAX, (uint64_t)-7},
		{true, true, -1, 5, UINT64_MAX, 5}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct pair p;
		pair_init(&p, state);
		uint32_t l = bb_enum(&p.l, "e", 4, cases[i].l_signed);
		bb_value(&p.l, "V", cases[i].l_value);
		bb_enum(&p.t, "e", 4, cases[i].t_signed);
		bb_value(&p.t, "V", cases[i].t_value);
		struct answer a = ask(&p, CORE_ENUM_VALUE, l, "0", wide(), cases[i].insn);
		assert_value(&a, cases[i].expected);
		pair_free(&p);
	}
}

static void flavours(void **state)
{
	static const struct {
		const char *local, *target;
		bool same;
	} cases[] = {{"s", "s", true}, {"s___v1", "s", true}, {"s___v1", "s___v2", true},
		{"s", "s___v2", true}, {"sk", "sk___v2", true}, {"s__v1", "s", false},
		{"s____v1", "s", false}, {"s___", "s", false}, {"___s", "s", false},
		{"a___b___c", "a___b", false}, {"a___b___c", "a___b___d", true},
		{"a___b___c", "a", false}, {"sock___x", "soc", false}, {"s_", "s", false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct pair p;
		pair_init(&p, state);
		uint32_t l = bb_struct(&p.l, cases[i].local, 4);
		bb_member(&p.l, "x", p.l_int, 0);
		bb_struct(&p.t, cases[i].target, 8);
		bb_member(&p.t, "x", p.t_int, 32);
		struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(0), 0);
		if (cases[i].same)
			assert_value(&a, 4);
		else
			assert_poison(&a, "the kernel has no struct");
		pair_free(&p);
	}
	/* members have no flavours */
	struct pair p;
	pair_init(&p, state);
	uint32_t l = bb_struct(&p.l, "s", 4);
	bb_member(&p.l, "x___old", p.l_int, 0);
	bb_struct(&p.t, "s", 4);
	bb_member(&p.t, "x", p.t_int, 0);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(0), 0);
	assert_poison(&a, "has no field x___old");
	pair_free(&p);
}

/* The same field, inside and outside of anonymous structs and unions on either side. */
static void anonymous_members(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t l_deep = bb_struct(&p.l, "", 8);
	bb_member(&p.l, "x", p.l_int, 0);
	bb_member(&p.l, "y", p.l_int, 32);
	uint32_t l = bb_struct(&p.l, "s", 16);
	bb_member(&p.l, "head", p.l_int, 0);
	bb_member(&p.l, "", l_deep, 64);
	uint32_t i = p.t_int;
	uint32_t low = bb_struct(&p.t, "", 8);
	bb_member(&p.t, "z", i, 0);
	bb_member(&p.t, "y", i, 32);
	uint32_t mid = bb_union(&p.t, "", 8);
	bb_member(&p.t, "w", i, 0);
	bb_member(&p.t, "", low, 0);
	bb_struct(&p.t, "s", 24);
	bb_member(&p.t, "x", i, 0);
	bb_member(&p.t, "", mid, 64);
	bb_member(&p.t, "head", i, 128);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(0), 0);
	assert_value(&a, 16);
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:1:0", alu(8), 0);
	assert_value(&a, 0);
	assert_string_equal(a.note.what, "struct s.x");
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:1:1", alu(12), 0);
	assert_value(&a, 12);
	/* with only an anonymous step, the note names the root */
	a = ask(&p, CORE_FIELD_EXISTS, l, "0:1", alu(1), 0);
	assert_value(&a, 1);
	pair_free(&p);
}

static uint32_t flex(struct bb *b, uint32_t i, bool last, uint32_t n)
{
	uint32_t arr = bb_array(b, i, n), s = bb_struct(b, "s", 8);
	if (!last)
		bb_member(b, "items", arr, 32);
	bb_member(b, "n", i, 0);
	if (last)
		bb_member(b, "items", arr, 32);
	return s;
}

static void arrays_and_bounds(void **state)
{
	/* whether it is the last member, its elements; the index; the outcome */
	static const struct {
		bool l_last;
		uint32_t l_n;
		bool t_last;
		uint32_t t_n, idx;
		int outcome; /* 1 found, 0 poisoned, -1 rejected */
	} cases[] = {{true, 4, true, 4, 3, 1}, {true, 4, true, 3, 3, 0}, {true, 4, true, 4, 4, -1},
		{true, 0, true, 0, 9, 1}, {true, 0, true, 4, 3, 1}, {true, 0, true, 4, 4, 0},
		{true, 9, true, 0, 5, 1}, {false, 0, true, 0, 0, -1}, {true, 0, false, 0, 0, 0},
		{false, 4, false, 4, 2, 1}};
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct pair p;
		char access[16];
		pair_init(&p, state);
		uint32_t l = flex(&p.l, p.l_int, cases[k].l_last, cases[k].l_n);
		flex(&p.t, p.t_int, cases[k].t_last, cases[k].t_n);
		snprintf(access, sizeof access, "0:%u:%u", cases[k].l_last, cases[k].idx);
		int32_t off = 4 + (int32_t)cases[k].idx * 4;
		struct answer a = ask(&p, CORE_FIELD_OFFSET, l, access, alu(off), 0);
		if (cases[k].outcome > 0)
			assert_value(&a, (uint64_t)off);
		else if (!cases[k].outcome)
			assert_poison(&a, "has no element");
		else
			assert_refused(&a, "is out of range");
		pair_free(&p);
	}
	struct pair p;
	pair_init(&p, state);
	uint32_t l = flex(&p.l, p.l_int, true, 4);
	bb_struct(&p.t, "s", 8);
	bb_member(&p.t, "items", p.t_int, 0);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:1:1", alu(8), 0);
	assert_poison(&a, "the kernel's struct s.items has another type: int");
	pair_free(&p);
}

/* Which field types are compatible. */
static void field_compatibility(void **state)
{
	enum {
		INT,
		U64,
		PTR,
		FLOAT,
		FLOAT8,
		S,
		U,
		E,
		E64,
		F,
		ANON,
		FWD,
		FWDB,
		ARR,
		GRID,
		FN,
		LEGACY,
		TD,
		N
	};
	static const struct {
		unsigned l, t;
		bool fits;
	} cases[] = {{INT, U64, true}, {INT, PTR, false}, {INT, LEGACY, false}, {TD, INT, true},
		{INT, TD, true}, {PTR, PTR, true}, {FLOAT, FLOAT8, true}, {FLOAT, INT, false},
		{S, U, true}, {U, S, true}, {S, S, true}, {S, INT, false}, {E, E, true},
		{E, E64, true}, {E64, E, true}, {E, F, false}, {E, ANON, true}, {ANON, F, true},
		{E, INT, false}, {FWD, FWD, true}, {FWD, FWDB, false}, {FWD, S, false},
		{ARR, GRID, false}, {GRID, GRID, true}, {ARR, ARR, true}, {ARR, PTR, false},
		{FN, FN, false}};
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct pair p;
		uint32_t roots[2];
		pair_init(&p, state);
		for (unsigned side = 0; side < 2; side++) {
			struct bb *b = side ? &p.t : &p.l;
			uint32_t ids[N], i = side ? p.t_int : p.l_int;
			ids[INT] = i;
			ids[U64] = side ? p.t_u64 : p.l_u64;
			ids[PTR] = bb_ptr(b, side ? i : 0);
			ids[FLOAT] = bb_type(b, BTF_FLOAT, "float", 0, false, 4);
			ids[FLOAT8] = bb_type(b, BTF_FLOAT, "double", 0, false, 8);
			ids[S] = bb_struct(b, side ? "other" : "s", 4);
			ids[U] = bb_union(b, "u", 8);
			ids[E] = bb_enum(b, side ? "e" : "e___mine", 4, false);
			ids[E64] = bb_enum64(b, "e", true);
			ids[F] = bb_enum(b, "f", 4, false);
			ids[ANON] = bb_enum(b, "", 4, false);
			ids[FWD] = bb_fwd(b, "fwd", false);
			ids[FWDB] = bb_fwd(b, "fwdb", false);
			ids[ARR] = bb_array(b, i, side ? 9 : 3);
			ids[GRID] = bb_array(b, ids[ARR], 2);
			ids[FN] = bb_proto(b, i);
			ids[LEGACY] = bb_type(b, BTF_INT, "legacy", 0, false, 4);
			bb_word(b, 3u << 16 | 5);
			ids[TD] = bb_ref(b, BTF_TYPEDEF, "td", bb_ref(b, BTF_CONST, "", i));
			roots[side] = bb_struct(b, "root", 16);
			bb_member(b, "m", ids[side ? cases[k].t : cases[k].l], 32);
		}
		struct answer a = ask(&p, CORE_FIELD_EXISTS, roots[0], "0:0", alu(1), 0);
		if (!a.ok || a.note.target != cases[k].fits)
			fail_msg("case %zu: %s", k, a.ok ? "wrong answer" : a.e.text);
		if (cases[k].l == FN || cases[k].l == FWD) { /* no size, so no value either */
			pair_free(&p);
			continue;
		}
		a = ask(&p, CORE_FIELD_OFFSET, roots[0], "0:0", alu(4), 0);
		if (cases[k].fits)
			assert_value(&a, 4);
		else
			assert_poison(&a, "the kernel's struct root.m has another type");
		pair_free(&p);
	}
}

static void typedef_roots(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t s = bb_struct(&p.l, "", 8);
	bb_member(&p.l, "x", p.l_int, 0);
	uint32_t td = bb_ref(&p.l, BTF_TYPEDEF, "pt", s), c = bb_ref(&p.l, BTF_CONST, "", td);
	bb_struct(&p.t, "pt", 4); /* a struct does not match a typedef of the same name */
	bb_member(&p.t, "x", p.t_int, 0);
	s = bb_struct(&p.t, "", 16);
	bb_member(&p.t, "x", p.t_int, 64);
	bb_ref(&p.t, BTF_TYPEDEF, "pt", s);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, td, "0:0", alu(0), 0);
	assert_value(&a, 8);
	assert_string_equal(a.note.what, "pt.x");
	a = ask(&p, CORE_TYPE_SIZE, td, "0", alu(8), 0);
	assert_value(&a, 16);
	a = ask(&p, CORE_FIELD_OFFSET, c, "0:0", alu(0), 0);
	assert_refused(&a, "unnamed types cannot be found");
	pair_free(&p);
}

static void ambiguity(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t l = bb_struct(&p.l, "s", 16);
	bb_member(&p.l, "same", p.l_int, 0);
	bb_member(&p.l, "moved", p.l_int, 32);
	bb_member(&p.l, "one", p.l_int, 64);
	bb_member(&p.l, "sign", p.l_int, 96);
	uint32_t first = bb_struct(&p.t, "s", 16);
	bb_member(&p.t, "same", p.t_int, 64);
	bb_member(&p.t, "moved", p.t_int, 32);
	bb_member(&p.t, "sign", p.t_int, 96);
	uint32_t second = bb_struct(&p.t, "s___2", 20);
	bb_member(&p.t, "same", p.t_int, 64);
	bb_member(&p.t, "moved", p.t_int, 0);
	bb_member(&p.t, "one", p.t_int, 128);
	bb_member(&p.t, "sign", p.t_u32, 96);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(0), 0);
	assert_value(&a, 8);
	assert_int_equal(a.note.target_id, first);
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:1", alu(4), 0);
	assert_refused(&a, "several types of the kernel match, struct s");
	a = ask(&p, CORE_FIELD_SIGNED, l, "0:3", alu(1), 0);
	assert_refused(&a, "ambiguous");
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:3", alu(12), 0);
	assert_value(&a, 12);
	a = ask(&p, CORE_TYPE_SIZE, l, "0", alu(16), 0);
	assert_refused(&a, "ambiguous");
	a = ask(&p, CORE_TYPE_ID_TARGET, l, "0", alu(16), 0);
	assert_refused(&a, "ambiguous");
	/* existence: the offsets must agree as well, even if both results are 1 */
	a = ask(&p, CORE_FIELD_EXISTS, l, "0:1", alu(1), 0);
	assert_refused(&a, "ambiguous");
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:2", alu(8), 0);
	assert_value(&a, 16);
	assert_int_equal(a.note.target_id, second);
	pair_free(&p);
}

/* A candidate that failed is not considered for later relocations of the same root. */
static void failed_candidates_are_forgotten(void **state)
{
	struct pair p;
	struct btf target;
	const struct btf *targets[] = {&target};
	pair_init(&p, state);
	uint32_t l = bb_struct(&p.l, "s", 16);
	bb_member(&p.l, "only", p.l_int, 0);
	bb_member(&p.l, "both", p.l_int, 32);
	bb_member(&p.l, "none", p.l_int, 64);
	bb_struct(&p.t, "s", 8);
	bb_member(&p.t, "only", p.t_int, 0);
	bb_member(&p.t, "both", p.t_int, 32);
	bb_struct(&p.t, "s", 4);
	bb_member(&p.t, "both", p.t_int, 0);
	bb_open(&p.t, NULL, &target);
	const struct ask q[] = {{CORE_FIELD_OFFSET, l, "0:2", alu(8), 0},
		{CORE_FIELD_OFFSET, l, "0:1", alu(4), 0}, {CORE_FIELD_OFFSET, l, "0:0", alu(0), 0},
		{CORE_FIELD_OFFSET, l, "0:1", alu(4), 0}};
	struct answer a[4];
	ask_all(&p, targets, 1, q, a, 4);
	assert_poison(&a[0], "no field none"); /* drops no candidate, as none has the field */
	assert_refused(&a[1], "ambiguous");
	assert_value(&a[2], 0);
	assert_value(&a[3], 4);
	pair_free(&p);
}

/* Local type, kernel type, size of the load, and the result. */
static void load_sizes(void **state)
{
	enum { INT, U8, U16, U32, U64, S64, PTR, FLT, DBL, U32S, U64S, BITS, U128, N };
	enum { POISON = 0, REFUSED = -1 };
	static const struct {
		unsigned l, t, bytes;
		int outcome; /* bytes of the patched load */
	} cases[] = {{U32, U64, 4, 8}, {U64, U32, 8, 4}, {U64, U8, 8, 1}, {U8, U16, 1, 2},
		{U32, U32, 4, 4}, {U32, U32, 1, 1}, {U32, U64, 1, REFUSED}, {INT, S64, 4, POISON},
		{INT, U64, 4, POISON}, {U64, INT, 8, POISON}, {INT, U32, 4, 4}, {PTR, PTR, 8, 8},
		{FLT, DBL, 4, POISON}, {U32S, U64S, 4, 8}, {BITS, U32, 4, POISON},
		{U64, U128, 8, REFUSED}};
	static const unsigned sizes[] = {[1] = BPF_B, [2] = BPF_H, [4] = BPF_W, [8] = BPF_DW};
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct pair p;
		pair_init(&p, state);
		uint32_t roots[2];
		for (unsigned side = 0; side < 2; side++) {
			struct bb *b = side ? &p.t : &p.l;
			uint32_t ids[N] = {0};
			ids[INT] = side ? p.t_int : p.l_int;
			ids[U32] = ids[BITS] = side ? p.t_u32 : p.l_u32;
			ids[U64] = side ? p.t_u64 : p.l_u64;
			ids[U8] = bb_int(b, "u8", 1, 0);
			ids[U16] = bb_int(b, "u16", 2, 0);
			ids[S64] = bb_int(b, "s64", 8, BTF_INT_SIGNED);
			ids[U128] = bb_int(b, "u128", 16, 0);
			ids[PTR] = bb_ptr(b, 0);
			ids[FLT] = bb_type(b, BTF_FLOAT, "float", 0, false, 4);
			ids[DBL] = bb_type(b, BTF_FLOAT, "double", 0, false, 8);
			ids[U32S] = bb_array(b, bb_array(b, ids[U32], 2), 2);
			ids[U64S] = bb_array(b, bb_array(b, ids[U64], 2), 2);
			roots[side] = bb_struct(b, "s", 64);
			unsigned which = side ? cases[k].t : cases[k].l;
			if (which == BITS)
				bb_bits(b, "f", ids[which], 64, 3);
			else
				bb_member(b, "f", ids[which], side ? 128 : 64);
		}
		/* loads, sign-extending loads, and both kinds of stores */
		static const unsigned modes[] = {BPF_LDX | BPF_MEM, BPF_LDX | BPF_MEMSX,
			BPF_ST | BPF_MEM, BPF_STX | BPF_MEM};
		for (unsigned m = 0; m < 4; m++) {
			struct insn i = load(sizes[cases[k].bytes], 8);
			i.code = (uint8_t)(modes[m] | (i.code & 0x18));
			struct answer a = ask(&p, CORE_FIELD_OFFSET, roots[0], "0:0", i, 0);
			if (cases[k].bytes == 1 && cases[k].t == U64 && !m && !p.big) {
				assert_value(&a, 16); /* the lowest byte is there, too */
				assert_int_equal(insn_width(a.insn), 1);
			} else if (cases[k].outcome == REFUSED) {
				assert_refused(&a, cases[k].t == U128
							   ? "there is no load of 16 bytes"
							   : "accesses 1 bytes of a field of 4");
			} else if (cases[k].outcome == POISON) {
				assert_poison(&a, "in the object");
				assert_poison(&a, "it is ");
			} else {
				assert_value(&a, 16);
				assert_int_equal(insn_width(a.insn), cases[k].outcome);
				assert_int_equal(a.insn.code & ~0x18, modes[m]);
			}
		}
		/* arithmetic has no width */
		struct answer a = ask(&p, CORE_FIELD_OFFSET, roots[0], "0:0", alu(8), 0);
		assert_value(&a, 16);
		pair_free(&p);
	}
}

/* A 32-bit kernel: its pointers have 4 bytes, the object's 8. */
static void pointers_of_four_bytes(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t lp = bb_ptr(&p.l, 0), l = bb_struct(&p.l, "s", 24);
	bb_member(&p.l, "a", lp, 0);
	bb_member(&p.l, "b", lp, 64);
	bb_member(&p.l, "c", lp, 128);
	bb_int(&p.t, "long unsigned int", 4, 0);
	uint32_t tp = bb_ptr(&p.t, 0), t = bb_struct(&p.t, "s", 12);
	bb_member(&p.t, "a", tp, 0);
	bb_member(&p.t, "b", tp, 32);
	bb_member(&p.t, "c", tp, 64);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:1", load(BPF_DW, 8), 0);
	assert_value(&a, 4);
	assert_int_equal(insn_width(a.insn), 4);
	a = ask(&p, CORE_FIELD_SIZE, l, "0:2", alu(8), 0);
	assert_value(&a, 4);
	a = ask(&p, CORE_FIELD_OFFSET, l, "1:1", alu(32), 0);
	assert_value(&a, 16);
	a = ask(&p, CORE_TYPE_SIZE, l, "0", alu(24), 0);
	assert_value(&a, 12);
	assert_int_equal(a.note.target_id, t);
	pair_free(&p);
}

static void instructions(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t l = bb_struct(&p.l, "s", 16);
	bb_member(&p.l, "near", p.l_int, 64);
	bb_member(&p.l, "far", p.l_int, 96);
	bb_struct(&p.t, "s", 70000);
	bb_member(&p.t, "near", p.t_int, 32767 * 8);
	bb_member(&p.t, "far", p.t_int, 32768 * 8);
	struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", load(BPF_W, 8), 0);
	assert_value(&a, 32767);
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:1", load(BPF_W, 12), 0);
	assert_refused(&a, "the offset 32768 exceeds 32767");
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:1", alu(12), 0);
	assert_value(&a, 32768);
	assert_int_equal(a.insn.dst, 3);
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(9), 0);
	assert_refused(&a, "instruction 0 contains 9, but the value in the object's types is 8");
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", load(BPF_W, 9), 0);
	assert_refused(&a, "contains 9, but");
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", load(BPF_W, -8), 0);
	assert_refused(&a, "contains -8, but");
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", wide(), UINT64_C(0x100000008));
	assert_refused(&a, "contains 4294967304, but");
	struct insn i = alu(8);
	i.code |= BPF_X;
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", i, 0);
	assert_refused(&a, "has a register operand");
	i = (struct insn){.code = BPF_JMP | BPF_JEQ, .imm = 8};
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", i, 0);
	assert_refused(&a, "cannot be relocated");
	i = (struct insn){.code = BPF_LD | BPF_ABS | BPF_W, .imm = 8};
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", i, 0);
	assert_refused(&a, "not a 64-bit constant");
	i = wide();
	i.src = BPF_PSEUDO_MAP_FD;
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", i, 8);
	assert_refused(&a, "not a 64-bit constant");
	/* only 64-bit arithmetic extends the sign from 32 to 64 bits */
	uint32_t le = bb_enum(&p.l, "e", 4, false);
	bb_value(&p.l, "V", 1);
	bb_enum(&p.t, "e", 4, false);
	bb_value(&p.t, "V", UINT32_MAX);
	i = alu(1);
	a = ask(&p, CORE_ENUM_VALUE, le, "0", i, 0);
	assert_refused(&a, "the value 4294967295 does not fit");
	i.code = BPF_ALU | BPF_MOV | BPF_K;
	a = ask(&p, CORE_ENUM_VALUE, le, "0", i, 0);
	assert_value(&a, UINT32_MAX);
	pair_free(&p);
}

/* A 64-bit constant has only its two halves: all other bits must be zero. */
static void wide_constants(void **state)
{
	bool order = *(bool *)*state;
	uint8_t two[2 * INSN_SIZE];
	uint64_t value = 0;
	struct insn low = wide(), high = {.imm = -2};
	low.imm = 0x12345678;
	insn_put(two, order, low);
	insn_put(two + INSN_SIZE, order, high);
	assert_true(core_wide_get(two, 2, 0, order, &value));
	assert_true(value == UINT64_C(0xfffffffe12345678));
	assert_false(core_wide_get(two, 2, 1, order, &value));
	assert_false(core_wide_get(two, 1, 0, order, &value));
	assert_false(core_wide_get(two, 0, 0, order, &value));
	assert_false(core_wide_get(two, 2, SIZE_MAX, order, &value));
	for (size_t k = 0; k < 12 * 8; k++) {
		size_t byte = k / 8, bit = k % 8;
		bool dst = byte == 1 && bit / 4 == order; /* any register will do */
		if (byte >= 4 && byte < 8)
			continue; /* the value */
		two[byte] ^= (uint8_t)(1u << bit);
		assert_int_equal(core_wide_get(two, 2, 0, order, &value), dst);
		two[byte] ^= (uint8_t)(1u << bit);
	}
	assert_true(core_wide_get(two, 2, 0, order, &value));
}

/* The instruction is outside, or a 64-bit constant begins in the last slot. */
static void instructions_at_the_end(void **state)
{
	struct pair p;
	struct btf local, target;
	const struct btf *targets[] = {&target};
	struct arena arena = {0};
	struct core_result note;
	pair_init(&p, state);
	uint32_t access = bb_string(&p.l, "0"), l = bb_struct(&p.l, "s", 16);
	uint32_t lost = bb_struct(&p.l, "lost", 16);
	bb_struct(&p.t, "s", 24);
	bb_open(&p.l, NULL, &local);
	bb_open(&p.t, NULL, &target);
	struct err e = {0};
	struct core *c = core_new(
		&local, &(struct kernel_types){.list = targets, .n = 1}, NULL, NULL, 0, &arena, &e);
	assert_non_null(c);
	uint8_t *one = malloc(INSN_SIZE); /* exact, for the sanitizer */
	const struct core_relo size = {0, l, access, CORE_TYPE_SIZE};
	insn_put(one, p.big, wide());
	assert_false(core_apply(c, &size, one, 1, 0, p.big, &note, &e));
	assert_non_null(strstr(e.text, "not a 64-bit constant"));
	e = (struct err){0};
	assert_false(core_apply(c, &size, one, 1, 1, p.big, &note, &e));
	assert_non_null(strstr(e.text, "instruction 1 is out of range, there are 1"));
	/* not announced to core_new(), but found all the same */
	e = (struct err){0};
	insn_put(one, p.big, alu(16));
	assert_true(core_apply(c, &size, one, 1, 0, p.big, &note, &e));
	assert_int_equal(insn_get(one, p.big).imm, 24);
	/* poisoning half a constant writes only inside the code */
	const struct core_relo field = {0, lost, access, CORE_FIELD_OFFSET};
	insn_put(one, p.big, wide());
	assert_true(core_apply(c, &field, one, 1, 0, p.big, &note, &e));
	assert_true(note.poison);
	assert_int_equal(insn_get(one, p.big).imm, CORE_POISON);
	free(one);
	arena_free(&arena);
	pair_free(&p);
}

static void broken_questions(void **state)
{
	static const struct {
		enum core_kind kind;
		const char *access, *text;
	} cases[] = {{CORE_FIELD_OFFSET, "", "malformed access string ''"},
		{CORE_FIELD_OFFSET, "0:", "malformed access string"},
		{CORE_FIELD_OFFSET, ":0", "malformed access string"},
		{CORE_FIELD_OFFSET, "0:x", "malformed access string"},
		{CORE_FIELD_OFFSET, "-1", "malformed access string"},
		{CORE_FIELD_OFFSET, "0::1", "malformed access string"},
		{CORE_FIELD_OFFSET, "0 :1", "malformed access string"},
		{CORE_FIELD_OFFSET, "99999999999", "malformed access string"},
		{CORE_FIELD_OFFSET, "0:3", "has 3 members, index 3 is out of range"},
		{CORE_FIELD_OFFSET, "0:0:0", "has no members"},
		{CORE_FIELD_OFFSET, "2147483647", "beyond 2 GB"},
		{CORE_TYPE_SIZE, "1", "is invalid for kind type_size"},
		{CORE_TYPE_SIZE, "0:0", "is invalid for kind type_size"},
		{CORE_ENUM_VALUE, "0:0", "is invalid for kind enum_value"},
		{CORE_ENUM_VALUE, "0", "is a struct, not an enum"},
		{(enum core_kind)13, "0", "unknown relocation kind 13"}};
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct pair p;
		pair_init(&p, state);
		uint32_t l = outer(&p.l, p.l_int, 0);
		outer(&p.t, p.t_int, 0);
		struct answer a = ask(&p, cases[k].kind, l, cases[k].access, alu(0), 0);
		assert_refused(&a, cases[k].text);
		assert_refused(&a, "CO-RE: ");
		a = ask(&p, CORE_FIELD_OFFSET, k % 2 ? 0 : 9999, "0", alu(0), 0);
		assert_refused(&a, "there is no BTF type");
		pair_free(&p);
	}
}

/* The longest path has 64 levels; in the kernel's type, anonymous members count as well. */
static void nesting_limits(void **state)
{
	for (unsigned levels = 63; levels <= 65; levels++) {
		struct pair p;
		pair_init(&p, state);
		uint32_t l = bb_struct(&p.l, "s", 4);
		bb_member(&p.l, "x", p.l_int, 0);
		uint32_t t = bb_struct(&p.t, "", 4);
		bb_member(&p.t, "x", p.t_int, 0);
		for (unsigned i = 2; i < levels; i++) {
			uint32_t inside = t;
			t = bb_struct(&p.t, i + 1 < levels ? "" : "s", 4);
			bb_member(&p.t, "", inside, 0);
		}
		struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(0), 0);
		if (levels <= 64)
			assert_value(&a, 0);
		else
			assert_refused(&a, "too complex to compare");
		pair_free(&p);
	}
	struct pair p;
	char access[300] = "0";
	pair_init(&p, state);
	for (unsigned i = 0; i < 64; i++)
		strcat(access, ":0");
	uint32_t s = p.l_int;
	for (unsigned i = 0; i < 70; i++) {
		uint32_t inside = s;
		s = bb_struct(&p.l, "s", 4);
		bb_member(&p.l, "x", inside, 0);
	}
	struct answer a = ask(&p, CORE_FIELD_EXISTS, s, access, alu(1), 0);
	assert_refused(&a, "more than 64 levels");
	pair_free(&p);
}

/* 60 structs, each with two anonymous members of the next: 2^60 members. The budget stops it. */
static void hostile_types(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t l = bb_struct(&p.l, "s", 4), t = p.t_int, m = p.l_int;
	bb_member(&p.l, "x", p.l_int, 0);
	for (unsigned i = 0; i < 60; i++) {
		uint32_t inside = t;
		t = bb_struct(&p.t, i < 59 ? "" : "s", 4);
		bb_member(&p.t, "", inside, 0);
		bb_member(&p.t, "", inside, 0);
	}
	struct answer a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(0), 0);
	assert_refused(&a, "too complex to compare");
	/* the same for whole types whose members match except for the last */
	pair_free(&p);
	pair_init(&p, state);
	for (unsigned side = 0; side < 2; side++) {
		struct bb *b = side ? &p.t : &p.l;
		m = bb_struct(b, "end", side ? 4 : 8);
		bb_member(b, side ? "x" : "y", side ? p.t_int : p.l_int, 0);
		for (unsigned i = 0; i < 28; i++) {
			uint32_t inside = m;
			m = bb_struct(b, "s", 4);
			for (unsigned k = 0; k < 4; k++)
				bb_member(b, "", inside, 0);
		}
		l = side ? l : m;
	}
	a = ask(&p, CORE_TYPE_MATCHES, l, "0", alu(1), 0);
	assert_refused(&a, "too complex to compare");
	pair_free(&p);
	/* a struct that contains itself */
	pair_init(&p, state);
	l = bb_struct(&p.l, "s", 4);
	bb_member(&p.l, "x", p.l_int, 0);
	t = bb_struct(&p.t, "s", 4);
	bb_member(&p.t, "", t, 0);
	a = ask(&p, CORE_FIELD_OFFSET, l, "0:0", alu(0), 0);
	assert_refused(&a, "too complex to compare");
	l = bb_struct(&p.l, "self", 4);
	bb_member(&p.l, "x", l, 0);
	t = bb_struct(&p.t, "self", 4);
	bb_member(&p.t, "x", t, 0);
	a = ask(&p, CORE_TYPE_MATCHES, l, "0", alu(1), 0);
	assert_refused(&a, "too complex to compare");
	pair_free(&p);
}

static void without_kernel_btf(void **state)
{
	struct pair p;
	pair_init(&p, state);
	uint32_t l = outer(&p.l, p.l_int, 0);
	const struct ask q[] = {{CORE_TYPE_ID_LOCAL, l, "0", alu(0), 0},
		{CORE_FIELD_OFFSET, l, "0:1:1", alu(8), 0}, {CORE_TYPE_EXISTS, l, "0", alu(1), 0}};
	struct answer a[3];
	ask_all(&p, NULL, 0, q, a, 3);
	assert_value(&a[0], l);
	assert_refused(&a[1], "CO-RE: field_offset of struct outer.in.d: this kernel has no BTF");
	assert_non_null(strstr(a[1].e.hint, "CONFIG_DEBUG_INFO_BTF"));
	assert_refused(&a[2], "CO-RE: type_exists of struct outer: this kernel has no BTF");
	pair_free(&p);
}

/* A module's types are used only if vmlinux has no type of that name. */
static void modules(void **state)
{
	struct pair p;
	struct bb m[2];
	struct btf kernel, module[2];
	pair_init(&p, state);
	uint32_t l_both = bb_struct(&p.l, "both", 4);
	bb_member(&p.l, "x", p.l_int, 0);
	uint32_t l_mod = bb_struct(&p.l, "mod", 4);
	bb_member(&p.l, "x", p.l_int, 0);
	uint32_t l_two = bb_struct(&p.l, "two", 4);
	bb_member(&p.l, "x", p.l_int, 0);
	bb_struct(&p.t, "both", 8);
	bb_member(&p.t, "x", p.t_int, 32);
	bb_open(&p.t, NULL, &kernel);
	uint32_t t_mod = 0;
	for (unsigned i = 0; i < 2; i++) {
		bb_split(&m[i], &kernel);
		bb_struct(&m[i], "both", 16);
		bb_member(&m[i], "x", p.t_int, 64);
		if (i) {
			t_mod = bb_struct(&m[i], "mod", 16);
			bb_member(&m[i], "x", p.t_int, 96);
		}
		bb_struct(&m[i], "two", 16);
		bb_member(&m[i], "x", p.t_int, i * 32);
		bb_open(&m[i], &kernel, &module[i]);
	}
	const struct btf *targets[] = {&kernel, &module[0], &module[1]};
	const struct ask q[] = {{CORE_FIELD_OFFSET, l_both, "0:0", alu(0), 0},
		{CORE_FIELD_OFFSET, l_mod, "0:0", alu(0), 0},
		{CORE_TYPE_ID_TARGET, l_mod, "0", alu(0), 0},
		{CORE_FIELD_OFFSET, l_two, "0:0", alu(0), 0}};
	struct answer a[4];
	ask_all(&p, targets, 3, q, a, 4);
	assert_value(&a[0], 4);
	assert_int_equal(a[0].note.target_no, 0);
	assert_value(&a[1], 12);
	assert_int_equal(a[1].note.target_no, 2);
	assert_value(&a[2], t_mod);
	assert_refused(&a[3], "ambiguous");
	bb_free(&m[0]);
	bb_free(&m[1]);
	pair_free(&p);
}

/* Two typedefs of the same name: whether their types exist and match. */
enum shape {
	S_INT,
	S_UINT,
	S_LONG,
	S_PTR,
	S_PTR_UINT,
	S_VOIDP,
	S_ARR,
	S_ARR_OTHER,
	S_FLOAT,
	S_DOUBLE,
	S_E,
	S_E_LESS,
	S_E_OTHER,
	S_E_BIG,
	S_E64,
	S_ST,
	S_ST_MORE,
	S_ST_LESS,
	S_ST_TYPE,
	S_ST_NAME,
	S_UN,
	S_FWD,
	S_FWD_UN,
	S_PTR_ST,
	S_PTR_LESS,
	S_PTR_FWD,
	S_PTR_FWD_UN,
	S_PTR_UN,
	S_PTR_NAME,
	S_FN,
	S_FN_RET,
	S_FN_ARGS,
	S_FN_ARG,
	S_FN_PTR_ST,
	S_FN_PTR_FWD,
	SHAPES
};

static uint32_t make_enum(struct bb *b, const char *last, unsigned n, uint32_t size)
{
	uint32_t id = bb_enum(b, "e", size, false);
	bb_value(b, last, 5);
	for (unsigned i = 1; i < n; i++)
		bb_value(b, i == 1 ? "ONE" : "TWO", i);
	return id;
}

static uint32_t make_struct(struct bb *b, const char *name, uint32_t type, unsigned n)
{
	uint32_t id = bb_struct(b, name, 16);
	if (n > 2)
		bb_member(b, "front", type, 0);
	bb_member(b, "x", type, 32);
	if (n > 1)
		bb_member(b, "y", type, 64);
	return id;
}

static uint32_t make_fn(struct bb *b, uint32_t returns, uint32_t arg, unsigned n)
{
	uint32_t id = bb_proto(b, returns);
	for (unsigned i = 0; i < n; i++)
		bb_param(b, "p", arg);
	return id;
}

static uint32_t make_shape(struct bb *b, enum shape s, uint32_t i, uint32_t u, uint32_t l)
{
	switch (s) {
	case S_INT:
		return i;
	case S_UINT:
		return bb_int(b, "int", 4, 0);
	case S_LONG:
		return bb_int(b, "int", 8, BTF_INT_SIGNED);
	case S_PTR:
		return bb_ptr(b, i);
	case S_PTR_UINT:
		return bb_ptr(b, u);
	case S_VOIDP:
		return bb_ptr(b, 0);
	case S_ARR:
		return bb_array(b, i, 3);
	case S_ARR_OTHER:
		return bb_array(b, i, 4);
	case S_FLOAT:
		return bb_type(b, BTF_FLOAT, "f", 0, false, 4);
	case S_DOUBLE:
		return bb_type(b, BTF_FLOAT, "f", 0, false, 8);
	case S_E:
		return make_enum(b, "Z", 2, 4);
	case S_E_LESS:
		return make_enum(b, "Z", 1, 4);
	case S_E_OTHER:
		return make_enum(b, "Q", 2, 4);
	case S_E_BIG:
		return make_enum(b, "Z", 2, 8);
	case S_E64:
		l = bb_enum64(b, "e", false);
		bb_value(b, "ONE___new", 7);
		bb_value(b, "Z", 7);
		return l;
	case S_ST:
		return make_struct(b, "st", i, 2);
	case S_ST_MORE:
		return make_struct(b, "st", i, 3);
	case S_ST_LESS:
		return make_struct(b, "st", i, 1);
	case S_ST_TYPE:
		return make_struct(b, "st", u, 2);
	case S_ST_NAME:
		return make_struct(b, "other", i, 2);
	case S_UN:
		l = bb_union(b, "st", 16);
		bb_member(b, "x", i, 0);
		bb_member(b, "y", i, 0);
		return l;
	case S_FWD:
		return bb_fwd(b, "st", false);
	case S_FWD_UN:
		return bb_fwd(b, "st", true);
	case S_PTR_ST:
	case S_PTR_LESS:
	case S_PTR_FWD:
	case S_PTR_FWD_UN:
	case S_PTR_UN:
	case S_PTR_NAME: {
		static const enum shape inner[] = {[S_PTR_ST] = S_ST,
			[S_PTR_LESS] = S_ST_LESS,
			[S_PTR_FWD] = S_FWD,
			[S_PTR_FWD_UN] = S_FWD_UN,
			[S_PTR_UN] = S_UN,
			[S_PTR_NAME] = S_ST_NAME};
		return bb_ptr(b, make_shape(b, inner[s], i, u, l));
	}
	case S_FN:
		return make_fn(b, i, i, 2);
	case S_FN_RET:
		return make_fn(b, bb_ptr(b, i), i, 2);
	case S_FN_ARGS:
		return make_fn(b, i, i, 3);
	case S_FN_ARG:
		return make_fn(b, i, u, 2);
	case S_FN_PTR_ST:
		return bb_ptr(b, make_fn(b, i, make_struct(b, "st", i, 1), 1));
	default:
		return bb_ptr(b, make_fn(b, i, bb_fwd(b, "st", false), 1));
	}
}

static void whole_types(void **state)
{
	static const struct {
		enum shape l, t;
		bool exists, matches;
	} cases[] = {{S_INT, S_INT, true, true}, {S_INT, S_UINT, true, false},
		{S_INT, S_LONG, true, false}, {S_INT, S_PTR, false, false},
		{S_PTR, S_PTR, true, true}, {S_PTR, S_PTR_UINT, true, false},
		{S_PTR, S_VOIDP, false, false}, {S_VOIDP, S_VOIDP, true, true},
		{S_ARR, S_ARR, true, true}, {S_ARR, S_ARR_OTHER, true, false},
		{S_FLOAT, S_FLOAT, false, true}, {S_FLOAT, S_DOUBLE, false, false},
		{S_E, S_E, true, true}, {S_E, S_E_LESS, true, false}, {S_E_LESS, S_E, true, true},
		{S_E, S_E_OTHER, true, false}, {S_E, S_E_BIG, true, false},
		{S_E_BIG, S_E64, true, true}, {S_E, S_INT, false, false}, {S_ST, S_ST, true, true},
		{S_ST, S_ST_MORE, true, true}, {S_ST, S_ST_LESS, true, false},
		{S_ST, S_ST_TYPE, true, false}, {S_ST, S_ST_NAME, true, false},
		{S_ST, S_UN, false, false}, {S_ST, S_FWD, false, false}, {S_FWD, S_FWD, true, true},
		{S_FWD, S_FWD_UN, true, false}, {S_UN, S_UN, true, true},
		{S_PTR_ST, S_PTR_LESS, true, true}, {S_PTR_ST, S_PTR_FWD, false, true},
		{S_PTR_FWD, S_PTR_ST, false, true}, {S_PTR_ST, S_PTR_FWD_UN, false, false},
		{S_PTR_UN, S_PTR_FWD_UN, false, true}, {S_PTR_ST, S_PTR_UN, false, false},
		{S_PTR_ST, S_PTR_NAME, true, false}, {S_PTR_FWD, S_PTR_FWD, true, true},
		{S_PTR_FWD, S_PTR_FWD_UN, true, false}, {S_FN, S_FN, true, true},
		{S_FN, S_FN_RET, false, false}, {S_FN, S_FN_ARGS, false, false},
		{S_FN, S_FN_ARG, true, false}, {S_FN_PTR_ST, S_FN_PTR_FWD, false, true}};
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct pair p;
		pair_init(&p, state);
		uint32_t l = make_shape(&p.l, cases[k].l, p.l_int, p.l_u32, 0);
		l = bb_ref(&p.l, BTF_TYPEDEF, "td___mine", bb_ref(&p.l, BTF_CONST, "", l));
		uint32_t t = make_shape(&p.t, cases[k].t, p.t_int, p.t_u32, 0);
		t = bb_ref(&p.t, BTF_TYPEDEF, "td", t);
		struct answer a = ask(&p, CORE_TYPE_EXISTS, l, "0", alu(1), 0);
		if (!a.ok || a.note.target != cases[k].exists)
			fail_msg("case %zu: exists: %s", k, a.ok ? "wrong" : a.e.text);
		a = ask(&p, CORE_TYPE_MATCHES, l, "0", alu(1), 0);
		if (!a.ok || a.note.target != cases[k].matches)
			fail_msg("case %zu: matches: %s", k, a.ok ? "wrong" : a.e.text);
		pair_free(&p);
	}
}

/* Minimal types of damaged ones are valid BTF, or there are none. */
static void minimise(const struct btf *local, const struct btf *target, const struct core_relo *r,
	struct arena *a)
{
	const struct btf *targets[] = {target};
	struct kernel_types kernel = {.list = targets, .n = 1};
	struct core_min m;
	struct btf min;
	struct err e = {0};
	uint8_t record[16];
	uint32_t size = sizeof record;
	const uint32_t words[] = {r->insn_off, r->type_id, r->access_off, r->kind};
	struct span records = {record, sizeof record, local->data.big};
	for (unsigned i = 0; i < 4; i++)
		bytes_put(record + i * 4, 4, local->data.big, words[i]);
	core_min_begin(&m, &kernel, a);
	if (!core_min_add(&m, local, &records, &size, 1, &e))
		return;
	struct span bytes = core_min_end(&m, &e);
	if (bytes.n && !btf_open(&min, bytes, NULL, a, &e))
		fail_msg("%s", e.text);
	assert_true(bytes.n || e.set);
}

/* With random bytes of both types changed, relocations succeed or fail, and nothing worse. */
static void survives_flips(void **state)
{
	struct pair p;
	uint64_t seed = 1;
	unsigned answered = 0, refused = 0;
	pair_init(&p, state);
	uint32_t roots[4], access[6];
	for (unsigned side = 0; side < 2; side++) {
		struct bb *b = side ? &p.t : &p.l;
		uint32_t s = outer(b, side ? p.t_int : p.l_int, side * 4);
		uint32_t e = make_enum(b, "Z", 2, 4), ptr = bb_ptr(b, s);
		uint32_t anon = bb_struct(b, "", 8);
		bb_member(b, "deep", ptr, 0);
		uint32_t top = bb_struct(b, "top", 64);
		bb_member(b, "", anon, 0);
		bb_bits(b, "bits", side ? p.t_u32 : p.l_u32, 64, 3);
		uint32_t fn = bb_ref(b, BTF_TYPEDEF, "fn", make_fn(b, s, ptr, 2));
		if (!side)
			memcpy(roots, (uint32_t[]){s, e, top, fn}, sizeof roots);
	}
	static const char *const strings[] = {"0", "0:1:1", "0:2:3", "0:0:0", "1", "0:1"};
	for (unsigned i = 0; i < 6; i++)
		access[i] = bb_string(&p.l, strings[i]);
	struct span l = bb_done(&p.l), t = bb_done(&p.t);
	for (unsigned round = 0; round < 6000; round++) {
		struct arena a = {0};
		struct err e = {0};
		struct btf local, target;
		uint8_t *pl = malloc(l.n), *pt = malloc(t.n), insns[16];
		memcpy(pl, l.p, l.n);
		memcpy(pt, t.p, t.n);
		for (unsigned k = bb_random(&seed) % 3; k; k--)
			pl[24 + bb_random(&seed) % (l.n - 24)] = (uint8_t)bb_random(&seed);
		for (unsigned k = bb_random(&seed) % 4; k; k--)
			pt[24 + bb_random(&seed) % (t.n - 24)] = (uint8_t)bb_random(&seed);
		if (btf_open(&local, (struct span){pl, l.n, false}, NULL, &a, &e) &&
			btf_open(&target, (struct span){pt, t.n, false}, NULL, &a, &e)) {
			const struct btf *targets[] = {&target};
			struct core *c =
				core_new(&local, &(struct kernel_types){.list = targets, .n = 1},
					NULL, NULL, 0, &a, &e);
			assert_non_null(c);
			for (unsigned k = 0; k < CORE_KINDS * 4; k++) {
				struct core_result note;
				struct core_relo r = {0, roots[k / CORE_KINDS],
					access[bb_random(&seed) % 6], k % CORE_KINDS};
				e = (struct err){0};
				insn_put(insns, p.big, k % 2 ? wide() : alu(1));
				insn_put(insns + 8, p.big, (struct insn){0});
				if (core_apply(c, &r, insns, 2, 0, p.big, &note, &e))
					answered++;
				else
					refused++;
				minimise(&local, &target, &r, &a);
				assert_true(memchr(note.why, 0, sizeof note.why));
				assert_true(memchr(note.what, 0, sizeof note.what));
			}
		}
		arena_free(&a);
		free(pl);
		free(pt);
	}
	assert_true(answered > 10000 && refused > 10000);
	pair_free(&p);
}
/*
 * Another implementation on the same object and kernel: bpftool (libbpf) logs the value written
 * into each instruction. All values must be the same.
 */
static const char program[] =
	"typedef unsigned int u32; typedef unsigned long long u64;\n"
	"typedef unsigned char u8; typedef unsigned short u16;\n"
	"#define SEC(n) __attribute__((section(n), used))\n"
	"#define P __attribute__((preserve_access_index))\n"
	"#define FI __builtin_preserve_field_info\n"
	"#define AT(x) (u64)__builtin_preserve_access_index(&(x))\n"
	"#define TI(t, k) __builtin_preserve_type_info(*(t *)0, k)\n"
	"#define EV(t, v, k) __builtin_preserve_enum_value(*(t *)v, k)\n"
	"#define ALL(x) o[0] = FI(x, 0); o[1] = FI(x, 1); o[2] = FI(x, 2);"
	" o[3] = FI(x, 3); o[4] = FI(x, 4); o[5] = FI(x, 5);\n"
	"struct list_head { struct list_head *next, *prev; } P;\n"
	"struct sched_entity { u64 vruntime; } P;\n"
	"struct mm_struct { u64 total_vm; } P;\n"
	"struct task_struct { int pid, tgid; char comm[16]; struct sched_entity se;\n"
	" struct task_struct *real_parent; struct mm_struct *mm; u32 sched_reset_on_fork : 1;\n"
	" u64 nope; struct list_head children; u32 __state; int static_prio; void *stack; } P;\n"
	"struct task_struct___old { long state; int static_prio[3]; } P;\n"
	"struct sk_buff { int len; u8 pkt_type : 3; u8 ip_summed : 2; u8 cloned : 1; u16 "
	"protocol;\n"
	" u32 mark; } P;\n"
	"struct iphdr { u8 ihl : 4, version : 4; } P;\n"
	"struct nobody_has_this { int a; } P;\n"
	"struct list_head___small { int next; };\n"
	"enum bpf_cmd___mine { BPF_LINK_CREATE = 99, BPF_NOWHERE = 1 };\n"
	"enum bpf_attach_type { BPF_TRACE_ITER = 1 };\n"
	"typedef int pid_t; typedef u64 atomic_t___x;\n"
	"volatile u64 o[8];\n"
	"SEC(\"raw_tp/sys_enter\") int fields(void **ctx)\n"
	"{\n"
	" struct task_struct *t = *ctx; struct sk_buff *s = *ctx; struct iphdr *h = *ctx;\n"
	" struct task_struct___old *old = *ctx; struct nobody_has_this *n = *ctx;\n"
	" o[0] = AT(t->pid); o[1] = AT(t->comm); o[2] = AT(t->comm[3]); o[3] = "
	"AT(t->se.vruntime);\n"
	" o[4] = AT(t->children.prev); o[5] = AT(t[2].pid); o[6] = AT(t->stack);\n"
	" ALL(t->pid) ALL(t->sched_reset_on_fork) ALL(t->nope) ALL(t->__state) ALL(s->pkt_type)\n"
	" ALL(s->ip_summed) ALL(s->cloned) ALL(s->protocol) ALL(h->version) ALL(h->ihl)\n"
	" ALL(old->state) ALL(n->a)\n"
	" o[0] = FI(old->static_prio, 2); o[1] = FI(t->comm, 1); o[2] = FI(t->comm[1], 1);\n"
	" return 0;\n"
	"}\n"
	"SEC(\"raw_tp/sys_exit\") int types(void *ctx)\n"
	"{\n"
	" o[0] = TI(struct task_struct, 0); o[1] = TI(struct task_struct, 1);\n"
	" o[2] = TI(struct nobody_has_this, 0); o[3] = TI(struct nobody_has_this, 1);\n"
	" o[4] = TI(pid_t, 0); o[5] = TI(pid_t, 1); o[6] = TI(atomic_t___x, 0);\n"
	" o[0] = TI(struct list_head___small, 0); o[1] = TI(struct list_head___small, 1);\n"
	" o[2] = __builtin_btf_type_id(*(struct task_struct *)0, 0);\n"
	" o[3] = __builtin_btf_type_id(*(struct task_struct *)0, 1);\n"
	" o[4] = __builtin_btf_type_id(*(struct nobody_has_this *)0, 1);\n"
	" return 0;\n"
	"}\n"
	"SEC(\"raw_tp/sched_switch\") int enums(void *ctx)\n"
	"{\n"
	" o[0] = EV(enum bpf_cmd___mine, BPF_LINK_CREATE, 0);\n"
	" o[1] = EV(enum bpf_cmd___mine, BPF_LINK_CREATE, 1);\n"
	" o[2] = EV(enum bpf_cmd___mine, BPF_NOWHERE, 0);\n"
	" o[3] = EV(enum bpf_cmd___mine, BPF_NOWHERE, 1);\n"
	" o[4] = EV(enum bpf_attach_type, BPF_TRACE_ITER, 1);\n"
	" return 0;\n"
	"}\n"
	"SEC(\"tp_btf/sched_switch\") int loads(u64 *ctx)\n"
	"{\n"
	" struct task_struct *t = (void *)ctx[1];\n"
	" o[0] = t->pid; o[1] = t->mm->total_vm; o[2] = t->__state; o[3] = t->se.vruntime;\n"
	" o[4] = (u64)t->real_parent; o[5] = t->comm[5]; o[6] = t->nope;\n"
	" return 0;\n"
	"}\n"
	"char L[] SEC(\"license\") = \"GPL\";\n";

enum { PROGRAMS = 4, MOST = 128 };
static const char *const programs[PROGRAMS][2] = {{"fields", "raw_tp/sys_enter"},
	{"types", "raw_tp/sys_exit"}, {"enums", "raw_tp/sched_switch"},
	{"loads", "tp_btf/sched_switch"}};

struct outcome {
	bool known, poison;
	unsigned insn;
	long long value;
};

static struct span slurp(const char *path)
{
	size_t n = 0, cap = 1 << 20, got;
	uint8_t *p = malloc(cap);
	FILE *f = fopen(path, "rb");
	while (f && (got = fread(p + n, 1, cap - n, f))) {
		n += got;
		if (n == cap)
			p = realloc(p, cap *= 2);
	}
	if (f)
		fclose(f);
	return (struct span){p, n, false};
}

/* The bytes of a section of a well-formed ELF file of this machine. */
static struct span section(struct span file, const char *name)
{
	Elf64_Ehdr h;
	Elf64_Shdr s, names;
	memcpy(&h, file.p, sizeof h);
	memcpy(&names, file.p + h.e_shoff + h.e_shstrndx * sizeof names, sizeof names);
	for (unsigned i = 0; i < h.e_shnum; i++) {
		memcpy(&s, file.p + h.e_shoff + i * sizeof s, sizeof s);
		if (!strcmp((const char *)file.p + names.sh_offset + s.sh_name, name))
			return span_sub(file, s.sh_offset, s.sh_size);
	}
	return span_sub(file, 0, 0);
}

/* "prog 'fields': relo #3: patched insn #7 (ALU/ALU64) imm 0 -> 1264" or "... substituting insn" */
static unsigned read_log(const char *command, struct outcome out[PROGRAMS][MOST])
{
	char *line = NULL, name[64];
	size_t cap = 0;
	unsigned relo, insn, n = 0;
	FILE *f = popen(command, "r");
	assert_non_null(f);
	while (getline(&line, &cap, f) > 0) {
		const char *p = strstr(line, "prog '"), *arrow = strstr(line, " -> ");
		char verb[16];
		if (!p || sscanf(p, "prog '%63[^']': relo #%u: %15s insn #%u", name, &relo, verb,
				  &insn) != 4)
			continue;
		for (unsigned i = 0; i < PROGRAMS; i++) {
			struct outcome *o = &out[i][relo];
			if (strcmp(name, programs[i][0]) || relo >= MOST || o->known)
				continue;
			if (strcmp(verb, "substituting") && !arrow)
				continue;
			*o = (struct outcome){.known = true, .insn = insn};
			o->poison = !strcmp(verb, "substituting");
			o->value = o->poison ? 0 : atoll(arrow + 4);
			n++;
		}
	}
	pclose(f);
	free(line);
	return n;
}

static unsigned compare(struct core *c, const struct btf_ext *x, const struct btf *local,
	struct span file, struct outcome out[PROGRAMS][MOST])
{
	unsigned n = 0;
	for (unsigned i = 0; i < PROGRAMS; i++) {
		uint32_t size;
		struct span records =
			btf_ext_section(x, BTF_EXT_CORE, local, programs[i][1], &size);
		struct span code = section(file, programs[i][1]);
		for (uint32_t k = 0; k < records.n / size; k++, n++) {
			struct core_relo r = core_relo_get(records, size, k);
			struct core_result note;
			struct err e = {0};
			if (!core_apply(c, &r, (uint8_t *)code.p, code.n / INSN_SIZE,
				    r.insn_off / INSN_SIZE, false, &note, &e))
				fail_msg("%s", e.text);
			const struct outcome *o = &out[i][k];
			if (!o->known || o->insn != r.insn_off / INSN_SIZE ||
				o->poison != note.poison ||
				(!o->poison && o->value != (long long)note.target))
				fail_msg("%s relocation %u, %s of %s: %lld here, %lld in bpftool",
					programs[i][0], k, core_kind_name(note.kind), note.what,
					note.poison ? -1LL : (long long)note.target,
					o->poison ? -1LL : o->value);
		}
	}
	return n;
}

static void agrees_with_bpftool(void **state)
{
	const char *vmlinux = "/sys/kernel/btf/vmlinux";
	static struct outcome out[PROGRAMS][MOST];
	char dir[] = "/tmp/test_core.XXXXXX", command[512], path[64];
	(void)state;
	if (access(vmlinux, R_OK) || geteuid() || host_is_big() ||
		system("command -v clang >/dev/null && command -v bpftool >/dev/null")) {
		print_message("# skipped: needs root, clang, bpftool and %s\n", vmlinux);
		skip();
	}
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/x.c", dir);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(program, f);
	fclose(f);
	snprintf(command, sizeof command,
		"clang -target bpf -O2 -g -Wno-everything -c %s/x.c -o %s/x.o", dir, dir);
	assert_int_equal(system(command), 0);
	/* A private mount namespace, with which the pins that bpftool requires disappear. The load
	 * itself may fail (the poison is reachable); the log is written before. */
	snprintf(command, sizeof command,
		"unshare -m sh -c 'mkdir %s/b && mount -t bpf bpf %s/b && bpftool -d prog loadall "
		"%s/x.o %s/b/x' 2>&1",
		dir, dir, dir, dir);
	unsigned n = read_log(command, out);
	snprintf(path, sizeof path, "%s/x.o", dir);
	struct span file = slurp(path), kernel = slurp(vmlinux), records[PROGRAMS];
	snprintf(command, sizeof command, "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
	struct arena a = {0};
	struct err e = {0};
	struct btf local, target;
	const struct btf *targets[] = {&target};
	struct btf_ext x;
	uint32_t sizes[PROGRAMS];
	assert_true(btf_open(&local, section(file, ".BTF"), NULL, &a, &e));
	assert_true(btf_ext_open(&x, section(file, ".BTF.ext"), &e));
	assert_true(btf_open(&target, kernel, NULL, &a, &e));
	for (unsigned i = 0; i < PROGRAMS; i++)
		records[i] = btf_ext_section(&x, BTF_EXT_CORE, &local, programs[i][1], &sizes[i]);
	struct core *c = core_new(&local, &(struct kernel_types){.list = targets, .n = 1}, records,
		sizes, PROGRAMS, &a, &e);
	assert_non_null(c);
	assert_int_equal(compare(c, &x, &local, file, out), n);
	assert_true(n > 90);
	assert_true(a.used < 64 * 1024);
	free((void *)file.p);
	free((void *)kernel.p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(field_offset),
		BOTH(field_size_and_exists),
		BOTH(absent_fields),
		BOTH(nearest_names),
		BOTH(long_names),
		BOTH(poison_takes_both_slots),
		BOTH(field_signed),
		BOTH(bitfields),
		BOTH(bitfield_too_wide),
		BOTH(shifts_of_plain_fields),
		BOTH(type_questions),
		BOTH(enumerators),
		BOTH(enumerators_without_sign),
		BOTH(flavours),
		BOTH(anonymous_members),
		BOTH(arrays_and_bounds),
		BOTH(field_compatibility),
		BOTH(typedef_roots),
		BOTH(ambiguity),
		BOTH(failed_candidates_are_forgotten),
		BOTH(load_sizes),
		BOTH(pointers_of_four_bytes),
		BOTH(instructions),
		BOTH(wide_constants),
		BOTH(instructions_at_the_end),
		BOTH(broken_questions),
		BOTH(nesting_limits),
		BOTH(hostile_types),
		BOTH(without_kernel_btf),
		BOTH(modules),
		BOTH(whole_types),
		BOTH(survives_flips),
		cmocka_unit_test(agrees_with_bpftool),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
