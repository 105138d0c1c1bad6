/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Probes created by lines in tracefs: when this method is used, the lines appended and removed, the
 * lines that a saved plan may append, and the cleanup. Ordinary folders replace sysfs and tracefs,
 * so a line creates no tracepoint and the plan fails after it. Real probes are tested in virtual
 * machines.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/plan/abi.h"
#include "loader/explain/kernel_error.h"
#include "loader/kernel/exec.h"
#include "loader/hook/probe.h"
#include "loader/detach/stale.h"
#include "loader/plan/check.h"

/* No kernel has this event source. */
#define SOURCE "bus/event_source/devices/none"
static const struct probe_kind kind = {SOURCE, "kprobe_events", "there is neither"};
static const char *const parents[] = {"bus", "bus/event_source", "bus/event_source/devices"};

/* ---- a kernel simulated by two folders, and a plan ---- */

struct fake {
	char sys[40], trace[40];
	struct kfs k;
	struct arena arena;
	struct target target;
	struct plan_prog prog;
	struct plan p;
	struct plan_builder b;
	struct hook_use use;
	struct err e;
};

static const char *path_of(const char *folder, const char *name)
{
	static char path[80];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void folder(struct fake *f, enum kfs_which which, char *path)
{
	assert_non_null(mkdtemp(path));
	kfs_use(&f->k, which, open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), path);
}

static void begin(struct fake *f)
{
	*f = (struct fake){.sys = "/tmp/sonde-sys.XXXXXX",
		.trace = "/tmp/sonde-trace.XXXXXX",
		.prog = {.name = "a.very.long.name.of.a.program.in.some.language"}};
	folder(f, KFS_SYS, f->sys);
	for (size_t i = 0; i < sizeof parents / sizeof *parents; i++)
		assert_int_equal(mkdir(path_of(f->sys, parents[i]), 0700), 0);
	folder(f, KFS_TRACE, f->trace);
	f->p = (struct plan){.arena = &f->arena,
		.path = "x",
		.name = "x",
		.release = "",
		.machine = "",
		.big = host_is_big(),
		.progs = &f->prog,
		.n_progs = 1};
	f->prog.slot = f->prog.link = f->prog.insns = PLAN_NONE;
	f->b = (struct plan_builder){.plan = &f->p, .e = &f->e};
	f->target = (struct target){.kfs = &f->k};
	f->use = (struct hook_use){.kernel = &f->target,
		.prog_slot = plan_add_slot(&f->b, SLOT_PROG, "f"),
		.like = {.who = "program 'f'", .doing = "attach", .prog = 0}};
}

static void put(const char *folder, const char *name, const char *text)
{
	FILE *file = fopen(path_of(folder, name), "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* The contents of a file. */
static const char *get(const char *folder, const char *name)
{
	static char text[1024];
	FILE *file = fopen(path_of(folder, name), "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = 0;
	fclose(file);
	return text;
}

static bool run(struct fake *f)
{
	struct exec x;
	const char *log;
	assert_false(f->b.failed);
	if (!plan_check_saved(&f->p, &f->e))
		fail_msg("%s", f->e.text);
	const struct exec_report report = {.explain = kernel_error_explain};
	bool ok = exec_run(&x, &f->p, &f->arena, &f->k, NULL, &report, &log, &f->e);
	exec_close(&x, &f->e);
	return ok;
}

static void done(struct fake *f)
{
	static const char *const files[] = {SOURCE, "kprobe_events", "uprobe_events"};
	for (size_t i = 0; i < 3; i++) {
		unlink(path_of(f->sys, files[i]));
		unlink(path_of(f->trace, files[i]));
	}
	for (size_t i = sizeof parents / sizeof *parents; i--;)
		rmdir(path_of(f->sys, parents[i]));
	assert_int_equal(rmdir(f->sys) | rmdir(f->trace), 0);
	kfs_close(&f->k);
	arena_free(&f->arena);
}

/* ---- choice of the method ---- */

/* The steps of one probe, whose perf event source does not exist on any kernel. */
static void plan_probe(struct fake *f, const char *file)
{
	const struct probe_source source = probe_source(&f->b, &f->use, &kind, file);
	int16_t step, event = perf_open(&f->b, &f->use, &step);
	attr_slot(&f->b, step, PERF(type), source.type);
	attr_set(&f->b, step, PERF(kprobe_func), 0);
	attr_set(&f->b, step, PERF(size), 64);
	const struct probe_line lines[] = {
		{.open = step, .place = "f_one+16"}, {.open = step, .place = "f_two"}};
	probe_add_lines(&f->b, &f->use, &source, lines, 2);
	perf_attach(&f->b, &f->use, event);
}

/* "p:sonde/NAME f_one+16-:sonde/NAME": created, and removed because the next step failed. */
static char *name_in(const char *text)
{
	static const char made[] = "p:sonde/", removed[] = " f_one+16-:sonde/";
	char *name = strndup(text + strlen(made), strcspn(text + strlen(made), " "));
	size_t n = strlen(name);
	assert_memory_equal(text, made, strlen(made));
	assert_memory_equal(text + strlen(made) + n, removed, strlen(removed));
	assert_string_equal(text + strlen(made) + n + strlen(removed), name);
	return name;
}

static void no_source(void **state)
{
	char *names[2];
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct fake f;
		begin(&f);
		put(f.trace, "kprobe_events", "");
		plan_probe(&f, "f");
		assert_false(run(&f));
		names[i] = name_in(get(f.trace, "kprobe_events"));
		assert_non_null(strstr(f.e.text, "events/sonde/"));
		assert_non_null(strstr(f.e.text, names[i]));
		done(&f);
		/* A name that the kernel accepts: the program, the step, the number. */
		assert_memory_equal(names[i], "a_very_long_name_of_a_program_in_4_", 35);
		assert_int_equal(strlen(names[i]), 35 + 16);
		assert_int_equal(strspn(names[i] + 35, "0123456789abcdef"), 16);
	}
	/* Each run has its own name. */
	assert_string_not_equal(names[0], names[1]);
	free(names[0]);
	free(names[1]);
}

static void broken_source(void **state)
{
	struct fake f;
	(void)state;
	begin(&f);
	put(f.sys, SOURCE, "x\n");
	put(f.trace, "kprobe_events", "");
	plan_probe(&f, "f");
	assert_false(run(&f));
	assert_non_null(strstr(f.e.text, "/none: EINVAL"));
	assert_string_equal(get(f.trace, "kprobe_events"), "");
	done(&f);
}

static void neither(void **state)
{
	struct fake f;
	(void)state;
	begin(&f);
	plan_probe(&f, "f");
	assert_false(run(&f));
	assert_non_null(strstr(f.e.text, "kprobe_events: ENOENT"));
	assert_string_equal(f.e.hint, "there is neither");
	done(&f);
}

static void names_that_no_line_takes(void **state)
{
	static const char *const files[] = {"/a b", "/a\tb", "/a#b", "/a\nb"};
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct fake f;
		begin(&f);
		put(f.trace, "kprobe_events", "");
		plan_probe(&f, files[i]);
		assert_false(run(&f));
		assert_non_null(strstr(f.e.text, "/none: ENOENT"));
		assert_non_null(strstr(f.e.hint, "white space"));
		assert_string_equal(get(f.trace, "kprobe_events"), "");
		done(&f);
	}
}

/* The note that probes remain appears once. */
static void one_notice(void **state)
{
	struct fake f;
	unsigned said = 0;
	(void)state;
	begin(&f);
	plan_probe(&f, "f");
	plan_probe(&f, "f");
	for (size_t i = 0; i < f.p.n_steps; i++)
		said += f.p.steps[i].flags & STEP_NOTICE &&
		        strstr(f.p.steps[i].note, "sonde detach probes") != NULL;
	assert_int_equal(said, 1);
	done(&f);
}

/* ---- lines that a plan may append ---- */

static void lines_of_saved_plans(void **state)
{
	static const struct {
		bool good;
		uint32_t file_system;
		const char *file, *line;
	} cases[] = {
		{true, KFS_TRACE, "kprobe_events", "p:sonde/a_1 vfs_read"},
		{true, KFS_TRACE, "uprobe_events", "r:sonde/a_1 /bin/sh:0x10(0x20)"},
		{true, KFS_TRACE, "uprobe_events", "-:sonde/a_1"},
		{false, KFS_SYS, "kprobe_events", "p:sonde/a vfs_read"},
		{false, KFS_TRACE, "trace", "p:sonde/a vfs_read"},
		{false, KFS_TRACE, "./kprobe_events", "p:sonde/a vfs_read"},
		{false, KFS_TRACE, "kprobe_events", ""},
		{false, KFS_TRACE, "kprobe_events", "x:sonde/a vfs_read"},
		{false, KFS_TRACE, "kprobe_events", "p vfs_read"},
		{false, KFS_TRACE, "kprobe_events", "p:kprobes/a vfs_read"},
		{false, KFS_TRACE, "kprobe_events", "p:sonde/ vfs_read"},
		{false, KFS_TRACE, "kprobe_events", "p:sonde/a"},
		{false, KFS_TRACE, "kprobe_events", "-:kprobes/a"},
		{false, KFS_TRACE, "kprobe_events", "-:sonde/"},
		{false, KFS_TRACE, "kprobe_events", "-:sonde/a b"},
		{false, KFS_TRACE, "kprobe_events", "-:sonde/a\n-:mine/b"},
		{false, KFS_TRACE, "kprobe_events", "p:sonde/a vfs_read\n-:mine/b"},
		{false, KFS_TRACE, "kprobe_events", "p:sonde/a vfs_read # x"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fake f;
		begin(&f);
		int16_t file =
			plan_add_blob(&f.b, cases[i].file, strlen(cases[i].file) + 1, "file");
		int16_t line =
			plan_add_blob(&f.b, cases[i].line, strlen(cases[i].line) + 1, "line");
		int16_t step = plan_add_step(
			&f.b, STEP_APPEND, cases[i].file_system, PLAN_NONE, &f.use.like);
		plan_step_at(&f.b, step)->args[0].blob = file;
		plan_step_at(&f.b, step)->args[1].blob = line;
		if (plan_check_saved(&f.p, &f.e) != cases[i].good)
			fail_msg("%s: %s", cases[i].file, cases[i].line);
		done(&f);
	}
}

/* Digits are patched into a name and nowhere else. */
static void digits_of_saved_plans(void **state)
{
	static const char text[] = "p:sonde/a_xxxx vfs_read_and_more";
	static const struct {
		bool good;
		struct plan_patch patch;
	} cases[] = {
		{true, {.at = 10, .size = 4, .what = PATCH_HEX}},
		{false, {.at = 10, .size = 0, .what = PATCH_HEX}},
		{false, {.at = 8, .size = 17, .what = PATCH_HEX}},
		{false, {.at = 7, .size = 4, .what = PATCH_HEX}},              /* the group */
		{false, {.at = 29, .size = 4, .what = PATCH_HEX}},             /* the end */
		{false, {.at = 10, .size = 4, .what = PATCH_SLOT}},            /* any bytes */
		{false, {.at = 10, .size = 4, .what = PATCH_HEX, .index = 9}}, /* no slot */
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fake f;
		begin(&f);
		plan_add_slot(&f.b, SLOT_NUMBER, "number");
		int16_t file = plan_add_blob(&f.b, "kprobe_events", 14, "file");
		int16_t line = plan_add_blob(&f.b, text, sizeof text, "line");
		plan_add_patch(&f.b, line, cases[i].patch);
		int16_t step = plan_add_step(&f.b, STEP_APPEND, KFS_TRACE, PLAN_NONE, &f.use.like);
		plan_step_at(&f.b, step)->args[0].blob = file;
		plan_step_at(&f.b, step)->args[1].blob = line;
		if (plan_check_saved(&f.p, &f.e) != cases[i].good)
			fail_msg("number %zu", i);
		/* The file is always the same. */
		plan_add_patch(
			&f.b, file, (struct plan_patch){.at = 1, .size = 1, .what = PATCH_HEX});
		assert_false(plan_check_saved(&f.p, &f.e));
		done(&f);
	}
}

/* ---- stale probes ---- */

static char *clean_up(struct fake *f)
{
	char *text;
	size_t size;
	bool listed;
	struct stale l = {.place = "probes",
		.kernel = &f->target,
		.arena = &f->arena,
		.out = open_memstream(&text, &size)};
	bool ok = stale_remove(&l, &listed, &f->e);
	fclose(l.out);
	if (!ok)
		fail_msg("%s", f->e.text);
	return text;
}

static void probes_that_are_left(void **state)
{
	static const char kernel[] = "p:kprobes/f f\nr256:sonde/g_1_0a vfs_read+0\n"
				     "p:sonde_not/h vfs_read\np:sonde/i_2 vfs_read arg1=%di\n";
	struct fake f;
	char want[200], *text;
	(void)state;
	begin(&f);
	put(f.trace, "kprobe_events", kernel);
	put(f.trace, "uprobe_events", "p:sonde/j /a b:0x10\n");
	text = clean_up(&f);
	assert_string_equal(text, "probes: removed g_1_0a (vfs_read+0)\n"
				  "probes: removed i_2 (vfs_read arg1=%di)\n"
				  "probes: removed j (/a b:0x10)\n");
	free(text);
	snprintf(want, sizeof want, "%s-:sonde/g_1_0a-:sonde/i_2", kernel);
	assert_string_equal(get(f.trace, "kprobe_events"), want);
	assert_string_equal(get(f.trace, "uprobe_events"), "p:sonde/j /a b:0x10\n-:sonde/j");
	done(&f);
	/* A kernel without these files. */
	begin(&f);
	text = clean_up(&f);
	assert_string_equal(text, "probes: no stale attachment of sonde's\n");
	free(text);
	done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_source),
		cmocka_unit_test(broken_source),
		cmocka_unit_test(neither),
		cmocka_unit_test(names_that_no_line_takes),
		cmocka_unit_test(one_notice),
		cmocka_unit_test(lines_of_saved_plans),
		cmocka_unit_test(digits_of_saved_plans),
		cmocka_unit_test(probes_that_are_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
