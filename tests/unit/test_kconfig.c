/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Kconfig lines as variables: each kind of value for each type, valid and invalid, in both byte
 * orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "elf/object/kconfig.h"
#include "btf_build.h"

enum { UNTOUCHED = 0xa5, ROOM = 16 };

/* Types of .kconfig variables, valid and invalid. */
struct types {
	struct bb b;
	struct btf btf;
	uint32_t flag, letter, s8, u8, s16, u16, s32, u32, s64, u64, tristate, other, longer, text,
		numbers, nothing, pointer, wide_bool, constant, huge;
};

static void build(struct types *t)
{
	struct bb *b = &t->b;
	bb_init(b, false);
	t->flag = bb_int(b, "bool", 1, BTF_INT_BOOL);
	t->letter = bb_int(b, "char", 1, BTF_INT_SIGNED | BTF_INT_CHAR);
	t->s8 = bb_int(b, "signed char", 1, BTF_INT_SIGNED);
	t->u8 = bb_int(b, "unsigned char", 1, 0);
	t->s16 = bb_int(b, "short", 2, BTF_INT_SIGNED);
	t->u16 = bb_int(b, "unsigned short", 2, 0);
	t->s32 = bb_int(b, "int", 4, BTF_INT_SIGNED);
	t->u32 = bb_int(b, "unsigned int", 4, 0);
	t->s64 = bb_int(b, "long", 8, BTF_INT_SIGNED);
	t->u64 = bb_int(b, "unsigned long", 8, 0);
	t->tristate = bb_enum(b, "libbpf_tristate", 4, false);
	bb_value(b, "TRI_NO", 0);
	bb_value(b, "TRI_YES", 1);
	bb_value(b, "TRI_MODULE", 2);
	t->other = bb_enum(b, "other", 4, false);
	bb_value(b, "OTHER", 1);
	t->longer = bb_enum64(b, "longer", false);
	bb_value(b, "LONGER", 1);
	t->text = bb_array(b, t->letter, 8);
	t->numbers = bb_array(b, t->s32, 2);
	t->nothing = bb_array(b, t->letter, 0);
	t->pointer = bb_ptr(b, t->letter);
	t->wide_bool = bb_int(b, "wide bool", 4, BTF_INT_BOOL);
	t->constant = bb_ref(b, BTF_CONST, "", bb_ref(b, BTF_TYPEDEF, "size_t", t->u32));
	t->huge = bb_int(b, "__int128", 16, BTF_INT_SIGNED);
	bb_open(b, NULL, &t->btf);
}

static bool put(const struct types *t, uint32_t type, const char *text, uint8_t *to, bool big,
	struct err *e)
{
	size_t len = strlen(text);
	char *copy = malloc(len ? len : 1); /* not terminated, as in the file */
	assert_non_null(copy);
	memcpy(copy, text, len);
	*e = (struct err){0};
	memset(to, UNTOUCHED, ROOM);
	bool ok = kconfig_put(&t->btf, type, copy, len, to, big, e);
	free(copy);
	assert_int_equal(ok, !e->set);
	return ok;
}

/* Checks the value of a variable of this size; nothing is written past its end. */
static void gives(const struct types *t, uint32_t type, const char *text, uint64_t value)
{
	for (int big = 0; big < 2; big++) {
		uint8_t to[ROOM];
		struct err e;
		if (!put(t, type, text, to, big, &e))
			fail_msg("%s: %s", text, e.text);
		int64_t size = btf_size(&t->btf, type);
		uint64_t got = 0;
		for (int64_t i = 0; i < size; i++)
			got |= (uint64_t)to[i] << 8 * (big ? size - 1 - i : i);
		if (got != value)
			fail_msg("%s: %#llx, not %#llx", text, (unsigned long long)got,
				(unsigned long long)value);
		assert_int_equal(to[size], UNTOUCHED);
	}
}

static void refused(const struct types *t, uint32_t type, const char *text, const char *why)
{
	uint8_t to[ROOM];
	struct err e;
	if (put(t, type, text, to, false, &e))
		fail_msg("%s: was taken", text);
	assert_string_equal(e.text, why);
}

static void letters(void **state)
{
	const struct types *t = *state;
	static const char no_letter[] = "which is not a value of its type (bool, char or enum "
					"libbpf_tristate)";
	char why[128];
	gives(t, t->flag, "y", 1);
	gives(t, t->flag, "n", 0);
	refused(t, t->flag, "m", "the kernel configuration has m, which is not a bool");
	gives(t, t->letter, "y", 'y');
	gives(t, t->letter, "m", 'm');
	gives(t, t->letter, "n", 'n');
	gives(t, t->s8, "m", 'm');
	gives(t, t->u8, "y", 'y');
	gives(t, t->tristate, "n", 0);
	gives(t, t->tristate, "y", 1);
	gives(t, t->tristate, "m", 2);
	const uint32_t others[] = {t->s16, t->s32, t->u32, t->u64, t->other, t->longer, t->text,
		t->wide_bool, t->pointer};
	static const char *const values[] = {"y", "m", "n"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
			snprintf(why, sizeof why, "the kernel configuration has %s, %s", values[k],
				no_letter);
			refused(t, others[i], values[k], why);
		}
}

static void numbers(void **state)
{
	const struct types *t = *state;
	gives(t, t->s32, "0", 0);
	gives(t, t->s32, "1000", 1000);
	gives(t, t->s32, "-1", UINT32_MAX);
	gives(t, t->u32, "0xff", 0xff);
	gives(t, t->u32, "0XfF", 0xff);
	gives(t, t->constant, "17", 17);
	gives(t, t->u64, "0xffffffff80000000", 0xffffffff80000000);
	gives(t, t->u64, "18446744073709551615", UINT64_MAX);
	gives(t, t->s64, "-9223372036854775808", (uint64_t)INT64_MIN);
	gives(t, t->letter, "65", 65);
	gives(t, t->flag, "1", 1);
	gives(t, t->flag, "0", 0);
	gives(t, t->tristate, "2", 2);
	gives(t, t->other, "7", 7);
	gives(t, t->longer, "0x100000000", (uint64_t)1 << 32);
	refused(t, t->flag, "2", "2 is out of range for its type");
}

/* The minimum and maximum of each size, and the values just beyond. */
static void limits(void **state)
{
	const struct types *t = *state;
	const struct {
		uint32_t is_signed, is_unsigned;
		unsigned bits;
	} sizes[] = {{t->s8, t->u8, 8}, {t->s16, t->u16, 16}, {t->s32, t->u32, 32}};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		long long half = 1ll << (sizes[i].bits - 1), mask = half * 2 - 1;
		char text[32], why[128];
		snprintf(text, sizeof text, "%lld", half - 1);
		gives(t, sizes[i].is_signed, text, (uint64_t)(half - 1));
		snprintf(text, sizeof text, "%lld", -half);
		gives(t, sizes[i].is_signed, text, (uint64_t)(-half & mask));
		snprintf(text, sizeof text, "%lld", mask);
		gives(t, sizes[i].is_unsigned, text, (uint64_t)mask);

		snprintf(text, sizeof text, "%lld", half);
		snprintf(why, sizeof why, "%lld is out of range for its type", half);
		refused(t, sizes[i].is_signed, text, why);
		snprintf(text, sizeof text, "%lld", mask + 1);
		snprintf(why, sizeof why, "%lld is out of range for its type", mask + 1);
		refused(t, sizes[i].is_unsigned, text, why);
		snprintf(text, sizeof text, "%lld", -half - 1);
		snprintf(why, sizeof why, "%llu is out of range for its type",
			(unsigned long long)(-half - 1));
		refused(t, sizes[i].is_signed, text, why);
	}
	refused(t, t->u32, "-1", "18446744073709551615 is out of range for its type");
}

static void no_numbers(void **state)
{
	const struct types *t = *state;
	static const char *const texts[] = {"", "-", "0x", "12a", "0xg", "1 ", " 1", "yes", "--1",
		"18446744073709551616", "0x10000000000000000", "1.5"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char why[128];
		snprintf(why, sizeof why, "the kernel configuration has %s, which is not a number",
			texts[i]);
		refused(t, t->u64, texts[i], why);
	}
	refused(t, t->text, "12", "12 is out of range for its type");
	refused(t, t->pointer, "12", "12 is out of range for its type");
	refused(t, t->huge, "12", "12 is out of range for its type");
	refused(t, 9999, "12", "12 is out of range for its type");
}

static void text_is(const struct types *t, const char *quoted, const char *text)
{
	uint8_t to[ROOM];
	struct err e;
	if (!put(t, t->text, quoted, to, false, &e))
		fail_msg("%s: %s", quoted, e.text);
	assert_string_equal((const char *)to, text);
	assert_int_equal(to[8], UNTOUCHED);
}

static void strings(void **state)
{
	const struct types *t = *state;
	text_is(t, "\"\"", "");
	text_is(t, "\"abc\"", "abc");
	text_is(t, "\"1234567\"", "1234567");
	text_is(t, "\"12345678\"", "1234567"); /* one too many */
	text_is(t, "\"y\"", "y");
	text_is(t, "\"a\\\"b\\\\c\"", "a\"b\\c");
	text_is(t, "\"", "");         /* the other quote is missing */
	text_is(t, "\"a\\\"", "a\\"); /* nothing follows the backslash */
	const uint32_t others[] = {t->s32, t->flag, t->letter, t->numbers, t->nothing, t->pointer};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		refused(t, others[i], "\"abc\"",
			"the kernel configuration has \"abc\", which is not a value of its type "
			"(array of char)");
}

/* Messages quote long values in part. */
static void long_values(void **state)
{
	const struct types *t = *state;
	char text[4096];
	uint8_t to[ROOM];
	struct err e;
	memset(text, 'z', sizeof text - 1);
	text[sizeof text - 1] = 0;
	assert_false(put(t, t->u32, text, to, false, &e));
	assert_int_equal(strspn(strchr(e.text, 'z'), "z"), 60);
}

/* Integer LINUX_ externs. */
static void given_numbers(void **state)
{
	const struct types *t = *state;
	uint8_t to[ROOM] = {0};
	struct err e = {0};
	assert_true(kconfig_put_number(&t->btf, t->s32, 0x060c05, to, true, &e));
	assert_memory_equal(to, "\0\x06\x0c\x05", 4);
	assert_true(kconfig_put_number(&t->btf, t->flag, 1, to, false, &e));
	assert_int_equal(to[0], 1);
	assert_false(kconfig_put_number(&t->btf, t->u16, 0x060c05, to, false, &e));
	assert_string_equal(e.text, "396293 is out of range for its type");
}

int main(void)
{
	static struct types t;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(letters, &t),
		cmocka_unit_test_prestate(numbers, &t),
		cmocka_unit_test_prestate(limits, &t),
		cmocka_unit_test_prestate(no_numbers, &t),
		cmocka_unit_test_prestate(strings, &t),
		cmocka_unit_test_prestate(long_values, &t),
		cmocka_unit_test_prestate(given_numbers, &t),
	};
	build(&t);
	int failed = cmocka_run_group_tests_name("kconfig", tests, NULL, NULL);
	bb_free(&t.b);
	return failed;
}
