/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Values as people write them, in both byte orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "loader/value/value.h"
#include "btf_build.h"

struct types {
	struct bb b;
	struct btf btf;
	uint32_t u8, s8, u16, u32, s32, u64, s64, truth, chr, be16, be32, kind, text, numbers, pair;
};

static void make(struct types *t, bool big)
{
	struct bb *b = &t->b;
	bb_init(b, big);
	t->u8 = bb_int(b, "unsigned char", 1, 0);
	t->s8 = bb_int(b, "signed char", 1, BTF_INT_SIGNED);
	t->u16 = bb_int(b, "unsigned short", 2, 0);
	t->u32 = bb_int(b, "unsigned int", 4, 0);
	t->s32 = bb_int(b, "int", 4, BTF_INT_SIGNED);
	t->u64 = bb_int(b, "unsigned long", 8, 0);
	t->s64 = bb_int(b, "long", 8, BTF_INT_SIGNED);
	t->truth = bb_int(b, "_Bool", 1, BTF_INT_BOOL);
	t->chr = bb_int(b, "char", 1, BTF_INT_SIGNED);
	t->be16 = bb_ref(b, BTF_TYPEDEF, "__be16", t->u16);
	t->be32 = bb_ref(b, BTF_CONST, "", bb_ref(b, BTF_TYPEDEF, "__be32", t->u32));
	t->kind = bb_enum(b, "kind", 4, true);
	bb_value(b, "SMALL", -1);
	bb_value(b, "LARGE", 70000);
	t->text = bb_array(b, t->chr, 6);
	t->numbers = bb_array(b, t->u32, 2);
	t->pair = bb_struct(b, "pair", 16);
	bb_member(b, "a", t->u32, 0);
	bb_member(b, "kind", t->kind, 32);
	bb_member(b, "name", t->text, 64);
	bb_bits(b, "flag", t->u8, 112, 3);
	bb_open(b, NULL, &t->btf);
}

static struct err failed;

/* Writes into room bytes of 0xee; the bytes, or NULL with the error in failed. */
static const uint8_t *put_into(
	const struct types *t, uint32_t type, size_t room, const char *text, bool big)
{
	static uint8_t bytes[64];
	const struct value at = {.btf = t ? &t->btf : NULL,
		.type = type,
		.to = bytes + 8,
		.room = room,
		.big = big,
		.who = "the value"};
	memset(bytes, 0xee, sizeof bytes);
	failed = (struct err){0};
	bool ok = value_put(&at, text, &failed);
	assert_int_equal(ok, !failed.set);
	for (size_t i = 0; i < sizeof bytes; i++)
		if (i < 8 || i >= 8 + room)
			assert_int_equal(bytes[i], 0xee);
	return ok ? bytes + 8 : NULL;
}

static void gives(const struct types *t, uint32_t type, const char *text, unsigned size,
	uint64_t value, bool big)
{
	const uint8_t *p = put_into(t, type, size, text, big);
	if (!p)
		fail_msg("%s: %s", text, failed.text);
	uint64_t got = bytes_get(p, size, big);
	if (got != value)
		fail_msg("%s: 0x%llx, not 0x%llx", text, (unsigned long long)got,
			(unsigned long long)value);
}

static void refuses(
	const struct types *t, uint32_t type, size_t room, const char *text, const char *why)
{
	if (put_into(t, type, room, text, false))
		fail_msg("'%s' is taken", text);
	if (!strstr(failed.text, why))
		fail_msg("'%s': '%s' is not in '%s'", text, why, failed.text);
}

static void integers(void **state)
{
	bool big = *(bool *)*state;
	struct types t;
	make(&t, big);
	gives(&t, t.u8, "255", 1, 255, big);
	gives(&t, t.s8, "-128", 1, 0x80, big);
	gives(&t, t.s8, "127", 1, 127, big);
	gives(&t, t.u16, "0xfffe", 2, 0xfffe, big);
	gives(&t, t.u32, "4294967295", 4, 4294967295, big);
	gives(&t, t.s32, "-2", 4, 0xfffffffe, big);
	gives(&t, t.u64, "0xffffffffffffffff", 8, UINT64_MAX, big);
	gives(&t, t.s64, "-9223372036854775808", 8, (uint64_t)INT64_MIN, big);
	gives(&t, t.truth, "true", 1, 1, big);
	gives(&t, t.truth, "false", 1, 0, big);
	gives(&t, t.truth, "1", 1, 1, big);
	gives(&t, t.kind, "LARGE", 4, 70000, big);
	gives(&t, t.kind, "SMALL", 4, 0xffffffff, big);
	gives(&t, t.kind, "7", 4, 7, big);
	/* The first part is the most significant byte; network order is that of the bytes. */
	gives(&t, t.u32, "10.0.0.2", 4, 0x0a000002, big);
	gives(&t, t.be16, "0x1234", 2, big ? 0x1234 : 0x3412, big);
	gives(&t, t.be32, "10.0.0.2", 4, big ? 0x0a000002 : 0x0200000a, big);
	bb_free(&t.b);
}

static void integers_out_of_range(void **state)
{
	(void)state;
	struct types t;
	make(&t, false);
	refuses(&t, t.u8, 1, "256", "out of range (0 to 255)");
	refuses(&t, t.u8, 1, "-1", "out of range (0 to 255)");
	refuses(&t, t.s8, 1, "128", "out of range (-128 to 127)");
	refuses(&t, t.s8, 1, "-129", "out of range (-128 to 127)");
	refuses(&t, t.truth, 1, "2", "out of range (0 to 1)");
	refuses(&t, t.u64, 8, "18446744073709551616", "out of range");
	refuses(&t, t.s64, 8, "9223372036854775808", "out of range");
	refuses(&t, t.u32, 4, "", "expects a number, got ''");
	refuses(&t, t.u32, 4, "5x", "expects a number, got '5x'");
	refuses(&t, t.u32, 4, " 5", "expects a number, got ' 5'");
	refuses(&t, t.u32, 4, "10.0.0.256", "four numbers from 0 to 255");
	refuses(&t, t.u32, 4, "10.0.2.", "four numbers from 0 to 255");
	refuses(&t, t.u32, 4, "10.0.0.2.1", "four numbers from 0 to 255");
	refuses(&t, t.u32, 2, "5", "exceeds its section");
	refuses(&t, t.kind, 4, "MEDIUM", "enum kind has no 'MEDIUM'");
	bb_free(&t.b);
}

static void texts(void **state)
{
	(void)state;
	struct types t;
	make(&t, false);
	const uint8_t *p = put_into(&t, t.text, 6, "abc", false);
	assert_non_null(p);
	assert_memory_equal(p, "abc\0\0\0", 6);
	p = put_into(&t, t.text, 6, "abcde", false);
	assert_non_null(p);
	assert_memory_equal(p, "abcde\0", 6);
	refuses(&t, t.text, 6, "abcdef", "is too long (at most 5 characters)");
	refuses(&t, t.text, 5, "a", "exceeds its section");
	refuses(&t, t.numbers, 8, "1", "arrays of numbers cannot be set");
	bb_free(&t.b);
}

/* Members that are not named keep their values. */
static void members(void **state)
{
	bool big = *(bool *)*state;
	struct types t;
	make(&t, big);
	const uint8_t *p = put_into(&t, t.pair, 16, "kind=LARGE,name=xy", big);
	if (!p)
		fail_msg("%s", failed.text);
	assert_int_equal(bytes_get(p, 4, big), 0xeeeeeeee);
	assert_int_equal(bytes_get(p + 4, 4, big), 70000);
	assert_memory_equal(p + 8, "xy\0\0\0\0\xee\xee", 8);
	p = put_into(&t, t.pair, 16, "a=5", big);
	assert_non_null(p);
	assert_int_equal(bytes_get(p, 4, big), 5);
	assert_int_equal(bytes_get(p + 4, 4, big), 0xeeeeeeee);
	refuses(&t, t.pair, 16, "b=1", "expects MEMBER=VALUE,..., got 'b'");
	assert_non_null(strstr(failed.hint, "a, kind, name, flag"));
	refuses(&t, t.pair, 16, "5", "expects MEMBER=VALUE");
	refuses(&t, t.pair, 16, "flag=1", "member 'flag' cannot be set");
	refuses(&t, t.pair, 16, "a=x", "member 'a': ");
	refuses(&t, t.pair, 4, "kind=1", "exceeds its section");
	bb_free(&t.b);
}

static void without_types(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		gives(NULL, 0, "0x12", 1, 0x12, big);
		gives(NULL, 0, "65535", 2, 65535, big);
		gives(NULL, 0, "0x12345678", 4, 0x12345678, big);
		gives(NULL, 0, "0x123456789abcdef0", 8, 0x123456789abcdef0, big);
	}
	refuses(NULL, 0, 1, "256", "is not a number of 1 bytes");
	refuses(NULL, 0, 4, "x", "is not a number of 4 bytes");
	const uint8_t *p = put_into(NULL, 0, 3, "00fF10", false);
	assert_non_null(p);
	assert_memory_equal(p, "\x00\xff\x10", 3);
	refuses(NULL, 0, 3, "00ff1", "write its 3 bytes in hexadecimal");
	refuses(NULL, 0, 3, "00ff1g", "write its 3 bytes in hexadecimal");
}

static bool little = false, large = true;
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &large                                                 \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(integers),
		cmocka_unit_test(integers_out_of_range),
		cmocka_unit_test(texts),
		BOTH(members),
		cmocka_unit_test(without_types),
	};
	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
