/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "init_recorder.h"
#include "stop.h"

#include "elf/base/format.h"
#include "loader/boot/kernel_log.h"
#include "loader/boot/recorder.h"
#include "loader/explain/kernel_error.h"
#include "loader/plan/save.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* An object that is attached. It does not move. */
struct attached {
	struct exec live;
	struct plan plan;
	size_t failed; /* the last step that failed */
	struct attached *before;
};

struct recording_run {
	const struct init_args *args;
	struct session session;
	struct recorder recorder;
	struct attached *last;
	size_t programs;
};

static void note_failure(void *ctx, const struct exec *x, size_t step, long result)
{
	struct attached *a = ctx;
	(void)x;
	if (result < 0)
		a->failed = step;
}

/* The program that the kernel has rejected or cannot attach, if the others can do without it, or NULL. */
static const char *culprit(const struct attached *a)
{
	const struct plan *p = &a->plan;
	if (!a->live.failed || a->failed >= p->n_steps || p->steps[a->failed].prog == PLAN_NONE ||
		p->n_progs == 1)
		return NULL;
	return p->progs[p->steps[a->failed].prog].name;
}

/* Plans and attaches an object once. *saved: its plan, before it ran. */
static bool try_object(struct recording_run *r, const char *path, const struct cmd_object *object,
	struct attached *a, struct span *saved, struct err *e)
{
	struct session *s = &r->session;
	const char *log = NULL;
	const struct exec_report report = {
		.ctx = a, .step = note_failure, .explain = kernel_error_explain};
	/* Planning closes it. */
	if (!target_open(&s->target, NULL, &s->arena, &s->kfs, &s->watch, e) ||
		!cmd_object_plan(
			s, &a->plan, path, object, (struct plan_options){.at_once = true}, e))
		return false;
	if (!a->plan.n_progs)
		return err_set(e, "%s: contains no program", path);
	*saved = plan_save(&a->plan, &s->arena, e);
	return saved->n &&
	       exec_run(&a->live, &a->plan, &s->arena, &s->kfs, &s->watch, &report, &log, e);
}

/* Attaches what this kernel has of an object: a program that it rejects is left out. */
static bool add_object(struct recording_run *r, const char *path)
{
	char text[sizeof(struct err)];
	struct cmd_object object = r->args->object;
	struct span saved = {0};
	struct attached *a;
	struct err e;
	for (;;) {
		const char *name = NULL;
		e = (struct err){0};
		a = arena_alloc(&r->session.arena, sizeof *a);
		if (!a)
			err_nomem(&e);
		if (!a || try_object(r, path, &object, a, &saved, &e) || !(name = culprit(a)))
			break;
		text_print(text, sizeof text, "%s is left out: %s", name, e.text);
		cmd_say("note", text);
		if (!cmd_list_add(&object.skip, name))
			break;
	}
	if (!e.set && !recorder_add(&r->recorder, &a->live, saved, &e)) {
		err_where(&e, "%s", path);
		exec_close(&a->live, &e);
	}
	if (e.set) {
		cmd_fail(&e);
		return false;
	}
	a->before = r->last;
	r->last = a;
	r->programs += a->plan.n_progs;
	return true;
}

static void detach(void *ctx)
{
	struct recording_run *r = ctx;
	struct err ignored = {0};
	for (; r->last; r->last = r->last->before)
		exec_close(&r->last->live, &ignored);
}

/* Into the kernel's log, through the /dev of process 1. */
static void say_later(void *ctx, const char *text)
{
	struct recording_run *r = ctx;
	int root = kfs_open(&r->session.kfs, KFS_PROC, "1/root", O_PATH | O_DIRECTORY);
	int log = root < 0 ? -1 : kernel_log_open(root, false);
	if (log >= 0) {
		kernel_log(log, KERNEL_LOG_WARNING, text);
		close(log);
	}
	if (root >= 0)
		close(root);
}

/* Nobody waits for messages any more, and no file is held by the standard descriptors. */
static void tell_ready(struct recording_run *r, int ready)
{
	char text[100];
	text_print(text, sizeof text, "recording what %zu program%s report%s", r->programs,
		r->programs == 1 ? "" : "s", r->programs == 1 ? "s" : "");
	cmd_say("note", text);
	(void)!write(ready, "", 1);
	close(ready);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup3(r->recorder.listening, fd, O_CLOEXEC);
}

int init_recorder(const struct init_args *a, int ready)
{
	struct recording_run r = {.args = a};
	struct err e = {0};
	/* systemd and others that end all processes of an initramfs leave those alone. */
	program_invocation_name[0] = '@';
	setsid();
	int stop_fd = stop_catch();
	cmd_raise_descriptor_limit();
	bool ok = session_open(&r.session, NULL, &e) &&
	          recorder_open(&r.recorder, a->size, &r.session.arena, &r.session.kfs, &e);
	if (!ok)
		return cmd_fail(&e);
	for (size_t i = 0; i < a->files.n; i++)
		add_object(&r, a->files.items[i]);
	if (r.last) {
		recorder_hide(&r.recorder);
		tell_ready(&r, ready);
		recorder_run(&r.recorder, a->for_ms, stop_fd, detach, say_later, &r);
	}
	detach(&r);
	recorder_close(&r.recorder);
	session_close(&r.session);
	return r.programs ? EXIT_OK : EXIT_REFUSED;
}
