/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Types as C, compared with literal text. cli/btf.bats compiles the types of whole kernels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "elf/btf/btf_c.h"
#include "btf_build.h"

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

enum { TEXT = 1 << 16 };

struct text {
	char s[TEXT];
	size_t n;
};

static void keep(void *ctx, const char *text, size_t n)
{
	struct text *t = ctx;
	assert_true(t->n + n < TEXT);
	memcpy(t->s + t->n, text, n);
	t->n += n;
	t->s[t->n] = 0;
}

static void drop(void *ctx, const char *text, size_t n)
{
	(void)text;
	*(uint64_t *)ctx += n;
}

/* The header generated from the types is exactly this text. */
static void header_is(struct bb *b, const struct btf *base, const char *wanted)
{
	static struct text got;
	struct arena a = {0};
	struct err e = {0};
	struct btf f;
	got.n = 0;
	got.s[0] = 0;
	bb_open(b, base, &f);
	if (!btf_c_header(&f, (struct btf_text){keep, &got}, &a, &e))
		fail_msg("%s", e.text);
	assert_string_equal(got.s, wanted);
	arena_free(&a);
}

static void shown_is(struct bb *b, uint32_t id, const char *wanted)
{
	static struct text got;
	struct arena a = {0};
	struct err e = {0};
	struct btf f;
	got.n = 0;
	bb_open(b, NULL, &f);
	if (!btf_c_show(&f, id, (struct btf_text){keep, &got}, &a, &e))
		fail_msg("%s", e.text);
	assert_string_equal(got.s, wanted);
	arena_free(&a);
}

/* No header is generated: the error contains this text. */
static void refused(struct bb *b, const char *why)
{
	struct arena a = {0};
	struct err e = {0};
	struct btf f;
	uint64_t n = 0;
	bb_open(b, NULL, &f);
	assert_false(btf_c_header(&f, (struct btf_text){drop, &n}, &a, &e));
	if (!strstr(e.text, why))
		fail_msg("'%s' has no '%s' in it", e.text, why);
	arena_free(&a);
	bb_free(b);
}

static void gaps(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED), c = bb_int(&b, "char", 1, 0);
	bb_struct(&b, "natural", 12);
	bb_member(&b, "a", c, 0);
	bb_member(&b, "b", i, 32);
	bb_member(&b, "c", c, 64);
	bb_struct(&b, "wide", 24);
	bb_member(&b, "a", c, 0);
	bb_member(&b, "b", i, 96);
	bb_struct(&b, "wider", 256);
	bb_member(&b, "a", c, 0);
	bb_member(&b, "b", c, 1024);
	bb_struct(&b, "tight", 5);
	bb_member(&b, "a", c, 0);
	bb_member(&b, "b", i, 8);
	bb_struct(&b, "unknown", 7);
	bb_union(&b, "either", 8);
	bb_member(&b, "a", c, 0);
	bb_member(&b, "b", i, 0);
	bb_struct(&b, "nothing", 0);
	header_is(&b, NULL,
		"struct natural {\n\tchar a;\n\tint b;\n\tchar c;\n};\n\n"
		"struct wide {\n\tchar a;\n\tchar: 8;\n\tshort: 16;\n\tint: 32;\n\tint: 32;\n"
		"\tint b;\n\tint: 32;\n\tint: 32;\n};\n\n"
		"struct wider {\n\tchar a;\n\tchar __hole1[127];\n\tchar b;\n"
		"\tchar __hole2[127];\n};\n\n"
		"struct tight {\n\tchar a;\n\tint b;\n} __attribute__((packed));\n\n"
		"struct unknown {\n\tchar __hole1[7];\n};\n\n"
		"union either {\n\tchar a;\n\tint b;\n\tchar __hole1[8];\n};\n\n"
		"struct nothing {\n};\n\n");
	bb_free(&b);
}

static void bit_fields(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED), c = bb_int(&b, "char", 1, 0);
	bb_struct(&b, "bits", 8);
	bb_bits(&b, "a", i, 0, 3);
	bb_bits(&b, "b", i, 5, 20); /* after two unused bits */
	bb_bits(&b, "c", i, 32, 9); /* in the next unit, where C places it */
	bb_bits(&b, "whole", c, 56, 0);
	bb_struct(&b, "crossing", 4);
	bb_bits(&b, "a", c, 0, 5);
	bb_bits(&b, "b", c, 5, 5);
	bb_bits(&b, "c", i, 10, 22);
	header_is(&b, NULL,
		"struct bits {\n\tint a: 3;\n\tchar: 2;\n\tint b: 20;\n\tint c: 9;\n"
		"\tchar: 7;\n\tchar: 8;\n\tchar whole;\n};\n\n"
		"struct crossing {\n\tchar a: 5;\n\tchar b: 5;\n\tint c: 22;\n"
		"} __attribute__((packed));\n\n");
	bb_free(&b);
}

static void declarators(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED), l = bb_int(&b, "long", 8, 1);
	uint32_t ip = bb_ptr(&b, i), cip = bb_ptr(&b, bb_ref(&b, BTF_CONST, "", i));
	uint32_t f = bb_proto(&b, ip);
	bb_param(&b, "x", cip);
	bb_param(&b, "", 0);
	uint32_t none = bb_proto(&b, 0);
	uint32_t fp = bb_ptr(&b, f), table = bb_array(&b, bb_ptr(&b, none), 3);
	uint32_t matrix = bb_array(&b, bb_array(&b, i, 3), 2), at = bb_ptr(&b, matrix);
	uint32_t constants = bb_ref(&b, BTF_CONST, "", matrix), more = bb_array(&b, l, 0);
	uint32_t user = bb_ptr(&b, bb_ref(&b, BTF_TYPE_TAG, "user", l));
	uint32_t fixed = bb_ref(&b, BTF_CONST, "", user), hot = bb_ref(&b, BTF_VOLATILE, "", l);
	bb_struct(&b, "s", 80);
	bb_member(&b, "call", fp, 0);
	bb_member(&b, "table", table, 64);
	bb_member(&b, "matrix", constants, 256);
	bb_member(&b, "at", at, 448);
	bb_member(&b, "fixed", fixed, 512);
	bb_member(&b, "hot", hot, 576);
	bb_member(&b, "more", more, 640);
	header_is(&b, NULL,
		"struct s {\n"
		"\tint *(*call)(const int *, ...);\n"
		"\tvoid (*table[3])(void);\n"
		"\tconst int matrix[2][3];\n"
		"\tint (*at)[2][3];\n"
		"\tlong *const fixed;\n"
		"\tvolatile long hot;\n"
		"\tlong more[];\n"
		"};\n\n");
	bb_free(&b);
}

/* Types used by value are defined first, types used by pointer are declared. */
static void order(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED);
	/* ids: 2 the struct, 3 pointer to it, 4 the member's struct, 5 pointer to 6, 7 typedef */
	bb_struct(&b, "outer", 24);
	bb_member(&b, "self", 3, 0);
	bb_member(&b, "held", 7, 64);
	bb_member(&b, "other", 5, 128);
	assert_int_equal(bb_ptr(&b, 2), 3);
	bb_struct(&b, "held", 4);
	bb_member(&b, "i", i, 0);
	bb_ptr(&b, 6);
	bb_fwd(&b, "later", true);
	bb_ref(&b, BTF_TYPEDEF, "held_t", 4);
	header_is(&b, NULL,
		"struct held;\n"
		"typedef struct held held_t;\n"
		"struct held {\n\tint i;\n};\n\n"
		"union later;\n"
		"struct outer {\n\tstruct outer *self;\n\theld_t held;\n\tunion later *other;\n"
		"};\n\n");
	bb_free(&b);
}

/* A parameter that points to a struct defined later: without a declaration, C would treat it as
 * another struct. */
static void declared_for_parameters(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	/* 1 the struct, 2 the typedef, 3 pointer to 4, 4 the function, 5 pointer to 1 */
	bb_struct(&b, "ops", 8);
	bb_member(&b, "call", 2, 0);
	bb_ref(&b, BTF_TYPEDEF, "call_t", 3);
	bb_ptr(&b, 4);
	bb_proto(&b, 0);
	bb_param(&b, "", 5);
	bb_ptr(&b, 1);
	header_is(&b, NULL,
		"struct ops;\n"
		"typedef void (*call_t)(struct ops *);\n"
		"struct ops {\n\tcall_t call;\n};\n\n");
	bb_free(&b);
}

static void nameless(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED);
	uint32_t e = bb_enum(&b, "", 4, false);
	bb_value(&b, "ONE", 1);
	uint32_t u = bb_union(&b, "", 4);
	bb_member(&b, "a", i, 0);
	bb_member(&b, "b", e, 0);
	uint32_t s = bb_struct(&b, "", 8);
	bb_member(&b, "", u, 0);
	bb_member(&b, "c", i, 32);
	bb_ref(&b, BTF_TYPEDEF, "atom", s);
	bb_enum(&b, "", 4, true);
	bb_value(&b, "ONE", -1);
	bb_value(&b, "TWO", 2);
	bb_enum(&b, "", 4, false);
	bb_value(&b, "false", 0);
	bb_value(&b, "true", 1);
	header_is(&b, NULL,
		"typedef struct {\n\tunion {\n\t\tint a;\n\t\tenum {\n\t\t\tONE = 1,\n\t\t} b;\n"
		"\t};\n\tint c;\n} atom;\n"
		"enum {\n\tONE___2 = -1,\n\tTWO = 2,\n};\n\n"
		"#if __STDC_VERSION__ < 202311L\nenum {\n\tfalse = 0,\n\ttrue = "
		"1,\n};\n\n#endif\n");
	bb_free(&b);
}

static void enums(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	bb_enum(&b, "small", 1, true);
	bb_value(&b, "S", -1);
	bb_enum(&b, "four", 4, false);
	bb_value(&b, "F", UINT32_MAX);
	bb_enum64(&b, "eight", false);
	bb_value(&b, "E", (int64_t)0x8000000000000000u);
	bb_enum64(&b, "could_be_four", true);
	bb_value(&b, "C", 4);
	bb_enum64(&b, "least", true);
	bb_value(&b, "L", INT64_MIN);
	bb_value(&b, "M", INT32_MIN);
	bb_enum(&b, "empty", 4, false);
	header_is(&b, NULL,
		"enum small {\n\tS = -1,\n} __attribute__((mode(QI)));\n\n"
		"enum four {\n\tF = 4294967295U,\n};\n\n"
		"enum eight {\n\tE = 9223372036854775808ULL,\n};\n\n"
		"enum could_be_four {\n\tC = 4,\n} __attribute__((mode(DI)));\n\n"
		"enum least {\n\tL = -9223372036854775807LL - 1,\n\tM = -2147483648,\n};\n\n"
		"enum empty {\n\t__values_of_6_are_unknown,\n};\n\n");
	bb_free(&b);
}

static void names(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED), odd = bb_int(&b, "poly", 2, 0);
	uint32_t first = bb_struct(&b, "twin", 4);
	bb_member(&b, "a", i, 0);
	uint32_t second = bb_union(&b, "twin", 4);
	bb_member(&b, "b", i, 0);
	uint32_t fwd = bb_fwd(&b, "twin", true), list = bb_struct(&b, "va", 4);
	bb_member(&b, "x", i, 0);
	uint32_t va = bb_ref(&b, BTF_TYPEDEF, "__builtin_va_list", bb_array(&b, list, 1));
	bb_ref(&b, BTF_TYPEDEF, "bool", bb_int(&b, "_Bool", 1, BTF_INT_BOOL));
	uint32_t one = bb_ptr(&b, first), two = bb_ptr(&b, second), three = bb_ptr(&b, fwd);
	bb_struct(&b, "9 lives; } #define x", 32);
	bb_member(&b, "one", one, 0);
	bb_member(&b, "two", two, 64);
	bb_member(&b, "three", three, 128);
	bb_member(&b, "*/ bad\n", odd, 192);
	bb_member(&b, "va", va, 224);
	bb_ref(&b, BTF_TYPEDEF, "twin", i);
	bb_ref(&b, BTF_TYPEDEF, "twin", odd);
	header_is(&b, NULL,
		"struct twin {\n\tint a;\n};\n\n"
		"union twin___2 {\n\tint b;\n};\n\n"
		"struct va {\n\tint x;\n};\n\n"
		"#if __STDC_VERSION__ < 202311L\ntypedef _Bool bool;\n#endif\n"
		"typedef unsigned short poly;\n"
		"struct _9_lives_____define_x {\n"
		"\tstruct twin *one;\n\tunion twin___2 *two;\n\tunion twin___2 *three;\n"
		"\tpoly ___bad_;\n\tstruct va va[1];\n};\n\n"
		"typedef int twin;\n"
		"typedef poly twin___2;\n");
	bb_free(&b);
}

/* Names that continue with a character that becomes '_' where the last string ends: the sanitizer
 * detects reads past it. With so many names, some collide in the table. */
static void names_of_other_length(void **state)
{
	enum { LONGEST = 60 };
	for (char first = 'A'; first <= 'Z'; first++) {
		struct bb b;
		struct btf f;
		struct err e = {0};
		uint64_t n = 0;
		bb_init(&b, *(bool *)*state);
		bb_enum(&b, "e", 4, false);
		for (size_t length = LONGEST; length; length--) {
			char name[LONGEST + 1] = {first};
			memset(name + 1, '#', length - 1);
			bb_value(&b, name, 0);
		}
		bb_open(&b, NULL, &f);
		assert_true(btf_c_header(&f, (struct btf_text){drop, &n}, &b.arena, &e));
		assert_true(n > LONGEST * LONGEST / 2);
		bb_free(&b);
	}
}

/* In the order of Rust; the BTF itself is not changed. */
static void members_in_order(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED);
	bb_struct(&b, "moved", 12);
	bb_member(&b, "last", i, 64);
	bb_member(&b, "first", i, 0);
	bb_member(&b, "middle", i, 32);
	header_is(&b, NULL, "struct moved {\n\tint first;\n\tint middle;\n\tint last;\n};\n\n");
	bb_free(&b);
}

/* A module's header has the types of the module and those it needs from the kernel. */
static void split(void **state)
{
	struct bb kernel, module;
	struct btf base;
	bb_init(&kernel, *(bool *)*state);
	uint32_t i = bb_int(&kernel, "int", 4, BTF_INT_SIGNED);
	uint32_t s = bb_struct(&kernel, "kept", 4);
	bb_member(&kernel, "a", i, 0);
	bb_struct(&kernel, "unneeded", 4);
	bb_member(&kernel, "a", i, 0);
	bb_open(&kernel, NULL, &base);
	bb_split(&module, &base);
	bb_struct(&module, "kept", 4);
	bb_member(&module, "", s, 0);
	header_is(&module, &base,
		"struct kept {\n\tint a;\n};\n\n"
		"struct kept___2 {\n\tstruct /* kept */ {\n\t\tint a;\n\t};\n};\n\n");
	bb_free(&module);
	bb_free(&kernel);
}

static void shown(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED), c = bb_int(&b, "char", 1, 0);
	uint32_t u = bb_union(&b, "", 4);
	bb_member(&b, "n", i, 0);
	bb_member(&b, "c", c, 0);
	uint32_t s = bb_struct(&b, "pair", 16);
	bb_bits(&b, "low", c, 0, 3);
	bb_bits(&b, "", u, 32, 0);
	bb_bits(&b, "last", c, 64, 0);
	shown_is(&b, s,
		"struct pair {\n"
		"/* offset  bytes */\n"
		"/*    0:0     3b */ char low: 3;\n"
		"/*    0:3    29b */ /* hole */\n"
		"/*      4      4 */ union {\n"
		"/*      4      4 */     int n;\n"
		"/*      4      1 */     char c;\n"
		"                    };\n"
		"/*      8      1 */ char last;\n"
		"/*      9      7 */ /* padding */\n"
		"};  /* 16 bytes, 3 members, 2 holes of 10 bytes and 5 bits */\n");
	shown_is(&b, bb_ref(&b, BTF_TYPEDEF, "pair_t", u),
		"typedef union {\n"
		"/* offset  bytes */\n"
		"/*      0      4 */ int n;\n"
		"/*      0      1 */ char c;\n"
		"} pair_t;\n");
	uint32_t sp = bb_ptr(&b, s), proto = bb_proto(&b, i);
	for (int n = 0; n < 4; n++)
		bb_param(&b, "a_parameter", sp);
	shown_is(&b, bb_func(&b, "do_it", proto, BTF_STATIC),
		"int do_it(struct pair *a_parameter, struct pair *a_parameter,\n"
		"\tstruct pair *a_parameter, struct pair *a_parameter);\n");
	shown_is(&b, bb_var(&b, "jiffies", i, BTF_EXTERN), "extern int jiffies;\n");
	shown_is(&b, bb_array(&b, bb_ptr(&b, proto), 2),
		"int (*[2])(struct pair *a_parameter, struct pair *a_parameter,\n"
		"\tstruct pair *a_parameter, struct pair *a_parameter);\n");
	uint32_t l = bb_int(&b, "long unsigned int", 8, 0);
	shown_is(&b, l, "long unsigned int;  /* 8 bytes, unsigned */\n");
	bb_free(&b);
}

/* ---- types that C cannot express ---- */

static void contains_itself(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	bb_struct(&b, "a", 4);
	bb_member(&b, "b", 2, 0);
	bb_struct(&b, "b", 4);
	bb_member(&b, "a", 1, 0);
	refused(&b, "type 1 (struct a) contains itself");

	bb_init(&b, *(bool *)*state);
	bb_ref(&b, BTF_TYPEDEF, "a", 2);
	bb_ref(&b, BTF_TYPEDEF, "b", 1);
	refused(&b, "type 1 (typedef a) contains itself");

	bb_init(&b, *(bool *)*state);
	bb_struct(&b, "", 4); /* anonymous, used by value and by pointer */
	bb_member(&b, "a", 1, 0);
	bb_ref(&b, BTF_TYPEDEF, "t", 1);
	refused(&b, "more than 64 nested unnamed types");

	bb_init(&b, *(bool *)*state);
	bb_struct(&b, "", 8);
	bb_member(&b, "a", 2, 0);
	bb_ptr(&b, 1);
	bb_ref(&b, BTF_TYPEDEF, "t", 1);
	refused(&b, "more than 64 nested unnamed types");
}

static void endless_references(void **state)
{
	struct bb b;
	for (int kind = BTF_PTR; kind < BTF_KINDS; kind++) {
		if (kind != BTF_PTR && kind != BTF_CONST && kind != BTF_TYPE_TAG)
			continue;
		bb_init(&b, *(bool *)*state);
		bb_ref(&b, BTF_TYPEDEF, "t", 2);
		bb_ref(&b, kind, "", 2);
		refused(&b, "endless chain");
	}
	bb_init(&b, *(bool *)*state);
	bb_ref(&b, BTF_TYPEDEF, "t", 77);
	refused(&b, "there is no type 77");
}

/* A struct nested 2^n times: expanding it would never end. */
static void multiplied(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t inner = bb_int(&b, "int", 4, BTF_INT_SIGNED);
	for (int n = 0; n < 40; n++) {
		uint32_t s = bb_union(&b, "", 4);
		bb_member(&b, "a", inner, 0);
		bb_member(&b, "b", inner, 0);
		inner = s;
	}
	bb_ref(&b, BTF_TYPEDEF, "t", inner);
	refused(&b, "more than 1 MB of C");

	/* functions whose parameters are such functions */
	bb_init(&b, *(bool *)*state);
	inner = bb_int(&b, "int", 4, BTF_INT_SIGNED);
	for (int n = 0; n < 40; n++) {
		uint32_t f = bb_proto(&b, 0);
		bb_param(&b, "", inner);
		bb_param(&b, "", inner);
		inner = bb_ptr(&b, f);
	}
	bb_ref(&b, BTF_TYPEDEF, "t", inner);
	refused(&b, "more than 1 MB of C");
}

static void deep(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	for (uint32_t n = 1; n < 5000; n++) {
		char name[16];
		snprintf(name, sizeof name, "s%u", n);
		bb_struct(&b, name, 4);
		bb_member(&b, "next", n + 1, 0);
	}
	bb_int(&b, "int", 4, BTF_INT_SIGNED);
	refused(&b, "more than 256 nested types");
}

static void out_of_place(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED);
	bb_struct(&b, "s", 4);
	bb_member(&b, "a", i, 0);
	bb_member(&b, "b", i, 16);
	refused(&b, "member 'b' overlaps another one");

	bb_init(&b, *(bool *)*state);
	i = bb_int(&b, "int", 4, BTF_INT_SIGNED);
	bb_union(&b, "u", 8);
	bb_member(&b, "a", i, 32);
	refused(&b, "member 'a' is not at offset 0");

	bb_init(&b, *(bool *)*state);
	bb_struct(&b, "s", 4);
	bb_member(&b, "a", 2, 0);
	bb_fwd(&b, "gone", false);
	refused(&b, "member 'a' has no size");

	bb_init(&b, *(bool *)*state);
	bb_ref(&b, BTF_TYPEDEF, "t", bb_func(&b, "f", bb_proto(&b, 0), BTF_GLOBAL));
	refused(&b, "is not valid here, expected a type with values");
}

/* Arbitrary bytes yield a header or an error, and no read out of bounds. */
static void survives_flips(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED), u = bb_union(&b, "", 4);
	bb_member(&b, "a", i, 0);
	uint32_t s = bb_struct(&b, "s", 16);
	bb_bits(&b, "x", i, 0, 7);
	bb_bits(&b, "", u, 32, 0);
	bb_bits(&b, "p", 4, 64, 0);
	uint32_t sp = bb_ptr(&b, s), array = bb_array(&b, i, 2), f = bb_proto(&b, s);
	assert_int_equal(sp, 4);
	bb_param(&b, "a", array);
	bb_ref(&b, BTF_TYPEDEF, "t", bb_ptr(&b, f));
	bb_enum(&b, "e", 4, true);
	bb_value(&b, "E", 3);
	struct span whole = bb_done(&b);
	uint8_t *bytes = malloc(whole.n);
	uint64_t random = 1, n = 0, headers = 0;
	for (int round = 0; round < 20000; round++) {
		struct arena a = {0};
		struct err e = {0};
		struct btf f2;
		memcpy(bytes, whole.p, whole.n);
		for (int flips = 0; flips < 3; flips++)
			bytes[24 + bb_random(&random) % (whole.n - 24)] =
				(uint8_t)bb_random(&random);
		if (btf_open(&f2, (struct span){bytes, whole.n, b.big}, NULL, &a, &e)) {
			bool ok = btf_c_header(&f2, (struct btf_text){drop, &n}, &a, &e);
			assert_true(ok != e.set);
			headers += ok;
			for (uint32_t id = 0; id < 16; id++) {
				struct err shown_e = {0};
				assert_true(btf_c_show(&f2, id, (struct btf_text){drop, &n}, &a,
						    &shown_e) != shown_e.set);
			}
		}
		arena_free(&a);
	}
	assert_true(headers > 1000 && headers < 20000);
	free(bytes);
	bb_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(gaps),
		BOTH(bit_fields),
		BOTH(declarators),
		BOTH(order),
		BOTH(declared_for_parameters),
		BOTH(nameless),
		BOTH(enums),
		BOTH(names),
		BOTH(names_of_other_length),
		BOTH(members_in_order),
		BOTH(split),
		BOTH(shown),
		BOTH(contains_itself),
		BOTH(endless_references),
		BOTH(multiplied),
		BOTH(deep),
		BOTH(out_of_place),
		BOTH(survives_flips),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
