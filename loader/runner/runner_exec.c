/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Executes plans as loader/kernel/exec.c does; plan.h has the rules. */
#include "runner.h"

#include "elf/base/err.h"
#include "loader/plan/abi.h"
#include "loader/plan/kernel_fs.h"
#include "loader/plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

enum {
	AGAIN_TRIES = 5,
	UNDO_TRIES = 3,
	LOG_LINES = 12,
	SKIPPED = -1,
	NUMBER_ROOM = 32,
	LIST_ROOM = 4096
};

static const void *at(const struct run *x, uint32_t offset)
{
	return x->base + offset;
}

/* ---- messages ---- */

const char *run_errno(const struct run *x, unsigned no)
{
	const struct packed_errno *list = at(x, x->head->errnos);
	for (uint32_t i = 0; i < x->head->n_errnos; i++)
		if (list[i].no == no)
			return run_text(x, list[i].text);
	return "";
}

static void say_errno(struct run *x, int no)
{
	const char *name = run_errno(x, (unsigned)no), *text = name + strlen(name) + 1;
	out_text(x->messages, ": ");
	if (!*name) {
		out_text(x->messages, "errno ");
		out_number(x->messages, (unsigned)no, 10, 1);
		return;
	}
	out_text(x->messages, name);
	if (*text) {
		out_text(x->messages, ": ");
		out_text(x->messages, text);
	}
}

static void say_line(struct run *x, const char *label, const char *text)
{
	out_text(x->messages, label);
	out_text(x->messages, ": ");
	out_text(x->messages, text);
}

void run_say(struct run *x, const char *what, int no)
{
	say_line(x, run_text(x, x->head->name), what);
	if (no)
		say_errno(x, no);
	out_text(x->messages, "\n");
	if (no == EPERM)
		out_text(x->messages, "hint: it requires root, or CAP_BPF and CAP_PERFMON\n");
	out_flush(x->messages);
}

static void say_step(struct run *x, const struct packed_step *s, int no)
{
	const struct packed_errno *hint = at(x, s->hints);
	while (s->hints && hint->text && hint->no != (unsigned)no)
		hint++;
	if (!s->hints || !hint->text) {
		run_say(x, run_text(x, s->what), no);
		return;
	}
	say_line(x, run_text(x, x->head->name), run_text(x, s->what));
	say_errno(x, no);
	out_text(x->messages, "\n");
	say_line(x, "hint", run_text(x, hint->text));
	out_text(x->messages, "\n");
	out_flush(x->messages);
}

/* The last lines of a verifier log. */
static void say_log(struct run *x, const char *log)
{
	const char *end = log + strlen(log), *p = end;
	for (int lines = 0; p > log && (p[-1] != '\n' || p == end || lines < LOG_LINES); p--)
		lines += p < end && p[-1] == '\n';
	out_text(x->messages, "end of the verifier log:\n");
	while (p < end) {
		const char *line = memchr(p, '\n', (size_t)(end - p));
		line = line ? line : end;
		out_text(x->messages, "  | ");
		out_clean(x->messages, p, (size_t)(line - p), 0);
		out_text(x->messages, "\n");
		p = line + 1;
	}
	out_flush(x->messages);
}

/* ---- patches ---- */

static int patches_ready(const struct run *x, uint16_t index)
{
	const struct packed_blob *b = &x->blobs[index];
	const struct packed_patch *patch = at(x, b->patches);
	for (uint16_t i = 0; i < b->n_patches; i++, patch++)
		if (patch->what == PATCH_BLOB ? !patches_ready(x, patch->index)
					      : !x->slots[patch->index].filled)
			return 0;
	return 1;
}

static int step_ready(const struct run *x, const struct packed_step *s)
{
	const struct packed_arg *arg = at(x, s->args);
	for (int i = 0; i < s->n_args; i++, arg++)
		if ((arg->slot != PACKED_NONE && !x->slots[arg->slot].filled) ||
			(arg->blob != PACKED_NONE && !patches_ready(x, arg->blob)))
			return 0;
	return s->attr == PACKED_NONE || patches_ready(x, s->attr);
}

/* The bytes of a blob that differs little from another one. */
static uint8_t *copy_blob(struct run *x, const struct packed_blob *b)
{
	long p = runner_map(b->size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p < 0 && p >= -4095)
		return NULL;
	if (b->at) {
		const uint8_t *from = at(x, b->at);
		memcpy((void *)p, at(x, x->blobs[b->base].at), b->size);
		for (uint16_t edit[2]; memcpy(edit, from, sizeof edit), edit[1]; from += edit[1]) {
			from += sizeof edit;
			memcpy((uint8_t *)p + edit[0], from, edit[1]);
		}
	}
	return (uint8_t *)p;
}

static uint8_t *blob_bytes(struct run *x, uint16_t index)
{
	const struct packed_blob *b = &x->blobs[index];
	if (b->at && b->base == PACKED_NONE)
		return x->base + b->at;
	if (!x->copies[index])
		x->copies[index] = copy_blob(x, b);
	return x->copies[index];
}

static uint8_t *fill_blob(struct run *x, uint16_t index)
{
	const struct packed_blob *b = &x->blobs[index];
	const struct packed_patch *patch = at(x, b->patches);
	uint8_t *bytes = blob_bytes(x, index);
	for (uint16_t i = 0; bytes && i < b->n_patches; i++, patch++) {
		uint64_t v = patch->what == PATCH_BLOB
		                     ? (uintptr_t)fill_blob(x, patch->index) + patch->add
		                     : (uint64_t)x->slots[patch->index].value;
		if (patch->what == PATCH_HIGH)
			v >>= 32;
		for (unsigned n = patch->size; n && patch->what == PATCH_HEX; n--, v >>= 4)
			bytes[patch->at + n - 1] = (uint8_t) "0123456789abcdef"[v & 15];
		if (patch->what != PATCH_HEX)
			bytes_put(bytes + patch->at, patch->size, host_is_big(), v);
	}
	return bytes;
}

/* ---- one step ---- */

uint32_t run_ring_size(const struct run *x, uint32_t entries)
{
	uint32_t size = x->page;
	while (size < entries && size < 1u << 31)
		size *= 2;
	return size;
}

/* The size of a ring buffer depends on the machine. */
static void fit_map(struct run *x, uint8_t *attr)
{
	uint32_t type = bytes_get32(attr + ATTR(map_type).at, host_is_big());
	uint8_t *entries = attr + ATTR(max_entries).at;
	if (type == BPF_MAP_TYPE_RINGBUF || type == BPF_MAP_TYPE_USER_RINGBUF)
		bytes_put(entries, 4, host_is_big(),
			run_ring_size(x, bytes_get32(entries, host_is_big())));
}

/* perf_event_open(): any CPU that is online. */
static long this_cpu(long cpu)
{
	unsigned here = 0;
	if (cpu == PLAN_CPU)
		SYS3(SYS_getcpu, &here, 0, 0);
	return cpu == PLAN_CPU ? (long)here : cpu;
}

static int64_t call(struct run *x, const struct packed_step *s)
{
	const struct packed_arg *arg = at(x, s->args);
	uint8_t *attr = s->attr == PACKED_NONE ? NULL : fill_blob(x, s->attr);
	int64_t a[PLAN_ARGS] = {0};
	for (int i = 0; i < s->n_args && i < PLAN_ARGS; i++, arg++)
		a[i] = arg->blob != PACKED_NONE   ? (intptr_t)fill_blob(x, arg->blob)
		       : arg->slot != PACKED_NONE ? x->slots[arg->slot].value
		                                  : arg->value;
	const char *text = (const char *)(intptr_t)a[0], *more = (const char *)(intptr_t)a[1];
	if (s->attr != PACKED_NONE && !attr)
		return -ENOMEM;
	switch (s->op) {
	case STEP_BPF:
		if (s->cmd == BPF_MAP_CREATE)
			fit_map(x, attr);
		return SYS3(SYS_bpf, s->cmd, attr, x->blobs[s->attr].size);
	case STEP_READ:
		return run_read_number(x, s->cmd, text);
	case STEP_EXPECT:
		return run_expect_words(x, s->cmd, text, more);
	case STEP_PERF_OPEN:
		return SYS(SYS_perf_event_open, attr, a[0], this_cpu((long)a[1]), a[2], a[3]);
	case STEP_IOCTL:
		return SYS3(SYS_ioctl, a[0], s->cmd, a[1]);
	case STEP_OPEN:
		return run_open_file(x, s->cmd, text, (long)a[1]);
	case STEP_APPEND:
		return run_append_line(x, s->cmd, text, more);
	case STEP_UNIQUE:
		return (int64_t)((runner_now(1) << 16 ^ (uint64_t)SYS3(SYS_getpid, 0, 0, 0)) &
				 INT64_MAX);
	default: /* the packer leaves out what has others */
		return -ENOSYS;
	}
}

static int raise_memlock(void)
{
	static const uint64_t all[] = {UINT64_MAX, UINT64_MAX};
	enum { MEMLOCK = 8 }; /* but on mips and sparc */
	return !SYS(SYS_prlimit64, 0, MEMLOCK, all, 0, 0);
}

static int64_t call_with_retries(struct run *x, const struct packed_step *s)
{
	int64_t r = call(x, s);
	/* The verifier returns EAGAIN when a signal is pending. */
	for (int tries = 1; r == -EAGAIN && tries < AGAIN_TRIES; tries++)
		r = call(x, s);
	/* Kernels before 5.11 charge maps to RLIMIT_MEMLOCK. */
	if (r == -EPERM && s->flags & STEP_MEMLOCK && raise_memlock())
		r = call(x, s);
	return r;
}

static int errs_have(const struct run *x, const struct packed_step *s, int outcome)
{
	const uint16_t *err = at(x, s->errs);
	for (; s->errs && *err; err++)
		if (outcome == SKIPPED ? *err == ERRS_SKIPPED : *err == ERRS_ANY || *err == outcome)
			return 1;
	return 0;
}

static int is_tolerated(const struct run *x, const struct packed_step *s, int no)
{
	const uint16_t *err = at(x, s->tolerated);
	for (; s->tolerated && *err; err++)
		if (*err == ERRS_ANY || *err == no)
			return 1;
	return 0;
}

static int step_is_due(const struct run *x, const struct packed_step *s)
{
	if (s->flags & STEP_UNLESS_ZERO || s->undoes != PACKED_NONE ||
		(s->slot != PACKED_NONE && x->slots[s->slot].filled))
		return 0;
	if (s->fallback_for == PACKED_NONE)
		return 1;
	int outcome = x->outcomes[s->fallback_for];
	return outcome && errs_have(x, s, outcome);
}

static int has_fallback(const struct run *x, unsigned i)
{
	for (unsigned failed = i; failed != PACKED_NONE; failed = x->steps[failed].fallback_for)
		for (unsigned k = i + 1; k < x->plan->n_steps; k++)
			if (x->steps[k].fallback_for == failed &&
				errs_have(x, &x->steps[k], x->outcomes[failed]) &&
				step_ready(x, &x->steps[k]))
				return 1;
	return 0;
}

/* The log that a step has asked for, or NULL. */
static const char *log_of(const struct run *x, const struct packed_step *s)
{
	if (!(s->flags & STEP_LOG))
		return NULL;
	const struct packed_blob *attr = &x->blobs[s->attr];
	const struct packed_patch *patch = at(x, attr->patches);
	for (uint16_t i = 0; i < attr->n_patches; i++, patch++)
		if (patch->what == PATCH_BLOB && !x->blobs[patch->index].at)
			return (const char *)x->copies[patch->index];
	return NULL;
}

static int run_step(struct run *x, unsigned i)
{
	const struct packed_step *s = &x->steps[i];
	if (!step_is_due(x, s) || !step_ready(x, s))
		return 0;
	int64_t r = call_with_retries(x, s);
	int refused = r < 0 && r >= -ERRNO_MAX; /* kernel addresses are also negative */
	x->outcomes[i] = (int16_t)(refused ? -r : 0);
	if (!refused) {
		if (s->slot != PACKED_NONE)
			x->slots[s->slot] = (struct runner_slot){s->has_result ? r : -1, 1};
		if (s->note) {
			say_line(x, "note", run_text(x, s->note));
			out_text(x->messages, "\n");
		}
		return 0;
	}
	const char *log = log_of(x, s);
	/* A log says that the verifier has seen the program: no other form of the call helps. */
	int verified = log && *log;
	if (!verified && (has_fallback(x, i) || is_tolerated(x, s, (int)-r)))
		return 0;
	say_step(x, s, (int)-r);
	if (verified)
		say_log(x, log);
	return 1;
}

/* ---- the plan ---- */

int run_interrupted(const struct run *x)
{
	struct {
		int fd;
		short events, revents;
	} poll = {x->signals, 1, 0};
	const struct runner_time none = {0, 0};
	return SYS(SYS_ppoll, &poll, 1, &none, 0, 8) > 0;
}

int run_plan(struct run *x)
{
	for (unsigned i = 0; i < x->plan->n_steps; i++)
		x->outcomes[i] = SKIPPED;
	for (unsigned i = 0; i < x->plan->n_steps; i++) {
		int interrupted = run_interrupted(x);
		if (interrupted)
			run_say(x, "interrupted by a signal: everything was undone", 0);
		if (interrupted || run_step(x, i)) {
			x->failed = 1;
			run_close(x);
			return 1;
		}
	}
	return 0;
}

/* Whether the failure to undo a step says that somebody else has done it. */
static int is_gone(int64_t r)
{
	return r == -ENOENT || r == -ENODEV || r == -ENXIO || r == -ESRCH || r == -EINVAL;
}

static int64_t undo(struct run *x, const struct packed_step *s)
{
	int due = s->undoes != PACKED_NONE && !x->outcomes[s->undoes] &&
	          (x->failed || !(s->flags & STEP_ON_FAILURE));
	int64_t r = 0;
	for (int tries = 0; due && step_ready(x, s) && tries < UNDO_TRIES; tries++) {
		r = call(x, s);
		if (r >= 0)
			return 0;
	}
	return is_gone(r) ? 0 : r;
}

/* In reverse order, because undoing a step may require that results of later steps are closed. */
int run_close(struct run *x)
{
	int left = 0;
	for (unsigned i = x->plan->n_steps; i-- > 0;) {
		const struct packed_step *s = &x->steps[i];
		int64_t r = undo(x, s);
		if (r && !left++)
			run_say(x, run_text(x, s->what), (int)-r);
		if (x->outcomes[i] || s->slot == PACKED_NONE || !x->slots[s->slot].filled ||
			!s->closes)
			continue;
		if (x->slots[s->slot].value >= 0)
			SYS3(SYS_close, x->slots[s->slot].value, 0, 0);
		x->slots[s->slot].filled = 0;
	}
	return left != 0;
}
