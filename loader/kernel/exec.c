/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "exec_impl.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

enum { AGAIN_TRIES = 5, UNDO_TRIES = 3 };

/* ---- applying patches ---- */

static bool patch_ready(const struct exec *x, const struct plan_blob *blob)
{
	for (size_t i = 0; i < blob->n_patches; i++) {
		const struct plan_patch *patch = &blob->patches[i];
		if (patch->what == PATCH_BLOB ? !patch_ready(x, &x->plan->blobs[patch->index])
					      : !x->slots[patch->index].filled)
			return false;
	}
	return true;
}

/* Whether all slots that the step depends on are filled. */
static bool step_ready(const struct exec *x, const struct plan_step *s)
{
	for (int i = 0; i < PLAN_ARGS; i++) {
		const struct plan_arg *arg = &s->args[i];
		if (arg->slot != PLAN_NONE && !x->slots[arg->slot].filled)
			return false;
		if (arg->blob != PLAN_NONE && !patch_ready(x, &x->plan->blobs[arg->blob]))
			return false;
	}
	return s->attr == PLAN_NONE || patch_ready(x, &x->plan->blobs[s->attr]);
}

static uint8_t *blob_bytes(struct exec *x, uint16_t index)
{
	struct plan_blob *blob = &x->plan->blobs[index];
	if (blob->bytes)
		return blob->bytes;
	if (!x->outputs[index]) {
		int error;
		x->outputs[index] = x->calls->mmap(
			NULL, blob->size, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, &error);
	}
	return x->outputs[index];
}

static void put_digits(uint8_t *p, unsigned n, uint64_t value)
{
	for (; n; n--, value >>= 4)
		p[n - 1] = (uint8_t) "0123456789abcdef"[value & 15];
}

static uint8_t *fill_blob(struct exec *x, uint16_t index)
{
	struct plan_blob *blob = &x->plan->blobs[index];
	for (size_t i = 0; i < blob->n_patches; i++) {
		const struct plan_patch *patch = &blob->patches[i];
		uint64_t value = patch->what == PATCH_BLOB
		                         ? sys_ptr(fill_blob(x, patch->index)) + patch->add
		                         : (uint64_t)x->slots[patch->index].value;
		if (patch->what == PATCH_HIGH)
			value >>= 32;
		if (patch->what == PATCH_HEX)
			put_digits(blob->bytes + patch->at, patch->size, value);
		else
			bytes_put(blob->bytes + patch->at, patch->size, host_is_big(), value);
	}
	return blob_bytes(x, index);
}

const uint8_t *exec_attr(struct exec *x, const struct plan_step *s)
{
	return step_ready(x, s) ? fill_blob(x, (uint16_t)s->attr) : NULL;
}

static long arg_value(struct exec *x, const struct plan_arg *arg)
{
	if (arg->blob != PLAN_NONE)
		return (long)(intptr_t)fill_blob(x, (uint16_t)arg->blob);
	return (long)(arg->slot != PLAN_NONE ? x->slots[arg->slot].value : arg->value);
}

static void free_outputs(struct exec *x)
{
	for (size_t i = 0; i < x->plan->n_blobs; i++)
		if (x->outputs[i]) {
			x->calls->munmap(x->outputs[i], x->plan->blobs[i].size);
			x->outputs[i] = NULL;
		}
}

/* ---- one step ---- */

static int64_t call(struct exec *x, const struct plan_step *s)
{
	struct step_call c = {.step = s};
	if (s->attr != PLAN_NONE) {
		c.attr = fill_blob(x, (uint16_t)s->attr);
		c.attr_size = x->plan->blobs[s->attr].size;
	}
	for (int i = 0; i < PLAN_ARGS; i++)
		c.args[i] = arg_value(x, &s->args[i]);
	return exec_ops[s->op](x, &c);
}

static bool raise_memlock(struct exec *x)
{
	bool raised = !x->memlock_raised && !x->calls->unlimit_memlock();
	x->memlock_raised = true;
	return raised;
}

static int64_t call_with_retries(struct exec *x, const struct plan_step *s)
{
	int64_t r = call(x, s);
	/* The verifier returns EAGAIN when a signal is pending. */
	for (int tries = 1; r == -EAGAIN && tries < AGAIN_TRIES; tries++)
		r = call(x, s);
	if (r == -EPERM && s->flags & STEP_MEMLOCK && raise_memlock(x))
		r = call(x, s);
	return r;
}

static bool errs_have(const struct plan_step *s, int outcome)
{
	for (int i = 0; i < PLAN_ERRS && s->errs[i]; i++)
		if (outcome == OUTCOME_SKIPPED ? s->errs[i] == ERRS_SKIPPED
					       : s->errs[i] == ERRS_ANY || s->errs[i] == outcome)
			return true;
	return false;
}

static bool step_is_due(const struct exec *x, const struct plan_step *s)
{
	if (plan_step_writes_zero(x->plan, s))
		return false;
	if (s->slot != PLAN_NONE && x->slots[s->slot].filled)
		return false;
	if (s->fallback_for == PLAN_NONE)
		return true;
	int outcome = x->outcomes[s->fallback_for];
	return outcome != OUTCOME_OK && errs_have(s, outcome);
}

/* Whether a later step is a fallback for step i with its outcome, or for a step that i is a fallback
 * for. */
static bool has_fallback(const struct exec *x, size_t i)
{
	const struct plan_step *steps = x->plan->steps;
	for (int failed = (int)i; failed != PLAN_NONE; failed = steps[failed].fallback_for)
		for (size_t k = i + 1; k < x->plan->n_steps; k++)
			if (steps[k].fallback_for == failed &&
				errs_have(&steps[k], x->outcomes[failed]) &&
				step_ready(x, &steps[k]))
				return true;
	return false;
}

static bool is_tolerated(const struct plan_step *s, int no)
{
	for (int i = 0; i < PLAN_ERRS && s->tolerated[i]; i++)
		if (s->tolerated[i] == ERRS_ANY || s->tolerated[i] == no)
			return true;
	return false;
}

static const char *keep_log(struct exec *x, const struct plan_step *s)
{
	const struct plan_blob *attr = &x->plan->blobs[s->attr];
	for (size_t i = 0; i < attr->n_patches && s->flags & STEP_LOG; i++) {
		uint16_t blob = attr->patches[i].index;
		if (attr->patches[i].what == PATCH_BLOB && x->outputs[blob])
			return arena_strndup(
				x->arena, x->outputs[blob], x->plan->blobs[blob].size - 1);
	}
	return NULL;
}

static bool confirmed(
	const struct exec *x, size_t i, const struct exec_report *report, struct err *e)
{
	const struct plan_step *s = &x->plan->steps[i];
	if (!(s->flags & STEP_CONFIRM) || !report || !report->confirm ||
		report->confirm(report->ctx, x, i))
		return true;
	err_set(e, "%s: attach: %s", s->who, s->note);
	return err_hint(e, "%s", s->hint);
}

static bool plain_error(const struct exec *x, size_t i, struct err *e)
{
	const struct plan_step *s = &x->plan->steps[i];
	return err_sys(e, x->outcomes[i], "%s: %s", s->who, s->doing);
}

static bool run_step(
	struct exec *x, size_t i, const struct exec_report *report, const char **log, struct err *e)
{
	const struct plan_step *s = &x->plan->steps[i];
	x->outcomes[i] = OUTCOME_SKIPPED;
	if (s->undoes != PLAN_NONE || !step_is_due(x, s) || !step_ready(x, s))
		return true;
	int64_t r = call_with_retries(x, s);
	bool refused = r < 0 && r >= -ERRNO_MAX; /* kernel addresses are also negative */
	x->outcomes[i] = refused ? (int)-r : OUTCOME_OK;
	if (report && report->step)
		report->step(report->ctx, x, i, (long)r);
	if (!refused) {
		if (s->slot != PLAN_NONE)
			x->slots[s->slot] =
				(struct exec_slot){true, plan_step_has_result(x->plan, s) ? r : -1};
		return confirmed(x, i, report, e);
	}
	if (s->flags & STEP_LOG)
		*log = keep_log(x, s);
	free_outputs(x);
	/* A log says that the verifier has seen the program: no other form of the call helps. */
	bool verified = s->flags & STEP_LOG && *log && **log;
	if (!verified && (has_fallback(x, i) || is_tolerated(s, x->outcomes[i])))
		return true;
	return report && report->explain ? report->explain(x, i, *log, e) : plain_error(x, i, e);
}

/* ---- the plan ---- */

static bool go_on(const struct exec *x, size_t i, const struct exec_report *report, struct err *e)
{
	return !report || !report->go_on || report->go_on(report->ctx, x->plan, i) ||
	       err_set(e, "interrupted by a signal: everything was undone");
}

bool exec_run(struct exec *x, struct plan *p, struct arena *a, struct kfs *k,
	const struct sys_watch *watch, const struct exec_report *report, const char **log,
	struct err *e)
{
	const struct exec_calls *calls = report && report->calls ? report->calls : &exec_kernel;
	struct machine m;
	*log = NULL;
	*x = (struct exec){0};
	if (!calls->machine_facts(&m, plan_fit_needs(p), k, a, e) || !plan_fit(p, &m, e))
		return err_where(e, "%s", p->path);
	*x = (struct exec){.plan = p,
		.arena = a,
		.kfs = k,
		.watch = watch,
		.calls = calls,
		.started_ns = calls->now_ns(),
		.slots = arena_array(a, p->n_slots, sizeof *x->slots),
		.outcomes = arena_array(a, p->n_steps, sizeof *x->outcomes),
		.outputs = arena_array(a, p->n_blobs, sizeof *x->outputs)};
	for (size_t i = 0; i < p->n_steps && x->outcomes; i++)
		x->outcomes[i] = OUTCOME_SKIPPED;
	if (!x->slots || !x->outcomes || !x->outputs) {
		err_nomem(e);
		return err_where(e, "%s", p->path);
	}
	if (p->big != host_is_big()) {
		err_set(e, "%s: made for a %s-endian kernel, but this one is %s-endian", p->path,
			p->big ? "big" : "little", p->big ? "little" : "big");
		return err_hint(e, "compile the object with -target bpf%s", p->big ? "el" : "eb");
	}
	for (size_t i = 0; i < p->n_steps; i++)
		if (!go_on(x, i, report, e) || !run_step(x, i, report, log, e)) {
			x->failed = true;
			exec_close(x, e);
			return err_where(e, "%s", p->path);
		}
	return true;
}

int exec_fd(const struct exec *x, int16_t slot)
{
	bool there = slot != PLAN_NONE && x->slots[slot].filled;
	return there ? (int)x->slots[slot].value : -1;
}

int exec_prog_fd(const struct exec *x, const struct plan_prog *prog)
{
	const struct plan *p = x->plan;
	int16_t slot = prog->slot;
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].op == STEP_BPF && p->steps[i].cmd == BPF_PROG_LOAD &&
			p->steps[i].prog == prog - p->progs && x->outcomes[i] == OUTCOME_OK)
			slot = p->steps[i].slot;
	return exec_fd(x, slot);
}

/* Whether the failure to undo a step says that somebody else has done it. */
static bool is_gone(int64_t r)
{
	static const int errors[] = {ENOENT, ENODEV, ENXIO, ESRCH, EINVAL};
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (r == -errors[i])
			return true;
	return false;
}

/* Runs a step that undoes another, if it is due; again if it fails, because what it should remove
 * stays otherwise. Returns 0 or its errno. */
static int undo(struct exec *x, const struct plan_step *s)
{
	bool due = s->undoes != PLAN_NONE && x->outcomes[s->undoes] == OUTCOME_OK &&
	           (x->failed || !(s->flags & STEP_ON_FAILURE));
	int64_t r = 0;
	for (int tries = 0; due && step_ready(x, s) && tries < UNDO_TRIES; tries++) {
		r = call(x, s);
		if (r >= 0)
			return 0;
	}
	return is_gone(r) ? 0 : (int)-r;
}

/* Closes the result of step i. */
static void close_result(struct exec *x, size_t i)
{
	int16_t slot = x->plan->steps[i].slot;
	if (x->outcomes[i] != OUTCOME_OK || slot == PLAN_NONE || !x->slots[slot].filled ||
		x->plan->slots[slot].kind == SLOT_NUMBER)
		return;
	if (x->slots[slot].value >= 0)
		x->calls->close((int)x->slots[slot].value);
	x->slots[slot].filled = false;
}

/* ---- CPUs that come and go ---- */

bool exec_follows_cpus(const struct exec *x)
{
	for (size_t i = 0; i < x->plan->n_steps; i++)
		if (x->plan->steps[i].flags & STEP_ONE_CPU)
			return true;
	return false;
}

/* Whether step i is the first of those for a CPU. */
static bool begins_cpu(const struct plan_step *s)
{
	return s->flags & STEP_ONE_CPU && s->op == STEP_PERF_OPEN && s->fallback_for == PLAN_NONE;
}

bool exec_cpu(struct exec *x, unsigned cpu, bool online, struct err *e)
{
	const struct plan *p = x->plan;
	const char *log = NULL;
	for (size_t i = 0, end; i < p->n_steps; i = end) {
		const struct plan_step *s = &p->steps[i];
		for (end = i + 1; begins_cpu(s) && end < p->n_steps &&
				  p->steps[end].flags & STEP_ONE_CPU &&
				  !begins_cpu(&p->steps[end]);)
			end++;
		if (!begins_cpu(s) || s->args[1].value != (int64_t)cpu)
			continue;
		for (size_t k = end; k-- > i;)
			close_result(x, k);
		for (size_t k = i; k < end && online; k++)
			if (!run_step(x, k, NULL, &log, e))
				return false;
	}
	return true;
}

/* In reverse order, because undoing a step may require that results of later steps are closed (a
 * probe cannot be removed while its event is open). */
bool exec_close(struct exec *x, struct err *e)
{
	bool left = false;
	if (!x->plan || !x->slots || !x->outcomes || !x->outputs)
		return true;
	/* A signal must neither end the process half-way nor fail a call with EINTR. */
	sigset_t all, before;
	sigfillset(&all);
	x->calls->sigprocmask(SIG_BLOCK, &all, &before);
	for (size_t i = x->plan->n_steps; i-- > 0;) {
		const struct plan_step *s = &x->plan->steps[i];
		int error = undo(x, s);
		if (error && !left)
			err_also(e, error, "%s: %s", s->who, s->doing);
		left |= error != 0;
		close_result(x, i);
		x->outcomes[i] = OUTCOME_SKIPPED;
	}
	free_outputs(x);
	x->calls->sigprocmask(SIG_SETMASK, &before, NULL);
	for (size_t i = 0; i < x->plan->n_slots; i++)
		x->slots[i].filled = false;
	return !left || err_hint(e, "it stays attached; sonde detach removes what no process owns");
}
