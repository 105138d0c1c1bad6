/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "sonde_impl.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/planner/plan_source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool sonde_report(const struct err *from, struct sonde_error *to)
{
	to->no = from->no;
	text_print(to->text, sizeof to->text, "%s", from->text);
	text_print(to->hint, sizeof to->hint, "%s", from->hint);
	return false;
}

static size_t count(const char *const *list)
{
	size_t n = 0;
	while (list && list[n])
		n++;
	return n;
}

/* Opens an object or saved plan. bytes empty: read the file at path. */
static struct sonde *open_source(const char *path, struct span bytes,
	const struct sonde_options *options, struct sonde_error *e)
{
	static const struct sonde_options defaults;
	const struct sonde_options *o = options ? options : &defaults;
	const struct plan_options opt = {.only = o->only,
		.n_only = count(o->only),
		.target_args = o->targets,
		.n_target_args = count(o->targets),
		.pin = o->pin,
		.maker = "libsonde " SONDE_VERSION,
		.at_once = true,
		.load_only = o->load_only};
	struct err err = {0};
	struct sonde *s = calloc(1, sizeof *s);
	bool ok =
		s ? target_open(&s->target, NULL, &s->arena, &s->kfs, NULL, &err) : err_nomem(&err);
	if (ok) {
		s->target.btf_file = o->btf;
		s->target.config_file = o->kconfig;
		ok = bytes.p ? plan_from_bytes(
				       &s->plan, path, bytes, &opt, &s->target, &s->arena, &err)
		             : plan_from_file(&s->plan, path, &opt, &s->target, &s->arena, &err);
	}
	if (ok)
		return s;
	sonde_report(&err, e);
	sonde_close(s);
	return NULL;
}

struct sonde *sonde_open(
	const char *path, const struct sonde_options *options, struct sonde_error *e)
{
	return open_source(path, (struct span){0}, options, e);
}

struct sonde *sonde_open_memory(const void *bytes, size_t size, const char *name,
	const struct sonde_options *options, struct sonde_error *e)
{
	return open_source(
		name, (struct span){.p = bytes, .n = size, .big = host_is_big()}, options, e);
}

bool sonde_attach(struct sonde *s, struct sonde_error *e)
{
	struct err err = {0};
	if (s->attached) {
		err_set(&err, "%s: already attached", s->plan.path);
		return sonde_report(&err, e);
	}
	s->attached = exec_run(&s->live, &s->plan, &s->arena, &s->kfs, NULL, NULL, &s->log, &err);
	return s->attached || sonde_report(&err, e);
}

const char *sonde_log(const struct sonde *s)
{
	return s->log ? s->log : "";
}

/* ---- file descriptors ---- */

static const struct plan_prog *program_named(const struct sonde *s, const char *name)
{
	for (size_t i = 0; i < s->plan.n_progs; i++)
		if (!strcmp(s->plan.progs[i].name, name))
			return &s->plan.progs[i];
	return NULL;
}

static int fd_of(const struct sonde *s, int16_t slot)
{
	return s->attached ? exec_fd(&s->live, slot) : -1;
}

int sonde_map_fd(const struct sonde *s, const char *map)
{
	const struct plan_map *m = plan_find_map(&s->plan, map);
	return m ? fd_of(s, m->slot) : -1;
}

int sonde_program_fd(const struct sonde *s, const char *program)
{
	const struct plan_prog *p = program_named(s, program);
	return p ? fd_of(s, p->slot) : -1;
}

int sonde_link_fd(const struct sonde *s, const char *program)
{
	const struct plan_prog *p = program_named(s, program);
	return p ? fd_of(s, p->link) : -1;
}

/* ---- ring buffers ---- */

/* The reader of a ring buffer, which is mapped on first use. NULL with -errno in *no on failure. */
static struct reader *reader_of(struct sonde *s, const struct plan_map *m, int *no)
{
	struct err err = {0};
	for (struct reader *r = s->readers; r; r = r->next)
		if (r->slot == m->slot)
			return r;
	struct reader *r = arena_alloc(&s->arena, sizeof *r);
	*no = -ENOMEM;
	if (!r || !ring_map(&r->ring, exec_fd(&s->live, m->slot), m->max_entries, &err)) {
		*no = err.no ? -err.no : *no;
		return NULL;
	}
	r->slot = m->slot;
	r->next = s->readers;
	s->readers = r;
	return r;
}

long sonde_read_ring(struct sonde *s, const char *map, sonde_record_fn fn, void *ctx)
{
	const struct plan_map *m = plan_find_map(&s->plan, map);
	int no = -ENOENT;
	struct reader *r = m && s->attached && m->map_type == BPF_MAP_TYPE_RINGBUF
	                           ? reader_of(s, m, &no)
	                           : NULL;
	return r ? ring_drain(&r->ring, fn, ctx) : no;
}

void sonde_close(struct sonde *s)
{
	if (!s)
		return;
	for (struct reader *r = s->readers; r; r = r->next)
		ring_unmap(&r->ring);
	struct err e = {0}; /* nobody is left to read it */
	exec_close(&s->live, &e);
	target_close(&s->target);
	kfs_close(&s->kfs);
	arena_free(&s->arena);
	free(s);
}
