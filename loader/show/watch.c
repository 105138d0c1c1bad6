/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "watch.h"

#include "loader/plan/abi.h"
#include "map_view.h"
#include "printk_format.h"
#include "loader/kernel/perf_buffer.h"
#include "loader/kernel/printk_capture.h"
#include "loader/kernel/trace_pipe.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	EVERY_MS = 2000,
	BUSY_US = 1000, /* a record is reserved but not submitted yet: look again soon */
	ROWS_MAX = 40,  /* of a map, each time that it is shown on a terminal */
	POLL_MAX = 64,
	MESSAGE_AT = 24,
	TERMINAL_MIN = 40,
	END_NS = 100000000,
	LOOK_NS = 200000000, /* how often it is noted whose stacks there are */
	LINE_ROOM = 512,     /* longer lines are written in pieces */
};

/* Those up to SOURCE_PRINTK come by themselves, in a descriptor that polls readable. */
enum source_kind { SOURCE_RING, SOURCE_PERF, SOURCE_PRINTK, SOURCE_MAP, SOURCE_ITER };

/* One thing that is shown. */
struct watch_source {
	enum source_kind kind;
	struct watch *w;
	const struct plan_map *map; /* NULL: bpf_printk, iterators */
	int fd;                     /* to poll, or of the map */
	struct ring ring;
	struct perfbuf perf;
	struct printk_capture capture;
	struct tracepipe *pipe; /* instead of capture on kernels before 5.9, else NULL */
	struct table table;
	struct table *kinds; /* of records of several types, as map->kinds */
	/* maps: the last two snapshots, for the growth of counters */
	struct map_info info;
	struct mapview view;
	struct arena memory[2];
	struct map_entries entries[2];
	uint64_t taken_ns[2];
	unsigned shown; /* how often; the newest snapshot is number (shown - 1) % 2 */
	bool stacks;    /* its keys belong to stacks */
};

/* ---- what there is to show ---- */

static struct watch_source *add_source(
	struct watch *w, enum source_kind kind, const struct plan_map *map, struct err *e)
{
	struct watch_source *s =
		arena_grow(w->arena, w->sources, w->n_sources, &w->room, sizeof *s);
	if (!s) {
		err_nomem(e);
		return NULL;
	}
	w->sources = s;
	s += w->n_sources++;
	*s = (struct watch_source){
		.kind = kind, .w = w, .map = map, .fd = map ? exec_fd(w->x, map->slot) : -1};
	return s;
}

static const struct btf *types(const struct watch *w)
{
	return w->has_btf ? &w->btf : NULL;
}

static bool make_tables(struct watch_source *s, struct err *e)
{
	struct watch *w = s->w;
	const struct plan_map *m = s->map;
	s->kinds = arena_array(w->arena, m->n_kinds, sizeof *s->kinds);
	if (!s->kinds)
		return err_nomem(e);
	for (size_t i = 0; i < m->n_kinds; i++)
		if (!table_make(&s->kinds[i], types(w), m->kinds[i].type, "VALUE", w->arena, e))
			return false;
	return table_make(&s->table, types(w), m->event_type, "VALUE", w->arena, e);
}

/* How a record of this length is shown. A perf buffer pads records (and the length in front of
 * them) to 8 bytes. */
static const struct table *table_of(const struct watch_source *s, size_t len)
{
	for (size_t i = 0; i < s->map->n_kinds; i++) {
		size_t size = s->map->kinds[i].size;
		if (size == len || (s->kind == SOURCE_PERF && (size + 4 + 7) / 8 * 8 == len + 4))
			return &s->kinds[i];
	}
	return &s->table;
}

static bool add_ring(struct watch *w, const struct plan_map *map, struct err *e)
{
	struct watch_source *s = add_source(w, SOURCE_RING, map, e);
	if (!s || !ring_map(&s->ring, s->fd, map->max_entries, e))
		return err_where(e, "map '%s'", map->name);
	return make_tables(s, e);
}

static bool add_perf(struct watch *w, const struct plan_map *map, struct err *e)
{
	struct watch_source *s = add_source(w, SOURCE_PERF, map, e);
	if (!s)
		return false;
	s->perf.fd = -1;
	if (!perfbuf_open(&s->perf, s->fd, w->arena, w->x->kfs, w->x->watch, e))
		return err_where(e, "map '%s'", map->name);
	s->fd = s->perf.fd;
	return make_tables(s, e);
}

/* Kernels that have no tracepoint for it: their trace_pipe is all there is. */
static bool open_pipe(struct watch_source *s, struct err *e)
{
	struct watch *w = s->w;
	s->pipe = arena_alloc(w->arena, sizeof *s->pipe);
	if (!s->pipe)
		return err_nomem(e);
	if (!tracepipe_open(s->pipe, w->x->kfs, e)) {
		s->pipe = NULL;
		return err_where(e, "bpf_printk");
	}
	s->fd = s->pipe->fd;
	if (w->opt->status)
		fputs("note: lines of bpf_printk are taken out of trace_pipe\n", w->opt->status);
	return true;
}

static bool add_printk(struct watch *w, struct err *e)
{
	struct watch_source *s = add_source(w, SOURCE_PRINTK, NULL, e);
	struct err why = {0};
	if (!s)
		return false;
	if (!printk_capture_open(&s->capture, w->arena, w->x->kfs, w->x->watch, &why))
		return open_pipe(s, e);
	s->fd = printk_capture_fd(&s->capture);
	return true;
}

static struct map_info map_info_of(const struct plan_map *map)
{
	return (struct map_info){.name = map->name,
		.type = map->map_type,
		.key_size = map->key_size,
		.value_size = map->value_size,
		.max_entries = map->max_entries,
		.flags = map->map_flags};
}

/* 0: no terminal. */
static unsigned terminal_width(FILE *out)
{
	struct winsize size;
	if (!isatty(fileno(out)))
		return 0;
	bool known = !ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col >= TERMINAL_MIN;
	return known ? size.ws_col : TABLE_WIDTH;
}

static bool add_map(struct watch *w, const struct plan_map *map, struct err *e)
{
	struct watch_source *s = add_source(w, SOURCE_MAP, map, e);
	if (!s)
		return false;
	s->info = map_info_of(map);
	s->view = (struct mapview){.btf = types(w),
		.key_type = map->key_type,
		.value_type = map->value_type,
		.rows = ROWS_MAX,
		.width = terminal_width(w->opt->out),
		.cpus = w->opt->cpus};
	s->stacks = mapview_has_stacks(types(w), map->key_type);
	s->view.folded = s->stacks && !s->view.width;
	if (map_is_percpu(map->map_type) && !w->cpus)
		w->cpus = map_cpus(w->x->kfs);
	return true;
}

static bool is_ring(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_RINGBUF;
}

static bool is_perf(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

static bool is_listable(const struct plan_map *m)
{
	return map_access(m->map_type) != MAP_OPAQUE;
}

static const struct plan_map *find_map(const struct plan *p, const char *name)
{
	for (size_t i = 0; i < p->n_maps; i++)
		if (!strcmp(p->maps[i].name, name))
			return &p->maps[i];
	return NULL;
}

bool watch_can_show(const struct plan *p, const char *name, struct err *e)
{
	const struct plan_map *m = find_map(p, name);
	char names[400] = "", nick[48];
	size_t n = 0;
	if (m && (is_ring(m) || is_perf(m) || is_listable(m)))
		return true;
	if (m)
		return err_set(e, "map '%s': the entries of a map of type %s can't be listed", name,
			abi_nick(ABI_MAP_TYPES, m->map_type, nick));
	for (size_t i = 0; i < p->n_maps && n < sizeof names; i++)
		n += (size_t)snprintf(
			names + n, sizeof names - n, "%s%s", n ? ", " : "", p->maps[i].name);
	err_set(e, "%s: there is no map '%s'", p->path, name);
	return err_hint(e, "%s%s", n ? "its maps are: " : "it has no maps", names);
}

static bool add_wanted_map(struct watch *w, const char *name, struct err *e)
{
	const struct plan_map *m = find_map(w->x->plan, name);
	if (!watch_can_show(w->x->plan, name, e))
		return false;
	if (is_ring(m) || is_perf(m))
		return true; /* its records are shown anyway */
	return add_map(w, m, e);
}

static bool is_stack_map(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_STACK_TRACE && m->key_size == 4;
}

/* What is tagged so is not shown unasked; stacks whose ids are in the keys of another map are shown
 * there. */
static bool is_hidden(const struct watch *w, const struct plan_map *m)
{
	const struct plan *p = w->x->plan;
	enum typed_unit unit;
	if (typed_variable(types(w), m->name, &unit) == TYPED_KERNEL)
		return true;
	for (size_t i = 0; is_stack_map(m) && i < p->n_maps; i++)
		if (mapview_has_stacks(types(w), p->maps[i].key_type))
			return true;
	return false;
}

/* Data sections that never change are no news. */
static bool add_all_maps(struct watch *w, struct err *e)
{
	const struct plan *p = w->x->plan;
	for (size_t i = 0; i < p->n_maps; i++)
		if (is_listable(&p->maps[i]) && !(p->maps[i].data && p->maps[i].frozen) &&
			!is_hidden(w, &p->maps[i]) && !add_map(w, &p->maps[i], e))
			return false;
	return true;
}

/* Who knows names. Of several maps of stacks the name tells which are for the kernel's; a kind that
 * has none of its own shares one. */
static void open_names(struct watch *w)
{
	static const char *const words[] = {"kern", "user", ""};
	const struct plan *p = w->x->plan;
	names_open(&w->names, w->x->kfs, w->x->watch, w->arena);
	for (enum stack_kind kind = 0; kind < STACK_KINDS; kind++)
		for (size_t i = p->n_maps; i--;)
			if (is_stack_map(&p->maps[i]) &&
				(w->names.stacks[kind].map < 0 ||
					strstr(p->maps[i].name, words[kind])))
				names_stacks(&w->names, kind, exec_fd(w->x, p->maps[i].slot),
					p->maps[i].value_size);
}

/* An iterator is a link; each reading of it starts anew. */
static bool add_iterators(struct watch *w, struct err *e)
{
	const struct plan *p = w->x->plan;
	for (size_t i = 0; i < p->n_progs; i++) {
		int link = exec_fd(w->x, p->progs[i].link);
		if (p->progs[i].attach_type != BPF_TRACE_ITER || link < 0)
			continue;
		struct watch_source *s = add_source(w, SOURCE_ITER, NULL, e);
		if (!s)
			return false;
		s->fd = link;
	}
	return true;
}

static bool add_sources(struct watch *w, struct err *e)
{
	const struct plan *p = w->x->plan;
	bool prints = false;
	for (size_t i = 0; i < p->n_maps; i++)
		if ((is_ring(&p->maps[i]) && !add_ring(w, &p->maps[i], e)) ||
			(is_perf(&p->maps[i]) && !add_perf(w, &p->maps[i], e)))
			return false;
	for (size_t i = 0; i < p->n_progs; i++)
		prints |= p->progs[i].prints;
	if (prints && !add_printk(w, e))
		return false;
	if (!add_iterators(w, e))
		return false;
	for (size_t i = 0; i < w->opt->n_maps; i++)
		if (!add_wanted_map(w, w->opt->maps[i], e))
			return false;
	return w->n_sources || add_all_maps(w, e);
}

/* ---- showing ---- */

/* Before the first line of a source, and when another one wrote in between. table: of records. */
static void show_head(struct watch_source *s, const struct table *table)
{
	struct watch *w = s->w;
	if ((w->last == s && w->last_table == table) || w->opt->json)
		return;
	if (w->last && w->last != s)
		fputc('\n', w->opt->out);
	w->last = s;
	w->last_table = table;
	if (table)
		table_head(table, w->opt->out);
	else if (s->kind == SOURCE_PRINTK)
		fputs("PID    COMM             MESSAGE\n", w->opt->out);
}

/* Of the only source, before there is anything to show; which columns come first may be open. */
static void show_first_head(struct watch_source *s)
{
	if (s->kind == SOURCE_PRINTK)
		show_head(s, NULL);
	else if (s->kind < SOURCE_PRINTK && !s->map->n_kinds)
		show_head(s, &s->table);
}

static bool show_record(void *ctx, const void *record, size_t len)
{
	struct watch_source *s = ctx;
	const struct table_extra extra = {"map", s->map->name};
	struct span bytes = {record, len, host_is_big()};
	const struct table *table = table_of(s, len);
	show_head(s, table);
	if (s->w->opt->json)
		table_json(table, s->w->opt->out, bytes, &extra, 1);
	else
		table_row(table, s->w->opt->out, bytes);
	s->w->events++;
	return !ferror(s->w->opt->out);
}

static bool show_perf_record(void *ctx, unsigned cpu, const void *data, size_t len)
{
	(void)cpu;
	return show_record(ctx, data, len);
}

/* The program that can have written a line; NULL: none of ours. */
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
	json_key(&j, "program");
	json_str(&j, prog->name);
	json_key(&j, "pid");
	json_uint(&j, line->pid);
	json_key(&j, "tid");
	json_uint(&j, line->tid);
	json_key(&j, "comm");
	json_str(&j, line->comm);
	json_key(&j, "cpu");
	json_uint(&j, line->cpu);
	json_key(&j, "time_ns");
	json_uint(&j, line->time_ns);
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
	show_head(s, NULL);
	if (s->w->opt->json) {
		line_json(prog, line, out);
	} else {
		char text[LINE_ROOM];
		struct typed_out o = {.file = out, .buffer = text, .room = sizeof text};
		typed_printf(&o, "%-6" PRIu32 " ", line->pid);
		typed_chars(&o,
			(struct span){(const uint8_t *)line->comm, strlen(line->comm), false},
			false);
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
	struct printk_line line;
	return !printk_parse(text, len, &line) || show_line(ctx, &line);
}

/* Whose addresses may want names later is noted while it lives. */
static void see_processes(struct watch *w)
{
	for (size_t i = 0; i < w->n_sources; i++) {
		struct watch_source *s = &w->sources[i];
		struct arena scratch = {0};
		struct map_entries entries;
		struct err ignored = {0};
		if (s->kind == SOURCE_MAP && s->stacks &&
			map_snapshot(w->x->watch, s->fd, &s->info, w->cpus ? w->cpus : 1, &scratch,
				&entries, &ignored))
			mapview_see_processes(&s->view, &entries);
		arena_free(&scratch);
	}
}

/* Folded stacks are numbers that a program adds up: they are written once. */
static bool waits_for_end(const struct watch_source *s)
{
	return s->view.folded && !s->w->opt->json && !s->w->ending;
}

/* Beside folded stacks an empty map is no news, but a line that the next program can't read. */
static bool disturbs(const struct watch_source *s, const struct map_entries *entries)
{
	const struct watch *w = s->w;
	bool folds = false;
	for (size_t i = 0; i < w->n_sources; i++)
		folds |= w->sources[i].kind == SOURCE_MAP && w->sources[i].view.folded;
	return folds && !s->view.folded && !w->opt->json && !entries->n;
}

static bool show_map(struct watch_source *s, struct err *e)
{
	struct watch *w = s->w;
	unsigned now = s->shown % 2, before = !now;
	struct arena scratch = {0};
	arena_free(&s->memory[now]);
	s->view.info = &s->info; /* the sources may have moved since it was made */
	if (waits_for_end(s))
		return true;
	s->taken_ns[now] = sys_now_ns();
	if (!map_snapshot(w->x->watch, s->fd, &s->info, w->cpus ? w->cpus : 1, &s->memory[now],
		    &s->entries[now], e))
		return err_where(e, "map '%s'", s->info.name);
	if (disturbs(s, &s->entries[now]))
		return true;
	if (!w->opt->json && !s->view.folded && w->last)
		fputc('\n', w->opt->out);
	w->last = s;
	bool ok = w->opt->json ? mapview_json(w->opt->out, &s->view, &s->entries[now], &scratch, e)
	                       : mapview_text(w->opt->out, &s->view, &s->entries[now],
					 s->shown ? &s->entries[before] : NULL,
					 s->taken_ns[now] - s->taken_ns[before], &scratch, e);
	arena_free(&scratch);
	s->shown++;
	return ok;
}

/* What an iterator's program writes is text already. */
static bool show_iterator(struct watch_source *s, struct err *e)
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

/* What doesn't come by itself is asked for. */
static bool show_state(struct watch *w, struct err *e)
{
	for (size_t i = 0; i < w->n_sources; i++) {
		struct watch_source *s = &w->sources[i];
		if ((s->kind == SOURCE_MAP && !show_map(s, e)) ||
			(s->kind == SOURCE_ITER && !show_iterator(s, e)))
			return false;
	}
	return true;
}

/* Takes everything that waits in the buffers. *busy: a ring has a record that is not finished. */
static bool drain(struct watch *w, bool *busy, struct err *e)
{
	*busy = false;
	for (size_t i = 0; i < w->n_sources; i++) {
		struct watch_source *s = &w->sources[i];
		long n = 0;
		if (s->kind == SOURCE_RING)
			n = ring_drain(&s->ring, show_record, s);
		else if (s->kind == SOURCE_PERF)
			n = perfbuf_drain(&s->perf, show_perf_record, s);
		else if (s->kind == SOURCE_PRINTK)
			n = s->pipe ? tracepipe_drain(s->pipe, show_pipe_line, s)
			            : printk_capture_drain(&s->capture, show_line, s);
		if (n < 0)
			return err_sys(e, (int)-n, "%s", s->map ? s->map->name : "bpf_printk");
		*busy |= s->kind == SOURCE_RING && !n && ring_unread(&s->ring);
	}
	return true;
}

static void flush(struct watch *w)
{
	if (fflush(w->opt->out) || ferror(w->opt->out))
		w->done = true;
}

/* ---- the loop ---- */

/* When the one who looks on wants to be called again. */
static uint64_t tick(const struct watch *w, bool end)
{
	uint32_t ms = w->opt->tick ? w->opt->tick(w->opt->tick_ctx, w->events, end) : 0;
	return ms ? sys_now_ns() + ms * UINT64_C(1000000) : UINT64_MAX;
}

/* Milliseconds until the time comes, rounded up; -1: never. */
static int wait_ms(uint64_t now, uint64_t deadline, uint64_t next_show, uint64_t next_tick)
{
	uint64_t until = deadline < next_show ? deadline : next_show;
	until = until < next_tick ? until : next_tick;
	if (until == UINT64_MAX)
		return -1;
	if (until <= now)
		return 0;
	uint64_t ms = (until - now + 999999) / 1000000;
	return ms < INT32_MAX ? (int)ms : INT32_MAX;
}

static void wait_for_news(struct watch *w, int ms)
{
	struct pollfd fds[POLL_MAX];
	nfds_t n = 0;
	fds[n++] = (struct pollfd){w->opt->stop_fd, POLLIN, 0};
	fds[n++] = (struct pollfd){fileno(w->opt->out), 0, 0}; /* POLLERR: nobody reads any more */
	for (size_t i = 0; i < w->n_sources && n < POLL_MAX; i++)
		if (w->sources[i].kind <= SOURCE_PRINTK)
			fds[n++] = (struct pollfd){w->sources[i].fd, POLLIN, 0};
	if (poll(fds, n, ms) > 0 && (fds[0].revents || fds[1].revents & (POLLERR | POLLNVAL)))
		w->done = true;
}

static bool has_kind(const struct watch *w, enum source_kind kind)
{
	for (size_t i = 0; i < w->n_sources; i++)
		if (w->sources[i].kind == kind)
			return true;
	return false;
}

static bool has_stacks(const struct watch *w)
{
	for (size_t i = 0; i < w->n_sources; i++)
		if (w->sources[i].stacks)
			return true;
	return false;
}

static void say_start(struct watch *w)
{
	const struct plan *p = w->x->plan;
	if (!w->opt->status)
		return;
	size_t attached = 0;
	for (size_t i = 0; i < p->n_progs; i++)
		attached += p->progs[i].link != PLAN_NONE;
	fprintf(w->opt->status, "%s: %zu program%s attached", p->name, attached,
		attached == 1 ? "" : "s");
	if (attached < p->n_progs)
		fprintf(w->opt->status, ", %zu only loaded", p->n_progs - attached);
	fprintf(w->opt->status, "%s; Ctrl-C ends\n",
		w->n_sources ? "" : ", nothing to show (no ring buffer, bpf_printk or map)");
	for (size_t i = 0; i < w->n_sources; i++) {
		const struct plan_map *m = w->sources[i].map;
		if (w->sources[i].kind > SOURCE_PERF)
			continue;
		if (*m->event_note)
			fprintf(w->opt->status, "note: %s\n", m->event_note);
		else if (!m->event_type)
			fprintf(w->opt->status,
				"note: map '%s': the type of its records is not known; shown as "
				"bytes\n",
				m->name);
	}
}

/* By convention a map `lost` of one number counts the records that found no room (progs/README.md).
 */
static uint64_t lost_by_count(const struct watch *w)
{
	const struct plan_map *m = find_map(w->x->plan, "lost");
	struct map_entries entries;
	struct arena scratch = {0};
	struct err ignored = {0};
	uint64_t lost = 0, n;
	if (!m || m->max_entries != 1 || m->data || !is_listable(m))
		return 0;
	const struct map_info info = map_info_of(m);
	if (map_snapshot(w->x->watch, exec_fd(w->x, m->slot), &info, map_cpus(w->x->kfs), &scratch,
		    &entries, &ignored))
		for (unsigned cpu = 0; entries.n && cpu < entries.cpus; cpu++)
			if (typed_number(types(w), (struct typed_field){.type = m->value_type},
				    map_value(&entries, 0, cpu), &n))
				lost += n;
	arena_free(&scratch);
	return lost;
}

/* The kernel doesn't count what found a ring buffer full; that it was full can be seen. */
static void say_losses(struct watch *w)
{
	uint64_t counted = w->opt->status && !has_kind(w, SOURCE_MAP) ? lost_by_count(w) : 0;
	if (counted) {
		fprintf(w->opt->status,
			"note: %" PRIu64 " records found the ring buffer full and were lost\n",
			counted);
		return;
	}
	for (size_t i = 0; i < w->n_sources && w->opt->status; i++) {
		struct watch_source *s = &w->sources[i];
		if (s->kind == SOURCE_PERF && perfbuf_lost(&s->perf))
			fprintf(w->opt->status, "note: map '%s': %" PRIu64 " records were lost\n",
				s->map->name, perfbuf_lost(&s->perf));
		const struct ring *r = s->kind == SOURCE_RING ? &s->ring : &s->capture.ring;
		if (s->kind == SOURCE_PERF || s->kind > SOURCE_PRINTK || s->pipe ||
			r->peak <= r->size - r->size / 8)
			continue;
		fprintf(w->opt->status,
			"note: %s%s%s was nearly full: records were probably lost\n",
			s->map ? "map '" : "the buffer for lines of bpf_printk",
			s->map ? s->map->name : "", s->map ? "'" : "");
	}
}

bool watch_open(struct watch *w, const struct exec *x, struct arena *a,
	const struct watch_options *opt, struct err *e)
{
	*w = (struct watch){.x = x, .opt = opt, .arena = a};
	if (x->plan->btf.n) {
		open_names(w);
		if (!btf_open(&w->btf, x->plan->btf, NULL, a, e))
			return false;
		if (!typed_note(&w->btf, &w->notes, &w->names.viewer, a))
			return err_nomem(e);
		w->has_btf = true;
	}
	return add_sources(w, e);
}

bool watch_run(struct watch *w, struct err *e)
{
	const uint64_t every = (w->opt->every_ms ? w->opt->every_ms : EVERY_MS) * UINT64_C(1000000);
	uint64_t now = sys_now_ns();
	uint64_t deadline = w->opt->for_ms ? now + w->opt->for_ms * UINT64_C(1000000) : UINT64_MAX;
	uint64_t next_show = has_kind(w, SOURCE_ITER)  ? now
	                     : has_kind(w, SOURCE_MAP) ? now + every
	                                               : UINT64_MAX;
	bool busy = false;

	say_start(w);
	uint64_t next_tick = tick(w, false);
	uint64_t next_look = has_stacks(w) ? now : UINT64_MAX;
	if (w->n_sources == 1)
		show_first_head(&w->sources[0]);
	for (flush(w); !w->done && (now = sys_now_ns()) < deadline; flush(w)) {
		wait_for_news(w, wait_ms(now, deadline, next_show,
					 next_tick < next_look ? next_tick : next_look));
		if (!drain(w, &busy, e))
			return false;
		if (busy)
			usleep(BUSY_US);
		/* Not right before the end, which shows all once more. */
		if (!w->done && (now = sys_now_ns()) >= next_show) {
			if (now + END_NS < deadline && !show_state(w, e))
				return false;
			next_show += every;
		}
		if (sys_now_ns() >= next_look) {
			see_processes(w);
			next_look = sys_now_ns() + LOOK_NS;
		}
		if (sys_now_ns() >= next_tick)
			next_tick = tick(w, false);
	}
	if (ferror(w->opt->out))
		return true;
	w->ending = true;
	bool ok = drain(w, &busy, e) && (!has_kind(w, SOURCE_MAP) || show_state(w, e));
	say_losses(w);
	tick(w, true);
	flush(w);
	return ok;
}

void watch_close(struct watch *w)
{
	for (size_t i = 0; i < w->n_sources; i++) {
		struct watch_source *s = &w->sources[i];
		if (s->kind == SOURCE_RING)
			ring_unmap(&s->ring);
		if (s->kind == SOURCE_PERF)
			perfbuf_close(&s->perf);
		if (s->kind == SOURCE_PRINTK && s->pipe)
			tracepipe_close(s->pipe);
		else if (s->kind == SOURCE_PRINTK)
			printk_capture_close(&s->capture);
		arena_free(&s->memory[0]);
		arena_free(&s->memory[1]);
	}
	w->n_sources = 0;
}
