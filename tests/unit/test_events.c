/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Record types: the course's programs, other shapes of code, and broken objects. The objects are
 * compiled by each installed compiler.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "btf_build.h"
#include "elf_build.h"
#include "elf/records/records_impl.h"
#include "objects.h"
#include "records.h"
#include "sampled.h"

#define COUNT(a)     (sizeof(a) / sizeof *(a))
#define SOURCE(name) "tests/unit/records/" name ".bpf.c"

static void compile_with(
	struct records *r, const char *compiler, const char *source, bool big, const char *flags)
{
	records_open(r, records_compile(compiler, source, big, flags), NULL, 0);
	if (!r->ok)
		fail_msg("%s", r->e.text);
}

static void compile(struct records *r, const char *source)
{
	compile_with(r, "clang", source, false, "");
}

/* The result for a map: its certainty, and the type as text. */
static void expect(
	const struct records *r, const char *map, enum record_confidence sure, const char *type)
{
	const struct record_result *x = records_of(r, map);
	char *text = records_spell(r, x->type);
	if (strcmp(text, type) || x->confidence != sure)
		fail_msg("%s: found (%d) %s\nexpected (%d) %s", map, x->confidence, text, sure,
			type);
	assert_int_equal(x->size, btf_size(&r->shown, x->type));
	free(text);
}

static void expect_none(const struct records *r, const char *map)
{
	const struct record_result *x = records_of(r, map);
	assert_int_equal(x->confidence, RECORD_NONE);
	assert_int_equal(x->type, 0);
	assert_string_equal(x->name, "");
	assert_int_equal(x->n_others, 0);
}

/* The loaded BTF is a prefix of the shown BTF: same ids, same strings. */
static void expect_extended(const struct records *r)
{
	const struct btf *was = &r->loaded, *is = &r->shown;
	assert_true(is->types.n >= was->types.n);
	assert_memory_equal(is->types.p, was->types.p, was->types.n);
	assert_true(is->strings.n >= was->strings.n);
	assert_memory_equal(is->strings.p, was->strings.p, was->strings.n);
}

/* ---- Rust ---- */

/* Types in namespaces, with parameters, with reordered fields, enums with data. */
static void records_of_rust(void **state)
{
	struct records r;
	(void)state;
	compile_with(&r, "clang", "tests/vm/format/rust.s", false,
		"-mcpu=v3 -Wno-unused-command-line-argument");
	expect(&r, "OPENED", RECORD_EXACT,
		"struct Opened 88 {flag@672 bool, pid@640 u32, at@256 u64, name@320 u8[16], "
		"pair@448 struct Pair<u8, u64>, tuple@576 struct (u8, u32), peer@64 struct Peer, "
		"verdict@680 enum Verdict, maybe@0 struct Option<u32>}");
	expect_extended(&r);
	struct btf_type opened, peer, variant;
	btf_type(&r.shown, records_of(&r, "OPENED")->type, &opened);
	btf_type(&r.shown, btf_member(&opened, 6).type, &peer);
	char *text = records_spell(&r, peer.id);
	assert_string_equal(text, "struct Peer 24 {variant@0 enum {...}, @0 union {...}}");
	free(text);
	static const char *const names[] = {"Nobody", "Four", "Six"};
	btf_type(&r.shown, btf_member(&peer, 0).type, &variant);
	assert_int_equal(variant.vlen, COUNT(names));
	for (unsigned i = 0; i < COUNT(names); i++) {
		assert_string_equal(btf_enumerator(&variant, i).name, names[i]);
		assert_int_equal(btf_enumerator(&variant, i).value, i);
	}
	text = records_spell(&r, btf_member(&peer, 1).type);
	assert_string_equal(text, "union {...} 24 {Four@0 struct Four, Six@0 struct Six}");
	free(text);
	expect(&r, "RECORDS", RECORD_ONLY,
		"struct Record 40 {small@288 u8, kind@0 struct Peer, letter@256 char, "
		"next@192 struct Option<&u32>}");
	records_free(&r);
}

/* ---- the course ---- */

static const struct {
	const char *path, *type;
} course[] = {
	{"tests/course/c04_syslat.bpf.c",
		"struct event 32 {pid@0 __u32, nr@32 __u32, duration_ns@64 __u64, "
		"comm@128 char[16]}"},
	{"tests/course/c06_opentap.bpf.c",
		"struct event 284 {pid@0 __u32, uid@32 __u32, comm@64 char[16], "
		"filename@192 char[256], flags@2240 int}"},
	{"tests/course/c15_openpair.bpf.c",
		"struct event 284 {pid@0 __u32, uid@32 __u32, comm@64 char[16], ret@192 int, "
		"filename@224 char[256]}"},
};

static void finds_those_of_the_course(const char *compiler)
{
	static const char *const flags[] = {"", "-gdwarf-5", "-gdwarf-4", "-gdwarf-3", "-O1", "-O3",
		"-O0", "-mcpu=v1", "-mcpu=v3", "-gdwarf-5 -gdwarf64"};
	/* 7 is coprime to all three counts, so a sample has each source and byte order. */
	for (size_t n = 0; n < COUNT(course) * COUNT(flags) * 2; n += every(7)) {
		const char *type = course[n % COUNT(course)].type;
		struct records r;
		compile_with(&r, compiler, course[n % COUNT(course)].path, n % 2,
			flags[n / 2 % COUNT(flags)]);
		expect(&r, "events", RECORD_EXACT, type);
		expect_extended(&r);
		assert_int_equal(records_of(&r, "events")->n_others, 0);
		assert_string_equal(records_of(&r, "events")->name, "struct event");
		records_free(&r);
	}
}

static void course_of_clang(void **state)
{
	(void)state;
	finds_those_of_the_course("clang");
}

static void course_of_clang_19(void **state)
{
	(void)state;
	records_need("clang-19");
	finds_those_of_the_course("clang-19");
}

/* These files come from the compilers of the build. */
static void course_as_built(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct records r;
		records_open(&r,
			object_read(big ? "build/course/eb/c15_openpair.bpf.o"
					: "build/course/c15_openpair.bpf.o"),
			NULL, 0);
		expect(&r, "events", RECORD_EXACT, course[2].type);
		records_free(&r);
	}
}

/* ---- shapes of code ---- */

#define TYPE_A "struct a 16 {x@0 __u32, y@64 __u64}"
#define TYPE_B "struct b 16 {p@0 __u64, q@64 __u64}"

static void finds_in_all_shapes(const char *compiler, bool big, const char *flags)
{
	static const struct {
		const char *map, *type;
	} exact[] = {
		{"plain", TYPE_A},
		{"other", TYPE_B},
		{"through_inline", TYPE_B},
		{"inside_inline", TYPE_B},
		{"twice", TYPE_B},
		{"loop", TYPE_A},
		{"flex", "struct c 8 {len@0 __u32, n@32 __u32, data@64 char[0]}"},
		{"wrapped", "struct d 20 {head@0 struct head, body@32 __u32[4]}"},
		{"anonymous", "nameless 12 {s@0 __u16[6]}"},
		{"number", "__u64 8"},
		{"parameter", "struct sub 32 {w@0 __u64[4]}"},
		{"global", "struct g 16 {g1@0 __u32, g2@64 __u64}"},
		{"local", "struct before 16 {b1@0 __u64, b2@64 __u32}"},
		{"passed_on", TYPE_A},
		{"stack", TYPE_B},
		{"element", "struct big 96 {v@0 __u64[12]}"},
		{"inlined_fill", TYPE_A},
		{"buffer", TYPE_A},
		{"larger", TYPE_A},
	};
	struct records r;
	compile_with(&r, compiler, SOURCE("shapes"), big, flags);
	for (size_t i = 0; i < COUNT(exact); i++)
		expect(&r, exact[i].map, RECORD_EXACT, exact[i].type);
	expect_none(&r, "untyped");
	expect_none(&r, "unspeakable");
	expect_none(&r, "no_calls");
	expect_extended(&r);
	assert_int_equal(records_of(&r, "untyped")->record, 77);
	assert_int_equal(records_of(&r, "larger")->record, 100);
	records_free(&r);
}

static void shapes_of_clang(void **state)
{
	(void)state;
	finds_in_all_shapes("clang", false, "");
	finds_in_all_shapes("clang", true, "-gdwarf-4");
	finds_in_all_shapes("clang", false, "-gdwarf-2");
}

static void shapes_of_clang_19(void **state)
{
	(void)state;
	records_need("clang-19");
	finds_in_all_shapes("clang-19", true, "");
	finds_in_all_shapes("clang-19", false, "-gdwarf-4");
	finds_in_all_shapes("clang-19", false, "-gdwarf-5 -gdwarf64 -mcpu=v3");
}

/* Types as emitted by the compiler: without offsets of variables. */
static void types_before_linking(void **state)
{
	struct records r;
	struct span shown;
	(void)state;
	compile(&r, SOURCE("shapes"));
	assert_true(records_find(&r.o, &r.o.btf, NULL, &r.arena, r.results, &shown, &r.e));
	assert_string_equal(records_of(&r, "global")->name, "struct g");
	assert_string_equal(records_of(&r, "local")->name, "struct before");
	assert_string_equal(records_of(&r, "plain")->name, "struct a");
	records_free(&r);
}

/* ---- several candidates ---- */

static void several_kinds_in_one_ring(void **state)
{
	struct records r;
	(void)state;
	compile(&r, SOURCE("kinds"));
	const struct record_result *x = records_of(&r, "events");
	const char *note = records_describe("events", x, &r.arena);
	/* The order of the calls is up to the compiler. */
	bool first = !strcmp(x->name, "struct opened");
	expect(&r, "events", RECORD_EXACT,
		first ? "struct opened 8 {kind@0 __u32, fd@32 __u32}"
		      : "struct closed 16 {kind@0 __u32, ns@64 __u64}");
	assert_int_equal(x->n_others, 1);
	assert_true(x->others[0].sent);
	assert_int_equal(x->others[0].size, first ? 16 : 8);
	assert_int_equal(btf_size(&r.shown, x->others[0].type), first ? 16 : 8);
	assert_string_equal(x->others[0].name, first ? "struct closed" : "struct opened");
	assert_null(note); /* distinguished by size */
	records_free(&r);
}

/* After llvm-strip -g. */
static struct span strip(struct span bytes)
{
	struct span s = records_cut(bytes, ".debug_info", 0);
	free((void *)(uintptr_t)bytes.p);
	return s;
}

/* The types of one map, in the order of their tags, as "1: struct opened, 2: struct closed". */
static void expect_tags(
	const struct records *r, const char *map, uint64_t first, const char *x, const char *y)
{
	const struct record_result *result = records_of(r, map);
	assert_int_equal(result->n_kinds, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct record_kind *k = &result->kinds[i];
		char *text = records_spell(r, k->type);
		const char *want = k->tag.value == first ? x : y;
		assert_int_equal(k->tag.off, 0);
		assert_int_equal(k->tag.size, 4);
		assert_in_range(k->tag.value, first, first + 1);
		assert_int_equal(k->size, 16);
		if (strncmp(text, want, strlen(want)))
			fail_msg("%s: %s, expected %s", map, text, want);
		free(text);
	}
	assert_int_not_equal(result->kinds[0].tag.value, result->kinds[1].tag.value);
}

static void several_kinds_of_one_size(void **state)
{
	struct records r;
	(void)state;
	compile(&r, SOURCE("tags"));
	expect_tags(&r, "known", 1, "struct opened", "struct closed");
	expect_tags(&r, "stacked", 7, "struct opened", "struct closed");
	assert_null(records_describe("known", records_of(&r, "known"), &r.arena));
	/* A number that depends on something tells nothing. */
	const struct record_result *x = records_of(&r, "computed");
	assert_int_equal(x->n_kinds, 2);
	assert_int_equal(x->kinds[0].tag.size, 0);
	assert_non_null(strstr(records_describe("computed", x, &r.arena), "; also sent: "));
	records_free(&r);
	records_open(&r, strip(records_compile("clang", SOURCE("tags"), false, "")), NULL, 0);
	expect_tags(&r, "known", 1,
		"struct known.1~ 16 {kind?@0 unsigned int, fd@32 int, ns@64 unsigned long long}",
		"struct known.2~ 16 {kind?@0 unsigned int, a@32 unsigned short, b@48 unsigned "
		"short, c@64 unsigned int, d@96 unsigned int}");
	expect_tags(&r, "stacked", 7, "struct stacked.7~", "struct stacked.8~");
	records_free(&r);
}

static void a_type_of_the_source_file_is_a_guess(void **state)
{
	struct records r;
	(void)state;
	compile(&r, SOURCE("by_size"));
	expect(&r, "lonely", RECORD_GUESS, "struct alone 40 {d@0 __u64[5]}");
	const struct record_result *x = records_of(&r, "lonely");
	assert_int_equal(x->n_others, 0);
	assert_string_equal(records_describe("lonely", x, &r.arena),
		"map 'lonely': records shown as struct alone, guessed by size (select with "
		"--event lonely=NAME)");
	/* A reservation is stored in a pointer, so struct variables are not candidates; that leaves
	 * the types of the file, in its order. */
	x = records_of(&r, "events");
	assert_int_equal(x->confidence, RECORD_GUESS);
	assert_int_equal(x->n_others, 1);
	assert_false(x->others[0].sent);
	assert_int_equal(x->others[0].type, 0);
	bool first = !strcmp(x->name, "struct first");
	assert_string_equal(x->others[0].name, first ? "struct second" : "struct first");
	assert_string_equal(records_describe("events", x, &r.arena),
		first ? "map 'events': records shown as struct first, guessed by size (also "
			"matches: struct second; select with --event events=second)"
		      : "map 'events': records shown as struct second, guessed by size (also "
			"matches: struct first; select with --event events=first)");
	records_free(&r);
}

/* Variables in the innermost block that covers the call come first. */
static void variables_of_that_size(void **state)
{
	struct records r;
	(void)state;
	compile(&r, SOURCE("blocks"));
	const struct record_result *x = records_of(&r, "nested");
	expect(&r, "nested", RECORD_GUESS, "struct inner 24 {d@0 __u64[3]}");
	assert_int_equal(x->n_others, 2);
	assert_string_equal(x->others[0].name, "struct outer");
	assert_string_equal(x->others[1].name, "struct elsewhere");
	expect(&r, "single", RECORD_ONLY, "struct only 40 {e@0 __u64[5]}");
	x = records_of(&r, "single");
	assert_int_equal(x->n_others, 0);
	assert_string_equal(records_describe("single", x, &r.arena),
		"map 'single': records shown as struct only, by size");
	records_free(&r);
}

/* ---- not determined by the code ---- */

static void maps_and_sizes_that_depend_on_the_way(void **state)
{
	struct records r;
	(void)state;
	compile(&r, SOURCE("unclear"));
	expect(&r, "one", RECORD_EXACT, TYPE_A);
	expect(&r, "two", RECORD_EXACT, TYPE_A);
	/* Only the records sent to a ring count for it, although all share one call. */
	expect(&r, "merged", RECORD_EXACT, "struct small 12 {p@0 __u32, q@32 __u32, r@64 __u32}");
	const struct record_result *x = records_of(&r, "merged");
	assert_int_equal(x->n_others, 1);
	assert_true(x->others[0].sent);
	assert_string_equal(x->others[0].name, "struct large");
	expect(&r, "sized", RECORD_EXACT, TYPE_A);
	assert_int_equal(records_of(&r, "sized")->record, 0);
	records_free(&r);
}

/* ---- without debug info ---- */

static void types_of_btf_by_size(void **state)
{
	struct records r;
	(void)state;
	records_open(&r, strip(records_compile("clang", SOURCE("unused"), false, "")), NULL, 0);
	assert_true(r.ok);
	expect(&r, "events", RECORD_ONLY, "struct exec 20 {pid@0 __u32, comm@32 char[16]}");
	expect(&r, "packets", RECORD_ONLY, "struct packet 24 {a@0 __u64, b@64 __u64, c@128 __u64}");
	/* The value of some map often has the same size by chance. */
	expect(&r, "unlike", RECORD_CODE,
		"struct unlike~ 32 {a@0 unsigned long long, f8@64 unsigned char[24]}");
	expect_none(&r, "samples");
	const struct record_result *x = records_of(&r, "unlike");
	assert_string_equal(x->problem, "there is no debug information");
	assert_string_equal(records_describe("unlike", x, &r.arena),
		"map 'unlike': record type inferred from the code (1 of 2 fields certain)");
	assert_null(records_describe("samples", records_of(&r, "samples"), &r.arena));
	expect_extended(&r);
	records_free(&r);
}

/* Data sent from a map or a variable has its type in BTF, at exactly this offset. */
static void types_of_maps_and_variables(void **state)
{
	struct records r;
	(void)state;
	records_open(&r, strip(records_compile("clang", SOURCE("shapes"), false, "")), NULL, 0);
	assert_true(r.ok);
	expect(&r, "element", RECORD_EXACT, "struct big 96 {v@0 __u64[12]}");
	expect(&r, "global", RECORD_EXACT, "struct g 16 {g1@0 __u32, g2@64 __u64}");
	expect(&r, "local", RECORD_EXACT, "struct before 16 {b1@0 __u64, b2@64 __u32}");
	expect(&r, "plain", RECORD_CODE,
		"struct plain~ 16 {x@0 unsigned int, pad4@32 unsigned char[4], "
		"y?@64 unsigned long long}");
	assert_null(records_of(&r, "element")->problem);
	records_free(&r);
}

/* Records of iterators have a type if they all have one size, and no text comes between. */
static void records_of_iterators(void **state)
{
	struct records r;
	(void)state;
	compile(&r, SOURCE("iterators"));
	expect(&r, "writes", RECORD_EXACT,
		"struct task 24 {pid@0 __u32, name@32 char[16], n@160 __u32}");
	expect(&r, "element", RECORD_EXACT, "struct big 32 {v@0 __u64[4]}");
	assert_int_equal(records_of(&r, "writes")->record, 24);
	assert_int_equal(records_of(&r, "unknown")->record, 8);
	expect_none(&r, "unknown");
	static const char *const text[] = {
		"mixed", "sizes", "literals", "printing", "traced", "variable"};
	for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
		expect_none(&r, text[i]);
		assert_int_equal(records_of(&r, text[i])->record, 0);
	}
	records_free(&r);
	/* A subprogram may write for each of them. */
	compile_with(&r, "clang", SOURCE("iterators"), false, "-DSHARED=24");
	expect(&r, "writes", RECORD_EXACT,
		"struct task 24 {pid@0 __u32, name@32 char[16], n@160 __u32}");
	assert_int_equal(records_of(&r, "element")->record, 0);
	assert_int_equal(records_of(&r, "traced")->record, 0);
	records_free(&r);
	const struct record_choice choice = {"unknown", "struct big"};
	records_open(&r, records_compile("clang", SOURCE("iterators"), false, ""), &choice, 1);
	assert_true(r.ok);
	expect(&r, "unknown", RECORD_CHOSEN, "struct big 32 {v@0 __u64[4]}");
	records_free(&r);
}

static void types_of_btf_are_used(void **state)
{
	struct records r;
	(void)state;
	compile(&r, SOURCE("unused"));
	expect(&r, "events", RECORD_EXACT, "struct exec 20 {pid@0 __u32, comm@32 char[16]}");
	expect(&r, "packets", RECORD_EXACT,
		"struct packet 24 {a@0 __u64, b@64 __u64, c@128 __u64}");
	assert_int_equal(records_of(&r, "events")->type, btf_find(&r.loaded, BTF_STRUCT, "exec"));
	assert_int_equal(
		records_of(&r, "packets")->type, btf_find(&r.loaded, BTF_STRUCT, "packet"));
	assert_int_equal(records_of(&r, "unlike")->type, btf_find(&r.loaded, BTF_STRUCT, "stats"));
	/* But not a type that matches only by name. */
	expect(&r, "shadowed", RECORD_EXACT, "struct stats 2 {other@0 __u16}");
	expect_extended(&r);
	records_free(&r);
}

/* The declaration in the object has precedence; broken debug info is not even read. */
static void declared_types_stand(void **state)
{
	struct records r;
	(void)state;
	struct span whole = records_compile("clang", SOURCE("declared"), false, "");
	records_open(&r, records_cut(whole, ".debug_info", 5), NULL, 0);
	free((void *)(uintptr_t)whole.p);
	assert_true(r.ok);
	expect(&r, "events", RECORD_DECLARED, "struct real 4 {pid@0 __u32}");
	assert_null(records_of(&r, "events")->problem);
	assert_null(records_describe("events", records_of(&r, "events"), &r.arena));
	assert_ptr_equal(r.shown.data.p, r.loaded.data.p);
	expect(&r, "valued", RECORD_DECLARED, "struct other 4 {pid@0 __u32}");
	expect_none(&r, "untouched");
	assert_null(records_of(&r, "untouched")->problem);
	records_free(&r);
}

/* ---- --event ---- */

static void choose(struct records *r, const char *source, const char *map, const char *type)
{
	const struct record_choice choice = {map, type};
	records_open(r, records_compile("clang", source, false, ""), &choice, 1);
}

static void chosen_types(void **state)
{
	static const struct {
		const char *type, *spelled;
	} good[] = {
		{"second", "struct second 24 {d@0 __u64[3]}"},
		{"struct second", "struct second 24 {d@0 __u64[3]}"},
		{"struct alone", "struct alone 40 {d@0 __u64[5]}"},
		{"__u64", "__u64 8"},
	};
	struct records r;
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		choose(&r, SOURCE("by_size"), "events", good[i].type);
		if (!r.ok)
			fail_msg("%s", r.e.text);
		expect(&r, "events", RECORD_CHOSEN, good[i].spelled);
		assert_null(records_describe("events", records_of(&r, "events"), &r.arena));
		expect(&r, "lonely", RECORD_GUESS, "struct alone 40 {d@0 __u64[5]}");
		records_free(&r);
	}
	/* It also overrides the object's declaration, and a BTF type needs no DWARF. */
	choose(&r, SOURCE("declared"), "events", "other");
	expect(&r, "events", RECORD_CHOSEN, "struct other 4 {pid@0 __u32}");
	records_free(&r);
	choose(&r, SOURCE("declared"), "events", "struct real");
	expect(&r, "events", RECORD_CHOSEN, "struct real 4 {pid@0 __u32}");
	assert_ptr_equal(r.shown.data.p, r.loaded.data.p);
	records_free(&r);
}

static void choices_that_fail(void **state)
{
	static const struct {
		const char *map, *type, *text, *hint;
	} bad[] = {
		{"event", "first", "there is no ring buffer, perf event array or iterator 'event'",
			"the object has: events, lonely"},
		{"events", "third", "map 'events': there is no type 'third'",
			"types are searched in BTF, in debug information (clang -g, not stripped; "
			"or --debug FILE) and in the kernel's types"},
		{"events", "union first", "map 'events': there is no type 'union first'", NULL},
		{"events", "struct ", "map 'events': there is no type 'struct '", NULL},
		{"events", "", "map 'events': there is no type ''", NULL},
	};
	struct records r;
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		choose(&r, SOURCE("by_size"), bad[i].map, bad[i].type);
		assert_false(r.ok);
		assert_string_equal(r.e.text, bad[i].text);
		if (bad[i].hint)
			assert_string_equal(r.e.hint, bad[i].hint);
		records_free(&r);
	}
	choose(&r, SOURCE("types"), "events", "first");
	assert_false(r.ok);
	assert_string_equal(r.e.hint, "the object has none");
	records_free(&r);
}

/* ---- types of other files ---- */

/* Types of another object, from its BTF and from its debug information, and the same for raw BTF. */
static void types_of_another_file(void **state)
{
	static const char expected[] = "struct shown 56 {bits@0:3 unsigned char, rest@3:5 unsigned "
				       "char, comm@8 char[16], kind@160 enum kind, next@192 struct "
				       "shown *, inner@256 struct inner[2], @384 union "
				       "{...}}";
	const struct record_choice choice = {"events", "shown"};
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct span whole =
			records_compile("clang", "tests/unit/records/shown.bpf.c", big, "");
		struct span files[] = {
			records_cut(whole, ".debug_info", 0), records_cut(whole, ".BTF", 0), {0}};
		for (size_t i = 0; i < COUNT(files); i++) {
			struct records r;
			struct type_file types;
			struct arena a = {0};
			struct err e = {0};
			struct elf elf;
			const struct record_sources from = {
				.choices = &choice, .n_choices = 1, .types = &types};
			if (!files[i].n && elf_open(&elf, whole, &a, &e))
				files[i] = elf.sections[elf_find(&elf, ".BTF")].data;
			if (!type_file_open(&types, "shown.o", files[i], &a, &e))
				fail_msg("%s", e.text);
			struct span object = records_compile("clang", SOURCE("declared"), big, "");
			assert_true(records_try_from(&r, object, &from));
			if (!r.ok)
				fail_msg("%s", r.e.text);
			expect(&r, "events", RECORD_CHOSEN, expected);
			const struct record_result *x = records_of(&r, "events");
			assert_int_equal(x->origin, ORIGIN_FILE);
			assert_string_equal(x->file, "shown.o");
			assert_string_equal(x->name, "struct shown");
			records_free(&r);
			arena_free(&a);
		}
		free((void *)(uintptr_t)files[0].p);
		free((void *)(uintptr_t)files[1].p);
		free((void *)(uintptr_t)whole.p);
	}
}

/* A stripped object finds its types in the whole one as if they were its own. */
static void types_of_a_twin(void **state)
{
	static const char *const sources[] = {SOURCE("simple"), SOURCE("shapes")};
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct records alone, r;
		struct arena a = {0};
		struct err e = {0};
		struct object twin;
		struct span whole = records_compile("clang", sources[i / 2], i % 2, "");
		const struct record_sources from = {.twin = &twin};
		assert_true(object_open(&twin, "whole.o", whole, &a, &e));
		records_open(&alone, records_compile("clang", sources[i / 2], i % 2, ""), NULL, 0);
		assert_true(records_try_from(&r, records_cut(whole, ".debug_info", 0), &from));
		if (!r.ok)
			fail_msg("%s", r.e.text);
		for (size_t m = 0; m < r.o.n_maps; m++) {
			const struct record_result *x = &r.results[m], *y = &alone.results[m];
			char *is = records_spell(&r, x->type);
			char *expected = records_spell(&alone, y->type);
			assert_int_equal(x->confidence, y->confidence);
			assert_int_equal(x->origin, y->origin);
			assert_string_equal(x->name, y->name);
			assert_string_equal(is, expected);
			assert_string_equal(
				x->file ? x->file : "", x->origin == ORIGIN_DWARF ? "whole.o" : "");
			free(is);
			free(expected);
		}
		records_free(&r);
		records_free(&alone);
		arena_free(&a);
		free((void *)(uintptr_t)whole.p);
	}
}

static void another_object_is_no_twin(void **state)
{
	static const struct {
		const char *source, *flags, *text;
	} bad[] = {
		{SOURCE("simple"), "-Dempty=full", "it has no function 'empty'"},
		{SOURCE("simple"), "-DANSWER=6", "different code in function 'empty'"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct records r;
		struct arena a = {0};
		struct err e = {0};
		struct object twin;
		struct span bytes = records_compile("clang", bad[i].source, false, bad[i].flags);
		const struct record_sources from = {.twin = &twin};
		assert_true(object_open(&twin, "other.o", bytes, &a, &e));
		assert_true(records_try_from(
			&r, records_compile("clang", SOURCE("simple"), false, ""), &from));
		assert_false(r.ok);
		if (!strstr(r.e.text, bad[i].text))
			fail_msg("%s", r.e.text);
		records_free(&r);
		arena_free(&a);
		free((void *)(uintptr_t)bytes.p);
	}
}

/* ---- value tracking ---- */

enum {
	MOV_K = 0xb7,
	MOV_X = 0xbf,
	ADD_K = 0x07,
	STORE = 0x7b,
	LOAD = 0x79,
	CALL = 0x85,
	EXIT = 0x95,
	JEQ_K = 0x15,
	JA = 0x05,
	STORE_K = 0x7a
};

static void values_in_straight_code(void **state)
{
	static const struct {
		uint8_t code, dst, src;
		int16_t off;
	} code[] = {
		{CALL, 0, 0, 0},       /* 0: r0 */
		{MOV_X, 7, 0, 0},      /* 1: r0 r7 */
		{JEQ_K, 7, 0, 8},      /* 2, out of the function */
		{STORE, 10, 7, -16},   /* 3: r0 r7 -16 */
		{MOV_X, 1, 7, 0},      /* 4: r0 r1 r7 -16 */
		{ADD_K, 1, 0, 0},      /* 5: r0 r7 -16 */
		{CALL, 0, 0, 0},       /* 6: r7 -16 */
		{MOV_K, 7, 0, 0},      /* 7: -16 */
		{LOAD, 3, 10, -16},    /* 8: r3 -16 */
		{STORE_K, 10, 0, -16}, /* 9: r3 */
		{JA, 0, 0, 0},
	};
	static const struct {
		uint32_t to;
		uint16_t regs;
		bool slot;
	} after[] = {{1, 0x01, false}, {2, 0x81, false}, {3, 0x81, false}, {4, 0x81, true},
		{5, 0x83, true}, {6, 0x81, true}, {7, 0x80, true}, {8, 0, true}, {9, 0x08, true},
		{10, 0x08, false}, {11, 0, false}};
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct eb b;
		struct object o = {0};
		struct arena a = {0};
		struct err e = {0};
		eb_init(&b, big);
		uint32_t section = eb_code(&b, "tp/a/b");
		for (size_t i = 0; i < COUNT(code); i++)
			eb_insn(&b, section, code[i].code, code[i].dst, code[i].src, code[i].off,
				8);
		eb_symbol(&b, "f", ELF_FUNC, ELF_GLOBAL, section, 0, COUNT(code) * 8);
		if (!object_open(&o, "x.o", eb_done(&b), &a, &e))
			fail_msg("%s", e.text);
		struct flow w;
		const struct value v = {.kind = VALUE_RESULT, .at = 0};
		assert_true(flow_open(&w, &o, &a));
		for (size_t i = 0; i < COUNT(after); i++) {
			for (unsigned r = 0; r <= 10; r++)
				assert_int_equal(calls_hold(&w, o.funcs, v, after[i].to, false, r),
					after[i].regs >> r & 1);
			assert_int_equal(
				calls_hold(&w, o.funcs, v, after[i].to, true, -16), after[i].slot);
			assert_false(calls_hold(&w, o.funcs, v, after[i].to, true, -8));
		}
		assert_false(calls_hold(&w, o.funcs, v, 0, false, 0));
		assert_false(calls_hold(&w, o.funcs, v, 1000, false, 0));
		flow_close(&w);
		arena_free(&a);
		eb_free(&b);
	}
}

/* ---- calls and their arguments ---- */

/* Instructions of the listings below; MAP is a load of the address of map `imm`. */
struct listed {
	uint8_t code, dst, src;
	int16_t off;
	int32_t imm;
};

enum { MAP = 0x18, MAPS = 3, RESERVE = 131, OUTPUT = 130, PERF_OUTPUT = 25, LOOKUP = 1 };

/* The result as text: "insn:map:size:kind+off ..." */
static void calls_text(const struct listed *code, size_t n, bool big, char *text, size_t size)
{
	static const char *const kinds[] = {
		"?", "number", "upto", "map", "data", "stack", "param", "result"};
	struct eb b;
	struct object o;
	struct arena a = {0};
	struct err e = {0};
	struct obj_map maps[MAPS] = {0};
	bool wanted[MAPS + 1] = {false};
	uint32_t symbols[MAPS], bytes = 0;
	struct record_calls calls;
	eb_init(&b, big);
	uint32_t text_section = eb_code(&b, "tp/a/b");
	uint32_t data = eb_section(&b, "rings", ELF_PROGBITS, ELF_ALLOC, NULL, MAPS * 16);
	for (uint32_t i = 0; i < MAPS; i++) {
		symbols[i] = eb_symbol(&b, "m", ELF_OBJECT, ELF_GLOBAL, data, i * 16, 16);
		maps[i] = (struct obj_map){.name = "m", .section = data, .off = i * 16, .size = 16};
		wanted[i] = true;
	}
	for (size_t i = 0; i < n; i++) {
		eb_insn(&b, text_section, code[i].code, code[i].dst, code[i].src, code[i].off,
			code[i].code == MAP ? 0 : code[i].imm);
		if (code[i].code == MAP) {
			eb_insn(&b, text_section, 0, 0, 0, 0, 0);
			eb_rel(&b, text_section, bytes, symbols[code[i].imm], R_BPF_64_64);
			bytes += 8;
		}
		bytes += 8;
	}
	eb_symbol(&b, "f", ELF_FUNC, ELF_GLOBAL, text_section, 0, bytes);
	if (!object_open(&o, "x.o", eb_done(&b), &a, &e))
		fail_msg("%s", e.text);
	o.maps = maps;
	o.map_places = NULL; /* not known for these */
	o.n_maps = MAPS;
	assert_non_null(records_calls(&o, wanted, &a, &calls));
	text[0] = 0;
	for (size_t i = 0; i < calls.n; i++) {
		const struct record_call *c = &calls.items[i];
		size_t at = strlen(text);
		snprintf(
			text + at, size - at, "%s%u:%u:%u", i ? " " : "", c->insn, c->map, c->size);
		at = strlen(text);
		if (c->output)
			snprintf(text + at, size - at, ":%s%+d", kinds[c->data.kind],
				(int)c->data.off);
	}
	arena_free(&a);
	eb_free(&b);
}

#define EXPECT_CALLS(text, ...)                                                                    \
	do {                                                                                       \
		const struct listed code[] = {__VA_ARGS__};                                        \
		char found[256];                                                                   \
		for (int big = 0; big < 2; big++) {                                                \
			calls_text(code, COUNT(code), big, found, sizeof found);                   \
			assert_string_equal(found, text);                                          \
		}                                                                                  \
	} while (0)

static void arguments_of_calls(void **state)
{
	(void)state;
	EXPECT_CALLS("3:1:24", {MAP, 1, 0, 0, 1}, {MOV_K, 2, 0, 0, 24}, {CALL, 0, 0, 0, RESERVE},
		{EXIT, 0, 0, 0, 0});
	/* Through other registers, with 32-bit moves, additions, and across a call. */
	EXPECT_CALLS("8:2:30", {MAP, 6, 0, 0, 2}, {0xb4, 7, 0, 0, 28}, {ADD_K, 7, 0, 0, 2},
		{CALL, 0, 0, 0, 5}, {MOV_X, 1, 6, 0, 0}, {MOV_X, 2, 7, 0, 0}, {MOV_K, 3, 0, 0, 0},
		{CALL, 0, 0, 0, RESERVE}, {EXIT, 0, 0, 0, 0});
	/* Neither R1 to R5 after a call nor memory contents are tracked. */
	EXPECT_CALLS("", {MAP, 1, 0, 0, 1}, {MOV_K, 2, 0, 0, 24}, {CALL, 0, 0, 0, 5},
		{CALL, 0, 0, 0, RESERVE}, {EXIT, 0, 0, 0, 0});
	EXPECT_CALLS("", {LOAD, 1, 10, -8, 0}, {MOV_K, 2, 0, 0, 24}, {CALL, 0, 0, 0, RESERVE},
		{EXIT, 0, 0, 0, 0});
	/* Each helper has its own argument positions. */
	EXPECT_CALLS("6:0:8:stack-16 11:1:4:?+0", {MAP, 1, 0, 0, 0}, {MOV_X, 2, 10, 0, 0},
		{ADD_K, 2, 0, 0, -16}, {MOV_X, 6, 1, 0, 0}, {MOV_K, 3, 0, 0, 8},
		{CALL, 0, 0, 0, OUTPUT}, {MOV_X, 1, 6, 0, 0}, {MAP, 2, 0, 0, 1},
		{MOV_K, 5, 0, 0, 4}, {CALL, 0, 0, 0, PERF_OUTPUT}, {EXIT, 0, 0, 0, 0});
}

static void other_arguments_of_calls(void **state)
{
	(void)state;
	for (int32_t helper = 1; helper < 220; helper++) {
		struct listed code[] = {{MOV_X, 4, 1, 0, 0}, {MAP, 2, 0, 0, 1}, {MOV_K, 5, 0, 0, 4},
			{CALL, 0, 0, 0, helper}, {EXIT, 0, 0, 0, 0}};
		char found[256];
		bool sends = helper == 25 || helper == 111 || helper == 121;
		calls_text(code, COUNT(code), false, found, sizeof found);
		assert_string_equal(found, sends ? "4:1:4:param+0" : "");
	}
	/* The result of a lookup; a subprogram or kfunc with the number of a helper. */
	EXPECT_CALLS("8:1:4:result+8", {MAP, 1, 0, 0, 2}, {CALL, 0, 0, 0, LOOKUP},
		{MOV_X, 2, 0, 0, 0}, {ADD_K, 2, 0, 0, 8}, {MAP, 1, 0, 0, 1}, {MOV_K, 3, 0, 0, 4},
		{CALL, 0, 0, 0, OUTPUT}, {EXIT, 0, 0, 0, 0});
	EXPECT_CALLS("", {MAP, 1, 0, 0, 1}, {MOV_K, 2, 0, 0, 24}, {CALL, 0, 2, 0, RESERVE},
		{EXIT, 0, 0, 0, 0});
}

static void arguments_where_ways_meet(void **state)
{
	(void)state;
	/* Both paths agree on the map but not on the size, so each path counts. */
	EXPECT_CALLS("6:1:8 6:1:16", {MAP, 1, 0, 0, 1}, {MOV_K, 2, 0, 0, 8}, {JEQ_K, 6, 0, 1, 0},
		{MOV_K, 2, 0, 0, 16}, {MOV_K, 3, 0, 0, 0}, {CALL, 0, 0, 0, RESERVE},
		{EXIT, 0, 0, 0, 0});
	/* Merged branch tails: map, size and data come from each branch. */
	EXPECT_CALLS("14:0:8:stack-8 14:2:24:stack-32", {JEQ_K, 1, 0, 6, 0}, {MAP, 1, 0, 0, 0},
		{MOV_X, 2, 10, 0, 0}, {ADD_K, 2, 0, 0, -8}, {MOV_K, 3, 0, 0, 8}, {JA, 0, 0, 5, 0},
		{MAP, 1, 0, 0, 2}, {MOV_X, 2, 10, 0, 0}, {ADD_K, 2, 0, 0, -32},
		{MOV_K, 3, 0, 0, 24}, {MOV_K, 4, 0, 0, 0}, {MOV_K, 5, 0, 0, 0},
		{CALL, 0, 0, 0, OUTPUT}, {EXIT, 0, 0, 0, 0});
	/* The same after a backward jump. */
	EXPECT_CALLS("5:0:8 5:0:16", {MAP, 1, 0, 0, 0}, {JEQ_K, 6, 0, 4, 0}, {MOV_K, 2, 0, 0, 8},
		{MOV_K, 3, 0, 0, 0}, {CALL, 0, 0, 0, RESERVE}, {EXIT, 0, 0, 0, 0},
		{MOV_K, 2, 0, 0, 16}, {JA, 0, 0, -5, 0});
	/* Changes in a loop are seen from the second iteration on, also through two registers. */
	EXPECT_CALLS("5:0:8", {MAP, 6, 0, 0, 0}, {MOV_K, 7, 0, 0, 8}, {MOV_X, 1, 6, 0, 0},
		{MOV_X, 2, 7, 0, 0}, {CALL, 0, 0, 0, RESERVE}, {JEQ_K, 0, 0, -4, 0},
		{EXIT, 0, 0, 0, 0});
	EXPECT_CALLS("9:0:8 9:0:0", {MAP, 6, 0, 0, 0}, {MOV_K, 7, 0, 0, 8}, {MOV_K, 8, 0, 0, 8},
		{MOV_K, 9, 0, 0, 8}, {JEQ_K, 3, 0, 0, 0}, {MOV_X, 1, 6, 0, 0}, {MOV_X, 2, 7, 0, 0},
		{MOV_K, 3, 0, 0, 0}, {CALL, 0, 0, 0, RESERVE}, {MOV_X, 7, 8, 0, 0},
		{MOV_X, 8, 9, 0, 0}, {ADD_K, 9, 0, 0, 8}, {JEQ_K, 0, 0, -8, 0}, {EXIT, 0, 0, 0, 0});
	/* Only the code right before the call is considered. */
	EXPECT_CALLS("7:1:0", {MAP, 1, 0, 0, 1}, {MOV_K, 2, 0, 0, 8}, {JEQ_K, 6, 0, 1, 0},
		{MOV_K, 2, 0, 0, 16}, {MOV_K, 3, 0, 0, 0}, {JEQ_K, 6, 0, 1, 0},
		{CALL, 0, 0, 0, RESERVE}, {EXIT, 0, 0, 0, 0});
	/* Unreachable code is ignored. */
	EXPECT_CALLS("", {MAP, 1, 0, 0, 1}, {MOV_K, 2, 0, 0, 8}, {JA, 0, 0, 1, 0},
		{CALL, 0, 0, 0, RESERVE}, {EXIT, 0, 0, 0, 0});
}

/* ---- broken objects ---- */

/* CPU time of this process, which does not depend on what else runs. */
static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Reads all results, so that the sanitizer detects errors. */
static uint64_t look(struct records *r)
{
	uint64_t sum = 0;
	for (size_t i = 0; r->ok && i < r->o.n_maps + r->o.n_funcs; i++) {
		const struct record_result *x = &r->results[i];
		const char *note = records_describe(
			i < r->o.n_maps ? r->o.maps[i].name : r->o.funcs[i - r->o.n_maps].name, x,
			&r->arena);
		char *text = records_spell(r, x->type);
		sum += strlen(text) + strlen(x->name) + (note ? strlen(note) : 0) + x->confidence;
		for (size_t k = 0; k < x->n_others; k++)
			sum += strlen(x->others[k].name) + x->others[k].size;
		free(text);
	}
	return r->ok ? sum + bb_walk(&r->shown) : 0;
}

static void try_bytes(struct span bytes, unsigned *found)
{
	struct records r;
	double start = seconds();
	if (records_try(&r, bytes, NULL, 0)) {
		assert_true(r.ok);
		assert_true(look(&r) > 0);
		for (size_t i = 0; i < r.o.n_maps; i++)
			*found += r.results[i].confidence > RECORD_CODE;
		records_free(&r);
	} else {
		free((void *)(uintptr_t)bytes.p);
	}
	assert_true(seconds() - start < 60);
}

static const char *const debug_sections[] = {".debug_info", ".debug_abbrev", ".debug_str",
	".debug_str_offsets", ".debug_addr", ".debug_loclists", ".debug_rnglists", ".debug_loc",
	".debug_ranges", ".rel.debug_info", ".rel.debug_addr", ".rel.debug_loc"};

static void cut_debug_information(void **state)
{
	(void)state;
	for (int old = 0; old < 2; old++) {
		struct span whole = records_compile(
			"clang", course[0].path, old, old ? "-gdwarf-4" : "-gdwarf-5");
		unsigned found = 0, tries = 0;
		for (size_t i = 0; i < COUNT(debug_sections); i++)
			for (uint64_t n = 0; n < 1200; n += (n < 64 ? 1 : 13) * every(5), tries++)
				try_bytes(records_cut(whole, debug_sections[i], n), &found);
		free((void *)(uintptr_t)whole.p);
		/* Some truncated files still contain everything necessary. */
		assert_in_range(found, 1, tries - 1);
	}
}

static void flip(uint8_t *p, size_t n, uint64_t *random)
{
	size_t at = bb_random(random) % n;
	uint32_t r = bb_random(random);
	switch (r % 4) {
	case 0:
		p[at] ^= (uint8_t)(1u << (r >> 8) % 8);
		break;
	case 1:
		p[at] = (uint8_t)(r >> 8);
		break;
	case 2:
		p[at] = r & 256 ? 0xff : 0x7f;
		break;
	default:
		p[at] = 0;
	}
}

static void flipped_bits(void **state)
{
	static const char *const sections[] = {".debug_info", ".debug_abbrev", ".debug_loclists",
		".debug_loc", ".debug_ranges", ".debug_addr", ".debug_str_offsets", ".debug_str",
		"tp/a/two_rings", "tp/a/odd_types", "iter/task"};
	uint64_t random = 20240229;
	(void)state;
	for (int round = 0; round < 3; round++) {
		const bool old = round == 1, iterators = round == 2;
		struct span whole =
			records_compile("clang", iterators ? SOURCE("iterators") : SOURCE("shapes"),
				old, old ? "-gdwarf-3" : "");
		struct elf elf;
		struct arena a = {0};
		struct err e = {0};
		unsigned found = 0;
		assert_true(elf_open(&elf, whole, &a, &e));
		for (unsigned i = 0; i < 1500; i += every(5)) {
			struct span copy = records_cut(whole, "", 0);
			for (uint32_t k = bb_random(&random) % 4 + 1; k--;) {
				size_t which = bb_random(&random) % (COUNT(sections));
				uint32_t s = elf_find(&elf, sections[which]);
				if (s)
					flip((uint8_t *)(uintptr_t)copy.p +
							elf.sections[s].file_off,
						elf.sections[s].data.n, &random);
			}
			try_bytes(copy, &found);
		}
		assert_true(iterators || found > 1500 / every(5));
		arena_free(&a);
		free((void *)(uintptr_t)whole.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_of_rust),
		cmocka_unit_test(course_of_clang),
		cmocka_unit_test(course_of_clang_19),
		cmocka_unit_test(course_as_built),
		cmocka_unit_test(shapes_of_clang),
		cmocka_unit_test(shapes_of_clang_19),
		cmocka_unit_test(types_before_linking),
		cmocka_unit_test(several_kinds_in_one_ring),
		cmocka_unit_test(several_kinds_of_one_size),
		cmocka_unit_test(a_type_of_the_source_file_is_a_guess),
		cmocka_unit_test(variables_of_that_size),
		cmocka_unit_test(maps_and_sizes_that_depend_on_the_way),
		cmocka_unit_test(types_of_btf_by_size),
		cmocka_unit_test(types_of_maps_and_variables),
		cmocka_unit_test(types_of_btf_are_used),
		cmocka_unit_test(declared_types_stand),
		cmocka_unit_test(records_of_iterators),
		cmocka_unit_test(chosen_types),
		cmocka_unit_test(choices_that_fail),
		cmocka_unit_test(types_of_another_file),
		cmocka_unit_test(types_of_a_twin),
		cmocka_unit_test(another_object_is_no_twin),
		cmocka_unit_test(values_in_straight_code),
		cmocka_unit_test(arguments_of_calls),
		cmocka_unit_test(other_arguments_of_calls),
		cmocka_unit_test(arguments_where_ways_meet),
		cmocka_unit_test(cut_debug_information),
		cmocka_unit_test(flipped_bits),
	};
	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
