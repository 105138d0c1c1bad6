/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "lz.h"
#include "pack_impl.h"

#include "elf/base/format.h"
#include "loader/kernel/printk_capture.h"
#include "loader/plan/abi.h"
#include "loader/show/clean.h"
#include "loader/show/lost_count.h"
#include "loader/show/printk_format.h"
#include "loader/show/watch.h"

#include <errno.h>
#include <stdarg.h>

enum {
	HEAD_SIZE = sizeof(struct packed_head),
	CAPTURE_OWNER = FLAT_SHARED - 1,
	STARTED_ROOM = 1024
};

bool(pack_cannot)(struct pack *w, const char *fmt, ...)
{
	va_list ap;
	if (*w->reason)
		return false;
	va_start(ap, fmt);
	text_vprint(w->reason, sizeof w->reason, fmt, ap);
	va_end(ap);
	return false;
}

uint32_t pack_clean_text(struct pack *w, const char *text)
{
	char *copy = arena_strdup(w->out.arena, text ? text : "");
	w->out.failed |= !copy;
	if (!copy)
		return 0;
	clean_text(copy);
	return flat_text(&w->out, copy);
}

void pack_begin(struct pack *w, bool big, struct arena *a)
{
	*w = (struct pack){.out = {.arena = a, .big = big},
		.plans = {.arena = a, .big = big},
		.formats = {.arena = a, .big = big}};
	while (w->out.n < HEAD_SIZE && !w->out.failed)
		flat_put(&w->out, 8, 0);
}

/* ---- lines of bpf_printk ---- */

static void add_pattern(struct pack *w, const char *format, size_t n)
{
	while (n && format[n - 1] == '\n')
		n--;
	char *line = arena_strndup(w->out.arena, format, n),
	     *pattern = arena_alloc(w->out.arena, n + 1);
	if (!line || !pattern) {
		w->out.failed = true;
		return;
	}
	printk_format_pattern(line, PACKED_ANY, pattern);
	size_t size = strlen(pattern) + 1;
	for (size_t at = 0; at < w->formats.n; at += strlen((char *)w->formats.p + at) + 1)
		if (!strcmp((char *)w->formats.p + at, pattern))
			return;
	if (size > 1)
		flat_bytes(&w->formats, pattern, size);
}

/* A format with several lines, and each of them: printk_format_matches(). */
static void add_formats(struct pack *w, const struct plan_prog *prog)
{
	static const char any[] = {PACKED_ANY, 0};
	for (size_t i = 0; i < prog->n_formats; i++) {
		const char *f = prog->formats[i];
		add_pattern(w, f, strlen(f));
		for (const char *end; (end = strchr(f, '\n')) && end[1]; f = end + 1)
			add_pattern(w, f, (size_t)(end - f));
		if (f != prog->formats[i])
			add_pattern(w, f, strlen(f));
	}
	if (prog->unknown_format)
		add_pattern(w, any, 1);
	w->prints |= prog->prints;
}

/* ---- plans ---- */

/* The line of `sonde run`, and where record types come from. */
static uint32_t add_started(struct pack *w, const struct plan *p)
{
	char text[STARTED_ROOM];
	size_t n = (size_t)watch_attached_text(p, false, text, sizeof text);
	for (size_t i = 0; i < p->n_maps && n < sizeof text; i++) {
		const struct plan_map *m = &p->maps[i];
		if (m->map_type == BPF_MAP_TYPE_RINGBUF && *m->event_note)
			n += (size_t)text_print(
				text + n, sizeof text - n, "note: %s\n", m->event_note);
	}
	return pack_clean_text(w, text);
}

/* The map that counts lost records, as watch_counted_losses() reads it. */
static uint16_t find_lost(struct pack *w, const struct plan *p)
{
	const struct plan_map *m = plan_find_map(p, LOST_MAP);
	if (!m || m->max_entries != 1 || m->data || m->slot == PLAN_NONE)
		return PACKED_NONE;
	if ((m->map_type == BPF_MAP_TYPE_ARRAY || m->map_type == BPF_MAP_TYPE_PERCPU_ARRAY) &&
		m->value_size == 8)
		return (uint16_t)m->slot;
	pack_cannot(w, "cannot read the map '%s'", m->name);
	return PACKED_NONE;
}

static void put_plan(struct flat *f, const struct packed_plan *p)
{
	const uint32_t words[] = {p->release, p->machine, p->steps, p->blobs, p->sources};
	const uint16_t halves[] = {p->n_steps, p->n_blobs, p->n_slots, p->n_sources};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		flat_put(f, 4, words[i]);
	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
		flat_put(f, 2, halves[i]);
	flat_put(f, 4, p->started);
	flat_put(f, 2, p->lost);
	flat_put(f, 2, 0);
}

bool pack_plan(struct pack *w, const struct plan *p, struct err *e)
{
	struct packed_plan out = {0};
	if (p->big != w->out.big)
		return err_set(e, "%s: the kernels differ in byte order", p->path);
	if (w->n_plans == UINT16_MAX / 2)
		return err_set(e, "%s: too many kernels", p->path);
	out.sources = pack_sources(w, p, &out.n_sources, e);
	out.lost = find_lost(w, p);
	w->records |= out.n_sources > 0;
	if (!w->n_plans && !(w->machine = arena_strdup(w->out.arena, p->machine)))
		w->out.failed = true;
	bool ok = !e->set && !*w->reason && pack_steps(w, p, w->n_plans, false, &out);
	out.release = pack_clean_text(w, p->release);
	out.machine = pack_clean_text(w, p->machine);
	out.started = add_started(w, p);
	for (size_t i = 0; i < p->n_progs; i++)
		add_formats(w, &p->progs[i]);
	put_plan(&w->plans, &out);
	w->n_plans++;
	return ok || (w->out.failed && err_nomem(e));
}

/* The plan that captures lines; 0 if none are printed. */
static uint32_t add_capture(struct pack *w, struct err *e)
{
	static const char since[] = "lines of bpf_printk are captured since Linux 5.9: pack the "
				    "object with --full for older kernels";
	struct printk_capture capture;
	struct packed_plan out = {.lost = PACKED_NONE, .n_sources = 1};
	struct flat t = {.arena = w->out.arena, .big = w->out.big};
	if (!w->prints || !printk_capture_plan(&capture, w->out.big, w->out.arena, e))
		return 0;
	for (size_t i = 0; i < capture.plan.n_steps; i++) {
		capture.plan.steps[i].hint = since;
		capture.plan.steps[i].hints[0] = (struct plan_hint){EINVAL, since};
	}
	if (!pack_steps(w, &capture.plan, CAPTURE_OWNER, true, &out))
		return 0;
	flat_put(&t, 4, flat_text(&w->out, "bpf_printk"));
	flat_put(&t, 2, (uint16_t)capture.ring_slot);
	flat_put(&t, 2, 0);
	flat_put(&t, 4, 0);
	flat_put(&t, 4, PRINTK_RING_SIZE);
	out.sources = flat_table(&w->out, &t, 4);
	out.lost = (uint16_t)capture.lost_slot;
	t.n = 0;
	put_plan(&t, &out);
	return flat_table(&w->out, &t, 4);
}

/* ---- names of errnos ---- */

/* Those of calls that a runner makes, which have a description, too. */
static bool is_usual(int no)
{
	static const uint16_t usual[] = {EPERM, ENOENT, EINTR, EIO, E2BIG, EBADF, EAGAIN, ENOMEM,
		EACCES, EFAULT, EBUSY, EEXIST, ENODEV, EINVAL, EMFILE, ENFILE, ENOSPC, EPIPE,
		ERANGE, ENOSYS, EBADMSG, EOPNOTSUPP, ENOTSUPP_KERNEL, EADDRNOTAVAIL, ESRCH, ENXIO,
		EPROTO};
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (usual[i] == no)
			return true;
	return false;
}

static uint32_t add_errnos(struct pack *w, uint32_t *n)
{
	struct flat t = {.arena = w->out.arena, .big = w->out.big};
	char unknown[16];
	*n = 0;
	for (int no = 1; no <= ENOTSUPP_KERNEL; no++) {
		const char *name = errno_name(no, unknown);
		if (name == unknown || !(w->all_errnos || is_usual(no)))
			continue;
		struct flat text = {.arena = w->out.arena};
		const char *what = !is_usual(no) ? "" : errno_text(no);
		flat_bytes(&text, name, strlen(name) + 1);
		flat_bytes(&text, what, strlen(what) + 1);
		flat_put(&t, 4, (unsigned)no);
		flat_put(&t, 4, flat_table(&w->out, &text, 1));
		++*n;
	}
	return flat_table(&w->out, &t, 4);
}

/* ---- the payload ---- */

/* Writes the head and the sum. n: its fields from list on, in the order of struct packed_head. */
static struct span finish(struct flat *out, enum packed_kind kind, unsigned n_list,
	const uint32_t *fields, size_t n, struct err *e)
{
	/* Not zeros: these would be read where a file has been cut. */
	do
		flat_put(out, 1, UINT8_MAX);
	while (out->n % PACKED_ALIGN && !out->failed);
	if (out->failed) {
		err_nomem(e);
		return (struct span){0};
	}
	uint8_t *p = out->p;
	memcpy(p, PACKED_MAGIC, 8);
	bytes_put(p + offsetof(struct packed_head, size), 4, out->big, out->n);
	p[offsetof(struct packed_head, version)] = PACKED_VERSION;
	p[offsetof(struct packed_head, kind)] = (uint8_t)kind;
	bytes_put(p + offsetof(struct packed_head, n_list), 2, out->big, n_list);
	for (size_t i = 0; i < n; i++)
		bytes_put(p + offsetof(struct packed_head, list) + 4 * i, 4, out->big, fields[i]);
	const size_t from = offsetof(struct packed_head, size);
	bytes_put(p + offsetof(struct packed_head, sum), 8, out->big,
		packed_sum(p + from, out->n - from, out->big));
	return (struct span){p, out->n, out->big};
}

struct span pack_end(struct pack *w, const struct pack_about *about, struct err *e)
{
	uint32_t n_errnos, capture = add_capture(w, e);
	uint32_t errnos = add_errnos(w, &n_errnos);
	flat_put(&w->formats, 1, 0);
	uint32_t fields[] = {flat_table(&w->out, &w->plans, 4), pack_clean_text(w, about->name),
		flat_text(&w->out, about->help), 0, 0, 0, capture,
		flat_table(&w->out, &w->formats, 1), errnos, n_errnos, about->for_ms};
	struct flat packed = {.arena = w->out.arena, .big = w->out.big};
	fields[5] = (uint32_t)w->out.n;
	flat_bytes(&packed, w->out.p, HEAD_SIZE);
	lz_pack(&packed, w->out.p + HEAD_SIZE, w->out.n - HEAD_SIZE);
	packed.failed |= w->out.failed;
	return finish(&packed, PACKED_PLANS, w->n_plans, fields, sizeof fields / sizeof *fields, e);
}

static const char btf_option[] = "--btf=";

/* Adds a file and its row. Returns 1. */
static unsigned add_member(struct pack *w, struct flat *rows, uint32_t name, struct span bytes)
{
	flat_put(rows, 4, name);
	flat_put(rows, 4, flat_add(&w->out, bytes.p, bytes.n, 8, FLAT_SHARED, false));
	flat_put(rows, 4, bytes.n);
	return 1;
}

struct span pack_object(const struct pack_object *o, bool big, struct arena *a, struct err *e)
{
	struct pack w;
	struct flat members = {.arena = a, .big = big}, args = members;
	pack_begin(&w, big, a);
	uint32_t name = pack_clean_text(&w, o->name);
	unsigned n = add_member(&w, &members, name, o->bytes);
	for (size_t i = 0; i < o->n_args; i++) {
		uint32_t text = flat_text(&w.out, o->args[i]);
		flat_put(&args, 4, text);
		flat_put(&args, 4, i >= o->first_run);
		if (o->btf.n && !strncmp(o->args[i], btf_option, sizeof btf_option - 1))
			n += add_member(&w, &members, text + sizeof btf_option - 1, o->btf);
	}
	const uint32_t fields[] = {flat_table(&w.out, &members, 4), name,
		flat_text(&w.out, o->help), flat_table(&w.out, &args, 4), (uint32_t)o->n_args};
	return finish(&w.out, PACKED_OBJECT, n, fields, sizeof fields / sizeof *fields, e);
}
