/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Damaged objects, from bytes to plan: truncated at every length, with any one byte changed, with
 * many bytes changed. Nothing may be accessed out of bounds (the sanitizers check), and every error
 * is one sentence that begins with the path. tests/fuzz covers more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "loader/plan/save.h"
#include "btf_build.h"
#include "objects.h"
#include "sampled.h"
#include "loader/plan/check.h"

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* It has CO-RE, calls, maps, data, formats and a subprogram. */
static const char rich[] =
	"struct task_struct { int pid; struct { long x; } deep; }\n"
	"	__attribute__((preserve_access_index));\n"
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 10);\n"
	"	 __type(key, int); __type(value, long); } m SEC(\".maps\");\n"
	"int counter = 1; const volatile int param = 5; long zero;\n"
	"__attribute__((noinline)) int sub(struct task_struct *t) { return t->deep.x + t->pid; }\n"
	"SEC(\"tp/a/b\") int f(void *ctx) { int k = 0; zero++;\n"
	"	bpf_printk(\"value %d\", param); bpf_map_delete_elem(&m, &k); return counter; }\n"
	"SEC(\"kprobe/sys_x\") int g(struct task_struct *t) { return sub(t) + sub(t + 1); }\n";

/* An undamaged object, with its own types as the kernel's. */
struct sound {
	struct span bytes;
	struct btf kernel;
	struct arena arena;
};

static void sound(struct sound *s, bool order)
{
	struct elf elf;
	struct err e = {0};
	*s = (struct sound){.bytes = object_compile(rich, order, "-g")};
	assert_true(elf_open(&elf, s->bytes, &s->arena, &e));
	uint32_t i = elf_find(&elf, ".BTF");
	assert_true(btf_open(&s->kernel, elf.sections[i].data, NULL, &s->arena, &e));
	assert_true(s->kernel.end > 10);
}

static void done(struct sound *s)
{
	free((void *)(uintptr_t)s->bytes.p);
	arena_free(&s->arena);
}

/* From bytes to plan; true if planning succeeded. */
static bool survives(const uint8_t *bytes, size_t n, const struct btf *kernel)
{
	struct arena a = {0};
	struct err e = {0};
	struct plan p;
	uint8_t *copy = malloc(n + !n);
	memcpy(copy, bytes, n);
	bool ok = object_plan(&p, (struct span){copy, n, false}, kernel, &a, &e);
	free(copy);
	if (ok && e.set)
		fail_msg("a plan and an error: %s", e.text);
	if (!ok && (!e.set || strncmp(e.text, "dir/x.bpf.o: ", 13) || strchr(e.text, '\n')))
		fail_msg("'%s'", e.text);
	if (ok)
		assert_true(plan_check_saved(&p, &e) && plan_save(&p, &a, &e).n > 0);
	arena_free(&a);
	return ok;
}

static void every_truncation_is_refused(void **state)
{
	struct sound s;
	sound(&s, *(bool *)*state);
	for (size_t n = 0; n < s.bytes.n; n += every(31))
		if (survives(s.bytes.p, n, &s.kernel))
			fail_msg("cut to %zu of %zu bytes, it is taken", n, s.bytes.n);
	assert_true(survives(s.bytes.p, s.bytes.n, &s.kernel));
	done(&s);
}

static void every_flipped_byte_is_survived(void **state)
{
	static const uint8_t flips[] = {0xff, 0x01, 0x80, 0x10};
	struct sound s;
	size_t taken = 0;
	sound(&s, *(bool *)*state);
	uint8_t *p = malloc(s.bytes.n);
	memcpy(p, s.bytes.p, s.bytes.n);
	for (size_t i = 0; i < s.bytes.n; i += every(31)) {
		p[i] ^= flips[i % 4];
		taken += survives(p, s.bytes.n, &s.kernel);
		p[i] = s.bytes.p[i];
	}
	free(p);
	assert_in_range(taken * every(31), s.bytes.n / 4, s.bytes.n - 200);
	done(&s);
}

static void random_damage_is_survived(void **state)
{
	struct sound s;
	uint64_t random = 7;
	size_t taken = 0;
	sound(&s, *(bool *)*state);
	uint8_t *p = malloc(s.bytes.n);
	for (int round = 0; round < 2000; round += every(31)) {
		memcpy(p, s.bytes.p, s.bytes.n);
		for (uint32_t n = 1 + bb_random(&random) % 16; n; n--)
			p[bb_random(&random) % s.bytes.n] = (uint8_t)bb_random(&random);
		taken += survives(p, s.bytes.n, &s.kernel);
	}
	free(p);
	assert_in_range(taken, 1, 1999);
	done(&s);
}

/* The same with the kernel's types, which also come from a file. */
static void damaged_kernel_types_are_survived(void **state)
{
	struct sound s;
	uint64_t random = 11;
	sound(&s, *(bool *)*state);
	struct span types = s.kernel.data;
	for (int round = 0; round < 2000; round += every(31)) {
		struct arena a = {0};
		struct err e = {0};
		struct btf kernel;
		uint8_t *p = malloc(types.n);
		memcpy(p, types.p, types.n);
		for (uint32_t n = 1 + bb_random(&random) % 4; n; n--)
			p[24 + bb_random(&random) % (types.n - 24)] = (uint8_t)bb_random(&random);
		struct span damaged = {p, types.n, types.big};
		if (btf_open(&kernel, damaged, NULL, &a, &e))
			survives(s.bytes.p, s.bytes.n, &kernel);
		else
			assert_true(*e.text);
		free(p);
		arena_free(&a);
	}
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(every_truncation_is_refused),
		BOTH(every_flipped_byte_is_survived),
		BOTH(random_damage_is_survived),
		BOTH(damaged_kernel_types_are_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
