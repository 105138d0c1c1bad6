/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "watch_impl.h"

#include "printk_format.h"

#include <inttypes.h>
#include <string.h>

enum {
	MESSAGE_AT = 24,
	LINE_ROOM = 512, /* output buffer */
};

/* Kernels without the tracepoint bpf_trace_printk have only trace_pipe. */
static bool open_pipe(struct watch_source *s, struct err *e)
{
	struct watch *w = s->w;
	s->pipe = arena_alloc(w->arena, sizeof *s->pipe);
	if (!s->pipe)
		return err_nomem(e);
	if (!trace_pipe_open(s->pipe, w->x->kfs, e)) {
		s->pipe = NULL;
		return err_where(e, "bpf_printk");
	}
	s->fd = s->pipe->fd;
	if (w->opt->status)
		fputs("note: reading trace_pipe takes lines of bpf_printk from other readers\n",
			w->opt->status);
	return true;
}

bool watch_add_printk(struct watch *w, struct err *e)
{
	struct watch_source *s = watch_add_source(w, SOURCE_PRINTK, NULL, e);
	struct err why = {0};
	if (!s)
		return false;
	if (!printk_capture_open(&s->capture, w->arena, w->x->kfs, w->x->watch, &why))
		return open_pipe(s, e);
	s->fd = printk_capture_fd(&s->capture);
	return true;
}

/* The program that can have written a line; NULL if it is none of ours. */
static const struct plan_prog *writer_of(const struct plan *p, const struct printk_line *line)
{
	for (size_t i = 0; i < p->n_progs; i++)
		for (size_t k = 0; k < p->progs[i].n_formats; k++)
			if (printk_format_matches(p->progs[i].formats[k], line->text, line->len))
				return &p->progs[i];
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].unknown_format)
			return &p->progs[i];
	return NULL;
}

static void line_json(const struct plan_prog *prog, const struct printk_line *line, FILE *out)
{
	struct json j = json_start(out);
	json_open(&j, '{');
	json_member_str(&j, "program", prog->name);
	json_member_uint(&j, "pid", line->pid);
	json_member_uint(&j, "tid", line->tid);
	json_member_str(&j, "comm", line->comm);
	json_member_uint(&j, "cpu", line->cpu);
	json_member_uint(&j, "time_ns", line->time_ns);
	json_key(&j, "message");
	json_bytes(&j, line->text, line->len);
	json_close(&j);
	json_line(&j);
}

static bool show_line(void *ctx, const struct printk_line *line)
{
	struct watch_source *s = ctx;
	FILE *out = s->w->opt->out;
	const struct plan_prog *prog = writer_of(s->w->x->plan, line);
	if (!prog)
		return true;
	watch_head(s, NULL);
	if (s->w->opt->json) {
		line_json(prog, line, out);
	} else {
		char text[LINE_ROOM];
		struct typed_out o = {.file = out, .buffer = text, .room = sizeof text};
		typed_printf(&o, "%-6" PRIu32 " ", line->pid);
		typed_name(&o, line->comm);
		typed_pad(&o, MESSAGE_AT);
		typed_chars(
			&o, (struct span){(const uint8_t *)line->text, line->len, false}, false);
		typed_put(&o, "\n", 1);
		typed_flush(&o);
	}
	s->w->events++;
	return !ferror(out);
}

static bool show_pipe_line(void *ctx, const char *text, size_t len)
{
	struct watch_source *s = ctx;
	struct printk_line line;
	watch_lost(s, printk_parse_lost(text, len));
	return !printk_parse(text, len, &line) || show_line(ctx, &line);
}

long watch_drain_printk(struct watch_source *s)
{
	if (s->pipe)
		return trace_pipe_drain(s->pipe, show_pipe_line, s);
	long n = printk_capture_drain(&s->capture, show_line, s);
	watch_lost(s, printk_capture_lost(&s->capture) - s->lost);
	return n;
}
