/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "watch_impl.h"

#include "clean.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
	TEXT_ROOM = 4096,
	RECORD_MAX = 8 << 16, /* bytes: the kernel's buffer has 8 pages */
};

static bool has_records(const struct watch_source *s)
{
	return s->prog->record.size && s->prog->record.size <= RECORD_MAX;
}

static size_t room_of(const struct watch_source *s)
{
	return has_records(s) && s->prog->record.size > TEXT_ROOM ? s->prog->record.size
	                                                          : TEXT_ROOM;
}

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
		s->prog = &p->progs[i];
		s->name = s->prog->name;
		s->fd = link;
		s->unread = arena_alloc(w->arena, room_of(s));
		if (!s->unread)
			return err_nomem(e);
		s->label = (struct json_label){"iterator", s->name};
		if (has_records(s) && (!watch_make_table(s, &s->table, s->prog->record.type, e) ||
					      !watch_find_stacks(s, e)))
			return false;
		if (w->opt->folded && !s->folded)
			w->n_sources--;
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

/* Shows the records or, in JSON, lines in s->unread; an incomplete one only if it fills the buffer or
 * is the end. Returns how many bytes remain, moved to the front. */
static size_t show_items(struct watch_source *s, size_t n, bool end)
{
	const uint8_t *at = s->unread;
	const bool records = has_records(s);
	size_t left = n;
	while (left) {
		const uint8_t *newline = records ? NULL : memchr(at, '\n', left);
		size_t size = newline ? (size_t)(newline - at) : left;
		bool whole = newline || left == room_of(s) || end;
		if (records && left >= s->prog->record.size) {
			size = s->prog->record.size;
			whole = true;
		}
		if (!whole)
			break;
		if (records)
			watch_show_record(s, &s->table, (struct span){at, size, host_is_big()});
		else
			line_json(s, (const char *)at, size);
		size += newline != NULL;
		at += size;
		left -= size;
	}
	memmove(s->unread, at, left);
	return left;
}

/* Shows what an iterator writes. Returns 0 or errno. */
static int show_output(struct watch_source *s, int fd)
{
	const struct watch_options *opt = s->w->opt;
	const bool items = opt->json || has_records(s);
	FILE *out = items ? opt->out : clean_open(opt->out, false);
	if (!out)
		return ENOMEM;
	size_t kept = 0;
	ssize_t n;
	while ((n = read(fd, s->unread + kept, room_of(s) - kept)) > 0 ||
		(n < 0 && errno == EAGAIN)) {
		if (n > 0 && items)
			kept = show_items(s, kept + (size_t)n, false);
		else if (n > 0)
			fwrite(s->unread, 1, (size_t)n, out);
		if (ferror(opt->out) || sys_stopped(s->w->x->watch))
			break;
	}
	int no = n < 0 ? errno : 0;
	show_items(s, kept, true);
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
	if (s->w->last && !s->w->opt->json && !s->folded)
		fputc('\n', s->w->opt->out);
	s->w->last = s;
	s->w->last_table = NULL;
	watch_snapshot(s, sys_now_ns());
	s->shown++;
	int no = show_output(s, fd);
	close(fd);
	return !no || err_sys(e, no, "iterator '%s'", s->name);
}
