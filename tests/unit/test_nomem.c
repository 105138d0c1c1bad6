/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Out of memory at every possible point: from bytes to plan, to file and back, and while the plan runs on a
 * simulated kernel, with the n-th allocation failing, for each n. The result must be the error for lack of
 * memory, and nothing may be left in the kernel.
 *
 * This test replaces the arena: every piece is a separate allocation, so that the sanitizer also
 * knows its exact bounds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "elf/records/records.h"
#include "loader/kernel/exec.h"
#include "loader/plan/save.h"
#include "objects.h"
#include "sampled.h"
#include "simulated.h"

/* A countdown of allocations; at 0 one fails, or all from then on. -1: none fails. */
static long left = -1;
static bool for_good;

struct arena_chunk {
	struct arena_chunk *next;
	void *piece;
};

static bool refused(void)
{
	if (left < 0)
		return false;
	if (left == 0)
		return for_good || left-- == 0;
	left--;
	return false;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_chunk *c = size > SIZE_MAX / 2 || refused() ? NULL : calloc(1, sizeof *c);
	if (!c) {
		a->full = true;
		return NULL;
	}
	c->piece = calloc(1, size ? size : 1);
	c->next = a->chunk;
	a->chunk = c;
	a->used += size;
	assert_non_null(c->piece);
	return c->piece;
}

void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size)
{
	if (items && count < *cap)
		return items;
	/* Grows by one element at a time, so that every growth can fail. */
	void *p = arena_array(a, count + 1, size);
	if (!p)
		return NULL;
	if (count)
		memcpy(p, items, count * size);
	*cap = count + 1;
	return p;
}

/* Everything is allocated, so that everything can fail. */
void arena_lend(struct arena *a, void *bytes, size_t size)
{
	(void)a;
	(void)bytes;
	(void)size;
}

void arena_free(struct arena *a)
{
	for (struct arena_chunk *c = a->chunk, *next; c; c = next) {
		next = c->next;
		free(c->piece);
		free(c);
	}
	*a = (struct arena){0};
}

/* ---- the tests ---- */

static const char rich[] =
	"struct task_struct { int pid; struct { long x; } deep; }\n"
	"	__attribute__((preserve_access_index));\n"
	"struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 5);\n"
	"	 __type(key, int); __type(value, long); };\n"
	"struct inner one SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(max_entries, 8);\n"
	"	 __uint(key_size, 4); __array(values, struct inner); } outer SEC(\".maps\") =\n"
	"	{ .values = { [1] = &one } };\n"
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 10);\n"
	"	 __type(key, int); __type(value, long); } m SEC(\".maps\");\n"
	"int counter = 1; const volatile int param = 5; long zero;\n"
	"__attribute__((noinline)) int sub(struct task_struct *t) { return t->deep.x + t->pid; }\n"
	"SEC(\"tp/a/b\") int f(void *ctx) { int k = 0; zero++;\n"
	"	bpf_printk(\"value %d\", param); bpf_map_delete_elem(&m, &k); return counter; }\n"
	"SEC(\"kprobe/sys_x\") int g(struct task_struct *t) { return sub(t) + sub(t + 1); }\n"
	"SEC(\"raw_tp/x\") int h(void *ctx) { return 0; }\n";

/* One attachment of each kind with a target from --on. */
static const char attached[] =
	"struct { __uint(type, BPF_MAP_TYPE_SOCKMAP); __uint(max_entries, 1);\n"
	"	 __type(key, int); __type(value, int); } sockets SEC(\".maps\");\n"
	"SEC(\"xdp\") int in(void *ctx) { return 2; }\n"
	"SEC(\"tc\") int out(void *ctx) { return 0; }\n"
	"SEC(\"action\") int act(void *ctx) { return 0; }\n"
	"SEC(\"netkit/peer\") int kit(void *ctx) { return 0; }\n"
	"SEC(\"netfilter\") int nf(void *ctx) { return 1; }\n"
	"SEC(\"cgroup/skb\") int group(void *ctx) { return 1; }\n"
	"SEC(\"socket\") int filter(void *ctx) { return 0; }\n"
	"SEC(\"flow_dissector\") int flow(void *ctx) { return 0; }\n"
	"SEC(\"sk_msg\") int msg(void *ctx) { return 1; }\n"
	"SEC(\"lirc_mode2\") int remote(void *ctx) { return 0; }\n"
	"SEC(\"perf_event\") int sample(void *ctx) { return 0; }\n";
static const char *const on[] = {"in=eth0:generic", "out=eth0:egress", "act=eth0", "kit=nk0",
	"nf=ipv4:input", "group=/a:egress", "filter=eth0", "flow=own", "msg=sockets",
	"remote=/dev/lirc0", "sample=cycles:9"};
static size_t n_on; /* all of them, for that object */

static bool run(struct plan *p, struct arena *a, struct err *e)
{
	struct exec x;
	struct kfs k = {0};
	const char *log;
	const struct exec_report report = {.calls = &simulated_calls};
	simulated_reset();
	bool ok = exec_run(&x, p, a, &k, NULL, &report, &log, e) && exec_close(&x, e);
	assert_true(simulated_is_clean(0));
	return ok;
}

/* The whole path, with the n-th allocation failing. Stores the error in *e, or the text of the
 * resulting plan in *text. */
static bool whole_way(
	struct span bytes, const struct btf *kernel, long n, char **text, struct err *e)
{
	struct arena a = {0}, b = {0};
	struct plan p, q;
	struct span file = {0};
	left = n;
	const struct plan_options opt = {
		.target_args = on, .n_target_args = n_on, .records = &record_finder};
	struct target t;
	object_target(&t, bytes.p[5] == 2, kernel, &a);
	bool ok = plan_object(&p, "dir/x.bpf.o", bytes, &opt, &t, &a, e);
	if (ok)
		file = plan_save(&p, &a, e);
	ok = ok && file.n && plan_load(&q, "dir/x.bpf.o", file, &b, e) && run(&q, &b, e);
	left = n < 0 ? -1 : left;
	*text = ok ? text_of_plan(&q) : NULL;
	arena_free(&a);
	arena_free(&b);
	return ok;
}

static void kernel_types(struct span bytes, struct btf *kernel, struct arena *a)
{
	struct elf elf;
	struct err e = {0};
	assert_true(elf_open(&elf, bytes, a, &e));
	struct span types = elf.sections[elf_find(&elf, ".BTF")].data;
	assert_true(btf_open(kernel, types, NULL, a, &e));
}

static void without(const char *source, bool all_from_then_on)
{
	struct span bytes = object_compile(source, host_is_big(), "-g");
	struct arena a = {0};
	struct btf kernel;
	struct err e = {0};
	char *want, *text;
	long n = 0;
	for_good = all_from_then_on;
	n_on = source == attached ? sizeof on / sizeof *on : 0;
	kernel_types(bytes, &kernel, &a);
	if (!whole_way(bytes, &kernel, -1, &want, &e))
		fail_msg("%s", e.text);
	for (; !whole_way(bytes, &kernel, n, &text, &e); n += every(37)) {
		static const char says[] = "out of memory";
		size_t len = strlen(e.text);
		if (len < sizeof says || strcmp(e.text + len + 1 - sizeof says, says) ||
			strncmp(e.text, "dir/x.bpf.o: ", 13))
			fail_msg("piece %ld: '%s'", n, e.text);
		e = (struct err){0};
	}
	/* The first success had all its allocations, of which there are many. */
	assert_in_range(left, 0, every(37) - 1);
	assert_true(n > 300);
	assert_string_equal(text, want);
	left = -1;
	free(text);
	free(want);
	arena_free(&a);
	free((void *)(uintptr_t)bytes.p);
}

static void one_piece_is_refused(void **state)
{
	(void)state;
	without(rich, false);
	without(attached, false);
}

static void all_pieces_are_refused(void **state)
{
	(void)state;
	without(rich, true);
	without(attached, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_piece_is_refused),
		cmocka_unit_test(all_pieces_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
