/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "loader/show/clean.h"
#include "loader/show/typed.h"
#include "btf_build.h"

static char *shown; /* of the last text() or json(), freed by the next one */

static struct span copy(struct span s)
{
	/* Exactly as long as the record: a sanitizer detects reads past the end. */
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
	struct bb bb, *m = &bb;
	bb_init(m, big);
	uint32_t u8 = bb_int(m, "unsigned char", 1, 0), s16 = bb_int(m, "short", 2, BTF_INT_SIGNED),
		 u32 = bb_int(m, "unsigned int", 4, 0), s64 = bb_int(m, "long", 8, BTF_INT_SIGNED),
		 u64 = bb_int(m, "unsigned long", 8, 0), u128 = bb_int(m, "__int128", 16, 0),
		 yes = bb_int(m, "_Bool", 1, BTF_INT_BOOL),
		 chr = bb_int(m, "char", 1, BTF_INT_SIGNED),
		 alias = bb_type(m, BTF_TYPEDEF, "my_t", 0, false, u32),
		 konst = bb_type(m, BTF_CONST, "", 0, false, alias),
		 ptr = bb_type(m, BTF_PTR, "", 0, false, 0);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
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
	bb_free(m);
}

static void enums(void **state)
{
	bool big = is_big(state);
	struct bb bb, *m = &bb;
	bb_init(m, big);
	uint32_t plain = bb_enum(m, "verdict", 4, false);
	bb_value(m, "DROP", 1);
	bb_value(m, "PASS", 2);
	uint32_t minus = bb_enum(m, "sign", 4, true);
	bb_value(m, "ERR", (uint32_t)-1);
	bb_value(m, "OK", 0);
	uint32_t old = bb_enum(m, "old", 1, false); /* signedness not recorded */
	bb_value(m, "LOST", (uint32_t)-1);
	uint32_t wide = bb_enum64(m, "wide", false);
	bb_value(m, "HUGE", INT64_C(0x100000005));
	uint32_t flags = bb_enum(m, "flags", 4, false);
	const struct {
		const char *name;
		int64_t v;
	} bits[] = {{"NONE", 0}, {"A", 1}, {"B", 2}, {"C", 4}, {"TOP", INT32_MIN}, {"ALSO_A", 1},
		{"ALL", INT32_MIN | 7}};
	for (unsigned i = 0; i < sizeof bits / sizeof *bits; i++)
		bb_value(m, bits[i].name, bits[i].v);
	/* These count. */
	uint32_t two = bb_enum(m, "two", 4, false), three;
	bb_value(m, "NOTHING", 0);
	bb_value(m, "ONE", 1);
	bb_value(m, "TWO", 2);
	three = bb_enum(m, "three", 4, false);
	for (unsigned i = 0; i < 5; i++)
		bb_value(m, (const char[]){'T', (char)('0' + i), 0}, i);
	uint32_t odd = bb_enum(m, "odd", 4, false);
	bb_value(m, "A b", 1);
	bb_value(m, "c|d", 2);
	bb_value(m, "E", 4);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
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
	assert_string_equal(text(b, flags, num(v, 4, big, 0)), "NONE");
	assert_string_equal(text(b, flags, num(v, 4, big, 5)), "A|C");
	assert_string_equal(json_of(b, flags, num(v, 4, big, 5)), "\"A|C\"");
	assert_string_equal(text(b, flags, num(v, 4, big, 0x80000002)), "B|TOP");
	assert_string_equal(text(b, flags, num(v, 4, big, 0x80000007)), "ALL");
	assert_string_equal(text(b, flags, num(v, 4, big, 9)), "9");
	assert_string_equal(json_of(b, flags, num(v, 4, big, 9)), "9");
	assert_string_equal(text(b, two, num(v, 4, big, 3)), "3");
	assert_string_equal(text(b, three, num(v, 4, big, 5)), "5");
	assert_string_equal(text(b, odd, num(v, 4, big, 3)), "3");
	bb_free(m);
}

static void floats(void **state)
{
	bool big = is_big(state);
	struct bb bb, *m = &bb;
	bb_init(m, big);
	uint32_t single = bb_type(m, BTF_FLOAT, "float", 0, false, 4),
		 twice = bb_type(m, BTF_FLOAT, "double", 0, false, 8);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
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
	bb_free(m);
}

/* The same declaration compiled for both:
 * struct { u32 a : 3, b : 7 (signed), c : 22; u64 d : 40; } */
static void bit_fields(void **state)
{
	bool big = is_big(state);
	struct bb bb, *m = &bb;
	bb_init(m, big);
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), s32 = bb_int(m, "int", 4, BTF_INT_SIGNED),
		 u64 = bb_int(m, "unsigned long", 8, 0);
	uint32_t s = bb_struct(m, "bits", 16);
	bb_bits(m, "a", u32, 0, 3);
	bb_bits(m, "b", s32, 3, 7);
	bb_bits(m, "c", u32, 10, 22);
	bb_bits(m, "d", u64, 67, 61); /* off a byte boundary */
	uint32_t old_int = bb_type(m, BTF_INT, "unsigned int", 0, false, 4);
	bb_word(m, 2 << 16 | 5); /* before kflag: the type has offset 2, 5 bits */
	uint32_t old = bb_struct(m, "old", 4);
	bb_member(m, "x", old_int, 0);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	uint8_t v[16] = {0};
	uint64_t a = 5, minus = (uint64_t)-3 & 0x7f, c = 0x2abcde, d = UINT64_C(0x123456789abcdef1);
	if (big) {
		bytes_put(v, 4, true, a << 29 | minus << 22 | c);
		bytes_put(v + 8, 8, true, d);
	} else {
		bytes_put(v, 4, false, a | minus << 3 | c << 10);
		bytes_put(v + 8, 8, false, d << 3);
	}
	char want[100];
	snprintf(want, sizeof want, "{a = 5, b = -3, c = %u, d = %llu}", 0x2abcdeu,
		(unsigned long long)(d & ((UINT64_C(1) << 61) - 1)));
	assert_string_equal(text(b, s, (struct span){v, 16, big}), want);
	/* Truncated in the middle of d. */
	assert_non_null(strstr(text(b, s, (struct span){v, 15, big}), "d = ?}"));
	uint8_t o[4];
	bytes_put(o, 4, big, big ? UINT64_C(19) << 25 : 19 << 2);
	assert_string_equal(text(b, old, (struct span){o, 4, big}), "{x = 19}");
	bb_free(m);
}

static void strings(void **state)
{
	struct bb bb, *m = &bb;
	bb_init(m, is_big(state));
	uint32_t chr = bb_int(m, "char", 1, BTF_INT_SIGNED), u8 = bb_int(m, "unsigned char", 1, 0);
	uint32_t s = bb_array(m, chr, 16), ss = bb_array(m, s, 2), bytes = bb_array(m, u8, 16),
		 mac = bb_array(m, u8, 6), big_one = bb_array(m, u8, 4096);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	char v[4096] = "bash\0garbage";
	assert_string_equal(text(b, s, raw(v, 16)), "bash");
	assert_string_equal(json_of(b, s, raw(v, 16)), "\"bash\"");
	struct typed_field f = {.type = s};
	assert_string_equal(text_of(b, f, raw(v, 16), 0, true), "\"bash\"");
	/* No string may control the terminal. */
	memcpy(v, "\x1b[31m\n\t\\\"\x7f\xc3\xa9\xff\0", 15);
	assert_string_equal(text(b, s, raw(v, 16)), "\\x1b[31m\\n\\t\\\\\"\\x7f\xc3\xa9\\xff");
	assert_string_equal(text_of(b, f, raw(v, 16), 0, true),
		"\"\\x1b[31m\\n\\t\\\\\\\"\\x7f\xc3\xa9\\xff\"");
	assert_string_equal(
		json_of(b, s, raw(v, 16)), "\"\\u001b[31m\\n\\t\\\\\\\"\\u007f\xc3\xa9\\ufffdff\"");
	memcpy(v, "\xe2\x80\xae\xc2\x85\0", 6);
	assert_string_equal(text(b, s, raw(v, 16)), "\\u202e\\u0085");
	assert_string_equal(json_of(b, s, raw(v, 16)), "\"\\u202e\\u0085\"");
	/* Without a terminator; truncated; empty. */
	memset(v, 'x', 16);
	assert_string_equal(text(b, s, raw(v, 16)), "\"xxxxxxxxxxxxxxxx\"");
	assert_string_equal(text(b, s, raw(v, 3)), "xxx");
	assert_string_equal(text(b, s, raw(v, 0)), "?");
	assert_string_equal(json_of(b, s, raw(v, 0)), "null");
	memset(v, 0, 32);
	memcpy(v, "one", 3);
	memcpy(v + 16, "two", 3);
	assert_string_equal(text(b, ss, raw(v, 32)), "[\"one\", \"two\"]");
	/* Bytes that are text are shown as text, except in JSON. */
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
	bb_free(m);
}

static void addresses(void **state)
{
	bool big = is_big(state);
	struct bb bb, *m = &bb;
	bb_init(m, big);
	uint32_t u16 = bb_int(m, "unsigned short", 2, 0), u32 = bb_int(m, "unsigned int", 4, 0),
		 u8 = bb_int(m, "unsigned char", 1, 0);
	uint32_t be32 = bb_type(m, BTF_TYPEDEF, "__be32", 0, false, u32),
		 mine = bb_type(m, BTF_TYPEDEF, "addr_t", 0, false, be32),
		 be16 = bb_type(m, BTF_TYPEDEF, "__be16", 0, false, u16),
		 wrong = bb_type(m, BTF_TYPEDEF, "__be32", 0, false, u16);
	uint32_t in = bb_struct(m, "in_addr", 4);
	bb_member(m, "s_addr", be32, 0);
	uint32_t sixteen = bb_array(m, u8, 16);
	uint32_t in6 = bb_struct(m, "in6_addr", 16);
	bb_member(m, "s6_addr", sixteen, 0);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
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
	bb_free(m);
}

static void structs(void **state)
{
	bool big = is_big(state);
	struct bb bb, *m = &bb;
	bb_init(m, big);
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), u64 = bb_int(m, "unsigned long", 8, 0);
	uint32_t pair = bb_struct(m, "pair", 8);
	bb_member(m, "x", u32, 0);
	bb_member(m, "y", u32, 32);
	uint32_t both = bb_union(m, "", 8);
	bb_member(m, "whole", u64, 0);
	bb_member(m, "", pair, 0);
	uint32_t lock = bb_struct(m, "bpf_spin_lock", 4);
	bb_member(m, "val", u32, 0);
	uint32_t top = bb_struct(m, "top", 40);
	bb_member(m, "lock", lock, 0);
	bb_member(m, "in", pair, 32);
	bb_member(m, "", pair, 96);
	bb_member(m, "", both, 192);
	bb_member(m, "u", both, 256);
	uint32_t none = bb_struct(m, "none", 0);
	uint32_t list = bb_array(m, pair, 6), odd = bb_array(m, u32, 3),
		 nothing = bb_array(m, none, UINT32_MAX);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
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
		"{\"in\":{\"x\":1,\"y\":2},\"x\":3,\"y\":4,\"whole\":%llu,\"x#2\":6,\"y#2\":7,"
		"\"u\":{\"whole\":%llu,\"x\":8,\"y\":9}}",
		(unsigned long long)w1, (unsigned long long)w2);
	assert_string_equal(json_of(b, top, rec), want);
	/* Truncated. */
	rec.n = 10;
	assert_non_null(strstr(text(b, top, rec), "{in = {x = 1, y = ?}, x = ?"));
	assert_non_null(strstr(json_of(b, top, rec), "{\"in\":{\"x\":1,\"y\":null}"));
	assert_string_equal(text(b, none, raw(v, 0)), "{}");
	assert_string_equal(text(b, nothing, raw(v, 0)), "[]");
	assert_string_equal(json_of(b, nothing, raw(v, 0)), "[]");
	/* A run of equal elements is shown once. */
	uint8_t zero[48] = {0};
	bytes_put(zero, 4, big, 9);
	assert_string_equal(text(b, list, (struct span){zero, 48, big}),
		"[{x = 9, y = 0}, {x = 0, y = 0} (x5)]");
	assert_string_equal(text(b, odd, (struct span){v, 12, big}), "[0, 1, 2]");
	assert_string_equal(text(b, odd, (struct span){v, 8, big}), "[0, 1, ?]");
	assert_string_equal(text(b, odd, (struct span){v, 6, big}), "[0, ?, ?]");
	assert_string_equal(json_of(b, odd, (struct span){v, 8, big}), "[0,1]");
	bb_free(m);
}

/* A flexible array at the end of an event uses the rest of the record. */
static void open_array(void **state)
{
	bool big = is_big(state);
	struct bb bb, *m = &bb;
	bb_init(m, big);
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), chr = bb_int(m, "char", 1, BTF_INT_SIGNED);
	uint32_t rest = bb_array(m, chr, 0);
	uint32_t s = bb_struct(m, "line", 4);
	bb_member(m, "len", u32, 0);
	bb_member(m, "text", rest, 32);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	uint8_t v[12] = {0};
	bytes_put(v, 4, big, 5);
	memcpy(v + 4, "hello", 6);
	struct span rec = {v, 12, big};
	struct typed_field f = {.type = s, .open = true};
	assert_string_equal(text_of(b, f, rec, 0, false), "{len = 5, text = \"hello\"}");
	assert_string_equal(json(b, f, rec), "{\"len\":5,\"text\":\"hello\"}");
	f.open = false;
	assert_string_equal(text_of(b, f, rec, 0, false), "{len = 5, text = \"\"}");
	bb_free(m);
}

static void untyped(void **state)
{
	(void)state;
	assert_string_equal(text(NULL, 0, raw("hi\n", 3)), "68 69 0a |hi.|");
	assert_string_equal(json_of(NULL, 7, raw("hi\n", 3)), "\"68 69 0a\"");
	assert_string_equal(json_of(NULL, 0, raw("", 0)), "\"\"");
	struct bb bb, *m = &bb;
	bb_init(m, false);
	uint32_t fwd = bb_type(m, BTF_FWD, "unknown", 0, false, 0);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	assert_string_equal(text(b, fwd, raw("\1", 1)), "01 |.|");
	assert_string_equal(text(b, 99, raw("\1", 1)), "01 |.|");
	uint64_t v;
	uint8_t n[4];
	assert_true(typed_number(NULL, (struct typed_field){0}, num(n, 4, host_is_big(), 77), &v));
	assert_int_equal(v, 77);
	assert_false(typed_number(NULL, (struct typed_field){0}, raw("abc", 3), &v));
	bb_free(m);
}

/* Types that contain themselves many times: the work stays bounded and nothing overflows. */
static void hostile_types(void **state)
{
	struct bb bb, *m = &bb;
	bb_init(m, is_big(state));
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), self = u32 + 1;
	assert_int_equal(bb_struct(m, "self", 4), self);
	for (unsigned i = 0; i < 4; i++)
		bb_member(m, i % 2 ? "" : "s", self, 0);
	uint32_t loop = self + 1;
	assert_int_equal(bb_type(m, BTF_TYPEDEF, "loop", 0, false, loop), loop);
	uint32_t huge = bb_array(m, u32, UINT32_MAX);
	uint32_t far = bb_struct(m, "far", 8);
	bb_member(m, "x", u32, 0xffffffff);
	uint32_t steer = bb_struct(m, "steer", 4);
	bb_member(m, "\x1b[2J", u32, 0);
	uint32_t arrays = bb_array(m, 0, 1), chain = arrays; /* of void */
	for (unsigned i = 0; i < 2 * BTF_DEPTH; i++)
		chain = bb_array(m, chain, 1);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
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
	bb_free(m);
}

/* Nothing past the end of the record is read, whatever its length (sanitizer). */
static void every_length(void **state)
{
	bool big = is_big(state);
	struct bb bb, *m = &bb;
	bb_init(m, big);
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), u8 = bb_int(m, "unsigned char", 1, 0),
		 chr = bb_int(m, "char", 1, 0);
	uint32_t ip = bb_type(m, BTF_TYPEDEF, "__be32", 0, false, u32), name = bb_array(m, chr, 9),
		 bytes = bb_array(m, u8, 9), list = bb_array(m, u32, 3),
		 dbl = bb_type(m, BTF_FLOAT, "double", 0, false, 8);
	uint32_t s = bb_struct(m, "all", 60);
	bb_member(m, "ip", ip, 0);
	bb_member(m, "name", name, 32);
	bb_member(m, "bytes", bytes, 104);
	bb_member(m, "list", list, 192);
	bb_bits(m, "bits", u32, 291, 11);
	bb_member(m, "d", dbl, 320);
	bb_member(m, "last", u32, 448);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	uint8_t v[60];
	memset(v, 'A', sizeof v);
	for (size_t n = 0; n <= sizeof v; n++) {
		struct span rec = {v, n, big};
		assert_int_equal(strchr(text(b, s, rec), '?') == NULL, n == sizeof v);
		assert_int_equal(strstr(json_of(b, s, rec), "null") == NULL, n == sizeof v);
	}
	bb_free(m);
}

static void limit_of_columns(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, false);
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0);
	uint32_t s = bb_struct(m, "s", 4);
	bb_member(m, "counter", u32, 0);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	struct typed_field f = {.type = s};
	struct span rec = raw("\0\0\0\0", 4);
	assert_string_equal(text_of(b, f, rec, 13, false), "{counter = 0}");
	assert_string_equal(text_of(b, f, rec, 12, false), "{counter = 0");
	assert_string_equal(text_of(b, f, rec, 10, false), "{counter");
	bb_free(m);
}

static void order(void **state)
{
	bool big = is_big(state);
	struct bb bb, *m = &bb;
	bb_init(m, big);
	uint32_t s32 = bb_int(m, "int", 4, BTF_INT_SIGNED), chr = bb_int(m, "char", 1, 0);
	uint32_t name = bb_array(m, chr, 4);
	uint32_t s = bb_struct(m, "key", 8);
	bb_member(m, "n", s32, 0);
	bb_member(m, "name", name, 32);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	struct typed_field f = {.type = s};
	uint8_t x[8] = "....ab\0z", y[8] = "....ab\0a";
	bytes_put(x, 4, big, 300);
	bytes_put(y, 4, big, 300);
	struct span sx = {x, 8, big}, sy = {y, 8, big};
	assert_int_equal(typed_compare(b, f, sx, sy), 0); /* bytes after the NUL are ignored */
	x[5] = 'c';
	assert_true(typed_compare(b, f, sx, sy) > 0);
	bytes_put(x, 4, big, (uint32_t)-5);
	assert_true(typed_compare(b, f, sx, sy) < 0);
	assert_true(typed_compare(b, f, sy, sx) > 0);
	/* Without types: as numbers if the size permits, else as bytes. */
	bytes_put(x, 4, big, 256);
	bytes_put(y, 4, big, 255);
	sx.n = sy.n = 4;
	assert_true(typed_compare(NULL, (struct typed_field){0}, sx, sy) > 0);
	assert_true(typed_compare(NULL, (struct typed_field){0}, raw("abc", 3), raw("abd", 3)) < 0);
	bb_free(m);
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
		"\"s\":"
		"\"\\u0000\\u0001\\n\\ufffded\\ufffda0\\ufffd80\\ufffdc0\\ufffdaf\xf0\x9f\x98\x80"
		"\\ufffde2\\ufffd82\","
		"\"open\":[{\"waiting\":null}]}\n{}\n");
}

static const char *json_string(const char *s)
{
	size_t n;
	free(shown);
	shown = NULL;
	FILE *file = open_memstream(&shown, &n);
	struct json j = json_start(file);
	json_str(&j, s);
	fclose(file);
	return shown;
}

/* Names that differ are different strings, whatever their bytes. */
static void json_bytes_differ(void **state)
{
	(void)state;
	assert_string_equal(json_string("\xe9"), "\"\\ufffde9\"");
	assert_string_equal(json_string("\xc3\xa9"), "\"\xc3\xa9\"");
	/* A name that contains what an escape looks like. */
	assert_string_equal(json_string("\xef\xbf\xbd"
					"e9"),
		"\"\\ufffdef\\ufffdbf\\ufffdbde9\"");
	assert_string_equal(json_string("\\ufffde9"), "\"\\\\ufffde9\"");
	/* C1, line separators and directions, which JSON allows and terminals obey. */
	assert_string_equal(json_string("\xc2\x9b"
					"2J\xe2\x80\xa8\xe2\x81\xa6\x7f"),
		"\"\\u009b2J\\u2028\\u2066\\u007f\"");
}

/* Stands in for the C library's. */
static bool out_of_memory;
FILE *fopencookie(void *cookie, const char *mode, cookie_io_functions_t io)
{
	FILE *(*real)(void *, const char *, cookie_io_functions_t) =
		(FILE * (*)(void *, const char *, cookie_io_functions_t))
			dlsym(RTLD_NEXT, "fopencookie");
	return out_of_memory ? NULL : real(cookie, mode, io);
}

/* The text as it passes a clean stream in one piece, byte by byte, and in place. */
static void cleaned_as(const char *s, bool color, const char *want)
{
	for (size_t step = strlen(s); step; step = step > 1 ? 1 : 0) {
		char *out = NULL;
		size_t n;
		FILE *file = open_memstream(&out, &n), *clean = clean_open(file, color);
		assert_ptr_not_equal(clean, file);
		for (const char *p = s; *p; p += step) {
			fwrite(p, 1, step, clean);
			fflush(clean);
		}
		clean_close(clean, file);
		fclose(file);
		assert_string_equal(out, want);
		free(out);
	}
	char *copy = strdup(s);
	clean_text(copy);
	if (!color)
		assert_string_equal(copy, want);
	free(copy);
}

static void clean_streams(void **state)
{
	(void)state;
	cleaned_as("a\tb\n\xc3\xa9\xf0\x9f\x98\x80", false, "a\tb\n\xc3\xa9\xf0\x9f\x98\x80");
	cleaned_as("\x1b[2J\x7f\r\x1b", false, "?[2J???");
	cleaned_as("\x1b[31mred\x1b[2J\x1b[0m\x1b[1;1", true, "\x1b[31mred?[2J\x1b[0m?[1;1");
	/* C1 as a character and as a byte, a direction, truncated and invalid characters. */
	cleaned_as("\xc2\x9b|\x9b|\xe2\x80\xae|\xe2\x80|\xc2", false, "?|?|?|??|?");
	cleaned_as("\xff\xfe\xc3x\xe2\x82\xac", false, "???x\xe2\x82\xac");
	/* Never the stream itself, which would not be clean. */
	out_of_memory = true;
	assert_null(clean_open(stdout, false));
	clean_close(NULL, stdout);
	out_of_memory = false;
}

/* No object has a key twice, and objects do not know each other's keys. */
static void json_keys(void **state)
{
	(void)state;
	static const char *const names[] = {"map", "x", "x#3", "map", "x", "x", NULL};
	size_t n;
	free(shown);
	shown = NULL;
	FILE *file = open_memstream(&shown, &n);
	struct json j = json_start(file);
	json_open(&j, '{');
	for (size_t i = 0; names[i]; i++)
		json_member_uint(&j, names[i], i);
	json_key(&j, "in");
	json_open(&j, '[');
	for (size_t i = 0; i < 2; i++) {
		json_open(&j, '{');
		json_member_uint(&j, "map", i);
		json_close(&j);
	}
	json_close(&j);
	json_member_uint(&j, "in", 6);
	json_line(&j);
	json_open(&j, '{');
	json_member_uint(&j, "map", 7);
	json_line(&j);
	fclose(file);
	assert_string_equal(shown, "{\"map\":0,\"x\":1,\"x#3\":2,\"map#2\":3,\"x#2\":4,\"x#4\":5,"
				   "\"in\":[{\"map\":0},{\"map\":1}],\"in#2\":6}\n{\"map\":7}\n");
}

/* More keys than have room in the writer, and a type whose members have one name. */
static void json_many_keys(void **state)
{
	(void)state;
	enum { KEYS = 1000 };
	size_t n;
	free(shown);
	shown = NULL;
	FILE *file = open_memstream(&shown, &n);
	struct json j = json_start(file);
	json_open(&j, '{');
	for (unsigned i = 0; i < KEYS; i++) {
		char name[16];
		snprintf(name, sizeof name, "k%u", i);
		json_member_uint(&j, name, 0);
	}
	for (unsigned i = 0; i < KEYS; i++)
		json_member_uint(&j, "k7", 1);
	json_line(&j);
	fclose(file);
	assert_non_null(strstr(shown, "\"k999\":0,\"k7#2\":1,"));
	/* Numbers increase, so none is there twice. */
	unsigned last = 0, number, found = 0;
	for (const char *p = shown; (p = strstr(p, "\"k7#")); found++, last = number) {
		number = (unsigned)strtoul(p += 4, NULL, 10);
		assert_true(number > last);
	}
	assert_int_equal(found, KEYS);
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
		cmocka_unit_test(json_bytes_differ),
		cmocka_unit_test(json_keys),
		cmocka_unit_test(json_many_keys),
		cmocka_unit_test(clean_streams),
		cmocka_unit_test(json_depth),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(shown);
	return failed;
}
