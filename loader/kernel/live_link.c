/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_link.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { PLACES_MAX = 1 << 20 };

/* Where struct bpf_link_info refers to a text and a list; 0: it does not. */
static const struct refers {
	uint32_t type;
	uint8_t text, text_size, places, count;
} refers[] = {
#define AT(field) offsetof(struct bpf_link_info, field)
	{BPF_LINK_TYPE_RAW_TRACEPOINT, AT(raw_tracepoint.tp_name), AT(raw_tracepoint.tp_name_len),
		0, 0},
	{BPF_LINK_TYPE_ITER, AT(iter.target_name), AT(iter.target_name_len), 0, 0},
	/* Of kprobes, uprobes and tracepoints, at the same place. */
	{BPF_LINK_TYPE_PERF_EVENT, AT(perf_event.kprobe.func_name), AT(perf_event.kprobe.name_len),
		0, 0},
	{BPF_LINK_TYPE_KPROBE_MULTI, 0, 0, AT(kprobe_multi.addrs), AT(kprobe_multi.count)},
	{BPF_LINK_TYPE_UPROBE_MULTI, AT(uprobe_multi.path), AT(uprobe_multi.path_size),
		AT(uprobe_multi.offsets), AT(uprobe_multi.count)},
#undef AT
};

static void put_buffer(
	struct bpf_link_info *ask, uint8_t pointer, uint8_t size, const void *buffer, uint32_t room)
{
	bytes_put((uint8_t *)ask + pointer, 8, host_is_big(), sys_ptr(buffer));
	bytes_put((uint8_t *)ask + size, 4, host_is_big(), room);
}

/* Asks again, with buffers for what the answer refers to. */
static long read_rest(
	struct live_link *l, const struct refers *r, const struct sys_watch *watch, struct arena *a)
{
	char text[LIVE_TEXT_MAX] = "";
	struct bpf_link_info ask = {0};
	uint32_t size = sizeof ask;
	uint32_t n = r->places ? bytes_get32((uint8_t *)&l->info + r->count, host_is_big()) : 0;
	uint64_t *places = n && n <= PLACES_MAX ? arena_array(a, n, sizeof *places) : NULL;
	if (r->text)
		put_buffer(&ask, r->text, r->text_size, text, sizeof text);
	if (places)
		put_buffer(&ask, r->places, r->count, places, n);
	long no = sys_info(watch, l->fd, &ask, &size);
	if (no && no != -ENOSPC) /* of a text that was cut */
		return no;
	text[sizeof text - 1] = 0;
	l->text = arena_strdup(a, text);
	l->places =
		(struct span){(uint8_t *)places, places ? n * sizeof *places : 0, host_is_big()};
	return l->text ? 0 : -ENOMEM;
}

long live_link_read(struct live_link *l, int fd, const struct sys_watch *watch, struct arena *a)
{
	*l = (struct live_link){.fd = fd, .text = "", .size = sizeof l->info};
	long r = sys_info(watch, fd, &l->info, &l->size);
	for (size_t i = 0; !r && i < sizeof refers / sizeof *refers; i++)
		if (refers[i].type == l->info.type)
			read_rest(l, &refers[i], watch, a); /* the rest is worth showing without */
	return r;
}

bool live_link_open(struct live_link *l, const struct live_ref *r, const struct sys_watch *watch,
	struct arena *a, struct err *e)
{
	if (r->how != LIVE_BY_ID && r->how != LIVE_BY_PIN) {
		err_set(e, "links have no names or tags, got '%s'", r->text);
		return err_hint(
			e, "select one by its id or by the path of its pin: sonde link list");
	}
	int fd = live_ref_open(LIVE_LINK, r, watch, e);
	if (fd < 0)
		return false;
	long n = live_link_read(l, fd, watch, a);
	if (n < 0)
		close(fd);
	return !n || err_sys(e, (int)-n, "link %s", r->text);
}

struct walk {
	const struct sys_watch *watch;
	struct arena *arena;
	bool (*fn)(void *ctx, const struct live_link *l);
	void *ctx;
};

static bool visit(void *ctx, uint32_t id, int fd)
{
	const struct walk *w = ctx;
	struct live_link l;
	(void)id;
	return live_link_read(&l, fd, w->watch, w->arena) < 0 || w->fn(w->ctx, &l);
}

bool live_link_each(const struct sys_watch *watch, struct arena *a,
	bool (*fn)(void *ctx, const struct live_link *l), void *ctx, struct err *e)
{
	struct walk w = {watch, a, fn, ctx};
	return live_each(LIVE_LINK, watch, visit, &w, e);
}

long live_link_update(int fd, int prog, const struct sys_watch *watch)
{
	uint32_t attr[] = {(uint32_t)fd, (uint32_t)prog, 0};
	return sys_bpf(watch, BPF_LINK_UPDATE, attr, sizeof attr);
}

long live_link_detach(int fd, const struct sys_watch *watch)
{
	uint32_t attr = (uint32_t)fd;
	return sys_bpf(watch, BPF_LINK_DETACH, &attr, sizeof attr);
}
