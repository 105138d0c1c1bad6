/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Formatting, and reading and writing numbers: the C library's results are the reference. */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "elf/base/format.h"
#include "elf/base/ip_text.h"
#include "elf/base/number.h"
#include "loader/show/print.h"
#include "loader/value/real.h"

/* Both write into as much room as there is, and return the length of the whole text. */
#define SAME(...)                                                                                  \
	for (size_t size = 0; size < sizeof ours; size += size < 9 ? 1 : 51) {                     \
		memset(ours, '#', sizeof ours);                                                    \
		memset(theirs, '#', sizeof theirs);                                                \
		assert_int_equal(                                                                  \
			text_print(ours, size, __VA_ARGS__), snprintf(theirs, size, __VA_ARGS__)); \
		assert_memory_equal(ours, theirs, sizeof ours);                                    \
	}

static void conversions(void **state)
{
	(void)state;
	char ours[300], theirs[300];
	static const int64_t values[] = {0, 1, -1, 42, INT8_MIN, INT32_MIN, INT64_MIN, INT64_MAX};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		int64_t v = values[i];
		SAME("%d %i %u %x", (int)v, (int)v, (unsigned)v, (unsigned)v);
		SAME("%ld %lu %lx %zu %zd", (long)v, (long)v, (long)v, (size_t)v, (ssize_t)v);
		SAME("%lld %llu %llx", (long long)v, (long long)v, (long long)v);
		SAME("%jd %td %hhd %hhx %hu", (intmax_t)v, (ptrdiff_t)v, (char)v, (char)v,
			(short)v);
		SAME("%+d|%#x|%02x|%016llx|%04zx", (int)v, (int)v, (int)v, (long long)v, (size_t)v);
		SAME("%+06d|%06d|%-6d|%6d|%#09x", (int)v, (int)v, (int)v, (int)v, (int)v);
		SAME("%*d|%-*d|%*d", 30, (int)v, 30, (int)v, -30, (int)v);
	}
	SAME("%s", "");
	SAME("100%%, %c%c", 'a', '\0');
	SAME("%5c|%-5c|", 'a', 'b');
	SAME("%s|%7s|%-7s|%.2s|%7.2s|%.*s|%.*s|%.0s", "abc", "abc", "abc", "abc", "abc", 1, "abc",
		-1, "abc", "abc");
	SAME("%*s|%-*s|%120s", 40, "x", 40, "y", "z");
	SAME("%p", (void *)ours);
	/* No NUL within the precision. */
	char unterminated[3] = {'a', 'b', 'c'};
	SAME("%.3s", unterminated);
}

static void streams(void **state)
{
	(void)state;
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	assert_non_null(f);
	assert_int_equal(print(f, "%0700d%s%600s", 1, "-", "x"), 1301);
	assert_int_equal(print(f, "%s", ""), 0);
	fclose(f);
	assert_int_equal(n, 1301);
	assert_int_equal(strspn(text, "0"), 699);
	assert_int_equal(strcspn(text, "-"), 700);
	assert_int_equal(text[1300], 'x');
	free(text);
}

/* ---- floating point ---- */

static void check_text(double d)
{
	char ours[REAL_TEXT], theirs[64];
	for (int digits = 1; digits <= REAL_DIGITS_MAX; digits++) {
		real_text(ours, d, (unsigned)digits);
		snprintf(theirs, sizeof theirs, "%.*g", digits, d);
		assert_string_equal(ours, theirs);
	}
}

static void check_read(const char *text)
{
	for (int single = 0; single <= 1; single++) {
		const char *ours;
		char *theirs;
		double d = real_read(text, &ours, single);
		double wanted = single ? (double)strtof(text, &theirs) : strtod(text, &theirs);
		if (memcmp(&d, &wanted, sizeof d) || ours != theirs)
			print_error("%s: %a instead of %a, %s\n", text, d, wanted, ours);
		assert_memory_equal(&d, &wanted, sizeof d);
		assert_ptr_equal(ours, theirs);
	}
}

static void check_number(double d)
{
	char text[1200];
	static const char *const formats[] = {"%.0e", "%.16e", "%.17g", "%.30g", "%.1100f", "%a"};
	if (d != d)
		return;
	check_text(d);
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof text, formats[i], d);
#pragma GCC diagnostic pop
		check_read(text);
	}
}

static void real_numbers(void **state)
{
	(void)state;
	static const uint64_t words[] = {0, 1, 2, 3, 0x7fe, 0x000fffffffffffff, 0x0010000000000000,
		0x0010000000000001, 0x001fffffffffffff, 0x36a0000000000000, 0x36a0000000000001,
		0x380fffffe0000000, 0x380fffffd0000000, 0x380ffffff0000000, 0x3690000000000000,
		0x3690000000000001, 0x47efffffe0000000, 0x47effffff0000000, 0x47efffffefffffff,
		0x3ff0000010000000, 0x3ff0000030000000, 0x3ff0000010000001, 0x7fefffffffffffff,
		0x7ff0000000000000, 0x3fb999999999999a, 0x4340000000000001, 0x44b52d02c7e14af6};
	static const double round[] = {1, 10, 0.1, 0.5, 0.25, 1e23, 9.5, 99.5, 0.0001, 0.00001,
		123456, 1e15, 1e16, 1e17, 999999.5, 2.5, 3.5, 1e-5, 9007199254740992};
	uint64_t random = 1;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (uint64_t sign = 0; sign <= 1; sign++) {
			uint64_t word = words[i] | sign << 63;
			double d;
			memcpy(&d, &word, sizeof d);
			check_number(d);
		}
	for (size_t i = 0; i < sizeof round / sizeof *round; i++)
		check_number(round[i]);
	for (unsigned i = 0; i < 60; i++) {
		double d;
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		memcpy(&d, &random, sizeof d);
		check_number(d);
		check_number((double)(float)(int32_t)(random >> 40) / 1000);
	}
}

static void real_words(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "-", "+", ".", "e5", ".e5", "1", "+1", "-1", "1.",
		".5", "-.5e-1x", "1e", "1e+", "1e-x", "00001", "0.0000", "1e400", "-1e400",
		"1e-400", "1e999999999", "1e-999999999", "0e999999999", "inf", "INFINITY",
		"infinit", "-inf", "0x", "0x1", "0x.8p1", "0x1p", "0x1p-1074", "0x1p-1075",
		"0x1.8p-1075", "0x1p-1076", "0x1p1023", "0x1p1024", "0x123456789abcdef01",
		"0x1.00000000000008", "0x1.000000000000080000001", "0x1.000001p0",
		"0x0.0000000000000000000000001p100", "1.5ms", "1..2", "1 2", "0X1P+3",
		"9007199254740993", "9007199254740992.99999999999999999999",
		"2.2250738585072011e-308", "17976931348623159e292", "0x1p99999999999",
		"0x1p-99999999999"};
	char text[3000];
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		check_read(texts[i]);
	/* Half way between 1 and the next number, and a bit more after far more digits than are read. */
	strcpy(text, "1.00000000000000011102230246251565404236316680908203125");
	check_read(text);
	size_t n = strlen(text);
	memset(text + n, '0', 2000);
	strcpy(text + n + 2000, "1");
	check_read(text);
	memset(text, '0', 2500);
	strcpy(text + 2500, "7e-1");
	check_read(text);
	memset(text, '1', 2500);
	strcpy(text + 2500, "e-2400");
	check_read(text);
	text[0] = '.';
	memset(text + 1, '0', 1500);
	strcpy(text + 1501, "1e1500");
	check_read(text);
	const char *end;
	char back[REAL_TEXT];
	real_text(back, real_read("-nan", &end, false), 6);
	assert_string_equal(back, "-nan");
	assert_string_equal(end, "");
}

static void integers(void **state)
{
	(void)state;
	static const char *const texts[] = {"", " ", "-", "+", "x", "0", "-0", " \t\n7z", "+12",
		"-12", "0x", "0x1F", "0XfG", "-0x10", "010", "09", "0x-1", "18446744073709551615",
		"18446744073709551616", "-18446744073709551615", "-18446744073709551616",
		"9223372036854775807", "9223372036854775808", "-9223372036854775808",
		"-9223372036854775809", "99999999999999999999999", "-99999999999999999999999",
		"ffffffffffffffff", "10000000000000000", "1777777777777777777777",
		"02000000000000000000000", "1 2", "--1"};
	static const int bases[] = {0, 8, 10, 16};
	for (size_t i = 0; i < sizeof texts / sizeof *texts * 4; i++) {
		const char *text = texts[i / 4];
		unsigned base = (unsigned)bases[i % 4];
		char *ours, *theirs;
		errno = 0;
		uint64_t wanted = strtoull(text, &theirs, (int)base);
		int error = errno;
		errno = 0;
		assert_int_equal(text_u64(text, &ours, base), wanted);
		assert_ptr_equal(ours, theirs);
		assert_int_equal(errno, error);
		errno = 0;
		wanted = (uint64_t)strtoll(text, &theirs, (int)base);
		error = errno;
		errno = 0;
		assert_int_equal(text_s64(text, &ours, base), wanted);
		assert_ptr_equal(ours, theirs);
		assert_int_equal(errno, error);
		assert_int_equal(text_ulong(text, NULL, base), strtoul(text, NULL, (int)base));
	}
}

static void addresses(void **state)
{
	(void)state;
	static const char *const texts[] = {"0.0.0.0", "255.10.0.1", "::", "::1",
		"1::", "1:2:3:4:5:6:7:8", "2001:db8::1:0:0:1", "2001:0:0:1::1", "1:0:2:3:4:5:6:7",
		"0:1:2:3:4:5:6:7", "::ffff:1.2.3.4", "fe80::", "1:2:3:4:5:6::", "::3:4:5:6:7:8",
		"::ffff:0:1.2.3.4", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		uint8_t bytes[16];
		char ours[IP_TEXT], theirs[INET6_ADDRSTRLEN];
		int family = strchr(texts[i], ':') ? AF_INET6 : AF_INET;
		assert_int_equal(inet_pton(family, texts[i], bytes), 1);
		assert_non_null(inet_ntop(family, bytes, theirs, sizeof theirs));
		assert_string_equal(
			ip_text(bytes, family == AF_INET ? IP4_BYTES : IP6_BYTES, ours), theirs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conversions),
		cmocka_unit_test(streams),
		cmocka_unit_test(real_numbers),
		cmocka_unit_test(real_words),
		cmocka_unit_test(integers),
		cmocka_unit_test(addresses),
	};
	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
