/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Decompressing gzip: output of gzip(1) and zlib at every level and strategy, all kinds of headers,
 * streams written bit by bit, and damage, which must be detected. All files are exactly as long as
 * their memory, so that a sanitizer detects reads past the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/base/gzip.h"
#include "sampled.h"

/* ---- files of other compressors ---- */

/* Prints texts and their compressed forms, each as a length and that many bytes. */
static const char packer[] =
	"import gzip, io, random, struct, sys, zlib\n"
	"r = random.Random(1)\n"
	"words = [b'CONFIG_' + bytes(r.choices(b'ABCDEFGH_', k=9)) + b'=y\\n' for _ in range(90)]\n"
	"texts = [b'', b'x', b'ab' * 70000, r.randbytes(70001), bytes(range(256)) * 3,\n"
	"         b''.join(r.choices(words, k=6000)), r.randbytes(32767) * 2 + b'!',\n"
	"         r.randbytes(32768) * 2, b'end of a window' + bytes(32768) + b'end of a window']\n"
	"def put(b): sys.stdout.buffer.write(struct.pack('<I', len(b)) + b)\n"
	"for text in texts:\n"
	"    for level in range(0, 10, int(sys.argv[1])):\n"
	"        for way in range(5):\n"
	"            for memory in (1, 9):\n"
	"                c = zlib.compressobj(level, zlib.DEFLATED, 31, memory, way)\n"
	"                put(text)\n"
	"                put(c.compress(text) + c.flush())\n"
	/* A stream of several blocks, each followed by an empty stored block. */
	"    c = zlib.compressobj(9, zlib.DEFLATED, 31)\n"
	"    parts = [c.compress(text[i:i + 999]) + c.flush(zlib.Z_FULL_FLUSH)\n"
	"             for i in range(0, len(text), 999)]\n"
	"    put(text)\n"
	"    put(b''.join(parts) + c.flush())\n"
	/* Every combination of optional header fields. */
	"text = words[0] * 9\n"
	"for flags in range(32):\n"
	"    c = zlib.compressobj(9, zlib.DEFLATED, -15)\n"
	"    put(text)\n"
	"    put(b'\\x1f\\x8b\\x08' + bytes([flags]) + b'\\1\\2\\3\\4\\0\\3'\n"
	"        + (b'\\x05\\0abcde' if flags & 4 else b'') + (b'name\\0' if flags & 8 else b'')\n"
	"        + (b'comment\\0' if flags & 16 else b'') + (b'\\xaa\\xbb' if flags & 2 else b'')\n"
	"        + c.compress(text) + c.flush() + struct.pack('<II', zlib.crc32(text), "
	"len(text)))\n";

static uint8_t *read_part(FILE *f, uint32_t *n)
{
	uint8_t head[4];
	if (fread(head, 1, 4, f) != 4)
		return NULL;
	*n = span_u32((struct span){head, 4, false}, 0);
	uint8_t *p = malloc(*n ? *n : 1);
	assert_non_null(p);
	assert_int_equal(fread(p, 1, *n, f), *n);
	return p;
}

static void must_give(struct span packed, const uint8_t *text, size_t n, unsigned which)
{
	struct arena a = {0};
	struct err e = {0};
	struct span out = {0};
	if (!inflate_gzip(packed, &a, &out, &e))
		fail_msg("file %u: %s", which, e.text);
	assert_false(e.set);
	if (out.n != n || memcmp(out.p, text, n) != 0)
		fail_msg("file %u: %zu bytes, not the %zu that were packed", which, out.n, n);
	arena_free(&a);
}

static void as_zlib_packs(void **state)
{
	(void)state;
	char path[] = "/tmp/sonde-test.XXXXXX", command[128];
	unsigned step = every(9);
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, packer, sizeof packer - 1), sizeof packer - 1);
	close(fd);
	snprintf(command, sizeof command, "python3 %s %u", path, step);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	unsigned files = 0;
	uint32_t n, n_packed;
	for (uint8_t *text; (text = read_part(f, &n)); files++) {
		uint8_t *packed = read_part(f, &n_packed);
		assert_non_null(packed);
		must_give((struct span){packed, n_packed, files % 2}, text, n, files);
		free(packed);
		free(text);
	}
	unlink(path);
	assert_int_equal(pclose(f), 0);
	assert_int_equal(files, 9 * ((9 / step + 1) * 5 * 2 + 1) + 32);
}

/* Runs a command and returns its output; free() its p. */
static struct span output_of(const char *command)
{
	static uint8_t room[1 << 20];
	FILE *f = popen(command, "r");
	assert_non_null(f);
	size_t n = fread(room, 1, sizeof room, f);
	assert_int_equal(pclose(f), 0);
	assert_in_range(n, 1, sizeof room - 1);
	uint8_t *p = malloc(n);
	assert_non_null(p);
	return (struct span){memcpy(p, room, n), n, false};
}

static void as_gzip_packs(void **state)
{
	(void)state;
	struct span text = output_of("cat elf/*/*.c | head -c 900000");
	for (unsigned level = 1; level <= 9; level++) {
		char command[128];
		snprintf(command, sizeof command, "cat elf/*/*.c | head -c 900000 | gzip -%u",
			level);
		struct span packed = output_of(command);
		must_give(packed, text.p, text.n, level);
		free((void *)(uintptr_t)packed.p);
	}
	free((void *)(uintptr_t)text.p);
}

/* ---- streams bit by bit ---- */

struct bits {
	uint8_t bytes[512];
	size_t n; /* bits */
};

static void put(struct bits *b, unsigned value, unsigned n)
{
	for (unsigned i = 0; i < n; i++, b->n++)
		b->bytes[b->n / 8] |= (uint8_t)((value >> i & 1) << b->n % 8);
}

/* Huffman codes are stored with the highest bit first. */
static void put_code(struct bits *b, unsigned code, unsigned n)
{
	while (n--)
		put(b, code >> n, 1);
}

/* The fixed code: literals below 144, and length symbols. */
static void put_byte(struct bits *b, unsigned byte)
{
	put_code(b, 0x30 + byte, 8);
}

static void put_symbol(struct bits *b, unsigned symbol)
{
	if (symbol < 280)
		put_code(b, symbol - 256, 7);
	else
		put_code(b, 0xc0 + symbol - 280, 8);
}

static uint32_t crc_of(const char *text, size_t n)
{
	uint32_t crc = 0;
	for (size_t i = 0; i < 8 * (n + 4);
		i++) { /* long division of text, with its first 32 bits inverted */
		uint8_t byte = i / 8 < n ? (uint8_t)text[i / 8] : 0;
		uint32_t bit = (uint32_t)(byte >> i % 8 & 1) ^ (i < 32);
		uint32_t out = crc & 1;
		crc = crc >> 1 | bit << 31;
		if (out)
			crc ^= 0xedb88320u;
	}
	return ~crc;
}

/* A file of these bits whose trailer is that of text. free() its p. */
static struct span file_of(const struct bits *b, const char *text, size_t n)
{
	size_t size = (b->n + 7) / 8;
	uint8_t *p = calloc(1, 10 + size + 8);
	assert_non_null(p);
	memcpy(p, "\x1f\x8b\x08", 3);
	memcpy(p + 10, b->bytes, size);
	bytes_put(p + 10 + size, 4, false, crc_of(text, n));
	bytes_put(p + 14 + size, 4, false, n);
	return (struct span){p, 10 + size + 8, false};
}

static void gives(const struct bits *b, const char *text)
{
	struct span f = file_of(b, text, strlen(text));
	must_give(f, (const uint8_t *)text, strlen(text), 0);
	free((void *)(uintptr_t)f.p);
}

/* It is rejected whatever its trailer; here, that of the output before the error. */
static void refused(const struct bits *b, const char *text)
{
	struct span f = file_of(b, text, strlen(text)), out = {0};
	struct arena a = {0};
	struct err e = {0};
	assert_false(inflate_gzip(f, &a, &out, &e));
	assert_string_equal(e.text, "the gzip file is corrupt");
	assert_int_equal(out.n, 0);
	arena_free(&a);
	free((void *)(uintptr_t)f.p);
}

static void fixed_codes(void **state)
{
	(void)state;
	struct bits b = {0};
	put(&b, 1, 1); /* the last block */
	put(&b, 1, 2);
	put_byte(&b, 'a');
	put_byte(&b, 'b');
	put_symbol(&b, 257 + 3); /* 6 bytes */
	put_code(&b, 1, 5);      /* at distance 2 */
	refused(&b, "abababab"); /* no end of block */
	put_symbol(&b, 256);
	gives(&b, "abababab");
}

static void wrong_blocks(void **state)
{
	(void)state;
	char many[325] = "";
	struct bits type = {0}, stored = {0}, far = {0}, symbol = {0}, distance = {0};
	put(&type, 7, 3); /* type 3 */
	refused(&type, "");

	put(&stored, 1, 8);
	put(&stored, 0x0002, 16);
	put(&stored, 0xfffc, 16); /* not its complement */
	put(&stored, 'a' | 'b' << 8, 16);
	refused(&stored, "ab");

	put(&far, 3, 3);
	put_byte(&far, 'a');
	put_symbol(&far, 257);
	put_code(&far, 1, 5); /* distance 2 after 1 byte */
	put_symbol(&far, 256);
	refused(&far, "aaaa");

	put(&symbol, 3, 3);
	put_byte(&symbol, 'a');
	put_symbol(&symbol, 286); /* continuing the series, it would be 323 bytes and 6 bits */
	put(&symbol, 0, 6);
	put_code(&symbol, 0, 5);
	put_symbol(&symbol, 256);
	memset(many, 'a', 324);
	refused(&symbol, many);

	put(&distance, 3, 3);
	put_byte(&distance, 'a');
	put_symbol(&distance, 257);
	put_code(&distance, 30, 5);
	put_symbol(&distance, 256);
	refused(&distance, "aaaa");
}

/* Defects of a block with dynamic codes. */
enum wrong { RIGHT, REPEATS_NOTHING, NO_END, TOO_MANY_SYMBOLS, TOO_MANY_CODES, RUNS_OVER };

/* A block with dynamic codes: one bit each for 'a' and for the end. */
static struct bits dynamic(enum wrong wrong)
{
	struct bits b = {0};
	unsigned n = wrong == TOO_MANY_SYMBOLS ? 288 : wrong == TOO_MANY_CODES ? 258 : 257;
	unsigned before = 97, behind = n - 257;
	put(&b, 5, 3); /* last, type 2 */
	put(&b, n - 257, 5);
	put(&b, 0, 5);  /* 1 distance */
	put(&b, 14, 4); /* 18 code length code lengths */
	/* In this order: 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1. Symbols 16, 18, 0 and 1 get
	 * two bits each: their codes are 0: 00, 1: 01, 16: 10, 18: 11. */
	for (unsigned i = 0; i < 18; i++)
		put(&b, i == 0 || i == 2 || i == 3 || i == 17 ? 2 : 0, 3);
	if (wrong == REPEATS_NOTHING) {
		put_code(&b, 2, 2);
		put(&b, 0, 2);
		before -= 3;
	}
	put_code(&b, 3, 2); /* 0, repeated */
	put(&b, before - 11, 7);
	put_code(&b, 1, 2); /* 'a' */
	put_code(&b, 3, 2); /* 0, 138 times */
	put(&b, 138 - 11, 7);
	put_code(&b, 3, 2); /* 20 times: up to 255 */
	put(&b, 20 - 11, 7);
	put_code(&b, wrong != NO_END, 2); /* the end of the block */
	for (unsigned i = 0; i < behind; i++)
		put_code(&b, wrong == TOO_MANY_CODES, 2);
	if (wrong == RUNS_OVER) {
		put_code(&b, 3, 2); /* only one length remains */
		put(&b, 0, 7);
	} else {
		put_code(&b, 0, 2); /* the distance: none */
	}
	put(&b, 4, 3); /* "aa", the end */
	return b;
}

static void own_codes(void **state)
{
	(void)state;
	struct bits b = dynamic(RIGHT);
	gives(&b, "aa");
	for (enum wrong wrong = RIGHT + 1; wrong <= RUNS_OVER; wrong++) {
		b = dynamic(wrong);
		refused(&b, "aa");
	}
	b = (struct bits){0}; /* the code length code itself: three codes of one bit */
	put(&b, 5, 3);
	put(&b, 0, 14);
	for (unsigned i = 0; i < 4; i++)
		put(&b, i < 3, 3);
	refused(&b, "");
}

/* Missing data could pass for zeros, since memory is zeroed. */
static void shorter_than_it_says(void **state)
{
	(void)state;
	struct bits b = dynamic(RIGHT);
	struct span f = file_of(&b, "aa\0\0", 4), out;
	struct arena a = {0};
	struct err e = {0};
	assert_false(inflate_gzip(f, &a, &out, &e));
	arena_free(&a);
	free((void *)(uintptr_t)f.p);
}

/* ---- damage ---- */

static bool unpacks(const uint8_t *p, size_t n, const struct span *to)
{
	uint8_t *copy = malloc(n ? n : 1);
	struct arena a = {0};
	struct err e = {0};
	struct span out = {0};
	assert_non_null(copy);
	memcpy(copy, p, n);
	bool ok = inflate_gzip((struct span){copy, n, false}, &a, &out, &e);
	assert_int_equal(ok, !e.set);
	if (ok)
		assert_true(out.n == to->n && !memcmp(out.p, to->p, out.n));
	else
		assert_true(!strcmp(e.text, "not a gzip file") ||
			    !strcmp(e.text, "the gzip file is corrupt") ||
			    strstr(e.text, "too large"));
	arena_free(&a);
	free(copy);
	return ok;
}

/* Every part of a file is needed. */
static void cut_off(void **state)
{
	(void)state;
	struct span text = output_of("head -c 3000 elf/base/inflate.c");
	struct span packed = output_of("head -c 3000 elf/base/inflate.c | gzip -9n");
	assert_true(unpacks(packed.p, packed.n, &text));
	for (size_t n = 0; n < packed.n; n++) {
		assert_false(unpacks(packed.p, n, &text));
		if (n)
			assert_false(unpacks(packed.p + n, packed.n - n, &text));
	}
	free((void *)(uintptr_t)packed.p);
	free((void *)(uintptr_t)text.p);
}

/* Any flipped bit is detected, or irrelevant: unused header bytes and padding of the last byte. */
static void flipped_bits(void **state)
{
	(void)state;
	struct span text = output_of("head -c 3000 elf/base/inflate.c");
	static const char *const packers[] = {"gzip -1n", "gzip -9n",
		("python3 -c 'import sys, zlib; c = zlib.compressobj(0, 8, 31); "
		 "sys.stdout.buffer.write(c.compress(sys.stdin.buffer.read()) + c.flush())'")};
	for (size_t i = 0; i < sizeof packers / sizeof *packers; i++) {
		char command[256];
		unsigned harmless = 0, step = every(13);
		snprintf(command, sizeof command, "head -c 3000 elf/base/inflate.c | %s",
			packers[i]);
		struct span packed = output_of(command);
		uint8_t *p = (uint8_t *)(uintptr_t)packed.p;
		for (size_t bit = 0; bit < packed.n * 8; bit += step) {
			p[bit / 8] ^= (uint8_t)(1u << bit % 8);
			harmless += unpacks(p, packed.n, &text);
			p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
		/* 6 header bytes, the text flag and three reserved flags, and the padding. */
		assert_in_range(harmless, step == 1 ? 48 : 0, 48 + 4 + 7);
		free(p);
	}
	free((void *)(uintptr_t)text.p);
}

/* Its stated length is not trusted. */
static void sizes(void **state)
{
	(void)state;
	static const uint32_t wrong[] = {
		0, 1, 2999, 3001, INFLATE_MAX, INFLATE_MAX + 1, UINT32_MAX};
	struct span text = output_of("head -c 3000 elf/base/inflate.c");
	struct span packed = output_of("head -c 3000 elf/base/inflate.c | gzip -9n");
	uint8_t *p = (uint8_t *)(uintptr_t)packed.p;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		bytes_put(p + packed.n - 4, 4, false, wrong[i]);
		assert_false(unpacks(p, packed.n, &text));
	}
	struct arena a = {0};
	struct err e = {0};
	struct span out;
	assert_false(inflate_gzip(packed, &a, &out, &e));
	assert_string_equal(e.text, "the gzip content of 4294967295 bytes is too large");
	arena_free(&a);
	free(p);
	free((void *)(uintptr_t)text.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_zlib_packs),
		cmocka_unit_test(as_gzip_packs),
		cmocka_unit_test(fixed_codes),
		cmocka_unit_test(wrong_blocks),
		cmocka_unit_test(own_codes),
		cmocka_unit_test(shorter_than_it_says),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(flipped_bits),
		cmocka_unit_test(sizes),
	};
	return cmocka_run_group_tests_name("inflate", tests, NULL, NULL);
}
