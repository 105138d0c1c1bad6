/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "diagnostics.h"

#include "loader/plan/abi.h"
#include "elf/link/ctx_use.h"
#include "loader/hook/syscall_alias.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	TEXT_MAX = 600,
	FORMAT_MAX = 16384, /* of a format file of tracefs */
	FIELDS_MAX = 64,
	QUIET_MS = 1000,  /* before counting begins */
	COUNT_MS = 10000, /* how long is counted */
	COUNT_MIN_MS = 2000,
	PROGS_TOLD = 4,
	MAP_UPDATE_ELEM = 2, /* the helper */
};

struct remarks {
	const struct exec *x;
	remark_fn fn;
	void *ctx;
};

__attribute__((format(printf, 2, 3))) static void say(const struct remarks *r, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	r->fn(r->ctx, text);
}

static const struct plan_blob *code_of(const struct plan *p, const struct plan_prog *prog)
{
	static const struct plan_blob none = {0};
	return prog->insns == PLAN_NONE || !p->blobs[prog->insns].bytes ? &none
	                                                                : &p->blobs[prog->insns];
}

/* ---- maps ---- */

/* The slot that a step of BPF_MAP_UPDATE_ELEM puts into this field, PLAN_NONE when it is another
 * step, or puts none there. */
static int updated_slot(const struct plan *p, const struct plan_step *s, const char *field)
{
	struct abi_field f;
	if (s->op != STEP_BPF || s->cmd != BPF_MAP_UPDATE_ELEM ||
		!abi_field_by_name(s->cmd, field, &f))
		return PLAN_NONE;
	const struct plan_blob *attr = &p->blobs[s->attr];
	for (size_t i = 0; i < attr->n_patches; i++) {
		const struct plan_patch *patch = &attr->patches[i];
		if (patch->at != f.offset)
			continue;
		if (patch->what == PATCH_SLOT)
			return patch->index;
		const struct plan_blob *b = &p->blobs[patch->index];
		return b->n_patches && b->patches[0].what == PATCH_SLOT ? b->patches[0].index
		                                                        : PLAN_NONE;
	}
	return PLAN_NONE;
}

static bool is_filled(const struct plan *p, const struct plan_map *m)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (updated_slot(p, &p->steps[i], "map_fd") == m->slot)
			return true;
	return false;
}

static bool is_growing(uint32_t map_type)
{
	switch (map_type) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_LPM_TRIE:
		return true;
	default:
		return false;
	}
}

static bool any_calls(const struct plan *p, int32_t helper)
{
	for (size_t i = 0; i < p->n_progs; i++) {
		const struct plan_blob *code = code_of(p, &p->progs[i]);
		if (ctxuse_calls(code->bytes, code->size / 8, p->big, helper))
			return true;
	}
	return false;
}

/* Does a program refer to it? */
static bool is_used(const struct plan *p, const struct plan_map *m)
{
	for (size_t i = 0; i < p->n_progs; i++) {
		const struct plan_blob *code = code_of(p, &p->progs[i]);
		for (size_t k = 0; k < code->n_patches; k++)
			if (code->patches[k].what == PATCH_SLOT &&
				code->patches[k].index == m->slot)
				return true;
	}
	return false;
}

static void remark_maps(const struct remarks *r)
{
	const struct plan *p = r->x->plan;
	bool adds = any_calls(p, MAP_UPDATE_ELEM);
	for (size_t i = 0; i < p->n_maps; i++) {
		const struct plan_map *m = &p->maps[i];
		if (!is_used(p, m) || is_filled(p, m))
			continue;
		if (m->map_type == BPF_MAP_TYPE_PROG_ARRAY)
			say(r,
				"map '%s' (array of programs) is empty: a tail call into it does "
				"nothing, and the program goes on; fill it in the object: .values "
				"= "
				"{[0] = (void *)&PROGRAM}",
				m->name);
		else if (is_growing(m->map_type) && !adds)
			say(r,
				"map '%s': no program here adds entries to it, so a lookup finds "
				"nothing until somebody else adds some",
				m->name);
	}
}

/* A program that others reach by tail call, and that its own hook runs as well. */
static void remark_tail_calls(const struct remarks *r)
{
	const struct plan *p = r->x->plan;
	for (size_t i = 0; i < p->n_steps; i++) {
		int slot = updated_slot(p, &p->steps[i], "value");
		for (size_t k = 0; k < p->n_progs && slot != PLAN_NONE; k++) {
			const struct plan_prog *prog = &p->progs[k];
			if (prog->slot == slot && prog->link != PLAN_NONE &&
				prog->prog_type != BPF_PROG_TYPE_STRUCT_OPS)
				say(r,
					"program '%s' (%s) is the target of tail calls, and "
					"attached "
					"as well: it also runs on its own; SEC(\"?%s\") keeps it "
					"for "
					"the tail calls",
					prog->name, prog->sec, prog->sec);
		}
	}
}

/* ---- formats of bpf_printk ---- */

static bool is_ascii(const char *s)
{
	while (*s && !(*s & 0x80))
		s++;
	return !*s;
}

static void remark_formats(const struct remarks *r)
{
	const struct plan *p = r->x->plan;
	for (size_t i = 0; i < p->n_progs; i++)
		for (size_t k = 0; k < p->progs[i].n_formats; k++)
			if (!is_ascii(p->progs[i].formats[k])) {
				say(r,
					"program '%s': the text of a bpf_printk is not plain "
					"ASCII: "
					"many kernels print nothing then",
					p->progs[i].name);
				break;
			}
}

/* ---- records of tracepoints ---- */

struct field {
	uint32_t off, size;
	char name[40];
};

struct record {
	struct field fields[FIELDS_MAX];
	size_t n, common;          /* the first `common` ones are those of every record */
	uint32_t end;              /* of the last one; behind are strings */
	bool bad;                  /* something is read that is laid out in another way: */
	const struct field *wrong; /* the field there, NULL: none */
	int32_t off;
	uint32_t size;
};

static bool number_behind(const char *line, const char *word, uint32_t *n)
{
	const char *p = strstr(line, word);
	if (!p)
		return false;
	*n = (uint32_t)strtoul(p + strlen(word), NULL, 10);
	return true;
}

/* "	field:unsigned short common_type;	offset:0;	size:2;	signed:0;" */
static void read_field(struct record *rec, const char *line)
{
	struct field *f = &rec->fields[rec->n];
	const char *end = strchr(line, ';');
	if (rec->n == FIELDS_MAX || !strstr(line, "field:") || !end ||
		!number_behind(line, "offset:", &f->off) || !number_behind(line, "size:", &f->size))
		return;
	const char *bracket = memchr(line, '[', (size_t)(end - line));
	end = bracket ? bracket : end;
	const char *name = end;
	while (name > line && name[-1] != ' ' && name[-1] != '*' && name[-1] != ':')
		name--;
	snprintf(f->name, sizeof f->name, "%.*s", (int)(end - name), name);
	rec->n++;
	rec->end = f->off + f->size > rec->end ? f->off + f->size : rec->end;
	rec->common += !strncmp(f->name, "common_", 7);
}

static void read_format(struct record *rec, char *text)
{
	for (char *line = text; *line;) {
		char *end = line + strcspn(line, "\n");
		bool more = *end;
		*end = 0;
		read_field(rec, line);
		line = end + more;
	}
}

/*
 * A load is as it should be when it begins in a field and reaches into no other; what lies between
 * fields it may read too. In the common fields it has to stay inside of one.
 */
static bool check_load(void *ctx, int32_t off, uint32_t size)
{
	struct record *rec = ctx;
	uint32_t begin = (uint32_t)off, end = begin + size;
	const struct field *first = NULL;
	unsigned touched = 0;
	bool inside = false;
	for (size_t i = 0; i < rec->n; i++) {
		const struct field *f = &rec->fields[i];
		if (begin >= f->off + f->size || end <= f->off)
			continue;
		first = first ? first : f;
		touched++;
		inside |= begin >= f->off && (end <= f->off + f->size || i >= rec->common);
	}
	if ((touched == 1 && inside) || (!touched && begin >= rec->end))
		return true;
	rec->bad = true;
	rec->wrong = first;
	rec->off = off;
	rec->size = size;
	return false;
}

static bool found(void *ctx, int32_t off, uint32_t size)
{
	(void)off, (void)size;
	*(bool *)ctx = true;
	return false;
}

static void say_record(
	const struct remarks *r, const struct plan_prog *prog, const struct record *rec)
{
	char here[96] = "nothing";
	if (rec->wrong)
		snprintf(here, sizeof here, "'%s' (%" PRIu32 " bytes at %" PRIu32 ")",
			rec->wrong->name, rec->wrong->size, rec->wrong->off);
	say(r,
		"program '%s' (%s) reads %" PRIu32 " bytes at %" PRId32
		" of the record, where this kernel has %s: it was compiled for another layout, and "
		"gets wrong values; take the structure from vmlinux.h (CO-RE)",
		prog->name, prog->sec, rec->size, rec->off, here);
}

static void remark_record(const struct remarks *r, const struct plan_prog *prog)
{
	char path[160];
	struct arena scratch = {0};
	const struct plan_blob *code = code_of(r->x->plan, prog);
	const char *target = strchr(prog->sec, '/');
	bool reads = false;
	ctxuse_each(code->bytes, code->size / 8, r->x->plan->big, found, &reads);
	if (!reads || !target)
		return;
	struct record *rec = arena_alloc(&scratch, sizeof *rec);
	char *text = arena_alloc(&scratch, FORMAT_MAX);
	snprintf(path, sizeof path, "events%s/format", target);
	if (rec && text && kfs_read_text(r->x->kfs, KFS_TRACE, path, text, FORMAT_MAX) > 0) {
		read_format(rec, text);
		ctxuse_each(code->bytes, code->size / 8, r->x->plan->big, check_load, rec);
		if (rec->bad)
			say_record(r, prog, rec);
	}
	arena_free(&scratch);
}

void remarks_make(const struct exec *x, remark_fn fn, void *ctx)
{
	const struct remarks r = {x, fn, ctx};
	remark_maps(&r);
	remark_tail_calls(&r);
	remark_formats(&r);
	for (size_t i = 0; i < x->plan->n_progs; i++)
		if (x->plan->progs[i].prog_type == BPF_PROG_TYPE_TRACEPOINT)
			remark_record(&r, &x->plan->progs[i]);
}

/* ---- programs that never run ---- */

static int count_runs(const struct exec *x)
{
	uint32_t type = BPF_STATS_RUN_TIME;
	return (int)sys_bpf(x->watch, BPF_ENABLE_STATS, &type, sizeof type);
}

/* A number that the kernel knows of a program; false when it doesn't say. */
static bool ask_of(
	const struct exec *x, const struct plan_prog *prog, const char *field, uint64_t *number)
{
	uint8_t info[256] = {0};
	struct abi_field f;
	uint32_t n = sizeof info;
	if (!abi_field_by_name(ABI_PROG_INFO, field, &f) ||
		sys_info(x->watch, exec_fd(x, prog->slot), info, &n) < 0 ||
		n < (uint32_t)f.offset + f.size)
		return false;
	*number = abi_get(&f, info, n);
	return true;
}

/* The kernel counts them without being asked to (5.12). */
void remarks_end(const struct exec *x, remark_fn fn, void *ctx)
{
	const struct remarks r = {x, fn, ctx};
	for (size_t i = 0; i < x->plan->n_progs; i++) {
		const struct plan_prog *prog = &x->plan->progs[i];
		uint64_t misses;
		if (exec_fd(x, prog->slot) >= 0 && ask_of(x, prog, "recursion_misses", &misses) &&
			misses)
			say(&r,
				"program '%s' was left out %" PRIu64
				" times: it was running on that processor already",
				prog->name, misses);
	}
}

/* By its own hook, whenever something happens there. */
static bool runs_by_itself(const struct exec *x, const struct plan_prog *prog)
{
	return prog->link != PLAN_NONE && x->slots[prog->link].filled &&
	       prog->attach_type != BPF_TRACE_ITER;
}

/* "sys_enter_open" of "tp/syscalls/sys_enter_open": "open"; NULL when it is no system call. */
static const char *syscall_of(const char *sec)
{
	static const char *const words[] = {"/sys_enter_", "/sys_exit_", "ksyscall/",
		"kretsyscall/", "kprobe/sys_", "kretprobe/sys_"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *found = strstr(sec, words[i]);
		if (found)
			return found + strlen(words[i]);
	}
	return NULL;
}

static void remark_silent(const struct remarks *r, const struct plan_prog *prog, unsigned seconds)
{
	char instead[128] = "";
	const char *why = NULL, *call = syscall_of(prog->sec);
	const char *today = call ? syscall_alias(call, &why) : NULL;
	if (today)
		snprintf(instead, sizeof instead, "; try SEC(\"%.*s%s\")", (int)(call - prog->sec),
			prog->sec, today);
	say(r, "program '%s' (%s) is attached, and has not run in the last %u s%s%s%s", prog->name,
		prog->sec, seconds, why ? ": " : "", why ? why : "", instead);
}

static void remark_runs(const struct silence *s, unsigned seconds)
{
	const struct remarks r = {s->x, s->fn, s->ctx};
	const struct plan *p = s->x->plan;
	unsigned told = 0, more = 0;
	uint64_t runs;
	for (size_t i = 0; i < p->n_progs; i++) {
		if (!runs_by_itself(s->x, &p->progs[i]) ||
			!ask_of(s->x, &p->progs[i], "run_cnt", &runs) || runs)
			continue;
		if (told < PROGS_TOLD)
			remark_silent(&r, &p->progs[i], seconds);
		else
			more++;
		told++;
	}
	if (more)
		say(&r, "%u more programs have not run either", more);
}

/* Is there anything that comes by itself? */
static bool shows_events(const struct plan *p)
{
	for (size_t i = 0; i < p->n_maps; i++)
		if (p->maps[i].map_type == BPF_MAP_TYPE_RINGBUF ||
			p->maps[i].map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			return true;
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].prints)
			return true;
	return false;
}

struct silence silence_begin(const struct exec *x, remark_fn fn, void *ctx)
{
	return (struct silence){.x = x, .fn = fn, .ctx = ctx, .stats_fd = -1};
}

/* The counting is over. */
static void conclude(struct silence *s, uint64_t events)
{
	unsigned ms = (unsigned)((sys_now_ns() - s->since_ns) / 1000000);
	s->over = true;
	if (ms < COUNT_MIN_MS)
		; /* too short to say anything */
	else if (s->stats_fd >= 0)
		remark_runs(s, ms / 1000);
	else if (!events && shows_events(s->x->plan))
		say(&(struct remarks){s->x, s->fn, s->ctx},
			"nothing has come in the last %u s; whether the programs run at all can't "
			"be "
			"seen here (BPF_ENABLE_STATS: Linux 5.8, CAP_SYS_ADMIN)",
			ms / 1000);
	if (s->stats_fd >= 0)
		close(s->stats_fd);
	s->stats_fd = -1;
}

uint32_t silence_tick(struct silence *s, uint64_t events, bool end)
{
	if (s->over)
		return 0;
	if (s->started) {
		conclude(s, events);
		return 0;
	}
	if (end)
		s->over = true;
	else if (s->waited) {
		s->started = true;
		s->since_ns = sys_now_ns();
		s->stats_fd = count_runs(s->x);
		return COUNT_MS;
	}
	s->waited = true;
	return end ? 0 : QUIET_MS;
}
