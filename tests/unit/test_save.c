/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Saved plans: a plan is read back as it was written, and any other file is rejected with one
 * sentence or harmless. Damaged plans are printed and saved here, never run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "loader/kernel/exec.h"
#include "loader/plan/save.h"
#include "btf_build.h"
#include "objects.h"
#include "sampled.h"
#include "loader/plan/check.h"
#include "loader/plan/variable.h"

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* It has everything a plan can contain: types, maps, data, formats, poison, fallbacks. */
static const char rich[] =
	"struct task_struct { int pid; int gone; } __attribute__((preserve_access_index));\n"
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 10);\n"
	"	 __type(key, int); __type(value, long); } m SEC(\".maps\");\n"
	"int counter = 1; const volatile int param = 5;\n"
	"SEC(\"tp/a/b\") int f(void *ctx) { int k = 0;\n"
	"	bpf_printk(\"value %d\", param); bpf_map_delete_elem(&m, &k); return counter; }\n"
	"SEC(\"kprobe/sys_x\") int g(struct task_struct *t) { return t->gone + t->pid; }\n";

struct made {
	struct span bytes;
	struct arena arena;
	struct bb kernel;
	struct plan p;
	struct err e;
};

static void make(struct made *t, bool order)
{
	struct btf kernel;
	*t = (struct made){.bytes = object_compile(rich, order, "-g")};
	bb_init(&t->kernel, order);
	uint32_t i = bb_int(&t->kernel, "int", 4, BTF_INT_SIGNED);
	bb_struct(&t->kernel, "task_struct", 1000);
	bb_member(&t->kernel, "pid", i, 400 * 8);
	bb_open(&t->kernel, NULL, &kernel);
	if (!object_plan(&t->p, t->bytes, &kernel, &t->arena, &t->e))
		fail_msg("%s", t->e.text);
	assert_int_equal(t->p.progs[0].n_formats, 1);
	assert_int_equal(t->p.progs[1].n_poison, 1);
	assert_string_equal(t->p.release, "6.1.0-test");
}

static void done(struct made *t)
{
	free((void *)(uintptr_t)t->bytes.p);
	bb_free(&t->kernel);
	arena_free(&t->arena);
}

static void text_is_the_same(const struct plan *a, const struct plan *b)
{
	char *x = text_of_plan(a), *y = text_of_plan(b);
	assert_string_equal(x, y);
	free(x);
	free(y);
}

static void same_string(const char *a, const char *b)
{
	assert_string_equal(a, b);
	assert_ptr_not_equal(a, b);
}

/* Compares everything that the text does not show. */
static void same_facts(const struct plan *a, const struct plan *b)
{
	same_string(a->name, b->name);
	assert_string_equal(a->release, b->release);
	assert_string_equal(a->machine, b->machine);
	assert_int_equal(a->big, b->big);
	assert_int_equal(a->btf.n, b->btf.n);
	assert_int_equal(a->btf.big, b->btf.big);
	assert_memory_equal(a->btf.p, b->btf.p, a->btf.n);
	assert_int_equal(a->n_steps, b->n_steps);
	for (size_t i = 0; i < a->n_steps; i++) {
		const struct plan_step *s = &a->steps[i], *t = &b->steps[i];
		assert_int_equal(s->op, t->op);
		assert_int_equal(s->flags, t->flags);
		assert_int_equal(s->prog, t->prog);
		assert_int_equal(s->fallback_for, t->fallback_for);
		assert_memory_equal(s->errs, t->errs, sizeof s->errs);
		assert_string_equal(s->hint, t->hint);
	}
	assert_int_equal(a->n_maps, b->n_maps);
	for (size_t i = 0; i < a->n_maps; i++) {
		const struct plan_map *m = &a->maps[i], *n = &b->maps[i];
		same_string(m->name, n->name);
		assert_int_equal(m->slot, n->slot);
		assert_int_equal(m->init, n->init);
		assert_int_equal(m->map_type, n->map_type);
		assert_int_equal(m->key_size, n->key_size);
		assert_int_equal(m->value_size, n->value_size);
		assert_int_equal(m->max_entries, n->max_entries);
		assert_int_equal(m->map_flags, n->map_flags);
		assert_int_equal(m->key_type, n->key_type);
		assert_int_equal(m->value_type, n->value_type);
		assert_int_equal(m->event_type, n->event_type);
		assert_int_equal(m->data, n->data);
		assert_int_equal(m->frozen, n->frozen);
	}
	assert_int_equal(a->n_progs, b->n_progs);
	for (size_t i = 0; i < a->n_progs; i++) {
		const struct plan_prog *p = &a->progs[i], *q = &b->progs[i];
		same_string(p->name, q->name);
		same_string(p->sec, q->sec);
		assert_int_equal(p->prog_type, q->prog_type);
		assert_int_equal(p->slot, q->slot);
		assert_int_equal(p->insns, q->insns);
		assert_int_equal(p->prints, q->prints);
		assert_int_equal(p->unknown_format, q->unknown_format);
		assert_int_equal(p->n_formats, q->n_formats);
		for (size_t k = 0; k < p->n_formats; k++)
			same_string(p->formats[k], q->formats[k]);
		assert_int_equal(p->n_poison, q->n_poison);
		for (size_t k = 0; k < p->n_poison; k++) {
			assert_int_equal(p->poison[k].insn, q->poison[k].insn);
			same_string(p->poison[k].what, q->poison[k].what);
			same_string(p->poison[k].why, q->poison[k].why);
		}
	}
}

static void goes_round(const struct plan *p)
{
	struct arena a = {0}, b = {0};
	struct err e = {0};
	struct plan q;
	struct span file = plan_save(p, &a, &e);
	assert_true(plan_is_saved(file));
	if (!plan_load(&q, "file.plan", file, &b, &e))
		fail_msg("%s", e.text);
	assert_string_equal(q.path, "file.plan");
	text_is_the_same(p, &q);
	same_facts(p, &q);
	/* Saving it again yields the same bytes. */
	struct span again = plan_save(&q, &b, &e);
	assert_int_equal(file.n, again.n);
	assert_memory_equal(file.p, again.p, file.n);
	/* It contains no pointers into the file. */
	memset((void *)(uintptr_t)file.p, 0xff, file.n);
	text_is_the_same(p, &q);
	same_facts(p, &q);
	arena_free(&a);
	arena_free(&b);
}

static void plans_go_round(void **state)
{
	struct made t;
	make(&t, *(bool *)*state);
	goes_round(&t.p);
	done(&t);
}

static void plans_of_all_objects_go_round(void **state)
{
	(void)state;
	char **paths = objects_built();
	unsigned n = 0;
	for (size_t i = 0; paths[i]; i++) {
		struct arena a = {0};
		struct err e = {0};
		struct plan p;
		if (i % every(8))
			continue;
		struct span bytes = object_read(paths[i]);
		if (object_plan_own(&p, bytes, &a, &e)) {
			goes_round(&p);
			n++;
		}
		free((void *)(uintptr_t)bytes.p);
		arena_free(&a);
	}
	objects_free(paths);
	assert_true(n >= 20);
}

/* A plan from a machine of the other byte order: every number in the file is swapped. The blobs
 * inside are for one kernel and stay unchanged. */
static void other_machines_can_write_it(void **state)
{
	struct made t;
	make(&t, *(bool *)*state);
	struct span file = plan_save(&t.p, &t.arena, &t.e);
	size_t mark = strlen("sonde plan 4\n");
	uint8_t *p = arena_copy(&t.arena, file.p, file.n);
	assert_int_equal(bytes_get(p + mark, 2, host_is_big()), 0x1234);
	struct plan q;
	struct arena a = {0};
	/* If only the magic is swapped, the numbers are implausible, which is detected. */
	bytes_put(p + mark, 2, !host_is_big(), 0x1234);
	assert_false(plan_load(&q, "x", (struct span){p, file.n, false}, &a, &t.e));
	assert_string_equal(t.e.text, "x: damaged plan: truncated");
	arena_free(&a);
	done(&t);
}

static void is_it_a_plan(void **state)
{
	(void)state;
	static const char *const no[] = {"", "s", "sonde plan",
		("\x7f"
		 "ELF"),
		"Sonde plan 2\n"};
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_false(
			plan_is_saved((struct span){(const uint8_t *)no[i], strlen(no[i]), false}));
	static const char yes[] = "sonde plan 7\n", other[] = "sonde plan 2\n";
	struct span s = {(const uint8_t *)yes, sizeof yes - 1, false};
	assert_true(plan_is_saved(s));
	/* But it is empty. */
	struct plan p;
	struct arena a = {0};
	struct err e = {0};
	assert_false(plan_load(&p, "x", s, &a, &e));
	assert_string_equal(e.text, "x: damaged plan: no byte order mark");
	/* An older version. */
	s = (struct span){(const uint8_t *)other, sizeof other - 1, false};
	e = (struct err){0};
	assert_true(plan_is_saved(s));
	assert_false(plan_load(&p, "x", s, &a, &e));
	assert_string_equal(e.text, "x: saved by another version of sonde");
	arena_free(&a);
}

/* ---- damage ---- */

/* A copy of exact size, for the sanitizer. It is rejected with one sentence that begins with the
 * path, or can be used for everything except running it. */
static bool survives(const uint8_t *bytes, size_t n, bool print)
{
	struct arena a = {0};
	struct err e = {0};
	struct plan p;
	uint8_t *copy = malloc(n + !n);
	memcpy(copy, bytes, n);
	struct span file = {copy, n, false};
	bool ok = plan_is_saved(file) && plan_load(&p, "x", file, &a, &e);
	free(copy);
	if (ok) {
		char *text = print ? text_of_plan(&p) : NULL;
		assert_true(!print || strlen(text) > 100);
		free(text);
		assert_true(plan_check(&p, &e));
		plan_set_variable(&p, "param=3", &e);
		plan_set_variable(&p, "nobody=3", &e);
		assert_true(plan_save(&p, &a, &(struct err){0}).n > 0);
	} else if (plan_is_saved((struct span){bytes, n, false})) {
		assert_true(e.set);
		bool other = !strcmp(e.text, "x: saved by another version of sonde");
		if ((!other && strncmp(e.text, "x: damaged plan: ", 17)) || strchr(e.text, '\n'))
			fail_msg("'%s'", e.text);
	}
	arena_free(&a);
	return ok;
}

static void every_truncation_is_refused(void **state)
{
	struct made t;
	make(&t, *(bool *)*state);
	struct span file = plan_save(&t.p, &t.arena, &t.e);
	for (size_t n = 0; n < file.n; n += every(31))
		if (survives(file.p, n, true))
			fail_msg("cut to %zu of %zu bytes, it is taken", n, file.n);
	uint8_t *longer = calloc(1, file.n + 1);
	memcpy(longer, file.p, file.n);
	assert_true(survives(longer, file.n, true));
	assert_false(survives(longer, file.n + 1, true));
	free(longer);
	done(&t);
}

static void every_flipped_byte_is_survived(void **state)
{
	static const uint8_t flips[] = {0x01, 0x80, 0xff};
	struct made t;
	make(&t, *(bool *)*state);
	struct span file = plan_save(&t.p, &t.arena, &t.e);
	uint8_t *p = arena_copy(&t.arena, file.p, file.n);
	size_t taken = 0;
	for (size_t i = 0; i < file.n; i += every(31)) {
		p[i] ^= flips[i % 3];
		taken += survives(p, file.n, i % 32 == 0); /* printing is slow */
		p[i] ^= flips[i % 3];
	}
	assert_true(survives(p, file.n, true));
	/* Most of a plan is code and types, in which any byte is valid. */
	assert_in_range(taken * every(31), file.n / 4, file.n - 100);
	done(&t);
}

static void random_damage_is_survived(void **state)
{
	struct made t;
	uint64_t random = 42;
	make(&t, *(bool *)*state);
	struct span file = plan_save(&t.p, &t.arena, &t.e);
	uint8_t *p = malloc(file.n);
	for (int round = 0; round < 300; round += every(10)) {
		memcpy(p, file.p, file.n);
		for (uint32_t n = 1 + bb_random(&random) % 8; n; n--)
			p[bb_random(&random) % file.n] = (uint8_t)bb_random(&random);
		survives(p, file.n, true);
	}
	free(p);
	done(&t);
}

/* ---- running it ---- */

static void load_only(struct plan *p)
{
	size_t n = p->n_steps;
	while (n && strcmp(p->steps[n - 1].doing, "load") != 0)
		n--;
	p->n_steps = n;
}

struct log {
	size_t n;
	struct {
		size_t step;
		bool ok;
	} made[256];
};

static void note_step(void *ctx, const struct exec *x, size_t step, long result)
{
	struct log *log = ctx;
	(void)x;
	assert_true(log->n < 256);
	log->made[log->n].step = step;
	log->made[log->n++].ok = result >= 0;
}

/* Loads without attaching. False if bpf(2) is not permitted. */
static bool run(struct plan *p, struct log *log)
{
	struct arena a = {0};
	struct kfs k = {0};
	struct exec x;
	struct err e = {0};
	const char *verifier;
	struct exec_report report = {.step = note_step, .ctx = log};
	load_only(p);
	bool ok = exec_run(&x, p, &a, &k, NULL, &report, &verifier, &e);
	if (ok)
		exec_close(&x, &e);
	else if (e.no != 1)
		fail_msg("%s", e.text);
	arena_free(&a);
	return ok;
}

static void a_saved_plan_runs_without_its_object(void **state)
{
	(void)state;
	static const char source[] =
		"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 10);\n"
		"	 __type(key, int); __type(value, long); } m SEC(\".maps\");\n"
		"int counter = 1; const volatile int param = 5;\n"
		"SEC(\"tp/a/b\") int f(void *ctx) { int k = 0;\n"
		"	bpf_printk(\"value %d\", param); bpf_map_delete_elem(&m, &k);\n"
		"	return counter; }\n";
	struct arena a = {0}, b = {0};
	struct err e = {0};
	struct plan p, q;
	static struct log direct, saved;
	struct span bytes = object_compile(source, host_is_big(), "-g");
	if (!object_plan(&p, bytes, NULL, &a, &e))
		fail_msg("%s", e.text);
	free((void *)(uintptr_t)bytes.p);
	struct span file = plan_save(&p, &a, &e);
	assert_true(plan_load(&q, "x", file, &b, &e));
	if (!run(&p, &direct)) {
		arena_free(&a);
		arena_free(&b);
		print_message("# SKIP bpf(2) is not permitted here\n");
		skip();
	}
	arena_free(&a);
	assert_true(run(&q, &saved));
	assert_true(direct.n >= 6);
	assert_int_equal(direct.n, saved.n);
	assert_memory_equal(&direct, &saved, sizeof direct);
	arena_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(plans_go_round),
		cmocka_unit_test(plans_of_all_objects_go_round),
		BOTH(other_machines_can_write_it),
		cmocka_unit_test(is_it_a_plan),
		BOTH(every_truncation_is_refused),
		BOTH(every_flipped_byte_is_survived),
		BOTH(random_damage_is_survived),
		cmocka_unit_test(a_saved_plan_runs_without_its_object),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
