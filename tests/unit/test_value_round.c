/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What is printed can be parsed: random bytes of types of the kernel (SONDE_ALL=1: of all types, in
 * several minutes) are printed as text, and the
 * text is parsed again. The bytes have to be the same, except for those that the text leaves out.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/show/typed.h"
#include "loader/value/value.h"
#include "btf_build.h"
#include "sampled.h"

enum { SIZE_MAX_TYPE = 1 << 16 };

static char *text_of(const struct btf *b, uint32_t type, struct span bytes, bool quoted)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	struct typed_out o = {.file = f};
	typed_text(&o, b, (struct typed_field){.type = type}, bytes, quoted);
	fclose(f);
	return text;
}

/* ---- the bits that the text determines ---- */

static void mark_bytes(struct typed_bytes_out *mask, uint64_t bit_off, uint64_t n)
{
	for (uint64_t i = bit_off / 8; n && i < mask->n; i++, n--)
		mask->p[i] = 0xff;
}

static void mark(const struct btf *b, struct typed_field f, struct span bytes,
	struct typed_bytes_out *mask, unsigned depth)
{
	struct typed_shape s = typed_field_shape(b, f), element;
	struct typed_field part;
	const char *name;
	uint64_t v, size, at = f.bit_off / 8;
	double d;
	if (depth >= BTF_DEPTH)
		return;
	switch (s.kind) {
	case TYPED_NONE:
	case TYPED_KERNEL:
	case TYPED_TIME:
		break;
	case TYPED_STRUCT:
	case TYPED_UNION:
	case TYPED_SECTION:
		for (uint32_t i = 0; typed_part(&s, f, i, &name, &part); i++)
			mark(b, part, bytes, mask, depth + 1);
		break;
	case TYPED_ARRAY:
	case TYPED_LOG2:
		element = typed_shape(b, s.t.type);
		size = element.size;
		for (uint64_t i = 0; size && i < btf_array_len(&s.t); i++)
			mark(b,
				(struct typed_field){
					.type = s.t.type, .bit_off = f.bit_off + i * size * 8},
				bytes, mask, depth + 1);
		break;
	case TYPED_STRING:
		size = strnlen((const char *)bytes.p + at, s.size);
		mark_bytes(mask, f.bit_off, size < s.size ? size + 1 : size);
		break;
	case TYPED_FLOAT:
		v = span_uint(bytes, at, (unsigned)s.size);
		memcpy(&d, &v, sizeof d);
		if (s.size == 4) {
			float x;
			uint32_t w = (uint32_t)v;
			memcpy(&x, &w, sizeof x);
			d = (double)x;
		}
		if (d == d)
			mark_bytes(mask, f.bit_off, s.size);
		break;
	case TYPED_BOOL:
		if (typed_read_number(&s, f, bytes, &v) && v > 1)
			break;
		typed_write_number(&s, f, mask, UINT64_MAX);
		break;
	default:
		if (!typed_write_number(&s, f, mask, UINT64_MAX))
			mark_bytes(mask, f.bit_off, s.size);
	}
}

/* ---- one type ---- */

static void random_bytes(uint8_t *p, size_t n, uint64_t *state)
{
	/* Small numbers, text and zeros as well: they have forms of their own. */
	unsigned how = bb_random(state) % 4;
	for (size_t i = 0; i < n; i++) {
		uint32_t r = bb_random(state);
		bool zero = (how == 1 && r >> 8 & 3) || (how == 2 && i % 24 > 10 + r % 8 % 2);
		p[i] = zero ? 0 : how == 2 ? (uint8_t)(' ' + r % 95) : (uint8_t)r;
	}
	if (how == 3)
		memset(p, 0, n);
}

/* Damaged text does no harm: the destination is exactly as long as the type. */
static void damage(const struct value *at, const char *text, uint64_t *state)
{
	static const char with[] = "{}[]()|,=.\"\\x0-9 :'";
	size_t n = strlen(text);
	char *copy = strdup(text);
	struct err e = {0};
	for (unsigned i = 0; n && i < 3; i++)
		copy[bb_random(state) % n] = with[bb_random(state) % (sizeof with - 1)];
	copy[n - (n ? bb_random(state) % n / 2 : 0)] = 0;
	bool ok = value_put(at, copy, &e);
	assert_int_equal(ok, !e.set);
	free(copy);
}

/* False if the text leaves too much out: it is cut, or a kind that cannot be written. */
static bool round_trip(
	const struct btf *b, uint32_t type, size_t size, bool big, bool quoted, uint64_t *state)
{
	uint8_t *bytes = malloc(size + !size), *back = calloc(1, size + !size),
		*marks = calloc(1, size + !size);
	random_bytes(bytes, size, state);
	struct span was = {bytes, size, big}, is = {back, size, big};
	char *text = text_of(b, type, was, quoted), *again = NULL;
	struct err e = {0};
	struct typed_bytes_out mask = {marks, size, big};
	const struct value at = {b, type, back, size, big, "it"};
	bool whole = strlen(text) < 3 || (!strstr(text, "...") && !strstr(text, " = ?"));
	if (whole && !value_put(&at, text, &e))
		fail_msg("type %u: %s\n%s\n%s", type, e.text, e.hint, text);
	if (whole) {
		/* Parsing what is printed now changes nothing. */
		again = text_of(b, type, is, quoted);
		uint8_t *copy = malloc(size + !size);
		memcpy(copy, back, size);
		if (!value_put(&at, again, &e) || memcmp(copy, back, size))
			fail_msg("type %u: %s\n%s\n%s", type, e.text, text, again);
		free(copy);
		mark(b, (struct typed_field){.type = type}, was, &mask, 0);
		for (size_t i = 0; i < size; i++)
			if ((bytes[i] ^ back[i]) & marks[i])
				fail_msg("type %u: byte %zu is %02x, not %02x\n%s", type, i,
					back[i], bytes[i], text);
	}
	damage(&at, text, state);
	free(again);
	free(text);
	free(marks);
	free(back);
	free(bytes);
	return whole;
}

/* The size of a type whose values can be written, or -1. */
static int64_t writable(const struct btf *b, uint32_t type)
{
	struct btf_type t;
	if (!btf_type(b, type, &t) || btf_kind_in(t.kind, 1u << BTF_VAR))
		return -1;
	struct typed_shape s = typed_shape(b, type);
	int64_t size = btf_size(b, type);
	if (s.kind == TYPED_NONE || s.kind == TYPED_KERNEL || size > SIZE_MAX_TYPE)
		return -1;
	if ((s.kind == TYPED_INT && size > 8 && size != 16) ||
		(s.kind == TYPED_FLOAT && size != 4 && size != 8))
		return -1;
	return size;
}

static void all_types(const struct btf *b, bool big, unsigned step, uint64_t *state)
{
	unsigned n = 0, cut = 0;
	for (uint32_t id = 1; id < b->end; id += step) {
		int64_t size = writable(b, id);
		if (size < 0)
			continue;
		for (int quoted = 0; quoted < 2; quoted++, n++)
			cut += !round_trip(b, id, (size_t)size, big, quoted, state);
	}
	assert_true(n > 20);
	assert_true(cut < n / 10);
}

/* ---- types ---- */

static void of_the_kernel(void **state)
{
	(void)state;
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY);
	struct arena a = {0};
	struct err e = {0};
	struct stat st;
	struct btf b;
	if (fd < 0 || fstat(fd, &st))
		skip();
	uint8_t *bytes = malloc((size_t)st.st_size);
	for (ssize_t n, at = 0; at < st.st_size; at += n)
		assert_true((n = read(fd, bytes + at, (size_t)(st.st_size - at))) > 0);
	close(fd);
	struct span data = {bytes, (size_t)st.st_size, host_is_big()};
	if (!btf_open(&b, data, NULL, &a, &e))
		fail_msg("%s", e.text);
	uint64_t random = 1;
	/* All of them take minutes. */
	all_types(&b, host_is_big(), getenv("SONDE_ALL") ? 1 : 53 * every(4), &random);
	arena_free(&a);
	free(bytes);
}

/* A struct of every kind that values have, in both byte orders. */
static void of_every_kind(void **state)
{
	bool big = *(bool *)*state;
	struct bb b;
	struct btf btf;
	bb_init(&b, big);
	uint32_t chr = bb_int(&b, "char", 1, BTF_INT_SIGNED);
	uint32_t u8 = bb_int(&b, "unsigned char", 1, 0), s8 = bb_int(&b, "signed char", 1, 1);
	uint32_t u16 = bb_int(&b, "short", 2, 0), u32 = bb_int(&b, "unsigned int", 4, 0);
	uint32_t s32 = bb_int(&b, "int", 4, 1), u64 = bb_int(&b, "unsigned long", 8, 0);
	uint32_t wide = bb_int(&b, "__int128", 16, 1), truth = bb_int(&b, "_Bool", 1, BTF_INT_BOOL);
	uint32_t single = bb_type(&b, BTF_FLOAT, "float", 0, false, 4);
	uint32_t twice = bb_type(&b, BTF_FLOAT, "double", 0, false, 8);
	uint32_t be16 = bb_ref(&b, BTF_TYPEDEF, "__be16", u16);
	uint32_t be32 = bb_ref(&b, BTF_TYPEDEF, "__be32", u32);
	uint32_t dev = bb_ref(&b, BTF_TYPEDEF, "dev_t", u32);
	uint32_t kaddr = bb_ref(&b, BTF_TYPEDEF, "kernel_addr_t", u64);
	uint32_t sixteen = bb_array(&b, u8, 16);
	uint32_t ip = bb_ref(&b, BTF_TYPEDEF, "ip_addr_t", sixteen);
	uint32_t in6 = bb_struct(&b, "in6_addr", 16);
	bb_member(&b, "b", sixteen, 0);
	uint32_t mac = bb_array(&b, u8, 6), name = bb_array(&b, chr, 12);
	uint32_t bytes = bb_array(&b, u8, 20), numbers = bb_array(&b, s32, 9);
	uint32_t names = bb_array(&b, name, 3), macs = bb_array(&b, mac, 5);
	uint32_t kind = bb_enum(&b, "kind", 4, true);
	bb_value(&b, "SMALL", -1);
	bb_value(&b, "NOTHING", 0);
	uint32_t kind64 = bb_enum64(&b, "kind64", false);
	bb_value(&b, "ZERO", 0);
	uint32_t flags = bb_enum(&b, "flags", 1, false);
	bb_value(&b, "NO_FLAG", 0);
	for (unsigned i = 0; i < 7; i++) {
		const char flag[] = {'F', (char)('0' + i), 0};
		bb_value(&b, flag, 1 << i);
	}
	bb_value(&b, "F7", -128);
	uint32_t many = bb_array(&b, flags, 3);
	uint32_t ptr = bb_ptr(&b, u32);
	uint32_t inner = bb_struct(&b, "", 16);
	bb_bits(&b, "low", u32, 0, 3);
	bb_bits(&b, "middle", s32, 3, 18);
	bb_bits(&b, "kinds", kind, 21, 11);
	bb_member(&b, "text", name, 32);
	uint32_t either = bb_union(&b, "", 16);
	bb_member(&b, "", inner, 0);
	bb_member(&b, "truth", truth, 0);
	bb_member(&b, "text2", name, 0);
	bb_member(&b, "flags", flags, 0);
	bb_member(&b, "ports", be32, 0);
	bb_bits(&b, "few", flags, 0, 3);
	bb_member(&b, "real", twice, 0);
	bb_member(&b, "number", u64, 0);
	uint32_t list = bb_array(&b, either, 4);
	bb_open(&b, NULL, &btf);
	bb_struct(&b, "all", 400);
	const uint32_t members[] = {chr, u8, s8, truth, u16, be16, u32, s32, be32, dev, kind, u64,
		kind64, kaddr, ptr, single, twice, wide, ip, in6, mac, name, bytes, numbers, names,
		macs, inner, either, list, flags, many};
	uint32_t off = 0;
	char label[16];
	for (unsigned i = 0; i < sizeof members / sizeof *members; i++) {
		snprintf(label, sizeof label, "m%u", i);
		bool anonymous = members[i] == inner || members[i] == either;
		bb_member(&b, anonymous ? "" : label, members[i], off);
		off += (uint32_t)btf_size(&btf, members[i]) * 8;
	}
	assert_true(off <= 400 * 8);
	bb_open(&b, NULL, &btf);
	uint64_t random = 1;
	for (unsigned i = 0; i < 60; i += every(10))
		all_types(&btf, big, 1, &random);
	bb_free(&b);
}

static bool little = false, large = true;

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_the_kernel),
		{"of_every_kind (little)", of_every_kind, NULL, NULL, &little},
		{"of_every_kind (big)", of_every_kind, NULL, NULL, &large},
	};
	return cmocka_run_group_tests_name("value_round", tests, NULL, NULL);
}
