/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../loader/typed.h"
#include "make_btf.h"

static char *shown; /* of the last text() or json(), freed by the next one */

static struct span copy(struct span s)
{
	/* Exactly as long as the record: a sanitizer sees a read behind it. */
	uint8_t *p = malloc(s.n + !s.n);
	if (s.n)
		memcpy(p, s.p, s.n);
	s.p = p;
	return s;
}

static const char *text_of(
	const struct btf *b, struct typed_field f, struct span rec, size_t max, bool quoted)
{
	size_t n;
	struct span own = copy(rec);
	free(shown);
	shown = NULL;
	FILE *file = open_memstream(&shown, &n);
	struct typed_out o = {.file = file, .max = max}, count = {.max = max};
	typed_text(&o, b, f, own, quoted);
	fclose(file);
	typed_text(&count, b, f, own, quoted);
	assert_int_equal(count.cols, o.cols);
	assert_int_equal(count.cut, o.cut);
	free((void *)(uintptr_t)own.p);
	return shown;
}

static const char *text(const struct btf *b, uint32_t type, struct span rec)
{
	return text_of(b, (struct typed_field){.type = type}, rec, 0, false);
}

static const char *json(const struct btf *b, struct typed_field f, struct span rec)
{
	size_t n;
	struct span own = copy(rec);
	free(shown);
	shown = NULL;
	FILE *file = open_memstream(&shown, &n);
	struct json j = json_start(file);
	typed_json(&j, b, f, own);
	fclose(file);
	free((void *)(uintptr_t)own.p);
	return shown;
}

static const char *json_of(const struct btf *b, uint32_t type, struct span rec)
{
	return json(b, (struct typed_field){.type = type}, rec);
}

/* A number of `size` bytes in the given byte order. */
static struct span num(uint8_t *buf, unsigned size, bool big, uint64_t v)
{
	bytes_put(buf, size, big, v);
	return (struct span){buf, size, big};
}

static struct span raw(const void *p, size_t n)
{
	return (struct span){p, n, host_is_big()};
}

/* Each test runs for both byte orders of BTF and values. */
static bool is_big(void **state)
{
	return *(bool *)*state;
}

static void integers(void **state)
{
	bool big = is_big(state);
	struct make_btf *m = mb_new(big);
	uint32_t u8 = mb_int(m, "unsigned char", 1, 0), s16 = mb_int(m, "short", 2, BTF_INT_SIGNED),
		 u32 = mb_int(m, "unsigned int", 4, 0), s64 = mb_int(m, "long", 8, BTF_INT_SIGNED),
		 u64 = mb_int(m, "unsigned long", 8, 0), u128 = mb_int(m, "__int128", 16, 0),
		 yes = mb_int(m, "_Bool", 1, BTF_INT_BOOL),
		 chr = mb_int(m, "char", 1, BTF_INT_SIGNED),
		 alias = mb_type(m, BTF_TYPEDEF, "my_t", 0, false, u32),
		 konst = mb_type(m, BTF_CONST, "", 0, false, alias),
		 ptr = mb_type(m, BTF_PTR, "", 0, false, 0);
	const struct btf *b = mb_btf(m);
	assert_non_null(b);
	uint8_t v[16];
	assert_string_equal(text(b, u8, num(v, 1, big, 200)), "200");
	assert_string_equal(text(b, s16, num(v, 2, big, 0xfffe)), "-2");
	assert_string_equal(text(b, u32, num(v, 4, big, 0xfffffffe)), "4294967294");
	assert_string_equal(
		text(b, s64, num(v, 8, big, UINT64_C(1) << 63)), "-9223372036854775808");
	assert_string_equal(text(b, u64, num(v, 8, big, UINT64_MAX)), "18446744073709551615");
	assert_string_equal(json_of(b, u64, num(v, 8, big, UINT64_MAX)), "18446744073709551615");
	assert_string_equal(text(b, konst, num(v, 4, big, 1000)), "1000");
	assert_string_equal(text(b, yes, num(v, 1, big, 2)), "true");
	assert_string_equal(json_of(b, yes, num(v, 1, big, 0)), "false");
	assert_string_equal(text(b, chr, num(v, 1, big, 'x')), "'x'");
	assert_string_equal(text(b, chr, num(v, 1, big, '\'')), "'\\''");
	assert_string_equal(text(b, chr, num(v, 1, big, 0xff)), "-1");
	assert_string_equal(json_of(b, chr, num(v, 1, big, 'x')), "120");
	assert_string_equal(text(b, ptr, num(v, 8, big, 0xffff888003a1)), "0xffff888003a1");
	assert_string_equal(json_of(b, ptr, num(v, 8, big, 16)), "\"0x10\"");
	num(v, 8, big, big ? 1 : 2);
	bytes_put(v + 8, 8, big, big ? 2 : 1);
	assert_string_equal(text(b, u128, (struct span){v, 16, big}), "0x10000000000000002");
	assert_string_equal(json_of(b, u128, (struct span){v, 16, big}), "\"0x10000000000000002\"");
	mb_free(m);
}

static void enums(void **state)
{
	bool big = is_big(state);
	struct make_btf *m = mb_new(big);
	uint32_t plain = mb_type(m, BTF_ENUM, "verdict", 2, false, 4);
	mb_enumerator(m, "DROP", 1);
	mb_enumerator(m, "PASS", 2);
	uint32_t minus = mb_type(m, BTF_ENUM, "sign", 2, true, 4);
	mb_enumerator(m, "ERR", (uint32_t)-1);
	mb_enumerator(m, "OK", 0);
	uint32_t old = mb_type(m, BTF_ENUM, "old", 1, false, 1); /* a sign that nobody wrote down */
	mb_enumerator(m, "LOST", (uint32_t)-1);
	uint32_t wide = mb_type(m, BTF_ENUM64, "wide", 1, false, 8);
	mb_word(m, mb_string(m, "HUGE"));
	mb_word(m, 5);
	mb_word(m, 1);
	const struct btf *b = mb_btf(m);
	assert_non_null(b);
	uint8_t v[8];
	assert_string_equal(text(b, plain, num(v, 4, big, 2)), "PASS");
	assert_string_equal(json_of(b, plain, num(v, 4, big, 2)), "\"PASS\"");
	assert_string_equal(text(b, plain, num(v, 4, big, 7)), "7");
	assert_string_equal(json_of(b, plain, num(v, 4, big, 7)), "7");
	assert_string_equal(text(b, minus, num(v, 4, big, 0xffffffff)), "ERR");
	assert_string_equal(text(b, minus, num(v, 4, big, 0xfffffffe)), "-2");
	assert_string_equal(text(b, old, num(v, 1, big, 0xff)), "LOST");
	assert_string_equal(text(b, wide, num(v, 8, big, UINT64_C(0x100000005))), "HUGE");
	assert_string_equal(text(b, wide, num(v, 8, big, 5)), "5");
	mb_free(m);
}

static void floats(void **state)
{
	bool big = is_big(state);
	struct make_btf *m = mb_new(big);
	uint32_t single = mb_type(m, BTF_FLOAT, "float", 0, false, 4),
		 twice = mb_type(m, BTF_FLOAT, "double", 0, false, 8);
	const struct btf *b = mb_btf(m);
	uint8_t v[8];
	float f = 0.1f;
	double d = 0.1;
	uint32_t fb;
	uint64_t db;
	memcpy(&fb, &f, 4);
	memcpy(&db, &d, 8);
	assert_string_equal(text(b, single, num(v, 4, big, fb)), "0.1");
	assert_string_equal(text(b, twice, num(v, 8, big, db)), "0.1");
	assert_string_equal(json_of(b, twice, num(v, 8, big, db)), "0.1");
	d = 1.0 / 3;
	memcpy(&db, &d, 8);
	assert_string_equal(text(b, twice, num(v, 8, big, db)), "0.3333333333333333");
	assert_string_equal(text(b, twice, num(v, 8, big, UINT64_C(0x7ff) << 52)), "inf");
	assert_string_equal(json_of(b, twice, num(v, 8, big, UINT64_C(0x7ff) << 52)), "null");
	mb_free(m);
}

/* The same declaration, compiled for both: struct { u32 a : 3, b : 7 (signed), c : 22; u64 d : 40;
 * } */
static void bit_fields(void **state)
{
	bool big = is_big(state);
	struct make_btf *m = mb_new(big);
	uint32_t u32 = mb_int(m, "unsigned int", 4, 0), s32 = mb_int(m, "int", 4, BTF_INT_SIGNED),
		 u64 = mb_int(m, "unsigned long", 8, 0);
	uint32_t s = mb_type(m, BTF_STRUCT, "bits", 4, true, 16);
	mb_member(m, "a", u32, 0, 3);
	mb_member(m, "b", s32, 3, 7);
	mb_member(m, "c", u32, 10, 22);
	mb_member(m, "d", u64, 67, 61); /* off a byte boundary */
	uint32_t old_int = mb_type(m, BTF_INT, "unsigned int", 0, false, 4);
	mb_word(m, 2 << 16 | 5); /* before kflag: the type says offset 2, 5 bits */
	uint32_t old = mb_type(m, BTF_STRUCT, "old", 1, false, 4);
	mb_member(m, "x", old_int, 0, 0);
	const struct btf *b = mb_btf(m);
	assert_non_null(b);
	uint8_t v[16] = {0};
	uint64_t a = 5, bb = (uint64_t)-3 & 0x7f, c = 0x2abcde, d = UINT64_C(0x123456789abcdef1);
	if (big) {
		bytes_put(v, 4, true, a << 29 | bb << 22 | c);
		bytes_put(v + 8, 8, true, d);
	} else {
		bytes_put(v, 4, false, a | bb << 3 | c << 10);
		bytes_put(v + 8, 8, false, d << 3);
	}
	char want[100];
	snprintf(want, sizeof want, "{a = 5, b = -3, c = %u, d = %llu}", 0x2abcdeu,
		(unsigned long long)(d & ((UINT64_C(1) << 61) - 1)));
	assert_string_equal(text(b, s, (struct span){v, 16, big}), want);
	/* Cut short in the middle of d. */
	assert_non_null(strstr(text(b, s, (struct span){v, 15, big}), "d = ?}"));
	uint8_t o[4];
	bytes_put(o, 4, big, big ? UINT64_C(19) << 25 : 19 << 2);
	assert_string_equal(text(b, old, (struct span){o, 4, big}), "{x = 19}");
	mb_free(m);
}

static void strings(void **state)
{
	struct make_btf *m = mb_new(is_big(state));
	uint32_t chr = mb_int(m, "char", 1, BTF_INT_SIGNED), u8 = mb_int(m, "unsigned char", 1, 0);
	uint32_t index = mb_int(m, "unsigned int", 4, 0);
	uint32_t s = mb_array(m, chr, index, 16), ss = mb_array(m, s, index, 2),
		 bytes = mb_array(m, u8, index, 16), mac = mb_array(m, u8, index, 6),
		 big_one = mb_array(m, u8, index, 4096);
	const struct btf *b = mb_btf(m);
	assert_non_null(b);
	char v[4096] = "bash\0garbage";
	assert_string_equal(text(b, s, raw(v, 16)), "bash");
	assert_string_equal(json_of(b, s, raw(v, 16)), "\"bash\"");
	struct typed_field f = {.type = s};
	assert_string_equal(text_of(b, f, raw(v, 16), 0, true), "\"bash\"");
	/* Nothing in a string may steer the terminal. */
	memcpy(v, "\x1b[31m\n\t\\\"\x7f\xc3\xa9\xff\0", 15);
	assert_string_equal(text(b, s, raw(v, 16)), "\\x1b[31m\\n\\t\\\\\"\\x7f\xc3\xa9\\xff");
	assert_string_equal(text_of(b, f, raw(v, 16), 0, true),
		"\"\\x1b[31m\\n\\t\\\\\\\"\\x7f\xc3\xa9\\xff\"");
	assert_string_equal(
		json_of(b, s, raw(v, 16)), "\"\\u001b[31m\\n\\t\\\\\\\"\\u007f\xc3\xa9\\u00ff\"");
	memcpy(v, "\xe2\x80\xae\xc2\x85\0", 6);
	assert_string_equal(text(b, s, raw(v, 16)), "\\u202e\\u0085");
	/* Without a terminator; cut short; nothing there. */
	memset(v, 'x', 16);
	assert_string_equal(text(b, s, raw(v, 16)), "xxxxxxxxxxxxxxxx");
	assert_string_equal(text(b, s, raw(v, 3)), "xxx");
	assert_string_equal(text(b, s, raw(v, 0)), "?");
	assert_string_equal(json_of(b, s, raw(v, 0)), "null");
	memset(v, 0, 32);
	memcpy(v, "one", 3);
	memcpy(v + 16, "two", 3);
	assert_string_equal(text(b, ss, raw(v, 32)), "[\"one\", \"two\"]");
	/* Bytes that are text are shown as such to people. */
	memset(v, 0, sizeof v);
	memcpy(v, "sshd", 4);
	assert_string_equal(text(b, bytes, raw(v, 16)), "sshd");
	assert_string_equal(
		json_of(b, bytes, raw(v, 16)), "[115,115,104,100,0,0,0,0,0,0,0,0,0,0,0,0]");
	v[15] = 1;
	assert_string_equal(text(b, bytes, raw(v, 16)), "[73 73 68 64 00 (x11) 01]");
	assert_string_equal(text(b, mac, raw("\x02\x42\xac\0\0\0", 6)), "02:42:ac:00:00:00");
	memset(v, 0, sizeof v);
	assert_string_equal(text(b, big_one, raw(v, 4096)), "[00 (x4096)]");
	mb_free(m);
}

static void addresses(void **state)
{
	bool big = is_big(state);
	struct make_btf *m = mb_new(big);
	uint32_t u16 = mb_int(m, "unsigned short", 2, 0), u32 = mb_int(m, "unsigned int", 4, 0),
		 u8 = mb_int(m, "unsigned char", 1, 0);
	uint32_t be32 = mb_type(m, BTF_TYPEDEF, "__be32", 0, false, u32),
		 mine = mb_type(m, BTF_TYPEDEF, "addr_t", 0, false, be32),
		 be16 = mb_type(m, BTF_TYPEDEF, "__be16", 0, false, u16),
		 wrong = mb_type(m, BTF_TYPEDEF, "__be32", 0, false, u16);
	uint32_t in = mb_type(m, BTF_STRUCT, "in_addr", 1, false, 4);
	mb_member(m, "s_addr", be32, 0, 0);
	uint32_t sixteen = mb_array(m, u8, u32, 16);
	uint32_t in6 = mb_type(m, BTF_STRUCT, "in6_addr", 1, false, 16);
	mb_member(m, "s6_addr", sixteen, 0, 0);
	const struct btf *b = mb_btf(m);
	assert_non_null(b);
	struct span ip = {(const uint8_t *)"\x0a\x00\x00\x02", 4, big};
	assert_string_equal(text(b, be32, ip), "10.0.0.2");
	assert_string_equal(text(b, mine, ip), "10.0.0.2");
	assert_string_equal(text(b, in, ip), "10.0.0.2");
	assert_string_equal(json_of(b, in, ip), "\"10.0.0.2\"");
	uint64_t v;
	assert_true(typed_number(b, (struct typed_field){.type = be32}, ip, &v));
	assert_int_equal(v, 0x0a000002);
	struct span port = {(const uint8_t *)"\x01\xbb", 2, big};
	assert_string_equal(text(b, be16, port), "443");
	assert_string_equal(json_of(b, be16, port), "443");
	assert_string_equal(text(b, wrong, port), big ? "443" : "47873");
	struct span six = {(const uint8_t *)"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16, big};
	assert_string_equal(text(b, in6, six), "2001:db8::1");
	six.n = 15;
	assert_string_equal(text(b, in6, six), "?");
	mb_free(m);
}

static void structs(void **state)
{
	bool big = is_big(state);
	struct make_btf *m = mb_new(big);
	uint32_t u32 = mb_int(m, "unsigned int", 4, 0), u64 = mb_int(m, "unsigned long", 8, 0);
	uint32_t pair = mb_type(m, BTF_STRUCT, "pair", 2, false, 8);
	mb_member(m, "x", u32, 0, 0);
	mb_member(m, "y", u32, 32, 0);
	uint32_t both = mb_type(m, BTF_UNION, "", 2, false, 8);
	mb_member(m, "whole", u64, 0, 0);
	mb_member(m, "", pair, 0, 0);
	uint32_t lock = mb_type(m, BTF_STRUCT, "bpf_spin_lock", 1, false, 4);
	mb_member(m, "val", u32, 0, 0);
	uint32_t top = mb_type(m, BTF_STRUCT, "top", 5, false, 40);
	mb_member(m, "lock", lock, 0, 0);
	mb_member(m, "in", pair, 32, 0);
	mb_member(m, "", pair, 96, 0);
	mb_member(m, "", both, 192, 0);
	mb_member(m, "u", both, 256, 0);
	uint32_t none = mb_type(m, BTF_STRUCT, "none", 0, false, 0);
	uint32_t list = mb_array(m, pair, u32, 6), odd = mb_array(m, u32, u32, 3),
		 nothing = mb_array(m, none, u32, UINT32_MAX);
	const struct btf *b = mb_btf(m);
	assert_non_null(b);
	uint8_t v[48] = {0};
	for (unsigned i = 0; i < 12; i++)
		bytes_put(v + i * 4, 4, big, i);
	struct span rec = {v, 40, big};
	char want[256];
	uint64_t w1 = bytes_get(v + 24, 8, big), w2 = bytes_get(v + 32, 8, big);
	snprintf(want, sizeof want,
		"{in = {x = 1, y = 2}, x = 3, y = 4, (whole = %llu | {x = 6, y = 7}), "
		"u = (whole = %llu | {x = 8, y = 9})}",
		(unsigned long long)w1, (unsigned long long)w2);
	assert_string_equal(text(b, top, rec), want);
	snprintf(want, sizeof want,
		"{\"in\":{\"x\":1,\"y\":2},\"x\":3,\"y\":4,\"whole\":%llu,\"x\":6,\"y\":7,"
		"\"u\":{\"whole\":%llu,\"x\":8,\"y\":9}}",
		(unsigned long long)w1, (unsigned long long)w2);
	assert_string_equal(json_of(b, top, rec), want);
	/* Cut short. */
	rec.n = 10;
	assert_non_null(strstr(text(b, top, rec), "{in = {x = 1, y = ?}, x = ?"));
	assert_non_null(strstr(json_of(b, top, rec), "{\"in\":{\"x\":1,\"y\":null}"));
	assert_string_equal(text(b, none, raw(v, 0)), "{}");
	assert_string_equal(text(b, nothing, raw(v, 0)), "[]");
	assert_string_equal(json_of(b, nothing, raw(v, 0)), "[]");
	/* A run of equal elements is written once. */
	uint8_t zero[48] = {0};
	bytes_put(zero, 4, big, 9);
	assert_string_equal(text(b, list, (struct span){zero, 48, big}),
		"[{x = 9, y = 0}, {x = 0, y = 0} (x5)]");
	assert_string_equal(text(b, odd, (struct span){v, 12, big}), "[0, 1, 2]");
	assert_string_equal(text(b, odd, (struct span){v, 8, big}), "[0, 1, ?]");
	assert_string_equal(text(b, odd, (struct span){v, 6, big}), "[0, ?, ?]");
	assert_string_equal(json_of(b, odd, (struct span){v, 8, big}), "[0,1]");
	mb_free(m);
}

/* An array without a length at the end of an event takes what is there. */
static void open_array(void **state)
{
	bool big = is_big(state);
	struct make_btf *m = mb_new(big);
	uint32_t u32 = mb_int(m, "unsigned int", 4, 0), chr = mb_int(m, "char", 1, BTF_INT_SIGNED);
	uint32_t rest = mb_array(m, chr, u32, 0);
	uint32_t s = mb_type(m, BTF_STRUCT, "line", 2, false, 4);
	mb_member(m, "len", u32, 0, 0);
	mb_member(m, "text", rest, 32, 0);
	const struct btf *b = mb_btf(m);
	uint8_t v[12] = {0};
	bytes_put(v, 4, big, 5);
	memcpy(v + 4, "hello", 6);
	struct span rec = {v, 12, big};
	struct typed_field f = {.type = s, .open = true};
	assert_string_equal(text_of(b, f, rec, 0, false), "{len = 5, text = \"hello\"}");
	assert_string_equal(json(b, f, rec), "{\"len\":5,\"text\":\"hello\"}");
	f.open = false;
	assert_string_equal(text_of(b, f, rec, 0, false), "{len = 5, text = \"\"}");
	mb_free(m);
}

static void untyped(void **state)
{
	(void)state;
	assert_string_equal(text(NULL, 0, raw("hi\n", 3)), "68 69 0a |hi.|");
	assert_string_equal(json_of(NULL, 7, raw("hi\n", 3)), "\"68 69 0a\"");
	assert_string_equal(json_of(NULL, 0, raw("", 0)), "\"\"");
	struct make_btf *m = mb_new(false);
	uint32_t fwd = mb_type(m, BTF_FWD, "unknown", 0, false, 0);
	const struct btf *b = mb_btf(m);
	assert_string_equal(text(b, fwd, raw("\1", 1)), "01 |.|");
	assert_string_equal(text(b, 99, raw("\1", 1)), "01 |.|");
	uint64_t v;
	uint8_t n[4];
	assert_true(typed_number(NULL, (struct typed_field){0}, num(n, 4, host_is_big(), 77), &v));
	assert_int_equal(v, 77);
	assert_false(typed_number(NULL, (struct typed_field){0}, raw("abc", 3), &v));
	mb_free(m);
}

/* Types that claim to contain themselves, often: the work stays small and nothing overflows. */
static void hostile_types(void **state)
{
	struct make_btf *m = mb_new(is_big(state));
	uint32_t u32 = mb_int(m, "unsigned int", 4, 0), self = u32 + 1;
	assert_int_equal(mb_type(m, BTF_STRUCT, "self", 4, false, 4), self);
	for (unsigned i = 0; i < 4; i++)
		mb_member(m, i % 2 ? "" : "s", self, 0, 0);
	uint32_t loop = self + 1;
	assert_int_equal(mb_type(m, BTF_TYPEDEF, "loop", 0, false, loop), loop);
	uint32_t huge = mb_array(m, u32, u32, UINT32_MAX);
	uint32_t far = mb_type(m, BTF_STRUCT, "far", 1, false, 8);
	mb_member(m, "x", u32, 0xffffffff, 0);
	uint32_t steer = mb_type(m, BTF_STRUCT, "steer", 1, false, 4);
	mb_member(m, "\x1b[2J", u32, 0, 0);
	uint32_t arrays = mb_array(m, 0, 0, 1), chain = arrays; /* of void */
	for (unsigned i = 0; i < 2 * BTF_DEPTH; i++)
		chain = mb_array(m, chain, u32, 1);
	const struct btf *b = mb_btf(m);
	assert_non_null(b);
	uint8_t v[4] = {0};
	struct span rec = raw(v, 4);
	const char *t = text(b, self, rec);
	assert_true(strlen(t) < 200000);
	assert_non_null(strstr(t, "..."));
	t = json_of(b, self, rec);
	assert_true(strlen(t) > 1000 && strlen(t) < 2000000);
	assert_string_equal(text(b, loop, rec), "00 00 00 00 |....|");
	assert_string_equal(text(b, huge, rec), "[0, ?]");
	assert_string_equal(json_of(b, huge, rec), "[0]");
	assert_string_equal(text(b, far, rec), "{x = ?}");
	assert_string_equal(text(b, steer, rec), "{\\x1b[2J = 0}");
	assert_non_null(text(b, chain, rec));
	assert_non_null(json_of(b, chain, rec));
	assert_true(typed_compare(b, (struct typed_field){.type = self}, rec, rec) == 0);
	mb_free(m);
}

/* Whatever the length of the record, nothing behind it is read (the sanitizer watches). */
static void every_length(void **state)
{
	bool big = is_big(state);
	struct make_btf *m = mb_new(big);
	uint32_t u32 = mb_int(m, "unsigned int", 4, 0), u8 = mb_int(m, "unsigned char", 1, 0),
		 chr = mb_int(m, "char", 1, 0);
	uint32_t ip = mb_type(m, BTF_TYPEDEF, "__be32", 0, false, u32),
		 name = mb_array(m, chr, u32, 9), bytes = mb_array(m, u8, u32, 9),
		 list = mb_array(m, u32, u32, 3),
		 dbl = mb_type(m, BTF_FLOAT, "double", 0, false, 8);
	uint32_t s = mb_type(m, BTF_STRUCT, "all", 7, true, 60);
	mb_member(m, "ip", ip, 0, 0);
	mb_member(m, "name", name, 32, 0);
	mb_member(m, "bytes", bytes, 104, 0);
	mb_member(m, "list", list, 192, 0);
	mb_member(m, "bits", u32, 291, 11);
	mb_member(m, "d", dbl, 320, 0);
	mb_member(m, "last", u32, 448, 0);
	const struct btf *b = mb_btf(m);
	uint8_t v[60];
	memset(v, 'A', sizeof v);
	for (size_t n = 0; n <= sizeof v; n++) {
		struct span rec = {v, n, big};
		assert_int_equal(strchr(text(b, s, rec), '?') == NULL, n == sizeof v);
		assert_int_equal(strstr(json_of(b, s, rec), "null") == NULL, n == sizeof v);
	}
	mb_free(m);
}

static void limit_of_columns(void **state)
{
	(void)state;
	struct make_btf *m = mb_new(false);
	uint32_t u32 = mb_int(m, "unsigned int", 4, 0);
	uint32_t s = mb_type(m, BTF_STRUCT, "s", 1, false, 4);
	mb_member(m, "counter", u32, 0, 0);
	const struct btf *b = mb_btf(m);
	struct typed_field f = {.type = s};
	struct span rec = raw("\0\0\0\0", 4);
	assert_string_equal(text_of(b, f, rec, 13, false), "{counter = 0}");
	assert_string_equal(text_of(b, f, rec, 12, false), "{counter = 0");
	assert_string_equal(text_of(b, f, rec, 10, false), "{counter");
	mb_free(m);
}

static void order(void **state)
{
	bool big = is_big(state);
	struct make_btf *m = mb_new(big);
	uint32_t s32 = mb_int(m, "int", 4, BTF_INT_SIGNED), chr = mb_int(m, "char", 1, 0);
	uint32_t name = mb_array(m, chr, s32, 4);
	uint32_t s = mb_type(m, BTF_STRUCT, "key", 2, false, 8);
	mb_member(m, "n", s32, 0, 0);
	mb_member(m, "name", name, 32, 0);
	const struct btf *b = mb_btf(m);
	struct typed_field f = {.type = s};
	uint8_t x[8] = "....ab\0z", y[8] = "....ab\0a";
	bytes_put(x, 4, big, 300);
	bytes_put(y, 4, big, 300);
	struct span sx = {x, 8, big}, sy = {y, 8, big};
	assert_int_equal(typed_compare(b, f, sx, sy), 0); /* what follows the NUL is no text */
	x[5] = 'c';
	assert_true(typed_compare(b, f, sx, sy) > 0);
	bytes_put(x, 4, big, (uint32_t)-5);
	assert_true(typed_compare(b, f, sx, sy) < 0);
	assert_true(typed_compare(b, f, sy, sx) > 0);
	/* Without types: numbers as such, else bytes. */
	bytes_put(x, 4, big, 256);
	bytes_put(y, 4, big, 255);
	sx.n = sy.n = 4;
	assert_true(typed_compare(NULL, (struct typed_field){0}, sx, sy) > 0);
	assert_true(typed_compare(NULL, (struct typed_field){0}, raw("abc", 3), raw("abd", 3)) < 0);
	mb_free(m);
}

static const char *dump(struct span bytes, size_t max)
{
	size_t n;
	free(shown);
	shown = NULL;
	FILE *file = open_memstream(&shown, &n);
	typed_dump(file, "", bytes, max);
	fclose(file);
	return shown;
}

static void dumps(void **state)
{
	(void)state;
	uint8_t v[40];
	for (unsigned i = 0; i < sizeof v; i++)
		v[i] = (uint8_t)(i + 24);
	assert_string_equal(dump(raw("hello\n", 6), 0), "68 65 6c 6c 6f 0a  |hello.|\n");
	assert_string_equal(dump(raw(v, 20), 0),
		"0000  18 19 1a 1b 1c 1d 1e 1f  20 21 22 23 24 25 26 27  |........ !\"#$%&'|\n"
		"0010  28 29 2a 2b                                       |()*+|\n");
	assert_string_equal(dump(raw(v, 40), 16),
		"0000  18 19 1a 1b 1c 1d 1e 1f  20 21 22 23 24 25 26 27  |........ !\"#$%&'|\n"
		"... 24 more bytes\n");
	for (const char *p = dump(raw(v, 40), 0), *end; (end = strchr(p, '\n')); p = end + 1)
		assert_true(end - p <= 80);
}

static void json_writer(void **state)
{
	(void)state;
	size_t n;
	free(shown);
	shown = NULL;
	FILE *file = open_memstream(&shown, &n);
	struct json j = json_start(file);
	json_open(&j, '{');
	json_key(&j, "a\"b");
	json_open(&j, '[');
	json_int(&j, INT64_MIN);
	json_uint(&j, UINT64_MAX);
	json_null(&j);
	json_bool(&j, true);
	json_open(&j, '{');
	json_close(&j);
	json_close(&j);
	json_key(&j, "s");
	json_bytes(&j, "\0\x01\n\xed\xa0\x80\xc0\xaf\xf0\x9f\x98\x80\xe2\x82", 14);
	json_key(&j, "open");
	json_open(&j, '[');
	json_open(&j, '{');
	json_key(&j, "waiting");
	json_line(&j);
	json_open(&j, '{');
	json_line(&j);
	fclose(file);
	assert_string_equal(shown,
		"{\"a\\\"b\":[-9223372036854775808,18446744073709551615,null,true,{}],"
		"\"s\":\"\\u0000\\u0001\\n\\u00ed\\u00a0\\u0080\\u00c0\\u00af\xf0\x9f\x98\x80"
		"\\u00e2\\u0082\","
		"\"open\":[{\"waiting\":null}]}\n{}\n");
}

static void json_depth(void **state)
{
	(void)state;
	size_t n;
	free(shown);
	shown = NULL;
	FILE *file = open_memstream(&shown, &n);
	struct json j = json_start(file);
	for (unsigned i = 0; i < JSON_DEPTH + 5; i++)
		json_open(&j, '[');
	json_int(&j, 1);
	for (unsigned i = 0; i < 6; i++)
		json_close(&j);
	json_int(&j, 2);
	json_line(&j);
	fclose(file);
	char want[2 * JSON_DEPTH + 16] = "";
	memset(want, '[', JSON_DEPTH);
	strcat(want, "null],2");
	memset(want + strlen(want), ']', JSON_DEPTH - 1);
	strcat(want, "\n");
	assert_string_equal(shown, want);
}

#define BOTH(f)                                                                                    \
	{#f " (little-endian)", f, NULL, NULL, &little},                                           \
	{                                                                                          \
#f " (big-endian)", f, NULL, NULL, &big                                            \
	}

int main(void)
{
	static bool little = false, big = true;
	const struct CMUnitTest tests[] = {
		BOTH(integers),
		BOTH(enums),
		BOTH(floats),
		BOTH(bit_fields),
		BOTH(strings),
		BOTH(addresses),
		BOTH(structs),
		BOTH(open_array),
		BOTH(hostile_types),
		BOTH(every_length),
		BOTH(order),
		cmocka_unit_test(untyped),
		cmocka_unit_test(limit_of_columns),
		cmocka_unit_test(dumps),
		cmocka_unit_test(json_writer),
		cmocka_unit_test(json_depth),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(shown);
	return failed;
}
