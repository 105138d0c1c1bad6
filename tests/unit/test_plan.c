/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Plans: invariants of all plans, the planner's result for objects, and rejection of invalid plans.
 * Whole plans are compared in tests/golden.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "elf/base/insn.h"
#include "loader/plan/abi.h"
#include "loader/plan/fit.h"
#include "objects.h"
#include "loader/plan/builder.h"
#include "loader/plan/check.h"
#include "loader/plan/kernel_fs.h"
#include "loader/plan/variable.h"

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

struct planned {
	struct span bytes;
	struct arena arena;
	struct target target;
	struct plan p;
	struct err e;
	bool ok;
};

/* The same with other facts about the kernel. */
static void make(struct planned *t, const char *source, bool order, const char *release,
	const struct plan_options *opt)
{
	*t = (struct planned){.bytes = object_compile(source, order, "-g")};
	object_target(&t->target, order, NULL, &t->arena);
	if (release)
		t->target.release = release;
	t->ok = plan_object(&t->p, "dir/x.bpf.o", t->bytes, opt, &t->target, &t->arena, &t->e);
}

static void must_make(struct planned *t, const char *source, bool order)
{
	make(t, source, order, NULL, &(struct plan_options){0});
	if (!t->ok)
		fail_msg("%s", t->e.text);
}

static void done(struct planned *t)
{
	free((void *)(uintptr_t)t->bytes.p);
	arena_free(&t->arena);
}

#define PROG(sec, body) "SEC(\"" sec "\") int f(void *ctx) { " body " }\n"
static const char tiny[] = PROG("tp/a/b", "return 0;");

/* A field of the attr of a step. */
static uint64_t field(const struct plan *p, size_t step, const char *name)
{
	const struct plan_step *s = &p->steps[step];
	const struct plan_blob *attr = &p->blobs[s->attr];
	struct abi_field f;
	assert_true(abi_field_by_name(s->op == STEP_BPF ? s->cmd : ABI_PERF_ATTR, name, &f));
	return span_uint((struct span){attr->bytes, attr->size, p->big}, f.offset, f.size);
}

/* The first step (or the next after one) with this purpose and owner. */
static size_t find(const struct plan *p, size_t from, const char *who, const char *doing)
{
	for (size_t i = from; i < p->n_steps; i++)
		if (!strcmp(p->steps[i].who, who) && !strcmp(p->steps[i].doing, doing))
			return i;
	fail_msg("nothing does '%s: %s'", who, doing);
	return 0;
}

/* ---- invariants of all plans ---- */

static void blob_needs(const struct plan *p, int blob, const bool *given)
{
	for (size_t i = 0; blob != PLAN_NONE && i < p->blobs[blob].n_patches; i++) {
		const struct plan_patch *patch = &p->blobs[blob].patches[i];
		if (patch->what == PATCH_BLOB)
			blob_needs(p, patch->index, given);
		else
			assert_true(given[patch->index]);
	}
}

static void check_plan(const struct plan *p)
{
	bool *given = calloc(p->n_slots + 1, 1);
	bool attaching = false;
	struct err e = {0};
	assert_true(plan_check_saved(p, &e));
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		assert_true(*s->who && *s->doing);
		assert_non_null(s->note);
		assert_non_null(s->hint);
		/* A slot is filled before it is used. */
		blob_needs(p, s->attr, given);
		for (int k = 0; k < PLAN_ARGS; k++) {
			assert_true(s->args[k].slot == PLAN_NONE || given[s->args[k].slot]);
			blob_needs(p, s->args[k].blob, given);
		}
		if (s->slot != PLAN_NONE)
			given[s->slot] = true;
		if (s->op == STEP_BPF)
			assert_in_range(p->blobs[s->attr].size, 1, 256);
		/* A fallback fills the same slot, or another one for the same program, and names
		 * its errnos. */
		if (s->fallback_for != PLAN_NONE) {
			assert_true((size_t)s->fallback_for < i);
			assert_true(s->slot == p->steps[s->fallback_for].slot ||
				    s->prog == p->steps[s->fallback_for].prog);
			assert_int_not_equal(s->errs[0], 0);
			assert_true(*s->note);
		}
		/* Nothing is attached before everything is loaded. */
		attaching |= !strcmp(s->doing, "attach");
		assert_true(!attaching || strcmp(s->doing, "load") != 0);
	}
	for (size_t i = 0; i < p->n_slots; i++)
		assert_true(given[i]);
	free(given);
}

/* The target depends on facts that this kernel description lacks: functions, a library, an
 * interface. */
static bool may_refuse(const char *text)
{
	return strstr(text, ": attach: ") || strstr(text, "this kernel has no ") ||
	       strstr(text, "autoload is off for all") || strstr(text, "unknown section name");
}

static void plans_of_all_objects(void **state)
{
	(void)state;
	char **paths = objects_built();
	unsigned n = 0;
	for (size_t i = 0; paths[i]; i++) {
		struct planned t = {.bytes = object_read(paths[i])};
		t.ok = object_plan_own(&t.p, t.bytes, &t.arena, &t.e);
		if (t.ok) {
			check_plan(&t.p);
			n++;
		} else if (!may_refuse(t.e.text)) {
			fail_msg("%s: %s", paths[i], t.e.text);
		}
		done(&t);
	}
	objects_free(paths);
	assert_true(n >= 20);
}

/* ---- plan_check ---- */

/* A valid plan and a modification. */
static void break_attr(struct plan *p)
{
	p->steps[0].attr = (int16_t)p->n_blobs;
}
static void break_attr_negative(struct plan *p)
{
	p->steps[0].attr = -2;
}
static void break_no_attr(struct plan *p)
{
	p->steps[0].attr = PLAN_NONE;
}
static void break_attr_output(struct plan *p)
{
	p->blobs[p->steps[0].attr].n_patches = 0;
	p->blobs[p->steps[0].attr].bytes = NULL;
}
static void break_slot(struct plan *p)
{
	p->steps[0].slot = (int16_t)p->n_slots;
}
static void break_prog(struct plan *p)
{
	p->steps[0].prog = (int16_t)p->n_progs;
}
static void break_instead(struct plan *p)
{
	p->steps[1].fallback_for = 1;
}
static void break_op(struct plan *p)
{
	p->steps[0].op = STEP_OPS;
}
static void break_arg_slot(struct plan *p)
{
	p->steps[0].args[2].slot = (int16_t)p->n_slots;
}
static void break_arg_blob(struct plan *p)
{
	p->steps[0].args[3].blob = (int16_t)p->n_blobs;
}
static void break_patch_end(struct plan *p)
{
	struct plan_blob *b = &p->blobs[p->steps[0].attr];
	b->patches[0].at = b->size - b->patches[0].size + 1;
}
static void break_patch_wraps(struct plan *p)
{
	p->blobs[p->steps[0].attr].patches[0].at = UINT32_MAX - 3;
}
static void break_patch_index(struct plan *p)
{
	p->blobs[p->steps[0].attr].patches[0].index = (uint16_t)p->n_blobs;
}
static void break_patch_size(struct plan *p)
{
	p->blobs[p->steps[0].attr].patches[0].size = 4; /* an address has 8 */
}
static void break_patch_what(struct plan *p)
{
	p->blobs[p->steps[0].attr].patches[0].what = 2;
}
static void break_circle(struct plan *p)
{
	struct plan_blob *b = &p->blobs[p->steps[0].attr];
	b->patches[0].index = (uint16_t)p->steps[0].attr;
}
static void break_slot_kind(struct plan *p)
{
	p->slots[0].kind = SLOT_KINDS;
}
static void break_map_slot(struct plan *p)
{
	p->maps[0].slot = (int16_t)p->n_slots;
}
static void break_map_init(struct plan *p)
{
	p->maps[0].init = (int16_t)p->n_blobs;
}
static void break_prog_slot(struct plan *p)
{
	p->progs[0].slot = -7;
}
static void break_prog_insns(struct plan *p)
{
	p->progs[0].insns = (int16_t)p->n_blobs;
}
static void break_read_path(struct plan *p)
{
	size_t i = find(p, 0, "program 'f' (tp/a/b)", "attach");
	assert_int_equal(p->steps[i].op, STEP_READ);
	struct plan_blob *path = &p->blobs[p->steps[i].args[0].blob];
	path->bytes[path->size - 1] = 'x';
}
static void break_no_path(struct plan *p)
{
	p->steps[find(p, 0, "program 'f' (tp/a/b)", "attach")].args[0].blob = PLAN_NONE;
}

static void damaged_plans_are_refused(void **state)
{
	(void)state;
	static void (*const breaks[])(struct plan *) = {break_attr, break_attr_negative,
		break_no_attr, break_attr_output, break_slot, break_prog, break_instead, break_op,
		break_arg_slot, break_arg_blob, break_patch_end, break_patch_wraps,
		break_patch_index, break_patch_size, break_patch_what, break_circle,
		break_slot_kind, break_map_slot, break_map_init, break_prog_slot, break_prog_insns,
		break_read_path, break_no_path};
	for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
		struct planned t;
		must_make(&t, "int n = 1;\n" PROG("tp/a/b", "return n;"), host_is_big());
		assert_true(plan_check_saved(&t.p, &t.e));
		breaks[i](&t.p);
		if (plan_check_saved(&t.p, &t.e))
			fail_msg("number %zu was accepted", i);
		assert_non_null(strstr(t.e.text, "dir/x.bpf.o: damaged plan: "));
		done(&t);
	}
}

/* Arguments of steps other than bpf(2): strings that are terminated, messages of sufficient
 * length. */
static void arguments_of_steps(void **state)
{
	(void)state;
	enum { STRING, OUTPUT };
	static const struct {
		enum step_op op;
		uint32_t cmd;
		const char *first, *second;
		int arg, kind;
	} cases[] = {{STEP_READ, KFS_TRACE, "events/a/b/id", NULL, 0, STRING},
		{STEP_EXPECT, KFS_SECURITY, "lsm", "bpf", 0, STRING},
		{STEP_EXPECT, KFS_SECURITY, "lsm", "bpf", 1, STRING},
		{STEP_OPEN, KFS_COUNT, "/x", NULL, 0, STRING},
		{STEP_IFINDEX, 0, "eth0", NULL, 0, STRING},
		{STEP_SYMBOL, 0, "bpf", NULL, 0, STRING}, {STEP_MKDIR, 0, "/x", NULL, 0, STRING},
		{STEP_FUNCTIONS, KFS_TRACE, "available_filter_functions", "x", 1, STRING},
		{STEP_FUNCTIONS, KFS_TRACE, "available_filter_functions", "x", 2, OUTPUT}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena a = {0};
		struct err e = {0};
		struct plan p = {.arena = &a, .path = "x"};
		struct plan_builder b = {.plan = &p, .e = &e};
		const struct plan_step like = {.who = "w", .doing = "d", .prog = PLAN_NONE};
		int16_t open_end = plan_add_blob(&b, "0123456789abcdef", 16, "no end");
		int16_t string = plan_add_blob(&b, "0123456789abcde", 16, "string");
		int16_t output = plan_add_output(&b, 16, "output");
		int16_t file =
			cases[i].op == STEP_OPEN ? plan_add_slot(&b, SLOT_FILE, "file") : PLAN_NONE;
		int16_t step = plan_add_step(&b, cases[i].op, cases[i].cmd, file, &like);
		struct plan_arg *args = plan_step_at(&b, step)->args;
		args[0].blob =
			plan_add_blob(&b, cases[i].first, strlen(cases[i].first) + 1, "first");
		if (cases[i].second)
			args[1].blob = plan_add_blob(
				&b, cases[i].second, strlen(cases[i].second) + 1, "second");
		if (cases[i].op == STEP_FUNCTIONS)
			args[2].blob = output;
		if (!plan_check_saved(&p, &e))
			fail_msg("operation %d: %s", cases[i].op, e.text);
		const int16_t bad[] = {PLAN_NONE, cases[i].kind == OUTPUT ? string : output,
			cases[i].kind == OUTPUT ? string : open_end};
		for (size_t k = 0; k < 3; k++) {
			e = (struct err){0};
			args[cases[i].arg].blob = bad[k];
			if (plan_check_saved(&p, &e))
				fail_msg("operation %d takes blob %d", cases[i].op, bad[k]);
			assert_string_equal(
				e.text, "x: damaged plan: step 1 has an invalid reference");
		}
		arena_free(&a);
	}
}

/* ---- choosing programs ---- */

static const char several[] = "SEC(\"tp/a/b\") int one(void *ctx) { return 0; }\n"
			      "SEC(\"?tp/a/c\") int maybe(void *ctx) { return 0; }\n"
			      "SEC(\"raw_tp/d\") int two(void *ctx) { return 0; }\n";

static void programs_are_chosen(void **state)
{
	struct planned t;
	bool order = *(bool *)*state;
	must_make(&t, several, order);
	assert_int_equal(t.p.n_progs, 2);
	assert_string_equal(t.p.progs[0].name, "one");
	assert_string_equal(t.p.progs[1].name, "two");
	assert_string_equal(t.p.progs[1].sec, "raw_tp/d");
	done(&t);

	const char *const only[] = {"maybe", "two"};
	make(&t, several, order, NULL, &(struct plan_options){.only = only, .n_only = 2});
	assert_true(t.ok);
	assert_int_equal(t.p.n_progs, 2);
	assert_string_equal(t.p.progs[0].name, "maybe");
	assert_string_equal(t.p.progs[0].sec, "tp/a/c");
	done(&t);

	const char *const none[] = {"two", "three"};
	make(&t, several, order, NULL, &(struct plan_options){.only = none, .n_only = 2});
	assert_false(t.ok);
	assert_string_equal(t.e.text, "dir/x.bpf.o: there is no program 'three'");
	assert_string_equal(t.e.hint, "its programs are: one, maybe, two");
	done(&t);

	make(&t, "int x;\n", order, NULL, &(struct plan_options){0});
	assert_false(t.ok);
	assert_string_equal(t.e.text, "dir/x.bpf.o: the object contains no program");
	done(&t);
}

/* ---- errors that need no kernel ---- */

static void refuses(const char *source, const char *flags, const char *says, const char *hint)
{
	struct planned t = {.bytes = object_compile(source, host_is_big(), flags)};
	t.ok = object_plan(&t.p, t.bytes, NULL, &t.arena, &t.e);
	if (t.ok || strncmp(t.e.text, says, strlen(says)) || (hint && strcmp(t.e.hint, hint)))
		fail_msg("%s: %s '%s' (hint '%s')", source, t.ok ? "accepted" : "", t.e.text,
			t.e.hint);
	done(&t);
}

static void refusals(void **state)
{
	(void)state;
	static const char gpl_hint[] =
		"declare it: char LICENSE[] SEC(\"license\") = \"GPL\"; or \"Dual BSD/GPL\" etc.";
	refuses(PROG("nonsense/x", "return 0;"), "-g",
		"dir/x.bpf.o: program 'f' (nonsense/x): unknown section name 'nonsense/x'", NULL);
	refuses(PROG("tp/x", "return 0;"), "-g",
		"dir/x.bpf.o: program 'f' (tp/x): attach: 'x' is not CATEGORY/NAME",
		"for example SEC(\"tracepoint/syscalls/sys_enter_openat\")");
	refuses(PROG("tp/x/", "return 0;"), "-g",
		"dir/x.bpf.o: program 'f' (tp/x/): attach: 'x/' is not CATEGORY/NAME", NULL);
	refuses(PROG("kprobe/f+x", "return 0;"), "-g",
		"dir/x.bpf.o: program 'f' (kprobe/f+x): attach: 'f+x' is not FUNCTION or "
		"FUNCTION+OFFSET",
		NULL);
	refuses(PROG("tp/a/b", "bpf_printk(\"x\"); return 0;"), "-g -DNO_LICENSE",
		"dir/x.bpf.o: program 'f' (tp/a/b): it calls bpf_trace_printk, which "
		"requires a GPL-compatible license; the object has no license",
		gpl_hint);
	refuses("char l[] SEC(\"license\") = \"MIT\";\n" PROG(
			"tp/a/b", "bpf_printk(\"x\"); return 0;"),
		"-g -DNO_LICENSE",
		"dir/x.bpf.o: program 'f' (tp/a/b): it calls bpf_trace_printk, which "
		"requires a GPL-compatible license; the license is 'MIT'",
		gpl_hint);
	refuses("struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, int);\n"
		"	  __type(value, int); } h SEC(\".maps\");\n" PROG("tp/a/b", "return 0;"),
		"-g", "dir/x.bpf.o: map 'h': max_entries is 0",
		"set it with __uint(max_entries, N), or with --entries h=N");
}

/* ---- maps ---- */

static const char maps[] =
	"struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 5000); } ring "
	"SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_RINGBUF); } least SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(key_size, 4);\n"
	"	  __uint(value_size, 4); } perf SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(key_size, 4);\n"
	"	  __uint(value_size, 4); __uint(max_entries, 3); } perf3 SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 10);\n"
	"	  __uint(map_flags, BPF_F_NUMA_NODE); __uint(numa_node, 1);\n"
	"	  __type(key, int); __type(value, long); } a_name_that_is_too_long "
	"SEC(\".maps\");\n"
	"int counter = 1, zero; const volatile int param = 5; int more SEC(\".data.mo-re\") = 1;\n"
	"SEC(\"tp/a/b\") int f(void *ctx) { return counter + param + more + zero; }\n";

static const char *blob_name(const struct plan *p, size_t step, const char *name)
{
	const struct plan_step *s = &p->steps[step];
	struct abi_field f;
	abi_field_by_name(s->cmd, name, &f);
	const struct plan_blob *attr = &p->blobs[s->attr];
	return attr->size > f.offset ? (const char *)attr->bytes + f.offset : "";
}

/* What viewers see, for "map 'NAME'". */
static uint32_t max_entries(const struct plan *p, const char *who)
{
	char name[20] = "";
	strncat(name, who + 5, strcspn(who + 5, "'"));
	assert_non_null(plan_find_map(p, name));
	return plan_find_map(p, name)->max_entries;
}

static void sizes_that_the_machine_decides(void **state)
{
	static const unsigned cpus[] = {0};
	static const struct {
		const char *who;
		uint32_t entries[3]; /* as planned, with 4 CPUs and 4K pages, with 40 and 64K */
	} want[] = {{"map 'ring'", {5000, 8192, 65536}}, {"map 'least'", {1, 4096, 65536}},
		{"map 'perf'", {PLAN_POSSIBLE_CPUS, 4, 40}}, {"map 'perf3'", {3, 3, 3}},
		{"map 'a_name_that_is_too_long'", {10, 10, 10}}, {"map '.data'", {1, 1, 1}}};
	const struct machine machines[] = {{cpus, 1, 0, 4, 4096}, {cpus, 1, 0, 40, 65536}};
	for (int m = 0; m < 3; m++) {
		struct planned t;
		must_make(&t, maps, *(bool *)*state);
		assert_int_equal(plan_fit_needs(&t.p), FIT_POSSIBLE);
		assert_true(!m || plan_fit(&t.p, &machines[m - 1], &t.e));
		for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
			size_t step = find(&t.p, 0, want[i].who, "create");
			assert_int_equal(field(&t.p, step, "max_entries"), want[i].entries[m]);
			if (want[i].who[5] == 'p' || want[i].who[5] == 'r')
				assert_int_equal(
					max_entries(&t.p, want[i].who), want[i].entries[m]);
		}
		done(&t);
	}
}

/* Traditionally, user space sets the sizes of a stack trace map; here they may be left open. */
static void maps_of_stacks(void **state)
{
	static const char source[] =
		"struct { int (*type)[7]; } open SEC(\".maps\");\n"
		"struct { int (*type)[7]; int (*key_size)[4]; int (*value_size)[80];\n"
		"	int (*max_entries)[9]; } said SEC(\".maps\");\n" PROG(
			"tp/a/b", "return 0;");
	struct planned t;
	must_make(&t, source, *(bool *)*state);
	size_t open = find(&t.p, 0, "map 'open'", "create");
	assert_int_equal(field(&t.p, open, "key_size"), 4);
	assert_int_equal(field(&t.p, open, "value_size"), 127 * 8);
	assert_int_equal(field(&t.p, open, "max_entries"), 16384);
	size_t said = find(&t.p, 0, "map 'said'", "create");
	assert_int_equal(field(&t.p, said, "value_size"), 80);
	assert_int_equal(field(&t.p, said, "max_entries"), 9);
	done(&t);
}

static void maps_of_a_plan(void **state)
{
	struct planned t;
	must_make(&t, maps, *(bool *)*state);
	struct plan *p = &t.p;
	size_t i = find(p, 0, "map 'a_name_that_is_too_long'", "create");
	assert_string_equal(blob_name(p, i, "map_name"), "a_name_that_is_");
	assert_int_equal(field(p, i, "numa_node"), 1);
	assert_int_equal(field(p, i, "key_size"), 4);
	assert_int_equal(field(p, i, "value_size"), 8);
	assert_int_not_equal(field(p, i, "btf_key_type_id"), 0);
	/* Without types, then without a name. */
	assert_int_equal(p->steps[i + 1].fallback_for, i);
	assert_int_equal(field(p, i + 1, "btf_key_type_id"), 0);
	assert_int_equal(field(p, i + 1, "numa_node"), 1);
	assert_int_equal(p->steps[i + 2].fallback_for, i + 1);
	assert_string_equal(blob_name(p, i + 2, "map_name"), "");
	assert_int_equal(p->steps[i + 3].fallback_for, PLAN_NONE);

	i = find(p, 0, "map '.rodata'", "create");
	assert_string_equal(blob_name(p, i, "map_name"), "x.rodata");
	assert_string_equal(
		blob_name(p, find(p, 0, "map '.data.mo-re'", "create"), "map_name"), ".data.mo_re");
	size_t fill = find(p, i, "map '.rodata'", "fill");
	size_t freeze = find(p, fill, "map '.rodata'", "freeze");
	assert_int_equal(p->steps[freeze].cmd, BPF_MAP_FREEZE);
	assert_true(p->steps[fill].flags & STEP_UNLESS_ZERO);
	assert_int_equal(p->steps[freeze].tolerated[0], EINVAL);
	assert_int_equal(p->steps[freeze].tolerated[1], EPERM);
	assert_int_equal(p->steps[freeze].tolerated[2], 0);
	assert_true(find(p, freeze, "program 'f' (tp/a/b)", "load") > freeze);
	for (size_t k = 0; k < p->n_steps; k++)
		if (!strcmp(p->steps[k].doing, "freeze"))
			assert_int_equal(k, freeze);
	/* The kernel accepts no BTF for a ring buffer. */
	i = find(p, 0, "map 'ring'", "create");
	assert_int_equal(p->steps[i + 1].errs[0], E2BIG);
	assert_int_equal(p->steps[i + 2].fallback_for, PLAN_NONE);
	assert_int_equal(p->n_maps, 9);
	done(&t);
}

/* ---- programs ---- */

static void programs_of_a_plan(void **state)
{
	struct planned t;
	must_make(&t, tiny, *(bool *)*state);
	struct plan *p = &t.p;
	assert_int_equal(p->big, *(bool *)*state);
	assert_string_equal(p->name, "x");
	assert_string_equal(p->release, ""); /* does not depend on the kernel */
	assert_string_equal(p->machine, p->big ? "s390x" : "x86_64");
	size_t i = find(p, 0, "program 'f' (tp/a/b)", "load");
	assert_int_equal(field(p, i, "prog_type"), BPF_PROG_TYPE_TRACEPOINT);
	assert_int_equal(field(p, i, "insn_cnt"), 2);
	assert_int_equal(field(p, i, "kern_version"), 0);
	assert_string_equal(blob_name(p, i, "prog_name"), "f");
	assert_int_equal(field(p, i, "func_info_cnt"), 1);
	assert_int_equal(field(p, i, "log_level"), 0);
	assert_true(p->steps[i].flags & STEP_MEMLOCK);
	/* With a log, after any errno. */
	assert_int_equal(p->steps[i + 1].fallback_for, i);
	assert_int_equal(p->steps[i + 1].errs[0], ERRS_ANY);
	assert_int_equal(field(p, i + 1, "log_level"), 1);
	assert_true(p->steps[i + 1].flags & STEP_LOG);
	done(&t);
}

/* Before 5.0 the kernel compares kern_version of a kprobe with its own. */
static void kernel_version_of_kprobes(void **state)
{
	static const struct {
		const char *sec, *release;
		uint32_t version;
	} cases[] = {{"kprobe/x", "4.19.7-foo", 4 << 16 | 19 << 8 | 7},
		{"kprobe/x", "4.14.300", 4 << 16 | 14 << 8 | 255}, {"kprobe/x", "5.0.0", 0},
		{"tp/a/x", "4.19.7", 0}, {"kretprobe/x", "4.9", 4 << 16 | 9 << 8}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct planned t;
		char source[128], who[64];
		snprintf(source, sizeof source, "SEC(\"%s\") int f(void *ctx) { return 0; }",
			cases[i].sec);
		snprintf(who, sizeof who, "program 'f' (%s)", cases[i].sec);
		make(&t, source, *(bool *)*state, cases[i].release, &(struct plan_options){0});
		assert_true(t.ok);
		assert_int_equal(
			field(&t.p, find(&t.p, 0, who, "load"), "kern_version"), cases[i].version);
		done(&t);
	}
}

/* The numbers of all helpers that a program calls, in order. */
static void helpers_of(const struct planned *t, int32_t *out, size_t n)
{
	const struct plan_blob *code = &t->p.blobs[t->p.progs[0].insns];
	size_t found = 0;
	for (uint32_t at = 0; at + 8 <= code->size; at += 8) {
		struct insn i = insn_get(code->bytes + at, t->p.big);
		if (i.code == (BPF_JMP | BPF_CALL) && found < n)
			out[found++] = i.imm;
	}
	assert_int_equal(found, n);
}

/* Before 5.5 there was only one helper to read memory. */
static void helpers_of_old_kernels(void **state)
{
	static const char source[] =
		"static long (*const user)(void *, int, const void *) = (void *)112;\n"
		"static long (*const kernel)(void *, int, const void *) = (void *)113;\n"
		"static long (*const user_str)(void *, int, const void *) = (void *)114;\n"
		"static long (*const kernel_str)(void *, int, const void *) = (void *)115;\n"
		"static long (*const other)(void) = (void *)14;\n"
		"SEC(\"tp/a/b\") int f(void *ctx) { long v[2]; other(); user(v, 8, ctx);\n"
		"	kernel(v, 8, ctx); user_str(v, 8, ctx); kernel_str(v, 8, ctx); return 0; }";
	static const struct {
		const char *release;
		int32_t calls[5];
	} cases[] = {{"5.4.9", {14, 4, 4, 45, 45}}, {"5.5.0", {14, 112, 113, 114, 115}}};
	for (size_t i = 0; i < 2; i++) {
		struct planned t;
		int32_t calls[5];
		make(&t, source, *(bool *)*state, cases[i].release, &(struct plan_options){0});
		if (!t.ok)
			fail_msg("%s", t.e.text);
		helpers_of(&t, calls, 5);
		assert_memory_equal(calls, cases[i].calls, sizeof calls);
		done(&t);
	}
}

/* SEC("tp") alone gives the program type but no target. */
static void programs_without_target(void **state)
{
	struct planned t;
	bool order = *(bool *)*state;
	make(&t, PROG("tp", "return 0;"), order, NULL, &(struct plan_options){0});
	assert_false(t.ok);
	assert_string_equal(
		t.e.text, "dir/x.bpf.o: program 'f' (tp): attach: requires a target to attach to");
	done(&t);
	make(&t, PROG("tp", "return 0;"), order, NULL, &(struct plan_options){.load_only = true});
	assert_true(t.ok);
	for (size_t i = 0; i < t.p.n_steps; i++)
		assert_string_not_equal(t.p.steps[i].doing, "attach");
	find(&t.p, 0, "program 'f' (tp)", "load");
	done(&t);
}

/* ---- plan_set_variable ---- */

static const char variables[] =
	"enum color { RED, GREEN = 7 }; typedef unsigned short u16t;\n"
	"const volatile int param = 3; const volatile u16t small; volatile _Bool flag;\n"
	"volatile enum color color; char name[8] = \"old\"; volatile unsigned char byte = 1;\n"
	"volatile long long wide; volatile signed char tiny; int numbers[3]; static volatile int "
	"own;\n"
	"struct { int a; } st;\n"
	"SEC(\"tp/a/b\") int f(void *ctx) { return param + small + flag + color + name[0] + byte\n"
	"	+ wide + tiny + numbers[1] + own++ + st.a; }\n";

/* The initial value of a variable. */
static const uint8_t *value(const struct plan *p, const char *name)
{
	struct arena a = {0};
	struct err e = {0};
	struct btf b;
	assert_true(btf_open(&b, p->btf, NULL, &a, &e));
	const uint8_t *found = NULL;
	for (size_t m = 0; m < p->n_maps; m++) {
		struct btf_type sec, var;
		if (p->maps[m].init == PLAN_NONE || !btf_type(&b, p->maps[m].value_type, &sec))
			continue;
		for (uint32_t i = 0; i < sec.vlen; i++)
			if (btf_type(&b, btf_secinfo(&sec, i).type, &var) &&
				!strcmp(btf_name(&var), name))
				found = p->blobs[p->maps[m].init].bytes +
				        btf_secinfo(&sec, i).offset;
	}
	arena_free(&a);
	assert_non_null(found);
	return found;
}

static void sets_variables(void **state)
{
	static const struct {
		const char *assignment, *name;
		unsigned size;
		uint64_t value;
	} cases[] = {{"param=42", "param", 4, 42}, {"param=-1", "param", 4, 0xffffffff},
		{"param=0x7fffffff", "param", 4, 0x7fffffff},
		{"param=-2147483648", "param", 4, 0x80000000}, {"small=65535", "small", 2, 65535},
		{"flag=true", "flag", 1, 1}, {"flag=false", "flag", 1, 0}, {"flag=1", "flag", 1, 1},
		{"color=GREEN", "color", 4, 7}, {"color=2", "color", 4, 2},
		{"byte=255", "byte", 1, 255}, {"wide=-9223372036854775808", "wide", 8, 1ull << 63},
		{"wide=9223372036854775807", "wide", 8, INT64_MAX}, {"tiny=-128", "tiny", 1, 128},
		{"own=6", "own", 4, 6}};
	struct planned t;
	must_make(&t, variables, *(bool *)*state);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (!plan_set_variable(&t.p, cases[i].assignment, &t.e))
			fail_msg("%s", t.e.text);
		assert_true(bytes_get(value(&t.p, cases[i].name), cases[i].size, t.p.big) ==
			    cases[i].value);
	}
	assert_true(plan_set_variable(&t.p, "name=new", &t.e));
	assert_memory_equal(value(&t.p, "name"), "new\0\0\0\0", 8);
	assert_true(plan_set_variable(&t.p, "name=1234567", &t.e));
	assert_memory_equal(value(&t.p, "name"), "1234567", 8);
	assert_true(plan_set_variable(&t.p, "name=", &t.e));
	assert_memory_equal(value(&t.p, "name"), "\0\0\0\0\0\0\0", 8);
	done(&t);
}

/* Static variables of several files, which BTF alone cannot tell apart, and those of an arena. */
static void selects_variables(void **state)
{
	static const char source[] =
		"struct { __uint(type, 33); __uint(map_flags, 1 << 10); __uint(max_entries, 10); "
		"}\n"
		"	ar SEC(\".maps\");\n"
		"struct pair { int a; int b[2]; };\n"
		"int first SEC(\".addr_space.1\") = 42; int second SEC(\".addr_space.1\") = 43;\n"
		"volatile int twin = 1; volatile int twim __asm__(\"twin.1\") = 2;\n"
		"volatile struct pair cfg; static volatile const int only = 3;\n"
		"SEC(\"raw_tp/a\") int f(int *c) { return second + twin + twim + cfg.a + only; }\n";
	struct planned t;
	must_make(&t, source, *(bool *)*state);
	assert_true(plan_set_variable(&t.p, "second=7", &t.e));
	assert_int_equal(bytes_get(value(&t.p, "second"), 4, t.p.big), 7);
	assert_int_equal(bytes_get(value(&t.p, "first"), 4, t.p.big), 42);
	assert_true(plan_set_variable(&t.p, "cfg.b[1]=-1", &t.e));
	assert_int_equal(bytes_get(value(&t.p, "cfg") + 8, 4, t.p.big), 0xffffffff);
	assert_true(plan_set_variable(&t.p, ".bss:cfg.a=6", &t.e));
	assert_true(plan_set_variable(&t.p, ".bss+0:cfg=b[0]=5", &t.e));
	assert_int_equal(bytes_get(value(&t.p, "cfg"), 4, t.p.big), 6);
	assert_int_equal(bytes_get(value(&t.p, "cfg") + 4, 4, t.p.big), 5);
	assert_false(plan_set_variable(&t.p, ".data:cfg.a=6", &t.e));
	assert_non_null(strstr(t.e.text, "there is no variable '.data:cfg'"));
	done(&t);
}

static void refuses_values(void **state)
{
	static const struct {
		const char *assignment, *says;
	} cases[] = {{"param", "'param' is not VAR=VALUE"}, {"=3", "'=3' is not VAR=VALUE"},
		{"nobody=3", "dir/x.bpf.o: there is no variable 'nobody'"},
		{"para=3", "dir/x.bpf.o: there is no variable 'para'"},
		{"param=", "variable 'param' expects a number, got ''"},
		{"param=x", "expects a number, got 'x'"},
		{"param=3x", "expects a number, got '3x'"},
		{"param= 3", "expects a number, got ' 3'"},
		{"param=2147483648", "variable 'param': 2147483648 is out of range "
				     "(-2147483648 to 2147483647)"},
		{"param=-2147483649", "variable 'param': -2147483649 is out of range"},
		{"small=65536", "variable 'small': 65536 is out of range (0 to 65535)"},
		{"small=-1", "variable 'small': -1 is out of range (0 to 65535)"},
		{"flag=2", "variable 'flag': 2 is out of range (0 to 1)"},
		{"color=BLUE", "variable 'color': enum color has no 'BLUE'"},
		{"name=12345678", "variable 'name': '12345678' is too long (at most 7 characters)"},
		{"numbers=1", "variable 'numbers' expects 3 elements"},
		{"wide=9223372036854775808", "out of range"},
		{"wide=99999999999999999999", "out of range"},
		{"tiny=128", "variable 'tiny': 128 is out of range (-128 to 127)"},
		{"st=1", "variable 'st' is a struct and expects MEMBER=VALUE"}};
	struct planned t;
	must_make(&t, variables, *(bool *)*state);
	char *before = text_of_plan(&t.p);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = {0};
		if (plan_set_variable(&t.p, cases[i].assignment, &e) ||
			!strstr(e.text, cases[i].says))
			fail_msg("%s: '%s'", cases[i].assignment, e.text);
		if (strstr(e.text, "there is no variable"))
			assert_non_null(strstr(e.hint, "param"));
	}
	char *after = text_of_plan(&t.p);
	assert_string_equal(before, after);
	free(before);
	free(after);
	done(&t);
}

/* A note for the user is that of one step: the fallback has another one. */
static void notes_of_fallbacks(void **state)
{
	struct arena a = {0};
	struct err e = {0};
	struct plan p = {.arena = &a, .path = "x"};
	struct plan_builder b = {.plan = &p, .e = &e};
	const struct plan_step like = {.who = "w", .doing = "d", .prog = PLAN_NONE};
	(void)state;
	int16_t step = plan_add_step(&b, STEP_BPF, BPF_MAP_CREATE, PLAN_NONE, &like);
	plan_step_at(&b, step)->flags |= STEP_NOTICE | STEP_MEMLOCK;
	int16_t other = plan_add_fallback(&b, step, "why", (uint16_t[PLAN_ERRS]){EINVAL});
	assert_int_equal(plan_step_at(&b, step)->flags, STEP_NOTICE | STEP_MEMLOCK);
	assert_int_equal(plan_step_at(&b, other)->flags, STEP_MEMLOCK);
	assert_string_equal(plan_step_at(&b, other)->note, "why");
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_of_fallbacks),
		cmocka_unit_test(plans_of_all_objects),
		cmocka_unit_test(damaged_plans_are_refused),
		cmocka_unit_test(arguments_of_steps),
		BOTH(programs_are_chosen),
		cmocka_unit_test(refusals),
		BOTH(sizes_that_the_machine_decides),
		BOTH(maps_of_stacks),
		BOTH(maps_of_a_plan),
		BOTH(programs_of_a_plan),
		BOTH(kernel_version_of_kprobes),
		BOTH(helpers_of_old_kernels),
		BOTH(programs_without_target),
		BOTH(sets_variables),
		BOTH(selects_variables),
		BOTH(refuses_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
