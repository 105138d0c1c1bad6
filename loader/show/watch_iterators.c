/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "watch_impl.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <unistd.h>

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
		s->fd = link;
	}
	return true;
}

bool watch_show_iterator(struct watch_source *s, struct err *e)
{
	struct {
		uint32_t link_fd, flags;
	} create = {.link_fd = (uint32_t)s->fd};
	char text[4096];
	ssize_t n;
	int fd = (int)sys_bpf(s->w->x->watch, BPF_ITER_CREATE, &create, sizeof create);
	if (fd < 0)
		return err_sys(e, -fd, "iterator");
	if (s->w->last && !s->w->opt->json)
		fputc('\n', s->w->opt->out);
	s->w->last = s;
	s->shown++;
	while ((n = read(fd, text, sizeof text)) > 0 || (n < 0 && errno == EAGAIN))
		if (n > 0)
			fwrite(text, 1, (size_t)n, s->w->opt->out);
	int no = n < 0 ? errno : 0;
	close(fd);
	return !no || err_sys(e, no, "iterator");
}
