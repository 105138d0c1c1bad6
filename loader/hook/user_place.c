/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "user_place.h"

#include "elf/base/number.h"
#include "loader/plan/abi.h"
#include "loader/symbols/binary_path.h"
#include "loader/kernel/kfs.h"

#include <inttypes.h>

static const struct probe_kind uprobes = {
	.type = "bus/event_source/devices/uprobe/type",
	.lines = "uprobe_events",
	.none = "this kernel has no uprobes (CONFIG_UPROBE_EVENTS); use a tracepoint",
};

const struct hook_method user_place_methods[] = {{ABI_VERSION(5, 15), "BPF_LINK_CREATE"},
	{ABI_VERSION(4, 17), "PERF_EVENT_IOC_SET_BPF"}, {0, "a line in uprobe_events"}, {0}};

/* Bits of config: format/retprobe and format/ref_ctr_offset of the event source in sysfs. */
enum { RETPROBE = 1, SEMAPHORE_SHIFT = 32 };

/* FILE, WHAT and PID as written; NULL and 0: omitted. */
struct words {
	const char *file, *what;
	int32_t pid;
};

/* Cuts "@PID" off. A symbol version (memcpy@GLIBC_2.14) has other characters than digits. False for a
 * PID that is 0 or too large. */
static bool cut_pid(char *text, int32_t *pid)
{
	char *at = strrchr(text, '@');
	size_t digits = at ? strspn(at + 1, "0123456789") : 0;
	if (!digits || at[1 + digits])
		return true;
	unsigned long n = digits < 10 ? text_ulong(at + 1, NULL, 10) : 0;
	*pid = (int32_t)n;
	*at = 0;
	return n;
}

/* The colon before the last `parts` parts. "::" is part of a C++ name. */
static char *find_colon(char *text, unsigned parts)
{
	for (char *p = text + strlen(text); p-- > text;) {
		if (*p != ':')
			continue;
		if (p > text && p[-1] == ':')
			p--;
		else if (--parts == 0)
			return p;
	}
	return NULL;
}

/* A single word is WHAT in a section name, and FILE in a target argument. Names of Go have slashes:
 * "net/http.Get" of a section name is WHAT if the argument is FILE. */
static void split(char *text, unsigned parts, bool is_arg, struct words *w)
{
	char *colon = find_colon(text, parts);
	if (colon) {
		*colon = 0;
		w->file = *text ? text : w->file;
		w->what = colon[1] ? colon + 1 : w->what;
	} else if (*text) {
		bool what = !strchr(text, '/') && (parts > 1 ? strchr(text, ':') != NULL : !is_arg);
		if (!what && is_arg && !w->what && w->file && *w->file != '/')
			w->what = w->file;
		*(what ? &w->what : &w->file) = text;
	}
}

static bool read_words(
	struct plan_builder *b, const struct hook_use *use, unsigned parts, struct words *w)
{
	const char *texts[] = {use->target, use->arg};
	*w = (struct words){0};
	for (int i = 0; i < 2; i++) {
		char *text = texts[i] ? arena_strdup(b->plan->arena, texts[i]) : NULL;
		if (texts[i] && !text) {
			b->failed = true;
			return err_nomem(b->e);
		}
		if (!text)
			continue;
		if (!cut_pid(text, &w->pid)) {
			hook_fail(b, NULL, "'%s' has an invalid PID", texts[i]);
			return false;
		}
		split(text, parts, i == 1, w);
	}
	return true;
}

static void fail_words(struct plan_builder *b, const struct hook_use *use, const struct words *w)
{
	const char *name = b->plan->progs[use->like.prog].name;
	const char *syntax = use->hook->target_syntax;
	char *hint = arena_printf(b->plan->arena, "name it with --on %s=%s", name, syntax);
	if (w->what && !w->file)
		hook_fail(b, hint, "'%s' names no file: the target syntax is %s", w->what, syntax);
	else
		hook_fail(b, hint, "'%s' is not %s", use->arg ? use->arg : use->target, syntax);
}

bool user_target_open(
	struct plan_builder *b, const struct hook_use *use, unsigned parts, struct user_target *t)
{
	struct words w;
	struct binary_path file;
	struct arena *a = b->plan->arena;
	const char *machine = use->kernel->machine;
	*t = (struct user_target){0};
	if (b->failed || !read_words(b, use, parts, &w))
		return false;
	if (!w.file || !w.what) {
		fail_words(b, use, &w);
		return false;
	}
	if (!binary_path_find(&file, w.file, machine, w.pid, a, b->e) ||
		!symbols_open(&t->file, file.path, a, b->e)) {
		b->failed = true;
		return false;
	}
	t->what = w.what;
	t->pid = w.pid;
	t->path = file.path;
	t->found = file.note;
	if (symbols_check_machine(&t->file, machine, b->e))
		return true;
	b->failed = true;
	symbols_close(&t->file);
	return false;
}

void user_target_close(struct user_target *t)
{
	symbols_close(&t->file);
}

struct probe_source user_place_source(
	struct plan_builder *b, const struct hook_use *use, const struct user_target *t)
{
	return probe_source(b, use, &uprobes, t->path);
}

/* The place in a line of uprobe_events: FILE:OFFSET, and the semaphore in parentheses. */
static const char *place_text(
	struct plan_builder *b, const struct user_target *t, const struct user_place *place)
{
	struct arena *a = b->plan->arena;
	if (!place->semaphore)
		return plan_text(b, arena_printf(a, "%s:0x%" PRIx64, t->path, place->offset));
	return plan_text(b, arena_printf(a, "%s:0x%" PRIx64 "(0x%" PRIx64 ")", t->path,
				    place->offset, place->semaphore));
}

int16_t user_place_probe(struct plan_builder *b, const struct hook_use *use,
	const struct user_target *t, const struct probe_source *source,
	const struct user_place *place, const char *note)
{
	int16_t step, event = perf_open(b, use, &step);
	attr_slot(b, step, PERF(type), source->type);
	attr_set(b, step, PERF(config),
		place->semaphore << SEMAPHORE_SHIFT | (place->is_return ? RETPROBE : 0));
	attr_blob(
		b, step, PERF(uprobe_path), plan_add_blob(b, t->path, strlen(t->path) + 1, "file"));
	attr_set(b, step, PERF(probe_offset), place->offset);
	attr_set(b, step, PERF(size), 72);
	struct plan_step *s = plan_step_at(b, step);
	s->note = note;
	s->hint = "the file existed when the plan was made";
	if (t->found)
		s->flags |= STEP_NOTICE;
	if (t->pid) {
		s->args[0].value = t->pid;
		s->args[1].value = -1; /* on any CPU */
	}
	const struct probe_line line = {.open = step,
		.is_return = place->is_return,
		.place = place_text(b, t, place),
		.invalid = place->semaphore ? "the probe has a semaphore: this requires Linux 4.20"
	                                    : NULL};
	probe_add_lines(b, use, source, &line, 1);
	return event;
}
