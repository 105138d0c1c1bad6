/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Linking: the functions of a program, their order, and the targets of its instructions. The input
 * is C compiled here, and files built by hand that no compiler emits. libbpf must pass the same
 * program to this kernel for the same object.
 */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/base/bpf_abi.h"
#include "elf/base/insn.h"
#include "elf/link/link.h"
#include "loader/kernel/exec.h"
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

struct linked {
	struct span bytes;
	struct arena arena;
	struct object o;
	struct image image;
	struct err e;
	bool ok;
};

static void link_bytes(struct linked *t, struct span bytes, const struct link_options *opt)
{
	*t = (struct linked){.bytes = bytes};
	t->ok = object_open(&t->o, "x.bpf.o", bytes, &t->arena, &t->e) &&
	        image_link(&t->image, &t->o, opt, &t->e);
}

static void must_link(struct linked *t, const char *source, bool order)
{
	link_bytes(t, object_compile(source, order, "-g"), &(struct link_options){0});
	if (!t->ok)
		fail_msg("%s", t->e.text);
}

static void done(struct linked *t)
{
	free((void *)(uintptr_t)t->bytes.p);
	arena_free(&t->arena);
}

static const struct image_prog *prog_of(const struct linked *t, const char *name)
{
	for (size_t i = 0; i < t->image.n_progs; i++)
		if (!strcmp(t->image.progs[i].func->name, name))
			return &t->image.progs[i];
	fail_msg("there is no program '%s'", name);
	return NULL;
}

static struct insn at(const struct linked *t, const struct image_prog *p, uint32_t i)
{
	assert_true(i < p->n);
	return insn_get(p->insns + (size_t)i * 8, t->o.elf.file.big);
}

/* The functions of a program by func_info, in order: "one@0 inner@5". */
static const char *layout(const struct linked *t, const struct image_prog *p)
{
	static char text[512];
	text[0] = 0;
	for (uint32_t i = 0; i < p->func_info.count; i++) {
		struct span rec = {p->func_info.bytes + (size_t)i * p->func_info.rec_size,
			p->func_info.rec_size, t->o.elf.file.big};
		struct btf_type f;
		assert_true(btf_type(&t->o.btf, span_u32(rec, 4), &f));
		assert_int_equal(f.kind, BTF_FUNC);
		size_t n = strlen(text);
		snprintf(text + n, sizeof text - n, "%s%s@%u", n ? " " : "", btf_name(&f),
			span_u32(rec, 0));
	}
	return text;
}

/* The name of the function that begins at an instruction, or NULL. */
static const char *function_at(const struct linked *t, const struct image_prog *p, int64_t insn)
{
	for (uint32_t i = 0; i < p->func_info.count; i++) {
		struct span rec = {p->func_info.bytes + (size_t)i * p->func_info.rec_size,
			p->func_info.rec_size, t->o.elf.file.big};
		struct btf_type f;
		if (span_u32(rec, 0) == insn && btf_type(&t->o.btf, span_u32(rec, 4), &f))
			return btf_name(&f);
	}
	return NULL;
}

/* The call graph: "one>a one>b a>c". Every call must target the start of a function. '&' marks a
 * function whose address is taken. */
static const char *calls(const struct linked *t, const struct image_prog *p)
{
	static char text[512];
	const char *from = "?";
	text[0] = 0;
	for (uint32_t i = 0; i < p->n; i++) {
		struct insn insn = at(t, p, i);
		const char *here = function_at(t, p, i);
		from = here ? here : from;
		bool call = insn.code == (BPF_JMP | BPF_CALL) && insn.src == BPF_PSEUDO_CALL;
		bool address = insn_is_wide(insn) && insn.src == BPF_PSEUDO_FUNC;
		if (call || address) {
			const char *to = function_at(t, p, (int64_t)i + insn.imm + 1);
			if (!to)
				fail_msg("instruction %u calls into a function", i);
			size_t n = strlen(text);
			snprintf(text + n, sizeof text - n, "%s%s>%s%s", n ? " " : "", from,
				address ? "&" : "", to);
		}
		if (address)
			assert_int_equal(at(t, p, i + 1).imm, 0);
		i += insn_is_wide(insn);
	}
	return text;
}

/* ---- calls ---- */

#define NOINLINE "__attribute__((noinline)) "

static const char family[] =
	"static int seed; __hidden int sink;\n" NOINLINE
	"static int d(int x) { return x * 3 + seed; }\n" NOINLINE
	"int c(int x) { return d(x) + d(x + 1); }\n" NOINLINE
	"static int b(int x) { return d(x) * 5; }\n" NOINLINE
	"static int a(int x) { return b(x) + c(x) * 7; }\n"
	"SEC(\"tp/a/one\") int one(void *ctx) { return a(bpf_get_prandom_u32()) + b(1) + sink; }\n"
	"SEC(\"tp/a/two\") int two(void *ctx) { return c(bpf_get_prandom_u32()); }\n"
	"SEC(\"tp/a/three\") int three(void *ctx) { return 3; }\n"
	"SEC(\"tp/a/one\") int four(void *ctx) { sink = 1; return d(4); }\n";

static void callees_follow_in_depth_first_order(void **state)
{
	struct linked t;
	must_link(&t, family, *(bool *)*state);
	assert_int_equal(t.image.n_progs, 4);
	const struct image_prog *p = prog_of(&t, "one");
	const char *order[] = {"one", "a", "b", "d", "c"};
	char text[512];
	snprintf(text, sizeof text, "%s", layout(&t, p));
	char *word = strtok(text, " ");
	for (int i = 0; i < 5; i++, word = strtok(NULL, " ")) {
		assert_non_null(word);
		*strchr(word, '@') = 0;
		assert_string_equal(word, order[i]);
	}
	assert_null(word);
	assert_string_equal(calls(&t, p), "one>a one>b a>b a>c b>d c>d c>d");
	assert_string_equal(calls(&t, prog_of(&t, "two")), "two>c c>d c>d");
	assert_string_equal(calls(&t, prog_of(&t, "three")), "");
	assert_string_equal(calls(&t, prog_of(&t, "four")), "four>d");
	assert_string_equal(layout(&t, prog_of(&t, "three")), "three@0");
	done(&t);
}

/* Each program has exactly the instructions of its functions, unchanged except for relocations. */
static void code_is_that_of_the_file(void **state)
{
	struct linked t;
	must_link(&t, family, *(bool *)*state);
	for (size_t i = 0; i < t.image.n_progs; i++) {
		const struct image_prog *p = &t.image.progs[i];
		uint64_t size = 0;
		for (size_t k = 0; k < t.o.n_funcs; k++) {
			const struct obj_func *f = &t.o.funcs[k];
			uint32_t start = 0;
			while (start < p->n && (!function_at(&t, p, start) ||
						       strcmp(function_at(&t, p, start), f->name)))
				start++;
			if (start == p->n)
				continue;
			size += f->size;
			for (uint32_t n = 0; n < f->size / 8; n++) {
				struct insn was = insn_get(
					t.o.elf.sections[f->section].data.p + f->off + n * 8,
					t.o.elf.file.big);
				struct insn is = at(&t, p, start + n);
				assert_int_equal(is.code, was.code);
				assert_int_equal(is.dst, was.dst);
				assert_int_equal(is.off, was.off);
				bool touched = insn_is_wide(was) || !was.code ||
				               was.code == (BPF_JMP | BPF_CALL);
				assert_true(touched || (is.imm == was.imm && is.src == was.src));
			}
		}
		assert_int_equal(p->n * 8, size);
	}
	done(&t);
}

/* The instructions are the same in both byte orders, for which the compiler allocates registers
 * alike. */
static void byte_orders_agree(void **state)
{
	struct linked l, b;
	(void)state;
	must_link(&l, family, false);
	must_link(&b, family, true);
	for (size_t i = 0; i < l.image.n_progs; i++) {
		const struct image_prog *p = &l.image.progs[i], *q = prog_of(&b, p->func->name);
		assert_int_equal(p->n, q->n);
		assert_int_equal(p->n_refs, q->n_refs);
		assert_string_equal(calls(&l, p), calls(&b, q));
		for (uint32_t n = 0; n < p->n; n++) {
			struct insn x = at(&l, p, n), y = at(&b, q, n);
			assert_int_equal(x.code, y.code);
			assert_int_equal(x.dst, y.dst);
			assert_int_equal(x.src, y.src);
			assert_int_equal(x.off, y.off);
			assert_int_equal(x.imm, y.imm);
		}
	}
	done(&l);
	done(&b);
}

static bool only_two(void *ctx, const struct obj_func *f)
{
	++*(int *)ctx;
	return !strcmp(f->name, "two");
}

static void links_what_is_wanted(void **state)
{
	struct linked t;
	int asked = 0;
	struct link_options opt = {.autoload = only_two, .ctx = &asked};
	link_bytes(&t, object_compile(family, *(bool *)*state, "-g"), &opt);
	assert_true(t.ok);
	assert_int_equal(asked, 4);
	assert_int_equal(t.image.n_progs, 1);
	assert_string_equal(t.image.progs[0].func->name, "two");
	assert_false(t.image.used_target);
	done(&t);
}

static const char callbacks[] =
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4);\n"
	"	 __type(key, __u32); __type(value, __u64); } m SEC(\".maps\");\n" NOINLINE
	"static long helper(long x) { return x * 7 + 1; }\n"
	"static long each(void *map, __u32 *key, __u64 *value, void *ctx)\n"
	"	{ *(__u64 *)ctx += helper(*value); return 0; }\n"
	"static long body(__u32 i, void *ctx) { *(__u64 *)ctx += i; return 0; }\n"
	"static long other(__u32 i, void *ctx) { *(__u64 *)ctx ^= i; return 0; }\n"
	"SEC(\"raw_tp/a\") int f(void *ctx) { __u64 sum = 0;\n"
	"	bpf_for_each_map_elem(&m, each, &sum, 0); bpf_loop(3, body, &sum, 0);\n"
	"	bpf_loop(4, other, &sum, 0); bpf_loop(5, body, &sum, 0);\n"
	"	return sum; }\n"
	"SEC(\"raw_tp/b\") int g(void *ctx) { __u64 sum = 0; bpf_loop(4, other, &sum, 0);\n"
	"	return sum; }\n";

static void addresses_of_functions(void **state)
{
	struct linked t;
	must_link(&t, callbacks, *(bool *)*state);
	assert_string_equal(
		calls(&t, prog_of(&t, "f")), "f>&each f>&body f>&other f>&body each>helper");
	assert_string_equal(calls(&t, prog_of(&t, "g")), "g>&other");
	assert_int_equal(prog_of(&t, "f")->n_refs, 1);
	done(&t);
}

/* ---- by hand: calls that no compiler emits ---- */

static void add_insns(struct eb *b, uint32_t section, const int32_t (*insns)[3], size_t n)
{
	for (size_t i = 0; i < n; i++)
		eb_insn(b, section, (unsigned)insns[i][0], 0, (unsigned)insns[i][1], 0,
			insns[i][2]);
}

enum { CALL = BPF_JMP | BPF_CALL, EXIT = BPF_JMP | BPF_EXIT, WIDE = BPF_LD | BPF_IMM | BPF_DW };

/* f calls g, g calls f and itself: in .text relative, from the program by relocation. */
static void cycles_end(void **state)
{
	struct eb b;
	struct linked t;
	eb_init(&b, *(bool *)*state);
	uint32_t text = eb_code(&b, ".text"), sec = eb_code(&b, "tp/a/b");
	static const int32_t two[][3] = {
		{CALL, 1, 1}, /* 0 f: call g */
		{EXIT, 0, 0},
		{CALL, 1, -3}, /* 2 g: call f */
		{CALL, 1, -2}, /* 3    call g */
		{EXIT, 0, 0},
	};
	static const int32_t one[][3] = {{CALL, 1, -1}, {CALL, 1, 1}, {EXIT, 0, 0}};
	add_insns(&b, text, two, 5);
	add_insns(&b, sec, one, 3);
	uint32_t f = eb_symbol(&b, "f", ELF_FUNC, ELF_GLOBAL, text, 0, 16);
	eb_symbol(&b, "g", ELF_FUNC, ELF_LOCAL, text, 16, 24);
	uint32_t section = eb_symbol(&b, "", ELF_SECTION, ELF_LOCAL, text, 0, 0);
	eb_symbol(&b, "p", ELF_FUNC, ELF_GLOBAL, sec, 0, 24);
	eb_rel(&b, sec, 0, f, R_BPF_64_32);
	eb_rel(&b, sec, 8, section, R_BPF_64_32); /* section + 8 * (1 + 1): g */
	link_bytes(&t, eb_done(&b), &(struct link_options){0});
	if (!t.ok)
		fail_msg("%s", t.e.text);
	const struct image_prog *p = prog_of(&t, "p");
	assert_int_equal(p->n, 8);
	const int32_t targets[][2] = {{0, 3}, {1, 5}, {3, 5}, {5, 3}, {6, 5}};
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(
			targets[i][0] + at(&t, p, (uint32_t)targets[i][0]).imm + 1, targets[i][1]);
	assert_int_equal(p->func_info.count, 0);
	arena_free(&t.arena);
	eb_free(&b);
}

/* A program of these instructions, with one relocation at a byte, to a symbol of its own. */
struct faulty {
	const char *what;
	int32_t insns[3][3];
	size_t n;
	int rel; /* offset, -1: none */
	uint32_t rel_type;
	int symbol; /* 0: extern, 1: data, 2: code, 3: absolute */
	const char *says;
};

static void refuses_what_leads_nowhere(void **state)
{
	static const struct faulty cases[] = {
		{"call out of the section", {{CALL, 1, 5}, {EXIT, 0, 0}}, 2, -1, 0, 0,
			"call of byte 48 of section 'tp/a/b', where no function starts"},
		{"call backwards out of it", {{CALL, 1, -3}, {EXIT, 0, 0}}, 2, -1, 0, 0,
			"call of byte -16 of section 'tp/a/b', where no function starts"},
		{"call into a function", {{CALL, 1, 0}, {EXIT, 0, 0}}, 2, -1, 0, 0,
			"call of byte 8 of section 'tp/a/b', where no function starts"},
		{"extern function", {{CALL, 1, -1}, {EXIT, 0, 0}}, 2, 0, R_BPF_64_32, 0,
			"'s' is not defined in the object"},
		{"call of data", {{CALL, 1, -1}, {EXIT, 0, 0}}, 2, 0, R_BPF_64_32, 1,
			"call of byte 0 of section '.data', where no function starts"},
		{"call of what is absolute", {{CALL, 1, -1}, {EXIT, 0, 0}}, 2, 0, R_BPF_64_32, 3,
			"call of byte 0 of section '?', where no function starts"},
		{"extern variable", {{WIDE, 0, 0}, {0, 0, 0}, {EXIT, 0, 0}}, 3, 0, R_BPF_64_64, 0,
			"'s' is not defined in the object"},
		{"behind the variable", {{WIDE, 0, 8}, {0, 0, 0}, {EXIT, 0, 0}}, 3, 0, R_BPF_64_64,
			1,
			"instruction 0 refers to byte 8 of section '.data', outside of it ('s')"},
		{"before the variable", {{WIDE, 0, -8}, {0, 0, 0}, {EXIT, 0, 0}}, 3, 0, R_BPF_64_64,
			1,
			"instruction 0 refers to byte -8 of section '.data', outside of it ('s')"},
		{"absolute", {{WIDE, 0, 0}, {0, 0, 0}, {EXIT, 0, 0}}, 3, 0, R_BPF_64_64, 3,
			"instruction 0 refers to 's', which is not a map, data or code"},
		{"inside of a function", {{WIDE, 0, 8}, {0, 0, 0}, {EXIT, 0, 0}}, 3, 0, R_BPF_64_64,
			2, "call of byte 8 of section 'tp/a/b', where no function starts"},
		{"half a load", {{EXIT, 0, 0}, {WIDE, 0, 0}}, 2, -1, 0, 0,
			"function 'p' ends within a 64-bit load"},
		{"relocated half a load", {{EXIT, 0, 0}, {WIDE, 0, 0}}, 2, 8, R_BPF_64_64, 1,
			"function 'p' ends within a 64-bit load"},
		{"relocated exit", {{EXIT, 0, 0}}, 1, 0, R_BPF_64_64, 1,
			"instruction 0 of 'p': invalid relocation type 1 for this instruction"},
		{"relocated helper", {{CALL, 0, 5}, {EXIT, 0, 0}}, 2, 0, R_BPF_64_32, 1,
			"instruction 0 of 'p': invalid relocation type 10 for this instruction"},
		{"relocation between instructions", {{EXIT, 0, 0}}, 1, 4, R_BPF_64_64, 1,
			"section '.reltp/a/b': relocation 0 at byte 4 is not an instruction of "
			"'tp/a/b'"},
		{"relocation behind the code", {{EXIT, 0, 0}}, 1, 8, R_BPF_64_64, 1,
			"section '.reltp/a/b': relocation 0 at byte 8 is not an instruction of "
			"'tp/a/b'"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct faulty *c = &cases[i];
		struct eb b;
		struct linked t;
		char says[300];
		eb_init(&b, *(bool *)*state);
		uint32_t sec = eb_code(&b, "tp/a/b");
		uint32_t dat = eb_section(&b, ".data", ELF_PROGBITS, 3, NULL, 8);
		add_insns(&b, sec, c->insns, c->n);
		eb_symbol(&b, "p", ELF_FUNC, ELF_GLOBAL, sec, 0, c->n * 8);
		const uint32_t where[] = {ELF_UNDEF, dat, sec, ELF_ABS};
		uint32_t s = eb_symbol(&b, "s", ELF_NOTYPE, ELF_GLOBAL, where[c->symbol], 0, 0);
		if (c->rel >= 0)
			eb_rel(&b, sec, (uint64_t)c->rel, s, c->rel_type);
		link_bytes(&t, eb_done(&b), &(struct link_options){0});
		bool early = !strncmp(c->says, "section '.rel", 13);
		snprintf(says, sizeof says, "x.bpf.o: %s%s",
			early ? "" : "program 'p' (tp/a/b): ", c->says);
		if (t.ok || strcmp(t.e.text, says))
			fail_msg("%s: %s '%s'", c->what, t.ok ? "accepted" : "", t.e.text);
		arena_free(&t.arena);
		eb_free(&b);
	}
}

static void refuses_static_programs(void **state)
{
	static const int32_t code[][3] = {{EXIT, 0, 0}};
	struct eb b;
	struct linked t;
	eb_init(&b, *(bool *)*state);
	uint32_t sec = eb_code(&b, "tp/a/b");
	add_insns(&b, sec, code, 1);
	eb_symbol(&b, "p", ELF_FUNC, ELF_LOCAL, sec, 0, 8);
	link_bytes(&t, eb_done(&b), &(struct link_options){0});
	assert_false(t.ok);
	assert_string_equal(
		t.e.text, "x.bpf.o: program 'p' (tp/a/b) is static, programs must be global");
	arena_free(&t.arena);
	eb_free(&b);
}

/* A chain of functions, each calling the next: more than a kernel accepts, and recursion must not
 * exhaust the stack. */
static void endless_chains(void **state)
{
	static const struct {
		uint32_t n; /* functions after the first two */
		bool ok;
	} cases[] = {{254, true}, {255, false}, {100000, false}};
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct eb b;
		struct linked t;
		uint32_t n = cases[c].n;
		eb_init(&b, *(bool *)*state);
		uint32_t text = eb_code(&b, ".text"), sec = eb_code(&b, "tp/a/b");
		for (uint32_t i = 0; i < n; i++) {
			eb_insn(&b, text, CALL, 0, 1, 0, 0);
			eb_symbol(&b, "f", ELF_FUNC, ELF_LOCAL, text, i * 8, 8);
		}
		eb_insn(&b, text, EXIT, 0, 0, 0, 0);
		uint32_t last = eb_symbol(&b, "f", ELF_FUNC, ELF_LOCAL, text, n * 8, 8);
		eb_insn(&b, sec, CALL, 0, 1, 0, -1);
		eb_symbol(&b, "p", ELF_FUNC, ELF_GLOBAL, sec, 0, 8);
		eb_rel(&b, sec, 0, last - n, R_BPF_64_32);
		link_bytes(&t, eb_done(&b), &(struct link_options){0});
		assert_int_equal(t.ok, cases[c].ok);
		if (t.ok)
			assert_int_equal(prog_of(&t, "p")->n, n + 2);
		else
			assert_string_equal(t.e.text, "x.bpf.o: program 'p' (tp/a/b): more than "
						      "256 functions, the limit of the kernel");
		arena_free(&t.arena);
		eb_free(&b);
	}
}

/* ---- references ---- */

static const char references[] =
	"struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4);\n"
	"	 __type(key, __u32); __type(value, __u64); } map1 SEC(\".maps\"),\n"
	"	 map2 SEC(\".maps\");\n"
	"int a = 1, b = 2; static int c = 3; int y[3], z[100];\n"
	"const volatile int q = 3, r[4] = {4, 5};\n"
	"SEC(\"raw_tp/a\") int f(void *ctx) { __u32 k = 0;\n"
	"	__u64 *v = bpf_map_lookup_elem(&map2, &k), *w = bpf_map_lookup_elem(&map1, "
	"&k);\n"
	"	z[9] += c++ + b + y[1] + q; if (v) a += *v; if (w) a += *w; return r[1]; }\n";

/* The one-letter variable at that offset, by the symbol table. */
static const char *variable_at(const struct linked *t, uint32_t section, int32_t off)
{
	for (size_t i = 0; i < t->o.elf.n_symbols; i++) {
		const struct elf_symbol *s = &t->o.elf.symbols[i];
		if (s->type == ELF_OBJECT && s->section == section && s->value == (uint32_t)off)
			return s->name;
	}
	fail_msg("there is no variable at byte %d of section %u", off, section);
	return NULL;
}

static void maps_and_variables(void **state)
{
	struct linked t;
	must_link(&t, references, *(bool *)*state);
	const struct image_prog *p = prog_of(&t, "f");
	char seen[32] = "";
	for (size_t i = 0; i < p->n_refs; i++) {
		const struct obj_map *m = &t.o.maps[p->refs[i].index];
		struct insn insn = at(&t, p, p->refs[i].insn);
		int32_t off = at(&t, p, p->refs[i].insn + 1).imm;
		bool data = m->kind == OBJ_MAP_DATA;
		const char *name = data ? variable_at(&t, m->section, off) : m->name + 3;
		assert_true(insn_is_wide(insn));
		assert_int_equal(insn.imm, 0);
		assert_true(i == 0 || p->refs[i].insn > p->refs[i - 1].insn);
		assert_int_equal(p->refs[i].kind, data ? REF_VALUE : REF_MAP);
		assert_int_equal(insn.src, data ? BPF_PSEUDO_MAP_VALUE : BPF_PSEUDO_MAP_FD);
		assert_true(data || off == 0);
		if (!strchr(seen, *name))
			strncat(seen, name, 1);
	}
	assert_int_equal(strlen(seen), strlen("1abcyzqr2"));
	assert_int_equal(strspn("1abcyzqr2", seen), strlen("1abcyzqr2"));
	/* No other instruction needs one. */
	for (uint32_t i = 0, k = 0; i < p->n; i++) {
		if (!insn_is_wide(at(&t, p, i)))
			continue;
		assert_int_equal(p->refs[k++].insn, i++);
	}
	done(&t);
}

/* -ffunction-sections and Rust: the position of a function in the file is irrelevant. */
static void functions_in_sections_of_their_own(void **state)
{
	static const char source[] =
		NOINLINE "static int inner(int x) { return x * 3 + (x >> 1); }\n" NOINLINE
			 "int outer(int x) { return inner(x) + inner(x + 1); }\n"
			 "SEC(\"tp/a/b\") int f(void *ctx) { return outer(1) + inner(2); }\n";
	struct linked one, many;
	link_bytes(&one, object_compile(source, *(bool *)*state, "-g"), &(struct link_options){0});
	link_bytes(&many, object_compile(source, *(bool *)*state, "-g -ffunction-sections"),
		&(struct link_options){0});
	if (!one.ok || !many.ok)
		fail_msg("%s%s", one.e.text, many.e.text);
	assert_int_not_equal(elf_find(&many.o.elf, ".text.outer"), 0);
	assert_int_equal(elf_find(&one.o.elf, ".text.outer"), 0);
	const struct image_prog *a = prog_of(&one, "f"), *b = prog_of(&many, "f");
	assert_int_equal(many.image.n_progs, 1);
	assert_int_equal(a->n, b->n);
	assert_memory_equal(a->insns, b->insns, (size_t)a->n * INSN_SIZE);
	assert_int_equal(b->func_info.count, 3);
	done(&one);
	done(&many);
}

/* BTF for the kernel: DATASECs have sizes and offsets, hidden variables are static. */
static void types_are_completed(void **state)
{
	struct linked t;
	struct btf b;
	must_link(&t, references, *(bool *)*state);
	assert_true(btf_open(&b, t.image.btf, NULL, &t.arena, &t.e));
	assert_int_equal(b.end, t.o.btf.end);
	uint32_t id = btf_find(&b, BTF_DATASEC, ".data");
	struct btf_type sec, var;
	btf_type(&b, id, &sec);
	assert_int_equal(sec.size, 12);
	for (uint32_t i = 0; i < sec.vlen; i++) {
		struct btf_secinfo info = btf_secinfo(&sec, i);
		btf_type(&b, info.type, &var);
		const struct obj_map *m = NULL;
		for (size_t k = 0; k < t.o.n_maps; k++)
			if (!strcmp(t.o.maps[k].name, ".data"))
				m = &t.o.maps[k];
		assert_non_null(m);
		assert_int_equal(span_u32(m->init, info.offset),
			btf_name(&var)[0] - 'a' + 1); /* a is 1, b is 2, c is 3 */
	}
	assert_int_equal(sec.vlen, 3);
	done(&t);
}

/* ---- func_info, line_info ---- */

static void line_info_is_in_order(const struct linked *t, const struct image_prog *p)
{
	uint32_t before = 0, covered = 0;
	for (uint32_t i = 0; i < p->line_info.count; i++) {
		struct span rec = {p->line_info.bytes + (size_t)i * p->line_info.rec_size,
			p->line_info.rec_size, t->o.elf.file.big};
		uint32_t off = span_u32(rec, 0);
		assert_true(i == 0 ? off == 0 : off > before);
		assert_true(off < p->n);
		assert_true(*btf_str(&t->o.btf, span_u32(rec, 4)) != 0);
		covered += function_at(t, p, off) != NULL;
		before = off;
	}
	/* The kernel requires a line for the first instruction of each function. */
	assert_int_equal(covered, p->func_info.count);
}

static void info_goes_with_the_code(void **state)
{
	const char *const sources[] = {family, callbacks, references};
	for (size_t i = 0; i < 3; i++) {
		struct linked t;
		must_link(&t, sources[i], *(bool *)*state);
		for (size_t k = 0; k < t.image.n_progs; k++) {
			const struct image_prog *p = &t.image.progs[k];
			assert_true(p->func_info.count > 0);
			assert_int_equal(p->func_info.rec_size, 8);
			assert_int_equal(p->line_info.rec_size, 16);
			line_info_is_in_order(&t, p);
		}
		done(&t);
	}
}

/* One of two functions has no BTF: the program is loaded without func_info. */
static void partial_info_is_dropped(void **state)
{
	struct linked t;
	must_link(&t,
		NOINLINE "int g(int x) { return x * 3; }\n"
			 "asm(\".text\\n.globl h\\n.type h, @function\\nh: r0 = r1\\nexit\\n\"\n"
			 "    \".size h, .-h\\n\");\n"
			 "int h(int x);\n"
			 "SEC(\"raw_tp/a\") int f(void *ctx) { return g((long)ctx) + h(3); }\n"
			 "SEC(\"raw_tp/b\") int whole(void *ctx) { return g((long)ctx); }\n",
		*(bool *)*state);
	assert_int_equal(prog_of(&t, "f")->func_info.count, 0);
	assert_int_equal(prog_of(&t, "f")->line_info.count, 0);
	assert_int_equal(prog_of(&t, "whole")->func_info.count, 2);
	done(&t);
}

/* ---- output of newer compilers ---- */

static void must_fail(const char *source, bool order, const char *why)
{
	struct linked t;
	link_bytes(&t, object_compile(source, order, "-g"), &(struct link_options){0});
	assert_false(t.ok);
	if (!strstr(t.e.text, why))
		fail_msg("\"%s\" has no \"%s\"", t.e.text, why);
	done(&t);
}

/* The exception callback is named by a tag and is placed last. */
static void exception_callbacks(void **state)
{
	struct linked t;
#define CALLBACK(name) "__attribute__((btf_decl_tag(\"exception_callback:" name "\")))\n"
	must_link(&t,
		"__attribute__((noinline)) int other(int x) { return x * 3; }\n"
		"__attribute__((noinline)) int caught(__u64 cookie) { return other(cookie); }\n"
		"SEC(\"raw_tp/a\") " CALLBACK(
			"caught") "int one(int *c) { return other(*c); }\n"
				  "SEC(\"raw_tp/b\") int two(int *c) { return other(*c); }\n",
		*(bool *)*state);
	const char *functions = layout(&t, prog_of(&t, "one"));
	assert_non_null(strstr(functions, "one@0 other@"));
	assert_non_null(strstr(functions, " caught@"));
	assert_null(strstr(layout(&t, prog_of(&t, "two")), "caught"));
	done(&t);
	must_fail("SEC(\"raw_tp/a\") " CALLBACK("nobody") "int one(int *c) { return 0; }\n",
		*(bool *)*state,
		"program 'one' (raw_tp/a): its exception callback 'nobody' is not a global "
		"function");
#undef CALLBACK
}

#define ARENA "struct { __uint(type, 33); __uint(map_flags, 1 << 10); __uint(max_entries, 10); } "

/* Arena variables are bytes of the arena map; they have no map of their own. */
static void arena_variables(void **state)
{
	struct linked t;
	static const char variables[] = "int first SEC(\".addr_space.1\") = 42;\n"
					"int second SEC(\".addr_space.1\") = 43;\n"
					"SEC(\"raw_tp/a\") int f(int *c) { return second; }\n";
	char text[512];
	snprintf(text, sizeof text, "%s%s", ARENA "ar SEC(\".maps\");\n", variables);
	must_link(&t, text, *(bool *)*state);
	assert_int_equal(t.o.n_maps, 1);
	assert_int_equal(t.o.maps[0].globals_size, 8);
	assert_int_equal(span_u32(t.o.maps[0].init, 0), 42);
	const struct image_prog *p = prog_of(&t, "f");
	assert_int_equal(p->n_refs, 1);
	assert_int_equal(p->refs[0].kind, REF_VALUE);
	assert_int_equal(at(&t, p, p->refs[0].insn).src, BPF_PSEUDO_MAP_VALUE);
	assert_int_equal(at(&t, p, p->refs[0].insn + 1).imm, 4);
	done(&t);
	must_fail(variables, *(bool *)*state,
		"section '.addr_space.1': its variables require an arena");
	snprintf(text, sizeof text, "%s%s",
		ARENA "a1 SEC(\".maps\");\n" ARENA "a2 SEC(\".maps\");\n", variables);
	must_fail(text, *(bool *)*state,
		"section '.addr_space.1': the object has several arenas, variables require exactly "
		"one");
}

/* Entries are byte offsets in the code section; the program receives instruction indices. */
static void jump_tables(void **state)
{
	struct linked t;
	must_link(&t,
		"long first[1] SEC(\".jumptables\") = {8};\n"
		"long second[2] SEC(\".jumptables\") = {0, 16};\n"
		"SEC(\"raw_tp/a\") int f(int *c) { return ((int)(long)second >> 3) * *c; }\n",
		*(bool *)*state);
	const struct image_prog *p = prog_of(&t, "f");
	assert_int_equal(p->n_tables, 1);
	assert_string_equal(p->tables[0].name, "second");
	assert_int_equal(p->tables[0].n, 2);
	assert_int_equal(p->tables[0].insns[0], 0);
	assert_int_equal(p->tables[0].insns[1], 2);
	assert_int_equal(p->refs[0].kind, REF_TABLE);
	assert_int_equal(p->refs[0].index, 0);
	assert_int_equal(at(&t, p, p->refs[0].insn).src, BPF_PSEUDO_MAP_VALUE);
	done(&t);
	static const char *const wrong[] = {"4", "1000", "-8"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char text[256];
		snprintf(text, sizeof text,
			"long table[2] SEC(\".jumptables\") = {0, %s};\n"
			"SEC(\"raw_tp/a\") int f(int *c) { return (int)(long)table >> 3; }\n",
			wrong[i]);
		must_fail(text, *(bool *)*state, "jump table 'table': entry 1 is outside 'f'");
	}
	must_fail("char table[12] SEC(\".jumptables\") = {0};\n"
		  "SEC(\"raw_tp/a\") int f(int *c) { return (int)(long)table >> 3; }\n",
		*(bool *)*state, "jump table 'table' has an invalid size");
}

/* ---- func_info and line_info ---- */

static void formats_of_printk(void **state)
{
	struct linked t;
	must_link(&t,
		"const char third[] = \"third %s\\n\";\n"
		"SEC(\"raw_tp/a\") int f(void *ctx) { bpf_printk(\"first %d\\n\", 1);\n"
		"	bpf_printk(\"second %d %d %d %d\", 1, 2, 3, (int)(long)ctx);\n"
		"	bpf_trace_printk(third, sizeof third, third); return 0; }\n"
		"SEC(\"raw_tp/b\") int quiet(void *ctx) { return 0; }\n"
		"SEC(\"raw_tp/d\") int early(void *ctx)\n"
		"	{ return bpf_trace_printk(third, sizeof third); }\n"
		"SEC(\"raw_tp/c\") int stack(void *ctx) { char text[] = \"on the stack\";\n"
		"	bpf_trace_printk(text, sizeof text); return 0; }\n",
		*(bool *)*state);
	const struct image_prog *p = prog_of(&t, "f");
	assert_int_equal(p->n_formats, 3);
	assert_string_equal(p->formats[0], "first %d\n");
	assert_string_equal(p->formats[1], "second %d %d %d %d");
	assert_string_equal(p->formats[2], "third %s\n");
	assert_false(p->unknown_format);
	p = prog_of(&t, "early"); /* the address is loaded by the first instruction */
	assert_int_equal(p->refs[0].insn, 0);
	assert_int_equal(p->n_formats, 1);
	assert_string_equal(p->formats[0], "third %s\n");
	p = prog_of(&t, "quiet");
	assert_int_equal(p->n_formats, 0);
	assert_false(p->unknown_format);
	p = prog_of(&t, "stack");
	assert_int_equal(p->n_formats, 0);
	assert_true(p->unknown_format);
	done(&t);
}

/* If paths join before the call, the compiler has merged several calls, and the format may be any
 * of theirs. */
static void formats_of_branches(void **state)
{
	struct linked t;
	must_link(&t,
		"SEC(\"raw_tp/a\") int two(int *ctx) {\n"
		"	if (*ctx == 1) bpf_printk(\"left\"); else bpf_printk(\"to the right\");\n"
		"	return 0; }\n"
		"SEC(\"raw_tp/b\") int three(int *ctx) {\n"
		"	if (*ctx == 1) bpf_printk(\"one %d\", ctx[1]);\n"
		"	else if (*ctx == 2) bpf_printk(\"two %d\", ctx[2]);\n"
		"	else bpf_printk(\"three %d\", ctx[3]);\n"
		"	return 0; }\n"
		"SEC(\"raw_tp/c\") int loop(int *ctx) {\n"
		"	for (int i = 0; i < *ctx; i++) bpf_printk(\"round %d of %d\", i, ctx[i & "
		"3]);\n"
		"	return 0; }\n"
		"static const char a[] = \"a\";\n"
		"SEC(\"raw_tp/d\") int half(int *ctx) {\n"
		"	char b[] = \"b\";\n"
		"	bpf_trace_printk(*ctx ? a : b, 2); return 0; }\n",
		*(bool *)*state);
	const struct image_prog *p = prog_of(&t, "two");
	assert_int_equal(p->n_formats, 2);
	assert_string_equal(p->formats[0], "left");
	assert_string_equal(p->formats[1], "to the right");
	assert_false(p->unknown_format);
	p = prog_of(&t, "three");
	assert_int_equal(p->n_formats, 3);
	assert_false(p->unknown_format);
	p = prog_of(&t, "loop");
	assert_int_equal(p->n_formats, 1);
	assert_false(p->unknown_format);
	p = prog_of(&t, "half"); /* one of the formats is on the stack */
	assert_int_equal(p->n_formats, 1);
	assert_true(p->unknown_format);
	done(&t);
}

static void helpers_for_gpl_programs(void **state)
{
	struct linked t;
	must_link(&t,
		NOINLINE
		"static long sub(void *p) { long x = 0;\n"
		"	bpf_probe_read_kernel(&x, 8, p); return x; }\n"
		"SEC(\"raw_tp/a\") int direct(void *ctx) { return bpf_trace_printk(ctx, 4); }\n"
		"SEC(\"raw_tp/b\") int inside(void *ctx) { return sub(ctx); }\n"
		"SEC(\"raw_tp/c\") int none(void *ctx) { return bpf_get_smp_processor_id(); }\n",
		*(bool *)*state);
	assert_int_equal(prog_of(&t, "direct")->gpl_only, BPF_FUNC_trace_printk);
	assert_int_equal(prog_of(&t, "inside")->gpl_only, BPF_FUNC_probe_read_kernel);
	assert_int_equal(prog_of(&t, "none")->gpl_only, 0);
	done(&t);
}

/* ---- CO-RE ---- */

static const char core_source[] =
	"struct task_struct { int pid; int gone; } "
	"__attribute__((preserve_access_index));\n" NOINLINE
	"static int sub(struct task_struct *t) { return t->pid; }\n"
	"SEC(\"raw_tp/a\") int f(struct task_struct *t) { return t->gone + sub(t); }\n"
	"SEC(\"raw_tp/b\") int fine(struct task_struct *t) { return t->pid; }\n";

static void kernel_types(struct bb *b, bool order, struct btf *kernel)
{
	bb_init(b, order);
	uint32_t i = bb_int(b, "int", 4, BTF_INT_SIGNED);
	bb_struct(b, "task_struct", 1000);
	bb_member(b, "pid", i, 400 * 8);
	bb_open(b, NULL, kernel);
}

static unsigned watched;

static void watch(
	void *ctx, const struct obj_func *f, uint32_t insn, const struct core_result *note)
{
	(void)insn;
	assert_ptr_equal(ctx, &watched);
	assert_non_null(note->what);
	watched += f->name[0] == 's' ? 100 : 1;
}

static void answers_of_the_kernel(void **state)
{
	struct linked t;
	struct bb b;
	struct btf kernel;
	bool order = *(bool *)*state;
	kernel_types(&b, order, &kernel);
	const struct btf *targets[] = {&kernel};
	struct kernel_types types = {.list = targets, .n = 1};
	struct link_options opt = {.types = &types, .watch = {.fn = watch, .ctx = &watched}};
	watched = 0;
	link_bytes(&t, object_compile(core_source, order, "-g"), &opt);
	if (!t.ok)
		fail_msg("%s", t.e.text);
	assert_true(t.image.used_target);
	assert_int_equal(watched, 102); /* sub once, then f and fine */
	const struct image_prog *p = prog_of(&t, "f");
	assert_int_equal(p->n_poison, 1);
	struct insn insn = at(&t, p, p->poison[0].insn);
	assert_int_equal(insn.code, CALL);
	assert_int_equal(insn.imm, 0xbad2310);
	assert_non_null(strstr(p->poison[0].what, "task_struct.gone"));
	assert_true(*p->poison[0].why);
	/* The same relocation record, for code that is not at its start. */
	unsigned loads = 0;
	for (uint32_t i = 0; i < p->n; i++)
		loads += insn_class(at(&t, p, i)) == BPF_LDX && at(&t, p, i).off == 400;
	assert_int_equal(loads, 1);
	assert_int_equal(prog_of(&t, "fine")->n_poison, 0);
	assert_int_equal(at(&t, prog_of(&t, "fine"), 0).off, 400);
	done(&t);
	bb_free(&b);
}

/* A global function with a tagged parameter stays global if the kernel evaluates tags. */
static void tags_of_parameters(void **state)
{
	static const char source[] =
		NOINLINE "int sub(void *ctx __arg_ctx) { return !ctx; }\n"
			 "SEC(\"raw_tp/a\") int f(void *ctx) { return sub(ctx); }\n";
	bool order = *(bool *)*state;
	for (int knows = -1; knows < 2; knows++) { /* -1: a kernel without types */
		struct linked t;
		struct bb b;
		struct btf kernel, types;
		struct btf_type sub;
		bb_init(&b, order);
		bb_struct(&b, knows == 1 ? "bpf_subprog_arg_info" : "bpf_subprog_info", 8);
		bb_open(&b, NULL, &kernel);
		const struct btf *targets[] = {&kernel};
		struct kernel_types k = {.list = targets, .n = knows >= 0};
		struct link_options opt = {.types = &k};
		link_bytes(&t, object_compile(source, order, "-g"), &opt);
		if (!t.ok)
			fail_msg("%s", t.e.text);
		assert_true(object_needs_kernel_btf(&t.o));
		assert_true(btf_open(&types, t.image.btf, NULL, &t.arena, &t.e));
		btf_type(&types, btf_find(&types, BTF_FUNC, "sub"), &sub);
		assert_int_equal(sub.vlen, knows == 1 ? BTF_GLOBAL : BTF_STATIC);
		assert_int_equal(t.image.used_target, knows == 1);
		done(&t);
		bb_free(&b);
	}
}

static void without_the_kernels_types(void **state)
{
	struct linked t;
	link_bytes(
		&t, object_compile(core_source, *(bool *)*state, "-g"), &(struct link_options){0});
	assert_false(t.ok);
	assert_non_null(strstr(t.e.text, "x.bpf.o: "));
	done(&t);
}

/* ---- libbpf ---- */

enum { CMD_OBJ_GET = 7, CMD_INFO = 15 };

/* The start of struct bpf_prog_info, from the kernel's header. */
struct prog_info {
	uint32_t type, id;
	uint8_t tag[8];
	uint32_t jited_len, xlated_len;
	uint64_t jited, xlated, load_time;
	uint32_t uid, n_maps;
	uint64_t maps;
	char name[16];
	uint32_t ifindex, flags;
	uint64_t dev, ino;
	uint32_t n_ksyms, n_func_lens;
	uint64_t ksyms, func_lens;
	uint32_t btf, func_rec_size;
	uint64_t func_info;
	uint32_t n_func_info, n_line_info;
	uint64_t line_info, jited_line_info;
	uint32_t n_jited_line_info, line_rec_size, jited_line_rec_size, n_tags;
};

struct seen {
	struct prog_info info;
	uint8_t funcs[64 * 8], lines[4096 * 16];
};

static void ask(int fd, struct seen *s)
{
	struct {
		uint32_t fd, size;
		uint64_t info;
	} attr = {(uint32_t)fd, sizeof s->info, sys_ptr(&s->info)};
	memset(s, 0, sizeof *s);
	s->info.func_rec_size = 8;
	s->info.line_rec_size = 16;
	s->info.n_func_info = 64;
	s->info.n_line_info = 4096;
	s->info.func_info = sys_ptr(s->funcs);
	s->info.line_info = sys_ptr(s->lines);
	assert_int_equal(sys_bpf(NULL, CMD_INFO, &attr, sizeof attr), 0);
	assert_true(s->info.n_func_info <= 64 && s->info.n_line_info <= 4096);
}

/* The plan up to the last program load, before anything is attached. */
static void load_only(struct plan *p)
{
	size_t n = p->n_steps;
	while (n && strcmp(p->steps[n - 1].doing, "load") != 0)
		n--;
	p->n_steps = n;
}

/* Loads each program with bpftool, that is, libbpf: pinned in dir/bpf/d by function name. */
static bool bpftool_loads(const char *path, const char *dir)
{
	char command[600];
	snprintf(command, sizeof command, "bpftool prog loadall '%s' %s/bpf/d >%s/log 2>&1", path,
		dir, dir);
	return system(command) == 0;
}

/* Returns the number of programs compared. */
static unsigned compare_with_libbpf(const char *path, const char *dir)
{
	struct arena a = {0};
	struct kfs k = {0};
	struct target t;
	struct plan p;
	struct exec x;
	struct err e = {0};
	const char *log;
	char pin[200];
	unsigned n = 0;
	struct span bytes = object_read(path);
	assert_true(target_open(&t, NULL, &a, &k, NULL, &e));
	bool ok = plan_object(&p, path, bytes, &object_options, &t, &a, &e);
	/* The target may not exist here, or all programs may have autoload off. */
	bool comparable = ok || (!strstr(e.text, ": attach: ") &&
					!strstr(e.text, "autoload is off for all") &&
					!strstr(e.text, "this kernel has no "));
	if (!ok && comparable)
		fail_msg("%s", e.text);
	if (ok) {
		load_only(&p);
		ok = exec_run(&x, &p, &a, &k, NULL, NULL, &log, &e);
	}
	/* We must accept what libbpf accepts. libbpf may be too old for a section name. */
	bool both = comparable && bpftool_loads(path, dir);
	if (both && !ok)
		fail_msg("%s: libbpf takes it: '%s'", path, e.text);
	for (size_t i = 0; ok && both && i < p.n_progs; i++) {
		static struct seen ours, theirs;
		struct {
			uint64_t path;
			uint32_t fd, flags;
		} get = {sys_ptr(pin), 0, 0};
		snprintf(pin, sizeof pin, "%s/bpf/d/%s", dir, p.progs[i].name);
		int fd = (int)sys_bpf(NULL, CMD_OBJ_GET, &get, sizeof get);
		if (fd < 0)
			fail_msg("%s: errno %d", pin, -fd);
		ask(exec_fd(&x, p.progs[i].slot), &ours);
		ask(fd, &theirs);
		close(fd);
		/* The tag is a hash of the instructions as loaded. */
		if (memcmp(ours.info.tag, theirs.info.tag, 8))
			fail_msg("%s: program '%s' differs", path, p.progs[i].name);
		assert_int_equal(ours.info.xlated_len, theirs.info.xlated_len);
		assert_int_equal(ours.info.n_func_info, theirs.info.n_func_info);
		assert_int_equal(ours.info.n_line_info, theirs.info.n_line_info);
		assert_true(ours.info.n_func_info > 0 && ours.info.n_line_info > 0);
		assert_memory_equal(ours.funcs, theirs.funcs, ours.info.n_func_info * 8);
		for (uint32_t l = 0; l < ours.info.n_line_info; l++) {
			/* Offsets into strings may differ, as libbpf merges equal ones. */
			assert_memory_equal(ours.lines + l * 16, theirs.lines + l * 16, 4);
			assert_memory_equal(
				ours.lines + l * 16 + 12, theirs.lines + l * 16 + 12, 4);
		}
		n++;
	}
	if (ok)
		exec_close(&x, &e);
	snprintf(pin, sizeof pin, "rm -rf %s/bpf/d", dir);
	assert_int_equal(system(pin), 0);
	target_close(&t);
	kfs_close(&k);
	arena_free(&a);
	free((void *)(uintptr_t)bytes.p);
	return n;
}

static unsigned compare_compiled(const char *source, const char *dir)
{
	char path[200];
	struct span bytes = object_compile(source, host_is_big(), "-g");
	snprintf(path, sizeof path, "%s/x.bpf.o", dir);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	fwrite(bytes.p, 1, bytes.n, f);
	fclose(f);
	free((void *)(uintptr_t)bytes.p);
	return compare_with_libbpf(path, dir);
}

/* With a private mount that ends with this process; programs are loaded but never attached. */
static void libbpf_makes_the_same(void **state)
{
	(void)state;
	char dir[] = "/tmp/sonde-link.XXXXXX", path[64];
	uint32_t attr[4] = {2, 4, 4, 1};
	int map = (int)sys_bpf(NULL, 0, attr, sizeof attr);
	if (map < 0 || unshare(CLONE_NEWNS) ||
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
		print_message("# SKIP bpf(2) and mounts are for root\n");
		skip();
	}
	close(map);
	assert_non_null(mkdtemp(dir));
	assert_int_equal(mount("none", dir, "tmpfs", 0, NULL), 0);
	snprintf(path, sizeof path, "%s/bpf", dir);
	mkdir(path, 0700);
	assert_int_equal(mount("bpf", path, "bpf", 0, NULL), 0);

	char **objects = objects_built();
	unsigned n = 0;
	for (size_t i = 0; objects[i]; i++)
		if (!strstr(objects[i], "/eb/") == !host_is_big())
			n += compare_with_libbpf(objects[i], dir);
	objects_free(objects);
	assert_true(n >= 20);
	assert_int_equal(compare_compiled(family, dir), 4);
	assert_int_equal(compare_compiled(callbacks, dir), 2);
	assert_int_equal(compare_compiled(references, dir), 1);

	umount2(path, MNT_DETACH);
	umount2(dir, MNT_DETACH);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(callees_follow_in_depth_first_order),
		BOTH(code_is_that_of_the_file),
		cmocka_unit_test(byte_orders_agree),
		BOTH(links_what_is_wanted),
		BOTH(addresses_of_functions),
		BOTH(cycles_end),
		BOTH(refuses_what_leads_nowhere),
		BOTH(refuses_static_programs),
		BOTH(endless_chains),
		BOTH(maps_and_variables),
		BOTH(functions_in_sections_of_their_own),
		BOTH(types_are_completed),
		BOTH(info_goes_with_the_code),
		BOTH(partial_info_is_dropped),
		BOTH(exception_callbacks),
		BOTH(arena_variables),
		BOTH(jump_tables),
		BOTH(formats_of_printk),
		BOTH(formats_of_branches),
		BOTH(helpers_for_gpl_programs),
		BOTH(answers_of_the_kernel),
		BOTH(tags_of_parameters),
		BOTH(without_the_kernels_types),
		cmocka_unit_test(libbpf_makes_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
