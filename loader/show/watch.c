/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "watch_impl.h"

#include "lost_count.h"
#include "print.h"

#include "elf/base/format.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

enum {
	EVERY_MS = 2000,
	BUSY_US = 1000,        /* delay while a record is reserved but not submitted */
	END_NS = 100000000,    /* no maps so shortly before the end, which shows them */
	LOOK_NS = 200000000,   /* interval of watch_see_processes() */
	STREAM_NS = 100000000, /* and of reading streams, which nothing announces */
	CPUS_NS = 500000000,   /* and of watch_see_cpus() */
	TEXT_ROOM = 512,
};

const struct btf *watch_types(const struct watch *w)
{
	return w->has_btf ? &w->btf : NULL;
}

void watch_head(struct watch_source *s, const struct table *table)
{
	struct watch *w = s->w;
	if ((w->last == s && w->last_table == table) || w->opt->json || w->opt->folded)
		return;
	if (w->last && w->last != s)
		fputc('\n', w->opt->out);
	w->last = s;
	w->last_table = table;
	if (table)
		table_head(table, w->opt->out);
	else if (s->kind == SOURCE_PRINTK)
		fputs("PID    COMM             MESSAGE\n", w->opt->out);
	else if (s->kind == SOURCE_STREAM)
		fputs("PROGRAM         STREAM  TEXT\n", w->opt->out);
}

/* Of the only source, before any data, unless the first record decides on the columns. */
static void show_first_head(struct watch_source *s)
{
	if (s->kind == SOURCE_PRINTK)
		watch_head(s, NULL);
	else if (s->kind < SOURCE_PRINTK && !s->map->n_record_types)
		watch_head(s, &s->table);
}

/* Maps and iterators; at the end, iterators that have not been shown before. */
static bool show_state(struct watch *w, struct err *e)
{
	if (w->in_place)
		return watch_show_frame(w, e);
	for (size_t i = 0; i < w->n_sources; i++) {
		struct watch_source *s = &w->sources[i];
		bool due = s->folded ? w->ending : !w->ending || !s->shown;
		if ((s->kind == SOURCE_MAP && !watch_show_map(s, e)) ||
			(s->kind == SOURCE_ITER && due && !watch_show_iterator(s, e)))
			return false;
	}
	return true;
}

/* Shows everything in the buffers. *busy: a ring has a record that is not submitted yet. */
static bool drain(struct watch *w, bool *busy, struct err *e)
{
	*busy = false;
	for (size_t i = 0; i < w->n_sources; i++) {
		struct watch_source *s = &w->sources[i];
		long n = 0;
		if (s->kind == SOURCE_PRINTK)
			n = watch_drain_printk(s);
		else if (s->kind == SOURCE_STREAM)
			n = watch_drain_stream(s);
		else if (s->kind < SOURCE_PRINTK)
			n = watch_drain_records(s);
		if (n < 0)
			return err_sys(e, (int)-n, "%s", s->name);
		*busy |= s->kind == SOURCE_RING && !n && ring_unread(&s->ring);
	}
	return true;
}

static void flush(struct watch *w)
{
	if (fflush(w->opt->out) || ferror(w->opt->out))
		w->done = true;
}

/* Calls opt->tick; the time of the next call. */
static uint64_t tick(const struct watch *w, bool end)
{
	uint32_t ms = w->opt->tick ? w->opt->tick(w->opt->tick_ctx, w->events, end) : 0;
	return ms ? sys_now_ns() + ms * UINT64_C(1000000) : UINT64_MAX;
}

/* What is due at a time, UINT64_MAX for never. */
struct due {
	uint64_t end, show, tick, look, cpus, metrics, stream;
};

/* Milliseconds until the first of these times, rounded up; -1: never. */
static int wait_ms(uint64_t now, const struct due *due)
{
	const uint64_t times[] = {
		due->end, due->show, due->tick, due->look, due->cpus, due->metrics, due->stream};
	uint64_t until = UINT64_MAX;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		until = times[i] < until ? times[i] : until;
	if (until == UINT64_MAX)
		return -1;
	if (until <= now)
		return 0;
	uint64_t ms = (until - now + 999999) / 1000000;
	return ms < INT32_MAX ? (int)ms : INT32_MAX;
}

/* Waits for data, the end of the time, or a reason to stop. */
static bool wait_for_data(struct watch *w, struct due *due, struct err *e)
{
	struct pollfd *fds = w->fds;
	nfds_t n = 0;
	int keys = w->in_place ? w->screen.keys : -1;
	fds[n++] = (struct pollfd){w->opt->stop_fd, POLLIN, 0};
	fds[n++] = (struct pollfd){fileno(w->opt->out), 0, 0}; /* POLLERR: no reader */
	fds[n++] = (struct pollfd){keys, POLLIN, 0};
	fds[n++] = (struct pollfd){w->opt->end_fd, POLLIN, 0};
	fds[n++] = (struct pollfd){w->opt->metrics_fd, POLLIN, 0};
	for (size_t i = 0; i < w->n_sources; i++)
		if (w->sources[i].kind <= SOURCE_PRINTK)
			fds[n++] = (struct pollfd){w->sources[i].fd, POLLIN, 0};
	int ready = poll(fds, n, wait_ms(sys_now_ns(), due));
	if (ready < 0 && errno != EINTR)
		return err_sys(e, errno, "wait for data");
	w->done |= ready > 0 &&
	           (fds[0].revents || fds[1].revents & (POLLERR | POLLNVAL) || fds[3].revents);
	if (ready > 0 && fds[4].revents)
		watch_answer(w);
	if (ready > 0 && fds[2].revents && watch_key(w))
		due->show = 0;
	return true;
}

static bool has_stacks(const struct watch *w)
{
	for (size_t i = 0; i < w->n_sources; i++)
		if (w->sources[i].stacks)
			return true;
	return false;
}

/* Whether --every has an effect. */
static bool shows_at_intervals(const struct watch *w)
{
	bool any = false;
	for (size_t i = 0; i < w->n_sources; i++)
		any |= w->sources[i].kind >= SOURCE_MAP && (!w->sources[i].folded || w->opt->json);
	return any;
}

int watch_attached_text(const struct plan *p, bool nothing, char *buf, size_t size)
{
	char loaded[40] = "";
	size_t attached = 0;
	for (size_t i = 0; i < p->n_progs; i++)
		attached += p->progs[i].link != PLAN_NONE;
	if (attached < p->n_progs)
		text_print(loaded, sizeof loaded, ", %zu only loaded", p->n_progs - attached);
	return text_print(buf, size, "%s: %zu program%s attached%s%s; Ctrl-C to stop\n", p->name,
		attached, attached == 1 ? "" : "s", loaded,
		nothing ? ", nothing to show (no ring buffer, bpf_printk or map)" : "");
}

static void say_start(struct watch *w)
{
	char text[TEXT_ROOM];
	if (!w->opt->status)
		return;
	watch_attached_text(w->x->plan, !w->n_sources, text, sizeof text);
	fputs(text, w->opt->status);
	if (w->opt->every_ms && !shows_at_intervals(w))
		fputs("note: --every has no effect: nothing is shown at intervals\n",
			w->opt->status);
	for (size_t i = 0; i < w->n_sources; i++) {
		const struct watch_source *s = &w->sources[i];
		const struct plan_prog *iterator = s->prog;
		if (s->kind > SOURCE_PERF && !iterator)
			continue;
		const char *note = iterator ? iterator->event_note : s->map->event_note;
		bool unknown = iterator ? iterator->record.size && !iterator->record.type
		                        : !s->map->event_type;
		if (*note)
			print(w->opt->status, "note: %s\n", note);
		else if (unknown)
			print(w->opt->status, "note: %s '%s': unknown record type; showing bytes\n",
				iterator ? "program" : "map", s->name);
	}
}

/* Whether --where and --fields suit something that is shown. */
static bool suits(const struct watch *w, struct err *e)
{
	const bool where = !w->opt->where || w->where_found,
		   fields = !w->opt->fields || w->fields_found;
	const char *option = where ? "--fields" : "--where";
	if (where && fields)
		return true;
	*e = where ? w->fields_error : w->where_error;
	return e->set ? false : err_set(e, "%s: nothing is shown that has members", option);
}

bool watch_open(struct watch *w, struct exec *x, struct arena *a, const struct watch_options *opt,
	struct err *e)
{
	*w = (struct watch){.x = x, .opt = opt, .arena = a, .fold.arena = a};
	if (x->plan->btf.n) {
		watch_open_names(w);
		if (!btf_open(&w->btf, x->plan->btf, NULL, a, e))
			return false;
		if (!typed_read_meanings(&w->btf, &w->meanings, &w->names.viewer, a))
			return err_nomem(e);
		w->has_btf = true;
		w->meanings.start[TYPED_MONOTONIC] = x->started_ns;
		w->meanings.start[TYPED_BOOTTIME] = x->started_ns + sys_boot_ns() - sys_now_ns();
	}
	if (!watch_add_sources(w, e) || !suits(w, e))
		return false;
	if (!watch_follow_cpus(w, e))
		return false;
	if (!w->cpus && plan_find_map(x->plan, LOST_MAP))
		w->cpus = cpus_possible(x->kfs);
	w->fds = arena_array(a, w->n_sources + 5, sizeof *w->fds);
	if (!w->fds)
		return err_nomem(e);
	watch_in_place(w);
	return true;
}

static struct due first_times(const struct watch *w, uint64_t every)
{
	uint64_t now = sys_now_ns();
	return (struct due){
		.end = w->opt->for_ms ? now + w->opt->for_ms * UINT64_C(1000000) : UINT64_MAX,
		.show = watch_has_kind(w, SOURCE_ITER)  ? now
	                : watch_has_kind(w, SOURCE_MAP) ? now + every
	                                                : UINT64_MAX,
		.tick = tick(w, false),
		.look = has_stacks(w) ? now : UINT64_MAX,
		.cpus = w->follows_cpus ? now + CPUS_NS : UINT64_MAX,
		.stream = watch_has_kind(w, SOURCE_STREAM) ? now : UINT64_MAX,
		.metrics = w->opt->metrics_file ? now : UINT64_MAX,
	};
}

/* Does what is due at intervals. */
static bool keep_up(struct watch *w, struct due *due, uint64_t every, struct err *e)
{
	uint64_t now = sys_now_ns();
	if (!w->done && now >= due->show) {
		bool shows = now + END_NS < due->end && (!w->paused || !due->show);
		if (shows && !show_state(w, e))
			return false;
		/* When showing takes longer than that, the next one still waits. */
		now = sys_now_ns();
		due->show = (due->show + every > now ? due->show : now) + every;
	}
	if (now >= due->stream) /* which drain() does */
		due->stream = now + STREAM_NS;
	if (now >= due->metrics) {
		if (!watch_write_metrics(w, e))
			return false;
		due->metrics = sys_now_ns() + every;
	}
	if (now >= due->look) {
		watch_see_processes(w);
		due->look = sys_now_ns() + LOOK_NS;
	}
	if (now >= due->cpus) {
		if (!watch_see_cpus(w, e))
			return false;
		due->cpus = sys_now_ns() + CPUS_NS;
	}
	if (now >= due->tick)
		due->tick = tick(w, false);
	return true;
}

bool watch_run(struct watch *w, struct err *e)
{
	const uint64_t every = (w->opt->every_ms ? w->opt->every_ms : EVERY_MS) * UINT64_C(1000000);
	bool busy = false;

	say_start(w);
	watch_tell_inferred(w);
	struct due due = first_times(w, every);
	if (w->n_sources == 1)
		show_first_head(&w->sources[0]);
	flush(w);
	while (!w->done && sys_now_ns() < due.end) {
		if (!wait_for_data(w, &due, e) || !drain(w, &busy, e))
			return false;
		if (busy)
			usleep(BUSY_US);
		if (!keep_up(w, &due, every, e))
			return false;
		flush(w);
		if (!watch_rotate(w, e))
			return false;
	}
	if (ferror(w->opt->out))
		return true;
	w->ending = true;
	bool ok = drain(w, &busy, e) && show_state(w, e) &&
	          (!w->opt->metrics_file || watch_write_metrics(w, e));
	stack_fold_print(&w->fold, w->opt->out);
	watch_tell_losses(w);
	watch_tell_reports(w);
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
			perf_buffer_close(&s->perf);
		if (s->kind == SOURCE_PRINTK && s->pipe)
			trace_pipe_close(s->pipe);
		else if (s->kind == SOURCE_PRINTK)
			printk_capture_close(&s->capture);
		arena_free(&s->memory[0]);
		arena_free(&s->memory[1]);
	}
	if (w->in_place)
		screen_close(&w->screen);
	w->n_sources = 0;
	stack_fold_close(&w->fold);
}
