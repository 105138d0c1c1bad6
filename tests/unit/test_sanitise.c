/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/btf/btf_sanitise.h"
#include "btf_build.h"

/* The level that a kernel of that release needs. */
static enum btf_level level_for(unsigned major, unsigned minor)
{
	enum btf_level level = BTF_AS_IS;
	for (enum btf_level i = BTF_BEFORE_7_1; i < BTF_LEVELS; i++) {
		const struct btf_level_fact *f = &btf_level_facts[i];
		if (major < f->major || (major == f->major && minor < f->minor))
			level = i;
	}
	return level;
}

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* One type of each kind that a level changes. */
struct all {
	struct bb b;
	struct btf btf;
	uint32_t i, e, es, e64, tag, fl, dt, proto, global, stat, var, sec, qsec, user;
};

static void all_init(struct all *a, void **state)
{
	struct bb *b = &a->b;
	bb_init(b, *(bool *)*state);
	a->i = bb_int(b, "int", 4, BTF_INT_SIGNED);
	a->e = bb_enum(b, "e", 4, false);
	bb_value(b, "A", 1);
	a->es = bb_enum(b, "es", 4, true);
	bb_value(b, "B", -1);
	a->e64 = bb_enum64(b, "e64", true);
	bb_value(b, "C", INT64_MIN);
	bb_value(b, "D", 2);
	a->tag = bb_ref(b, BTF_TYPE_TAG, "rcu", a->i);
	a->fl = bb_type(b, BTF_FLOAT, "double", 0, false, 8);
	a->dt = bb_decl_tag(b, "decl", a->i, -1);
	a->proto = bb_proto(b, a->i);
	bb_param(b, "x", a->i);
	bb_param(b, "y", a->e);
	a->global = bb_func(b, "g", a->proto, BTF_GLOBAL);
	a->stat = bb_func(b, "s", a->proto, BTF_STATIC);
	a->var = bb_var(b, "v", a->i, BTF_GLOBAL);
	a->sec = bb_datasec(b, ".data.x", 12);
	bb_secinfo(b, a->var, 8, 4);
	a->qsec = bb_datasec(b, "?.struct_ops", 4);
	bb_secinfo(b, a->var, 0, 4);
	a->user = bb_struct(b, "user", 16);
	bb_member(b, "m", a->e64, 0);
	bb_member(b, "t", a->tag, 64);
	bb_open(b, NULL, &a->btf);
}

static struct btf_type type_of(const struct btf *b, uint32_t id)
{
	struct btf_type t;
	assert_true(btf_type(b, id, &t));
	return t;
}

static struct btf at_level(struct all *a, enum btf_level level)
{
	struct btf out;
	struct err e = {0};
	struct span s = btf_sanitise(&a->btf, level, &a->b.arena, &e);
	assert_false(e.set);
	if (!btf_open(&out, s, NULL, &a->b.arena, &e))
		fail_msg("level %u: %s", level, e.text);
	assert_int_equal(out.data.big, a->b.big);
	return out;
}

/* The result for type id of kind `old` at a level. */
static void assert_kind(
	const struct btf *b, uint32_t id, enum btf_kind kind, uint32_t vlen, const char *name)
{
	struct btf_type t = type_of(b, id);
	assert_int_equal(t.kind, kind);
	assert_int_equal(t.vlen, vlen);
	assert_string_equal(btf_name(&t), name);
}

static void each_level(void **state)
{
	struct all a;
	all_init(&a, state);
	for (enum btf_level level = BTF_AS_IS; level < BTF_LEVELS; level++) {
		struct btf b = at_level(&a, level);
		struct btf_type t;
		bool no_q = level >= BTF_BEFORE_6_9, no_64 = level >= BTF_BEFORE_6_0;
		bool no_var = level >= BTF_BEFORE_5_2, no_func = level >= BTF_BEFORE_5_0;
		const uint8_t int_size = 4;

		assert_kind(&b, a.i, BTF_INT, 0, "int");
		assert_int_equal(type_of(&b, a.i).size, int_size);
		assert_kind(&b, a.e, BTF_ENUM, 1, "e");
		t = type_of(&b, a.es);
		assert_int_equal(t.kind, BTF_ENUM);
		assert_int_equal(t.kflag, !no_64);
		assert_string_equal(btf_enumerator(&t, 0).name, "B");

		assert_kind(&b, a.e64, no_64 ? BTF_UNION : BTF_ENUM64, 2, "e64");
		t = type_of(&b, a.e64);
		assert_int_equal(t.size, 8);
		assert_int_equal(t.kflag, !no_64);
		if (no_64) {
			struct btf_type member = type_of(&b, btf_member(&t, 1).type);
			assert_string_equal(btf_member(&t, 0).name, "C");
			assert_string_equal(btf_member(&t, 1).name, "D");
			assert_int_equal(btf_member(&t, 1).bit_off, 0);
			assert_int_equal(member.kind, BTF_INT);
			assert_int_equal(member.size, 1);
			assert_string_equal(btf_name(&member), "enum64_placeholder");
			assert_int_equal(member.id, a.btf.end);
		} else {
			assert_true(btf_enumerator(&t, 0).value == INT64_MIN);
		}
		assert_int_equal(b.end, a.btf.end + no_64);

		bool no_tag = level >= BTF_BEFORE_5_17;
		assert_kind(&b, a.tag, no_tag ? BTF_CONST : BTF_TYPE_TAG, 0, no_tag ? "" : "rcu");
		assert_int_equal(type_of(&b, a.tag).type, a.i);
		bool no_float = level >= BTF_BEFORE_5_13;
		assert_kind(
			&b, a.fl, no_float ? BTF_STRUCT : BTF_FLOAT, 0, no_float ? "" : "double");
		assert_int_equal(type_of(&b, a.fl).size, 8);
		t = type_of(&b, a.dt);
		assert_int_equal(t.kind, level >= BTF_BEFORE_5_16 ? BTF_INT : BTF_DECL_TAG);
		if (t.kind == BTF_INT) {
			assert_int_equal(t.size, 1);
			assert_int_equal(btf_int_bits(&t), 8);
			assert_int_equal(btf_int_encoding(&t) + btf_int_offset(&t), 0);
		} else {
			assert_int_equal(btf_decl_tag_component(&t), -1);
			assert_int_equal(t.type, a.i);
		}

		t = type_of(&b, a.global);
		assert_int_equal(t.kind, no_func ? BTF_TYPEDEF : BTF_FUNC);
		assert_int_equal(t.vlen, level < BTF_BEFORE_5_6 ? BTF_GLOBAL : 0);
		assert_int_equal(t.type, a.proto);
		assert_kind(&b, a.stat, no_func ? BTF_TYPEDEF : BTF_FUNC, 0, "s");
		assert_kind(&b, a.proto, no_func ? BTF_ENUM : BTF_FUNC_PROTO, 2, "");
		t = type_of(&b, a.proto);
		if (no_func) {
			assert_int_equal(t.size, 4);
			assert_string_equal(btf_enumerator(&t, 1).name, "y");
			assert_int_equal(btf_enumerator(&t, 1).value, a.e);
		} else {
			assert_int_equal(btf_param(&t, 1).type, a.e);
			assert_int_equal(t.type, a.i);
		}

		t = type_of(&b, a.var);
		assert_int_equal(t.kind, no_var ? BTF_INT : BTF_VAR);
		assert_int_equal(
			no_var ? btf_int_bits(&t) : btf_var_linkage(&t), no_var ? 8 : BTF_GLOBAL);
		assert_int_equal(no_var ? t.size : t.type, no_var ? 1 : a.i);
		assert_kind(&b, a.sec, no_var ? BTF_STRUCT : BTF_DATASEC, 1,
			no_var ? "_data_x" : ".data.x");
		t = type_of(&b, a.sec);
		assert_int_equal(t.size, 12);
		if (no_var) {
			assert_string_equal(btf_member(&t, 0).name, "v");
			assert_int_equal(btf_member(&t, 0).type, a.var);
			assert_int_equal(btf_member(&t, 0).bit_off, 64);
			assert_false(t.kflag);
		} else {
			assert_int_equal(btf_secinfo(&t, 0).offset, 8);
			assert_int_equal(btf_secinfo(&t, 0).size, 4);
		}
		assert_kind(&b, a.qsec, no_var ? BTF_STRUCT : BTF_DATASEC, 1,
			no_var ? "__struct_ops"
			: no_q ? "_.struct_ops"
			       : "?.struct_ops");
		assert_kind(&b, a.user, BTF_STRUCT, 2, "user");
	}
	/* the original is only read */
	assert_kind(&a.btf, a.qsec, BTF_DATASEC, 1, "?.struct_ops");
	assert_kind(&a.btf, a.global, BTF_FUNC, BTF_GLOBAL, "g");
	bb_free(&a.b);
}

/* Types and strings that no level affects are unchanged, in place and byte for byte. */
static void the_rest_is_untouched(void **state)
{
	struct all a;
	all_init(&a, state);
	struct btf b = at_level(&a, BTF_BEFORE_5_0);
	assert_int_equal(span_u32(b.data, 4), 24);
	assert_int_equal(b.types.n, a.btf.types.n + 16);
	assert_true(b.strings.p == b.types.p + b.types.n);
	for (struct btf_type t = {0}; btf_next(&a.btf, &t);) {
		struct btf_type u = type_of(&b, t.id);
		assert_int_equal(u.tail.p - b.types.p, t.tail.p - a.btf.types.p);
		if (t.id == a.i || t.id == a.e || t.id == a.user)
			assert_memory_equal(
				u.tail.p - 12, t.tail.p - 12, 12 + (t.id == a.user ? 24 : 4));
	}
	unsigned changed = 0;
	for (size_t i = 0; i < a.btf.strings.n; i++)
		changed += a.btf.strings.p[i] != b.strings.p[i];
	assert_int_equal(changed, 4); /* ".data.x" and "?.struct_ops" have two each */
	bb_free(&a.b);
}

static void layout_goes_first(void **state)
{
	struct all a;
	all_init(&a, state);
	assert_false(btf_levels_of(&a.btf) & 1u << BTF_BEFORE_7_1);
	bb_layout(&a.b, BTF_ENUM64, 0, 12);
	bb_open(&a.b, NULL, &a.btf);
	assert_true(btf_levels_of(&a.btf) & 1u << BTF_BEFORE_7_1);
	assert_int_equal(at_level(&a, BTF_AS_IS).data.n, a.btf.data.n);
	struct btf b = at_level(&a, BTF_BEFORE_7_1);
	assert_int_equal(b.layout.n, 0);
	assert_int_equal(b.data.n, 24 + a.btf.types.n + a.btf.strings.n);
	assert_memory_equal(b.types.p, a.btf.types.p, b.types.n);
	assert_memory_equal(b.strings.p, a.btf.strings.p, b.strings.n);
	bb_free(&a.b);
}

/* A level is reported if and only if its copy differs from that of the level above. */
static void levels_that_matter(void **state)
{
	enum {
		INT,
		ENUM,
		SIGNED,
		E64,
		TAG,
		DECL,
		FLT,
		GLOBAL,
		STATIC,
		PROTO,
		VAR,
		SEC,
		QSEC,
		KINDS
	};
	for (unsigned set = 0; set < 1u << KINDS; set++) {
		struct all a;
		struct bb *b = &a.b;
		bb_init(b, *(bool *)*state);
		uint32_t i = bb_int(b, "int", 4, 0);
		for (unsigned k = 0; k < KINDS; k++) {
			if (!(set >> k & 1))
				continue;
			if (k == ENUM || k == SIGNED)
				bb_enum(b, "e", 4, k == SIGNED);
			else if (k == E64)
				bb_enum64(b, "e64", false);
			else if (k == TAG)
				bb_ref(b, BTF_TYPE_TAG, "t", i);
			else if (k == DECL)
				bb_decl_tag(b, "d", i, -1);
			else if (k == FLT)
				bb_type(b, BTF_FLOAT, "f", 0, false, 8);
			else if (k == GLOBAL || k == STATIC)
				bb_func(b, "fn", i, k == GLOBAL ? BTF_GLOBAL : BTF_STATIC);
			else if (k == PROTO)
				bb_proto(b, i);
			else if (k == VAR)
				bb_var(b, "v", i, BTF_GLOBAL);
			else if (k == SEC || k == QSEC)
				bb_datasec(b, k == SEC ? "data" : "?data", 4);
		}
		bb_open(b, NULL, &a.btf);
		uint32_t levels = btf_levels_of(&a.btf);
		struct span above = at_level(&a, BTF_AS_IS).data;
		for (enum btf_level level = 1; level < BTF_LEVELS; level++) {
			struct span s = at_level(&a, level).data;
			bool differs = s.n != above.n || memcmp(s.p, above.p, s.n);
			if (differs != (levels >> level & 1))
				fail_msg("set %#x: level %s: differs %d, named %d", set,
					btf_level_facts[level].drops, differs, !differs);
			above = s;
		}
		bb_free(b);
	}
}

static void level_of_a_release(void **state)
{
	static const struct {
		unsigned major, minor;
		enum btf_level level;
	} cases[] = {{8, 0, BTF_AS_IS}, {7, 1, BTF_AS_IS}, {7, 0, BTF_BEFORE_7_1},
		{6, 18, BTF_BEFORE_7_1}, {6, 8, BTF_BEFORE_6_9}, {6, 1, BTF_BEFORE_6_9},
		{5, 19, BTF_BEFORE_6_0}, {5, 15, BTF_BEFORE_5_16}, {5, 10, BTF_BEFORE_5_13},
		{5, 4, BTF_BEFORE_5_6}, {5, 1, BTF_BEFORE_5_2}, {4, 19, BTF_BEFORE_5_0}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(level_for(cases[i].major, cases[i].minor), cases[i].level);
	for (enum btf_level level = 1; level < BTF_LEVELS; level++) {
		char version[24];
		const struct btf_level_fact *f = &btf_level_facts[level];
		snprintf(version, sizeof version, "(%u.%u)", f->major, f->minor);
		assert_non_null(strstr(f->drops, version));
	}
}

/* If a prototype is replaced by an enum, each parameter has a name. */
static void parameters_get_names(void **state)
{
	struct all a = {0};
	bb_init(&a.b, *(bool *)*state);
	uint32_t i = bb_int(&a.b, "int", 4, 0), proto = bb_proto(&a.b, i);
	bb_param(&a.b, "", i);
	bb_param(&a.b, "x", i);
	bb_param(&a.b, "", 0);
	bb_open(&a.b, NULL, &a.btf);
	struct btf after = at_level(&a, BTF_BEFORE_5_0);
	struct btf_type t = type_of(&after, proto);
	static const char *const names[] = {"param", "x", "param"};
	assert_int_equal(t.kind, BTF_ENUM);
	for (unsigned k = 0; k < 3; k++)
		assert_string_equal(btf_enumerator(&t, k).name, names[k]);
	after = at_level(&a, BTF_BEFORE_5_2);
	t = type_of(&after, proto);
	assert_string_equal(btf_param(&t, 0).name, "");
	bb_free(&a.b);
}

/* ---- other languages than C ---- */

static struct btf plain(struct bb *b, struct btf *before)
{
	struct btf after;
	struct err e = {0};
	bb_open(b, NULL, before);
	struct span s = btf_normalise(before, &b->arena, &e);
	if (!s.p || !btf_open(&after, s, NULL, &b->arena, &e))
		fail_msg("%s", e.text);
	assert_int_equal(after.end, before->end);
	assert_int_equal(after.data.n, before->data.n);
	return after;
}

static void names_as_in_c(void **state)
{
	char longest[200], cut[128];
	struct bb b;
	struct btf before;
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = 0;
	memset(cut, 'x', sizeof cut - 1);
	cut[sizeof cut - 1] = 0;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "long unsigned int", 8, 0);
	uint32_t s = bb_struct(&b, "Option<a::B, &[u8]>", 8);
	bb_member(&b, "0#1", i, 0);
	uint32_t e = bb_enum(&b, "e\xc3\xa9", 4, false);
	bb_value(&b, "A-B", 1);
	uint32_t p = bb_ref(&b, BTF_PTR, "*const u8", s);
	uint32_t proto = bb_proto(&b, i);
	bb_param(&b, "{self}", p);
	uint32_t f = bb_func(&b, "get<u32>", proto, BTF_STATIC);
	uint32_t v = bb_var(&b, "main.counter", i, BTF_STATIC), l = bb_var(&b, longest, i, 0);
	uint32_t sec = bb_datasec(&b, "?.data/x", 8);
	bb_secinfo(&b, v, 0, 8);
	struct btf after = plain(&b, &before);
	const struct {
		uint32_t type;
		const char *name;
	} names[] = {{i, "long unsigned int"}, {s, "Option_a__B____u8__"}, {e, "e__"}, {p, ""},
		{f, "get_u32_"}, {v, "main.counter"}, {l, cut}, {sec, "?.data/x"}};
	for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
		struct btf_type t = type_of(&after, names[k].type);
		assert_string_equal(btf_name(&t), names[k].name);
	}
	struct btf_type t = type_of(&after, s);
	assert_string_equal(btf_member(&t, 0).name, "__1");
	t = type_of(&after, e);
	assert_string_equal(btf_enumerator(&t, 0).name, "A_B");
	t = type_of(&after, proto);
	assert_string_equal(btf_param(&t, 0).name, "_self_");
	t = type_of(&before, s); /* as displayed */
	assert_string_equal(btf_name(&t), "Option<a::B, &[u8]>");
	bb_free(&b);
}

/* Fields in source order, and a char, for which LLVM emits no type. */
static void members_in_order(void **state)
{
	struct bb b;
	struct btf before;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "u32", 4, 0), byte = bb_int(&b, "u8", 1, 0);
	uint32_t s = bb_struct(&b, "s", 12);
	bb_member(&b, "last", i, 64);
	bb_member(&b, "letter", 0, 32);
	bb_member(&b, "first", i, 0);
	bb_member(&b, "nothing", byte, 32); /* equal offsets: the original order is kept */
	uint32_t array = bb_array(&b, 0, 3), var = bb_var(&b, "c", 0, BTF_STATIC);
	uint32_t ptr = bb_ptr(&b, 0);
	struct btf after = plain(&b, &before);
	static const char *const names[] = {"first", "letter", "nothing", "last"};
	const uint32_t types[] = {i, byte, byte, i}, offsets[] = {0, 32, 32, 64};
	struct btf_type t = type_of(&after, s);
	for (unsigned k = 0; k < 4; k++) {
		assert_string_equal(btf_member(&t, k).name, names[k]);
		assert_int_equal(btf_member(&t, k).type, types[k]);
		assert_int_equal(btf_member(&t, k).bit_off, offsets[k]);
	}
	assert_int_equal(type_of(&after, array).type, byte);
	assert_int_equal(type_of(&after, var).type, byte);
	assert_int_equal(type_of(&after, ptr).type, 0); /* void * */
	bb_free(&b);
}

/* In naked functions. "..." of printf() has no name, nor have those of a function type. */
static void parameters_without_names(void **state)
{
	struct bb b;
	struct btf before;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, 0);
	uint32_t proto = bb_proto(&b, i);
	bb_param(&b, "", i);
	bb_param(&b, "own", i);
	bb_param(&b, "", 0);
	uint32_t pointed = bb_proto(&b, i);
	bb_param(&b, "", i);
	bb_func(&b, "fn", proto, BTF_GLOBAL);
	struct btf after = plain(&b, &before);
	struct btf_type t = type_of(&after, proto);
	static const char *const names[] = {"fn", "own", ""};
	for (unsigned k = 0; k < 3; k++)
		assert_string_equal(btf_param(&t, k).name, names[k]);
	t = type_of(&after, pointed);
	assert_string_equal(btf_param(&t, 0).name, "");
	bb_free(&b);
}

/* Private strings of the compiler (LLVM), and sections in other languages. */
static void section_without_variables(void **state)
{
	struct bb b;
	struct btf before;
	bb_init(&b, *(bool *)*state);
	uint32_t sec = bb_datasec(&b, ".rodata", 6);
	struct btf after = plain(&b, &before);
	assert_int_equal(type_of(&after, sec).kind, BTF_DATASEC);
	bb_free(&b);

	struct all a;
	bb_init(&a.b, *(bool *)*state);
	sec = bb_datasec(&a.b, ".rodata", 6);
	bb_open(&a.b, NULL, &a.btf);
	assert_int_equal(btf_levels_of(&a.btf), 1u << BTF_BEFORE_5_13);
	after = at_level(&a, BTF_BEFORE_5_16);
	assert_int_equal(type_of(&after, sec).kind, BTF_DATASEC);
	after = at_level(&a, BTF_BEFORE_5_13);
	assert_int_equal(type_of(&after, sec).kind, BTF_STRUCT);
	assert_int_equal(type_of(&after, sec).size, 6);
	assert_int_equal(type_of(&after, sec).name_off, 0);
	bb_free(&a.b);
}

/* Strings that overlap the types: a name cannot be changed without changing types. */
static void sections_in_each_other(void **state)
{
	enum { HEADER = 24 };
	struct bb b;
	struct btf before;
	struct err e = {0};
	bb_init(&b, *(bool *)*state);
	for (uint32_t i = 0; i < 8; i++)
		bb_int(&b, "", 1, 0);
	uint32_t name = bb_string(&b, "a#b");
	bb_struct(&b, "a#b", 0);
	bb_member(&b, "", 1, 0);
	struct span blob = bb_done(&b);
	uint8_t *p = (uint8_t *)(uintptr_t)blob.p;
	uint32_t types = b.n_types;
	/* The strings begin at the only member; the name of its struct stays in place. */
	bytes_put(p + 16, 4, b.big, types - 12);
	bytes_put(p + 20, 4, b.big, 12 + b.n_strings);
	bytes_put(p + HEADER + types - 24, 4, b.big, name + 12);
	if (!btf_open(&before, blob, NULL, &b.arena, &e))
		fail_msg("%s", e.text);
	assert_ptr_equal(btf_normalise(&before, &b.arena, &e).p, blob.p);
	bb_free(&b);
}

/* Types of C are passed through without a copy. */
static void plain_types_stay(void **state)
{
	struct all a;
	struct err e = {0};
	all_init(&a, state);
	assert_ptr_equal(btf_normalise(&a.btf, &a.b.arena, &e).p, a.btf.data.p);
	bb_free(&a.b);
}

/* The ELF file for the tests of btf_complete_datasecs(). */
static bool has_section(const void *ctx, const char *name, uint32_t *size)
{
	(void)ctx;
	if (strcmp(name, ".data") && strcmp(name, ".kconfig"))
		return false;
	*size = name[1] == 'd' ? 100 : 16;
	return true;
}

static bool has_variable(
	const void *ctx, const char *sec, const char *name, uint32_t *offset, bool *hidden)
{
	static const struct {
		const char *sec, *name;
		uint32_t offset;
		bool hidden;
	} symbols[] = {{".data", "last", 96, false}, {".data", "first", 0, true},
		{".kconfig", "CONFIG_HZ", 8, false},
		{".kconfig", "LINUX_KERNEL_VERSION", 0, false}};
	(void)ctx;
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
		if (strcmp(symbols[i].sec, sec) || strcmp(symbols[i].name, name))
			continue;
		*offset = symbols[i].offset;
		*hidden = symbols[i].hidden;
		return true;
	}
	return false;
}

static bool is_hidden(const void *ctx, const char *name)
{
	(void)ctx;
	return !strcmp(name, "hidden_function");
}

static const struct btf_symbols places = {has_section, has_variable, is_hidden, NULL, false};

static struct btf fixed(struct bb *b, struct btf *before)
{
	struct btf after;
	struct err e = {0};
	bb_open(b, NULL, before);
	struct span s = btf_complete_datasecs(before, &places, &b->arena, &e);
	if (!s.n)
		fail_msg("%s", e.text);
	if (!btf_open(&after, s, NULL, &b->arena, &e))
		fail_msg("%s", e.text);
	return after;
}

static void datasec_is_filled_in(void **state)
{
	struct bb b;
	struct btf before;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, 0), last = bb_var(&b, "last", i, BTF_GLOBAL);
	uint32_t first = bb_var(&b, "first", i, BTF_GLOBAL);
	uint32_t stat = bb_var(&b, "stat", i, BTF_STATIC);
	uint32_t sec = bb_datasec(&b, ".data", 0);
	bb_secinfo(&b, last, 0, 4);
	bb_secinfo(&b, stat, 48, 4); /* compilers do emit offsets of static variables */
	bb_secinfo(&b, first, 0, 4);
	uint32_t done = bb_datasec(&b, ".done", 24); /* complete except for the order */
	bb_secinfo(&b, last, 16, 8);
	bb_secinfo(&b, first, 8, 8);
	struct btf after = fixed(&b, &before);
	struct btf_type t = type_of(&after, sec);
	assert_int_equal(t.size, 100);
	const uint32_t types[] = {first, stat, last}, offsets[] = {0, 48, 96};
	for (unsigned k = 0; k < 3; k++) {
		assert_int_equal(btf_secinfo(&t, k).type, types[k]);
		assert_int_equal(btf_secinfo(&t, k).offset, offsets[k]);
		assert_int_equal(btf_secinfo(&t, k).size, 4);
	}
	t = type_of(&after, done);
	assert_int_equal(t.size, 24);
	assert_int_equal(btf_secinfo(&t, 0).type, first);
	assert_int_equal(btf_secinfo(&t, 1).offset, 16);
	t = type_of(&after, first);
	assert_int_equal(btf_var_linkage(&t), BTF_STATIC); /* hidden */
	t = type_of(&after, last);
	assert_int_equal(btf_var_linkage(&t), BTF_GLOBAL);
	assert_int_equal(after.end, before.end);
	assert_int_equal(after.data.n, before.data.n);
	bb_free(&b);
}

static void hidden_functions_become_static(void **state)
{
	struct bb b;
	struct btf before;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, 0), proto = bb_proto(&b, i);
	uint32_t hidden = bb_func(&b, "hidden_function", proto, BTF_GLOBAL);
	uint32_t open = bb_func(&b, "function", proto, BTF_GLOBAL);
	struct btf after = fixed(&b, &before);
	assert_int_equal(type_of(&after, hidden).vlen, BTF_STATIC);
	assert_int_equal(type_of(&after, hidden).type, proto);
	assert_int_equal(type_of(&after, open).vlen, BTF_GLOBAL);
	bb_free(&b);
}

/* A parameter tag that the kernel cannot read: the function is checked at each call. */
static void tagged_functions_become_static(void **state)
{
	struct bb b;
	struct btf before;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, 0), ptr = bb_ptr(&b, 0), proto = bb_proto(&b, i);
	bb_param(&b, "ctx", ptr);
	uint32_t tagged = bb_func(&b, "tagged", proto, BTF_GLOBAL);
	uint32_t other = bb_func(&b, "other", proto, BTF_GLOBAL);
	uint32_t ext = bb_func(&b, "ext", proto, BTF_EXTERN);
	bb_decl_tag(&b, "arg:ctx", other, -1); /* on the function, not on a parameter */
	bb_decl_tag(&b, "argument", other, 0);
	bb_open(&b, NULL, &before);
	assert_false(btf_has_arg_tags(&before));
	bb_decl_tag(&b, "arg:ctx", tagged, 0);
	bb_decl_tag(&b, "arg:ctx", ext, 0);
	struct btf after = fixed(&b, &before);
	assert_true(btf_has_arg_tags(&before));
	assert_int_equal(type_of(&after, tagged).vlen, BTF_STATIC);
	assert_int_equal(type_of(&after, tagged).type, proto);
	assert_int_equal(type_of(&after, other).vlen, BTF_GLOBAL);
	assert_int_equal(type_of(&after, ext).vlen, BTF_EXTERN);

	struct btf_symbols modern = places;
	struct err e = {0};
	modern.arg_tags = true;
	assert_true(btf_open(
		&after, btf_complete_datasecs(&before, &modern, &b.arena, &e), NULL, &b.arena, &e));
	assert_int_equal(type_of(&after, tagged).vlen, BTF_GLOBAL);
	bb_free(&b);
}

static void externs_look_defined(void **state)
{
	struct bb b;
	struct btf before;
	bb_init(&b, *(bool *)*state);
	uint32_t i = bb_int(&b, "int", 4, 0), cv = bb_ref(&b, BTF_CONST, "", 0);
	uint32_t hz = bb_var(&b, "CONFIG_HZ", i, BTF_EXTERN);
	uint32_t version = bb_var(&b, "LINUX_KERNEL_VERSION", i, BTF_EXTERN);
	uint32_t kconfig = bb_datasec(&b, ".kconfig", 0);
	bb_secinfo(&b, hz, 0, 4);
	bb_secinfo(&b, version, 0, 4);
	uint32_t proto = bb_proto(&b, i);
	bb_param(&b, "named", i);
	bb_param(&b, "", i);
	bb_param(&b, "", 0); /* "...": stays without a name */
	uint32_t kfunc = bb_func(&b, "bpf_kfunc", proto, BTF_EXTERN);
	uint32_t ksym = bb_var(&b, "jiffies", cv, BTF_EXTERN);
	uint32_t sec = bb_datasec(&b, ".ksyms", 0);
	bb_secinfo(&b, kfunc, 0, 0);
	bb_secinfo(&b, ksym, 0, 0);
	struct btf after = fixed(&b, &before);
	struct btf_type t = type_of(&after, kconfig);
	assert_int_equal(t.size, 16);
	assert_int_equal(btf_secinfo(&t, 0).type, version);
	assert_int_equal(btf_secinfo(&t, 1).offset, 8);
	t = type_of(&after, hz);
	assert_int_equal(btf_var_linkage(&t), BTF_GLOBAL);
	assert_int_equal(t.type, i);
	t = type_of(&after, sec);
	assert_int_equal(t.size, 8);
	assert_int_equal(btf_secinfo(&t, 1).type, ksym);
	for (unsigned k = 0; k < 2; k++) {
		assert_int_equal(btf_secinfo(&t, k).offset, k * 4);
		assert_int_equal(btf_secinfo(&t, k).size, 4);
		struct btf_type var = type_of(&after, btf_secinfo(&t, k).type);
		assert_int_equal(var.kind, BTF_VAR);
		assert_int_equal(btf_var_linkage(&var), BTF_GLOBAL);
		assert_int_equal(btf_size(&after, var.type), 4);
	}
	assert_int_equal(after.end, before.end + 2);
	t = type_of(&after, kfunc);
	assert_int_equal(t.vlen, BTF_GLOBAL);
	t = type_of(&after, proto);
	assert_string_equal(btf_param(&t, 0).name, "named");
	assert_string_equal(btf_param(&t, 1).name, "extern_placeholder");
	assert_string_equal(btf_param(&t, 2).name, "");
	/* and all of it again for an older kernel */
	struct err e = {0};
	struct span s = btf_sanitise(&after, BTF_BEFORE_5_0, &b.arena, &e);
	struct btf old;
	assert_true(btf_open(&old, s, NULL, &b.arena, &e));
	assert_int_equal(type_of(&old, sec).kind, BTF_STRUCT);
	bb_free(&b);
}

static void refuses_what_is_missing(void **state)
{
	static const char *const texts[] = {"section '.nowhere' is not in the file",
		"variable 'nobody' of section '.data' is not in the symbol table",
		"section '.data' contains a int, expected a variable"};
	for (unsigned k = 0; k < 3; k++) {
		struct bb b;
		struct btf before;
		struct err e = {0};
		bb_init(&b, *(bool *)*state);
		uint32_t i = bb_int(&b, "int", 4, 0), v = bb_var(&b, "nobody", i, BTF_GLOBAL);
		bb_datasec(&b, k ? ".data" : ".nowhere", 0);
		bb_secinfo(&b, k < 2 ? v : i, 0, 4);
		bb_open(&b, NULL, &before);
		assert_int_equal(btf_complete_datasecs(&before, &places, &b.arena, &e).n, 0);
		if (!strstr(e.text, texts[k]))
			fail_msg("'%s' is not in '%s'", texts[k], e.text);
		bb_free(&b);
	}
}

static void survives_flips(void **state)
{
	struct all a;
	uint64_t seed = 3;
	unsigned opened = 0, fixes = 0;
	all_init(&a, state);
	bb_datasec(&a.b, ".ksyms", 0);
	bb_secinfo(&a.b, a.global, 0, 0);
	bb_secinfo(&a.b, a.var, 0, 0);
	struct span whole = bb_done(&a.b);
	for (unsigned round = 0; round < 5000; round++) {
		struct arena arena = {0};
		struct err e = {0};
		struct btf b, again;
		uint8_t *p = malloc(whole.n);
		memcpy(p, whole.p, whole.n);
		for (unsigned k = bb_random(&seed) % 4; k; k--)
			p[24 + bb_random(&seed) % (whole.n - 24)] = (uint8_t)bb_random(&seed);
		if (btf_open(&b, (struct span){p, whole.n, false}, NULL, &arena, &e)) {
			for (enum btf_level level = 0; level < BTF_LEVELS; level++) {
				struct span s = btf_sanitise(&b, level, &arena, &e);
				assert_true(btf_open(&again, s, NULL, &arena, &e));
			}
			opened++;
			struct span named = btf_normalise(&b, &arena, &e);
			assert_true(btf_open(&again, named, NULL, &arena, &e));
			struct span s = btf_complete_datasecs(&b, &places, &arena, &e);
			assert_true(s.n ? btf_open(&again, s, NULL, &arena, &e) : e.set);
			fixes += s.n > 0;
		}
		arena_free(&arena);
		free(p);
	}
	assert_true(opened > 1000 && fixes > 100);
	bb_free(&a.b);
}

/* bpf(BPF_BTF_LOAD); returns a file descriptor, which holds the BTF, or -errno. */
static int load(struct span s, char *log, uint32_t log_size)
{
	struct {
		uint64_t btf, log_buf;
		uint32_t size, log_size, level, pad;
	} attr = {(uintptr_t)s.p, (uintptr_t)log, (uint32_t)s.n, log_size, 1, 0};
	log[0] = 0;
	long fd = syscall(SYS_bpf, 18, &attr, sizeof attr - sizeof attr.pad);
	return fd < 0 ? -errno : (int)fd;
}

/* The running kernel accepts the BTF of an object at every level. */
static void the_kernel_takes_it(void **state)
{
	static char log[65536];
	struct all a;
	struct btf before;
	(void)state;
	bb_init(&a.b, host_is_big());
	uint32_t i = bb_int(&a.b, "int", 4, BTF_INT_SIGNED), e64 = bb_enum64(&a.b, "e64", true);
	bb_value(&a.b, "HUGE", INT64_MIN);
	uint32_t es = bb_enum(&a.b, "es", 4, true);
	bb_value(&a.b, "MINUS", -1);
	uint32_t s = bb_struct(&a.b, "s", 16);
	bb_member(&a.b, "e", e64, 0);
	bb_member(&a.b, "f", es, 64);
	bb_decl_tag(&a.b, "tag", s, -1);
	uint32_t tag = bb_ref(&a.b, BTF_TYPE_TAG, "user", i);
	bb_ptr(&a.b, tag);
	bb_type(&a.b, BTF_FLOAT, "double", 0, false, 8);
	uint32_t proto = bb_proto(&a.b, i);
	bb_param(&a.b, "x", i);
	bb_func(&a.b, "g", proto, BTF_GLOBAL);
	uint32_t last = bb_var(&a.b, "last", i, BTF_GLOBAL),
		 first = bb_var(&a.b, "first", i, BTF_GLOBAL);
	bb_datasec(&a.b, ".data", 0);
	bb_secinfo(&a.b, last, 0, 4);
	bb_secinfo(&a.b, first, 0, 4);
	uint32_t kproto = bb_proto(&a.b, i);
	bb_param(&a.b, "", i);
	uint32_t kfunc = bb_func(&a.b, "kfunc", kproto, BTF_EXTERN);
	uint32_t ksym = bb_var(&a.b, "ksym", i, BTF_EXTERN);
	bb_datasec(&a.b, ".ksyms", 0);
	bb_secinfo(&a.b, kfunc, 0, 0);
	bb_secinfo(&a.b, ksym, 0, 0);
	bb_datasec(&a.b, "?.struct_ops", 4);
	bb_secinfo(&a.b, first, 0, 4);
	a.btf = fixed(&a.b, &before);
	int fd = load(at_level(&a, BTF_BEFORE_5_0).data, log, sizeof log);
	if (fd == -EPERM || fd == -ENOSYS) {
		print_message("# skipped: no bpf() here: %s\n", strerror(-fd));
		bb_free(&a.b);
		skip();
	}
	close(fd);
	assert_int_equal(load(before.data, log, sizeof log), -EINVAL); /* size 0, externs */
	struct utsname name;
	unsigned major = 0, minor = 0;
	assert_int_equal(uname(&name), 0);
	assert_int_equal(sscanf(name.release, "%u.%u", &major, &minor), 2);
	for (enum btf_level level = 0; level < BTF_LEVELS; level++) {
		struct err e = {0};
		struct span data = btf_sanitise(&a.btf, level, &a.b.arena, &e);
		fd = load(data, log, sizeof log);
		if (fd >= 0)
			close(fd);
		else if (level >= level_for(major, minor))
			fail_msg("level %s: %s: %s", btf_level_facts[level].drops, strerror(-fd),
				log);
	}
	bb_free(&a.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(each_level),
		BOTH(the_rest_is_untouched),
		BOTH(layout_goes_first),
		BOTH(levels_that_matter),
		cmocka_unit_test(level_of_a_release),
		BOTH(datasec_is_filled_in),
		BOTH(parameters_get_names),
		BOTH(names_as_in_c),
		BOTH(members_in_order),
		BOTH(parameters_without_names),
		BOTH(section_without_variables),
		BOTH(plain_types_stay),
		BOTH(sections_in_each_other),
		BOTH(hidden_functions_become_static),
		BOTH(tagged_functions_become_static),
		BOTH(externs_look_defined),
		BOTH(refuses_what_is_missing),
		BOTH(survives_flips),
		cmocka_unit_test(the_kernel_takes_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
