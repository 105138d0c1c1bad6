/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Legacy map definitions: the plain layout and that of iproute2, from C without -g, and invalid
 * ones from files built by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "btf_build.h"
#include "elf_build.h"
#include "objects.h"

static bool little = false, big = true;

#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* ---- from C ---- */

struct opened {
	struct span bytes;
	struct arena arena;
	struct object o;
};

static void open_source(struct opened *t, const char *source, bool order, const char *flags)
{
	struct err e = {0};
	*t = (struct opened){.bytes = object_compile(source, order, flags)};
	if (!object_open(&t->o, "x.bpf.o", t->bytes, &t->arena, &e))
		fail_msg("%s", e.text);
}

static void done(struct opened *t)
{
	arena_free(&t->arena);
	free((void *)(uintptr_t)t->bytes.p);
}

static const struct obj_map *map_of(const struct object *o, const char *name)
{
	for (size_t i = 0; i < o->n_maps; i++)
		if (!strcmp(o->maps[i].name, name))
			return &o->maps[i];
	fail_msg("there is no map '%s'", name);
	return NULL;
}

static void is_map(const struct obj_map *m, uint32_t type, uint32_t key, uint32_t value,
	uint32_t entries, uint32_t flags)
{
	assert_int_equal(m->kind, OBJ_MAP_DECLARED);
	assert_int_equal(m->map_type, type);
	assert_int_equal(m->key_size, key);
	assert_int_equal(m->value_size, value);
	assert_int_equal(m->max_entries, entries);
	assert_int_equal(m->map_flags, flags);
}

/* Code refers to a map by its symbol. */
static void plain(void **state)
{
	static const char source[] =
		"struct bpf_map_def { unsigned type, key_size, value_size, max_entries, flags; };\n"
		"struct bpf_map_def SEC(\"maps\") counts = { BPF_MAP_TYPE_HASH, 4, 8, 100, 1 };\n"
		"struct bpf_map_def SEC(\"maps\") rest = { BPF_MAP_TYPE_ARRAY, 4, 16, 3 };\n"
		"SEC(\"raw_tp/x\") int f(void *c) {\n"
		"    int k = 0; return bpf_map_lookup_elem(&rest, &k) != 0; }\n";
	for (int i = 0; i < 2; i++) { /* the same with types */
		struct opened t;
		struct plan p;
		struct arena a = {0};
		struct err e = {0};
		open_source(&t, source, *(bool *)*state, i ? "-g" : "");
		assert_int_equal(t.o.n_maps, 2);
		is_map(map_of(&t.o, "counts"), 1, 4, 8, 100, 1);
		is_map(map_of(&t.o, "rest"), 2, 4, 16, 3, 0);
		assert_false(t.o.maps[0].pinned || t.o.maps[0].inner || t.o.maps[0].n_slots);
		if (!object_plan(&p, t.bytes, NULL, &a, &e))
			fail_msg("%s", e.text);
		char *text = text_of_plan(&p);
		assert_non_null(strstr(text, "map 'rest'"));
		free(text);
		arena_free(&a);
		done(&t);
	}
}

/* A section per map: early aya, redbpf. */
static void one_section_each(void **state)
{
	struct opened t;
	open_source(&t,
		"struct bpf_map_def { unsigned type, key_size, value_size, max_entries, flags, "
		"id,\n"
		"    pinning; };\n"
		"struct bpf_map_def SEC(\"maps/counts\") counts = { BPF_MAP_TYPE_HASH, 4, 8, 100, "
		"1 };\n"
		"struct bpf_map_def SEC(\"maps/rest\") rest = { BPF_MAP_TYPE_ARRAY, 4, 16, 3, 0, "
		"0, 1 };\n"
		"int mapsize SEC(\".data.maps\") = 7;\n",
		*(bool *)*state, "");
	assert_int_equal(t.o.n_maps, 3);
	is_map(map_of(&t.o, "counts"), 1, 4, 8, 100, 1);
	is_map(map_of(&t.o, "rest"), 2, 4, 16, 3, 0);
	assert_true(map_of(&t.o, "rest")->pinned);
	assert_int_not_equal(t.o.maps[0].section, t.o.maps[1].section);
	assert_ptr_equal(
		object_map_at(&t.o, map_of(&t.o, "rest")->section, 0), map_of(&t.o, "rest"));
	done(&t);
}

/* Variables whose types have parameters, as Rust names them. */
static void types_by_parameters(void **state)
{
	static const struct {
		const char *type;
		uint32_t map_type;
		const char *key, *value;
	} cases[] = {{"HashMap<u32, a::b::Stat>", 1, "u32", "Stat"},
		{"HashMap<u64, u32>", 1, "", ""}, /* other sizes */
		{"HashMap<a::Pair<a::X, (u8, u8)>, Stat>", 1, "Pair<a::X, (u8, u8)>", "Stat"},
		{"HashMap<fn(u8) -> u32, Stat>", 1, "", "Stat"}, {"Array<Stat>", 2, "", "Stat"},
		{"PerfEventArray<Stat>", 4, "", ""}, {"Array<", 2, "", ""}, {"Array<>", 2, "", ""},
		{"HashMap<u32", 1, "", ""}, {"bpf_map_def", 1, "", ""}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool order = *(bool *)*state;
		uint8_t def[28] = {0};
		struct eb b;
		struct bb types;
		struct opened t = {0};
		struct err e = {0};
		struct btf_type key, value;
		bb_init(&types, order);
		bb_int(&types, "u32", 4, 0);
		bb_int(&types, "u64", 8, 0);
		bb_struct(&types, "Stat", 12); /* another one of that name */
		bb_struct(&types, "Stat", 16);
		bb_struct(&types, "Pair<a::X, (u8, u8)>", 4);
		bb_var(&types, "m", bb_struct(&types, cases[i].type, 28), BTF_GLOBAL);
		bytes_put(def, 4, order, cases[i].map_type);
		bytes_put(def + 4, 4, order, 4);
		bytes_put(def + 8, 4, order, 16);
		eb_init(&b, order);
		struct span btf = bb_done(&types);
		eb_section(&b, ".BTF", ELF_PROGBITS, 0, btf.p, btf.n);
		uint32_t maps = eb_section(&b, "maps", ELF_PROGBITS, ELF_ALLOC, def, sizeof def);
		eb_symbol(&b, "m", ELF_OBJECT, ELF_GLOBAL, maps, 0, sizeof def);
		if (!object_open(&t.o, "x", eb_done(&b), &t.arena, &e))
			fail_msg("%s", e.text);
		const struct obj_map *m = map_of(&t.o, "m");
		btf_type(&t.o.btf, m->key_type, &key);
		btf_type(&t.o.btf, m->value_type, &value);
		if (strcmp(btf_name(&key), cases[i].key) ||
			strcmp(btf_name(&value), cases[i].value))
			fail_msg("%s: '%s', '%s'", cases[i].type, btf_name(&key), btf_name(&value));
		assert_true(!m->value_type || value.size == 16);
		arena_free(&t.arena);
		bb_free(&types);
		eb_free(&b);
	}
}

static void iproute2(void **state)
{
	static struct opened t;
	open_source(&t,
		"struct bpf_elf_map { unsigned type, size_key, size_value, max_elem, flags, id,\n"
		"    pinning, inner_id; int inner_idx; };\n"
		"#define MAP struct bpf_elf_map SEC(\"maps\")\n"
		"MAP global = { BPF_MAP_TYPE_HASH, 4, 8, 100, .pinning = 2 };\n"
		"MAP local = { BPF_MAP_TYPE_HASH, 4, 8, 100, .pinning = 1 };\n"
		"MAP no_pin = { BPF_MAP_TYPE_HASH, 4, 8, 100, .id = 7 };\n"
		"MAP outer = { BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, 4, 5, .inner_id = 9 };\n"
		"MAP shape = { BPF_MAP_TYPE_ARRAY, 4, 32, 2, .id = 9, .inner_idx = -1 };\n"
		"MAP second = { BPF_MAP_TYPE_ARRAY, 4, 32, 2, .id = 9, .inner_idx = 3 };\n"
		"MAP third = { BPF_MAP_TYPE_ARRAY, 4, 32, 2, .id = 9, .inner_idx = 4 };\n",
		*(bool *)*state, "");
	assert_int_equal(t.o.n_maps, 7);
	assert_true(map_of(&t.o, "global")->pinned);
	assert_true(map_of(&t.o, "local")->pinned);
	assert_false(map_of(&t.o, "no_pin")->pinned);
	const struct obj_map *outer = map_of(&t.o, "outer");
	is_map(outer, 12, 4, 4, 5, 0);
	assert_non_null(outer->inner);
	is_map(outer->inner, 2, 4, 32, 2, 0);
	assert_int_equal(outer->n_slots, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_null(outer->slots[i].func);
		const struct obj_map *in = &t.o.maps[outer->slots[i].map];
		assert_int_equal(outer->slots[i].index, 3 + i);
		assert_ptr_equal(in, map_of(&t.o, i ? "third" : "second"));
	}
	assert_null(map_of(&t.o, "shape")->inner);
	done(&t);
}

/* ---- by hand ---- */

struct defs {
	struct eb b;
	uint32_t section;
	bool big;
};

static void begin(struct defs *d, bool order)
{
	d->big = order;
	eb_init(&d->b, order);
	d->section = eb_section(&d->b, "maps", ELF_PROGBITS, 3, NULL, 0);
}

/* Appends a definition of n words, starting with the type, and its symbol. */
static void add(struct defs *d, const char *name, const uint32_t *words, size_t n, uint64_t at)
{
	uint8_t bytes[64];
	for (size_t i = 0; i < n; i++)
		bytes_put(bytes + i * 4, 4, d->big, words[i]);
	eb_bytes(&d->b, d->section, bytes, n * 4);
	eb_symbol(&d->b, name, ELF_OBJECT, ELF_GLOBAL, d->section, at, n * 4);
}

static void refused(struct defs *d, const char *why)
{
	struct object o;
	struct arena a = {0};
	struct err e = {0};
	assert_false(object_open(&o, "x.bpf.o", eb_done(&d->b), &a, &e));
	assert_string_equal(e.text, why);
	arena_free(&a);
	eb_free(&d->b);
}

static void sizes(void **state)
{
	struct defs d;
	const uint32_t words[16] = {1, 4, 8, 100};
	/* Longer definitions are accepted if the unknown rest is zero. */
	for (size_t n = 5; n <= 16; n++) {
		struct object o;
		struct arena a = {0};
		struct err e = {0};
		begin(&d, *(bool *)*state);
		add(&d, "one", words, n, 0);
		add(&d, "two", words, n, n * 4);
		eb_symbol(&d.b, "", ELF_SECTION, ELF_LOCAL, d.section, 0, 0);
		if (!object_open(&o, "x.bpf.o", eb_done(&d.b), &a, &e))
			fail_msg("%zu words: %s", n, e.text);
		assert_int_equal(o.n_maps, 2);
		is_map(map_of(&o, "two"), 1, 4, 8, 100, 0);
		assert_int_equal(map_of(&o, "two")->off, n * 4);
		arena_free(&a);
		eb_free(&d.b);
	}
	begin(&d, *(bool *)*state);
	add(&d, "one", words, 4, 0);
	refused(&d, "x.bpf.o: section 'maps': 16 bytes are not 1 map definitions");
	begin(&d, *(bool *)*state);
	add(&d, "one", words, 5, 0);
	add(&d, "two", words, 6, 20);
	refused(&d, "x.bpf.o: section 'maps': 44 bytes are not 2 map definitions");
	begin(&d, *(bool *)*state);
	eb_bytes(&d.b, d.section, words, 20);
	refused(&d, "x.bpf.o: section 'maps': 20 bytes are not 0 map definitions");
}

static void wrong(void **state)
{
	struct defs d;
	bool order = *(bool *)*state;
	const uint32_t none[5] = {0, 4, 8, 100}, good[9] = {1, 4, 8, 100};
	const uint32_t longer[11] = {1, 4, 8, 100, [10] = 1};
	const uint32_t lonely[9] = {12, 4, 4, 5, [7] = 6}, itself[9] = {12, 4, 4, 5, 0, 6, 0, 6};
	begin(&d, order);
	add(&d, "m", none, 5, 0);
	refused(&d, "x.bpf.o: map 'm': its type is 0");
	begin(&d, order);
	add(&d, "m", longer, 11, 0);
	refused(&d, "x.bpf.o: map 'm': unknown field at byte 40 of its definition");
	begin(&d, order);
	add(&d, "m", lonely, 9, 0);
	refused(&d, "x.bpf.o: map 'm': there is no map with its inner_id 6");
	begin(&d, order);
	add(&d, "m", itself, 9, 0); /* not an inner map of itself */
	refused(&d, "x.bpf.o: map 'm': there is no map with its inner_id 6");
	const uint64_t places[] = {4, 37, 72, UINT64_MAX - 35};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		begin(&d, order);
		add(&d, "one", good, 9, 0);
		add(&d, "two", good, 9, places[i]);
		refused(&d, "x.bpf.o: section 'maps': 'two' is not at the start of a definition");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(plain),
		BOTH(one_section_each),
		BOTH(types_by_parameters),
		BOTH(iproute2),
		BOTH(sizes),
		BOTH(wrong),
	};
	return cmocka_run_group_tests_name("map_legacy", tests, NULL, NULL);
}
