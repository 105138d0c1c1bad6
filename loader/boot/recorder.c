/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "recorder.h"

#include "elf/base/format.h"
#include "handover.h"
#include "loader/kernel/kfs.h"
#include "loader/kernel/pass_descriptor.h"
#include "loader/plan/abi.h"
#include "loader/show/lost_count.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

enum {
	BUSY_US = 1000,  /* as in the viewer: a record is reserved, but not submitted */
	PAUSE_US = 2000, /* between two drains, so that records come in groups */
	LINE_ROOM = 200,
	OTHERS = 2, /* descriptors to poll that are no sources: stop, collectors */
};

/* Where process 1 has its /run, in a directory that is procfs. */
#define RUN_OF_INIT "1/root/run/"

bool recorder_open(
	struct recorder *r, uint64_t limit, struct arena *a, struct kfs *k, struct err *e)
{
	*r = (struct recorder){.arena = a, .kfs = k, .memory = -1};
	r->listening = handover_listen(e);
	if (r->listening < 0)
		return false;
	r->memory = memfd_create(RECORDER_FILE, MFD_CLOEXEC);
	if (r->memory < 0)
		return err_sys(e, errno, "memory for the recording");
	recording_begin(&r->writer, r->memory, limit);
	return true;
}

static bool is_buffer(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_RINGBUF || m->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

static bool open_buffer(struct recorder_source *s, const struct plan_map *m, struct err *e)
{
	struct recorder *r = s->recorder;
	s->fd = exec_fd(s->x, m->slot);
	s->is_perf = m->map_type != BPF_MAP_TYPE_RINGBUF;
	if (!s->is_perf)
		return ring_map(&s->ring, s->fd, m->max_entries, e);
	bool ok = perf_buffer_open(&s->perf, s->fd, r->arena, s->x->kfs, s->x->watch, e);
	s->fd = s->perf.fd;
	return ok;
}

static bool add_source(struct recorder *r, const struct exec *x, size_t map, struct err *e)
{
	struct recorder_source **list =
		arena_grow(r->arena, r->sources, r->n_sources, &r->room, sizeof *list);
	struct recorder_source *s = arena_alloc(r->arena, sizeof *s);
	if (!list || !s)
		return err_nomem(e);
	*s = (struct recorder_source){
		.x = x, .plan = r->plans, .map = (uint16_t)map, .recorder = r};
	r->sources = list;
	if (!open_buffer(s, &x->plan->maps[map], e))
		return err_where(e, "map '%s'", x->plan->maps[map].name);
	r->sources[r->n_sources++] = s;
	return true;
}

/* Closes the sources from number n on. */
static void close_sources(struct recorder *r, size_t n)
{
	while (r->n_sources > n) {
		struct recorder_source *s = r->sources[--r->n_sources];
		if (s->is_perf)
			perf_buffer_close(&s->perf);
		else
			ring_unmap(&s->ring);
	}
}

static bool add_sources(struct recorder *r, const struct exec *x, struct err *e)
{
	const struct plan *p = x->plan;
	size_t before = r->n_sources;
	for (size_t i = 0; i < p->n_maps && i <= UINT16_MAX; i++)
		if (is_buffer(&p->maps[i]) && !add_source(r, x, i, e))
			return false;
	if (r->n_sources > before)
		return true;
	err_set(e, "nothing to record: no ring buffer or perf event array");
	return err_hint(e, "maps and bpf_printk lines are not recorded");
}

bool recorder_add(struct recorder *r, const struct exec *x, struct span saved, struct err *e)
{
	const struct recording_chunk plan = {.kind = RECORDING_PLAN,
		.plan = r->plans,
		.length = (uint32_t)saved.n,
		.time_ns = sys_boot_ns(),
		.bytes = saved};
	size_t before = r->n_sources;
	bool ok = add_sources(r, x, e);
	struct pollfd *fds = ok ? arena_array(r->arena, r->n_sources + OTHERS, sizeof *fds) : NULL;
	if (ok && !fds)
		ok = err_nomem(e);
	if (ok && !recording_add(&r->writer, &plan))
		ok = err_set(e, "its plan does not fit in the recording (--size)");
	if (!ok) {
		close_sources(r, before);
		return false;
	}
	r->fds = fds;
	r->plans++;
	return true;
}

void recorder_hide(struct recorder *r)
{
	int proc = kfs_dir(r->kfs, KFS_PROC);
	if (proc < 0 || fchdir(proc) || chroot("."))
		(void)!chdir("/");
}

/* ---- records ---- */

static bool copy_record(void *ctx, const void *record, size_t len)
{
	const struct recorder_source *s = ctx;
	const struct recording_chunk row = {.kind = RECORDING_ROW,
		.plan = s->plan,
		.map = s->map,
		.length = (uint32_t)len,
		.time_ns = sys_boot_ns(),
		.bytes = {record, len, host_is_big()}};
	return recording_add(&s->recorder->writer, &row);
}

static bool copy_perf_record(void *ctx, unsigned cpu, const void *data, size_t len)
{
	(void)cpu;
	return copy_record(ctx, data, len);
}

/* False if nothing more can be recorded. */
static bool drain(struct recorder *r)
{
	bool busy = false;
	for (size_t i = 0; i < r->n_sources; i++) {
		struct recorder_source *s = r->sources[i];
		long n = s->is_perf ? perf_buffer_drain(&s->perf, copy_perf_record, s)
		                    : ring_drain(&s->ring, copy_record, s);
		busy |= !s->is_perf && !n && ring_unread(&s->ring);
	}
	recording_flush(&r->writer);
	usleep(busy ? BUSY_US : PAUSE_US);
	return !r->writer.full && !r->writer.error;
}

/* Of each plan, what its map `lost` says; of perf buffers, what the kernel says. */
static void add_losses(struct recorder *r)
{
	for (size_t i = 0; i < r->n_sources; i++) {
		const struct recorder_source *s = r->sources[i];
		const struct ring *ring = &s->ring;
		bool first = !i || r->sources[i - 1]->plan != s->plan;
		bool nearly_full = !s->is_perf && ring->peak > ring->size - ring->size / 8;
		uint64_t n = (s->is_perf ? perf_buffer_lost(&s->perf) : 0) +
		             (first ? lost_count(s->x, NULL, cpus_possible(s->x->kfs)) : 0);
		const struct recording_chunk lost = {.kind = RECORDING_LOST,
			.plan = s->plan,
			.map = s->map,
			.length = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX,
			.time_ns = sys_boot_ns()};
		if (n || nearly_full)
			recording_add(&r->writer, &lost);
	}
}

/* ---- the end ---- */

/* Copies the recording to a file; 0 or an errno. Nothing is left if that fails. */
static int save(int memory, const char *path)
{
	off_t size = lseek(memory, 0, SEEK_END), at = 0;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	ssize_t n = 1;
	while (at < size && n > 0)
		n = sendfile(fd, memory, &at, (size_t)(size - at));
	int error = at == size ? 0 : n < 0 ? errno : ENOSPC;
	if (close(fd) && !error)
		error = errno;
	if (error)
		unlink(path);
	return error;
}

/* Where the recorder has been hidden, the root is procfs. */
static int save_to_run(struct recorder *r)
{
	return kfs_dir(r->kfs, KFS_PROC) < 0 ? ENOENT
	                                     : save(r->memory, "/" RUN_OF_INIT RECORDER_FILE);
}

static void wait_for_end(struct recorder *r, int stop_fd, int *collector)
{
	struct pollfd fds[OTHERS] = {{stop_fd, POLLIN, 0}, {r->listening, POLLIN, 0}};
	while (!fds[0].revents && *collector < 0) {
		fds[0].revents = 0;
		if (poll(fds, OTHERS, -1) > 0 && fds[1].revents)
			*collector = handover_accept(r->listening);
	}
}

/* Copies until there is a reason to end. */
static enum recording_end record(struct recorder *r, uint64_t end_ns, int stop_fd, int *collector)
{
	for (;;) {
		struct pollfd *fds = r->fds;
		nfds_t n = 0;
		uint64_t now = sys_now_ns();
		if (now >= end_ns)
			return RECORDING_TIME;
		uint64_t left = (end_ns - now) / 1000000 + 1;
		fds[n++] = (struct pollfd){stop_fd, POLLIN, 0};
		fds[n++] = (struct pollfd){r->listening, POLLIN, 0};
		for (size_t i = 0; i < r->n_sources; i++)
			fds[n++] = (struct pollfd){r->sources[i]->fd, POLLIN, 0};
		int ready = poll(fds, n, left < INT32_MAX ? (int)left : INT32_MAX);
		if (!drain(r))
			return RECORDING_FULL;
		if (ready > 0 && fds[1].revents)
			*collector = handover_accept(r->listening);
		if (*collector >= 0)
			return RECORDING_COLLECTED;
		if (ready > 0 && fds[0].revents)
			return RECORDING_STOPPED;
	}
}

void recorder_run(struct recorder *r, uint32_t for_ms, int stop_fd, void (*detach)(void *ctx),
	void (*say)(void *ctx, const char *text), void *ctx)
{
	char line[LINE_ROOM];
	int collector = -1;
	uint64_t end_ns = for_ms ? sys_now_ns() + for_ms * UINT64_C(1000000) : UINT64_MAX;
	enum recording_end how = record(r, end_ns, stop_fd, &collector);
	drain(r);
	add_losses(r);
	recording_finish(&r->writer, how, sys_boot_ns());
	detach(ctx);
	if (r->writer.error)
		say(ctx, "the recording is cut: no memory");
	int error = collector < 0 ? save_to_run(r) : 0;
	if (error) {
		text_print(line, sizeof line,
			"/run/" RECORDER_FILE ": %s; the recording is kept in memory",
			strerror(error));
		say(ctx, line);
		if (how != RECORDING_STOPPED)
			wait_for_end(r, stop_fd, &collector);
	}
	if (collector >= 0) {
		pass_descriptor(collector, r->memory, 0);
		close(collector);
	}
}

void recorder_close(struct recorder *r)
{
	close_sources(r, 0);
	if (r->memory >= 0)
		close(r->memory);
	if (r->listening >= 0)
		close(r->listening);
}
