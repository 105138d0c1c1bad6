/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The streams of programs (prog_stream.h): those that write to them are shown as they run; what the kernel
 * reports about any program, at the end. */
#include "watch_impl.h"

#include "print.h"

#include "loader/kernel/prog_stream.h"

#include <string.h>

enum { REPORT_LINES = 40, STREAM_AT = 16, STREAMS = 2 };

static bool add_streams(struct watch *w, const struct plan_prog *prog, struct err *e)
{
	struct watch_source *s = watch_add_source(w, SOURCE_STREAM, NULL, e);
	struct stream_lines *lines = s ? arena_array(w->arena, STREAMS, sizeof *lines) : NULL;
	if (!lines)
		return err_nomem(e);
	for (int i = 0; i < STREAMS; i++) {
		lines[i].prog = exec_prog_fd(w->x, prog);
		lines[i].stream = i ? PROG_STDERR : PROG_STDOUT;
	}
	s->prog = prog;
	s->name = prog->name;
	s->streams = lines;
	return true;
}

bool watch_add_streams(struct watch *w, struct err *e)
{
	const struct plan *p = w->x->plan;
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].streams && exec_prog_fd(w->x, &p->progs[i]) >= 0 &&
			!add_streams(w, &p->progs[i], e))
			return false;
	return true;
}

static bool show_line(void *ctx, const struct stream_lines *lines, const char *line, size_t n)
{
	struct watch_source *s = ctx;
	FILE *out = s->w->opt->out;
	s->w->events++;
	if (s->w->opt->json) {
		struct json j = json_start(out);
		json_open(&j, '{');
		json_member_str(&j, "program", s->name);
		json_member_str(&j, "stream", prog_stream_name(lines->stream));
		json_key(&j, "text");
		json_bytes(&j, line, n);
		json_close(&j);
		json_line(&j);
		return !ferror(out);
	}
	struct typed_out o = {.file = out};
	watch_head(s, NULL);
	typed_name(&o, s->name);
	typed_pad(&o, STREAM_AT);
	typed_printf(&o, "%s  ", prog_stream_name(lines->stream));
	typed_chars(&o, (struct span){(const uint8_t *)line, n, false}, false);
	fputc('\n', out);
	return !ferror(out);
}

long watch_drain_stream(struct watch_source *s)
{
	long n = 0;
	for (int i = 0; i < STREAMS && n >= 0; i++) {
		long more = stream_lines_drain(
			&s->streams[i], s->w->x->watch, s->w->ending, show_line, s);
		n = more < 0 ? more : n + more;
	}
	return n;
}

struct report {
	struct watch *w;
	const char *program;
	unsigned lines;
};

static bool report_line(void *ctx, const struct stream_lines *lines, const char *line, size_t n)
{
	struct report *r = ctx;
	struct typed_out o = {.file = r->w->opt->status};
	(void)lines;
	if (!r->lines)
		print(o.file, "note: program '%s': the kernel reports:\n", r->program);
	typed_printf(&o, "  | ");
	typed_chars(&o, (struct span){(const uint8_t *)line, n, false}, false);
	fputc('\n', o.file);
	return ++r->lines < REPORT_LINES;
}

void watch_tell_reports(struct watch *w)
{
	const struct plan *p = w->x->plan;
	for (size_t i = 0; w->opt->status && i < p->n_progs; i++) {
		struct report r = {w, p->progs[i].name, 0};
		struct stream_lines lines = {
			.prog = exec_prog_fd(w->x, &p->progs[i]), .stream = PROG_STDERR};
		if (p->progs[i].streams || lines.prog < 0)
			continue;
		if (stream_lines_drain(&lines, w->x->watch, true, report_line, &r) < 0)
			return;
	}
}
