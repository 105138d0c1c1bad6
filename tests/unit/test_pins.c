/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Pins: the steps that create them and those that remove them if a plan fails, executed on ordinary
 * folders; maps pinned by name. Real pins are tested in virtual machines. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/plan/abi.h"
#include "loader/kernel/exec.h"
#include "objects.h"
#include "loader/plan/builder.h"
#include "loader/plan/check.h"

/* ---- the steps of a plan ---- */

static const char source[] =
	"struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32);\n"
	"    __type(value, __u64); __uint(pinning, LIBBPF_PIN_BY_NAME); } stays SEC(\".maps\");\n"
	"struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, __u32);\n"
	"    __type(value, __u64); } goes SEC(\".maps\");\n"
	"SEC(\"raw_tp/x\") int f(void *c)\n"
	"{ int k = 0; return !bpf_map_lookup_elem(&stays, &k) + !bpf_map_lookup_elem(&goes, &k); "
	"}\n"
	"SEC(\"?raw_tp/x\") int g(void *c) { return 0; }\n";

static const char plain[] = "__u64 hits;\n"
			    "SEC(\"raw_tp/x\") int f(void *c) { return hits++; }\n";

struct planned {
	struct span bytes;
	struct arena arena;
	struct plan p;
};

static void make(struct planned *t, const char *text, const struct plan_options *opt)
{
	struct target target;
	struct err e = {0};
	*t = (struct planned){.bytes = object_compile(text, false, "-g")};
	object_target(&target, false, NULL, &t->arena);
	if (!plan_object(&t->p, "x.bpf.o", t->bytes, opt, &target, &t->arena, &e))
		fail_msg("%s", e.text);
	assert_true(plan_check_saved(&t->p, &e));
}

static void done(struct planned *t)
{
	arena_free(&t->arena);
	free((void *)(uintptr_t)t->bytes.p);
}

static const char *text_at(const struct plan *p, int16_t blob)
{
	return (const char *)p->blobs[blob].bytes;
}

/* The start of the attr of OBJ_PIN and OBJ_GET. */
static const char *pathname(const struct plan *p, const struct plan_step *s)
{
	const struct plan_blob *attr = &p->blobs[s->attr];
	for (size_t i = 0; i < attr->n_patches; i++)
		if (attr->patches[i].what == PATCH_BLOB && !attr->patches[i].at)
			return text_at(p, (int16_t)attr->patches[i].index);
	fail_msg("no path");
	return NULL;
}

/* All steps that concern pins: "mount", "get PATH", "same", "pin PATH", "mkdir PATH", "stage PATH", "exchange"
 * and so on; "!" follows where the next step undoes it. */
static const char *pins(const struct plan *p)
{
	static char text[2048];
	char *to = text, *end = text + sizeof text;
	text[0] = 0;
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		bool pin = s->op == STEP_BPF && s->cmd == BPF_OBJ_PIN;
		bool update = s->op == STEP_BPF && s->cmd == BPF_LINK_UPDATE;
		bool undo = s->undoes != PLAN_NONE;
		if (s->op == STEP_MOUNT)
			to += snprintf(to, (size_t)(end - to), "mount\n");
		else if (s->op == STEP_SAME)
			to += snprintf(to, (size_t)(end - to), "same\n");
		else if (s->op == STEP_BPF && s->cmd == BPF_OBJ_GET)
			to += snprintf(to, (size_t)(end - to), "get %s\n", pathname(p, s));
		else if (pin)
			to += snprintf(to, (size_t)(end - to), "pin %s\n", pathname(p, s));
		else if (s->op == STEP_MKDIR || s->op == STEP_STAGE)
			to += snprintf(to, (size_t)(end - to), "%s %s\n",
				s->op == STEP_STAGE ? "stage" : "mkdir",
				text_at(p, s->args[0].blob));
		else if (s->op == STEP_ACCESS)
			to += snprintf(to, (size_t)(end - to), "access %s %ld %ld %ld\n",
				s->args[1].blob == PLAN_NONE ? "-" : text_at(p, s->args[1].blob),
				(long)s->args[2].value, (long)s->args[3].value,
				(long)s->args[4].value);
		else if (s->op == STEP_MOVE && !undo)
			to += snprintf(to, (size_t)(end - to), "%s %s\n",
				s->args[2].value ? "swap" : "move", text_at(p, s->args[1].blob));
		else if (s->op == STEP_SAME_LINK || (update && !undo))
			to += snprintf(to, (size_t)(end - to), update ? "update\n" : "same link\n");
		else if (s->op == STEP_CLEAR)
			to += snprintf(
				to, (size_t)(end - to), "clear %s\n", text_at(p, s->args[0].blob));
		else if (s->op == STEP_BPF && s->cmd == BPF_LINK_CREATE)
			to += snprintf(to, (size_t)(end - to), "link\n");
		if (undo && (s->op == STEP_MOVE || update)) {
			assert_true(s->flags & STEP_ON_FAILURE);
			assert_int_equal(s->undoes, i - 1);
			to[-1] = '!';
			*to++ = '\n';
			*to = 0;
		}
		if (s->op != STEP_REMOVE)
			continue;
		/* Directly after the step it undoes, with the same path. */
		const struct plan_step *made = &p->steps[i - 1];
		assert_int_equal(s->undoes, i - 1);
		assert_true(s->flags & STEP_ON_FAILURE);
		assert_string_equal(text_at(p, s->args[0].blob),
			made->op == STEP_MKDIR || made->op == STEP_STAGE
				? text_at(p, made->args[0].blob)
				: pathname(p, made));
		to[-1] = '!';
		*to++ = '\n';
		*to = 0;
	}
	return text;
}

static void by_name(void **state)
{
	struct planned t;
	(void)state;
	make(&t, source, &(struct plan_options){.load_only = true});
	assert_string_equal(pins(&t.p), "mount\nget /sys/fs/bpf/stays\nsame\n"
					"pin /sys/fs/bpf/stays!\n");
	const struct plan_step *get = NULL, *create = NULL, *same = NULL, *pin = NULL;
	for (size_t i = 0; i < t.p.n_steps; i++) {
		const struct plan_step *s = &t.p.steps[i];
		if (!strcmp(s->who, "map 'stays'") && s->op == STEP_BPF) {
			get = s->cmd == BPF_OBJ_GET ? s : get;
			create = s->cmd == BPF_MAP_CREATE && !create ? s : create;
			pin = s->cmd == BPF_OBJ_PIN ? s : pin;
		}
		same = s->op == STEP_SAME ? s : same;
	}
	assert_true(get && create && same && pin && get < create && create < same && same < pin);
	/* One slot: a map that is found is neither created nor pinned. */
	assert_int_equal(get->tolerated[0], ENOENT);
	assert_int_equal(get->tolerated[1], 0);
	assert_int_equal(get->slot, create->slot);
	assert_int_equal(same->args[0].slot, create->slot);
	assert_ptr_equal(&t.p.steps[same->args[1].value], create);
	assert_ptr_equal(&t.p.steps[pin->fallback_for], get);
	assert_int_equal(pin->errs[0], ENOENT);
	assert_true(pin->flags & STEP_NOTICE);
	assert_non_null(strstr(pin->note, "rm /sys/fs/bpf/stays"));
	done(&t);
}

static void of_all(void **state)
{
	struct planned t;
	(void)state;
	make(&t, source, &(struct plan_options){.load_only = true, .pin = "/sys/fs/bpf/d//"});
	assert_string_equal(pins(&t.p), "mount\nstage /sys/fs/bpf/d~new!\n"
					"get /sys/fs/bpf/stays\nsame\n"
					"pin /sys/fs/bpf/stays!\n"
					"mkdir /sys/fs/bpf/d~new/map!\n"
					"pin /sys/fs/bpf/d~new/map/stays!\n"
					"pin /sys/fs/bpf/d~new/map/goes!\n"
					"mkdir /sys/fs/bpf/d~new/prog!\n"
					"pin /sys/fs/bpf/d~new/prog/f!\n"
					"pin /sys/fs/bpf/d~new/record!\n"
					"move /sys/fs/bpf/d!\n");
	done(&t);
	/* A custom path is not mounted by sonde. */
	const char *const only[] = {"g"};
	make(&t, source,
		&(struct plan_options){
			.load_only = true, .pin = "/my/own", .only = only, .n_only = 1});
	assert_non_null(strstr(pins(&t.p), "mkdir /my/own~new/prog!\npin /my/own~new/prog/g!\n"));
	assert_null(strstr(pins(&t.p), "prog/f"));
	done(&t);
	/* The bpf file system does not allow dots in names. */
	make(&t, plain,
		&(struct plan_options){.load_only = true,
			.pin = "/my.own/x",
			.access = true,
			.mode = 0640,
			.uid = -1,
			.gid = 7});
	assert_string_equal(pins(&t.p), "stage /my.own/x~new!\nmkdir /my.own/x~new/map!\n"
					"pin /my.own/x~new/map/_bss!\n"
					"mkdir /my.own/x~new/prog!\npin /my.own/x~new/prog/f!\n"
					"pin /my.own/x~new/record!\naccess - 416 -1 7\n"
					"move /my.own/x!\n");
	done(&t);
}

/* Maps come from the folder that is replaced, but for variables and those that are to be empty; a link gets
 * the new program where the kernel can do that. */
static void replaced(void **state)
{
	static const char text[] =
		"struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1);\n"
		"    __type(key, int); __type(value, int); } stays SEC(\".maps\"), goes "
		"SEC(\".maps\");\n"
		"struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 1);\n"
		"    __type(key, int); __type(value, int); } calls SEC(\".maps\");\n"
		"int hits;\n"
		"SEC(\"xdp\") int gate(void *c) { int k = 0; hits++; bpf_tail_call(c, &calls, 0);\n"
		"    return !bpf_map_lookup_elem(&stays, &k) + !bpf_map_lookup_elem(&goes, &k); }\n"
		"SEC(\"raw_tp/x\") int f(void *c) { return 0; }\n";
	static const char *const on[] = {"gate=eth0"}, *const empty[] = {"goes"},
				 *const wrong[] = {"none"};
	struct plan_options opt = {.pin = "/b/d",
		.leave = true,
		.replace = true,
		.target_args = on,
		.n_target_args = 1,
		.empty = empty,
		.n_empty = 1,
		.at_once = true};
	struct planned t;
	struct target target;
	struct err e = {0};
	(void)state;
	make(&t, text, &opt);
	assert_string_equal(pins(&t.p), "stage /b/d~new!\nget /b/d/map/stays\nsame\n"
					"get /b/d/link/gate\nget /b/d/prog/gate\nsame link\n"
					"update!\nlink\n"
					"mkdir /b/d~new/map!\npin /b/d~new/map/calls!\n"
					"pin /b/d~new/map/stays!\npin /b/d~new/map/goes!\n"
					"pin /b/d~new/map/_bss!\n"
					"mkdir /b/d~new/prog!\npin /b/d~new/prog/gate!\n"
					"pin /b/d~new/prog/f!\n"
					"mkdir /b/d~new/link!\npin /b/d~new/link/gate!\n"
					"pin /b/d~new/link/f!\npin /b/d~new/record!\n"
					"access /b/d -1 -1 -1\nswap /b/d!\nclear /b/d~new\n");
	for (size_t i = 0; i < t.p.n_steps; i++)
		if (t.p.steps[i].op == STEP_SAME_LINK) {
			const struct plan_step *link = &t.p.steps[t.p.steps[i].args[1].value];
			assert_int_equal(link->cmd, BPF_LINK_CREATE);
			assert_int_equal(link->slot, t.p.steps[i].slot);
		}
	done(&t);
	opt.empty = wrong;
	t = (struct planned){.bytes = object_compile(text, false, "-g")};
	object_target(&target, false, NULL, &t.arena);
	assert_false(plan_object(&t.p, "x", t.bytes, &opt, &target, &t.arena, &e));
	assert_string_equal(e.text, "x: --empty: there is no map 'none'");
	assert_string_equal(e.hint, "its maps are: calls, stays, goes, .bss");
	done(&t);
}

/* A saved plan is not trusted: it may only remove what it has created. */
static void foreign_removals(void **state)
{
	struct planned t;
	struct err e = {0};
	(void)state;
	make(&t, source, &(struct plan_options){.load_only = true, .pin = "/sys/fs/bpf/d"});
	int16_t other = PLAN_NONE;
	for (size_t i = 0; i < t.p.n_steps; i++) {
		struct plan_step *s = &t.p.steps[i], kept = *s;
		if (s->op == STEP_MKDIR && other == PLAN_NONE)
			other = s->args[0].blob;
		if (s->op != STEP_REMOVE)
			continue;
		s->flags = 0; /* executed at the end, even without a failure */
		assert_false(plan_check_saved(&t.p, &e));
		*s = kept;
		s->undoes = PLAN_NONE;
		assert_false(plan_check_saved(&t.p, &e));
		*s = kept;
		if (other != PLAN_NONE && other != s->args[0].blob) {
			s->args[0].blob = other;
			assert_false(plan_check_saved(&t.p, &e));
		}
		*s = kept;
		e = (struct err){0};
		assert_true(plan_check_saved(&t.p, &e));
	}
	done(&t);
}

/* It may only touch the folder that it makes, under the names that it has. */
static void foreign_folders(void **state)
{
	struct planned t;
	struct err e = {0};
	unsigned tried = 0;
	(void)state;
	make(&t, plain, &(struct plan_options){.load_only = true, .pin = "/b/d", .replace = true});
	int16_t other =
		plan_add_blob(&(struct plan_builder){.plan = &t.p, .e = &e}, "/b/other", 9, "path");
	for (size_t i = 0; i < t.p.n_steps; i++) {
		struct plan_step *s = &t.p.steps[i];
		bool ours = s->op == STEP_STAGE || s->op == STEP_MOVE || s->op == STEP_CLEAR ||
		            s->op == STEP_ACCESS;
		for (int k = 0; ours && k < 2; k++) {
			if (s->args[k].blob == PLAN_NONE)
				continue;
			int16_t kept = s->args[k].blob;
			s->args[k].blob = other;
			assert_false(plan_check_saved(&t.p, &e));
			s->args[k].blob = kept;
			tried++;
		}
	}
	assert_int_equal(tried, 2 + 2 + 2 + 2 + 1);
	e = (struct err){0};
	assert_true(plan_check_saved(&t.p, &e));
	done(&t);
}

/* ---- ordinary folders ---- */

struct folders {
	struct arena arena;
	struct plan p;
	struct plan_builder b;
	struct err e;
	char top[32];
};

static void begin(struct folders *f)
{
	*f = (struct folders){.top = "/tmp/sonde-test.XXXXXX"};
	assert_non_null(mkdtemp(f->top));
	f->p = (struct plan){.arena = &f->arena,
		.path = "x",
		.name = "x",
		.release = "",
		.machine = "",
		.big = host_is_big()};
	f->b = (struct plan_builder){.plan = &f->p, .e = &f->e};
}

static void add_folder(struct folders *f, const char *name, bool optional)
{
	char path[64];
	size_t n = (size_t)snprintf(path, sizeof path, "%s/%s", f->top, name) + 1;
	const struct plan_step like = {
		.who = "folder", .doing = "make", .note = "", .hint = "", .prog = PLAN_NONE};
	int16_t blob = plan_add_blob(&f->b, path, n, "path");
	int16_t step = plan_add_step(&f->b, STEP_MKDIR, 0, PLAN_NONE, &like);
	plan_step_at(&f->b, step)->args[0].blob = blob;
	if (optional)
		plan_tolerate(&f->b, step, (uint16_t[PLAN_ERRS]){EEXIST});
	struct plan_step *undo = plan_step_at(&f->b, plan_add_undo(&f->b, STEP_REMOVE, 0, step));
	undo->args[0].blob = blob;
	undo->flags |= STEP_ON_FAILURE;
}

static bool run(struct folders *f)
{
	struct exec x;
	struct kfs k = {0};
	const char *log;
	assert_false(f->b.failed);
	if (!plan_check_saved(&f->p, &f->e))
		fail_msg("%s", f->e.text);
	bool ok = exec_run(&x, &f->p, &f->arena, &k, NULL, NULL, &log, &f->e);
	exec_close(&x, &f->e);
	return ok;
}

static bool there(const struct folders *f, const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "%s/%s", f->top, name);
	return !access(path, F_OK);
}

static void take_away(const struct folders *f, const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "%s/%s", f->top, name);
	assert_int_equal(rmdir(path), 0);
}

static void end(struct folders *f)
{
	assert_int_equal(rmdir(f->top), 0);
	arena_free(&f->arena);
}

/* On success, everything remains, also after the end. */
static void stays(void **state)
{
	struct folders f;
	(void)state;
	begin(&f);
	add_folder(&f, "a", false);
	add_folder(&f, "a/b", false);
	assert_true(run(&f));
	assert_true(there(&f, "a/b"));
	take_away(&f, "a/b");
	take_away(&f, "a");
	end(&f);
}

/* On failure, everything created is removed in reverse order, and nothing else. */
static void taken_back(void **state)
{
	struct folders f;
	char path[64];
	(void)state;
	begin(&f);
	snprintf(path, sizeof path, "%s/old", f.top);
	assert_int_equal(mkdir(path, 0700), 0);
	add_folder(&f, "old", true); /* exists already */
	add_folder(&f, "old/new", false);
	add_folder(&f, "a", false);
	add_folder(&f, "a/b", false);
	add_folder(&f, "nowhere/c", false);
	add_folder(&f, "after", false);
	assert_false(run(&f));
	assert_non_null(strstr(f.e.text, "ENOENT"));
	assert_false(there(&f, "a"));
	assert_false(there(&f, "old/new"));
	assert_false(there(&f, "after"));
	assert_true(there(&f, "old"));
	take_away(&f, "old");
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_name),
		cmocka_unit_test(of_all),
		cmocka_unit_test(replaced),
		cmocka_unit_test(foreign_removals),
		cmocka_unit_test(foreign_folders),
		cmocka_unit_test(stays),
		cmocka_unit_test(taken_back),
	};
	return cmocka_run_group_tests_name("pins", tests, NULL, NULL);
}
