/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Archives of types, the compression they use, and the other forms of files with types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "elf/base/gzip.h"
#include "elf/base/unlz.h"
#include "elf/btf/btf_archive.h"
#include "loader/kernel/btf_file.h"
#include "loader/pack/lz.h"
#include "loader/pack/type_archive.h"
#include "btf_build.h"

static struct span span_of(const char *text)
{
	return (struct span){(const uint8_t *)text, strlen(text), false};
}

/* Exactly as long as the bytes, so that a sanitizer detects reads past the end; free() its p. */
static struct span exact(struct span s)
{
	uint8_t *p = malloc(s.n + !s.n);
	memcpy(p, s.p, s.n);
	return (struct span){p, s.n, s.big};
}

/* ---- compression ---- */

static void lz_round_trip(void **state)
{
	uint64_t seed = 7;
	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct arena a = {0};
		struct flat packed = {.arena = &a};
		size_t n = bb_random(&seed) % (round < 250 ? 600 : 200000);
		uint8_t *p = malloc(n + !n), *out = malloc(n + !n);
		unsigned letters = 1 + bb_random(&seed) % 40;
		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)(bb_random(&seed) % letters);
		lz_pack(&packed, p, n);
		struct span s = exact((struct span){packed.p, packed.n, false});
		assert_true(unlz(s, out, n));
		assert_memory_equal(p, out, n);
		assert_true(!n || !unlz(s, out, n - 1));
		for (size_t k = 0; k < s.n && round < 100; k++) {
			struct span cut = exact(span_sub(s, 0, k));
			assert_false(n && unlz(cut, out, n));
			free((void *)(uintptr_t)cut.p);
		}
		free((void *)(uintptr_t)s.p);
		free(p);
		free(out);
		arena_free(&a);
	}
}

/* Whatever the bytes are, nothing outside of them and of the room is accessed. */
static void lz_noise(void **state)
{
	uint64_t seed = 3;
	unsigned whole = 0;
	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		size_t n = bb_random(&seed) % 24;
		uint8_t *p = malloc(n + !n);
		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)(bb_random(&seed) % 3 ? bb_random(&seed) % 20
							      : bb_random(&seed));
		for (size_t room = 0; room < 40; room++) {
			uint8_t *out = malloc(room + !room);
			whole += unlz((struct span){p, n, false}, out, room);
			free(out);
		}
		free(p);
	}
	assert_true(whole > 10);
}

/* ---- archives ---- */

static struct span make(struct arena *a)
{
	static const char *const kernels[][3] = {{"6.1.0-9-amd64", "x86_64", "types of two"},
		{"6.1.0-9-arm64", "aarch64", "types of two"}, {"5.10", "x86_64", "other types"}};
	struct type_archive w;
	struct err e = {0};
	type_archive_begin(&w, a);
	for (size_t i = 0; i < 3; i++) {
		struct btf_archive_row row = {kernels[i][0], kernels[i][1], span_of(kernels[i][2])};
		assert_true(type_archive_add(&w, &row, &e));
	}
	struct btf_archive_row again = {"5.10", "x86_64", span_of("x")};
	assert_false(type_archive_add(&w, &again, &e));
	assert_string_equal(e.text, "Linux 5.10 (x86_64) is there twice");
	e = (struct err){0};
	struct span file = type_archive_end(&w, &e);
	assert_true(file.n);
	return exact(file);
}

static void rows_by_kernel(void **state)
{
	struct arena a = {0};
	struct btf_archive ar;
	struct span types, other, file = make(&a);
	struct err e = {0};
	(void)state;
	assert_true(btf_archive_is(file));
	assert_true(btf_archive_open(&ar, file, &a, &e));
	assert_int_equal(ar.n, 3);
	assert_string_equal(btf_archive_row(&ar, 1).machine, "aarch64");
	assert_true(btf_archive_find(&ar, "6.1.0-9-amd64", "x86_64", &types, &e));
	assert_int_equal(types.n, strlen("types of two"));
	assert_memory_equal(types.p, "types of two", types.n);
	assert_true(btf_archive_find(&ar, "6.1.0-9-arm64", "aarch64", &other, &e));
	assert_ptr_equal(types.p, other.p); /* stored once */
	assert_false(btf_archive_find(&ar, "5.10", "aarch64", &types, &e));
	assert_string_equal(e.text, "the archive has no types of Linux 5.10 (aarch64)");
	assert_string_equal(e.hint,
		"it has those of 6.1.0-9-amd64 (x86_64), 6.1.0-9-arm64 (aarch64), 5.10 (x86_64)");
	free((void *)(uintptr_t)file.p);
	arena_free(&a);
}

/* A damaged archive is refused, at whatever byte, and so is one whose rows lead outside, with a right sum. */
static void damaged_archives(void **state)
{
	struct arena a = {0};
	struct btf_archive ar;
	struct span file = make(&a);
	uint8_t *p = (uint8_t *)(uintptr_t)file.p;
	(void)state;
	for (size_t n = 0; n < file.n; n++) {
		struct err e = {0};
		struct span cut = exact(span_sub(file, 0, n));
		assert_false(btf_archive_open(&ar, cut, &a, &e));
		assert_true(*e.text);
		free((void *)(uintptr_t)cut.p);
	}
	for (size_t i = 8; i < file.n; i++) {
		struct err e = {0};
		if (i >= 20 && i < BTF_ARCHIVE_HEAD)
			continue; /* not used */
		p[i] ^= 0x41;
		assert_false(btf_archive_open(&ar, file, &a, &e));
		assert_true(*e.text);
		p[i] ^= 0x41;
	}
	free(p);
	arena_free(&a);
}

static void rows_that_lead_outside(void **state)
{
	static const uint32_t rows[][5] = {{2, 20, 22, 24, 2}, {1, 400, 22, 24, 2},
		{1, 20, 25, 24, 2}, {1, 20, 22, 25, 2}, {1, 20, 22, 0xfffffff0, 0x20},
		{1, 20, 22, 24, 0}, {0x10000001, 20, 22, 24, 2}, {1, 20, 22, 24, 2}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena a = {0};
		struct btf_archive ar;
		struct err e = {0};
		struct flat content = {.arena = &a}, file = {.arena = &a};
		for (size_t k = 0; k < 5; k++)
			flat_put(&content, 4, rows[i][k]);
		flat_bytes(&content, "r\0m\0tt", 6);
		flat_bytes(&file, BTF_ARCHIVE_MAGIC, 8);
		flat_put(&file, 4, BTF_ARCHIVE_VERSION);
		flat_put(&file, 4, content.n);
		flat_put(&file, 4, gzip_crc(content.p, content.n));
		flat_put(&file, 4, 0);
		lz_pack(&file, content.p, content.n);
		bool ok = btf_archive_open(&ar, (struct span){file.p, file.n, false}, &a, &e);
		assert_int_equal(ok, i == sizeof rows / sizeof *rows - 1);
		if (!ok && !strstr(e.text, "the archive is corrupt"))
			fail_msg("%zu: %s", i, e.text);
		arena_free(&a);
	}
}

/* ---- files ---- */

static void other_compressions(void **state)
{
	static const struct {
		const char *bytes, *name, *command;
	} cases[] = {{"\x28\xb5\x2f\xfd....", "zstd", "unzstd FILE"},
		{"\xfd"
		 "7zXZ\0",
			"xz", "unxz FILE"},
		{"BZh9....", "bzip2", "bunzip2 FILE"},
		{"\x04\x22\x4d\x18....", "lz4", "unlz4 FILE"}};
	const struct btf_file_of of = {"6.1", "x86_64"};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena a = {0};
		struct err e = {0};
		struct span types, base;
		struct span file = {(const uint8_t *)cases[i].bytes, 6, false};
		assert_false(btf_file_types(file, of, &types, &base, &a, &e));
		assert_non_null(strstr(e.text, cases[i].name));
		assert_non_null(strstr(e.hint, cases[i].command));
		arena_free(&a);
	}
}

static void types_from_an_archive(void **state)
{
	struct arena a = {0};
	struct err e = {0};
	struct span types, base, file = make(&a);
	(void)state;
	assert_true(btf_file_types(
		file, (struct btf_file_of){"5.10", "x86_64"}, &types, &base, &a, &e));
	assert_memory_equal(types.p, "other types", types.n);
	assert_false(btf_file_types(
		file, (struct btf_file_of){"5.11", "x86_64"}, &types, &base, &a, &e));
	free((void *)(uintptr_t)file.p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lz_round_trip),
		cmocka_unit_test(lz_noise),
		cmocka_unit_test(rows_by_kernel),
		cmocka_unit_test(damaged_archives),
		cmocka_unit_test(rows_that_lead_outside),
		cmocka_unit_test(other_compressions),
		cmocka_unit_test(types_from_an_archive),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
