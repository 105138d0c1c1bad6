/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "btf_build.h"

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

static struct btf_type type_of(const struct btf *b, uint32_t id)
{
	struct btf_type t;
	assert_true(btf_type(b, id, &t));
	assert_int_equal(t.id, id);
	return t;
}

static void decodes_every_kind(void **state)
{
	struct bb b;
	struct btf f;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, BTF_INT_SIGNED);
	uint32_t p = bb_ptr(&b, i), a = bb_array(&b, i, 7);
	uint32_t s = bb_struct(&b, "s", 12);
	bb_member(&b, "first", i, 0);
	bb_member(&b, "", p, 32);
	uint32_t u = bb_union(&b, "u", 4);
	bb_bits(&b, "low", i, 0, 3);
	bb_bits(&b, "whole", i, 0, 0);
	uint32_t e = bb_enum(&b, "e", 4, false);
	bb_value(&b, "MINUS", -1);
	uint32_t es = bb_enum(&b, "es", 4, true);
	bb_value(&b, "MINUS_S", -1);
	uint32_t e64 = bb_enum64(&b, "e64", false);
	bb_value(&b, "HUGE", INT64_MIN + 5);
	uint32_t fwd = bb_fwd(&b, "later", true), td = bb_ref(&b, BTF_TYPEDEF, "td", s);
	uint32_t proto = bb_proto(&b, p);
	bb_param(&b, "x", i);
	bb_param(&b, "", 0);
	uint32_t fn = bb_func(&b, "fn", proto, BTF_EXTERN), v = bb_var(&b, "v", i, BTF_GLOBAL);
	uint32_t sec = bb_datasec(&b, ".data", 100);
	bb_secinfo(&b, v, 96, 4);
	uint32_t fl = bb_type(&b, BTF_FLOAT, "double", 0, false, 8);
	uint32_t tag = bb_decl_tag(&b, "tag", s, -1), tt = bb_ref(&b, BTF_TYPE_TAG, "user", i);
	bb_open(&b, NULL, &f);
	assert_int_equal(f.end, tt + 1);
	assert_int_equal(f.data.big, b.big);

	struct btf_type t = type_of(&f, i);
	assert_int_equal(t.kind, BTF_INT);
	assert_string_equal(btf_name(&t), "int");
	assert_int_equal(t.size, 4);
	assert_int_equal(t.type, 0);
	assert_int_equal(btf_int_encoding(&t), BTF_INT_SIGNED);
	assert_int_equal(btf_int_bits(&t), 32);
	assert_int_equal(btf_int_offset(&t), 0);
	t = type_of(&f, p);
	assert_int_equal(t.kind, BTF_PTR);
	assert_int_equal(t.type, i);
	assert_int_equal(t.size, 0);
	t = type_of(&f, a);
	assert_int_equal(t.type, i);
	assert_int_equal(btf_array_len(&t), 7);
	t = type_of(&f, s);
	assert_int_equal(t.size, 12);
	assert_int_equal(t.vlen, 2);
	assert_string_equal(btf_member(&t, 0).name, "first");
	assert_string_equal(btf_member(&t, 1).name, "");
	assert_int_equal(btf_member(&t, 1).type, p);
	assert_int_equal(btf_member(&t, 1).bit_off, 32);
	assert_int_equal(btf_member(&t, 1).bit_size, 0);
	assert_string_equal(btf_member(&t, 2).name, "");
	assert_int_equal(btf_member(&t, 2).type, 0);
	t = type_of(&f, u);
	assert_int_equal(t.kind, BTF_UNION);
	assert_true(t.kflag);
	assert_int_equal(btf_member(&t, 0).bit_size, 3);
	assert_int_equal(btf_member(&t, 1).bit_size, 0);
	t = type_of(&f, e);
	assert_true(btf_enumerator(&t, 0).value == 0xffffffff);
	t = type_of(&f, es);
	assert_true(btf_enumerator(&t, 0).value == -1);
	assert_string_equal(btf_enumerator(&t, 0).name, "MINUS_S");
	t = type_of(&f, e64);
	assert_true(btf_enumerator(&t, 0).value == INT64_MIN + 5);
	assert_int_equal(t.size, 8);
	t = type_of(&f, fwd);
	assert_true(t.kflag);
	assert_int_equal(t.size + t.type, 0);
	assert_int_equal(type_of(&f, td).type, s);
	t = type_of(&f, proto);
	assert_int_equal(t.type, p);
	assert_string_equal(btf_param(&t, 0).name, "x");
	assert_int_equal(btf_param(&t, 0).type, i);
	assert_string_equal(btf_param(&t, 1).name, "");
	t = type_of(&f, fn);
	assert_int_equal(t.vlen, BTF_EXTERN);
	assert_int_equal(t.type, proto);
	t = type_of(&f, v);
	assert_int_equal(btf_var_linkage(&t), BTF_GLOBAL);
	t = type_of(&f, sec);
	assert_int_equal(t.size, 100);
	assert_int_equal(btf_secinfo(&t, 0).type, v);
	assert_int_equal(btf_secinfo(&t, 0).offset, 96);
	assert_int_equal(btf_secinfo(&t, 0).size, 4);
	assert_int_equal(type_of(&f, fl).size, 8);
	t = type_of(&f, tag);
	assert_int_equal(btf_decl_tag_component(&t), -1);
	assert_int_equal(t.type, s);
	assert_int_equal(type_of(&f, tt).type, i);
	bb_free(&b);
}

static void ids_beyond_the_last(void **state)
{
	struct bb b;
	struct btf f;
	struct btf_type t;
	bb_init(&b, *(bool *)*state);
	bb_int(&b, "int", 4, 0);
	bb_open(&b, NULL, &f);
	assert_true(btf_type(&f, 0, &t));
	assert_int_equal(t.kind, BTF_VOID);
	assert_string_equal(btf_name(&t), "");
	assert_false(btf_type(&f, 2, &t));
	assert_int_equal(t.kind, BTF_VOID);
	assert_false(btf_type(&f, UINT32_MAX, &t));
	assert_string_equal(btf_str(&f, 0), "");
	assert_string_equal(btf_str(&f, 1), "int");
	assert_string_equal(btf_str(&f, 2), "nt"); /* strings may share tails */
	assert_string_equal(btf_str(&f, 5), "");
	assert_string_equal(btf_str(&f, UINT32_MAX), "");
	bb_free(&b);
}

/* btf_next() and btf_type() agree, on both sides of the index's strides. */
static void walk_and_lookup_agree(void **state)
{
	struct bb b;
	struct btf f;
	char name[16];
	bb_init(&b, *(bool *)*state);
	for (unsigned i = 0; i < 3 * BTF_STRIDE + 5; i++) {
		snprintf(name, sizeof name, "t%u", i);
		uint32_t id = bb_struct(&b, name, i);
		for (unsigned k = 0; k < i % 5; k++)
			bb_member(&b, name, id, k);
	}
	bb_open(&b, NULL, &f);
	uint32_t n = 0;
	for (struct btf_type t = {0}; btf_next(&f, &t); n++) {
		struct btf_type u = type_of(&f, n + 1);
		snprintf(name, sizeof name, "t%u", n);
		assert_int_equal(t.id, n + 1);
		assert_string_equal(btf_name(&t), name);
		assert_ptr_equal(t.tail.p, u.tail.p);
		assert_int_equal(t.tail.n, u.tail.n);
		assert_int_equal(t.tail.big, u.tail.big);
		assert_int_equal(t.size, u.size);
		assert_int_equal(t.vlen, n % 5);
	}
	assert_int_equal(n, 3 * BTF_STRIDE + 5);
	assert_int_equal(btf_find(&f, BTF_STRUCT, "t100"), 101);
	assert_int_equal(btf_find(&f, BTF_UNION, "t100"), 0);
	assert_int_equal(btf_find(&f, BTF_STRUCT, "t1000"), 0);
	bb_free(&b);
}

/* A blob that is large enough to be opened lazily: names of one to seven characters, some with a
 * flavor, for every eighth type. */
static void add_many(struct bb *b)
{
	uint64_t random = 7;
	char name[32];
	for (unsigned i = 0; b->n_types <= BTF_SMALL + 1000; i++) {
		uint32_t r = bb_random(&random);
		snprintf(name, sizeof name, "%.*s%s", (int)(r % 7 + 1), &"abcdefgh"[r / 8 % 2],
			r % 5 ? "" : "___v2");
		uint32_t id;
		switch (r / 64 % 8) {
		case 0:
			id = bb_struct(b, b->n_strings + 64 < BB_STRINGS ? name : "", 8);
			for (unsigned k = 0; k < i % 70; k++)
				bb_member(b, "", id, k);
			break;
		case 1:
			bb_proto(b, i);
			for (unsigned k = 0; k < i % 5; k++)
				bb_param(b, "", 1);
			break;
		case 2:
			bb_enum(b, "", 4, i % 2);
			break;
		case 3:
			bb_array(b, i, i);
			break;
		default:
			bb_ptr(b, i);
		}
	}
}

static void assert_same_type(const struct btf_type *a, const struct btf_type *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->kflag, b->kflag);
	assert_int_equal(a->vlen, b->vlen);
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->name_off, b->name_off);
	assert_int_equal(a->tail.n, b->tail.n);
	assert_memory_equal(a->tail.p, b->tail.p, a->tail.n);
	assert_string_equal(btf_name(a), btf_name(b));
}

static bool copy_bytes(void *ctx, size_t off, uint8_t *to, size_t n)
{
	const struct span *blob = ctx;
	assert_true(span_has(*blob, off, n));
	memcpy(to, blob->p + off, n);
	return true;
}

/* Opens a blob lazily; paged: with its bytes elsewhere, in the hands of copy_bytes(). */
static void open_lazily(struct btf *b, struct span *blob, bool paged, struct arena *a)
{
	const struct btf_source source = {copy_bytes, blob};
	struct err e = {0};
	struct span room = *blob;
	if (paged)
		room.p = arena_alloc(a, blob->n);
	assert_non_null(room.p);
	if (!btf_open_lazily(b, room, paged ? &source : NULL, a, &e))
		fail_msg("%s", e.text);
	assert_non_null(b->frontier);
	assert_int_equal(b->pages != NULL, paged);
}

/* Whatever is read first, a blob opened lazily has the same types. */
static void lazy_and_eager_agree(void **state)
{
	struct bb b;
	struct btf eager, lazy;
	struct err e = {0};
	uint64_t random = 1;
	bb_init(&b, *(bool *)*state);
	add_many(&b);
	bb_open(&b, NULL, &eager);
	for (unsigned round = 0; round < 8; round++) {
		struct btf_type t = {0}, u = {0};
		open_lazily(&lazy, &eager.data, round & 4, &b.arena);
		for (unsigned i = 0; round & 1 && i < 20; i++) {
			uint32_t id = bb_random(&random) % (eager.end / 20 * i + 1);
			assert_int_equal(btf_type(&lazy, id, &t), btf_type(&eager, id, &u));
			assert_same_type(&t, &u);
		}
		for (uint32_t id = eager.end - 1; round & 2 && id < eager.end + 3; id++)
			assert_int_equal(btf_type(&lazy, id, &t), id < eager.end);
		t = u = (struct btf_type){0};
		uint32_t n = 0;
		while (btf_next_in(&eager, &u, 1u << BTF_STRUCT | 1u << BTF_ARRAY)) {
			assert_true(btf_next_in(&lazy, &t, 1u << BTF_STRUCT | 1u << BTF_ARRAY));
			assert_same_type(&t, &u);
			assert_true(btf_type(&lazy, u.id, &t));
			assert_same_type(&t, &u);
			n++;
		}
		assert_false(btf_next_in(&lazy, &t, 1u << BTF_STRUCT | 1u << BTF_ARRAY));
		assert_true(n > 1000);
		assert_int_equal(btf_end(&lazy, &e), eager.end);
		assert_false(btf_type(&lazy, eager.end, &t));
	}
	assert_int_equal(btf_end(&eager, &e), eager.end);
	bb_free(&b);
}

/* Every type that has one of the names is found, and few others. */
static void find_names(bool is_big, bool paged)
{
	static const char *const wanted[] = {"a", "b", "abc", "abcd", "bcdefgh"};
	struct bb b;
	struct btf eager, lazy;
	struct btf_names names = {0};
	bb_init(&b, is_big);
	add_many(&b);
	bb_open(&b, NULL, &eager);
	open_lazily(&lazy, &eager.data, paged, &b.arena);
	for (struct btf_type t = {0}; btf_next_named(&eager, &t, &names);)
		fail();
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		btf_names_add(&names, 1u << BTF_STRUCT, wanted[i], strlen(wanted[i]));
	struct btf_type t = {0}, u = {0};
	uint32_t n = 0, stops = 0;
	for (struct btf_type v = {0}; btf_next_in(&eager, &v, 1u << BTF_STRUCT);) {
		const char *name = btf_name(&v);
		bool is = false;
		for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
			size_t len = strlen(wanted[i]);
			is |= !strncmp(name, wanted[i], len) &&
			      (!name[len] || !strncmp(name + len, "___", 3));
		}
		while (is && t.id < v.id) {
			assert_true(btf_next_named(&lazy, &t, &names));
			assert_true(btf_next_named(&eager, &u, &names));
			assert_same_type(&t, &u);
			stops++;
		}
		assert_true(!is || t.id == v.id);
		n += is;
	}
	assert_true(n > 100 && stops < 3 * n);
	assert_int_equal(btf_find(&lazy, BTF_STRUCT, "abc"), btf_find(&eager, BTF_STRUCT, "abc"));
	assert_int_equal(btf_find(&lazy, BTF_UNION, "abc"), 0);
	bb_free(&b);
}

static void names_are_found(void **state)
{
	find_names(*(bool *)*state, false);
	find_names(*(bool *)*state, true);
}

static bool read_nothing(void *ctx, size_t off, uint8_t *to, size_t n)
{
	const struct span *blob = ctx;
	memcpy(to, blob->p + off, n);
	return off < 4096;
}

static void unreadable_pages_are_named(void **state)
{
	struct bb b;
	struct btf eager, f;
	struct err e = {0};
	bb_init(&b, *(bool *)*state);
	add_many(&b);
	bb_open(&b, NULL, &eager);
	const struct btf_source source = {read_nothing, &eager.data};
	struct span room = {arena_alloc(&b.arena, eager.data.n), eager.data.n, eager.data.big};
	assert_true(btf_open_lazily(&f, room, &source, &b.arena, &e));
	assert_int_equal(btf_end(&f, &e), 0);
	assert_string_equal(e.text, "the types cannot be read");
	bb_free(&b);
}

/* Types before an invalid one can be used; what follows does not exist, and btf_end() names it. */
static void lazy_stops_at_broken_records(void **state)
{
	static const struct {
		uint32_t info;
		const char *text;
	} broken[] = {
		{0, "BTF type 3000 has the invalid kind 0"},
		{99u << 24, "BTF type 3000 has the unknown kind 99"},
		{(uint32_t)BTF_STRUCT << 24 | 0xffffff,
			"BTF type 3000 (struct, vlen 16777215) is trunc"},
	};
	struct bb b;
	struct btf_type t;
	bb_init(&b, *(bool *)*state);
	add_many(&b);
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct btf whole, f;
		struct err e = {0};
		bb_open(&b, NULL, &whole);
		btf_type(&whole, 3000, &t);
		uint8_t *record = (uint8_t *)(uintptr_t)t.tail.p - BTF_RECORD;
		bytes_put(record + 4, 4, b.big, broken[i].info);
		assert_true(btf_open_lazily(&f, whole.data, NULL, &b.arena, &e));
		f.origin = "/some/file";
		assert_true(btf_type(&f, 2999, &t));
		assert_false(btf_type(&f, 3000, &t));
		assert_false(btf_type(&f, 3001, &t));
		assert_false(btf_type(&f, UINT32_MAX, &t));
		uint32_t last = 0;
		for (t = (struct btf_type){0}; btf_next(&f, &t);)
			last = t.id;
		assert_int_equal(last, 2999);
		assert_int_equal(btf_end(&f, &e), 0);
		assert_non_null(strstr(e.text, broken[i].text));
		assert_int_equal(strncmp(e.text, "/some/file: ", 12), 0);
	}
	bb_free(&b);
}

static void split_continues_its_base(void **state)
{
	struct bb b, s, empty;
	struct btf base, split, nothing;
	bb_init(&b, *(bool *)*state);
	uint32_t l = bb_int(&b, "long", 4, BTF_INT_SIGNED);
	uint32_t in_base = bb_struct(&b, "base", 4);
	bb_member(&b, "m", l, 0);
	bb_open(&b, NULL, &base);
	bb_split(&s, &base);
	uint32_t p = bb_ptr(&s, in_base), mine = bb_struct(&s, "mine", 4);
	bb_member(&s, "pointer", p, 0);
	bb_open(&s, &base, &split);
	assert_int_equal(p, in_base + 1);
	assert_int_equal(split.first, p);
	assert_int_equal(split.end, mine + 1);
	assert_int_equal(split.ptr_size, 4);
	struct btf_type t = type_of(&split, in_base);
	assert_ptr_equal(t.btf, &base);
	assert_string_equal(btf_member(&t, 0).name, "m");
	t = type_of(&split, mine);
	assert_string_equal(btf_name(&t), "mine");
	assert_string_equal(btf_member(&t, 0).name, "pointer");
	assert_int_equal(btf_size(&split, p), 4);
	assert_int_equal(btf_find(&split, BTF_STRUCT, "base"), in_base);
	assert_int_equal(btf_find(&split, BTF_STRUCT, "mine"), mine);
	assert_int_equal(btf_find(&base, BTF_STRUCT, "mine"), 0);
	t = (struct btf_type){0};
	assert_true(btf_next(&split, &t));
	assert_int_equal(t.id, p);
	/* A module without own types: 24 bytes, no strings at all. */
	bb_split(&empty, &base);
	bb_open(&empty, &base, &nothing);
	assert_int_equal(nothing.data.n, 24);
	assert_int_equal(nothing.end, nothing.first);
	bb_free(&empty);
	bb_free(&s);
	bb_free(&b);
}

static void sizes(void **state)
{
	struct bb b;
	struct btf f;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, 0), c = bb_ref(&b, BTF_CONST, "", i);
	uint32_t td = bb_ref(&b, BTF_TYPEDEF, "td", c), in = bb_array(&b, td, 3);
	uint32_t out = bb_array(&b, in, 5), p = bb_ptr(&b, out), proto = bb_proto(&b, i);
	uint32_t fn = bb_func(&b, "f", proto, 0), v = bb_var(&b, "v", out, 0);
	uint32_t most = bb_array(&b, i, 0x1fffffff), over = bb_array(&b, i, 0x20000000);
	uint32_t huge = bb_array(&b, bb_array(&b, i, UINT32_MAX), UINT32_MAX);
	uint32_t loop = bb_ref(&b, BTF_TYPEDEF, "loop", huge + 1);
	uint32_t none = bb_fwd(&b, "fwd", false), flex = bb_array(&b, i, 0);
	bb_open(&b, NULL, &f);
	assert_int_equal(btf_size(&f, td), 4);
	assert_int_equal(btf_size(&f, out), 60);
	assert_int_equal(btf_size(&f, v), 60);
	assert_int_equal(btf_size(&f, p), 8);
	f.ptr_size = 4;
	assert_int_equal(btf_size(&f, p), 4);
	assert_int_equal(btf_size(&f, flex), 0);
	assert_int_equal(btf_size(&f, most), 0x7ffffffc);
	const uint32_t without[] = {0, fn, proto, over, huge, loop, none, none + 9};
	for (size_t k = 0; k < sizeof without / sizeof *without; k++)
		assert_int_equal(btf_size(&f, without[k]), -1);
	bb_free(&b);
}

static void skipping_ends(void **state)
{
	struct bb b;
	struct btf f;
	struct btf_type t;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, 0), id = i;
	static const enum btf_kind kinds[] = {
		BTF_TYPEDEF, BTF_CONST, BTF_VOLATILE, BTF_RESTRICT, BTF_TYPE_TAG};
	for (unsigned k = 0; k < BTF_DEPTH; k++)
		id = bb_ref(&b, kinds[k % 5], k % 5 ? "" : "td", id);
	uint32_t deep = id, deeper = bb_ref(&b, BTF_CONST, "", id);
	uint32_t loop = bb_ref(&b, BTF_CONST, "", deeper + 1);
	uint32_t broken = bb_ref(&b, BTF_CONST, "", 9999);
	bb_open(&b, NULL, &f);
	assert_int_equal(btf_skip(&f, deep, &t), i);
	assert_int_equal(t.kind, BTF_INT);
	assert_int_equal(btf_skip(&f, deeper, &t), 0);
	assert_int_equal(t.kind, BTF_VOID);
	assert_int_equal(btf_skip(&f, loop, &t), 0);
	assert_int_equal(t.kind, BTF_VOID);
	assert_int_equal(btf_skip(&f, broken, &t), 0);
	assert_int_equal(t.kind, BTF_VOID);
	bb_free(&b);
}

static void pointer_size_follows_long(void **state)
{
	static const struct {
		const char *name;
		uint32_t size, expected;
	} cases[] = {{"long unsigned int", 4, 4}, {"long", 8, 8}, {"unsigned long", 4, 4},
		{"long int", 4, 4}, {"int", 4, 8}, {"long long int", 4, 8}, {"long", 16, 8}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bb b;
		struct btf f;
		bb_init(&b, *(bool *)*state);
		bb_struct(&b, "long", 4);
		bb_int(&b, cases[i].name, cases[i].size, 0);
		bb_int(&b, "unsigned long", 8, 0); /* the first one is used */
		bb_open(&b, NULL, &f);
		assert_int_equal(f.ptr_size, cases[i].expected);
		bb_free(&b);
	}
}

static void spelling(void **state)
{
	struct bb b;
	struct btf f;
	char text[80];
	bb_init(&b, *(bool *)*state);
	uint32_t c = bb_int(&b, "char", 1, 0), cc = bb_ref(&b, BTF_CONST, "", c);
	uint32_t pcc = bb_ptr(&b, cc), arr = bb_array(&b, pcc, 4), parr = bb_ptr(&b, arr);
	uint32_t s = bb_struct(&b, "event", 1), ps = bb_ptr(&b, s);
	uint32_t cps = bb_ref(&b, BTF_CONST, "", ps), td = bb_ref(&b, BTF_TYPEDEF, "u32", c);
	uint32_t grid = bb_array(&b, bb_array(&b, td, 3), 2);
	uint32_t pvoid = bb_ptr(&b, 0), proto = bb_proto(&b, pvoid);
	bb_param(&b, "x", ps);
	bb_param(&b, "", 0);
	uint32_t fp = bb_ptr(&b, proto), fps = bb_array(&b, fp, 2);
	uint32_t fn = bb_func(&b, "handler", proto, 0), v = bb_var(&b, "table", fps, 0);
	uint32_t anon = bb_struct(&b, "", 1), fwd = bb_fwd(&b, "later", true);
	uint32_t e = bb_enum64(&b, "e", false), none = bb_proto(&b, c);
	uint32_t cv = bb_ref(&b, BTF_VOLATILE, "", cc);
	uint32_t rp = bb_ref(&b, BTF_RESTRICT, "", bb_ptr(&b, cps));
	bb_open(&b, NULL, &f);
	const struct {
		uint32_t id;
		const char *text;
	} cases[] = {{0, "void"}, {c, "char"}, {cc, "const char"}, {pcc, "const char *"},
		{arr, "const char *[4]"}, {parr, "const char *(*)[4]"}, {ps, "struct event *"},
		{cps, "struct event *const"}, {td, "u32"}, {grid, "u32[2][3]"}, {pvoid, "void *"},
		{proto, "void *(struct event *, ...)"}, {fp, "void *(*)(struct event *, ...)"},
		{fps, "void *(*[2])(struct event *, ...)"},
		{fn, "void *handler(struct event *, ...)"},
		{v, "void *(*table[2])(struct event *, ...)"}, {anon, "struct {...}"},
		{fwd, "union later"}, {e, "enum e"}, {none, "char (void)"},
		{cv, "const volatile char"}, {rp, "struct event *const *restrict"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		btf_spell(&f, cases[i].id, text, sizeof text);
		assert_string_equal(text, cases[i].text);
	}
	btf_spell(&f, ps, text, 8);
	assert_string_equal(text, "struct ");
	bb_free(&b);
}

/* Opens a blob whose byte at off was replaced, and expects an error that contains text. */
static void refuses(struct bb *b, size_t off, unsigned size, uint64_t value, const char *text)
{
	struct span s = bb_done(b);
	struct btf f;
	struct err e = {0};
	bytes_put((uint8_t *)s.p + off, size, b->big, value);
	assert_false(btf_open(&f, s, NULL, &b->arena, &e));
	if (!strstr(e.text, text))
		fail_msg("'%s' is not in '%s'", text, e.text);
}

static void refuses_broken_headers(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	bb_int(&b, "int", 4, 0);
	refuses(&b, 0, 2, 0x1234, "not BTF");
	refuses(&b, 2, 1, 2, "version 2");
	refuses(&b, 4, 4, 23, "header length 23");
	refuses(&b, 4, 4, 1000, "header length 1000");
	refuses(&b, 8, 4, 30, "type section");
	refuses(&b, 12, 4, UINT32_MAX, "type section");
	refuses(&b, 16, 4, UINT32_MAX - 3, "string section");
	refuses(&b, 20, 4, 99, "string section");
	refuses(&b, 20, 4, 4, "does not end with a NUL");
	refuses(&b, 40, 1, 'x', "does not begin with an empty string");
	bb_free(&b);
}

static void refuses_broken_records(void **state)
{
	struct bb b;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, 0);
	bb_struct(&b, "pair", 8);
	bb_member(&b, "a", i, 0);
	const size_t first = 24, second = first + 16;
	refuses(&b, first, 4, 999, "type 1: name offset 999");
	refuses(&b, first + 4, 4, 0, "type 1 has the invalid kind 0");
	refuses(&b, second + 4, 4, (uint32_t)BTF_STRUCT << 24 | 2, "type 2 (struct, vlen 2)");
	refuses(&b, second + 4, 4, (uint32_t)BTF_STRUCT << 24 | 0xffffff, "is truncated");
	refuses(&b, second + 4, 4, 20u << 24 | 1, "type 2 has the unknown kind 20");
	refuses(&b, 12, 4, 16 + 8, "type 2 is truncated: 8 bytes");
	bb_free(&b);
}

static void layout_steps_over_new_kinds(void **state)
{
	struct bb b;
	struct btf f;
	bb_init(&b, *(bool *)*state);
	bb_int(&b, "int", 4, 0);
	uint32_t fresh = bb_type(&b, 25, "fresh", 2, false, 77);
	for (unsigned i = 0; i < 1 + 2 * 2; i++)
		bb_word(&b, 0xdead);
	uint32_t last = bb_struct(&b, "after", 4);
	bb_layout(&b, 25, 4, 8);
	bb_open(&b, NULL, &f);
	struct btf_type t = type_of(&f, fresh);
	assert_int_equal(t.kind, 25);
	assert_int_equal(t.tail.n, 20);
	assert_string_equal(btf_name(&t), "fresh");
	t = type_of(&f, last);
	assert_string_equal(btf_name(&t), "after");
	assert_int_equal(btf_size(&f, fresh), -1);
	assert_true(bb_walk(&f) > 0);
	bb_free(&b);
}

static void vlen_has_24_bits(void **state)
{
	struct bb b;
	struct btf f;
	bb_init(&b, *(bool *)*state);
	bb_struct(&b, "wide", 4);
	for (unsigned i = 0; i < 70000; i++)
		bb_member(&b, "", 0, i);
	bb_open(&b, NULL, &f);
	struct btf_type t = type_of(&f, 1);
	assert_int_equal(t.vlen, 70000);
	assert_int_equal(btf_member(&t, 69999).bit_off, 69999);
	bb_free(&b);
}

/* A blob with every kind, to be damaged. */
static void build_all(struct bb *b, bool order)
{
	bb_init(b, order);
	uint32_t i = bb_int(b, "long", 8, 0), p = bb_ptr(b, i), a = bb_array(b, i, 2);
	bb_struct(b, "s", 24);
	bb_member(b, "a", a, 0);
	bb_member(b, "p", p, 128);
	bb_union(b, "u", 8);
	bb_bits(b, "x", i, 0, 5);
	bb_enum(b, "e", 4, true);
	bb_value(b, "A", -1);
	bb_enum64(b, "e64", false);
	bb_value(b, "B", 1);
	bb_fwd(b, "f", false);
	bb_ref(b, BTF_TYPEDEF, "t", i);
	bb_ref(b, BTF_CONST, "", p);
	uint32_t proto = bb_proto(b, i);
	bb_param(b, "x", p);
	bb_func(b, "fn", proto, BTF_GLOBAL);
	uint32_t v = bb_var(b, "v", i, 0);
	bb_datasec(b, ".bss", 8);
	bb_secinfo(b, v, 0, 8);
	bb_type(b, BTF_FLOAT, "float", 0, false, 4);
	bb_decl_tag(b, "d", v, -1);
	bb_type(b, 30, "new", 1, false, 0);
	bb_word(b, 0);
	bb_layout(b, 30, 0, 4);
}

static void survives_truncation(void **state)
{
	struct bb b;
	struct btf f;
	build_all(&b, *(bool *)*state);
	struct span whole = bb_done(&b);
	for (size_t n = 0; n < whole.n; n++) {
		struct err e = {0};
		uint8_t *cut = malloc(n ? n : 1); /* exact, for the sanitizer */
		memcpy(cut, whole.p, n);
		assert_false(btf_open(&f, (struct span){cut, n, false}, NULL, &b.arena, &e));
		assert_true(e.set);
		free(cut);
	}
	bb_free(&b);
}

/* With random bytes changed, it is rejected, or opened and safe to walk. */
static void survives_flips(void **state)
{
	struct bb b;
	uint64_t seed = 42, sum = 0;
	unsigned opened = 0;
	build_all(&b, *(bool *)*state);
	struct span whole = bb_done(&b);
	for (unsigned round = 0; round < 20000; round++) {
		struct arena a = {0};
		struct err e = {0};
		struct btf f;
		uint8_t *p = malloc(whole.n);
		memcpy(p, whole.p, whole.n);
		for (unsigned k = bb_random(&seed) % 4 + 1; k; k--)
			p[bb_random(&seed) % whole.n] = (uint8_t)bb_random(&seed);
		if (btf_open(&f, (struct span){p, whole.n, false}, NULL, &a, &e)) {
			sum += bb_walk(&f);
			opened++;
		} else {
			assert_true(e.set);
		}
		arena_free(&a);
		free(p);
	}
	assert_true(opened > 1000 && opened < 20000 && sum);
	bb_free(&b);
}

/* .BTF.ext: one list of each kind, the function list for two sections. */
struct ext {
	uint8_t bytes[256];
	size_t n;
	bool big;
};

static void ext_word(struct ext *x, uint32_t v)
{
	bytes_put(x->bytes + x->n, 4, x->big, v);
	x->n += 4;
}

static void ext_build(struct ext *x, bool order, uint32_t header, uint32_t one, uint32_t two)
{
	*x = (struct ext){.big = order};
	bytes_put(x->bytes, 2, order, 0xeb9f);
	x->bytes[2] = 1;
	x->n = 4;
	ext_word(x, header);
	const uint32_t func = 4 + (8 + 16) + (8 + 8), line = 4 + 8 + 20, core = 4 + 8 + 16;
	ext_word(x, 0);
	ext_word(x, func);
	ext_word(x, func);
	ext_word(x, line);
	if (header > 24) {
		ext_word(x, func + line);
		ext_word(x, core);
	}
	const uint32_t words[] = {8, one, 2, 0, 11, 8, 12, two, 1, 16, 13, /* functions */
		20, two, 1, 1, 2, 3, 4, 5,                                 /* lines */
		16, one, 1, 24, 7, 9, 2};                                  /* CO-RE */
	for (size_t i = 0; i < (header > 24 ? sizeof words / 4 : 19); i++)
		ext_word(x, words[i]);
}

static bool ext_open(struct btf_ext *out, const struct ext *x, struct err *e)
{
	return btf_ext_open(out, (struct span){x->bytes, x->n, false}, e);
}

static void ext_lists(void **state)
{
	struct bb b;
	struct btf f;
	struct ext x;
	struct btf_ext out;
	struct err e = {0};
	uint32_t size;
	bb_init(&b, *(bool *)*state);
	uint32_t one = bb_string(&b, "xdp"), two = bb_string(&b, ".text");
	bb_open(&b, NULL, &f);
	ext_build(&x, b.big, 32, one, two);
	assert_true(ext_open(&out, &x, &e));
	struct span s = btf_ext_section(&out, BTF_EXT_FUNC, &f, "xdp", &size);
	assert_int_equal(size, 8);
	assert_int_equal(s.n, 16);
	assert_int_equal(span_u32(s, 12), 12);
	s = btf_ext_section(&out, BTF_EXT_FUNC, &f, ".text", &size);
	assert_int_equal(s.n, 8);
	assert_int_equal(span_u32(s, 4), 13);
	s = btf_ext_section(&out, BTF_EXT_LINE, &f, ".text", &size);
	assert_int_equal(size, 20);
	assert_int_equal(span_u32(s, 16), 5);
	s = btf_ext_section(&out, BTF_EXT_LINE, &f, "xdp", &size);
	assert_int_equal(s.n, 0);
	s = btf_ext_section(&out, BTF_EXT_CORE, &f, "xdp", &size);
	assert_int_equal(s.n, 16);
	assert_int_equal(span_u32(s, 8), 9);
	/* Before clang 10 there was no CO-RE list. */
	ext_build(&x, b.big, 24, one, two);
	assert_true(ext_open(&out, &x, &e));
	assert_int_equal(out.rec_size[BTF_EXT_CORE], 0);
	s = btf_ext_section(&out, BTF_EXT_CORE, &f, "xdp", &size);
	assert_int_equal(s.n, 0);
	bb_free(&b);
}

static void ext_refuses(void **state)
{
	static const struct {
		size_t off;
		uint32_t value;
		const char *text;
	} cases[] = {{4, 20, "header length 20"}, {4, 999, "header length 999"},
		{8, 999, "is out of bounds"}, {12, 999, "is out of bounds"}, {12, 43, "truncated"},
		{12, 45, "truncated"}, {32, 7, "records of 7"}, {32, 4, "records of 4"},
		{32, 10, "records of 10"}, {40, 3, "truncated"}, {40, UINT32_MAX, "truncated"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct ext x;
		struct btf_ext out;
		struct err e = {0};
		ext_build(&x, *(bool *)*state, 32, 1, 1);
		bytes_put(x.bytes + cases[i].off, 4, x.big, cases[i].value);
		assert_false(ext_open(&out, &x, &e));
		if (!strstr(e.text, cases[i].text))
			fail_msg("'%s' is not in '%s'", cases[i].text, e.text);
	}
}

static void ext_survives(void **state)
{
	struct ext x;
	struct bb b;
	struct btf f;
	uint64_t seed = 7, seen = 0;
	bb_init(&b, *(bool *)*state);
	uint32_t name = bb_string(&b, "xdp"), size;
	bb_open(&b, NULL, &f);
	for (unsigned round = 0; round < 20000; round++) {
		struct btf_ext out;
		struct err e = {0};
		ext_build(&x, b.big, 32, name, name);
		size_t n = round < x.n ? round : x.n;
		uint8_t *p = malloc(n ? n : 1);
		if (round >= x.n)
			x.bytes[bb_random(&seed) % x.n] = (uint8_t)bb_random(&seed);
		memcpy(p, x.bytes, n);
		bool ok = btf_ext_open(&out, (struct span){p, n, false}, &e);
		assert_true(ok != e.set);
		assert_false(ok && n < x.n);
		for (unsigned what = 0; ok && what < BTF_EXT_LISTS; what++) {
			struct span s = btf_ext_section(&out, what, &f, "xdp", &size);
			for (size_t i = 0; i < s.n; i += 4)
				seen += span_u32(s, i);
		}
		free(p);
	}
	assert_true(seen > 0);
	bb_free(&b);
}

/* The kernel's own BTF, as bpftool reads it: "[5] STRUCT 'name' size=8 vlen=2". */
static struct span slurp(FILE *f)
{
	size_t n = 0, cap = 1 << 20, got;
	uint8_t *p = malloc(cap);
	while ((got = fread(p + n, 1, cap - n, f))) {
		n += got;
		if (n == cap)
			p = realloc(p, cap *= 2);
	}
	return (struct span){p, n, false};
}

static void compare_line(const struct btf *f, const char *line)
{
	static const char *const kinds[BTF_KINDS] = {"", "INT", "PTR", "ARRAY", "STRUCT", "UNION",
		"ENUM", "FWD", "TYPEDEF", "VOLATILE", "CONST", "RESTRICT", "FUNC", "FUNC_PROTO",
		"VAR", "DATASEC", "FLOAT", "DECL_TAG", "TYPE_TAG", "ENUM64"};
	unsigned id, value;
	char kind[16], name[512];
	assert_int_equal(sscanf(line, "[%u] %15s '%511[^']'", &id, kind, name), 3);
	struct btf_type t = type_of(f, id);
	assert_true(t.kind < BTF_KINDS);
	assert_string_equal(kinds[t.kind], kind);
	assert_string_equal(*btf_name(&t) ? btf_name(&t) : "(anon)", name);
	const char *p = strstr(line, "' ");
	const char *size = p ? strstr(p, " size=") : NULL, *vlen = p ? strstr(p, " vlen=") : NULL;
	const char *type = p ? strstr(p, " type_id=") : NULL;
	if (size && sscanf(size, " size=%u", &value) == 1)
		assert_int_equal(t.size, value);
	if (vlen && sscanf(vlen, " vlen=%u", &value) == 1)
		assert_int_equal(t.vlen, value);
	if (type && sscanf(type, " type_id=%u", &value) == 1)
		assert_int_equal(t.type, value);
}

static void compare_part(const struct btf *f, uint32_t id, uint32_t part, const char *line)
{
	struct btf_type t = type_of(f, id);
	unsigned type, off;
	long long value;
	char name[512];
	if (sscanf(line, "\t'%511[^']' type_id=%u bits_offset=%u", name, &type, &off) == 3) {
		struct btf_member m = btf_member(&t, part);
		assert_string_equal(*m.name ? m.name : "(anon)", name);
		assert_int_equal(m.type, type);
		assert_int_equal(m.bit_off, off);
		const char *bits = strstr(line, "bitfield_size=");
		assert_int_equal(m.bit_size, bits ? atoi(bits + 14) : 0);
	} else if (sscanf(line, "\t'%511[^']' val=%lld", name, &value) == 2) {
		struct btf_enumerator v = btf_enumerator(&t, part);
		assert_string_equal(v.name, name);
		assert_true(v.value ==
			    (t.kind == BTF_ENUM64 && !t.kflag
					    ? (int64_t)strtoull(strstr(line, "val=") + 4, NULL, 10)
					    : value));
	}
}

static void agrees_with_bpftool(void **state)
{
	const char *path = "/sys/kernel/btf/vmlinux";
	(void)state;
	FILE *file = fopen(path, "rb");
	if (!file || system("command -v bpftool >/dev/null 2>&1")) {
		print_message("# skipped: no %s or no bpftool\n", path);
		if (file)
			fclose(file);
		skip();
	}
	struct span data = slurp(file);
	fclose(file);
	struct arena a = {0};
	struct err e = {0};
	struct btf f;
	if (!btf_open(&f, data, NULL, &a, &e))
		fail_msg("%s", e.text);
	char *line = NULL, command[128];
	size_t cap = 0;
	uint32_t id = 0, part = 0, parts = 0;
	snprintf(command, sizeof command, "bpftool btf dump file %s", path);
	FILE *dump = popen(command, "r");
	assert_non_null(dump);
	while (getline(&line, &cap, dump) > 0) {
		if (line[0] == '[') {
			compare_line(&f, line);
			id++;
			part = 0;
			assert_int_equal(atoi(line + 1), id);
		} else {
			compare_part(&f, id, part++, line);
			parts++;
		}
	}
	assert_int_equal(pclose(dump), 0);
	assert_int_equal(id, f.end - 1);
	assert_true(id > 1000 && parts > id / 2);
	assert_true(a.used < 64 * 1024);
	free(line);
	free((void *)data.p);
	arena_free(&a);
}

static void sets_of_kinds(void **state)
{
	(void)state;
	static const uint32_t modifiers = 1u << BTF_TYPEDEF | 1u << BTF_CONST | 1u << BTF_VOLATILE |
	                                  1u << BTF_RESTRICT | 1u << BTF_TYPE_TAG;
	assert_int_equal(BTF_MODIFIERS, modifiers);
	assert_int_equal(BTF_ENUMS, 1u << BTF_ENUM | 1u << BTF_ENUM64);
	assert_int_equal(BTF_COMPOSITES, 1u << BTF_STRUCT | 1u << BTF_UNION);
	assert_int_equal(BTF_VALUES & BTF_SIZED, BTF_VALUES);
	assert_int_equal(BTF_SIZED & ~BTF_VALUES, 1u << BTF_DATASEC);
	assert_int_equal(BTF_SIZED & BTF_REFERRING, 0);
	assert_int_equal(BTF_NAMED & BTF_NAMELESS, 0);
	assert_true(btf_kind_in(BTF_ENUM64, BTF_ENUMS));
	assert_false(btf_kind_in(BTF_KINDS, UINT32_MAX));
	assert_false(btf_kind_in(64, UINT32_MAX));
	assert_int_equal(BTF_ENUM64, 19); /* the number in the kernel's ABI */
	assert_string_equal(btf_kinds[BTF_FUNC_PROTO].token, "func_proto");
	assert_string_equal(btf_kind_name(BTF_ENUM64), "enum");
	assert_non_null(btf_kind_name(BTF_KINDS));
	assert_int_equal(btf_kinds[BTF_TYPE_TAG].since, 0x0511);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_of_kinds),
		BOTH(decodes_every_kind),
		BOTH(ids_beyond_the_last),
		BOTH(walk_and_lookup_agree),
		BOTH(lazy_and_eager_agree),
		BOTH(names_are_found),
		BOTH(unreadable_pages_are_named),
		BOTH(lazy_stops_at_broken_records),
		BOTH(split_continues_its_base),
		BOTH(sizes),
		BOTH(skipping_ends),
		BOTH(pointer_size_follows_long),
		BOTH(spelling),
		BOTH(refuses_broken_headers),
		BOTH(refuses_broken_records),
		BOTH(layout_steps_over_new_kinds),
		BOTH(vlen_has_24_bits),
		BOTH(survives_truncation),
		BOTH(survives_flips),
		BOTH(ext_lists),
		BOTH(ext_refuses),
		BOTH(ext_survives),
		cmocka_unit_test(agrees_with_bpftool),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
