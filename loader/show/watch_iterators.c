/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "watch_impl.h"

#include "clean.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_ROOM = 4096 };

/* The source is the link: each BPF_ITER_CREATE on it starts from the beginning. */
bool watch_add_iterators(struct watch *w, struct err *e)
{
	const struct plan *p = w->x->plan;
	for (size_t i = 0; i < p->n_progs; i++) {
		int link = exec_fd(w->x, p->progs[i].link);
		if (p->progs[i].attach_type != BPF_TRACE_ITER || link < 0)
			continue;
		struct watch_source *s = watch_add_source(w, SOURCE_ITER, NULL, e);
		if (!s)
			return false;
		s->name = p->progs[i].name;
		s->fd = link;
	}
	return true;
}

static void line_json(const struct watch_source *s, const char *line, size_t n)
{
	struct json j = json_start(s->w->opt->out);
	json_open(&j, '{');
	json_member_str(&j, "iterator", s->name);
	json_key(&j, "text");
	json_bytes(&j, line, n);
	json_line(&j);
}

/* Writes the lines in text, the last one only if it is whole, fills the buffer or is the end.
 * Returns how many bytes remain, moved to the front. */
static size_t lines_json(const struct watch_source *s, char *text, size_t n, bool end)
{
	const char *line = text, *newline;
	size_t left = n;
	while ((newline = memchr(line, '\n', left))) {
		line_json(s, line, (size_t)(newline - line));
		left -= (size_t)(newline + 1 - line);
		line = newline + 1;
	}
	if (left == TEXT_ROOM || (end && left)) {
		line_json(s, line, left);
		left = 0;
	}
	memmove(text, line, left);
	return left;
}

/* Shows what an iterator writes. Returns 0 or errno. */
static int show_text(const struct watch_source *s, int fd)
{
	const struct watch_options *opt = s->w->opt;
	FILE *out = opt->json ? opt->out : clean_open(opt->out, false);
	char text[TEXT_ROOM];
	if (!out)
		return ENOMEM;
	size_t kept = 0;
	ssize_t n;
	while ((n = read(fd, text + kept, sizeof text - kept)) > 0 || (n < 0 && errno == EAGAIN)) {
		if (n > 0 && opt->json)
			kept = lines_json(s, text, kept + (size_t)n, false);
		else if (n > 0)
			fwrite(text, 1, (size_t)n, out);
		if (ferror(opt->out) || sys_stopped(s->w->x->watch))
			break;
	}
	int no = n < 0 ? errno : 0;
	lines_json(s, text, kept, true);
	clean_close(out, opt->out);
	return no;
}

bool watch_show_iterator(struct watch_source *s, struct err *e)
{
	struct {
		uint32_t link_fd, flags;
	} create = {.link_fd = (uint32_t)s->fd};
	int fd = (int)sys_bpf(s->w->x->watch, BPF_ITER_CREATE, &create, sizeof create);
	if (fd < 0)
		return err_sys(e, -fd, "iterator '%s'", s->name);
	if (s->w->last && !s->w->opt->json)
		fputc('\n', s->w->opt->out);
	s->w->last = s;
	watch_snapshot(s, sys_now_ns());
	s->shown++;
	int no = show_text(s, fd);
	close(fd);
	return !no || err_sys(e, no, "iterator '%s'", s->name);
}
