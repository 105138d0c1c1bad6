/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Perf events with programs (4.18). Before 5.15 there is no link to them, and before 6.6 the link does not
 * tell where it is: only the process that has the event can be asked about.
 */
#include "attached_impl.h"
#include "elf/base/format.h"
#include "where.h"

#include "elf/base/text.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <inttypes.h>

/* Fills the type and place of an event from the answer about it. Returns 0 or -errno. */
static long ask(struct live *l, const struct holder_event *event, struct attached *row,
	char type[static WHERE_TYPE], char where[static WHERE_MAX])
{
	char name[WHERE_MAX / 2] = "";
	union bpf_attr attr = {.task_fd_query = {.pid = event->pid,
				       .fd = event->fd,
				       .buf_len = sizeof name,
				       .buf = sys_ptr(name)}};
	long r = sys_bpf(l->kernel->watch, BPF_TASK_FD_QUERY, &attr, sizeof attr.task_fd_query);
	uint32_t how = attr.task_fd_query.fd_type;
	if (r < 0)
		return r;
	name[sizeof name - 1] = 0;
	text_print(where, WHERE_MAX, "%s", name);
	if (how == BPF_FD_TYPE_UPROBE || how == BPF_FD_TYPE_URETPROBE)
		text_add(where, WHERE_MAX, ":0x%" PRIx64, attr.task_fd_query.probe_offset);
	else if (how != BPF_FD_TYPE_TRACEPOINT && attr.task_fd_query.probe_offset)
		text_add(where, WHERE_MAX, "+0x%" PRIx64, attr.task_fd_query.probe_offset);
	*row = (struct attached){.prog = attr.task_fd_query.prog_id,
		.pid = event->pid,
		.type = abi_nick(ABI_FD_TYPES, how, type),
		.where = where,
		.link_type = BPF_LINK_TYPE_PERF_EVENT};
	return 0;
}

/* Completes a link that does not tell where it is. False: the program has no link. */
static bool complete(struct attached_list *a, const struct attached *row)
{
	struct arena *arena = a->l->kernel->arena;
	bool linked = false;
	for (size_t i = 0; i < a->n; i++) {
		struct attached *x = &a->list[i];
		if (!x->link || x->prog != row->prog || x->link_type != row->link_type)
			continue;
		linked = true;
		if (*x->where)
			continue;
		x->type = arena_strdup(arena, row->type);
		x->where = arena_strdup(arena, row->where);
		x->type = x->type ? x->type : "";
		x->where = x->where ? x->where : "";
		break;
	}
	return linked;
}

/* Events that sample cannot be asked about: the programs for them that the same process holds. */
static void add_sampling(struct attached_list *a, uint32_t pid)
{
	for (size_t i = 0; i < a->holders->n; i++) {
		const struct holder *h = &a->holders->list[i];
		struct attached row = {.prog = h->id,
			.pid = pid,
			.type = "perf_event",
			.where = "",
			.link_type = BPF_LINK_TYPE_PERF_EVENT};
		if (h->kind == LIVE_PROG && h->pid == pid &&
			live_program(a->l, h->id).info.type == BPF_PROG_TYPE_PERF_EVENT &&
			!complete(a, &row))
			attached_add(a, row);
	}
}

void attached_events(struct attached_list *a)
{
	char type[WHERE_TYPE], where[WHERE_MAX];
	struct attached row;
	for (size_t i = 0; i < a->holders->n_events; i++) {
		const struct holder_event *event = &a->holders->events[i];
		long r = ask(a->l, event, &row, type, where);
		if (r == -EOPNOTSUPP)
			add_sampling(a, event->pid);
		else if (!r && row.prog && !complete(a, &row))
			attached_add(a, row);
	}
}
