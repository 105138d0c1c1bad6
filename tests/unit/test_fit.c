/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Repeating the steps for each CPU. Sizes of maps: test_plan.c. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "loader/plan/abi.h"
#include "loader/plan/builder.h"
#include "loader/plan/check.h"
#include "loader/plan/fit.h"
#include "loader/plan/save.h"

/*
 * 0 create map; 1 to 4 for each CPU: open, open another, link, ioctl; 5 a fallback for 0; 6 open on any
 * CPU; 7 a comparison with the map of step 0; 8 undoes 6.
 */
struct made {
	struct arena a;
	struct plan p;
	struct plan_builder b;
	struct err e;
	int16_t map, event, link, other;
};

static int16_t add(struct made *t, enum step_op op, uint32_t cmd, int16_t slot)
{
	const struct plan_step like = {.who = "program 'f'", .doing = "sample", .prog = PLAN_NONE};
	return plan_add_step(&t->b, op, cmd, slot, &like);
}

static int16_t add_open(struct made *t, int16_t slot)
{
	int16_t step = add(t, STEP_PERF_OPEN, 0, slot);
	struct plan_arg *args = plan_step_at(&t->b, step)->args;
	args[1].value = PLAN_CPU;
	args[2].value = -1;
	args[3].value = PERF_FLAG_FD_CLOEXEC;
	attr_set(&t->b, step, PERF(kprobe_func), 0);
	attr_set(&t->b, step, PERF(size), 64);
	return step;
}

static void make(struct made *t)
{
	*t = (struct made){.p = {.arena = &t->a, .path = "p", .name = "p"}};
	t->b = (struct plan_builder){.plan = &t->p, .e = &t->e};
	t->map = plan_add_slot(&t->b, SLOT_MAP, "map");
	t->event = plan_add_slot(&t->b, SLOT_PERF, "event");
	t->link = plan_add_slot(&t->b, SLOT_LINK, "f");
	t->other = plan_add_slot(&t->b, SLOT_PERF, "other");
	attr_set(
		&t->b, add(t, STEP_BPF, BPF_MAP_CREATE, t->map), ATTR(map_type), BPF_MAP_TYPE_HASH);
	int16_t open = add_open(t, t->event);
	plan_add_fallback(&t->b, open, "other", (uint16_t[PLAN_ERRS]){ENOENT});
	plan_step_at(&t->b, open + 1)->flags |= STEP_NOTICE;
	attr_slot(&t->b, add(t, STEP_BPF, BPF_LINK_CREATE, t->link), ATTR(link_create.target_fd),
		t->event);
	plan_step_at(&t->b, add(t, STEP_IOCTL, PERF_EVENT_IOC_ENABLE, PLAN_NONE))->args[0].slot =
		t->event;
	for (int i = 1; i <= 4; i++)
		plan_step_at(&t->b, (int16_t)i)->flags |= STEP_EACH_CPU;
	plan_add_fallback(&t->b, 0, "again", (uint16_t[PLAN_ERRS]){EINVAL});
	int16_t any = add_open(t, t->other);
	int16_t same = add(t, STEP_SAME, 0, PLAN_NONE);
	plan_step_at(&t->b, same)->args[0].slot = t->map;
	plan_step_at(&t->b, same)->args[1].value = 5;
	int16_t undo = plan_add_undo(&t->b, STEP_IOCTL, PERF_EVENT_IOC_ENABLE, any);
	plan_step_at(&t->b, undo)->args[0].slot = t->other;
	assert_false(t->b.failed);
}

static void fit(struct made *t, const unsigned *cpus, size_t n)
{
	const struct machine m = {cpus, n, *cpus, 8, 4096};
	assert_true(plan_fit(&t->p, &m, &t->e));
	assert_true(plan_check_saved(&t->p, &t->e));
}

static void done(struct made *t)
{
	arena_free(&t->a);
}

static void repeats_for_each_cpu(void **state)
{
	static const unsigned cpus[] = {1, 3, 6};
	struct made t;
	(void)state;
	make(&t);
	assert_int_equal(plan_fit_needs(&t.p), FIT_CPUS);
	fit(&t, cpus, 3);
	assert_int_equal(t.p.n_steps, 9 + 2 * 4);
	assert_int_equal(t.p.n_slots, 4 + 2 * 2);
	for (size_t c = 0; c < 3; c++) {
		const struct plan_step *s = &t.p.steps[1 + 4 * c];
		char doing[20];
		snprintf(doing, sizeof doing, "sample CPU %u", cpus[c]);
		for (int i = 0; i < 4; i++) {
			assert_string_equal(s[i].doing, doing);
			assert_int_equal(s[i].flags & (STEP_EACH_CPU | STEP_ONE_CPU), STEP_ONE_CPU);
		}
		for (int i = 0; i < 2; i++) {
			assert_int_equal(s[i].op, STEP_PERF_OPEN);
			assert_int_equal(s[i].args[1].value, cpus[c]);
			assert_int_equal(s[i].tolerated[0], ENODEV);
		}
		assert_int_equal(s[1].fallback_for, 1 + 4 * c);
		assert_int_equal(s[1].flags & STEP_NOTICE, c ? 0 : STEP_NOTICE);
		assert_int_equal(s[0].slot == t.event, c == 0);
		assert_int_equal(s[1].slot, s[0].slot);
		assert_int_equal(s[2].slot == t.link, c == 0);
		assert_int_equal(t.p.slots[s[2].slot].kind, SLOT_LINK);
		assert_string_equal(t.p.slots[s[2].slot].name, "f");
		assert_int_equal(s[3].args[0].slot, s[0].slot);
		const struct plan_blob *attr = &t.p.blobs[s[2].attr];
		assert_int_equal(attr->n_patches, 1);
		assert_int_equal(attr->patches[0].index, s[0].slot);
	}
	done(&t);
}

static void later_steps_refer_to_the_same(void **state)
{
	static const unsigned cpus[] = {1, 3, 6};
	struct made t;
	(void)state;
	make(&t);
	fit(&t, cpus, 3);
	const struct plan_step *s = &t.p.steps[13];
	assert_int_equal(s[0].cmd, BPF_MAP_CREATE);
	assert_int_equal(s[0].fallback_for, 0);
	assert_int_equal(s[1].args[1].value, 1); /* any: the first one */
	assert_int_equal(s[2].op, STEP_SAME);
	assert_int_equal(s[2].args[1].value, 13);
	assert_int_equal(s[3].undoes, 14);
	done(&t);
}

/* As a plan from a file may have them. */
static void repeated_steps_refer_to_the_same(void **state)
{
	static const unsigned cpus[] = {1, 3, 6};
	struct made t;
	(void)state;
	make(&t);
	int16_t same = add(&t, STEP_SAME, 0, PLAN_NONE);
	struct plan_step *s = plan_step_at(&t.b, same);
	s->flags |= STEP_EACH_CPU;
	s->args[0].slot = t.map;
	s->args[1].value = 5;
	s->undoes = 6;
	fit(&t, cpus, 3);
	for (int c = 0; c < 3; c++) {
		assert_int_equal(t.p.steps[17 + c].args[1].value, 13);
		assert_int_equal(t.p.steps[17 + c].undoes, 14);
	}
	done(&t);
}

/* A plan from a file has no room for more slots and blobs than it has. */
static void fits_when_loaded(void **state)
{
	static const unsigned cpus[] = {0, 1, 2, 3, 4};
	struct made t, again = {0};
	(void)state;
	make(&t);
	for (int i = 0; i < 20; i++)
		plan_add_slot(&t.b, SLOT_NUMBER, "");
	struct span bytes = plan_save(&t.p, &t.a, &t.e);
	assert_true(plan_load(&again.p, "p", bytes, &again.a, &again.e));
	fit(&again, cpus, 5);
	assert_int_equal(again.p.n_steps, 9 + 4 * 4);
	assert_int_equal(again.p.n_slots, 24 + 2 * 4);
	done(&again);
	done(&t);
}

static void fits_once(void **state)
{
	static const unsigned cpus[] = {0, 1}, others[] = {4, 5, 6};
	struct made t;
	(void)state;
	make(&t);
	fit(&t, cpus, 2);
	size_t n = t.p.n_steps;
	assert_int_equal(plan_fit_needs(&t.p), 0);
	fit(&t, others, 3);
	assert_int_equal(t.p.n_steps, n);
	assert_int_equal(t.p.steps[1].args[1].value, 0);
	done(&t);
}

static void limits(void **state)
{
	static unsigned cpus[10000];
	const struct machine m = {cpus, 10000, 0, 10000, 4096};
	struct made t;
	(void)state;
	make(&t);
	assert_false(plan_fit(&t.p, &m, &t.e));
	assert_string_equal(t.e.text, "p: 40005 steps on 10000 CPUs: a plan is limited to 32767");
	done(&t);
	make(&t);
	t.p.page_size = 65536;
	assert_false(plan_fit(&t.p, &m, &t.e));
	assert_string_equal(t.e.text, "p: made for pages of 65536 bytes, this machine's have 4096");
	done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeats_for_each_cpu),
		cmocka_unit_test(later_steps_refer_to_the_same),
		cmocka_unit_test(repeated_steps_refer_to_the_same),
		cmocka_unit_test(fits_when_loaded),
		cmocka_unit_test(fits_once),
		cmocka_unit_test(limits),
	};
	return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
