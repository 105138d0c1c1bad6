/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The contents of an object: maps, data sections, programs, license. The input is C compiled here,
 * and files built by hand that no compiler emits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "btf_build.h"
#include "elf_build.h"
#include "objects.h"

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

enum {
	ARRAY = 2,
	HASH = 1,
	RINGBUF = 27,
	RDONLY_PROG = 1 << 7,
	MMAPABLE = 1 << 10,
	NUMA_NODE = 1 << 2
};

/* An object and everything it is built from. */
struct opened {
	struct span bytes;
	struct arena arena;
	struct object o;
	struct err e;
	bool ok;
};

static void open_bytes(struct opened *t, struct span bytes)
{
	*t = (struct opened){.bytes = bytes};
	t->ok = object_open(&t->o, "dir/x.bpf.o", bytes, &t->arena, &t->e);
}

static void compile(struct opened *t, const char *source, bool order, const char *flags)
{
	open_bytes(t, object_compile(source, order, flags));
}

static void must_compile(struct opened *t, const char *source, bool order)
{
	compile(t, source, order, "-g");
	if (!t->ok)
		fail_msg("%s", t->e.text);
}

static void done(struct opened *t)
{
	free((void *)(uintptr_t)t->bytes.p);
	arena_free(&t->arena);
}

static const struct obj_map *map_of(const struct opened *t, const char *name)
{
	for (size_t i = 0; i < t->o.n_maps; i++)
		if (!strcmp(t->o.maps[i].name, name))
			return &t->o.maps[i];
	fail_msg("there is no map '%s'", name);
	return NULL;
}

static const struct obj_func *func_of(const struct opened *t, const char *name)
{
	for (size_t i = 0; i < t->o.n_funcs; i++)
		if (!strcmp(t->o.funcs[i].name, name))
			return &t->o.funcs[i];
	fail_msg("there is no function '%s'", name);
	return NULL;
}

/* ---- map definitions ---- */

static const char many_maps[] =
	"struct pair { __u32 a, b; __u64 c; };\n"
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1000);\n"
	"	 __type(key, __u32); __type(value, struct pair); } typed SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 3);\n"
	"	 __uint(key_size, 4); __uint(value_size, 24); } sized SEC(\".maps\");\n"
	"static struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(map_flags, BPF_F_NUMA_NODE);\n"
	"	 __uint(numa_node, 2); __uint(max_entries, 7); __type(key, const volatile __u16);\n"
	"	 __uint(key_size, 2); __type(value, char[5]); __uint(value_size, 5);\n"
	"	 __uint(pinning, LIBBPF_PIN_BY_NAME); } private SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096);\n"
	"	 __uint(pinning, LIBBPF_PIN_NONE); } ring SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __ulong(map_extra, 0x12345678);\n"
	"	 __type(value, struct pair *); } wide SEC(\".maps\");\n"
	"typedef struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); } shape;\n"
	"shape one SEC(\".maps\"), two SEC(\".maps\");\n"
	"SEC(\"tp/a/b\") int f(void *ctx) { return 0; }\n";

static void reads_every_attribute(void **state)
{
	struct opened t;
	must_compile(&t, many_maps, *(bool *)*state);
	assert_int_equal(t.o.n_maps, 7);
	const struct obj_map *m = map_of(&t, "typed");
	assert_int_equal(m->kind, OBJ_MAP_DECLARED);
	assert_int_equal(m->map_type, HASH);
	assert_int_equal(m->max_entries, 1000);
	assert_int_equal(m->key_size, 4);
	assert_int_equal(m->value_size, 16);
	assert_int_equal(btf_size(&t.o.btf, m->key_type), 4);
	assert_int_equal(btf_size(&t.o.btf, m->value_type), 16);
	assert_false(m->pinned);
	assert_int_equal(m->map_flags, 0);
	assert_int_equal(m->init.n, 0);
	assert_false(m->read_only);
	m = map_of(&t, "sized");
	assert_int_equal(m->key_size, 4);
	assert_int_equal(m->value_size, 24);
	assert_int_equal(m->key_type + m->value_type, 0);
	m = map_of(&t, "private");
	assert_int_equal(m->map_flags, NUMA_NODE);
	assert_int_equal(m->numa_node, 2);
	assert_int_equal(m->key_size, 2);
	assert_int_equal(m->value_size, 5);
	assert_true(m->pinned);
	m = map_of(&t, "ring");
	assert_int_equal(m->map_type, RINGBUF);
	assert_int_equal(m->key_size + m->value_size, 0);
	assert_false(m->pinned);
	m = map_of(&t, "wide");
	assert_int_equal(m->map_extra, 0x12345678);
	assert_int_equal(m->value_size, 8);
	done(&t);
}

/* As in Rust: identified by name, the definition wrapped in a struct or two, markers, zero-sized
 * keys. */
static void wrapped_definitions(void **state)
{
	struct opened t;
	must_compile(&t,
		"struct none {};\n"
		"struct def { __uint(type, BPF_MAP_TYPE_HASH); __type(key, int); __type(value, "
		"long);\n"
		"	 __uint(max_entries, 7); struct none marker; };\n"
		"struct cell { struct def value; };\n"
		"struct { struct none first; struct cell inner; struct none last; } m "
		"SEC(\".maps\");\n"
		"struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096);\n"
		"	 __type(key, struct none); __uint(value_size, 0); } ring SEC(\".maps\");\n"
		"SEC(\"tp/a/b\") int f(void *ctx) { return 0; }\n",
		*(bool *)*state);
	assert_int_equal(t.o.n_maps, 2);
	const struct obj_map *m = map_of(&t, "m");
	assert_int_equal(m->map_type, HASH);
	assert_int_equal(m->max_entries, 7);
	assert_int_equal(m->key_size, 4);
	assert_int_equal(btf_size(&t.o.btf, m->value_type), 8);
	m = map_of(&t, "ring");
	assert_int_equal(m->map_type, RINGBUF);
	assert_int_equal(m->key_size + m->value_size + m->key_type, 0);
	done(&t);
	compile(&t,
		"struct def { __uint(type, 1); };\n"
		"struct { struct def a, b; } m SEC(\".maps\");\n"
		"SEC(\"tp/a/b\") int f(void *ctx) { return 0; }",
		*(bool *)*state, "-g");
	assert_false(t.ok);
	assert_non_null(strstr(t.e.text, "map 'm': unknown map attribute 'a'"));
	done(&t);
}

/* Rust again: two sections .maps with different flags, and BTF that describes only one. */
static void two_sections_of_maps(void **state)
{
	bool order = *(bool *)*state;
	struct eb b;
	struct bb types;
	struct opened t = {0};
	struct image image;
	struct btf out;
	bb_init(&types, order);
	uint32_t in = bb_int(&types, "int", 4, BTF_INT_SIGNED), array = bb_array(&types, in, HASH);
	uint32_t type = bb_ptr(&types, array), def = bb_struct(&types, "", 8);
	bb_member(&types, "type", type, 0);
	uint32_t one = bb_var(&types, "one", def, BTF_GLOBAL);
	uint32_t two = bb_var(&types, "two", def, BTF_GLOBAL);
	uint32_t sec = bb_datasec(&types, ".maps", 0);
	bb_secinfo(&types, one, 0, 8);
	bb_secinfo(&types, two, 0, 8);
	eb_init(&b, order);
	struct span btf = bb_done(&types);
	eb_section(&b, ".BTF", ELF_PROGBITS, 0, btf.p, btf.n);
	uint32_t first = eb_section(&b, ".maps", ELF_PROGBITS, ELF_ALLOC, NULL, 8);
	uint32_t second = eb_section(&b, ".maps", ELF_PROGBITS, ELF_ALLOC | 1, NULL, 8);
	eb_symbol(&b, "two", ELF_OBJECT, ELF_GLOBAL, first, 0, 8);
	eb_symbol(&b, "one", ELF_OBJECT, ELF_GLOBAL, second, 0, 8);
	assert_true(object_open(&t.o, "x", eb_done(&b), &t.arena, &t.e));
	assert_int_equal(t.o.n_maps, 2);
	assert_int_equal(map_of(&t, "one")->section, second);
	assert_int_equal(map_of(&t, "two")->section, first);
	assert_ptr_equal(object_map_at(&t.o, second, 4), map_of(&t, "one"));
	assert_true(image_link(&image, &t.o, &(struct link_options){0}, &t.e));
	assert_true(btf_open(&out, image.btf, NULL, &t.arena, &t.e));
	struct btf_type s;
	btf_type(&out, sec, &s);
	assert_int_equal(s.size, 24);
	assert_int_equal(btf_secinfo(&s, 0).type, two);
	assert_int_equal(btf_secinfo(&s, 1).type, one);
	assert_int_equal(btf_secinfo(&s, 1).offset, 16);
	arena_free(&t.arena);
	bb_free(&types);
	eb_free(&b);
}

/* clang emits 64-bit enums as such since version 15; before, it truncates the value. */
static void numbers_of_64_bits(void **state)
{
	bool order = *(bool *)*state;
	for (int old = 0; old < 3; old++) {
		struct eb b;
		struct bb types;
		struct opened t = {0};
		bb_init(&types, order);
		uint32_t in = bb_int(&types, "int", 4, BTF_INT_SIGNED);
		uint32_t type = bb_ptr(&types, bb_array(&types, in, HASH));
		uint32_t number =
			old == 1 ? bb_enum(&types, "", 8, false) : bb_enum64(&types, "", false);
		bb_value(&types, "A", 0x123456789a);
		uint32_t def = bb_struct(&types, "", 16);
		bb_member(&types, "type", type, 0);
		bb_member(&types, old == 2 ? "max_entries" : "map_extra", number, 64);
		uint32_t var = bb_var(&types, "m", def, BTF_GLOBAL);
		bb_datasec(&types, ".maps", 0);
		bb_secinfo(&types, var, 0, 16);
		eb_init(&b, order);
		struct span btf = bb_done(&types);
		eb_section(&b, ".BTF", ELF_PROGBITS, 0, btf.p, btf.n);
		uint32_t maps = eb_section(&b, ".maps", ELF_PROGBITS, 3, NULL, 16);
		eb_symbol(&b, "m", ELF_OBJECT, ELF_GLOBAL, maps, 0, 16);
		t.ok = object_open(&t.o, "x", eb_done(&b), &t.arena, &t.e);
		assert_int_equal(t.ok, !old);
		if (old == 2)
			assert_string_equal(t.e.text, "x: map 'm': attribute 'max_entries': "
						      "78187493530 does not fit into 32 bits");
		else if (old)
			assert_string_equal(t.e.text, "x: map 'm': attribute 'map_extra': the "
						      "compiler truncated its value to 32 bits");
		else
			assert_true(map_of(&t, "m")->map_extra == 0x123456789a);
		arena_free(&t.arena);
		bb_free(&types);
		eb_free(&b);
	}
}

/* BTF has their names, the symbols have their offsets. */
static void maps_are_where_their_symbols_are(void **state)
{
	struct opened t;
	must_compile(&t, many_maps, *(bool *)*state);
	uint32_t maps = elf_find(&t.o.elf, ".maps");
	uint64_t size = 0;
	for (size_t i = 0; i < t.o.n_maps; i++) {
		const struct obj_map *m = &t.o.maps[i];
		assert_int_equal(m->section, maps);
		assert_true(m->size > 0);
		size += m->size;
		assert_ptr_equal(object_map_at(&t.o, maps, m->off), m);
		assert_ptr_equal(object_map_at(&t.o, maps, m->off + m->size - 1), m);
		assert_ptr_not_equal(object_map_at(&t.o, maps, m->off + m->size), m);
		assert_null(object_map_at(&t.o, maps + 1, m->off));
	}
	assert_true(size <= t.o.elf.sections[maps].size);
	assert_int_equal(map_of(&t, "two")->size, map_of(&t, "one")->size);
	assert_int_not_equal(map_of(&t, "two")->off, map_of(&t, "one")->off);
	done(&t);
}

static void refuses_wrong_definitions(void **state)
{
	static const struct {
		const char *members, *says, *hint;
	} cases[] = {
		{"__uint(max_entries, 1);", "map 'm': attribute 'type' is missing", ""},
		{"__uint(type, 1); __uint(max_entriess, 1);",
			"map 'm': unknown map attribute 'max_entriess'",
			"known attributes: type, key, value, key_size"},
		{"__uint(type, 1); __type(key, int); __uint(key_size, 8);",
			"map 'm': attribute 'key_size' is 8, but the type of 'key' has 4 bytes",
			""},
		{"__uint(type, 1); __uint(key_size, 8); __type(key, int);",
			"map 'm': attribute 'key' has 4 bytes, but key_size is 8", ""},
		{"__uint(type, 1); __type(value, long); __uint(value_size, 4);",
			"map 'm': attribute 'value_size' is 4, but the type of 'value' has 8 bytes",
			""},
		{"__uint(type, 1); __uint(value_size, 1); __type(value, short);",
			"map 'm': attribute 'value' has 2 bytes, but value_size is 1", ""},
		{"__uint(type, 1); __type(key, void);",
			"map 'm': attribute 'key': its type has no size", ""},
		{"__uint(type, 1); __type(value, struct unknown);",
			"map 'm': attribute 'value': its type has no size", ""},
		{"__uint(type, 1); int key;", "map 'm': attribute 'key' is not a pointer to a type",
			""},
		{"int type;", "map 'm': attribute 'type' is not a number (use __uint)", ""},
		{"int *type;", "map 'm': attribute 'type' is not a number (use __uint)", ""},
		{"__uint(type, 1); enum { A = 1, B } map_extra;",
			"map 'm': attribute 'map_extra' is not a number (use __uint)", ""},
		{"__uint(type, 1); __uint(pinning, 2);",
			"map 'm': attribute 'pinning': unknown value 2", ""},
		{"__uint(type, 1); int pinning;", "map 'm': attribute 'pinning': unknown value",
			""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct opened t;
		char source[512];
		snprintf(source, sizeof source,
			"struct { %s } m SEC(\".maps\");\n"
			"SEC(\"tp/a/b\") int f(void *ctx) { return 0; }",
			cases[i].members);
		compile(&t, source, i & 1, "-g");
		if (t.ok || strncmp(t.e.text, "dir/x.bpf.o: ", 13) ||
			strncmp(t.e.text + 13, cases[i].says, strlen(cases[i].says)) ||
			strncmp(t.e.hint, cases[i].hint, strlen(cases[i].hint)))
			fail_msg("%s: %s '%s' (hint '%s')", cases[i].members,
				t.ok ? "accepted" : "", t.e.text, t.e.hint);
		done(&t);
	}
}

static void refuses_maps_that_cant_be_read(void **state)
{
	static const char some[] = "struct { __uint(type, 1); } m SEC(\".maps\");\n"
				   "SEC(\"tp/a/b\") int f(void *ctx) { return 0; }";
	struct opened t;
	compile(&t, some, *(bool *)*state, "");
	assert_false(t.ok);
	assert_string_equal(t.e.text,
		"dir/x.bpf.o: section '.maps': the object has no BTF, which defines its maps");
	assert_non_null(strstr(t.e.hint, "compile with -g"));
	done(&t);

	compile(&t,
		"struct { int type, key_size; } m SEC(\"maps\") = {1, 4};\n"
		"SEC(\"tp/a/b\") int f(void *ctx) { return 0; }",
		*(bool *)*state, "-g");
	assert_false(t.ok);
	assert_string_equal(
		t.e.text, "dir/x.bpf.o: section 'maps': 8 bytes are not 1 map definitions");
	done(&t);

	compile(&t, "int m SEC(\".maps\"); SEC(\"tp/a/b\") int f(void *ctx) { return 0; }",
		*(bool *)*state, "-g");
	assert_false(t.ok);
	assert_string_equal(t.e.text, "dir/x.bpf.o: map 'm': its definition is not a struct");
	done(&t);
}

/* Types and symbols that do not match. */
static void refuses_maps_without_symbols(void **state)
{
	struct eb b;
	struct bb types;
	struct opened t;
	bool order = *(bool *)*state;
	bb_init(&types, order);
	uint32_t def = bb_struct(&types, "", 8);
	uint32_t var = bb_var(&types, "m", def, BTF_GLOBAL);
	bb_datasec(&types, ".maps", 0);
	bb_secinfo(&types, var, 0, 8);
	bb_secinfo(&types, def, 0, 8);
	for (int with = 0; with < 2; with++) {
		eb_init(&b, order);
		struct span btf = bb_done(&types);
		eb_section(&b, ".BTF", ELF_PROGBITS, 0, btf.p, btf.n);
		uint32_t maps = eb_section(&b, ".maps", ELF_PROGBITS, 3, NULL, 8);
		eb_symbol(&b, with ? "m" : "n", with ? ELF_SECTION : ELF_OBJECT, ELF_GLOBAL, maps,
			0, 8);
		*(&t) = (struct opened){0};
		assert_false(object_open(&t.o, "x", eb_done(&b), &t.arena, &t.e));
		assert_string_equal(t.e.text, "x: map 'm': has BTF but no symbol");
		arena_free(&t.arena);
		eb_free(&b);
	}
	bb_free(&types);
}

/* ---- initial contents of maps ---- */

static const char nested[] =
	"struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 5);\n"
	"	 __type(key, int); __type(value, long); };\n"
	"struct inner one SEC(\".maps\"), two SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(max_entries, 8);\n"
	"	 __uint(key_size, 4); __array(values, struct inner); } outer SEC(\".maps\") =\n"
	"	{ .values = { [1] = &one, [6] = &two } };\n"
	"SEC(\"tp/a/b\") int f(void *ctx) { return 0; }\n"
	"SEC(\"tp/a/c\") int g(void *ctx) { return 0; }\n"
	"struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 4);\n"
	"	 __uint(key_size, 4); __array(values, int(void *)); } jumps SEC(\".maps\") =\n"
	"	{ .values = { [0] = (void *)&g, [3] = (void *)&f } };\n";

static void initial_elements(void **state)
{
	struct opened t;
	must_compile(&t, nested, *(bool *)*state);
	const struct obj_map *m = map_of(&t, "outer");
	assert_int_equal(m->value_size, 4);
	assert_non_null(m->inner);
	assert_int_equal(m->inner->map_type, ARRAY);
	assert_int_equal(m->inner->max_entries, 5);
	assert_int_equal(m->inner->key_size, 4);
	assert_int_equal(m->inner->value_size, 8);
	assert_int_equal(m->n_slots, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct obj_slot *s = &m->slots[i];
		assert_true(s->index == 1 || s->index == 6);
		assert_ptr_equal(&t.o.maps[s->map], map_of(&t, s->index == 1 ? "one" : "two"));
		assert_null(s->func);
	}
	m = map_of(&t, "jumps");
	assert_null(m->inner);
	assert_int_equal(m->value_size, 4);
	assert_int_equal(m->n_slots, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_true(m->slots[i].index == 0 || m->slots[i].index == 3);
		assert_ptr_equal(m->slots[i].func, func_of(&t, m->slots[i].index ? "f" : "g"));
	}
	assert_int_equal(map_of(&t, "one")->n_slots, 0);
	done(&t);
}

static void refuses_wrong_elements(void **state)
{
	static const struct {
		const char *source, *says;
	} cases[] = {
		{"struct { __uint(type, 12); int *values; } m SEC(\".maps\");",
			"map 'm': attribute 'values' is not an array of pointers (use __array)"},
		{"struct { __uint(type, 12); int values[3]; } m SEC(\".maps\");",
			"map 'm': attribute 'values' is not an array of pointers (use __array)"},
		{"struct { __uint(type, 12); int *values[]; } m SEC(\".maps\");",
			"map 'm': attribute 'values' is neither an array of maps nor of programs"},
		{"struct { __uint(type, 12); struct { __uint(typ, 1); } *values[]; } m "
		 "SEC(\".maps\");",
			"map 'm': inner map: unknown map attribute 'typ'"},
		{"int x; struct { __uint(type, 12); int (*values[])(void); } m SEC(\".maps\")\n"
		 " = { .values = { (void *)&x } };",
			"map 'm': element 0 is 'x', neither a map nor a program"},
		{"int x; struct { __uint(type, 12); int *value; int (*values[])(void); } m "
		 "SEC(\".maps\")\n = { .value = &x };",
			"section '.maps': the relocation at byte 8 is not in 'values'"},
		/* Maps of maps of maps of ... */
		{"struct m { __uint(type, 12); struct m *values[]; };\n"
		 "struct m m SEC(\".maps\");",
			"map 'm': inner map: attribute 'values': inner maps cannot contain maps"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct opened t;
		char source[512];
		snprintf(source, sizeof source, "%s\n%s", cases[i].source,
			"SEC(\"tp/a/b\") int f(void *ctx) { return 0; }");
		compile(&t, source, i & 1, "-g");
		if (t.ok || strncmp(t.e.text, "dir/x.bpf.o: ", 13) ||
			strncmp(t.e.text + 13, cases[i].says, strlen(cases[i].says)))
			fail_msg("%s: %s '%s'", source, t.ok ? "accepted" : "", t.e.text);
		done(&t);
	}
}

/* ---- data sections ---- */

static const char data[] =
	"int counter = 5, start; static int hidden = 9; const int limit = 77;\n"
	"const volatile int param = 3;\n"
	"struct { long a; char b[10]; } zero;\n"
	"int extra SEC(\".data.extra\") = 11; int nothing SEC(\".bss.more\");\n"
	"const int other SEC(\".rodata.other\") = 4;\n"
	"__attribute__((noinline)) static long name(const char *s) { return (long)s; }\n"
	"SEC(\"tp/a/b\") int f(void *ctx) {\n"
	"	counter += limit + param + start + hidden++ + zero.b[9] + extra + nothing + "
	"other;\n"
	"	return name(\"a string\"); }\n";

static void data_sections_become_maps(void **state)
{
	struct opened t;
	bool order = *(bool *)*state;
	must_compile(&t, data, order);
	const struct obj_map *m = map_of(&t, ".data");
	assert_int_equal(m->kind, OBJ_MAP_DATA);
	assert_int_equal(m->map_type, ARRAY);
	assert_int_equal(m->key_size, 4);
	assert_int_equal(m->max_entries, 1);
	assert_int_equal(m->value_size, 8);
	assert_int_equal(m->init.n, 8);
	assert_int_equal(m->map_flags, MMAPABLE);
	assert_false(m->read_only);
	assert_int_equal(m->off, 0);
	assert_int_equal(span_u32(m->init, 0) + span_u32(m->init, 4), 5 + 9);
	struct btf_type sec;
	assert_true(btf_type(&t.o.btf, m->value_type, &sec));
	assert_int_equal(sec.kind, BTF_DATASEC);
	assert_string_equal(btf_name(&sec), ".data");
	m = map_of(&t, ".bss");
	assert_int_equal(m->init.n, 0);
	assert_true(m->value_size >= 4 + 24);
	assert_int_equal(m->map_flags, MMAPABLE);
	m = map_of(&t, ".rodata");
	assert_int_equal(m->map_flags, MMAPABLE | RDONLY_PROG);
	assert_true(m->read_only);
	assert_true(m->value_size >= 8);
	m = map_of(&t, ".rodata.str1.1");
	assert_int_equal(m->map_flags, RDONLY_PROG); /* no variable, so no need for mmap */
	assert_true(m->read_only);
	assert_int_equal(m->value_type, 0);
	assert_string_equal((const char *)m->init.p, "a string");
	m = map_of(&t, ".data.extra");
	assert_int_equal(span_u32(m->init, 0), 11);
	assert_int_equal(m->map_flags, MMAPABLE);
	m = map_of(&t, ".bss.more");
	assert_int_equal(m->init.n, 0);
	assert_int_equal(m->value_size, 4);
	m = map_of(&t, ".rodata.other");
	assert_int_equal(span_u32(m->init, 0), 4);
	assert_true(m->read_only);
	assert_int_equal(t.o.n_maps, 7);
	done(&t);
}

static void sections_of_static_variables_are_not_mappable(void **state)
{
	struct opened t;
	must_compile(&t,
		"static volatile int n = 1, z; static const volatile int c = 2;\n"
		"SEC(\"tp/a/b\") int f(void *ctx) { return n + z + c; }",
		*(bool *)*state);
	assert_int_equal(t.o.n_maps, 3);
	assert_int_equal(map_of(&t, ".data")->map_flags, 0);
	assert_int_equal(map_of(&t, ".bss")->map_flags, 0);
	assert_int_equal(map_of(&t, ".rodata")->map_flags, RDONLY_PROG);
	done(&t);
}

static void data_without_types(void **state)
{
	struct opened t;
	compile(&t, data, *(bool *)*state, "");
	assert_true(t.ok);
	assert_false(t.o.has_btf);
	assert_int_equal(t.o.n_maps, 7);
	assert_int_equal(map_of(&t, ".data")->value_type, 0);
	assert_int_equal(map_of(&t, ".data")->map_flags, 0);
	done(&t);
}

/* ".database" is not ".data"; an empty section needs no map. */
static void other_sections_are_no_data(void **state)
{
	struct eb b;
	struct opened t = {0};
	eb_init(&b, *(bool *)*state);
	eb_section(&b, ".database", ELF_PROGBITS, 3, NULL, 8);
	eb_section(&b, ".data", ELF_PROGBITS, 3, NULL, 0);
	eb_section(&b, ".bss", ELF_PROGBITS, 3, NULL, 8);
	eb_section(&b, ".rodata.x", ELF_NOBITS, 3, NULL, 8);
	eb_section(&b, ".data.y", ELF_PROGBITS, 3, NULL, 8);
	assert_true(object_open(&t.o, "x", eb_done(&b), &t.arena, &t.e));
	assert_int_equal(t.o.n_maps, 1);
	assert_string_equal(t.o.maps[0].name, ".data.y");
	arena_free(&t.arena);
	eb_free(&b);

	t = (struct opened){0};
	eb_init(&b, *(bool *)*state);
	eb_section(&b, ".bss", ELF_NOBITS, 3, NULL, (size_t)UINT32_MAX + 1);
	assert_false(object_open(&t.o, "x", eb_done(&b), &t.arena, &t.e));
	assert_string_equal(
		t.e.text, "x: section '.bss': 4294967296 bytes are too large for a map");
	arena_free(&t.arena);
	eb_free(&b);
}

/* ---- programs, license, the rest ---- */

static void programs_and_subprograms(void **state)
{
	struct opened t;
	must_compile(&t,
		"__attribute__((noinline)) static int inner(int x) { return x * 3 + (x >> 1); }\n"
		"__attribute__((noinline)) int outer(int x) { return inner(x) + 1; }\n"
		"__hidden __attribute__((noinline)) int quiet(int x) { return inner(x) + 2; }\n"
		"SEC(\"tp/a/b\") int one(void *ctx) { return outer(1) + quiet(2); }\n"
		"SEC(\"?tp/a/b\") int maybe(void *ctx) { return 0; }\n"
		"SEC(\"tp/a/b\") int two(void *ctx) { return 0; }\n",
		*(bool *)*state);
	assert_int_equal(t.o.n_funcs, 6);
	const struct obj_func *f = func_of(&t, "one");
	assert_true(f->entry && f->global && !f->no_autoload);
	assert_string_equal(f->sec, "tp/a/b");
	assert_int_equal(f->off, 0);
	assert_ptr_equal(object_func_at(&t.o, f->section, 0), f);
	assert_null(object_func_at(&t.o, f->section, 8));
	const struct obj_func *second = func_of(&t, "two");
	assert_int_equal(second->section, f->section);
	assert_int_equal(second->off, f->size);
	assert_int_equal(second->size, 16);
	f = func_of(&t, "maybe");
	assert_true(f->no_autoload && f->entry);
	assert_string_equal(f->sec, "tp/a/b");
	assert_int_not_equal(f->section, second->section);
	f = func_of(&t, "inner");
	assert_true(!f->entry && !f->global);
	assert_true(!func_of(&t, "outer")->entry && func_of(&t, "outer")->global);
	assert_true(!func_of(&t, "quiet")->entry && !func_of(&t, "quiet")->global);
	done(&t);
}

/* A section is code by its type and flags, not by its name or symbols. */
static void functions_are_in_code(void **state)
{
	struct eb b;
	struct opened t = {0};
	eb_init(&b, *(bool *)*state);
	uint32_t plain = eb_section(&b, "tp/a/b", ELF_PROGBITS, ELF_ALLOC, NULL, 8);
	uint32_t none = eb_section(&b, "tp/a/c", ELF_NOBITS, ELF_ALLOC | ELF_EXEC, NULL, 8);
	uint32_t code = eb_code(&b, "tp/a/d");
	eb_insn(&b, code, 0x95, 0, 0, 0, 0);
	eb_symbol(&b, "f", ELF_FUNC, ELF_GLOBAL, plain, 0, 8);
	eb_symbol(&b, "g", ELF_FUNC, ELF_GLOBAL, none, 0, 8);
	eb_symbol(&b, "h", ELF_OBJECT, ELF_GLOBAL, code, 0, 8);
	eb_symbol(&b, "i", ELF_FUNC, ELF_GLOBAL, ELF_UNDEF, 0, 8);
	eb_symbol(&b, "j", ELF_FUNC, ELF_GLOBAL, ELF_ABS, 0, 8);
	assert_true(object_open(&t.o, "x", eb_done(&b), &t.arena, &t.e));
	assert_int_equal(t.o.n_funcs, 0);
	arena_free(&t.arena);
	eb_free(&b);
}

/* They cannot be loaded, but the object can be read. */
static void static_programs(void **state)
{
	struct opened t;
	compile(&t,
		"static SEC(\"tp/a/b\") int f(void *ctx) { return 0; }\n"
		"SEC(\"tp/a/b\") int g(void *ctx) { return 0; }",
		*(bool *)*state, "-g");
	assert_true(t.ok);
	assert_int_equal(t.o.n_funcs, 2);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(t.o.funcs[i].is_static, *t.o.funcs[i].name == 'f');
	done(&t);
}

static void refuses_functions_out_of_place(void **state)
{
	static const struct {
		uint64_t off, size;
	} places[] = {{4, 8}, {0, 12}, {0, 0}, {0, 24}, {16, 8}, {8, 16}, {UINT64_MAX - 7, 16}};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct eb b;
		struct opened t = {0};
		char says[200];
		eb_init(&b, *(bool *)*state);
		uint32_t code = eb_code(&b, "tp/a/b");
		eb_insn(&b, code, 0xb7, 0, 0, 0, 0);
		eb_insn(&b, code, 0x95, 0, 0, 0, 0);
		eb_symbol(&b, "f", ELF_FUNC, ELF_GLOBAL, code, places[i].off, places[i].size);
		snprintf(says, sizeof says,
			"x: section 'tp/a/b': function 'f' is not a whole number of instructions "
			"within the section (offset %llu, %llu bytes)",
			(unsigned long long)places[i].off, (unsigned long long)places[i].size);
		assert_false(object_open(&t.o, "x", eb_done(&b), &t.arena, &t.e));
		assert_string_equal(t.e.text, says);
		arena_free(&t.arena);
		eb_free(&b);
	}
}

static void license_and_version(void **state)
{
	struct opened t;
	bool order = *(bool *)*state;
	must_compile(&t,
		"__u32 v SEC(\"version\") = 0x60112;\n"
		"SEC(\"tp/a/b\") int f(void *ctx) { return 0; }",
		order);
	assert_string_equal(t.o.license, "GPL");
	assert_int_equal(t.o.version, 0x60112);
	assert_string_equal(t.o.name, "x");
	assert_int_equal(t.o.n_maps, 0);
	done(&t);

	compile(&t,
		"char l[3] SEC(\"license\") = \"BSD\"; SEC(\"tp/a/b\") int f(void *ctx) { return "
		"0; }",
		order, "-DNO_LICENSE");
	assert_true(t.ok);
	assert_string_equal(t.o.license, "BSD");
	assert_int_equal(t.o.version, 0);
	done(&t);

	compile(&t, "SEC(\"tp/a/b\") int f(void *ctx) { return 0; }", order, "-DNO_LICENSE");
	assert_true(t.ok);
	assert_string_equal(t.o.license, "");
	done(&t);
}

static void license_without_bytes(void **state)
{
	for (int nobits = 0; nobits < 2; nobits++) {
		struct eb b;
		struct opened t = {0};
		eb_init(&b, *(bool *)*state);
		eb_section(
			&b, "license", nobits ? ELF_NOBITS : ELF_PROGBITS, 3, NULL, nobits ? 4 : 0);
		eb_section(&b, "version", ELF_PROGBITS, 3, NULL, 3);
		assert_true(object_open(&t.o, "x", eb_done(&b), &t.arena, &t.e));
		assert_string_equal(t.o.license, "");
		assert_int_equal(t.o.version, 0);
		arena_free(&t.arena);
		eb_free(&b);
	}
}

/* As in the kernel's include/linux/license.h. */
static void gpl_compatible_licenses(void **state)
{
	(void)state;
	static const char *const yes[] = {"GPL", "GPL v2", "GPL and additional rights",
		"Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL"};
	static const char *const no[] = {"", "gpl", "GPL ", "GPLv2", "GPL-2.0", "MIT", "BSD",
		"Proprietary", "Dual GPL/BSD", "GPL v3"};
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		assert_true(license_is_gpl(yes[i]));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(license_is_gpl(no[i]));
}

static void names_of_objects(void **state)
{
	static const char *const cases[][2] = {{"x.bpf.o", "x"},
		{"a/b/opensnoop.bpf.o", "opensnoop"}, {"x.o", "x"}, {"x", "x"}, {"x.bpf", "x"},
		{"./x.y.o", "x.y"}, {".o", ".o"}, {"dir.bpf.o/file", "file"}, {"x.o.bpf.o", "x.o"}};
	struct eb b;
	eb_init(&b, *(bool *)*state);
	struct span file = eb_done(&b);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct opened t = {0};
		assert_true(object_open(&t.o, cases[i][0], file, &t.arena, &t.e));
		assert_string_equal(t.o.name, cases[i][1]);
		arena_free(&t.arena);
	}
	eb_free(&b);
}

static void event_types(void **state)
{
	struct opened t;
	must_compile(&t,
		"#include <bpf/sonde_event.h>\n"
		"struct event { int a, b, c; };\n"
		"struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events "
		"SEC(\".maps\"), others SEC(\".maps\");\n"
		"SONDE_EVENT(events, struct event);\n"
		"SEC(\"tp/a/b\") int f(void *ctx) { return 0; }",
		*(bool *)*state);
	struct btf_type event;
	assert_true(btf_type(&t.o.btf, map_of(&t, "events")->event_type, &event));
	assert_string_equal(btf_name(&event), "event");
	assert_int_equal(map_of(&t, "others")->event_type, 0);
	assert_int_equal(t.o.n_maps, 2);
	done(&t);
}

/* Every message begins with the path, whichever part detects the error. */
static void says_which_file(void **state)
{
	struct eb b;
	struct err e = {0};
	struct object o;
	struct arena a = {0};
	bool order = *(bool *)*state;
	static const uint8_t junk[64] = {1, 2, 3};
	assert_false(object_open(&o, "some/path", (struct span){0}, &a, &e));
	assert_string_equal(e.text, "some/path: the file is empty");

	e = (struct err){0};
	eb_init(&b, order);
	b.no_symbols = true;
	assert_false(object_open(&o, "some/path", eb_done(&b), &a, &e));
	assert_string_equal(e.text, "some/path: no symbol table: the file was stripped");
	assert_string_equal(e.hint, "strip only the debug sections: llvm-strip -g FILE");
	b.no_symbols = false;

	e = (struct err){0};
	eb_section(&b, ".BTF", ELF_PROGBITS, 0, junk, sizeof junk);
	assert_false(object_open(&o, "some/path", eb_done(&b), &a, &e));
	assert_non_null(strstr(e.text, "some/path: section '.BTF': "));
	eb_free(&b);

	struct bb types;
	e = (struct err){0};
	bb_init(&types, order);
	struct span btf = bb_done(&types);
	eb_init(&b, order);
	eb_section(&b, ".BTF", ELF_PROGBITS, 0, btf.p, btf.n);
	eb_section(&b, ".BTF.ext", ELF_PROGBITS, 0, junk, sizeof junk);
	assert_false(object_open(&o, "some/path", eb_done(&b), &a, &e));
	assert_non_null(strstr(e.text, "some/path: section '.BTF.ext': "));
	eb_free(&b);
	bb_free(&types);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(reads_every_attribute),
		BOTH(wrapped_definitions),
		BOTH(two_sections_of_maps),
		BOTH(numbers_of_64_bits),
		BOTH(maps_are_where_their_symbols_are),
		cmocka_unit_test(refuses_wrong_definitions),
		BOTH(refuses_maps_that_cant_be_read),
		BOTH(refuses_maps_without_symbols),
		BOTH(initial_elements),
		cmocka_unit_test(refuses_wrong_elements),
		BOTH(data_sections_become_maps),
		BOTH(sections_of_static_variables_are_not_mappable),
		BOTH(data_without_types),
		BOTH(other_sections_are_no_data),
		BOTH(programs_and_subprograms),
		BOTH(functions_are_in_code),
		BOTH(static_programs),
		BOTH(refuses_functions_out_of_place),
		BOTH(license_and_version),
		BOTH(license_without_bytes),
		cmocka_unit_test(gpl_compatible_licenses),
		BOTH(names_of_objects),
		BOTH(event_types),
		BOTH(says_which_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
