/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "probe.h"
#include "removal.h"

#include "loader/plan/abi.h"
#include "loader/kernel/kfs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* Names of probes are limited to 63 letters, digits and '_'. */
enum { PROGRAM_MAX = 32 };

/* Placeholder of the number in names. */
static const char digits[] = "xxxxxxxxxxxxxxxx";

static const char stays[] =
	"if sonde is killed by SIGKILL, its probes in tracefs stay (sonde detach probes removes "
	"them)";

/* ---- source ---- */

/* In a line, white space separates words and '#' begins a comment. */
static bool fits_line(const char *file)
{
	for (const char *c = file; *c; c++)
		if ((uint8_t)*c <= ' ' || *c == '#')
			return false;
	return true;
}

struct probe_source probe_source(struct plan_builder *b, const struct hook_use *use,
	const struct probe_kind *kind, const char *file)
{
	struct probe_source source = {.kind = kind, .number = PLAN_NONE};
	source.type = perf_read_number(b, use, KFS_SYS, kind->type, "event source", kind->none);
	if (b->failed)
		return source;
	source.step = (int16_t)(b->plan->n_steps - 1);
	if (!fits_line(file)) {
		plan_step_at(b, source.step)->hint =
			"kernels before 4.17 cannot probe a file with white space or # in its name";
		return source;
	}
	source.number = plan_add_slot(b, SLOT_NUMBER, "unique number");
	struct plan_step *s =
		plan_step_at(b, plan_add_step(b, STEP_UNIQUE, 0, source.number, &use->like));
	s->fallback_for = source.step;
	s->errs[0] = ENOENT;
	s->note = plan_text(
		b, arena_printf(b->plan->arena,
			   "kernels before 4.17 create the probe by a line in %s; the number "
			   "replaces %s and makes its name unique",
			   kind->lines, digits));
	return source;
}

/* ---- lines ---- */

static const char *event_name(struct plan_builder *b, const struct hook_use *use)
{
	const char *program = b->plan->progs[use->like.prog].name;
	char *name = arena_printf(
		b->plan->arena, "%.*s_%zu_%s", PROGRAM_MAX, program, b->plan->n_steps + 1, digits);
	for (char *c = name; c && *c; c++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", *c) &&
			(c == name || *c < '0' || *c > '9'))
			*c = '_';
	return plan_text(b, name);
}

/* A blob with a probe's name in its text; the number replaces the placeholder at the end of the name
 * at run time. */
static int16_t add_text(struct plan_builder *b, const struct probe_source *source,
	const char *before, const char *name, const char *after, const char *what)
{
	const char *text =
		plan_text(b, arena_printf(b->plan->arena, "%s%s%s", before, name, after));
	int16_t blob = plan_add_blob(b, text, strlen(text) + 1, what);
	plan_add_patch(b, blob,
		(struct plan_patch){
			.at = (uint32_t)(strlen(before) + strlen(name) - strlen(digits)),
			.size = sizeof digits - 1,
			.what = PATCH_HEX,
			.index = (uint16_t)source->number});
	return blob;
}

static void set_line(struct plan_builder *b, int16_t step, const char *lines, int16_t text)
{
	int16_t file = plan_add_blob(b, lines, strlen(lines) + 1, "file");
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].blob = file;
	s->args[1].blob = text;
}

/* Adds the step that appends a line and the one that undoes it. Flags, note and hint are those of the
 * step it replaces. made: slot that the step fills. */
static int16_t add_line(struct plan_builder *b, const struct hook_use *use,
	const struct probe_source *source, const struct probe_line *line, const char *name,
	int16_t made)
{
	static const char remove[] = "-:" PLAN_PROBES "/";
	const char *place = plan_text(b, arena_printf(b->plan->arena, " %s", line->place));
	int16_t text = add_text(b, source,
		line->is_return ? "r:" PLAN_PROBES "/" : "p:" PLAN_PROBES "/", name, place, "line");
	int16_t function = line->function ? plan_add_blob(b, line->function,
						    strlen(line->function) + 1, "function")
	                                  : PLAN_NONE;
	int16_t step = plan_add_step(b, STEP_APPEND, KFS_TRACE, made, &use->like);
	set_line(b, step, source->kind->lines, text);
	struct plan_step *s = plan_step_at(b, step);
	const struct plan_step *open = plan_step_at(b, line->open);
	s->args[2].blob = function;
	s->flags = open->flags & (STEP_NOTICE | STEP_FUNCTION);
	s->note = open->note && *open->note ? open->note : "it creates a tracepoint";
	s->hint = open->hint;
	plan_add_hint(b, step, ENODEV, source->kind->none);
	if (line->invalid)
		plan_add_hint(b, step, EINVAL, line->invalid);
	int16_t undo = plan_add_undo(b, STEP_APPEND, KFS_TRACE, step);
	set_line(b, undo, source->kind->lines, add_text(b, source, remove, name, "", "line"));
	return step;
}

static void set_fallback(
	struct plan_builder *b, int16_t step, int16_t fallback_for, uint16_t no, uint16_t other)
{
	struct plan_step *s = plan_step_at(b, step);
	s->fallback_for = fallback_for;
	s->errs[0] = no;
	s->errs[1] = other;
}

/* One such note per plan is enough. */
static bool has_stays_note(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].note == stays)
			return true;
	return false;
}

/* Reads the id of the tracepoint that the line created, and opens its perf event. */
static void open_event(struct plan_builder *b, const struct hook_use *use,
	const struct probe_source *source, int16_t open, const char *name, int16_t made)
{
	bool noted = b->failed || has_stays_note(b->plan);
	int16_t path = add_text(b, source, "events/" PLAN_PROBES "/", name, "/id", "path");
	int16_t id = perf_read_number(b, use, KFS_TRACE, "", "tracepoint id", "");
	if (b->failed)
		return;
	int16_t read = (int16_t)(b->plan->n_steps - 1);
	struct plan_step *s = plan_step_at(b, read);
	s->args[0].blob = path;
	s->args[1].slot = made; /* skips the step while the slot is empty */
	s->note = stays;
	s->flags |= noted ? 0 : STEP_NOTICE;
	set_fallback(b, read, open, ERRS_SKIPPED, 0);
	int16_t event =
		plan_add_step(b, STEP_PERF_OPEN, 0, plan_step_at(b, open)->slot, &use->like);
	perf_tracepoint(b, event, id);
	set_fallback(b, event, open, ERRS_SKIPPED, 0);
	s = plan_step_at(b, event);
	memcpy(s->args, plan_step_at(b, open)->args, sizeof s->args);
	s->note = "the tracepoint that the line created";
}

void probe_add_lines(struct plan_builder *b, const struct hook_use *use,
	const struct probe_source *source, const struct probe_line *lines, size_t n)
{
	if (b->failed || source->number == PLAN_NONE)
		return;
	const char *name = event_name(b, use);
	int16_t made = plan_add_slot(b, SLOT_NUMBER, "probe"), before = PLAN_NONE;
	for (size_t i = 0; i < n; i++) {
		int16_t step = add_line(b, use, source, &lines[i], name, made);
		if (i)
			set_fallback(b, step, before, ENOENT, EINVAL); /* EINVAL: since 6.7 */
		else
			set_fallback(b, step, lines[0].open, ERRS_SKIPPED, 0);
		before = step;
	}
	open_event(b, use, source, lines[0].open, name, made);
}

/* ---- stale probes ---- */

/* Splits "p:sonde/NAME vfs_read" into NAME and *place; NULL for a line of another group. */
static char *split_own(char *line, const char **place)
{
	static const char group[] = ":" PLAN_PROBES "/";
	char *colon = strchr(line, ':');
	if (!colon || strncmp(colon, group, strlen(group)))
		return NULL;
	char *name = colon + strlen(group), *end = name + strcspn(name, " \n");
	*place = *end == ' ' ? end + 1 : "";
	end[strcspn(end, "\n")] = 0;
	*end = 0;
	return name;
}

static void remove_probe(struct plan_builder *b, const struct hook_use *use, const char *lines,
	const char *name, const char *place)
{
	struct arena *a = b->plan->arena;
	const char *line = plan_text(b, arena_printf(a, "-:" PLAN_PROBES "/%s", name));
	int16_t text = plan_add_blob(b, line, strlen(line) + 1, "line");
	int16_t step = plan_add_step(b, STEP_APPEND, KFS_TRACE, PLAN_NONE, &use->like);
	set_line(b, step, lines, text);
	removal_mark(b, step, arena_printf(a, "removed %s (%s)", name, place));
	plan_add_hint(b, step, EBUSY, "it belongs to a sonde process that is still running");
}

static void remove_all(
	struct plan_builder *b, const struct hook_use *use, const char *lines, FILE *f)
{
	char line[PATH_MAX + 256];
	while (!b->failed && fgets(line, sizeof line, f)) {
		const char *place, *name = split_own(line, &place);
		if (name)
			remove_probe(b, use, lines, name, place);
	}
}

void removal_probes(struct plan_builder *b, const struct hook_use *use)
{
	static const char *const files[] = {"kprobe_events", "uprobe_events"};
	struct kfs *k = use->kernel->kfs;
	for (size_t i = 0; i < sizeof files / sizeof *files && !b->failed; i++) {
		FILE *f;
		int error = kfs_stream(k, KFS_TRACE, files[i], &f);
		if (f) {
			remove_all(b, use, files[i], f);
			fclose(f);
		} else if (error != -ENOENT || kfs_dir(k, KFS_TRACE) < 0) {
			b->failed = true;
			kfs_explain(k, KFS_TRACE, files[i], error, b->e);
		}
	}
}
