/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Values in user notation, in both byte orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "loader/value/typed_shape.h"
#include "loader/value/value.h"
#include "loader/value/variable_name.h"
#include "btf_build.h"

struct types {
	struct bb b;
	struct btf btf;
	struct btf_meanings meanings;
	uint32_t u8, s8, u16, u32, s32, u64, s64, u128, s128, truth, chr, be16, be32, kind, large,
		old_kind, text, numbers, pair, single, twice, ip4, ip6, ip, mac, four, sixteen,
		bytes, dev, ns, hex, lock, pairs, overlay, nest, ptr;
};

static void make_structs(struct types *t)
{
	struct bb *b = &t->b;
	t->pair = bb_struct(b, "pair", 16);
	bb_member(b, "a", t->u32, 0);
	bb_member(b, "kind", t->kind, 32);
	bb_member(b, "name", t->text, 64);
	bb_bits(b, "flag", t->u8, 112, 3);
	bb_bits(b, "less", t->s32, 115, 5);
	t->pairs = bb_array(b, t->pair, 2);
	t->overlay = bb_union(b, "overlay", 8);
	bb_member(b, "word", t->u32, 0);
	bb_member(b, "text", t->text, 0);
	bb_member(b, "truth", t->truth, 0);
	uint32_t inner = bb_struct(b, "", 8);
	bb_member(b, "x", t->u32, 0);
	bb_member(b, "y", t->u32, 32);
	uint32_t either = bb_union(b, "", 8);
	bb_member(b, "u", t->u32, 0);
	bb_member(b, "v", t->u32, 0);
	t->lock = bb_struct(b, "bpf_spin_lock", 4);
	bb_member(b, "val", t->u32, 0);
	t->nest = bb_struct(b, "nest", 64);
	bb_member(b, "", inner, 0);
	bb_member(b, "", either, 64);
	bb_member(b, "pairs", t->pairs, 128);
	bb_member(b, "lock", t->lock, 384);
	bb_member(b, "tagged", t->u32, 416);
	bb_decl_tag(b, "sonde:hex", t->nest, 4);
}

static void make(struct types *t, bool big)
{
	struct bb *b = &t->b;
	*t = (struct types){0};
	bb_init(b, big);
	t->u8 = bb_int(b, "unsigned char", 1, 0);
	t->s8 = bb_int(b, "signed char", 1, BTF_INT_SIGNED);
	t->u16 = bb_int(b, "unsigned short", 2, 0);
	t->u32 = bb_int(b, "unsigned int", 4, 0);
	t->s32 = bb_int(b, "int", 4, BTF_INT_SIGNED);
	t->u64 = bb_int(b, "unsigned long", 8, 0);
	t->s64 = bb_int(b, "long", 8, BTF_INT_SIGNED);
	t->u128 = bb_int(b, "unsigned __int128", 16, 0);
	t->s128 = bb_int(b, "__int128", 16, BTF_INT_SIGNED);
	t->truth = bb_int(b, "_Bool", 1, BTF_INT_BOOL);
	t->chr = bb_int(b, "char", 1, BTF_INT_SIGNED);
	t->be16 = bb_ref(b, BTF_TYPEDEF, "__be16", t->u16);
	t->be32 = bb_ref(b, BTF_CONST, "", bb_ref(b, BTF_TYPEDEF, "__be32", t->u32));
	t->kind = bb_enum(b, "kind", 4, true);
	bb_value(b, "SMALL", -1);
	bb_value(b, "LARGE", 70000);
	t->large = bb_enum64(b, "large", false);
	bb_value(b, "HUGE", INT64_MIN);
	t->old_kind = bb_enum(b, "old_kind", 1, false);
	bb_value(b, "MINUS", -1);
	t->text = bb_array(b, t->chr, 6);
	t->numbers = bb_array(b, t->u32, 3);
	t->single = bb_type(b, BTF_FLOAT, "float", 0, false, 4);
	t->twice = bb_type(b, BTF_FLOAT, "double", 0, false, 8);
	t->ptr = bb_ptr(b, t->u32);
	t->mac = bb_array(b, t->u8, 6);
	t->four = bb_array(b, t->u8, 4);
	t->sixteen = bb_array(b, t->u8, 16);
	t->bytes = bb_array(b, t->u8, 20);
	t->ip = bb_ref(b, BTF_TYPEDEF, "ip_addr_t", t->sixteen);
	t->ip4 = bb_struct(b, "in_addr", 4);
	bb_member(b, "s_addr", t->be32, 0);
	t->ip6 = bb_struct(b, "in6_addr", 16);
	bb_member(b, "b", t->sixteen, 0);
	t->dev = bb_ref(b, BTF_TYPEDEF, "dev_t", t->u32);
	t->ns = bb_ref(b, BTF_TYPEDEF, "time_ns_t", t->u64);
	t->hex = bb_ref(b, BTF_TYPEDEF, "flags_t", t->s32);
	bb_decl_tag(b, "sonde:hex", t->hex, -1);
	make_structs(t);
	bb_open(b, NULL, &t->btf);
	assert_true(typed_read_meanings(&t->btf, &t->meanings, NULL, &b->arena));
}

static struct err failed;

/* Writes into room bytes of 0xee; returns the bytes, or NULL with the error in failed. */
static const uint8_t *put_into(
	const struct types *t, uint32_t type, size_t room, const char *text, bool big)
{
	static uint8_t bytes[128];
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
	/* The first part is the most significant byte; network order is the order of the bytes. */
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
	refuses(&t, t.u64, 8, "10000000000000000000000", "out of range");
	refuses(&t, t.s64, 8, "9223372036854775808", "out of range");
	refuses(&t, t.u128, 16, "0x100000000000000000000000000000000", "does not fit in 16 bytes");
	refuses(&t, t.u128, 16, "-1", "does not fit in 16 bytes");
	refuses(&t, t.u32, 4, "", "expects a number, got ''");
	refuses(&t, t.u32, 4, "-", "expects a number, got '-'");
	refuses(&t, t.u32, 4, "0x", "expects a number, got '0x'");
	refuses(&t, t.u32, 4, "0b2", "expects a number, got '0b2'");
	refuses(&t, t.u32, 4, "08", "expects a number, got '08'");
	assert_non_null(strstr(failed.hint, "octal"));
	refuses(&t, t.u32, 4, "5x", "expects a number, got '5x'");
	refuses(&t, t.u32, 4, " 5", "expects a number, got ' 5'");
	refuses(&t, t.u32, 4, "10.0.0.256", "four numbers from 0 to 255");
	refuses(&t, t.u32, 4, "10.0.2.", "four numbers from 0 to 255");
	refuses(&t, t.u32, 4, "10.0.0.2.1", "four numbers from 0 to 255");
	refuses(&t, t.u32, 2, "5", "exceeds its section");
	refuses(&t, t.kind, 4, "MEDIUM", "enum kind has no 'MEDIUM'");
	assert_non_null(strstr(failed.hint, "SMALL, LARGE"));
	refuses(&t, t.kind, 4, "LARGF", "enum kind has no 'LARGF'");
	assert_non_null(strstr(failed.hint, "did you mean 'LARGE'?"));
	refuses(&t, t.kind, 4, "4294967295", "out of range (-2147483648 to 2147483647)");
	refuses(&t, t.kind, 4, "10000000000000000000000", "out of range");
	refuses(&t, t.old_kind, 1, "256", "out of range (0 to 255)");
	refuses(&t, t.hex, 4, "0x1ffffffff", "out of range");
	bb_free(&t.b);
}

static void integers_in_every_base(void **state)
{
	bool big = *(bool *)*state;
	struct types t;
	make(&t, big);
	gives(&t, t.u32, "0x1F", 4, 31, big);
	gives(&t, t.u32, "0o17", 4, 15, big);
	gives(&t, t.u32, "017", 4, 15, big);
	gives(&t, t.u32, "0b101", 4, 5, big);
	gives(&t, t.u32, "0", 4, 0, big);
	gives(&t, t.u32, "+7", 4, 7, big);
	gives(&t, t.s32, "-0x10", 4, 0xfffffff0, big);
	gives(&t, t.hex, "0xffffffff", 4, 0xffffffff, big);
	gives(&t, t.hex, "-1", 4, 0xffffffff, big);
	gives(&t, t.ptr, "0xffffffff81000000", 8, 0xffffffff81000000, big);
	gives(&t, t.large, "HUGE", 8, (uint64_t)INT64_MIN, big);
	gives(&t, t.old_kind, "MINUS", 1, 255, big);
	const uint8_t *p = put_into(&t, t.s128, 16, "-2", big);
	assert_non_null(p);
	assert_int_equal(bytes_get(p + (big ? 8 : 0), 8, big), UINT64_MAX - 1);
	assert_int_equal(bytes_get(p + (big ? 0 : 8), 8, big), UINT64_MAX);
	p = put_into(&t, t.u128, 16, "36893488147419103232", big); /* 2^65 */
	assert_non_null(p);
	assert_int_equal(bytes_get(p + (big ? 8 : 0), 8, big), 0);
	assert_int_equal(bytes_get(p + (big ? 0 : 8), 8, big), 2);
	bb_free(&t.b);
}

static void characters(void **state)
{
	(void)state;
	struct types t;
	make(&t, false);
	gives(&t, t.chr, "'a'", 1, 'a', false);
	gives(&t, t.chr, "'\\n'", 1, '\n', false);
	gives(&t, t.chr, "'\\''", 1, '\'', false);
	gives(&t, t.chr, "'\\\\'", 1, '\\', false);
	gives(&t, t.chr, "'\\xff'", 1, 0xff, false);
	gives(&t, t.chr, "-5", 1, 0xfb, false);
	refuses(&t, t.chr, 1, "'ab'", "is not closed");
	refuses(&t, t.chr, 1, "'", "is not closed");
	refuses(&t, t.chr, 1, "'\\q'", "unknown escape '\\q'");
	refuses(&t, t.chr, 1, "a", "expects a number");
	bb_free(&t.b);
}

static void floats(void **state)
{
	bool big = *(bool *)*state;
	struct types t;
	make(&t, big);
	gives(&t, t.single, "1.5", 4, 0x3fc00000, big);
	gives(&t, t.twice, "-1e-3", 8, 0xbf50624dd2f1a9fc, big);
	gives(&t, t.twice, "inf", 8, 0x7ff0000000000000, big);
	refuses(&t, t.single, 4, "1e60", "out of range");
	refuses(&t, t.twice, 8, "1e999", "out of range");
	refuses(&t, t.twice, 8, "1.5x", "expects a number");
	refuses(&t, t.twice, 8, "", "expects a number");
	char zeros[200];
	memset(zeros, '0', sizeof zeros);
	*zeros = '1';
	zeros[150] = 0;
	refuses(&t, t.twice, 8, zeros, "expects a number");
	bb_free(&t.b);
}

/* What has a meaning beyond its type. */
static void meanings(void **state)
{
	bool big = *(bool *)*state;
	struct types t;
	make(&t, big);
	gives(&t, t.dev, "8:1", 4, 8 << 20 | 1, big);
	gives(&t, t.dev, "5", 4, 5, big);
	gives(&t, t.ns, "1.24 ms", 8, 1240000, big);
	gives(&t, t.ns, "3s", 8, 3000000000, big);
	gives(&t, t.ns, "12", 8, 12, big);
	refuses(&t, t.ns, 8, "1.5 ns", "no whole number of ns");
	refuses(&t, t.ns, 8, "1 h", "expects a time such as 1.5ms");
	refuses(&t, t.ns, 8, "99999999999999 s", "out of range");
	refuses(&t, t.dev, 4, "4096:0", "expects MAJOR:MINOR");
	gives(&t, t.ip4, "10.0.0.2", 4, big ? 0x0a000002 : 0x0200000a, big);
	gives(&t, t.ip4, "{s_addr = 10.0.0.2}", 4, big ? 0x0a000002 : 0x0200000a, big);
	gives(&t, t.ip4, "s_addr=10.0.0.2", 4, big ? 0x0a000002 : 0x0200000a, big);
	const uint8_t *p = put_into(&t, t.ip6, 16, "2001:db8::1", big);
	assert_non_null(p);
	assert_memory_equal(p, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	p = put_into(&t, t.ip, 16, "1.2.3.4", big);
	assert_non_null(p);
	assert_memory_equal(p, "\0\0\0\0\0\0\0\0\0\0\xff\xff\1\2\3\4", 16);
	refuses(&t, t.ip6, 16, "1.2.3.4", "expects an IPv6 address");
	refuses(&t, t.ip, 16, "x", "expects an IPv4 or IPv6 address");
	bb_free(&t.b);
}

static void texts(void **state)
{
	(void)state;
	struct types t;
	make(&t, false);
	const struct {
		const char *text, bytes[7];
	} cases[] = {{"abc", "abc\0\0\0"}, {"abcde", "abcde\0"}, {"\"abc\"", "abc\0\0\0"},
		{"\"abcdef\"", "abcdef"}, {"a, b", "a, b\0\0"}, {"", "\0\0\0\0\0\0"},
		{"\"\"", "\0\0\0\0\0\0"}, {"\"a\\\"\\\\\\n\"", "a\"\\\n\0\0"},
		{"\\xffz", "\xffz\0\0\0\0"},
		{"\\u0085b", "\xc2\x85"
			     "b\0\0\0"},
		{"a ", "a \0\0\0\0"}};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		const uint8_t *p = put_into(&t, t.text, 6, cases[i].text, false);
		if (!p)
			fail_msg("%s: %s", cases[i].text, failed.text);
		assert_memory_equal(p, cases[i].bytes, 6);
	}
	refuses(&t, t.text, 6, "abcdef", "is too long (at most 5 characters)");
	assert_non_null(strstr(failed.hint, "double quotes"));
	refuses(&t, t.text, 6, "\"abcdefg\"", "is too long (at most 6 characters)");
	refuses(&t, t.text, 6, "\"abc", "unterminated string");
	refuses(&t, t.text, 6, "\"abc\"d", "unexpected 'd' after the value");
	refuses(&t, t.text, 6, "\\q", "unknown escape '\\q'");
	refuses(&t, t.text, 6, "\\x4", "unknown escape '\\x'");
	refuses(&t, t.text, 5, "a", "exceeds its section");
	bb_free(&t.b);
}

static void bytes(void **state)
{
	(void)state;
	struct types t;
	make(&t, false);
	const uint8_t *p = put_into(&t, t.mac, 6, "02:42:ac:11:00:02", false);
	assert_non_null(p);
	assert_memory_equal(p, "\x02\x42\xac\x11\x00\x02", 6);
	p = put_into(&t, t.mac, 6, "[02 42 00 (x4)]", false);
	assert_non_null(p);
	assert_memory_equal(p, "\x02\x42\0\0\0\0", 6);
	p = put_into(&t, t.four, 4, "10.0.0.2", false);
	assert_non_null(p);
	assert_memory_equal(p, "\x0a\0\0\2", 4);
	p = put_into(&t, t.sixteen, 16, "::1", false);
	assert_non_null(p);
	assert_memory_equal(p, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	p = put_into(&t, t.sixteen, 16, "\"::1\"", false);
	assert_non_null(p);
	assert_memory_equal(p, "::1\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	p = put_into(&t, t.bytes, 20, "some text", false);
	assert_non_null(p);
	assert_memory_equal(p, "some text\0\0\0\0\0\0\0\0\0\0\0", 20);
	p = put_into(&t, t.bytes, 20, "[3]=0x41,[5]=7", false);
	assert_non_null(p);
	assert_memory_equal(p, "\xee\xee\xee\x41\xee\x07\xee", 7);
	refuses(&t, t.mac, 6, "02:42:ac:11:00", "expects 6 bytes");
	assert_non_null(strstr(failed.hint, "02:42:ac:11:00:02"));
	refuses(&t, t.mac, 6, "02:42:ac:11:00:0g", "expects 6 bytes");
	refuses(&t, t.mac, 6, "[02 42]", "expects 6 bytes");
	refuses(&t, t.mac, 6, "[00 (x7)]", "expects 6 bytes");
	refuses(&t, t.mac, 6, "[00 (x99999999999999999999)]", "a repetition is written");
	refuses(&t, t.mac, 6, "[00 (x6)", "expects 6 bytes");
	refuses(&t, t.mac, 6, "[00 (x)]", "a repetition is written (xNUMBER)");
	refuses(&t, t.four, 4, "10.0.0.256", "expects 4 bytes");
	bb_free(&t.b);
}

static void arrays(void **state)
{
	bool big = *(bool *)*state;
	struct types t;
	make(&t, big);
	const uint8_t *p = put_into(&t, t.numbers, 12, "[1, 2,3]", big);
	assert_non_null(p);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(bytes_get(p + i * 4, 4, big), i + 1);
	p = put_into(&t, t.numbers, 12, "[1, 2 (x2)]", big);
	assert_non_null(p);
	assert_int_equal(bytes_get(p + 8, 4, big), 2);
	p = put_into(&t, t.numbers, 12, "[1]=7", big);
	assert_non_null(p);
	assert_int_equal(bytes_get(p, 4, big), 0xeeeeeeee);
	assert_int_equal(bytes_get(p + 4, 4, big), 7);
	p = put_into(&t, t.pairs, 32, "[0].a=7,[1].name=xy", big);
	assert_non_null(p);
	assert_int_equal(bytes_get(p, 4, big), 7);
	assert_memory_equal(p + 16 + 8, "xy\0\0\0\0", 6);
	refuses(&t, t.numbers, 12, "1", "expects 3 elements");
	refuses(&t, t.numbers, 12, "[1, 2]", "expects 3 elements");
	refuses(&t, t.numbers, 12, "[1, 2, 3, 4]", "expects 3 elements");
	refuses(&t, t.numbers, 12, "[1 (x4)]", "expects 3 elements");
	refuses(&t, t.numbers, 12, "[1, x, 3]", "element '[1]' expects a number, got 'x'");
	refuses(&t, t.numbers, 12, "[1, 2, 3", "']' is missing");
	refuses(&t, t.numbers, 12, "[3]=1", "there is no element [3]");
	assert_non_null(strstr(failed.hint, "3 elements, counted from 0"));
	refuses(&t, t.numbers, 12, "[-1]=1", "there is no element [-1]");
	refuses(&t, t.numbers, 12, "[x]=1", "an element is written [NUMBER]");
	refuses(&t, t.numbers, 12, "[0][1]=1", "is no array");
	refuses(&t, t.numbers, 12, "[0].x=1", "is no struct");
	bb_free(&t.b);
}

/* Omitted members keep their values. */
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
	p = put_into(&t, t.pair, 16, "{a = 5, name = \"a,}\"}", big);
	assert_non_null(p);
	assert_int_equal(bytes_get(p, 4, big), 5);
	assert_int_equal(bytes_get(p + 4, 4, big), 0xeeeeeeee);
	assert_memory_equal(p + 8, "a,}\0\0\0\xee\xee", 8);
	p = put_into(&t, t.pair, 16, "flag=5,less=-3", big);
	assert_non_null(p);
	assert_int_equal(p[14], big ? 5 << 5 | 0x1d : 0x1d << 3 | 5);
	assert_int_equal(p[13], 0xee);
	refuses(&t, t.pair, 16, "b=1", "struct pair has no member 'b'");
	assert_non_null(strstr(failed.hint, "a, kind, name, flag, less"));
	refuses(&t, t.pair, 16, "kinds=1", "struct pair has no member 'kinds'");
	assert_non_null(strstr(failed.hint, "did you mean 'kind'?"));
	refuses(&t, t.pair, 16, "5", "expects MEMBER=VALUE");
	refuses(&t, t.pair, 16, "", "expects MEMBER=VALUE");
	refuses(&t, t.pair, 16, "flag=8", "member 'flag': 8 is out of range (0 to 7)");
	refuses(&t, t.pair, 16, "less=16", "out of range (-16 to 15)");
	refuses(&t, t.pair, 16, "a=x", "member 'a' expects a number, got 'x'");
	refuses(&t, t.pair, 16, "{a=1", "'}' is missing");
	refuses(&t, t.pair, 16, "a=1,a=2", "member 'a' is given two different values");
	refuses(&t, t.pair, 16, "a.b=1", "member 'a' is no struct");
	refuses(&t, t.pair, 16, "{a=1} x", "unexpected 'x' after the value");
	refuses(&t, t.pair, 4, "kind=1", "exceeds its section");
	bb_free(&t.b);
}

static void nested(void **state)
{
	bool big = *(bool *)*state;
	struct types t;
	make(&t, big);
	const uint8_t *p = put_into(&t, t.nest, 64,
		"{x = 1, y = 2, (u = 3 | v = 3), pairs = [{a = 4, kind = SMALL}, {a = 5}], tagged "
		"= "
		"0xff}",
		big);
	if (!p)
		fail_msg("%s", failed.text);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(bytes_get(p + i * 4, 4, big), i + 1);
	assert_int_equal(bytes_get(p + 16, 4, big), 4);
	assert_int_equal(bytes_get(p + 32, 4, big), 5);
	assert_int_equal(bytes_get(p + 52, 4, big), 0xff);
	p = put_into(&t, t.nest, 64, "pairs[1].kind=LARGE,v=9,y=8", big);
	assert_non_null(p);
	assert_int_equal(bytes_get(p + 4, 4, big), 8);
	assert_int_equal(bytes_get(p + 8, 4, big), 9);
	assert_int_equal(bytes_get(p + 36, 4, big), 70000);
	refuses(&t, t.nest, 64, "lock={val=1}", "only the kernel may access struct bpf_spin_lock");
	refuses(&t, t.nest, 64, "pairs[2].a=1", "member 'pairs': there is no element [2]");
	refuses(&t, t.nest, 64, "pairs[1].a=x", "member 'pairs[1].a' expects a number");
	refuses(&t, t.nest, 64, "pairs=5", "member 'pairs' expects 2 elements");
	refuses(&t, t.nest, 64, "(u = 1 | v = 2)", "member 'u' is given two different values");
	refuses(&t, t.nest, 64, "{(u = 1), (u = 1)}", "expects MEMBER=VALUE");
	bb_free(&t.b);
}

/* The text of a union names all members; what is left open by one is up to the others. */
static void unions(void **state)
{
	(void)state;
	struct types t;
	make(&t, false);
	static const char *const same[] = {"(word = 0x420041 | text = \"A\" | truth = true)",
		"(truth = true | text = \"A\" | word = 0x420041)", "word=0x420041,text=A",
		"word=0x420041"};
	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *p = put_into(&t, t.overlay, 8, same[i], false);
		if (!p)
			fail_msg("%s: %s", same[i], failed.text);
		assert_int_equal(bytes_get(p, 4, false), 0x420041);
	}
	refuses(&t, t.overlay, 8, "(word = 0x420041 | text = \"B\")", "two different values");
	assert_non_null(strstr(failed.hint, "one of a union"));
	refuses(&t, t.overlay, 8, "(word = 0 | truth = true)", "two different values");
	refuses(&t, t.overlay, 8, "(wrod = 0)", "union overlay has no member 'wrod'");
	refuses(&t, t.overlay, 8, "7", "is a union and expects MEMBER=VALUE");
	bb_free(&t.b);
}

static void parts(void **state)
{
	(void)state;
	struct types t;
	struct err e = {0};
	uint8_t bytes[64] = {0};
	make(&t, false);
	const struct value at = {&t.btf, t.nest, bytes, sizeof bytes, false, "variable 'n'"};
	assert_true(value_assign(&at, ".pairs[1].name=a, b=", &e));
	assert_memory_equal(bytes + 40, "a, b=\0", 6);
	assert_true(value_assign(&at, "=x=7,y=8", &e));
	assert_int_equal(bytes_get(bytes + 4, 4, false), 8);
	assert_false(value_assign(&at, ".pairs", &e));
	assert_non_null(strstr(e.text, "variable 'n': member 'pairs' expects = and a value"));
	bb_free(&t.b);
}

/* A type that contains itself, which only hostile BTF has, ends. */
static void endless(void **state)
{
	(void)state;
	struct types t;
	make(&t, false);
	uint32_t self = bb_struct(&t.b, "self", 8);
	for (unsigned i = 0; i < 16; i++)
		bb_member(&t.b, "", self, 0);
	bb_bits(&t.b, "wide", t.u32, 0, 200);
	bb_member(&t.b, "far", t.u32, 0xfffffff8);
	bb_open(&t.b, NULL, &t.btf);
	refuses(&t, self, 8, "x=1", "has no member 'x'");
	bb_free(&t.b);
	make(&t, false);
	self = bb_struct(&t.b, "self", 8);
	bb_bits(&t.b, "wide", t.u32, 0, 200);
	bb_member(&t.b, "far", t.u32, 0xfffffff8);
	bb_member(&t.b, "text", t.text, 60);
	bb_open(&t.b, NULL, &t.btf);
	refuses(&t, self, 8, "wide=1", "");
	refuses(&t, self, 8, "far=1", "exceeds its section");
	refuses(&t, self, 8, "text=a", "exceeds its section");
	bb_free(&t.b);
}

/* Static variables of several files may share a name: a linker keeps both. */
static void variables(void **state)
{
	(void)state;
	struct types t;
	make(&t, false);
	uint32_t twin = bb_var(&t.b, "twin", t.u32, BTF_STATIC);
	uint32_t other = bb_var(&t.b, "twin", t.u16, BTF_STATIC);
	uint32_t plain = bb_var(&t.b, "plain", t.pair, BTF_GLOBAL);
	uint32_t bss = bb_datasec(&t.b, ".bss", 40);
	bb_secinfo(&t.b, twin, 0, 4);
	bb_secinfo(&t.b, other, 8, 2);
	bb_secinfo(&t.b, plain, 16, 16);
	uint32_t data = bb_datasec(&t.b, ".data", 4);
	bb_secinfo(&t.b, twin, 0, 4);
	bb_open(&t.b, NULL, &t.btf);
	static const struct {
		const char *text;
		unsigned n;
		size_t in;
		uint32_t offset;
		const char *error, *hint;
	} cases[] = {{"plain.a=1", 1, 0, 16, "", ""}, {".data:twin=1", 1, 1, 0, "", ""},
		{".bss+8:twin=1", 1, 0, 8, "", ""}, {".bss+0x8:twin=1", 1, 0, 8, "", ""},
		{"twin=1", 3, 0, 0, "3 variables are called 'twin'",
			".bss+0:twin, .bss+8:twin, .data+0:twin"},
		{".bss:twin=1", 2, 0, 0, "2 variables are called 'twin'",
			"place: .bss+0:twin, .bss+8:twin"},
		{".bss+4:twin=1", 0, 0, 0, "there is no variable '.bss+4:twin'", "plain"},
		{"palin=1", 0, 0, 0, "there is no variable 'palin'",
			"did you mean 'plain'? its variables are: plain"}};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct variable_search s;
		struct err e = {0};
		assert_true(variable_search_start(&s, cases[i].text, &e));
		variable_search_section(&s, &t.btf, bss, 0);
		variable_search_section(&s, &t.btf, data, 1);
		assert_int_equal(s.n_found, cases[i].n);
		assert_int_equal(variable_search_end(&s, &e), cases[i].n == 1);
		if (!strstr(e.text, cases[i].error) || !strstr(e.hint, cases[i].hint))
			fail_msg("%s: %s", e.text, e.hint);
		if (cases[i].n == 1) {
			assert_int_equal(s.found_in, cases[i].in);
			assert_int_equal(s.found_offset, cases[i].offset);
			assert_true(*s.rest == '=' || *s.rest == '.');
		}
	}
	static const char *const wrong[] = {"x", "=1", ".bss:=1", ".bss+:x=1", ".bss+x:x=1", "a.b"};
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct variable_search s;
		struct err e = {0};
		assert_false(variable_search_start(&s, wrong[i], &e));
	}
	bb_free(&t.b);
}

static void prefixes(void **state)
{
	(void)state;
	uint8_t key[20];
	struct err e = {0};
	for (int big = 0; big < 2; big++) {
		const struct value four = {.to = key, .room = 8, .big = big, .who = "the key"};
		const struct value six = {.to = key, .room = 20, .big = big, .who = "the key"};
		assert_true(value_put_prefix(&four, "10.1.0.0/16", &e));
		assert_int_equal(bytes_get(key, 4, big), 16);
		assert_memory_equal(key + 4, "\x0a\1\0\0", 4);
		assert_true(value_put_prefix(&four, "10.1.0.0", &e));
		assert_int_equal(bytes_get(key, 4, big), 32);
		assert_true(value_put_prefix(&six, "2001:db8::/32", &e));
		assert_int_equal(bytes_get(key, 4, big), 32);
		assert_memory_equal(key + 4, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\0", 16);
		static const char *const wrong[] = {
			"10.1.0.0/33", "10.1.0.0/-1", "10.1.0.0/", "10.1.0.0/x", "::/0", "x"};
		for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
			e = (struct err){0};
			assert_false(value_put_prefix(&four, wrong[i], &e));
			assert_non_null(strstr(e.text, "prefix"));
		}
		e = (struct err){0};
	}
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
	gives(NULL, 0, "-2", 4, 0xfffffffe, false);
	gives(NULL, 0, "-2", 4, 0xfffffffe, true);
	gives(NULL, 0, "0b11", 2, 3, true);
	refuses(NULL, 0, 1, "256", "is not a number of 1 bytes");
	refuses(NULL, 0, 1, "-129", "is not a number of 1 bytes");
	refuses(NULL, 0, 8, "10000000000000000000000", "is not a number of 8 bytes");
	refuses(NULL, 0, 4, "x", "is not a number of 4 bytes");
	const uint8_t *p = put_into(NULL, 0, 3, "00fF10", false);
	assert_non_null(p);
	assert_memory_equal(p, "\x00\xff\x10", 3);
	p = put_into(NULL, 0, 4, "68 69 0a 00 |hi..|", false);
	assert_non_null(p);
	assert_memory_equal(p, "hi\n\0", 4);
	p = put_into(NULL, 0, 1, "68 |h|", false);
	assert_non_null(p);
	assert_memory_equal(p, "h", 1);
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
		BOTH(integers_in_every_base),
		cmocka_unit_test(integers_out_of_range),
		cmocka_unit_test(characters),
		BOTH(floats),
		BOTH(meanings),
		cmocka_unit_test(texts),
		cmocka_unit_test(bytes),
		BOTH(arrays),
		BOTH(members),
		BOTH(nested),
		cmocka_unit_test(unions),
		cmocka_unit_test(parts),
		cmocka_unit_test(endless),
		cmocka_unit_test(variables),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(without_types),
	};
	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
