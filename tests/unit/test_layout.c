/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Layouts inferred from the code, compared with the types of the same objects' debug information.
 *
 * Every object of progs/ and tests/course is stripped with llvm-strip -g, and linked with bpftool gen
 * object, which drops debug information, too. What is then shown as certain must be right; how much of it
 * there is, is printed, and a minimum is required. Where an object declares the type of its records, only
 * what the code tells counts. More objects: SONDE_LAYOUTS="a.bpf.o b.bpf.o" (records.bats has those of
 * another project). With SONDE_LAYOUTS_SHOW=1, everything that was not found is listed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <glob.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/records/flow.h"
#include "elf/records/layout.h"
#include "elf/records/source_name.h"
#include "objects.h"
#include "records.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- names in source lines ---- */

static void names_of_stores(void **state)
{
	static const struct {
		const char *text, *name;
		unsigned column;
	} lines[] = {
		{"\te->pid = pid;", "pid", 0},
		{"event.pid = bpf_get_current_pid_tgid() >> 32;", "pid", 0},
		{"e->task.tgid = x == y ? 1 : 2;", "tgid", 0},
		{"e->args[i] = ctx->args[i];", "args", 0},
		{"e->flags |= F_EXEC; /* e->x = 1; */", "flags", 0},
		{"e->mask <<= 1; // e->y = 2", "mask", 0},
		{"\t\t.uid = bpf_get_current_uid_gid(),", "uid", 0},
		{"if (a <= b) e->c = '=';", "c", 0},
		{"__builtin_memcpy(&ev.daddr, &daddr, 4);", "daddr", 0},
		{"__builtin_memset(e->text, 0, sizeof(e->text));", "text", 0},
		{"__u32 x = (e->y = 2);", "y", 0},
		{"e->a = 1; e->b = 2;", NULL, 0},
		{"e->a = 1; e->b = 2;", "a", 6},
		{"e->a = 1; e->b = 2;", "b", 16},
		{"e->a = 1; e->b = 2;", NULL, 3},
		{"struct event e = {.pid = pid, .uid = uid};", NULL, 0},
		{"struct event e = {};", NULL, 0},
		{"pid = bpf_get_current_pid_tgid();", NULL, 0},
		{"e->a == 1", NULL, 0},
		{"STORE(e, pid);", NULL, 0},
		{"*e = x;", NULL, 0},
		{"", NULL, 0},
		{"e->", NULL, 0},
		{"->x =", "x", 0},
		{"] = 3", NULL, 0},
		{"\"unfinished = ", NULL, 0},
	};
	static const struct {
		const char *text;
		bool initial, is_text;
	} inits[] = {
		{"struct event e = {.pid = 1};", true, false},
		{"\t.at.pid = 1,", true, false},
		{".word = \"rec\" };", true, true},
		{"e.word = 1;", false, false},
		{"e->at.word = 'x';", false, false},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(inits); i++) {
		struct source_name n = source_name_of_store(inits[i].text, 0);
		assert_true(n.p && n.initial == inits[i].initial && n.text == inits[i].is_text);
	}
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct source_name n = source_name_of_store(lines[i].text, lines[i].column);
		if (!n.p != !lines[i].name ||
			(n.p && (n.n != strlen(lines[i].name) || memcmp(n.p, lines[i].name, n.n))))
			fail_msg("%s (%u): %.*s", lines[i].text, lines[i].column, (int)n.n,
				n.p ? n.p : "");
	}
}

static void names_of_fills(void **state)
{
	static const struct {
		const char *text, *name;
	} lines[] = {
		{"bpf_get_current_comm(&e->comm, sizeof(e->comm));", "comm"},
		{"bpf_get_current_comm(e->comm, TASK_COMM_LEN);", "comm"},
		{"if (bpf_probe_read_user_str(record->file, sizeof(record->file), (void *)p) < 0)",
			"file"},
		{"e->ret = bpf_probe_read_kernel_str((char *)&e->name[0], 4, p);", "name"},
		{"BPF_CORE_READ_INTO(&e->ppid, task, real_parent, tgid);", "ppid"},
		{"bpf_d_path(&file->f_path, e->path, sizeof(e->path));", "path"},
		{"bpf_skb_load_bytes(skb, 0, (event.data), 16);", "data"},
		{"bpf_get_stack(ctx, e->kstack, sizeof(e->kstack), 0);", "kstack"},
		{"bpf_probe_read(&x, sizeof(x), &e->y);", NULL},
		{"bpf_probe_read(e->buf + off, n, p);", NULL},
		{"bpf_probe_read(&e->buf[off], n, p);", "buf"},
		{"bpf_probe_read(", NULL},
		{"bpf_probe_read(&e->a", NULL},
		{"read_name(e->name, p);", NULL},
		{"BPF_CORE_READ_INTO(e->addr, sk, addr);", "addr"},
		{"bpf_probe_read(&e->a, 4, p); bpf_probe_read(&e->b, 4, q);", NULL},
		{"e->pid = 3;", NULL},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct source_name n = source_name_of_fill(lines[i].text, 0);
		if (!n.p != !lines[i].name ||
			(n.p && (n.n != strlen(lines[i].name) || memcmp(n.p, lines[i].name, n.n))))
			fail_msg("%s: %.*s", lines[i].text, (int)n.n, n.p ? n.p : "");
	}
	/* That reads as much as the argument points to: an element. */
	assert_true(source_name_of_fill("BPF_CORE_READ_INTO(e->addr, sk, addr);", 0).indexed);
	assert_false(source_name_of_fill("BPF_CORE_READ_INTO(&e->addr, sk, addr);", 0).indexed);
}

/* ---- what code tells ---- */

#define PAIR(map)                                                                                  \
	"struct " map "~ 16 {a@0 unsigned int, pad4@32 unsigned char[4], b@64 unsigned long long}"

static void records_without_debug_information(void **state)
{
	static const struct {
		const char *map, *type;
	} expected[] = {
		{"helpers", "struct helpers~ 120 {tgid@0 pid_t, tid@32 pid_t, uid@64 uid_t, gid@96 "
			    "gid_t, both@128 unsigned long long, ns@192 unsigned long long, "
			    "comm@256 char[16], name@384 char[32], kstack@640 kernel_stack_t, "
			    "ustack@672 user_stack_t, trace@704 kernel_addr_t[4]}"},
		{"kernel", "struct kernel~ 48 {parent@0 pid_t, pad4@32 unsigned char[4], start@64 "
			   "u64, comm@128 char[16], task@256 struct task_struct *, arg@320 "
			   "unsigned long}"},
		{"spilled", PAIR("spilled")},
		{"filled", PAIR("filled")},
		{"sent", PAIR("sent")},
		{"either", PAIR("either")},
		{"dynptr", PAIR("dynptr")},
		{"sizes", PAIR("sizes")},
		{"conflict",
			"struct conflict~ 16 {f0@0 unsigned char[8], f8@64 unsigned long long}"},
		{"buffer", "struct buffer~ 128 {n@0 unsigned int, text@32 char[124]}"},
		{"reused", PAIR("reused")},
		{"values", "struct values~ 40 {pid@0 pid_t, comm@32 char[16], pad20@160 unsigned "
			   "char[4], since@192 u64, flag?@256 unsigned char, pad33@264 unsigned "
			   "char[7]}"},
		{"branches", "struct branches~ 40 {ns@0 unsigned long long, name@64 char[31], "
			     "pad39@312 unsigned char[1]}"},
		{"addresses", "struct addresses~ 24 {f0@0 unsigned char[16], ns@128 unsigned long "
			      "long}"},
		{"pushed", PAIR("pushed")},
		{"computed",
			"struct computed~ 48 {a@0 unsigned long long, b@64 unsigned long long, "
			"c@128 unsigned long long, d@192 unsigned long long, e@256 unsigned "
			"long long, f@320 unsigned long long}"},
		{"initial", "struct initial~ 16 {type?@0 unsigned long long, pid@64 pid_t, "
			    "random@96 unsigned int}"},
		{"worded", "struct worded~ 16 {pid@0 pid_t, random@32 unsigned int, word?@64 "
			   "char[8]}"},
	};
	struct records r;
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct span whole =
			records_compile("clang", "tests/unit/records/inferred.bpf.c", big, "");
		records_open(&r, records_cut(whole, ".debug_info", 0), NULL, 0);
		free((void *)(uintptr_t)whole.p);
		for (size_t i = 0; i < COUNT(expected); i++) {
			const struct record_result *x = records_of(&r, expected[i].map);
			char *text = records_spell(&r, x->type);
			if (strcmp(text, expected[i].type) || x->confidence != RECORD_CODE)
				fail_msg("%s: found %s\nexpected %s", expected[i].map, text,
					expected[i].type);
			free(text);
		}
		const struct record_result *sizes = records_of(&r, "sizes");
		assert_int_equal(sizes->n_others, 1);
		assert_int_equal(sizes->others[0].size, 24);
		assert_non_null(sizes->others[0].layout);
		assert_string_equal(records_of(&r, "conflict")->layout->fields[0].problem,
			"written as 8 bytes at 0 and 4 at 0");
		/* The place of a union is certain, and its type is not. */
		assert_string_equal(records_of(&r, "addresses")->layout->fields[0].problem,
			"written as 16 bytes at 0 and 4 at 0");
		assert_true(records_of(&r, "addresses")->layout->fields[0].sure);
		/* The names tell that a type of BTF is that of the records. */
		assert_int_equal(records_of(&r, "named")->confidence, RECORD_EXACT);
		assert_string_equal(records_of(&r, "named")->name, "struct named");
		records_free(&r);
	}
}

/* ---- the measure ---- */

struct score {
	unsigned maps, maps_placed, maps_named;
	unsigned fields, placed, named; /* of the true types */
	unsigned told, told_names;      /* certain fields, and their names */
	unsigned wrong, wrong_names;
	bool show;
};

/* The smallest members of a struct: numbers, pointers, text, arrays of numbers. */
struct leaf {
	char name[64];
	uint64_t off, size;
	bool placed, named;
};

struct truth {
	const struct btf *b;
	struct leaf leaves[256];
	size_t n;
};

static void flatten(struct truth *t, uint32_t type, const char *name, uint64_t off)
{
	struct btf_type x;
	btf_skip(t->b, type, &x);
	for (uint32_t i = 0; x.kind == BTF_STRUCT && i < x.vlen; i++) {
		struct btf_member m = btf_member(&x, i);
		flatten(t, m.type, m.name, off + m.bit_off / 8);
	}
	int64_t size = btf_size(t->b, type);
	if (x.kind == BTF_STRUCT || size <= 0 || t->n == COUNT(t->leaves) || strstr(name, "pad"))
		return;
	struct leaf *l = &t->leaves[t->n++];
	*l = (struct leaf){.off = off, .size = (uint64_t)size};
	snprintf(l->name, sizeof l->name, "%s", name);
}

/* What a field is told to be, as far as it can be wrong. */
enum told { ANYTHING, TEXT, NUMBER };

static enum told told_of(const struct layout_field *f)
{
	switch (f->kind) {
	case LAYOUT_TEXT:
		return TEXT;
	case LAYOUT_BYTES:
	case LAYOUT_WORDS:
	case LAYOUT_KERNEL_TRACE:
	case LAYOUT_USER_TRACE:
	case LAYOUT_TYPE:
		return ANYTHING;
	default: /* a copy of another size is shown as bytes */
		return f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8 ? NUMBER
		                                                                    : ANYTHING;
	}
}

static bool is_told(const struct btf *b, const struct btf_type *x, enum told told)
{
	bool array = x->kind == BTF_ARRAY;
	return told == ANYTHING || (told == NUMBER && !array) ||
	       (told == TEXT && array && btf_size(b, x->type) == 1);
}

/* Whether a type has a member with exactly this place that is what is told and, if name is not NULL, has
 * that name. */
static bool has_member(const struct btf *b, uint32_t type, uint64_t off, uint64_t size,
	enum told told, const char *is, const char *name)
{
	struct btf_type x;
	int64_t all = btf_size(b, type);
	btf_skip(b, type, &x);
	if (!off && all > 0 && (uint64_t)all == size && (!name || !strcmp(is, name)) &&
		is_told(b, &x, told))
		return true;
	for (uint32_t i = 0; btf_is_composite(&x) && i < x.vlen; i++) {
		struct btf_member m = btf_member(&x, i);
		if (m.bit_off / 8 <= off &&
			has_member(b, m.type, off - m.bit_off / 8, size, told, m.name, name))
			return true;
	}
	/* An element that is no struct is not a member. */
	struct btf_type element;
	btf_skip(b, x.type, &element);
	int64_t each = btf_size(b, x.type);
	return x.kind == BTF_ARRAY && btf_is_composite(&element) && each > 0 &&
	       off < (uint64_t)all &&
	       has_member(b, x.type, off % (uint64_t)each, size, told, "", name);
}

static void say_wrong(const char *what, const char *name, uint64_t size, uint64_t off)
{
	print_message(
		"# WRONG %s: %s, %u bytes at %u\n", what, name, (unsigned)size, (unsigned)off);
}

/* Marks the members that a certain field tells. */
static void mark(struct truth *t, uint64_t off, uint64_t size, bool named)
{
	for (size_t k = 0; k < t->n; k++) {
		struct leaf *x = &t->leaves[k];
		if (x->off < off || x->off + x->size > off + size)
			continue;
		x->placed = true;
		x->named |= named;
	}
}

static void compare_layout(
	struct score *s, const char *what, const struct layout *l, struct truth *t, uint32_t type)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct layout_field *f = &l->fields[i];
		if (!f->sure)
			continue;
		enum told told = told_of(f);
		bool right = has_member(t->b, type, f->off, f->size, told, "", NULL);
		bool name = f->named && has_member(t->b, type, f->off, f->size, told, "", f->name);
		s->told++;
		s->told_names += f->named;
		s->wrong += !right;
		s->wrong_names += f->named && !name;
		if (!right || (f->named && !name))
			say_wrong(what, f->name, f->size, f->off);
		if (right)
			mark(t, f->off, f->size, name);
	}
}

/* A type that the object's BTF has told. */
static void compare_type(struct score *s, const char *what, const struct btf *b, uint32_t told,
	struct truth *t, uint32_t type)
{
	struct truth *is = calloc(1, sizeof *is);
	is->b = b;
	flatten(is, told, "", 0);
	for (size_t i = 0; i < is->n; i++) {
		const struct leaf *x = &is->leaves[i];
		bool right = has_member(
			t->b, type, x->off, x->size, ANYTHING, "", *x->name ? x->name : NULL);
		s->told++;
		s->told_names++;
		s->wrong += !right;
		if (right)
			mark(t, x->off, x->size, true);
		else
			say_wrong(what, x->name, x->size, x->off);
	}
	free(is);
}

static void count(struct score *s, const char *what, const struct truth *t)
{
	bool placed = true, named = true;
	for (size_t k = 0; k < t->n; k++) {
		const struct leaf *x = &t->leaves[k];
		placed &= x->placed;
		named &= x->named;
		s->placed += x->placed;
		s->named += x->named;
		if (s->show && !x->named)
			print_message("# %s: %s, %u bytes at %u: no %s\n", what, x->name,
				(unsigned)x->size, (unsigned)x->off, x->placed ? "name" : "place");
	}
	s->fields += (unsigned)t->n;
	s->maps++;
	s->maps_placed += placed;
	s->maps_named += placed && named;
}

/* The i-th type of the records of a map, NULL after the last one. *sure: whether it is certain. */
static const struct record_alternative *type_at(
	const struct record_result *x, size_t i, bool *sure, struct record_alternative *first)
{
	*first = (struct record_alternative){x->name, x->type, x->size, true, x->layout};
	*sure = x->confidence >= RECORD_EXACT;
	if (!i)
		return x->type ? first : NULL;
	return i <= x->n_others ? &x->others[i - 1] : NULL;
}

/* What is shown for records of a stripped object, compared with one true type of a map. */
static void compare(struct score *s, const char *what, const struct record_result *is,
	const struct btf *shown, const struct btf *b, const struct record_alternative *truth)
{
	struct record_alternative first;
	const struct record_alternative *x;
	struct truth *t = calloc(1, sizeof *t);
	bool sure;
	t->b = b;
	flatten(t, truth->type, "", 0);
	for (size_t i = 0; (x = type_at(is, i, &sure, &first)); i++) {
		if (!x->sent || (x->size != truth->size && is->n_others))
			continue;
		if (x->layout)
			compare_layout(s, what, x->layout, t, truth->type);
		else if (sure && x->type)
			compare_type(s, what, shown, x->type, t, truth->type);
	}
	count(s, what, t);
	free(t);
}

/* The records of a map whose type is declared: what the code alone would tell. */
static void measure_code(struct score *s, const char *what, struct records *stripped, uint32_t map,
	const struct records *whole, const struct record_result *truth)
{
	struct object *o = &stripped->o;
	struct record_calls calls;
	struct write_list list = {0};
	struct layout l;
	uint32_t element = 0; /* records that are elements of a map have the type of its values */
	bool any = false, *wanted = arena_array(&stripped->arena, o->n_maps + 1, sizeof *wanted);
	wanted[map] = true;
	struct writes *w = records_calls(o, wanted, &stripped->arena, &calls);
	assert_non_null(w);
	for (size_t i = 0; i < calls.n; i++) {
		if (calls.items[i].size && calls.items[i].size != truth->size)
			continue;
		any = true;
		if (calls.items[i].data.kind == VALUE_RESULT && calls.items[i].data.id)
			element = o->maps[calls.items[i].data.id - 1].value_type;
		assert_true(writes_to_record(w, &calls.items[i], &list));
	}
	if (!any)
		return;
	struct truth *t = calloc(1, sizeof *t);
	t->b = &whole->shown;
	flatten(t, truth->type, "", 0);
	assert_true(layout_make(o, &list, truth->size, &stripped->arena, &l));
	if (element)
		compare_type(s, what, &stripped->shown, element, t, truth->type);
	else
		compare_layout(s, what, &l, t, truth->type);
	count(s, what, t);
	free(t);
}

/* The types of a stripped object, compared with those of the whole one. */
static void measure(
	struct score *s, const char *what, const struct records *whole, struct span bytes)
{
	struct records stripped;
	records_open(&stripped, bytes, NULL, 0);
	assert_true(stripped.ok);
	for (uint32_t m = 0; m < whole->o.n_maps; m++) {
		const char *map = whole->o.maps[m].name;
		const struct record_result *y = &whole->results[m],
					   *is = records_of(&stripped, map);
		struct record_alternative first;
		const struct record_alternative *x;
		char where[300];
		bool sure;
		snprintf(where, sizeof where, "%s %s", what, map);
		if (!records_in(&whole->o.maps[m]) || y->origin == ORIGIN_CODE)
			continue;
		if (y->confidence == RECORD_DECLARED) {
			measure_code(
				s, where, &stripped, (uint32_t)(is - stripped.results), whole, y);
			continue;
		}
		for (size_t i = 0; (x = type_at(y, i, &sure, &first)); i++)
			if (sure && x->sent && x->type && !x->layout)
				compare(s, where, is, &stripped.shown, &whole->shown, x);
	}
	records_free(&stripped);
}

static void measure_object(struct score *s, const char *path)
{
	static const struct {
		const char *what, *command;
	} ways[] = {
		{"llvm-strip", "llvm-strip -g -o %s %s 2>/dev/null"},
		{"bpftool", "bpftool gen object %s %s 2>/dev/null"},
	};
	struct records whole;
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	records_open(&whole, object_read(path), NULL, 0);
	assert_true(whole.ok);
	for (size_t i = 0; i < COUNT(ways); i++) {
		char stripped[] = "/tmp/sonde-layout-XXXXXX", command[1024], what[256];
		int fd = mkstemp(stripped);
		assert_true(fd >= 0);
		close(fd);
		snprintf(command, sizeof command, ways[i].command, stripped, path);
		snprintf(what, sizeof what, "%s (%s)", name, ways[i].what);
		if (system(command) == 0)
			measure(&s[i], what, &whole, object_read(stripped));
		unlink(stripped);
	}
	records_free(&whole);
}

static void print_score(const char *what, const struct score *s)
{
	print_message("# %s: %u maps, %u with every field, %u with every name; of %u fields %u "
		      "placed, %u named; of %u told %u wrong, of %u names %u wrong\n",
		what, s->maps, s->maps_placed, s->maps_named, s->fields, s->placed, s->named,
		s->told, s->wrong, s->told_names, s->wrong_names);
}

static void layouts_and_debug_information_agree(void **state)
{
	static const char *const patterns[] = {"build/progs/*.bpf.o", "build/course/*.bpf.o"};
	struct score s[2] = {{0}};
	const char *more = getenv("SONDE_LAYOUTS");
	(void)state;
	s[0].show = s[1].show = getenv("SONDE_LAYOUTS_SHOW") != NULL;
	records_need("llvm-strip");
	for (size_t i = 0; i < COUNT(patterns); i++) {
		glob_t files;
		if (glob(patterns[i], 0, NULL, &files))
			continue;
		for (size_t k = 0; k < files.gl_pathc; k++)
			measure_object(s, files.gl_pathv[k]);
		globfree(&files);
	}
	char *list = strdup(more ? more : ""), *rest = NULL;
	for (char *p = strtok_r(list, " ", &rest); p; p = strtok_r(NULL, " ", &rest))
		measure_object(s, p);
	free(list);
	print_score("llvm-strip -g", &s[0]);
	print_score("bpftool gen object", &s[1]);
	assert_int_equal(s[0].wrong + s[0].wrong_names + s[1].wrong + s[1].wrong_names, 0);
	for (size_t i = 0; i < COUNT(s); i++) {
		assert_in_range(s[i].maps, 25, UINT32_MAX);
		assert_true(s[i].maps_placed >= s[i].maps * 30 / 36);
		assert_true(s[i].maps_named >= s[i].maps * 24 / 36);
	}
}

/* ---- the analysis ---- */

static void count_reached(
	void *ctx, struct flow *w, uint32_t at, struct insn insn, const struct flow_state *s)
{
	(void)w;
	(void)at;
	(void)insn;
	*(unsigned *)ctx += s->reached;
}

/* Code that only a jump back leads to is analysed, too. */
static void code_before_its_jump(void **state)
{
	static const char source[] =
		"SEC(\"raw_tp/x\") __attribute__((naked)) int f(void *c) { asm volatile(\n"
		"\"goto end_%=; last_%=: r0 = 0; exit; back_%=: goto last_%=;\"\n"
		"\"end_%=: r1 = 1; goto back_%=;\" ::); }\n";
	struct span bytes = object_compile(source, host_is_big(), "-g");
	struct arena a = {0};
	struct object o;
	struct err e = {0};
	struct flow w;
	unsigned reached = 0;
	const struct flow_visitor visitor = {.ctx = &reached, .before = count_reached};
	(void)state;
	assert_true(object_open(&o, "x.bpf.o", bytes, &a, &e));
	assert_true(flow_open(&w, &o, &a) && flow_run(&w, &o.funcs[0], &visitor, 1));
	assert_int_equal(reached, 6);
	flow_close(&w);
	arena_free(&a);
	free((void *)(uintptr_t)bytes.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_before_its_jump),
		cmocka_unit_test(names_of_stores),
		cmocka_unit_test(names_of_fills),
		cmocka_unit_test(records_without_debug_information),
		cmocka_unit_test(layouts_and_debug_information_agree),
	};
	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
