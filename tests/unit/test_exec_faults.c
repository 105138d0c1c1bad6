/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Whole plans on a simulated kernel (simulated.h), old and new, in which each call fails in turn with every
 * plausible errno. The plan then succeeds another way, or one error names the step; in either case nothing
 * is left when it ends.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "loader/kernel/exec.h"
#include "loader/planner/planner.h"
#include "objects.h"
#include "simulated.h"

/* One attachment of each kind, maps with contents, one of them pinned by its name. */
static const char source[] =
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 100); __uint(pinning, 1);\n"
	"	 __type(key, int); __type(value, long); } kept SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_SOCKMAP); __uint(max_entries, 1);\n"
	"	 __type(key, int); __type(value, int); } sockets SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 100);\n"
	"	 __type(key, int); __type(value, long); } counts SEC(\".maps\");\n"
	"int counter = 1; const volatile int param = 5; long zero;\n"
	"SEC(\"xdp\") int in(void *ctx) { return param; }\n"
	"SEC(\"tc\") int out(void *ctx) { return counter; }\n"
	"SEC(\"netkit/peer\") int kit(void *ctx) { return 0; }\n"
	"SEC(\"netfilter\") int nf(void *ctx) { return 1; }\n"
	"SEC(\"cgroup/skb\") int group(void *ctx) { return 1; }\n"
	"SEC(\"socket\") int filter(void *ctx) { return 0; }\n"
	"SEC(\"flow_dissector\") int flow(void *ctx) { return 0; }\n"
	"SEC(\"sk_msg\") int msg(void *ctx) { return 1; }\n"
	"SEC(\"lirc_mode2\") int remote(void *ctx) { return 0; }\n"
	"SEC(\"perf_event\") int sample(void *ctx) { return 0; }\n"
	"SEC(\"tp/a/b\") int event(void *ctx) { int k = 0;\n"
	"	return bpf_map_delete_elem(&kept, &k); }\n"
	"SEC(\"kprobe/f\") int probe(void *ctx) { return 0; }\n"
	"SEC(\"kprobe.multi/f*\") int probes(void *ctx) { return 0; }\n"
	"SEC(\"raw_tp/x\") int raw(void *ctx) { return 0; }\n";
static const char *const on[] = {"in=eth0:generic", "out=eth0:egress", "kit=nk0", "nf=ipv4:input",
	"group=/a:egress", "filter=eth0", "flow=own", "msg=sockets", "remote=/dev/lirc0",
	"sample=cycles:9"};
/* What a kernel without BPF links does not have either. */
static const char *const newer[] = {"kit", "nf", "probes"};
/* What has no link, or one for each CPU. */
static const char *const linkless[] = {"filter", "remote", "sample", "msg"};
static const char *const empty[] = {"sockets"};
enum kind { NEW, OLD, REPLACING };

static bool is_in(const char *const *list, size_t n, const char *on_text)
{
	for (size_t i = 0; i < n; i++)
		if (!strncmp(list[i], on_text, strcspn(on_text, "=")))
			return true;
	return false;
}

#define PIN    "/sys/fs/bpf/kept"
#define FOLDER "/sys/fs/bpf/d"

static struct span object;

static int compile(void **state)
{
	(void)state;
	object = object_compile(source, host_is_big(), "-g");
	return 0;
}

static int forget(void **state)
{
	(void)state;
	free((void *)(uintptr_t)object.p);
	return 0;
}

/* ---- one run ---- */

/* Plans and runs; the plan is closed again. Sets e if it fails. */
static bool run(enum kind kind, struct err *e)
{
	struct arena a = {0};
	struct plan p;
	struct target t;
	struct exec x = {0};
	struct kfs k = {0};
	const char *log;
	const struct exec_report report = {.calls = &simulated_calls};
	/* An argument for a program that is skipped is an error. */
	const char *places[sizeof on / sizeof *on];
	const char *const *skip = kind == OLD ? newer : linkless;
	const bool kept = kind == REPLACING;
	size_t n = 0, n_skip = kind == OLD ? 3 : kept ? 4 : 0;
	for (size_t i = 0; i < sizeof on / sizeof *on; i++)
		if (!is_in(skip, n_skip, on[i]))
			places[n++] = on[i];
	const struct plan_options opt = {.target_args = places,
		.n_target_args = n,
		.skip = skip,
		.n_skip = n_skip,
		.pin = kept ? FOLDER : NULL,
		.leave = kept,
		.replace = kept,
		.empty = empty,
		.n_empty = kept};
	object_target(&t, host_is_big(), NULL, &a);
	if (!plan_object(&p, "x.bpf.o", object, &opt, &t, &a, e))
		fail_msg("%s", e->text);
	simulated.old = kind == OLD;
	bool ok = exec_run(&x, &p, &a, &k, NULL, &report, &log, e);
	if (ok) {
		ok = exec_close(&x, e);
		err_where(e, "x.bpf.o");
	}
	arena_free(&a);
	return ok;
}

/* One line: the object, who, what and the errno. */
static void check_error(const struct err *e, unsigned at)
{
	const char *text = e->text;
	char number[16];
	bool names = !strncmp(text, "x.bpf.o: ", 9) && strchr(text + 9, ':') && e->no &&
	             strstr(text, errno_name(e->no, number));
	if (!e->set || !names || strchr(text, '\n'))
		fail_msg("call %u: '%s'", at, text);
}

/* ---- the tests ---- */

static const int errors[] = {EPERM, EINVAL, ENOMEM, E2BIG, EBUSY, ENOENT, EEXIST, ENOSYS,
	EOPNOTSUPP, EACCES, EMFILE, EFAULT};

static void each_call_fails(enum kind old)
{
	struct err e = {0};
	unsigned failed = 0, other_way = 0;
	simulated_reset();
	if (!run(old, &e))
		fail_msg("%s", e.text);
	unsigned calls = simulated.calls;
	assert_true(calls > 50);
	assert_true(simulated_is_clean(1)); /* the pin is meant to stay */
	for (unsigned at = 0; at < calls; at++)
		for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
			simulated_reset();
			simulated.at = at;
			simulated.times = 1;
			simulated.error = errors[i];
			e = (struct err){0};
			bool ok = run(old, &e);
			if (!ok)
				check_error(&e, at);
			failed += !ok;
			other_way += ok;
			/* A run that got another way keeps its pin. */
			if (!simulated_is_clean(ok) && !simulated_is_clean(0))
				fail_msg("call %u, errno %d: %d open, %d attached, %u paths: %s",
					at, errors[i], simulated.open, simulated.attached,
					simulated.n_paths, e.text);
		}
	/* Neither is rare. */
	assert_true(failed > calls && other_way > calls);
}

static void each_call_of_a_new_kernel_fails(void **state)
{
	(void)state;
	each_call_fails(false);
}

static void each_call_of_an_old_kernel_fails(void **state)
{
	(void)state;
	each_call_fails(true);
}

/* Four signals in a row fail no call; five fail one, and nothing is left. Only what cannot be undone in
 * three attempts stays, and is told. */
static void signals_everywhere(void **state)
{
	struct err e = {0};
	(void)state;
	simulated_reset();
	assert_true(run(false, &e));
	unsigned calls = simulated.calls;
	for (unsigned at = 0; at < calls; at++)
		for (unsigned times = 4; times <= 5; times++) {
			simulated_reset();
			simulated.at = at;
			simulated.times = times;
			simulated.error = EAGAIN;
			e = (struct err){0};
			bool ok = run(false, &e);
			if (!ok)
				check_error(&e, at);
			assert_int_equal(simulated.open, 0);
			assert_true(!simulated.attached || strstr(e.hint, "it stays attached"));
			assert_true(times == 5 || ok || strstr(e.hint, "it stays attached"));
		}
}

/* The map that is pinned already is used, and stays when the plan fails; a pin that is new is removed
 * then. */
static void pins(void **state)
{
	struct err e = {0};
	(void)state;
	simulated_reset();
	assert_true(run(false, &e));
	unsigned created = simulated.created, calls = simulated.calls;
	for (int before_it = 0; before_it <= 1; before_it++) {
		simulated_reset();
		e = (struct err){0};
		if (before_it)
			simulated_add_path(PIN);
		assert_true(run(false, &e));
		assert_int_equal(simulated.created, created - (unsigned)before_it);
		assert_true(simulated_is_clean(1));
		assert_string_equal(simulated.paths[0], PIN);
		/* From somewhere on, nothing works any more but what undoes. */
		for (unsigned at = calls / 2; at < calls; at += 3) {
			simulated_reset();
			if (before_it)
				simulated_add_path(PIN);
			simulated.at = at;
			simulated.times = 1;
			simulated.error = EFAULT;
			e = (struct err){0};
			if (!run(false, &e))
				assert_true(simulated_is_clean((unsigned)before_it));
		}
	}
}

static const char *const before[] = {PIN, FOLDER, FOLDER "/map", FOLDER "/map/counts",
	FOLDER "/prog", FOLDER "/prog/in", FOLDER "/link", FOLDER "/link/in", FOLDER "/record"};
enum { BEFORE = sizeof before / sizeof *before, EACH = 3 /* of the errors */ };

static unsigned there(const char *path)
{
	unsigned n = 0;
	for (unsigned i = 0; i < simulated.n_paths; i++)
		n += !strncmp(simulated.paths[i], path, strlen(path));
	return n;
}

/* The folder has its old contents or its new ones, whatever fails, and nothing is left beside it unless the
 * last step failed, which removes what was replaced. */
static void each_call_of_a_replacement_fails(void **state)
{
	struct err e = {0};
	unsigned calls = 0, failed = 0, left = 0;
	(void)state;
	for (unsigned at = 0; !at || at <= calls; at++)
		for (size_t i = 0; i < sizeof errors / sizeof *errors; i += EACH) {
			simulated_reset();
			for (size_t k = 0; k < BEFORE; k++)
				simulated_add_path(before[k]);
			simulated.at = at - 1; /* the first time, nothing fails */
			simulated.times = 1;
			simulated.error = errors[i];
			e = (struct err){0};
			bool ok = run(REPLACING, &e);
			calls = calls ? calls : simulated.calls;
			if (!at && !ok)
				fail_msg("%s", e.text);
			assert_int_equal(simulated.open, 0);
			bool whole =
				there(FOLDER "/link/raw") == 1 && there(FOLDER "/map/_bss") == 1;
			if (ok ? !whole
			       : simulated.n_paths != BEFORE || there(FOLDER) != BEFORE - 1)
				fail_msg("call %u, errno %d: %u paths: %s", at, errors[i],
					simulated.n_paths, e.text);
			if (!ok)
				check_error(&e, at);
			failed += !ok;
			left += ok && there(FOLDER "~new") != 0;
		}
	assert_true(calls > 50 && failed > calls);
	assert_int_equal(left, sizeof errors / sizeof *errors / EACH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_of_a_new_kernel_fails),
		cmocka_unit_test(each_call_of_an_old_kernel_fails),
		cmocka_unit_test(each_call_of_a_replacement_fails),
		cmocka_unit_test(signals_everywhere),
		cmocka_unit_test(pins),
	};
	return cmocka_run_group_tests(tests, compile, forget);
}
